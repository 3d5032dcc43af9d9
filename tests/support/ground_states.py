"""Closed shells, tightly converged."""

from actinic.chemistry.geometry import Geometry
from actinic.engines.dft import GroundState, ScfSettings, ground_state
from actinic.level import Level

TIGHT = ScfSettings(conv_tol_hartree=1e-7)


def converged(
    geometry: Geometry, level: str, settings: ScfSettings = TIGHT, *, charge: int = 0, multiplicity: int = 1
) -> GroundState:
    return ground_state(
        geometry, charge=charge, multiplicity=multiplicity, level=Level.parse(level), settings=settings
    )
