"""The stored calculation `thermal`: the vibrations of one geometry at a GFN level.

At any temperature `analysis.thermochemistry` makes zero-point energy, enthalpy and entropy of them.
"""

from dataclasses import dataclass

import msgspec
import numpy as np

from actinic.calculations.minima import MAX_DESCENTS, RIDGE_CM, pushed, settled_geometry
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.rotations import symmetry_number
from actinic.engines.calculator import force_ev_angstrom
from actinic.engines.hessian import Vibrations, hessian_hartree_bohr2, vibrations
from actinic.engines.optimisation import Algorithm, Stop, optimise
from actinic.engines.tight_binding import Theory, single_point
from actinic.errors import ConvergenceError, InputError
from actinic.level import Level

VERSION = 2

IMAGINARY_CM = 30.0
"""Where the descents end with a larger imaginary mode there is no minimum."""


class ThermalRequest(msgspec.Struct, frozen=True, tag="thermal", omit_defaults=True):
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
        algorithm: How the geometry is optimised; None, no part of the key, unless that did not settle.
    """

    geometry: Geometry
    charge: int
    multiplicity: int
    level: Level
    program: str
    fmax_ev_angstrom: float
    max_steps: int
    algorithm: Algorithm | None = None


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
    def softest_cm(self) -> float:
        """Lowest wavenumber, imaginary ones negative; infinite of an atom, which has none."""
        return float(self.vibrations.frequencies_cm.min(initial=np.inf))


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
    stop = Stop(request.fmax_ev_angstrom, request.max_steps, request.algorithm)
    place = _place(_minimum(request.geometry, theory, stop), theory)
    n_descents = 0
    while place.softest_cm < -RIDGE_CM and n_descents < MAX_DESCENTS:
        start = pushed(place.geometry, place.vibrations.modes[0], 1)
        place = _place(_minimum(start, theory, stop), theory)
        n_descents += 1
    if place.softest_cm < -IMAGINARY_CM:
        raise ConvergenceError(
            f"still a saddle point ({place.softest_cm:.0f} cm-1) after leaving {MAX_DESCENTS}"
        )
    return _result(place, theory, n_descents=n_descents)


def _minimum(start: Geometry, theory: Theory, stop: Stop) -> Geometry:
    return settled_geometry(optimise(start, theory, stop), stop)


def _place(geometry: Geometry, theory: Theory) -> _Place:
    return _Place(geometry, vibrations(geometry, hessian_hartree_bohr2(geometry, theory)))


def _result(place: _Place, theory: Theory, *, n_descents: int) -> ThermalResult:
    point = single_point(place.geometry, theory)
    found = place.vibrations
    return ThermalResult(
        geometry=place.geometry,
        energy_hartree=point.energy_hartree,
        force_ev_angstrom=round(force_ev_angstrom(point), 6),
        frequencies_cm=tuple(round(frequency, 3) for frequency in found.frequencies_cm.tolist()),
        rotational_constants_cm=tuple(round(constant, 8) for constant in found.rotational_constants_cm),
        symmetry_number=symmetry_number(place.geometry),
        mass_dalton=round(found.mass_dalton, 6),
        n_descents=n_descents,
    )
