"""Estimates, gates, criteria, scores and ranks."""

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actinic.analysis.criteria import FLOOR, Criterion, Gate
from actinic.analysis.estimate import Estimate
from actinic.analysis.ranking import ranks, score

BRIGHT = Criterion("bright", "answers", "a", ((10.0, 0.0), (1000.0, 1.0)), "log", 2.0, ())
SMALL = Criterion("small", "is small", "n", ((10.0, 1.0), (40.0, 0.0)), "linear", 1.0, ("ligand",))


def exactly(**values: float) -> dict[str, Estimate]:
    return {name: Estimate.exact(value) for name, value in values.items()}


@given(mean=st.floats(-10, 10), error=st.floats(0.01, 5))
def test_draws_reproduce_mean_standard_error_and_interval(mean: float, error: float) -> None:
    estimate = Estimate.normal(mean, error)
    assert estimate.standard_error == pytest.approx(error, rel=1e-6)
    assert sum(d for d in estimate.draws if d is not None) / len(estimate.draws) == pytest.approx(
        mean, abs=1e-9
    )
    low, high = estimate.interval() or (0.0, 0.0)
    assert high - low == pytest.approx(2 * error, rel=0.1)


@given(threshold=st.floats(-2.5, 2.5))
def test_probabilities_follow_the_normal_distribution(threshold: float) -> None:
    found = Estimate.normal(0.0, 1.0).probability(threshold)
    assert found == pytest.approx(1 - NormalDist().cdf(threshold), abs=0.03)


def test_a_draw_that_does_not_exist_leaves_no_standard_error() -> None:
    assert Estimate(1.0, (1.0, None)).standard_error is None
    assert Estimate(1.0, (1.0, None)).interval() is None
    assert Estimate(1.0, (1.0, None)).probability(0.5) == 0.5


@pytest.mark.parametrize(("value", "expected"), [(1.0, 0.0), (10.0, 0.0), (100.0, 0.5), (1e5, 1.0)])
def test_desirability_is_straight_over_the_logarithm_and_flat_beyond(value: float, expected: float) -> None:
    assert BRIGHT.desirability(value) == pytest.approx(expected)


def test_an_uncertain_value_is_less_desirable_than_a_sure_one_at_the_top() -> None:
    sure = SMALL.expected_desirability(Estimate.exact(10.0))
    unsure = SMALL.expected_desirability(Estimate.normal(10.0, 10.0))
    assert sure == 1.0
    assert unsure is not None
    assert unsure < 0.95


def test_unknown_and_uncalibrated_count_as_the_floor_and_are_shown_as_unknown() -> None:
    judged = score([BRIGHT], {}, "")
    assert judged is not None
    assert judged.value == FLOOR
    assert judged.desirabilities == {"bright": None}
    assert judged.limiting == "answers: a is not known"
    outside = score([BRIGHT], {"a": Estimate.normal(1e4, 1.0, calibrated=False)}, "")
    assert outside is not None
    assert outside.value == FLOOR
    assert "outside its calibration" in outside.limiting


def test_a_missing_value_never_beats_a_known_one() -> None:
    known, unknown = score([BRIGHT], exactly(a=0.0), ""), score([BRIGHT], {}, "")
    assert known is not None
    assert unknown is not None
    assert known.value >= unknown.value


def test_score_is_the_weighted_geometric_mean() -> None:
    judged = score([BRIGHT, SMALL], exactly(a=100.0, n=25.0), "ligand")
    assert judged is not None
    assert judged.value == pytest.approx((0.5**2 * 0.5) ** (1 / 3), abs=1e-4)


def test_a_criterion_for_another_role_does_not_apply() -> None:
    judged = score([BRIGHT, SMALL], exactly(a=1000.0, n=40.0), "htm")
    assert judged is not None
    assert judged.value == 1.0
    assert judged.limiting == ""
    assert score([SMALL], exactly(n=1.0), "htm") is None


@given(a=st.floats(1, 1e5), n=st.floats(1, 60), better=st.floats(1.0, 3.0))
def test_a_candidate_better_in_everything_never_scores_below(a: float, n: float, better: float) -> None:
    worse = score([BRIGHT, SMALL], exactly(a=a, n=n), "")
    best = score([BRIGHT, SMALL], exactly(a=a * better, n=n / better), "")
    assert worse is not None
    assert best is not None
    assert best.value >= worse.value


@given(st.lists(st.sampled_from([np.nan, 0.1, 0.5, 0.9]), max_size=8))
def test_ranks_do_not_depend_on_the_order_of_candidates(scores: list[float]) -> None:
    forward = ranks(np.array(scores)).tolist()
    assert forward == ranks(np.array(scores[::-1])).tolist()[::-1]
    # Duplicates share ranks and shift nobody.
    assert ranks(np.array(scores + scores)).tolist()[: len(scores)] == forward
    assert [rank == 0 for rank in forward] == [bool(np.isnan(score)) for score in scores]


@pytest.mark.parametrize(
    ("gate", "value", "out"),
    [
        (Gate("n", None, 60, 0.05, "too large"), 61.0, True),
        (Gate("n", None, 60, 0.05, "too large"), 60.0, False),
        (Gate("n", 5, None, 0.05, "too small"), 3.0, True),
    ],
)
def test_a_gate_screens_out_what_misses_its_bounds(gate: Gate, value: float, out: bool) -> None:
    verdict = gate.verdict(exactly(n=value))
    assert (verdict is not None) == out
    if verdict is not None:
        assert gate.reason in verdict
        assert f"n = {value:g}" in verdict


def test_a_gate_lets_the_unknown_and_the_unsure_pass() -> None:
    gate = Gate("e", -5.5, None, 0.05, "too deep")
    assert gate.verdict({}) is None
    assert gate.verdict({"e": Estimate.normal(-5.6, 0.15)}) is None
    assert gate.verdict({"e": Estimate.normal(-6.5, 0.15)}) is not None
