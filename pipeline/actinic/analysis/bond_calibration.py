"""The line from computed to observed bond enthalpies, read from a file shipped with the package."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from actinic.level import Level


@dataclass(frozen=True, slots=True)
class BondCalibration:
    """Straight line from the enthalpy of a homolysis at 298 K, averaged over its levels, to the observed one.

    Attributes:
        slope: Dimensionless.
        intercept_kcal_mol: Observed minus slope times computed.
        standard_error_kcal_mol: Root mean square error on families of bonds left out of the fit.
        n: Number of bonds fitted.
        wider_kcal_mol: The same of kinds of bonds whose own errors are larger (`bond_spread`), by kind.
    """

    slope: float
    intercept_kcal_mol: float
    standard_error_kcal_mol: float
    n: int
    wider_kcal_mol: dict[str, float] = field(default_factory=dict)

    def error_kcal_mol(self, kind: str) -> float:
        """Standard error of a bond of this kind, as `bond_family` names it."""
        return self.wider_kcal_mol.get(kind, self.standard_error_kcal_mol)

    def corrected(self, raw_kcal_mol: float) -> float:
        """Calibrated enthalpy."""
        return self.slope * raw_kcal_mol + self.intercept_kcal_mol


def bond_calibration(levels: Sequence[Level]) -> BondCalibration | None:
    """The line for the mean over `levels`, their solvents ignored; None when it was never fitted."""
    row = _table().get(calibration_name(levels))
    return None if row is None else BondCalibration(**row)


def calibration_name(levels: Sequence[Level]) -> str:
    """Name of the line of some levels, in any order.

    >>> calibration_name([Level.parse("wb97x-d3/def2-svp@cpcm(water)"), Level.parse("r2scan-3c")])
    'r2scan-3c + wb97x-d3/def2-svp'
    """
    return " + ".join(sorted(str(level.in_gas_phase) for level in levels))


@cache
def _table() -> dict[str, Any]:
    text = files("actinic.analysis").joinpath("bonds.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
