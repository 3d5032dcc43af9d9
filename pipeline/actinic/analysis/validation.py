"""How far a calibrated quantity is off on molecules it never saw: left-out errors, their spread, coverage."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Real = NDArray[np.float64]

BOOTSTRAP_SAMPLES = 2000
_SEED = 20261


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
    """

    n: int
    mean: float
    mean_absolute: float
    root_mean_square: float
    low: float
    high: float


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
    return Summary(
        n=errors.size,
        mean=float(errors.mean()),
        mean_absolute=float(np.abs(errors).mean()),
        root_mean_square=float(np.sqrt(np.mean(errors**2))),
        low=float(low),
        high=float(high),
    )


def coverage(errors: Real, standard_error: float) -> tuple[float, float]:
    """Share of errors within one and within two (1.96) standard errors; wanted are 0.68 and 0.95."""
    size = np.abs(errors) / standard_error
    return float(np.mean(size <= 1.0)), float(np.mean(size <= 1.96))
