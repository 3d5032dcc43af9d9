"""Computed orbital levels against measured ionisation energies, in films and in the gas phase."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from actinic.analysis.absorption_validation import CoverageCheck, coverage_check
from actinic.analysis.calibration import AffinityCalibration, FilmCalibration, IonisationCalibration
from actinic.analysis.validation import (
    Paired,
    Real,
    Summary,
    left_out_scales,
    paired,
    root_mean_square,
    summary,
)

AFFINITY_ERROR_EV = 0.5
"""Standard error of an affinity in a film, a convention: what the shift of a few acceptors means for a
molecule that is none was not measured, and values of one material differ by up to 0.4 eV."""

Fit = Callable[[Real, Real], Callable[[Real], Real]]
"""From computed and measured values of some molecules to a prediction from computed ones."""


@dataclass(frozen=True, slots=True)
class LevelPoint:
    """One molecule.

    Attributes:
        id: Its name.
        scaffold: What is left out together with it.
        measured_ev: Level (minus the ionisation energy), negative.
        computed_ev: By name of what was computed: the highest occupied orbital of a tight-binding level, or
            minus a computed ionisation energy.
        heavy_atoms: How many.
        cpu_s: Processor time by the same names.
    """

    id: str
    scaffold: str
    measured_ev: float
    computed_ev: dict[str, float]
    heavy_atoms: int
    cpu_s: dict[str, float]


@dataclass(frozen=True, slots=True)
class AffinityPoint:
    """One acceptor, or one anion.

    Attributes:
        id: Its name.
        measured_ev: Electron affinity of its film, or of the radical that an anion leaves; positive.
        computed_ev: Vertical affinity or detachment energy by level, as computed.
        heavy_atoms: How many.
    """

    id: str
    measured_ev: float
    computed_ev: dict[str, float]
    heavy_atoms: int


@dataclass(frozen=True, slots=True)
class LevelRow:
    """How one predictor does on molecules left out.

    Attributes:
        predictor: What is computed.
        fit: What is fitted to it: nothing, a shift, a line.
        one_out: Errors of molecules left out one at a time.
        scaffold_out: Errors with all molecules of the same scaffold left out.
        against_shift: Mean absolute error minus that of the shift of the first predictor, scaffolds out.
        cpu_s: Mean processor time per molecule.
    """

    predictor: str
    fit: str
    one_out: Summary
    scaffold_out: Summary
    against_shift: Paired
    cpu_s: float


def as_computed(_: Real, __: Real) -> Callable[[Real], Real]:
    """Nothing fitted."""
    return lambda new: new


def shift(x: Real, y: Real) -> Callable[[Real], Real]:
    """A constant."""
    return lambda new: new + float(np.mean(y - x))


def line(x: Real, y: Real) -> Callable[[Real], Real]:
    """A straight line."""
    slope, intercept = np.polyfit(x, y, 1)
    return lambda new: np.asarray(slope * new + intercept)


def mean(_: Real, y: Real) -> Callable[[Real], Real]:
    """The mean of the others: the baseline."""
    return lambda new: np.full(new.size, y.mean())


FITS: dict[str, Fit] = {"as computed": as_computed, "shift": shift, "line": line}


def errors_left_out(x: Real, y: Real, groups: Sequence[str] | range, fit: Fit) -> Real:
    """Predicted minus measured of each molecule, fitted to those of other groups; shape (n,)."""
    errors = np.empty(x.size)
    for group in dict.fromkeys(groups):
        inside = np.array([other == group for other in groups])
        errors[inside] = fit(x[~inside], y[~inside])(x[inside]) - y[inside]
    return errors


def level_rows(
    points: Sequence[LevelPoint], predictors: Sequence[str], fits: Sequence[str]
) -> tuple[LevelRow, ...]:
    """Every predictor with every fit, and the mean of the others; the first predictor is the one shipped."""
    y = np.array([point.measured_ev for point in points])
    groups = [point.scaffold for point in points]
    reference = errors_left_out(_computed(points, predictors[0]), y, groups, shift)
    wanted = [(name, label, FITS[label]) for name in predictors for label in fits]
    wanted.append((predictors[0], "mean of the others", mean))
    rows = []
    for name, label, fit in wanted:
        x = _computed(points, name)
        away = errors_left_out(x, y, groups, fit)
        rows.append(
            LevelRow(
                predictor="" if fit is mean else name,
                fit=label,
                one_out=summary(errors_left_out(x, y, range(len(points)), fit)),
                scaffold_out=summary(away),
                against_shift=paired(away, reference, groups),
                cpu_s=0.0 if fit is mean else float(np.mean([point.cpu_s[name] for point in points])),
            )
        )
    return tuple(rows)


def film_fit(points: Sequence[LevelPoint], predictor: str) -> FilmCalibration:
    """The shift that is shipped; its error is that with scaffolds left out."""
    shift_ev, away, baseline_ev = _shifted(points, predictor)
    return FilmCalibration(
        shift_ev=shift_ev,
        standard_error_ev=away.root_mean_square,
        mean_absolute_error_ev=away.mean_absolute,
        baseline_error_ev=baseline_ev,
        min_heavy_atoms=min(point.heavy_atoms for point in points),
        n=len(points),
    )


def ionisation_fit(points: Sequence[LevelPoint], predictor: str) -> IonisationCalibration:
    """The shift of vertical ionisation energies, positive ones, with its error, scaffolds left out."""
    shift_ev, away, baseline_ev = _shifted(points, predictor)
    return IonisationCalibration(
        shift_ev=-shift_ev,
        standard_error_ev=away.root_mean_square,
        mean_absolute_error_ev=away.mean_absolute,
        baseline_error_ev=baseline_ev,
        max_heavy_atoms=max(point.heavy_atoms for point in points),
        n=len(points),
    )


def _shifted(points: Sequence[LevelPoint], predictor: str) -> tuple[float, Summary, float]:
    """The shift, its errors with scaffolds left out, and the mean absolute one of the mean of the others."""
    x, y = _computed(points, predictor), np.array([point.measured_ev for point in points])
    groups = [point.scaffold for point in points]
    baseline_ev = summary(errors_left_out(x, y, groups, mean)).mean_absolute
    return float(np.mean(y - x)), summary(errors_left_out(x, y, groups, shift)), baseline_ev


def affinity_fit(points: Sequence[AffinityPoint], level: str) -> AffinityCalibration:
    """The shift of electron affinities to those of films of acceptors; its error is a convention."""
    off = [point.measured_ev - point.computed_ev[level] for point in points]
    smallest = min(point.heavy_atoms for point in points)
    return AffinityCalibration(float(np.mean(off)), AFFINITY_ERROR_EV, smallest, len(points))


def affinity_error_ev(points: Sequence[AffinityPoint], one: AffinityPoint, level: str) -> float:
    """Predicted minus measured affinity of `one`, moved by what the others are off."""
    others = affinity_fit([point for point in points if point is not one], level)
    return one.computed_ev[level] + others.shift_ev - one.measured_ev


def film_coverage(points: Sequence[LevelPoint], predictor: str) -> CoverageCheck:
    """Whether errors of the shift are as large as those of other scaffolds say, scaffolds left out."""
    away, groups = film_errors(points, predictor), [point.scaffold for point in points]
    return coverage_check(away, left_out_scales(away, groups, root_mean_square))


def film_errors(points: Sequence[LevelPoint], predictor: str) -> Real:
    """Predicted minus measured film level of each molecule, scaffolds left out; shape (n,)."""
    x, y = _computed(points, predictor), np.array([point.measured_ev for point in points])
    return errors_left_out(x, y, [point.scaffold for point in points], shift)


def _computed(points: Sequence[LevelPoint], name: str) -> Real:
    return np.array([point.computed_ev[name] for point in points])
