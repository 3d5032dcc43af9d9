"""Radicals, triplets and broken bonds, and how to ask for their ground states."""

import msgspec

from actinic.chemistry.geometry import Geometry
from actinic.engines.dft import ENERGIES, GroundState, ScfSettings, ground_state
from actinic.level import Level
from support.molecules import placed

TIGHT = msgspec.structs.replace(ENERGIES, grid_level=1, conv_tol_hartree=1e-7)


def atom(symbol: str) -> Geometry:
    return placed([symbol], (0.0, 0.0, 0.0))


METHYL = placed(["C", "H", "H", "H"], (0, 0, 0), (1.08, 0, 0), (-0.54, 0.9353, 0), (-0.54, -0.9353, 0))
HYDROXYL = placed(["O", "H"], (0, 0, 0), (0, 0, 0.97))
HYDROPEROXYL = placed(["O", "O", "H"], (0, 0, 0), (0, 0, 1.33), (0, 0.94, -0.25))
AMINYL = placed(["N", "H", "H"], (0, 0, 0), (0, 0.80, 0.63), (0, -0.80, 0.63))
IODOMETHYL = placed(["C", "I", "H", "H"], (0, 0, 0), (0, 0, 2.04), (0, 0.95, -0.5), (0, -0.95, -0.5))
NITRIC_OXIDE = placed(["N", "O"], (0, 0, 0), (0, 0, 1.15))
OXYGEN = placed(["O", "O"], (0, 0, 0), (0, 0, 1.21))
METHYLENE = placed(["C", "H", "H"], (0, 0, 0), (0, 0.86, 0.70), (0, -0.86, 0.70))


def hydrogen_molecule(distance_angstrom: float) -> Geometry:
    return placed(["H", "H"], (0, 0, 0), (0, 0, distance_angstrom))


def converged(
    geometry: Geometry,
    multiplicity: int,
    level: str,
    settings: ScfSettings = TIGHT,
    *,
    charge: int = 0,
    broken_symmetry: bool = False,
) -> GroundState:
    return ground_state(
        geometry,
        charge=charge,
        multiplicity=multiplicity,
        level=Level.parse(level),
        settings=settings,
        broken_symmetry=broken_symmetry,
    )
