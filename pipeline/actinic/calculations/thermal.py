"""The stored calculation `thermal`: the vibrations of one geometry at a GFN level.

At any temperature `analysis.thermochemistry` makes zero-point energy, enthalpy and entropy of them.
"""

from dataclasses import dataclass

import msgspec
import numpy as np

from actinic.chemistry.geometry import Geometry
from actinic.chemistry.rotations import symmetry_number
from actinic.engines.hessian import Vibrations, hessian_hartree_bohr2, vibrations
from actinic.engines.optimisation import Stop, optimise
from actinic.engines.tight_binding import Theory, single_point
from actinic.errors import ConvergenceError, InputError
from actinic.level import Level
from actinic.units import BOHR_ANGSTROM, HARTREE_EV

VERSION = 1

IMAGINARY_CM = 30.0
"""A larger imaginary mode makes a saddle point, which is left along it; a smaller one is a flat torsion.

Of ten species one ended with a mode of -11; two (-92 and -357) went on downhill, by up to 3.5 kcal/mol."""

MAX_DESCENTS = 3
"""Saddle points left on the way to a minimum."""

_PUSH_ANGSTROM = 0.2


class ThermalRequest(msgspec.Struct, frozen=True, tag="thermal"):
    """Everything the result depends on.

    Attributes:
        geometry: Where to start.
        charge: Total charge in e.
        multiplicity: 2S + 1.
        level: A tight-binding level, as in `gfn2-xtb`.
        program: `tblite` or `xtb-python`.
        fmax_ev_angstrom: Largest force on an atom at which a geometry counts as optimised.
        max_steps: Steps after which an optimisation is given up; 0 takes the geometry as it stands, for a
            transition state.
    """

    geometry: Geometry
    charge: int
    multiplicity: int
    level: Level
    program: str
    fmax_ev_angstrom: float
    max_steps: int


class ThermalResult(msgspec.Struct, frozen=True, tag="thermal"):
    """A stationary point and its vibrations; every number belongs to `geometry`.

    Attributes:
        geometry: Where the Hessian was computed.
        energy_hartree: Total energy at the level of the request; not good enough for reaction energies.
        force_ev_angstrom: Largest force left on an atom.
        frequencies_cm: Unscaled harmonic wavenumbers, ascending, imaginary ones negative; no overall motion.
        rotational_constants_cm: Three descending, one of a linear molecule, none of an atom.
        symmetry_number: Rotations that interchange equal atoms.
        mass_dalton: Total mass.
        n_descents: Saddle points left along an imaginary mode; above 0, the conformer is another one.
    """

    geometry: Geometry
    energy_hartree: float
    force_ev_angstrom: float
    frequencies_cm: tuple[float, ...]
    rotational_constants_cm: tuple[float, ...]
    symmetry_number: int
    mass_dalton: float
    n_descents: int

    @property
    def n_imaginary(self) -> int:
        """Imaginary modes, however small."""
        return sum(frequency < 0 for frequency in self.frequencies_cm)


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    geometry: Geometry
    vibrations: Vibrations

    @property
    def is_saddle(self) -> bool:
        frequencies = self.vibrations.frequencies_cm
        return frequencies.size > 0 and bool(frequencies[0] < -IMAGINARY_CM)


def compute(request: ThermalRequest, seed: int) -> ThermalResult:
    """Optimise tightly, differentiate the gradient; where that is a saddle point, go on downhill.

    Args:
        request: What to compute.
        seed: Unused: nothing here is drawn at random.

    Raises:
        InputError: A number of the request makes no sense, or a name, an element or the spin is unknown to
            the program.
        ConvergenceError: The charges or the geometry do not settle, or every end is a saddle point.
        EngineError: The program fails otherwise.
    """
    del seed
    if request.fmax_ev_angstrom <= 0 or request.max_steps < 0:
        raise InputError(
            f"fmax_ev_angstrom {request.fmax_ev_angstrom}, max_steps {request.max_steps}: "
            "expected more than 0 and at least 0"
        )
    theory = Theory(request.charge, request.multiplicity, request.level, request.program)
    if request.max_steps == 0:
        return _result(_place(request.geometry, theory), theory, n_descents=0)
    stop = Stop(request.fmax_ev_angstrom, request.max_steps)
    place = _place(_minimum(request.geometry, theory, stop), theory)
    n_descents = 0
    while place.is_saddle:
        if n_descents == MAX_DESCENTS:
            raise ConvergenceError(
                f"still a saddle point ({place.vibrations.frequencies_cm[0]:.0f} cm-1) "
                f"after leaving {MAX_DESCENTS}"
            )
        place = _place(_minimum(_pushed(place), theory, stop), theory)
        n_descents += 1
    return _result(place, theory, n_descents=n_descents)


def _minimum(start: Geometry, theory: Theory, stop: Stop) -> Geometry:
    end = optimise(start, theory, stop)
    if not end.is_converged:
        raise ConvergenceError(
            f"geometry not optimised to {stop.fmax_ev_angstrom} eV/angstrom within {stop.max_steps} steps"
        )
    return end.geometry


def _place(geometry: Geometry, theory: Theory) -> _Place:
    return _Place(geometry, vibrations(geometry, hessian_hartree_bohr2(geometry, theory)))


def _pushed(place: _Place) -> Geometry:
    """Off the saddle point along its steepest imaginary mode, the most mobile atom by 0.2 angstrom."""
    mode = place.vibrations.modes[0]
    mode = mode / np.linalg.norm(mode, axis=1).max()
    # The sign of an eigenvector is an accident of the linear algebra library.
    mode = mode * np.sign(mode.ravel()[np.abs(mode).argmax()])
    positions = place.geometry.positions_angstrom + _PUSH_ANGSTROM * mode
    return Geometry.from_angstrom(place.geometry.symbols, positions)


def _result(place: _Place, theory: Theory, *, n_descents: int) -> ThermalResult:
    point = single_point(place.geometry, theory)
    force = np.linalg.norm(point.gradient_hartree_bohr, axis=1).max() * HARTREE_EV / BOHR_ANGSTROM
    found = place.vibrations
    return ThermalResult(
        geometry=place.geometry,
        energy_hartree=point.energy_hartree,
        force_ev_angstrom=round(float(force), 6),
        frequencies_cm=tuple(round(frequency, 3) for frequency in found.frequencies_cm.tolist()),
        rotational_constants_cm=tuple(round(constant, 8) for constant in found.rotational_constants_cm),
        symmetry_number=symmetry_number(place.geometry),
        mass_dalton=round(found.mass_dalton, 6),
        n_descents=n_descents,
    )
