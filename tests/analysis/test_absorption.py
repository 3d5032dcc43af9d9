"""Absorptivity, band maximum and edges against analytic limits."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import trapezoid

from actinic.analysis.absorption import (
    EDGE_FRACTION,
    SIGMA_MAXIMUM_EV,
    STEP_EV,
    Sticks,
    band_edge_ev,
    lowest_maximum_ev,
    molar_absorptivity_l_mol_cm,
    response_edge_ev,
)
from actinic.units import INVERSE_CM_PER_EV

WIDTH_EV = 0.18


def one_band(energy_ev: float, strength: float, covered_ev: float = 8.0) -> Sticks:
    return Sticks((energy_ev,), (strength,), covered_ev)


@pytest.mark.parametrize("sigma_ev", [0.05, 0.15, 0.20])
def test_the_area_under_a_band_gives_back_its_oscillator_strength(sigma_ev: float) -> None:
    # f = 4.319e-9 * integral of absorptivity over wavenumber (textbook value, four digits)
    energies_ev = np.linspace(2.0, 6.0, 8001)
    curve = molar_absorptivity_l_mol_cm(one_band(4.0, 0.3), energies_ev, sigma_ev)
    area = trapezoid(curve, energies_ev * INVERSE_CM_PER_EV)
    assert 4.319e-9 * area == pytest.approx(0.3, rel=1e-4)


def test_a_band_of_strength_one_hundredth_is_570_high() -> None:
    # method note: a band of f = 0.01, broadened with 0.20 eV, is about 570 L mol-1 cm-1 high
    height = molar_absorptivity_l_mol_cm(one_band(4.0, 0.01), np.array([4.0]), SIGMA_MAXIMUM_EV)
    assert height[0] == pytest.approx(572, abs=2)


def test_a_lone_band_has_its_maximum_at_its_stick() -> None:
    assert lowest_maximum_ev(one_band(4.1234, 0.2)) == pytest.approx(4.1234, abs=1e-4)


def test_the_edge_of_a_lone_band_lies_where_a_gaussian_has_a_tenth() -> None:
    expected_ev = 4.0 - WIDTH_EV * np.sqrt(-2 * np.log(EDGE_FRACTION))
    assert band_edge_ev(one_band(4.0, 0.2), WIDTH_EV) == pytest.approx(expected_ev, abs=2e-3)


def test_a_dark_low_state_does_not_move_the_band_edge() -> None:
    bright = one_band(4.0, 0.5)
    with_dark = Sticks((3.2, 4.0), (1e-5, 0.5), 8.0)
    assert band_edge_ev(with_dark, WIDTH_EV) == pytest.approx(band_edge_ev(bright, WIDTH_EV), abs=1e-3)


def test_a_weak_low_band_is_a_band_from_50_l_mol_cm() -> None:
    # The lowest band of toluene (f = 0.002) is what spectra report; one of f = 0.0005 (29 high) is not seen.
    assert lowest_maximum_ev(Sticks((3.4, 4.6), (0.002, 0.5), 8.0)) == pytest.approx(3.4, abs=0.01)
    assert lowest_maximum_ev(Sticks((3.4, 4.6), (0.0005, 0.5), 8.0)) == pytest.approx(4.6, abs=0.01)


def test_the_response_edge_asks_for_100_l_mol_cm() -> None:
    weak = response_edge_ev(Sticks((3.4, 4.6), (0.004, 0.5), 8.0), WIDTH_EV)
    hidden = response_edge_ev(Sticks((3.4, 4.6), (0.001, 0.5), 8.0), WIDTH_EV)
    assert weak is not None
    assert hidden is not None
    assert weak < 3.4 < hidden


def test_nothing_below_the_covered_energy_means_no_band_and_no_edge() -> None:
    dark = Sticks((), (), 6.5)
    assert lowest_maximum_ev(dark) is None
    assert band_edge_ev(dark, WIDTH_EV) is None
    assert response_edge_ev(dark, WIDTH_EV) is None


def test_a_maximum_beyond_the_covered_energy_is_not_reported() -> None:
    assert lowest_maximum_ev(one_band(5.0, 0.3, covered_ev=4.9)) is None


def test_two_close_bands_merge_into_one_maximum_between_them() -> None:
    merged_ev = lowest_maximum_ev(Sticks((4.0, 4.2), (0.1, 0.1), 8.0))
    assert merged_ev == pytest.approx(4.1, abs=0.01)


@given(shift_ev=st.floats(-1.0, 1.0))
def test_a_rigid_shift_moves_maximum_and_edge_by_itself(shift_ev: float) -> None:
    sticks = Sticks((3.9, 4.6, 5.5), (0.02, 0.3, 0.1), 7.0)
    for quantity in (
        lowest_maximum_ev,
        partial(band_edge_ev, width_ev=WIDTH_EV),
        partial(response_edge_ev, width_ev=WIDTH_EV),
    ):
        before, after = quantity(sticks), quantity(sticks.shifted(shift_ev))
        assert before is not None
        assert after is not None
        # The window in which the height is looked for ends a step earlier or later after a shift.
        assert after - before == pytest.approx(shift_ev, abs=STEP_EV)


@given(st.permutations([(3.9, 0.02), (4.6, 0.3), (5.5, 0.1)]))
def test_the_order_of_the_sticks_does_not_matter(pairs: list[tuple[float, float]]) -> None:
    sticks = Sticks(tuple(e for e, _ in pairs), tuple(f for _, f in pairs), 7.0)
    assert band_edge_ev(sticks, WIDTH_EV) == pytest.approx(3.52, abs=0.2)
    assert lowest_maximum_ev(sticks) == pytest.approx(3.9617, abs=1e-3)
