import numpy as np
import pytest

from actinic.analysis.estimate import tailed_quantiles
from actinic.analysis.validation import (
    SHARES,
    Line,
    binomial_range,
    coverage,
    left_out_errors,
    left_out_scales,
    macro_average,
    normal_scale,
    paired,
    summary,
    tailed_scale,
)


def test_a_line_is_recovered_and_applied() -> None:
    raw = np.array([50.0, 70.0, 90.0, 110.0])
    line = Line.fit(raw, 0.9 * raw + 4)
    assert line.slope == pytest.approx(0.9)
    assert line(np.array([100.0]))[0] == pytest.approx(94)


def test_the_left_out_point_does_not_help_to_predict_itself() -> None:
    raw = np.array([1.0, 2.0, 3.0, 4.0])
    measured = np.array([1.0, 2.0, 3.0, 9.0])
    assert left_out_errors(raw, measured, range(4))[3] == pytest.approx(-5)


def test_leaving_a_family_out_keeps_its_members_from_each_other() -> None:
    raw = np.array([1.0, 2.0, 3.0, 10.0, 11.0])
    measured = raw + np.array([0.0, 0.0, 0.0, 7.0, 7.0])
    errors = left_out_errors(raw, measured, ["a", "a", "a", "b", "b"])
    assert errors[3:] == pytest.approx([-7, -7])
    alone = left_out_errors(raw, measured, range(5))
    assert np.all(np.abs(alone[3:]) < 7)


def test_summary_of_known_errors() -> None:
    found = summary(np.array([3.0, -4.0]))
    assert (found.n, found.mean, found.mean_absolute) == (2, -0.5, 3.5)
    assert found.root_mean_square == pytest.approx(np.sqrt(12.5))
    assert found.low <= found.root_mean_square <= found.high


def test_the_interval_narrows_with_more_points_and_is_the_same_every_time() -> None:
    few = np.random.default_rng(1).normal(size=20)
    many = np.random.default_rng(1).normal(size=400)
    assert summary(many).high - summary(many).low < summary(few).high - summary(few).low
    assert summary(few) == summary(few)


def test_coverage_of_normal_errors() -> None:
    errors = 2.5 * np.random.default_rng(3).normal(size=4000)
    one, two = coverage(errors, 2.5)
    assert one == pytest.approx(0.68, abs=0.03)
    assert two == pytest.approx(0.95, abs=0.02)


def test_the_scale_of_normal_errors_is_their_deviation() -> None:
    errors = 2.5 * np.random.default_rng(3).normal(size=4000)
    assert normal_scale(errors) == pytest.approx(2.5, rel=0.03)


def test_a_few_large_errors_do_not_widen_the_scale_for_all() -> None:
    errors = np.random.default_rng(3).normal(size=60)
    with_two = np.append(errors, [8.0, -8.0])
    assert normal_scale(with_two) < 1.25 * normal_scale(errors)
    assert summary(with_two).root_mean_square > 1.5 * summary(errors).root_mean_square
    one, _ = coverage(with_two, normal_scale(with_two))
    assert one == pytest.approx(0.68, abs=0.06)


def test_tails_longer_than_normal_are_found_and_both_intervals_hold() -> None:
    generator = np.random.default_rng(11)
    normal = 0.2 * generator.normal(size=4000)
    standard_error, tail = tailed_scale(normal)
    assert standard_error == pytest.approx(0.2, rel=0.04)
    assert tail == pytest.approx(1.0, abs=0.04)
    long = normal * np.where(generator.random(4000) < 0.15, 4.0, 1.0)
    standard_error, tail = tailed_scale(long)
    assert standard_error < 0.26
    assert tail > 1.4
    assert coverage(long, standard_error, tail) == pytest.approx(SHARES, abs=0.01)
    drawn = standard_error * np.array(tailed_quantiles(tail))
    assert np.quantile(np.abs(drawn), 0.95) == pytest.approx(np.quantile(np.abs(long), 0.95), rel=0.25)
    assert np.quantile(np.abs(drawn), 0.68) == pytest.approx(np.quantile(np.abs(long), 0.68), rel=0.1)


def test_tails_shorter_than_normal_are_not_claimed() -> None:
    assert tailed_scale(np.array([-0.2, 0.2, 0.2, -0.2]))[1] == 1.0


def test_a_group_has_the_scale_of_the_others() -> None:
    errors = np.array([0.1, -0.1, 0.1, -0.1, 5.0, 5.0])
    scales = left_out_scales(errors, ["a", "a", "b", "b", "c", "c"])
    assert scales[4] == pytest.approx(normal_scale(errors[:4]))
    assert scales[0] > 10 * scales[4]


def test_a_prediction_that_is_always_closer_is_better_and_noise_is_not() -> None:
    generator = np.random.default_rng(7)
    worse = generator.normal(size=60)
    assert paired(0.5 * worse, worse, range(60)).is_better
    assert not paired(generator.permutation(worse), worse, range(60)).is_better


def test_groups_are_drawn_together_and_widen_the_interval() -> None:
    gain = np.repeat(np.random.default_rng(8).normal(size=10), 6)
    alone = paired(1 + gain, np.ones(60), range(60))
    together = paired(1 + gain, np.ones(60), [i // 6 for i in range(60)])
    assert together.high - together.low > 1.5 * (alone.high - alone.low)
    assert together.difference == pytest.approx(alone.difference)


def test_the_macro_average_counts_a_large_class_once() -> None:
    errors = np.array([0.1] * 9 + [0.5])
    assert macro_average(errors, ["azo"] * 9 + ["nitro"]) == pytest.approx(0.3)


def test_the_binomial_range_holds_95_of_100_sets() -> None:
    low, high = binomial_range(45, 0.6827)
    shares = (np.random.default_rng(9).uniform(size=(4000, 45)) < 0.6827).mean(axis=1)
    assert np.mean((shares >= low) & (shares <= high)) >= 0.95


def test_coverage_takes_an_error_for_each_point() -> None:
    assert coverage(np.array([1.0, 1.0]), np.array([2.0, 0.4])) == (0.5, 0.5)
