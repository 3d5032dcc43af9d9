"""The stored calculation `frontier`: an electron taken from a molecule, and one added, where it stands.

Differences of tight-binding energies at one geometry. IPEA1-xTB was made for them
(doi:10.1039/C7SC00601B) and gives both too high by a constant that is not taken off here.
"""

import msgspec

from actinic.chemistry.geometry import Geometry
from actinic.engines.tight_binding import Theory, single_point
from actinic.errors import EngineError, InputError
from actinic.level import Level
from actinic.units import HARTREE_EV

VERSION = 1


class FrontierRequest(msgspec.Struct, frozen=True, tag="frontier"):
    """Everything the result depends on.

    Attributes:
        geometry: Where the molecule stands, and both ions with it.
        charge: Its total charge in e.
        multiplicity: 2S + 1 of the molecule; only 1 is supported.
        level: A tight-binding level, as in `ipea1-xtb` or `gfn2-xtb@gbe(organic film)`.
        program: `tblite` or `xtb-python`.
    """

    geometry: Geometry
    charge: int
    multiplicity: int
    level: Level
    program: str


class FrontierResult(msgspec.Struct, frozen=True, tag="frontier"):
    """Vertical energies, as the level has them.

    Attributes:
        homo_ev: Highest occupied orbital of the molecule.
        lumo_ev: Lowest empty one; None where the minimal basis has none.
        ionisation_ev: Energy with an electron less minus that of the molecule.
        affinity_ev: Energy of the molecule minus that with an electron more.
    """

    homo_ev: float
    lumo_ev: float | None
    ionisation_ev: float
    affinity_ev: float


def compute(request: FrontierRequest, seed: int) -> FrontierResult:
    """Three single points.

    Args:
        request: What to compute.
        seed: Unused: nothing here is drawn at random.

    Raises:
        InputError: Not a closed shell, or a name or an element is unknown to the program.
        ConvergenceError: The charges of one of the three do not settle.
        EngineError: There is no electron to take, or the program fails otherwise.
    """
    del seed
    if request.multiplicity != 1:
        raise InputError(f"multiplicity {request.multiplicity}: electrons are taken from closed shells")
    points = [
        single_point(request.geometry, Theory(request.charge + q, m, request.level, request.program))
        for q, m in ((0, 1), (1, 2), (-1, 2))
    ]
    here, less, more = (point.energy_hartree * HARTREE_EV for point in points)
    if points[0].homo_ev is None:
        raise EngineError(f"{request.level}: no occupied orbital")
    return FrontierResult(points[0].homo_ev, points[0].lumo_ev, less - here, here - more)
