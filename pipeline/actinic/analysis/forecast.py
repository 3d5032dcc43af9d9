"""Probabilities against what happened: balanced accuracy, Brier score, reliability."""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from actinic.analysis.validation import binomial_range

Real = NDArray[np.float64]

BIN_EDGES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
"""Bins of the reliability table: narrow where a prediction claims to be sure."""


@dataclass(frozen=True, slots=True)
class ReliabilityRow:
    """Predictions of about the same probability.

    Attributes:
        low: Probability the bin begins with.
        high: Probability it ends with.
        n: Predictions in it.
        predicted: Their mean probability.
        observed: Share that came true.
        range_low: Where the observed share should lie in 95 of 100 cases if `predicted` is right: lower end.
        range_high: Its upper end.
    """

    low: float
    high: float
    n: int
    predicted: float
    observed: float
    range_low: float
    range_high: float

    @property
    def is_reliable(self) -> bool:
        """Whether the observed share lies where it should."""
        return self.range_low <= self.observed <= self.range_high


@dataclass(frozen=True, slots=True)
class Forecast:
    """How good a set of probabilities is.

    Attributes:
        n: How many.
        n_true: How many came true.
        balanced_accuracy: Mean of the shares right among what came true and what did not, called at 0.5.
        balanced_low: Lower end of its 90 % bootstrap interval.
        balanced_high: Its upper end.
        brier: Mean squared difference of probability and outcome (0 or 1).
        brier_base: The same of always saying the share that came true.
        reliability: Rows of the reliability table, bins without predictions left out.
    """

    n: int
    n_true: int
    balanced_accuracy: float
    balanced_low: float
    balanced_high: float
    brier: float
    brier_base: float
    reliability: tuple[ReliabilityRow, ...]


def forecast(probabilities: Real, outcomes: NDArray[np.bool_]) -> Forecast:
    """Judge probabilities, shape (n,), by their outcomes, shape (n,), of which both kinds have to occur."""
    generator = np.random.default_rng(20263)
    yes, no = np.flatnonzero(outcomes), np.flatnonzero(~outcomes)
    right = (probabilities > 0.5) == outcomes
    # Drawn within each kind: a sample without one of them has no balanced accuracy.
    drawn = [right[generator.choice(kind, (2000, kind.size))].mean(axis=1) for kind in (yes, no)]
    low, high = np.quantile(0.5 * (drawn[0] + drawn[1]), (0.05, 0.95))
    share = float(outcomes.mean())
    return Forecast(
        n=outcomes.size,
        n_true=yes.size,
        balanced_accuracy=float(0.5 * (right[yes].mean() + right[no].mean())),
        balanced_low=float(low),
        balanced_high=float(high),
        brier=float(np.mean((probabilities - outcomes) ** 2)),
        brier_base=share * (1 - share),
        reliability=tuple(_rows(probabilities, outcomes)),
    )


def _rows(probabilities: Real, outcomes: NDArray[np.bool_]) -> list[ReliabilityRow]:
    rows = []
    for low, high in itertools.pairwise(BIN_EDGES):
        last = high == BIN_EDGES[-1]
        inside = (probabilities >= low) & ((probabilities <= high) if last else (probabilities < high))
        n = int(inside.sum())
        if n:
            mean = float(probabilities[inside].mean())
            expected = binomial_range(n, min(max(mean, 0.0), 1.0))
            rows.append(ReliabilityRow(low, high, n, mean, float(outcomes[inside].mean()), *expected))
    return rows
