"""The stored calculation `path_saddle`: a transition state, its vibrations and both descents from it."""

from functools import partial

import msgspec
import numpy as np
from numpy.typing import NDArray

from actinic.calculations.path_checks import Check, mode_check, saddle_checks
from actinic.calculations.path_scan import Frame, Pair, frames_of
from actinic.calculations.thermal import ThermalResult
from actinic.chemistry.connectivity import change
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.rotations import symmetry_number
from actinic.chemistry.species import Species
from actinic.engines.calculator import distance_angstrom, force_ev_angstrom, stretch_direction
from actinic.engines.descent import Course, descent
from actinic.engines.hessian import hessian_hartree_bohr2, vibrations
from actinic.engines.optimisation import Stop
from actinic.engines.saddle import Saddle, overlap, probed, saddle_point
from actinic.engines.surface import SurfaceTheory, surface
from actinic.engines.tight_binding import Theory
from actinic.errors import InputError
from actinic.level import Level

VERSION = 1

_CONFIRMATIONS = 3
"""Further imaginary modes of a cheaper Hessian that the surface itself is asked about: at the transition
state of methyl azide GFN2 has one of -72 cm-1."""

_REFRESH = 5
_EVERY = 15
_STEPS_DOWN = 300
_DEAR_FMAX = 0.1
"""Force (eV/angstrom) at which a DFT descent ends: methyl azide gained nothing in ten more gradients."""

_APART_ANGSTROM = 0.5
"""Where gradients are dear, a bond that grew by this much since the transition state is taken for broken."""

Array = NDArray[np.float64]


class PathSaddleRequest(msgspec.Struct, frozen=True, tag="path_saddle"):
    """Everything the result depends on.

    Attributes:
        species: The reactant, whose bonds the descents are compared with.
        guess: Where to start.
        broken: Bonds that break.
        formed: Atoms that become bonded.
        theory: The surface.
        hessian: Tight-binding level of the second derivatives, of the same charge and multiplicity; where the
            surface is another, curvatures along reacting distances and imaginary mode come from the surface.
        hessian_program: `tblite` or `xtb-python`.
        fmax_ev_angstrom: Largest force on an atom at which the transition state counts as found.
        max_steps: Steps after which the search, and each descent, is given up.
    """

    species: Species
    guess: Geometry
    broken: tuple[Pair, ...]
    formed: tuple[Pair, ...]
    theory: SurfaceTheory
    hessian: Level
    hessian_program: str
    fmax_ev_angstrom: float
    max_steps: int

    @property
    def geometry(self) -> Geometry:
        """The guess."""
        return self.guess

    @property
    def charge(self) -> int:
        """Total charge in e."""
        return self.theory.charge

    @property
    def multiplicity(self) -> int:
        """2S + 1."""
        return self.theory.multiplicity

    @property
    def level(self) -> Level:
        """Level of the surface."""
        return self.theory.level

    @property
    def program(self) -> str:
        """Program of the surface."""
        return self.theory.program


class PathSaddleResult(msgspec.Struct, frozen=True, tag="path_saddle"):
    """A transition state, or something that is none: `checks` says which.

    Attributes:
        geometry: Where it is.
        energy_hartree: At the level of the surface.
        force_ev_angstrom: Largest force left on an atom.
        frequencies_cm: Unscaled harmonic wavenumbers, ascending, imaginary ones negative.
        rotational_constants_cm: Three descending, one of a linear molecule.
        symmetry_number: Rotations that interchange equal atoms.
        mass_dalton: Total mass.
        hessian_level: Level of the second derivatives.
        overlap: Share of the imaginary mode, 0 to 1, that changes the reacting distances.
        n_gradients: Gradients of the search, without those of Hessians and descents.
        backward: Down to the reactant's side, from next to the transition state on; the last frame is where
            the optimiser ended.
        forward: Down the other side.
        checks: What was asked of it when it was computed; `judged` is what counts.
    """

    geometry: Geometry
    energy_hartree: float
    force_ev_angstrom: float
    frequencies_cm: tuple[float, ...]
    rotational_constants_cm: tuple[float, ...]
    symmetry_number: int
    mass_dalton: float
    hessian_level: Level
    overlap: float
    n_gradients: int
    backward: tuple[Frame, ...]
    forward: tuple[Frame, ...]
    checks: tuple[Check, ...]

    @property
    def judged(self) -> tuple[Check, ...]:
        """The checks, the bound on the overlap as it is today: a bound is meaning, not a calculation."""
        mode = mode_check(self.overlap)
        return tuple(mode if check.name == mode.name else check for check in self.checks)

    @property
    def thermal(self) -> ThermalResult:
        """Its vibrations in the shape of a `thermal` result, for thermochemistry."""
        return ThermalResult(
            geometry=self.geometry,
            energy_hartree=self.energy_hartree,
            force_ev_angstrom=self.force_ev_angstrom,
            frequencies_cm=self.frequencies_cm,
            rotational_constants_cm=self.rotational_constants_cm,
            symmetry_number=self.symmetry_number,
            mass_dalton=self.mass_dalton,
            n_descents=0,
        )


def compute(request: PathSaddleRequest, seed: int) -> PathSaddleResult:
    """Search, differentiate, go down on both sides, and say what was found.

    Args:
        request: What to compute.
        seed: Unused: nothing here is drawn at random.

    Raises:
        InputError: A number of the request makes no sense, or a name, an element or the spin is unknown to
            the program.
        ConvergenceError: No saddle point within the steps allowed, or the surface failed on the way.
        EngineError: The program fails otherwise.
    """
    del seed
    if request.fmax_ev_angstrom <= 0 or request.max_steps < 1 or not (*request.broken, *request.formed):
        raise InputError(
            f"fmax_ev_angstrom {request.fmax_ev_angstrom}, max_steps {request.max_steps}, "
            f"{len(request.broken) + len(request.formed)} reacting pairs: expected more than 0, and 1 or more"
        )
    found = _searched(request)
    geometry = Geometry.from_angstrom(request.guess.symbols, found.positions_angstrom)
    seen = vibrations(geometry, _final_hessian(request, found, geometry))
    share = overlap(seen.modes[0], _directions(request, geometry.positions_angstrom))
    sides = _sides(request, geometry, seen.modes[0])
    return PathSaddleResult(
        geometry=geometry,
        energy_hartree=found.point.energy_hartree,
        force_ev_angstrom=round(force_ev_angstrom(found.point), 6),
        frequencies_cm=tuple(round(frequency, 3) for frequency in seen.frequencies_cm.tolist()),
        rotational_constants_cm=tuple(round(constant, 8) for constant in seen.rotational_constants_cm),
        symmetry_number=symmetry_number(geometry),
        mass_dalton=round(seen.mass_dalton, 6),
        hessian_level=request.hessian,
        overlap=round(share, 4),
        n_gradients=found.n_gradients,
        backward=sides[0],
        forward=sides[1],
        checks=saddle_checks(request.species, request.broken, (seen, share), sides),
    )


def _is_own_hessian(request: PathSaddleRequest) -> bool:
    return request.hessian == request.theory.level


def _searched(request: PathSaddleRequest) -> Saddle:
    return saddle_point(
        surface(request.guess.symbols, request.theory),
        request.guess.positions_angstrom,
        partial(_hessian, request),
        _directions(request, request.guess.positions_angstrom),
        refresh=_REFRESH if _is_own_hessian(request) else 0,
        stop=Stop(request.fmax_ev_angstrom, request.max_steps),
    )


def _hessian(request: PathSaddleRequest, positions_angstrom: Array) -> Array:
    theory = Theory(
        request.theory.charge, request.theory.multiplicity, request.hessian, request.hessian_program
    )
    geometry = Geometry.from_angstrom(request.guess.symbols, positions_angstrom)
    return hessian_hartree_bohr2(geometry, theory)


def _final_hessian(request: PathSaddleRequest, found: Saddle, geometry: Geometry) -> Array:
    """That of the level of the Hessian; of another surface, with its own curvature where it matters."""
    positions = geometry.positions_angstrom
    hessian = _hessian(request, positions)
    if _is_own_hessian(request):
        return hessian
    columns = [direction.ravel() for direction in (*_directions(request, positions), found.mode)]
    span = np.linalg.qr(np.array(columns).T)[0]
    engine = surface(geometry.symbols, request.theory)
    point = engine(positions)
    hessian, _ = probed(engine, positions, point, hessian, span)
    for _ in range(_CONFIRMATIONS):
        seen = vibrations(geometry, hessian)
        doubtful = seen.modes[1:][seen.frequencies_cm[1:] < 0]
        if not len(doubtful):
            break
        column = (doubtful[0] / np.linalg.norm(doubtful[0])).reshape(-1, 1)
        hessian, _ = probed(engine, positions, point, hessian, column)
    return hessian


def _directions(request: PathSaddleRequest, positions: Array) -> list[Array]:
    return [stretch_direction(positions, pair) for pair in (*request.broken, *request.formed)]


def _sides(
    request: PathSaddleRequest, geometry: Geometry, mode: Array
) -> tuple[tuple[Frame, ...], tuple[Frame, ...]]:
    """Both descents, that to the reactant first; where neither or both end there, its bonds decide."""
    is_cheap = request.theory.level.is_tight_binding
    fmax_ev_angstrom = request.fmax_ev_angstrom if is_cheap else max(request.fmax_ev_angstrom, _DEAR_FMAX)
    lengths = _lengths_angstrom(request.broken, geometry.positions_angstrom)

    def is_decided(positions: Array) -> bool:
        grown = _lengths_angstrom(request.broken, positions) - lengths
        return not is_cheap and grown.size > 0 and float(grown.max()) > _APART_ANGSTROM

    course = Course(
        n_steps=_STEPS_DOWN if is_cheap else 0,
        every=_EVERY,
        stop=Stop(fmax_ev_angstrom, request.max_steps),
        is_decided=is_decided,
    )
    ends = [
        frames_of(descent(surface(geometry.symbols, request.theory), geometry, sign * mode, course))
        for sign in (1.0, -1.0)
    ]

    def distance(frames: tuple[Frame, ...]) -> tuple[bool, float]:
        last = frames[-1].geometry
        positions = last.positions_angstrom
        stretched = _lengths_angstrom(request.broken, positions).sum()
        closed = _lengths_angstrom(request.formed, positions).sum()
        return not change(request.species, last).is_kept, float(stretched - closed)

    first, second = sorted(ends, key=distance)
    return first, second


def _lengths_angstrom(pairs: tuple[Pair, ...], positions: Array) -> Array:
    return np.array([distance_angstrom(positions, pair) for pair in pairs])
