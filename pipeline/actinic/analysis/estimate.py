"""A number with its error: the best value and equally likely alternatives.

Carrying alternatives instead of one standard error lets a steep, skewed quantity, such as the
absorptivity on the flank of a band, keep its true asymmetric uncertainty.
"""

import math
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist, fmean, pstdev

N_DRAWS = 33
"""Equally likely quantiles that stand for a normal error; mean of a step function is right to 1.5 %."""

WIDE = 1.96
"""Within as many standard errors lie 95 % of normal errors."""

INDEPENDENT_STRIDE, INDEPENDENT_OFFSET = 8, 26
THIRD_STRIDE, THIRD_OFFSET = 28, 9
FOURTH_STRIDE, FOURTH_OFFSET = 13, 28


@cache
def standard_quantiles() -> tuple[float, ...]:
    """Midpoint quantiles of the standard normal distribution, scaled to unit standard deviation.

    >>> round(sum(standard_quantiles()), 9), len(standard_quantiles())
    (0.0, 33)
    """
    normal = NormalDist()
    raw = [normal.inv_cdf((i + 0.5) / N_DRAWS) for i in range(N_DRAWS)]
    scale = pstdev(raw)
    return tuple(q / scale for q in raw)


@cache
def tailed_quantiles(tail: float) -> tuple[float, ...]:
    """The same quantiles with those beyond one standard error moved out, at 1.96 by a factor of `tail`.

    >>> tailed_quantiles(1.0) == standard_quantiles()
    True
    >>> round(max(tailed_quantiles(1.5)) / max(standard_quantiles()), 1)
    1.7
    """
    return tuple(q * tail ** max((abs(q) - 1) / (WIDE - 1), 0.0) for q in standard_quantiles())


@cache
def independent_quantiles() -> tuple[float, ...]:
    """The same quantiles in an order of their own, for a second, independent error.

    A stride coprime to their number visits each once; this one leaves a correlation of 0.007.

    >>> first, second = standard_quantiles(), independent_quantiles()
    >>> sorted(first) == sorted(second), abs(sum(a * b for a, b in zip(first, second))) / N_DRAWS < 0.01
    (True, True)
    """
    ordered = standard_quantiles()
    return tuple(ordered[(i * INDEPENDENT_STRIDE + INDEPENDENT_OFFSET) % N_DRAWS] for i in range(N_DRAWS))


@cache
def third_quantiles() -> tuple[float, ...]:
    """The same quantiles in a third order, nearly uncorrelated with the other two.

    >>> def correlation(a, b): return abs(sum(x * y for x, y in zip(a, b))) / N_DRAWS
    >>> correlation(third_quantiles(), standard_quantiles()) < 0.02
    True
    >>> correlation(third_quantiles(), independent_quantiles()) < 0.02
    True
    """
    ordered = standard_quantiles()
    return tuple(ordered[(i * THIRD_STRIDE + THIRD_OFFSET) % N_DRAWS] for i in range(N_DRAWS))


@cache
def fourth_quantiles() -> tuple[float, ...]:
    """The same quantiles in a fourth order, nearly uncorrelated with the other three.

    >>> def correlation(a, b): return abs(sum(x * y for x, y in zip(a, b))) / N_DRAWS
    >>> others = standard_quantiles(), independent_quantiles(), third_quantiles()
    >>> max(correlation(fourth_quantiles(), one) for one in others) < 0.03
    True
    """
    ordered = standard_quantiles()
    return tuple(ordered[(i * FOURTH_STRIDE + FOURTH_OFFSET) % N_DRAWS] for i in range(N_DRAWS))


@dataclass(frozen=True, slots=True)
class Estimate:
    """One physical quantity of one candidate.

    Attributes:
        value: Best value, in the unit the quantity's name ends in.
        draws: Equally likely values under the calibration error; just `value` for an exact quantity.
            A draw of None means that the quantity would not exist there (a band that left the window).
        calibrated: Whether the error comes from a comparison with experiment that covers this molecule.
    """

    value: float
    draws: tuple[float | None, ...]
    calibrated: bool = True

    @classmethod
    def exact(cls, value: float) -> "Estimate":
        """A quantity without error, such as a count of atoms."""
        return cls(value, (value,))

    @classmethod
    def normal(cls, value: float, standard_error: float, *, calibrated: bool = True) -> "Estimate":
        """A quantity with a symmetric normal error."""
        draws = tuple(value + standard_error * q for q in standard_quantiles())
        return cls(value, draws, calibrated)

    @property
    def standard_error(self) -> float | None:
        """Standard deviation of the draws; None when some draws do not exist, 0 for an exact quantity."""
        present = [d for d in self.draws if d is not None]
        if len(present) < len(self.draws):
            return None
        mean = fmean(present)  # statistics.pstdev is exact, and fifty times slower
        return math.sqrt(math.fsum((d - mean) ** 2 for d in present) / len(present))

    def interval(self) -> tuple[float, float] | None:
        """Central 68 % of the draws; None when some draws do not exist."""
        present = sorted(d for d in self.draws if d is not None)
        if len(present) < len(self.draws):
            return None
        skipped = round(0.16 * (len(present) - 1))
        return present[skipped], present[-1 - skipped]

    def probability(self, at_least: float) -> float:
        """Share of draws at or above `at_least`; a draw that does not exist is not."""
        return fmean(float(d is not None and d >= at_least) for d in self.draws)
