"""From desirabilities to score, limiting criterion and rank."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from actinic.analysis.criteria import FLOOR, Criterion
from actinic.analysis.estimate import Estimate

SCORE_DECIMALS = 4
"""Scores are compared and written at this many decimals, so that noise below it cannot change a rank."""


@dataclass(frozen=True, slots=True)
class Score:
    """How well one candidate meets the criteria.

    Attributes:
        value: Weighted geometric mean of the expected desirabilities, 0.01 to 1.
        desirabilities: One per criterion: None when the quantity is unknown (it counted as 0.01).
            Criteria that do not apply to the candidate's role are absent.
        limiting: The criterion that costs most, in words; empty when nothing costs anything.
    """

    value: float
    desirabilities: dict[str, float | None]
    limiting: str


def score(criteria: Sequence[Criterion], quantities: dict[str, Estimate], role: str) -> Score | None:
    """Judge one candidate; None when no criterion applies to its role."""
    applying = [c for c in criteria if c.applies_to(role)]
    if not applying:
        return None
    expected = {c.name: c.expected_desirability(quantities.get(c.quantity)) for c in applying}
    losses = {c.name: -c.weight * math.log(_counted(expected[c.name])) for c in applying}
    value = math.exp(-sum(losses.values()) / sum(c.weight for c in applying))
    worst = max(applying, key=lambda c: losses[c.name])
    return Score(
        value=round(value, SCORE_DECIMALS),
        desirabilities=expected,
        limiting=_in_words(worst, quantities.get(worst.quantity)) if losses[worst.name] > 0.005 else "",
    )


def ranks(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Dense ranks of shape (candidates,), 1 for the highest score; equal scores share one, NaN has 0.

    >>> ranks(np.array([0.2, np.nan, 0.9, 0.2])).tolist()
    [2, 0, 1, 2]
    """
    there = ~np.isnan(scores)
    different, places = np.unique(scores[there], return_inverse=True)
    found = np.zeros(len(scores), dtype=np.int64)
    found[there] = len(different) - places
    return found


def _counted(desirability: float | None) -> float:
    return FLOOR if desirability is None else desirability


def _in_words(criterion: Criterion, estimate: Estimate | None) -> str:
    if estimate is None:
        return f"{criterion.title}: {criterion.quantity} is not known"
    if not estimate.calibrated:
        return f"{criterion.title}: {criterion.quantity} lies outside its calibration"
    return f"{criterion.title}: {criterion.quantity} = {_shown(estimate.value)}"


def _shown(value: float) -> str:
    """Three digits, and no powers of ten for what is as good as nothing."""
    return "0" if abs(value) < 0.001 else f"{value:.3g}"
