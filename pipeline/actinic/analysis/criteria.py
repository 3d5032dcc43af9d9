"""What the chemist wants, as small objects: gates that screen out, criteria that score."""

import math
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from actinic.analysis.estimate import Estimate

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
    points: tuple[tuple[float, float], ...]
    scale: Literal["linear", "log"]
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
        position = self._scaled(value)
        (x0, y0), *rest = ((self._scaled(x), y) for x, y in self.points)
        if position <= x0:
            return y0
        for x1, y1 in rest:
            if position <= x1:
                return y0 + (y1 - y0) * (position - x0) / (x1 - x0)
            x0, y0 = x1, y1
        return y0

    def expected_desirability(self, estimate: Estimate | None) -> float | None:
        """Mean desirability over the error of the estimate, never below `FLOOR`.

        None when the value is unknown or outside what its calibration covers. A draw in which the
        quantity does not exist counts as undesirable.
        """
        if estimate is None or not estimate.calibrated:
            return None
        drawn = (0.0 if draw is None else self.desirability(draw) for draw in estimate.draws)
        return max(FLOOR, fmean(drawn))

    def _scaled(self, value: float) -> float:
        return math.log10(max(value, 1e-12)) if self.scale == "log" else value
