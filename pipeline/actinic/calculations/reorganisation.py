"""The stored calculation `reorganisation`: what a molecule's geometry does when an electron is taken away.

Four energies on a tight-binding surface: neutral and ion, each at its own minimum and at that of the other
(S. F. Nelsen, S. C. Blackstock, Y. Kim, J. Am. Chem. Soc. 1987, 109, 677).
"""

import msgspec

from actinic.calculations.minima import settled_geometry
from actinic.chemistry.geometry import Geometry
from actinic.engines.optimisation import Stop, optimise
from actinic.engines.tight_binding import Theory, single_point
from actinic.errors import InputError
from actinic.level import Level
from actinic.units import HARTREE_EV

VERSION = 1


class ReorganisationRequest(msgspec.Struct, frozen=True, tag="reorganisation"):
    """Everything the result depends on.

    Attributes:
        geometry: Where to start, a conformer of the closed shell.
        charge: Its total charge in e; the ion has one more.
        multiplicity: 2S + 1 of the molecule; only 1 is supported.
        level: A tight-binding level, as in `gfn2-xtb`.
        program: `tblite` or `xtb-python`.
        fmax_ev_angstrom: Largest force on an atom at which a geometry counts as optimised.
        max_steps: Steps after which an optimisation is given up.
    """

    geometry: Geometry
    charge: int
    multiplicity: int
    level: Level
    program: str
    fmax_ev_angstrom: float
    max_steps: int


class ReorganisationResult(msgspec.Struct, frozen=True, tag="reorganisation"):
    """The two legs and the geometries between which they lie.

    Attributes:
        geometry: Minimum of the closed shell.
        ion_geometry: Minimum of the ion next to it.
        ion_ev: What the ion gains by leaving the geometry of the closed shell.
        neutral_ev: What the closed shell gains by leaving the geometry of the ion; below 0 where the ion led
            to a better conformer of it.
    """

    geometry: Geometry
    ion_geometry: Geometry
    ion_ev: float
    neutral_ev: float

    @property
    def reorganisation_ev(self) -> float:
        """Both legs: what it costs a hole to hop to a like molecule, surroundings apart."""
        return self.ion_ev + self.neutral_ev


def compute(request: ReorganisationRequest, seed: int) -> ReorganisationResult:
    """Optimise both, then cross over.

    Args:
        request: What to compute.
        seed: Unused: nothing here is drawn at random.

    Raises:
        InputError: A number of the request makes no sense, or a name, an element or the spin is unknown to
            the program.
        ConvergenceError: The charges or a geometry do not settle.
        EngineError: The program fails otherwise.
    """
    del seed
    if request.fmax_ev_angstrom <= 0 or request.max_steps <= 0:
        raise InputError(
            f"fmax_ev_angstrom {request.fmax_ev_angstrom}, max_steps {request.max_steps}: "
            "expected more than 0"
        )
    if request.multiplicity != 1:
        raise InputError(f"multiplicity {request.multiplicity}: a hole is made in a closed shell")
    neutral = Theory(request.charge, 1, request.level, request.program)
    ion = Theory(request.charge + 1, 2, request.level, request.program)
    stop = Stop(request.fmax_ev_angstrom, request.max_steps)
    geometry = _minimum(request.geometry, neutral, stop)
    ion_geometry = _minimum(geometry, ion, stop)
    return ReorganisationResult(
        geometry=geometry,
        ion_geometry=ion_geometry,
        ion_ev=_gain_ev(geometry, ion_geometry, ion),
        neutral_ev=_gain_ev(ion_geometry, geometry, neutral),
    )


def _minimum(start: Geometry, theory: Theory, stop: Stop) -> Geometry:
    return settled_geometry(optimise(start, theory, stop), stop, f"charge {theory.charge}: ")


def _gain_ev(first: Geometry, last: Geometry, theory: Theory) -> float:
    energies = [single_point(geometry, theory).energy_hartree for geometry in (first, last)]
    return round((energies[0] - energies[1]) * HARTREE_EV, 6)
