"""What the chemist wants, as small objects: gates that screen out, criteria that score."""

import math
from dataclasses import dataclass
from functools import cache, lru_cache
from statistics import fmean
from typing import Literal

from actinic.analysis.estimate import Estimate

Points = tuple[tuple[float, float], ...]
Scale = Literal["linear", "log"]

FLOOR = 0.01
"""Least desirability: a criterion missed altogether lowers the score a hundredfold per unit of weight
instead of erasing what the other criteria say. What is unknown counts as this."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition a candidate has to meet before anything more expensive is computed for it.

    Attributes:
        quantity: Name of the quantity.
        at_least: Lower bound in the quantity's unit; None for none.
        at_most: Upper bound; None for none.
        min_probability: Screened out when the probability to lie within the bounds is below this.
        reason: What the chemist reads of it.
    """

    quantity: str
    at_least: float | None
    at_most: float | None
    min_probability: float
    reason: str

    def verdict(self, quantities: dict[str, Estimate]) -> str | None:
        """Why the candidate is screened out; None when it passes or the quantity is not known."""
        estimate = quantities.get(self.quantity)
        if estimate is None:
            return None
        probability = fmean(float(self._inside(draw)) for draw in estimate.draws)
        if probability >= self.min_probability:
            return None
        bounds = [f"at least {self.at_least:g}"] if self.at_least is not None else []
        bounds += [f"at most {self.at_most:g}"] if self.at_most is not None else []
        return f"{self.reason}: {self.quantity} = {estimate.value:.4g}, wanted {' and '.join(bounds)}"

    def _inside(self, draw: float | None) -> bool:
        return (
            draw is not None
            and (self.at_least is None or draw >= self.at_least)
            and (self.at_most is None or draw <= self.at_most)
        )


@dataclass(frozen=True, slots=True)
class Criterion:
    """One wish: a quantity, and how desirable each of its values is.

    Attributes:
        name: Short name, used in column names.
        title: What the chemist reads of it.
        quantity: Name of the quantity it judges.
        points: (value, desirability) pairs, values ascending; straight lines between them, flat beyond.
        scale: Whether the lines are straight over the value or over its logarithm.
        weight: Exponent in the weighted geometric mean.
        roles: Candidates it applies to; empty for all.
    """

    name: str
    title: str
    quantity: str
    points: Points
    scale: Scale
    weight: float
    roles: tuple[str, ...]

    def applies_to(self, role: str) -> bool:
        """Whether a candidate of `role` is judged by it; one without a role always is."""
        return not self.roles or not role or role in self.roles

    def desirability(self, value: float) -> float:
        """Between 0 and 1, of one value in the quantity's unit.

        >>> wish = Criterion("dark", "silent at 532 nm", "a", ((10.0, 1.0), (1000.0, 0.0)), "log", 1.0, ())
        >>> wish.desirability(100.0)
        0.5
        """
        return _desirability(_scaled(value, self.scale), _scaled_points(self.points, self.scale))

    def drawn_desirabilities(self, estimate: Estimate | None) -> tuple[float, ...] | None:
        """Desirability of each equally likely value; None when the value is unknown or not calibrated.

        A draw in which the quantity does not exist counts as undesirable.
        """
        if estimate is None or not estimate.calibrated:
            return None
        return _drawn(self.points, self.scale, estimate.draws)

    def expected_desirability(self, estimate: Estimate | None) -> float | None:
        """Mean desirability over the error of the estimate, never below `FLOOR`.

        None when the value is unknown or outside what its calibration covers; draws as in
        `drawn_desirabilities`.
        """
        drawn = self.drawn_desirabilities(estimate)
        return None if drawn is None else max(FLOOR, fmean(drawn))


def _scaled(value: float, scale: Scale) -> float:
    return math.log10(max(value, 1e-12)) if scale == "log" else value


@cache
def _scaled_points(points: Points, scale: Scale) -> Points:
    return tuple((_scaled(x, scale), y) for x, y in points)


@lru_cache(maxsize=64)  # score, expectation and draws of one candidate ask for the same
def _drawn(points: Points, scale: Scale, draws: tuple[float | None, ...]) -> tuple[float, ...]:
    scaled = _scaled_points(points, scale)
    return tuple(0.0 if draw is None else _desirability(_scaled(draw, scale), scaled) for draw in draws)


def _desirability(position: float, points: Points) -> float:
    """Straight lines between the points, flat beyond."""
    x0, y0 = points[0]
    if position <= x0:
        return y0
    for x1, y1 in points[1:]:
        if position <= x1:
            return y0 + (y1 - y0) * (position - x0) / (x1 - x0)
        x0, y0 = x1, y1
    return y0
