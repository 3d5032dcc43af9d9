"""A handful of own measurements helps where there is something in common, and does no harm elsewhere."""

import numpy as np
import pytest

from actinic.analysis.calibration import AbsorptionCalibration
from actinic.analysis.local_calibration import LocalCalibration, local_shift, local_trial, shared_share
from actinic.analysis.validation import Real

ERROR_EV, SHARE = 0.18, 0.5


def _errors(common_ev: float, generator: np.random.Generator, n: int) -> Real:
    return np.asarray(common_ev + ERROR_EV * np.sqrt(1 - SHARE) * generator.normal(size=n))


def _mean_errors(common_ev: float, n_measured: int) -> tuple[float, float]:
    """Mean absolute error of molecules not measured, before and after; over 400 laboratories."""
    generator = np.random.default_rng(3)
    before, after = [], []
    for _ in range(400):
        errors = _errors(common_ev, generator, n_measured + 20)
        found = local_shift((-errors[:n_measured]).tolist(), ERROR_EV, SHARE)
        before.append(np.abs(errors[n_measured:]).mean())
        after.append(np.abs(errors[n_measured:] + found.shift_ev).mean())
    return float(np.mean(before)), float(np.mean(after))


def test_three_measurements_help_where_all_are_off_by_the_same() -> None:
    before, after = _mean_errors(0.2, 3)
    assert after < 0.7 * before


def test_three_measurements_do_no_harm_where_there_is_nothing_in_common() -> None:
    before, after = _mean_errors(0.0, 3)
    assert after < 1.1 * before


def test_they_help_on_average_over_what_the_shipped_error_expects() -> None:
    common = ERROR_EV * np.sqrt(SHARE) * np.random.default_rng(4).normal(size=30)
    pairs = np.array([_mean_errors(one, 3) for one in common])
    assert pairs[:, 1].mean() < 0.9 * pairs[:, 0].mean()


def test_one_measurement_moves_less_than_ten_and_claims_less() -> None:
    one, ten = (local_shift([0.2] * n, ERROR_EV, SHARE) for n in (1, 10))
    assert 0 < one.shift_ev < ten.shift_ev < 0.2
    assert ten.standard_error_ev < one.standard_error_ev <= ERROR_EV


def test_scattered_measurements_widen_the_error() -> None:
    calm = local_shift([0.1, 0.1, 0.1, 0.1], ERROR_EV, SHARE)
    wild = local_shift([0.9, -0.7, 0.5, -0.3], ERROR_EV, SHARE)
    assert wild.standard_error_ev > 2 * calm.standard_error_ev


def test_the_claimed_error_holds_on_molecules_not_measured() -> None:
    generator = np.random.default_rng(6)
    sizes = []
    for _ in range(1500):
        common = ERROR_EV * np.sqrt(SHARE) * generator.normal()
        errors = _errors(common, generator, 4)
        found = local_shift((-errors[:3]).tolist(), ERROR_EV, SHARE)
        sizes.append(abs(errors[3] + found.shift_ev) / found.standard_error_ev)
    assert np.mean(np.array(sizes) <= 1) == pytest.approx(0.68, abs=0.04)


def test_the_shared_part_of_the_error_is_found() -> None:
    generator = np.random.default_rng(5)
    groups = [f"g{i // 8}" for i in range(400)]
    common = np.repeat(generator.normal(size=50), 8)
    assert shared_share(common + generator.normal(size=400), groups) == pytest.approx(0.5, abs=0.12)
    assert shared_share(generator.normal(size=400), groups) == pytest.approx(0.1, abs=0.05)


def test_a_trial_on_molecules_off_by_the_same_says_so() -> None:
    errors = _errors(0.25, np.random.default_rng(7), 20)
    found = local_trial("film", errors, ERROR_EV, SHARE, 3)
    assert found.after_ev < 0.8 * found.before_ev
    assert found.worse < 0.1


def test_the_correction_moves_line_and_error_and_nothing_else() -> None:
    shipped = AbsorptionCalibration(0.8, 0.6, 0.18, 0.14, 0.3, 0.6, -0.4, 0.3, 22, 2.5, 5.4, 45)
    local = LocalCalibration(absorption=local_shift([-0.3] * 5, 0.18, SHARE))
    moved = local.on_absorption(shipped)
    assert local.absorption is not None
    assert moved.shift_ev(4.0) == pytest.approx(shipped.shift_ev(4.0) + local.absorption.shift_ev)
    assert moved.standard_error_ev < 0.18
    assert LocalCalibration().on_absorption(shipped) is shipped
