"""Computed maxima against experiment: models against the line, sets, classes, coverage, learning curve."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from actinic.analysis.absorption_models import (
    EARLIER,
    EARLIER_LEVEL,
    MODELS,
    Model,
    Points,
    earlier_line,
    fitted_line,
    left_out,
    line,
)
from actinic.analysis.absorption_points import (
    DESCRIPTORS,
    AbsorptionPoint,
    descriptor_matrix,
    measured_ev,
    raw_ev,
)
from actinic.analysis.validation import (
    SHARES,
    Paired,
    Real,
    Summary,
    binomial_range,
    coverage,
    left_out_scales,
    macro_average,
    paired,
    summary,
    tailed_scale,
)

FIRST_FITTED = ("nonpolar", "least_polar")
"""Sets the line was fitted to when `further_maxima` and `further_spectra` were computed."""

FITTED = (*FIRST_FITTED, "further_maxima")
"""Sets the line is fitted to: single maxima in solvents of little polarity."""

SHRUNK_EV = 0.005
"""A model none of whose predictions differs by more from the line's is the line."""

USELESS = 0.5
"""A 95 % range of a share that is as wide as this says nothing of it."""

CURVE_SIZES = (5, 10, 15, 20, 30, 40, 50, 70, 100)
CURVE_DRAWS = 200


@dataclass(frozen=True, slots=True)
class ModelRow:
    """How one way to calibrate does on molecules left out.

    Attributes:
        name: Of the model.
        one_out: Errors of molecules left out one at a time.
        scaffold_out: Errors with all molecules of the same scaffold left out.
        macro_ev: Mean over chromophore classes of the mean absolute error, scaffolds left out.
        against_line: Mean absolute error minus that of the line, scaffolds left out and drawn together.
        coverage: Shares within one and 1.96 of the errors the model claims, scaffolds left out.
        moved_ev: The largest difference of a prediction from the line's.
    """

    name: str
    one_out: Summary
    scaffold_out: Summary
    macro_ev: float
    against_line: Paired
    coverage: tuple[float, float]
    moved_ev: float

    @property
    def is_shrunk(self) -> bool:
        """Whether a penalty took away all that told the model from the line."""
        return 0 < self.moved_ev < SHRUNK_EV


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Errors of the shipped line on a part of the molecules, scaffolds left out.

    Attributes:
        name: Set or class.
        errors: Summary of the errors.
        coverage: Shares within one and 1.96 standard errors of the calibration.
    """

    name: str
    errors: Summary
    coverage: tuple[float, float]


@dataclass(frozen=True, slots=True)
class CurveRow:
    """Errors of lines fitted to few molecules, on molecules of other scaffolds.

    Attributes:
        n: Molecules fitted.
        mean_ev: Mean absolute error, mean over random choices.
        low_ev: 5 % quantile over the choices.
        high_ev: 95 % quantile.
    """

    n: int
    mean_ev: float
    low_ev: float
    high_ev: float


@dataclass(frozen=True, slots=True)
class CoverageCheck:
    """Whether errors are as large as they are said to be.

    Attributes:
        n: Molecules.
        found: Shares within one and 1.96 standard errors.
        one_range: Where the first should lie in 95 of 100 sets of this size.
        two_range: Where the second should lie.
    """

    n: int
    found: tuple[float, float]
    one_range: tuple[float, float]
    two_range: tuple[float, float]

    @property
    def can_tell(self) -> bool:
        """Whether wrong errors would show: the first range spans less than a half."""
        return self.one_range[1] - self.one_range[0] < USELESS

    @property
    def holds(self) -> bool:
        """Whether both lie where they should."""
        pairs = zip(self.found, (self.one_range, self.two_range), strict=True)
        return all(low <= share <= high for share, (low, high) in pairs)


@dataclass(frozen=True, slots=True)
class SpreadRow:
    """Whether something known beforehand tells large errors from small ones.

    Attributes:
        name: What.
        correlation: Rank correlation with the size of the left-out error.
        low: Lower end of its 90 % bootstrap interval.
        high: Its upper end.
    """

    name: str
    correlation: float
    low: float
    high: float


def fitted_points(points: Points) -> list[AbsorptionPoint]:
    """Those the calibration is fitted to."""
    return [point for point in points if point.measured.collection in FITTED]


def scaffolds(points: Points) -> list[str]:
    """The scaffold of each point."""
    return [point.scaffold for point in points]


def model_rows(points: Points, level: str) -> tuple[ModelRow, ...]:
    """Every model on the same points, all at `level`; the earlier line where it was made for that."""
    reference = left_out(points, line, scaffolds(points)).errors_ev
    models = MODELS | ({EARLIER: earlier_line(raw_ev)} if level == EARLIER_LEVEL else {})
    return tuple(model_row(points, name, model, reference) for name, model in models.items())


def model_row(points: Points, name: str, model: Model, reference: Real) -> ModelRow:
    """One model against the left-out errors `reference`, shape (n,), of another."""
    alone = left_out(points, model, range(len(points)))
    away = left_out(points, model, scaffolds(points))
    spread = np.maximum(away.standard_errors_ev, 1e-9)
    return ModelRow(
        name=name,
        one_out=summary(alone.errors_ev),
        scaffold_out=summary(away.errors_ev),
        macro_ev=macro_average(away.errors_ev, [point.chromophore for point in points]),
        against_line=paired(away.errors_ev, reference, scaffolds(points)),
        coverage=coverage(away.errors_ev, spread),
        moved_ev=float(np.abs(away.errors_ev - reference).max()),
    )


def errors_elsewhere(points: Points) -> Real:
    """Errors of the line on all points, each predicted from fitted points of other scaffolds."""
    known = fitted_points(points)
    errors = np.empty(len(points))
    for name in dict.fromkeys(scaffolds(points)):
        inside = [i for i, point in enumerate(points) if point.scaffold == name]
        here = [points[i] for i in inside]
        fitted = fitted_line([point for point in known if point.scaffold != name])
        errors[inside] = fitted(raw_ev(here)) - measured_ev(here)
    return errors


def group_rows(
    points: Points, standard_errors_ev: Real, name_of: Callable[[AbsorptionPoint], str]
) -> tuple[GroupRow, ...]:
    """The errors of the line by set or class, each point predicted from other scaffolds."""
    errors = errors_elsewhere(points)
    names = np.array([name_of(point) for point in points])
    return tuple(
        _group_row(name, errors[names == name], standard_errors_ev[names == name])
        for name in dict.fromkeys(names.tolist())
    )


def _group_row(name: str, errors_ev: Real, standard_errors_ev: Real) -> GroupRow:
    return GroupRow(name, summary(errors_ev), coverage(errors_ev, standard_errors_ev))


def coverage_check(
    errors_ev: Real, standard_errors_ev: float | Real, tail: float | Real = 1.0
) -> CoverageCheck:
    """Compare the shares within one and 1.96 standard errors with the normal ones; `tail`: see `coverage`."""
    n = errors_ev.size
    found = coverage(errors_ev, standard_errors_ev, tail)
    one, two = (binomial_range(n, share) for share in SHARES)
    return CoverageCheck(n, found, one, two)


def tailed_check(errors_ev: Real, groups: Sequence[str]) -> CoverageCheck:
    """The same with standard error and tail, as `tailed_scale` finds them, of other groups; two at least."""
    standard_errors_ev = left_out_scales(errors_ev, groups, lambda some: tailed_scale(some)[0])
    tails = left_out_scales(errors_ev, groups, lambda some: tailed_scale(some)[1])
    return coverage_check(errors_ev, standard_errors_ev, tails)


def learning_curve(points: Points) -> tuple[CurveRow, ...]:
    """Lines fitted to some molecules at random, judged on those of scaffolds that were not among them."""
    generator = np.random.default_rng(20264)
    x, y, names = raw_ev(points), measured_ev(points), np.array(scaffolds(points))
    rows = []
    for n in CURVE_SIZES:
        if n > len(points) - 5:
            break
        found = []
        for _ in range(CURVE_DRAWS):
            chosen = generator.choice(len(points), n, replace=False)
            others = ~np.isin(names, names[chosen])
            if not others.any():
                continue
            slope, intercept = np.polyfit(x[chosen], y[chosen], 1)
            found.append(float(np.abs(slope * x[others] + intercept - y[others]).mean()))
        if not found:
            break
        low, high = np.quantile(found, (0.05, 0.95))
        rows.append(CurveRow(n, float(np.mean(found)), float(low), float(high)))
    return tuple(rows)


def spread_rows(points: Points) -> tuple[SpreadRow, ...]:
    """What might widen the error of a single molecule, against the size of its left-out error."""
    size = np.abs(left_out(points, line, scaffolds(points)).errors_ev)
    distance = np.abs(raw_ev(points) - raw_ev(points).mean())
    columns = dict(zip(DESCRIPTORS, descriptor_matrix(points).T, strict=True))
    known = (
        ("distance from the middle of the set", distance),
        ("orbital gap minus energy", columns["binding"]),
        ("a state below the band", columns["dark below"]),
        ("strength of the band", columns["log strength"]),
        ("heavy atoms", columns["log size"]),
    )
    return tuple(SpreadRow(name, *rank_correlation(values, size)) for name, values in known)


def rank_correlation(values: Real, size: Real) -> tuple[float, float, float]:
    """Rank correlation of two arrays of shape (n,), and the ends of its 90 % bootstrap interval."""
    generator = np.random.default_rng(20265)
    drawn = generator.integers(size.size, size=(500, size.size))
    found = [_spearman(values[one], size[one]) for one in drawn]
    low, high = np.quantile(found, (0.05, 0.95))
    return _spearman(values, size), float(low), float(high)


def _spearman(first: Real, second: Real) -> float:
    return float(np.corrcoef(_ranks(first), _ranks(second))[0, 1])


def _ranks(values: Real) -> Real:
    """Ranks from 0, the mean of equal ones."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts + 1) / 2)[inverse])
