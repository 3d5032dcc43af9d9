"""What a level of theory, as a user writes it, means for a total energy: an electronic level and corrections.

    wb97x-d3/def2-svp   wB97X-D3 with its zero-damped D3
    b3lyp-d3bj/def2-svp B3LYP with rationally damped D3; also cam-b3lyp-d3bj and pbe0-d3bj
    r2scan-3c           r2SCAN in def2-mTZVPP with D4 and gCP of its own
    b3lyp/def2-svp      nothing is added

>>> composite(Level.parse("r2scan-3c@cpcm(toluene)")).electronic
Level(method='r2scan', basis='def2-mtzvpp', solvent_model='cpcm', solvent='toluene')
"""

import math
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from actinic.chemistry.geometry import Geometry
from actinic.engines.dispersion import correction_gradient_hartree_bohr, correction_hartree
from actinic.errors import InputError
from actinic.level import Level

_R2SCAN_3C = "r2scan-3c"
_R2SCAN_3C_BASIS = "def2-mtzvpp"
_CORRECTED = {
    "wb97x-d3": ("wb97x-d3", "d3zero(wb97x-d3)"),
    "b3lyp-d3bj": ("b3lyp", "d3bj(b3lyp)"),
    "cam-b3lyp-d3bj": ("cam-b3lyp", "d3bj(cam-b3lyp)"),
    "pbe0-d3bj": ("pbe0", "d3bj(pbe0)"),
}
"""From the name a user writes to the functional's own name and the correction."""

_INCOMPLETE = ("-d", "-d2", "-d3", "-d3bj", "-d4", "-3c", "wb97xd", "wb97xd3")
"""Endings that promise a correction; unless it is in the table above, the energy would lack it in silence."""


@dataclass(frozen=True, slots=True)
class Composite:
    """The parts of a level.

    Attributes:
        electronic: What `ground_state` computes.
        corrections: Names for `correction_hartree`, to be added to its energy.
    """

    electronic: Level
    corrections: tuple[str, ...]


def composite(level: Level) -> Composite:
    """Take a DFT level apart.

    Raises:
        InputError: A correction that is not available, or a basis given to (or missing from) a method.
    """
    if level.method == _R2SCAN_3C:
        if level.basis is not None:
            raise InputError(f"level {level}: r2scan-3c brings its own basis; write it without one")
        electronic = msgspec.structs.replace(level, method="r2scan", basis=_R2SCAN_3C_BASIS)
        return Composite(electronic, ("d4(r2scan-3c)", "gcp(r2scan-3c)"))
    if level.basis is None:
        raise InputError(
            f"level {level}: expected functional/basis or r2scan-3c, for example wb97x-d3/def2-svp"
        )
    if level.method in _CORRECTED:
        functional, correction = _CORRECTED[level.method]
        return Composite(msgspec.structs.replace(level, method=functional), (correction,))
    if level.method.endswith(_INCOMPLETE):
        known = ", ".join((*_CORRECTED, _R2SCAN_3C))
        raise InputError(f"level {level}: of the methods with a correction only {known} are available")
    return Composite(level, ())


def corrections_hartree(level: Level, geometry: Geometry, *, charge: int) -> float:
    """Sum of what `level` adds to its electronic energy; 0 for a functional without corrections.

    Raises:
        InputError: As `composite` and `correction_hartree`.
        EngineError: As `correction_hartree`.
    """
    names = composite(level).corrections
    return math.fsum(correction_hartree(name, geometry, charge=charge) for name in names)


def corrections_gradient_hartree_bohr(
    level: Level, geometry: Geometry, *, charge: int
) -> NDArray[np.float64]:
    """Derivative of `corrections_hartree` by the nuclei, shape (n, 3); raises what that raises."""
    total = np.zeros((len(geometry.symbols), 3))
    for name in composite(level).corrections:
        total += correction_gradient_hartree_bohr(name, geometry, charge=charge)
    return total
