import numpy as np
import pytest

from actinic.analysis.forecast import forecast


def test_perfect_probabilities_score_perfectly() -> None:
    outcomes = np.array([True, True, False, False, False])
    found = forecast(outcomes.astype(float), outcomes)
    assert (found.balanced_accuracy, found.brier) == (1.0, 0.0)
    assert found.brier_base == pytest.approx(0.24)


def test_balanced_accuracy_is_not_bought_by_the_larger_class() -> None:
    outcomes = np.array([True] * 2 + [False] * 18)
    assert forecast(np.zeros(20), outcomes).balanced_accuracy == 0.5


def test_the_brier_score_of_even_odds_is_a_quarter() -> None:
    assert forecast(np.full(4, 0.5), np.array([True, False, True, False])).brier == 0.25


def test_a_reliable_forecast_lies_within_its_ranges_and_an_overconfident_one_does_not() -> None:
    generator = np.random.default_rng(5)
    probabilities = generator.uniform(size=2000)
    outcomes = generator.uniform(size=2000) < probabilities
    honest = forecast(probabilities, outcomes)
    assert sum(row.is_reliable for row in honest.reliability) >= len(honest.reliability) - 1
    sharpened = np.where(probabilities > 0.5, 0.97, 0.03)
    assert not any(row.is_reliable for row in forecast(sharpened, outcomes).reliability)


def test_every_prediction_is_in_one_bin() -> None:
    probabilities = np.array([0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0])
    outcomes = probabilities > 0.4
    assert sum(row.n for row in forecast(probabilities, outcomes).reliability) == 7
