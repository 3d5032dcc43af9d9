"""Computed bond enthalpies against the reference bonds: raw, calibrated, by family, with honest errors."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from actinic.analysis.bond_calibration import BondCalibration, calibration_name
from actinic.analysis.bond_spread import seen_errors, unseen_errors, wider_kinds
from actinic.analysis.reaction_energies import KnownReaction
from actinic.analysis.validation import Line, Real, Summary, coverage, left_out_errors, summary


@dataclass(frozen=True, slots=True)
class BondPoint:
    """One reference bond with its computed enthalpies.

    Attributes:
        id: Its name.
        family: Kind of bond.
        is_experiment: Whether the reference is an enthalpy at 298 K, else an electronic energy.
        reference_kcal_mol: Enthalpy at 298.15 K. To an electronic reference energy the computed difference of
            enthalpy and electronic energy is added, so that its error is that of the electronic energy alone.
        raw_kcal_mol: Computed enthalpy by name of its level.
    """

    id: str
    family: str
    is_experiment: bool
    reference_kcal_mol: float
    raw_kcal_mol: dict[str, float]


@dataclass(frozen=True, slots=True)
class BondTable:
    """How one level, or the mean over several, does.

    Attributes:
        name: Of the level or levels, as `calibration_name` gives it.
        raw: Errors without a line, all bonds.
        raw_experiment: The same, bonds with an experimental enthalpy.
        left_out: Errors of bonds left out of the fit one at a time.
        left_out_experiment: The same, experimental ones; the line was fitted to all others.
        family_left_out: Errors with the whole family left out.
        family_left_out_experiment: The same, experimental ones.
        coverage: Shares of `family_left_out` within one and 1.96 standard errors of the *other* families:
            what holds for a kind of bond that is not in the set.
        coverage_seen: The same with the error of its kind as the other bonds of the set give it: what holds
            for another bond of a kind that is.
        calibration: What is shipped.
    """

    name: str
    raw: Summary
    raw_experiment: Summary
    left_out: Summary
    left_out_experiment: Summary
    family_left_out: Summary
    family_left_out_experiment: Summary
    coverage: tuple[float, float]
    coverage_seen: tuple[float, float]
    calibration: BondCalibration


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """One kind of bond.

    Attributes:
        family: Its name.
        raw: Errors without a line.
        left_out: Errors with this family left out of the fit.
        standard_error_kcal_mol: What is stated for a bond of this family.
    """

    family: str
    raw: Summary
    left_out: Summary
    standard_error_kcal_mol: float


def bond_point(
    name: str, family: str, reference_kcal_mol: float, known: KnownReaction, *, is_enthalpy: bool
) -> BondPoint | None:
    """A point of the tables; None for a reaction without enthalpies."""
    raw = known.raw_enthalpy_kcal_mol()
    if not raw:
        return None
    if not is_enthalpy:
        reference_kcal_mol += raw[0] - known.energy_kcal_mol(0)
    names = [calibration_name([level]) for level in known.levels]
    return BondPoint(name, family, is_enthalpy, reference_kcal_mol, dict(zip(names, raw, strict=True)))


def bond_table(points: Sequence[BondPoint], levels: Sequence[str]) -> BondTable:
    """Errors of the mean over `levels`, by name, on all points."""
    raw, measured = _columns(points, levels)
    families = [point.family for point in points]
    experiment = np.array([point.is_experiment for point in points])
    one_out = left_out_errors(raw, measured, range(len(points)))
    family_out = left_out_errors(raw, measured, families)
    line = Line.fit(raw, measured)
    by_family = summary(family_out)
    error = by_family.root_mean_square
    wider = wider_kinds(family_out, families)
    return BondTable(
        name=" + ".join(sorted(levels)),
        raw=summary(raw - measured),
        raw_experiment=summary((raw - measured)[experiment]),
        left_out=summary(one_out),
        left_out_experiment=summary(one_out[experiment]),
        family_left_out=by_family,
        family_left_out_experiment=summary(family_out[experiment]),
        coverage=coverage(family_out, unseen_errors(family_out, families)),
        coverage_seen=coverage(family_out, seen_errors(family_out, families)),
        calibration=BondCalibration(line.slope, line.intercept, error, len(points), wider),
    )


def family_rows(points: Sequence[BondPoint], levels: Sequence[str]) -> list[FamilyRow]:
    """The same by kind of bond, in the order of their names."""
    raw, measured = _columns(points, levels)
    families = np.array([point.family for point in points])
    family_out = left_out_errors(raw, measured, families.tolist())
    calibration = bond_table(points, levels).calibration
    return [
        FamilyRow(
            family=str(f),
            raw=summary((raw - measured)[families == f]),
            left_out=summary(family_out[families == f]),
            standard_error_kcal_mol=calibration.error_kcal_mol(str(f)),
        )
        for f in sorted(set(families.tolist()))
    ]


def _columns(points: Sequence[BondPoint], levels: Sequence[str]) -> tuple[Real, Real]:
    raw = np.array([np.mean([point.raw_kcal_mol[level] for level in levels]) for point in points])
    return raw, np.array([point.reference_kcal_mol for point in points])
