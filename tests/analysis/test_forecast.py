import numpy as np
import pytest
from numpy.typing import NDArray

from actinic.analysis.forecast import Forecast, best_threshold, forecast


def judged(probabilities: NDArray[np.float64], outcomes: NDArray[np.bool_]) -> Forecast:
    """Five groups, of which the others hold both kinds."""
    return forecast(probabilities, outcomes, [f"g{i % 5}" for i in range(outcomes.size)])


def test_perfect_probabilities_score_perfectly() -> None:
    outcomes = np.array([True, True, False, False, False])
    found = judged(outcomes.astype(float), outcomes)
    assert (found.balanced_accuracy, found.brier) == (1.0, 0.0)
    assert found.brier_base == pytest.approx(0.24)


def test_balanced_accuracy_is_not_bought_by_the_larger_class() -> None:
    outcomes = np.array([True] * 2 + [False] * 18)
    assert judged(np.zeros(20), outcomes).balanced_accuracy == 0.5


def test_the_brier_score_of_even_odds_is_a_quarter() -> None:
    assert judged(np.full(4, 0.5), np.array([True, False, True, False])).brier == 0.25


def test_a_reliable_forecast_lies_within_its_ranges_and_an_overconfident_one_does_not() -> None:
    generator = np.random.default_rng(5)
    probabilities = generator.uniform(size=2000)
    outcomes = generator.uniform(size=2000) < probabilities
    honest = judged(probabilities, outcomes)
    assert sum(row.is_reliable for row in honest.reliability) >= len(honest.reliability) - 1
    sharpened = np.where(probabilities > 0.5, 0.97, 0.03)
    assert not any(row.is_reliable for row in judged(sharpened, outcomes).reliability)


def test_every_prediction_is_in_one_bin() -> None:
    probabilities = np.array([0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0])
    outcomes = probabilities > 0.4
    assert sum(row.n for row in judged(probabilities, outcomes).reliability) == 7


def test_the_best_threshold_lies_in_the_widest_gap_that_tells_the_kinds_apart() -> None:
    probabilities = np.array([0.05, 0.1, 0.3, 0.35])
    assert best_threshold(probabilities, np.array([False, False, True, True])) == pytest.approx(0.2)


def test_forecasts_that_are_too_low_are_mended_by_another_threshold_and_the_first_row_stays() -> None:
    generator = np.random.default_rng(8)
    outcomes = generator.uniform(size=400) < 0.4
    probabilities = np.where(outcomes, 0.4, 0.1) + generator.uniform(0, 0.05, 400)
    found = judged(probabilities, outcomes)
    first, at_share, chosen = found.thresholds
    assert first.balanced_accuracy == found.balanced_accuracy == 0.5
    assert at_share.low_threshold == at_share.high_threshold == outcomes.mean()
    assert chosen.balanced_accuracy == 1.0
    assert 0.15 < chosen.low_threshold <= chosen.high_threshold < 0.4


def test_a_threshold_is_chosen_without_the_group_it_judges() -> None:
    probabilities = np.array([0.1, 0.2, 0.8, 0.9, 0.55, 0.6])
    outcomes = np.array([False, False, True, True, False, False])
    groups = ["a", "b", "a", "b", "odd", "odd"]
    chosen = forecast(probabilities, outcomes, groups).thresholds[-1]
    assert chosen.low_threshold == pytest.approx(0.5)
    assert chosen.balanced_accuracy == pytest.approx(0.75)
