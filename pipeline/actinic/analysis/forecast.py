"""Probabilities against what happened: balanced accuracy, Brier score, reliability."""

import itertools
from collections.abc import Sequence
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
class ThresholdRow:
    """Calls made from a probability on.

    Attributes:
        name: How the threshold was found.
        low_threshold: The lowest of those used; one for each group left out.
        high_threshold: The highest.
        balanced_accuracy: Mean of the shares right among what came true and what did not.
        low: Lower end of its 90 % bootstrap interval, the calls as they were made.
        high: Its upper end.
    """

    name: str
    low_threshold: float
    high_threshold: float
    balanced_accuracy: float
    low: float
    high: float


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
        thresholds: The same accuracy with other thresholds than 0.5, which comes first.
    """

    n: int
    n_true: int
    balanced_accuracy: float
    balanced_low: float
    balanced_high: float
    brier: float
    brier_base: float
    reliability: tuple[ReliabilityRow, ...]
    thresholds: tuple[ThresholdRow, ...]


def forecast(probabilities: Real, outcomes: NDArray[np.bool_], groups: Sequence[str]) -> Forecast:
    """Judge probabilities, shape (n,), by their outcomes, shape (n,), of which both kinds have to occur.

    A threshold is looked for on what belongs to other `groups`, where both kinds have to occur, too.
    """
    at_half = _threshold_row("0.5", probabilities, outcomes, np.full(outcomes.size, 0.5))
    share = float(outcomes.mean())
    return Forecast(
        n=outcomes.size,
        n_true=int(outcomes.sum()),
        balanced_accuracy=at_half.balanced_accuracy,
        balanced_low=at_half.low,
        balanced_high=at_half.high,
        brier=float(np.mean((probabilities - outcomes) ** 2)),
        brier_base=share * (1 - share),
        reliability=tuple(_rows(probabilities, outcomes)),
        thresholds=(at_half, *_other_thresholds(probabilities, outcomes, groups)),
    )


def balanced_accuracy(probabilities: Real, outcomes: NDArray[np.bool_]) -> float:
    """Mean of the shares right among what came true and what did not, called at 0.5; arrays of shape (n,)."""
    return _balanced((probabilities > 0.5) == outcomes, outcomes)


def best_threshold(probabilities: Real, outcomes: NDArray[np.bool_]) -> float:
    """The threshold of highest balanced accuracy; of equals the middle of the widest gap in probability."""
    values = np.unique(np.concatenate([[0.0], probabilities, [1.0]]))
    middles = 0.5 * (values[1:] + values[:-1])
    found = np.array([_balanced((probabilities > one) == outcomes, outcomes) for one in middles])
    best = np.flatnonzero(found >= found.max() - 1e-12)
    return float(middles[best[np.argmax(np.diff(values)[best])]])


def _other_thresholds(
    probabilities: Real, outcomes: NDArray[np.bool_], groups: Sequence[str]
) -> list[ThresholdRow]:
    names = np.array(groups)
    chosen = np.empty(outcomes.size)
    for name in dict.fromkeys(groups):
        inside = names == name
        chosen[inside] = best_threshold(probabilities[~inside], outcomes[~inside])
    return [
        # That of all: without the one judged it would be lower for what came true, which gives it away.
        _threshold_row(
            "share that came true", probabilities, outcomes, np.full(outcomes.size, outcomes.mean())
        ),
        _threshold_row("best on other scaffolds", probabilities, outcomes, chosen),
    ]


def _threshold_row(
    name: str, probabilities: Real, outcomes: NDArray[np.bool_], thresholds: Real
) -> ThresholdRow:
    generator = np.random.default_rng(20263)
    right = (probabilities > thresholds) == outcomes
    # Drawn within each kind: a sample without one of them has no balanced accuracy.
    kinds = (np.flatnonzero(outcomes), np.flatnonzero(~outcomes))
    drawn = [right[generator.choice(kind, (2000, kind.size))].mean(axis=1) for kind in kinds]
    low, high = np.quantile(0.5 * (drawn[0] + drawn[1]), (0.05, 0.95))
    return ThresholdRow(
        name,
        float(thresholds.min()),
        float(thresholds.max()),
        _balanced(right, outcomes),
        float(low),
        float(high),
    )


def _balanced(right: NDArray[np.bool_], outcomes: NDArray[np.bool_]) -> float:
    return float(0.5 * (right[outcomes].mean() + right[~outcomes].mean()))


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
