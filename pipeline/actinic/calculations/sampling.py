"""The stored calculation `sampling`: excitations of one molecule at geometries its vibrations lead to.

A band that symmetry or overlap forbids at the minimum (n-pi*) gets its intensity, and its width, from
vibrations: a nuclear ensemble (doi:10.1007/s00214-012-1237-4). Only those weak states are kept, the ones
below the first bright state of the minimum; a molecule without any costs one spectrum.
"""

from collections.abc import Iterator

import msgspec

from actinic.calculations.spectrum import Transition, permille
from actinic.calculations.thermal import IMAGINARY_CM
from actinic.calculations.weak_states import have_lone_pairs, n_weak
from actinic.chemistry.geometry import Geometry
from actinic.engines.dft import GroundState, ScfSettings, ground_state
from actinic.engines.hessian import hessian_hartree_bohr2, vibrations
from actinic.engines.response import ResponseSettings, Roots, singlet_roots
from actinic.engines.response_character import atomic_shares
from actinic.engines.tight_binding import Theory, single_point
from actinic.engines.wigner import Displaced, Draw, wigner_geometries
from actinic.errors import ConvergenceError, EngineError, InputError
from actinic.level import Level
from actinic.units import HARTREE_KCAL_MOL

VERSION = 2

ANHARMONIC_SHARE = 0.5
"""A geometry is refused where its energy is off the harmonic one by more than this share of it.

Modes move atoms along straight lines: where that runs them into each other or out of their valley the
harmonic width means nothing."""

MAX_LOST_SHARE = 0.25
"""With more geometries than this refused or failed, what is left is no ensemble."""


class SamplingRequest(msgspec.Struct, frozen=True, tag="sampling"):
    """Everything the result depends on.

    Attributes:
        geometry: A minimum of `surface`, as `thermal` leaves it.
        charge: Total charge in e.
        multiplicity: 2S + 1; only 1 is supported.
        surface: Tight-binding level of the vibrations.
        surface_program: `tblite` or `xtb-python`.
        n_geometries: Geometries drawn.
        temperature_k: Of the vibrations.
        lowest_cm: Softer modes are not displaced.
        level: Functional, basis, solvent of the excitations.
        scf: Numerical settings of the ground states.
        response: Numerical settings of the roots; `cover_ev` is how far weak states are looked for.
        program: The program that computes excitations, `pyscf`.
    """

    geometry: Geometry
    charge: int
    multiplicity: int
    surface: Level
    surface_program: str
    n_geometries: int
    temperature_k: float
    lowest_cm: float
    level: Level
    scf: ScfSettings
    response: ResponseSettings
    program: str


class SamplingResult(msgspec.Struct, frozen=True, tag="sampling"):
    """The weak states of the minimum and of the ensemble.

    Attributes:
        minimum: The weak states of the minimum: those below its first bright state; ascending.
        bright_ev: Where that bright state lies; None when the roots reach none.
        geometries: For each geometry kept its lowest excitations, as many as `minimum` has, fewer where some
            lie above `covered_ev`. Empty when there are no weak states.
        covered_ev: Up to this raw energy the weak states of every geometry are complete.
        n_modes_left_out: Soft modes that were not displaced.
        n_refused: Geometries outside the harmonic valley.
        n_failed: Geometries whose ground state or roots did not converge.
    """

    minimum: tuple[Transition, ...]
    bright_ev: float | None
    geometries: tuple[tuple[Transition, ...], ...]
    covered_ev: float
    n_modes_left_out: int
    n_refused: int
    n_failed: int


def compute(request: SamplingRequest, seed: int) -> SamplingResult:
    """Find the weak states of the minimum, draw geometries, and follow them there.

    Args:
        request: What to compute.
        seed: Of the draws.

    Raises:
        InputError: The geometry is no minimum, or a name, an element or a number makes no sense.
        ConvergenceError: The minimum does not converge, or too many geometries do not.
        ResourceError: The molecule does not fit the memory budget of the settings.
        EngineError: A result of the minimum lies outside what is physical.
    """
    theory = Theory(request.charge, request.multiplicity, request.surface, request.surface_program)
    ground, roots = _excited(request, request.geometry, request.response.cover_ev)
    covered_ev = min(roots.covered_ev, request.response.cover_ev)
    heavy = [index for index, symbol in enumerate(request.geometry.symbols) if symbol != "H"]
    holes, _ = atomic_shares(ground, roots.vectors)
    states = [
        Transition(root.energy_ev, root.oscillator_strength, permille(hole[heavy]))
        for root, hole in zip(roots.roots, holes, strict=True)
        if root.energy_ev <= covered_ev
    ]
    weak = n_weak(states, have_lone_pairs(request.geometry.symbols))
    bright_ev = states[weak].energy_ev if weak < len(states) else None
    minimum = _transitions(roots, weak, covered_ev)
    if not minimum:
        return SamplingResult((), bright_ev, (), covered_ev, 0, 0, 0)
    # Vibrations lower excitation energies on average: below the bright state few weak ones are missed.
    reach_ev = covered_ev if bright_ev is None else bright_ev
    drawn = _drawn(request, theory, seed)
    inside = tuple(_inside(request.geometry, drawn, theory))
    spectra = tuple(_spectra(request, inside, weak, reach_ev))
    _check_enough(request.n_geometries, n_inside=len(inside), n_computed=len(spectra))
    return SamplingResult(
        minimum=minimum,
        bright_ev=None if bright_ev is None else round(bright_ev, 6),
        geometries=spectra,
        covered_ev=round(reach_ev, 6),
        n_modes_left_out=drawn.n_modes_left_out,
        n_refused=request.n_geometries - len(inside),
        n_failed=len(inside) - len(spectra),
    )


def _drawn(request: SamplingRequest, theory: Theory, seed: int) -> Displaced:
    found = vibrations(request.geometry, hessian_hartree_bohr2(request.geometry, theory))
    if found.frequencies_cm.size and found.frequencies_cm[0] < -IMAGINARY_CM:
        raise InputError(
            f"not a minimum of {request.surface}: a mode of {found.frequencies_cm[0]:.0f} cm-1; "
            "optimise the geometry first"
        )
    draw = Draw(request.n_geometries, request.temperature_k, request.lowest_cm)
    return wigner_geometries(request.geometry, found, draw, seed)


def _inside(minimum: Geometry, drawn: Displaced, theory: Theory) -> Iterator[Geometry]:
    """The geometries whose energy is near the harmonic one."""
    lowest = single_point(minimum, theory).energy_hartree
    for geometry, harmonic in zip(drawn.geometries, drawn.harmonic_kcal_mol, strict=True):
        try:
            energy = (single_point(geometry, theory).energy_hartree - lowest) * HARTREE_KCAL_MOL
        except (ConvergenceError, EngineError):
            continue
        if abs(energy - harmonic) <= ANHARMONIC_SHARE * harmonic:
            yield geometry


def _spectra(
    request: SamplingRequest, geometries: tuple[Geometry, ...], n_lowest: int, reach_ev: float
) -> Iterator[tuple[Transition, ...]]:
    """The lowest excitations of those geometries that converge to something physical."""
    for geometry in geometries:
        try:
            yield _transitions(_excited(request, geometry, reach_ev)[1], n_lowest, reach_ev)
        except (ConvergenceError, EngineError):
            continue


def _excited(request: SamplingRequest, geometry: Geometry, cover_ev: float) -> tuple[GroundState, Roots]:
    ground = ground_state(
        geometry,
        charge=request.charge,
        multiplicity=request.multiplicity,
        level=request.level,
        settings=request.scf,
    )
    return ground, singlet_roots(ground, msgspec.structs.replace(request.response, cover_ev=cover_ev))


def _transitions(roots: Roots, n_lowest: int, covered_ev: float) -> tuple[Transition, ...]:
    return tuple(
        Transition(round(root.energy_ev, 6), round(root.oscillator_strength, 7))
        for root in roots.roots[:n_lowest]
        if root.energy_ev <= covered_ev
    )


def _check_enough(n_drawn: int, *, n_inside: int, n_computed: int) -> None:
    if n_drawn - n_computed > MAX_LOST_SHARE * n_drawn:
        raise ConvergenceError(
            f"of {n_drawn} sampled geometries {n_drawn - n_inside} lie outside the harmonic valley and "
            f"{n_inside - n_computed} did not converge: at most {MAX_LOST_SHARE:.0%} may be lost"
        )
