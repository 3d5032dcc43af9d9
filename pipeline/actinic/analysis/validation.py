"""How far a calibrated quantity is off on molecules it never saw: left-out errors, their spread, coverage."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from actinic.analysis.estimate import WIDE

Real = NDArray[np.float64]

BOOTSTRAP_SAMPLES = 2000
_SEED = 20261

SHARES = (0.6827, 0.95)
"""Of normal errors, within one and `WIDE` standard errors."""


@dataclass(frozen=True, slots=True)
class Line:
    """Straight line from a raw to a measured quantity, fitted by least squares.

    Attributes:
        slope: Dimensionless.
        intercept: In the unit of the quantity.
    """

    slope: float
    intercept: float

    @classmethod
    def fit(cls, raw: Real, measured: Real) -> "Line":
        """Fit to points of shape (n,), n at least 2."""
        slope, intercept = np.polyfit(raw, measured, 1)
        return cls(float(slope), float(intercept))

    def __call__(self, raw: Real) -> Real:
        """Calibrated values."""
        return np.asarray(self.slope * raw + self.intercept)


@dataclass(frozen=True, slots=True)
class Summary:
    """Errors, predicted minus measured, in the unit of the quantity.

    Attributes:
        n: How many.
        mean: Mean error.
        mean_absolute: Mean absolute error.
        root_mean_square: Root mean square error.
        low: Lower end of the 90 % bootstrap interval of `root_mean_square`.
        high: Its upper end.
        absolute_low: Lower end of the 90 % bootstrap interval of `mean_absolute`.
        absolute_high: Its upper end.
    """

    n: int
    mean: float
    mean_absolute: float
    root_mean_square: float
    low: float
    high: float
    absolute_low: float
    absolute_high: float


@dataclass(frozen=True, slots=True)
class Paired:
    """Two predictions of the same points against each other.

    Attributes:
        difference: Mean absolute error of the first minus that of the second; below 0 the first is better.
        low: Lower end of its 90 % bootstrap interval, groups drawn together.
        high: Its upper end.
    """

    difference: float
    low: float
    high: float

    @property
    def is_better(self) -> bool:
        """Whether the whole interval says that the first is better."""
        return self.high < 0


def left_out_errors(raw: Real, measured: Real, groups: Sequence[Hashable]) -> Real:
    """Error of each point when the line is fitted to all points of other groups; shape (n,).

    A group of its own for every point leaves one out at a time; families as groups leave a family out.
    """
    errors = np.empty(measured.size)
    for group in dict.fromkeys(groups):
        inside = np.array([other == group for other in groups])
        errors[inside] = Line.fit(raw[~inside], measured[~inside])(raw[inside]) - measured[inside]
    return errors


def summary(errors: Real) -> Summary:
    """Mean, mean absolute and root mean square error; the interval is drawn with a fixed seed."""
    drawn = np.random.default_rng(_SEED).choice(errors, (BOOTSTRAP_SAMPLES, errors.size))
    low, high = np.quantile(np.sqrt(np.mean(drawn**2, axis=1)), (0.05, 0.95))
    absolute_low, absolute_high = np.quantile(np.mean(np.abs(drawn), axis=1), (0.05, 0.95))
    return Summary(
        n=errors.size,
        mean=float(errors.mean()),
        mean_absolute=float(np.abs(errors).mean()),
        root_mean_square=float(np.sqrt(np.mean(errors**2))),
        low=float(low),
        high=float(high),
        absolute_low=float(absolute_low),
        absolute_high=float(absolute_high),
    )


def normal_scale(errors: Real) -> float:
    """The standard error with which a normal distribution about zero predicts these errors best.

    Best by the continuous ranked probability score (Gneiting and others, Mon. Weather Rev. 2005, 133, 1098,
    doi:10.1175/MWR2904.1). The root mean square is best by the likelihood instead: a few large errors widen
    it until far more than 68 % lie within it.

    Args:
        errors: Predicted minus measured, shape (n,), not all zero.
    """
    from scipy.optimize import minimize_scalar  # noqa: PLC0415 - as below

    top = float(np.sqrt(np.mean(errors**2)))

    def score(width: float) -> float:
        return float(crps(errors, np.full(errors.size, width)).mean())

    return float(minimize_scalar(score, bounds=(0.01 * top, 2 * top), method="bounded").x)


def tailed_scale(errors: Real) -> tuple[float, float]:
    """Half the width that holds 68 % of the errors, and how much further out than normal 95 % of them lie.

    Args:
        errors: Predicted minus measured, shape (n,), not all zero.

    Returns:
        A standard error, and a factor of at least 1 to 1.96 of them.
    """
    one, two = np.quantile(np.abs(errors), SHARES)
    return float(one), max(float(two / (WIDE * one)), 1.0)


def crps(errors: Real, widths: Real) -> Real:
    """Continuous ranked probability score of normal distributions about zero, shape (n,); less is better.

    Args:
        errors: Predicted minus measured, shape (n,).
        widths: Standard deviations, shape (n,), above 0.
    """
    from scipy.special import ndtr  # noqa: PLC0415 - slow to import, needed in few commands

    z = errors / widths
    density = np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi)
    return np.asarray(widths * (z * (2 * ndtr(z) - 1) + 2 * density - np.pi**-0.5))


def root_mean_square(errors: Real) -> float:
    """The standard error of a normal distribution about zero that makes these errors most likely."""
    return float(np.sqrt(np.mean(errors**2)))


def left_out_scales(
    errors: Real, groups: Sequence[Hashable], scale: Callable[[Real], float] = normal_scale
) -> Real:
    """For each error the scale of those of other groups, shape (n,); two groups at least."""
    scales = np.empty(errors.size)
    for group in dict.fromkeys(groups):
        inside = np.array([other == group for other in groups])
        scales[inside] = scale(errors[~inside])
    return scales


def paired(first: Real, second: Real, groups: Sequence[Hashable]) -> Paired:
    """Whether the errors `first`, shape (n,), are smaller than `second` on the same points.

    What belongs together is drawn together: molecules of one scaffold share their errors.
    """
    names = {group: index for index, group in enumerate(dict.fromkeys(groups))}
    member = np.array([names[group] for group in groups])
    gain = np.abs(first) - np.abs(second)
    sums = np.bincount(member, gain, len(names))
    sizes = np.bincount(member, minlength=len(names))
    drawn = np.random.default_rng(_SEED).integers(len(names), size=(BOOTSTRAP_SAMPLES, len(names)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.quantile(means, (0.05, 0.95))
    return Paired(float(gain.mean()), float(low), float(high))


def macro_average(errors: Real, classes: Sequence[Hashable]) -> float:
    """Mean over classes of their mean absolute errors, so that a large class counts once."""
    labels = np.array([str(name) for name in classes])
    return float(np.mean([np.abs(errors[labels == name]).mean() for name in sorted(set(labels.tolist()))]))


def binomial_range(n: int, share: float) -> tuple[float, float]:
    """Central 95 % of the share found in `n` draws when `share` is true; equal tails.

    >>> binomial_range(100, 0.5)
    (0.4, 0.6)
    """
    from scipy.stats import binom  # noqa: PLC0415 - as above

    low, high = binom.ppf((0.025, 0.975), n, share)
    return float(low) / n, float(high) / n


def coverage(errors: Real, standard_error: float | Real, tail: float | Real = 1.0) -> tuple[float, float]:
    """Share of errors within one and within two (1.96) standard errors; wanted are `SHARES`.

    One standard error for all, or one for each, shape (n,); `tail` likewise, times which the latter reach.
    """
    size = np.abs(errors) / standard_error
    return float(np.mean(size <= 1.0)), float(np.mean(size <= WIDE * tail))
