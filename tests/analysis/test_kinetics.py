"""Rates: textbook numbers, conversions there and back, and the shift of a scan."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actinic.analysis.kinetics import RateLaw, gibbs_kcal_mol, law_from_scan
from actinic.analysis.measured_barriers import measured_barriers
from actinic.errors import InputError

HALF_HOUR_S = 1800.0
BOC = RateLaw.arrhenius(12.87, 37.74, 543.5)  # tert-butyl dimethylcarbamate, doi:10.1071/CH9800481
LAWS = st.builds(RateLaw, st.floats(15, 90), st.floats(-0.02, 0.03))


def test_arrhenius_parameters_give_their_own_rate_at_the_reference_temperature() -> None:
    wanted = 10**12.87 * math.exp(-37.74 / (1.987204259e-3 * 543.5))
    assert BOC.rate_s(543.5) == pytest.approx(wanted, rel=1e-9)
    away = 10**12.87 * math.exp(-37.74 / (1.987204259e-3 * 480.0))
    assert BOC.rate_s(480.0) == pytest.approx(away, rel=0.01)


def test_the_gibbs_energies_of_the_reference_table_follow_from_its_arrhenius_parameters() -> None:
    """The table prints them, derived by another program: 38.20 kcal/mol at 543.5 K."""
    assert BOC.gibbs_kcal_mol(543.5) == pytest.approx(38.20, abs=0.01)


def test_two_dimethylcarbamates_lie_69_degrees_apart_as_measured() -> None:
    isopropyl = RateLaw.arrhenius(13.04, 43.31, 543.5)
    apart_k = isopropyl.temperature_k(HALF_HOUR_S) - BOC.temperature_k(HALF_HOUR_S)
    assert apart_k == pytest.approx(69, abs=1)


def test_a_kilocalorie_is_thirteen_degrees() -> None:
    law = RateLaw(31.0, 0.0)
    assert law.shifted(1.0).temperature_k(HALF_HOUR_S) - law.temperature_k(HALF_HOUR_S) == pytest.approx(
        13, abs=1
    )


@given(LAWS, st.floats(1, 1e6))
def test_temperature_and_half_life_are_inverse(law: RateLaw, half_life_s: float) -> None:
    temperature_k = law.temperature_k(half_life_s)
    if 21 < temperature_k < 2999:
        assert law.half_life_s(temperature_k) == pytest.approx(half_life_s, rel=1e-6)


@given(LAWS, st.floats(250, 700))
def test_gibbs_energy_and_rate_are_inverse(law: RateLaw, temperature_k: float) -> None:
    rate = law.rate_s(temperature_k)
    if 1e-200 < rate < 1e12:
        assert gibbs_kcal_mol(rate, temperature_k) == pytest.approx(
            law.gibbs_kcal_mol(temperature_k), abs=1e-6
        )


def test_half_is_left_after_a_half_life() -> None:
    temperature_k = BOC.temperature_k(HALF_HOUR_S)
    assert BOC.survival(temperature_k, HALF_HOUR_S) == pytest.approx(0.5)
    assert BOC.survival(temperature_k, 2 * HALF_HOUR_S) == pytest.approx(0.25)


def test_the_peak_of_a_scan_is_where_the_integrated_rate_law_has_its_steepest_fall() -> None:
    """Against the rate law integrated in steps of 0.01 K, at 10 K/min."""
    law, left, steepest = RateLaw(30.0, 0.0), 1.0, (0.0, 0.0)
    for step in range(20_000):
        temperature_k = 320.0 + 0.01 * step
        lost = left * law.rate_s(temperature_k) * 0.06
        left -= lost
        steepest = max(steepest, (lost, temperature_k))
    assert law.scan_peak_k(10.0) == pytest.approx(steepest[1], abs=0.5)


def test_a_scan_at_ten_degrees_a_minute_peaks_35_to_60_degrees_above_the_isothermal_temperature() -> None:
    for measured in measured_barriers():
        law = measured.law
        if law is not None and 370 < law.temperature_k(HALF_HOUR_S) < 620:
            assert 33 < law.scan_peak_k(10.0) - law.temperature_k(HALF_HOUR_S) < 66, measured.id


@given(st.floats(20, 60), st.floats(0.5, 50))
def test_a_law_is_found_again_from_its_scan(enthalpy: float, heating: float) -> None:
    law = RateLaw(enthalpy, 0.002)
    found = law_from_scan(law.scan_peak_k(heating) - 273.15, heating, 0.002)
    assert found.enthalpy_kcal_mol == pytest.approx(enthalpy, abs=1e-3)


@pytest.mark.parametrize("bad", [0.0, -1.0])
def test_what_cannot_be_is_refused(bad: float) -> None:
    for call in (
        lambda: BOC.rate_s(bad),
        lambda: BOC.temperature_k(bad),
        lambda: BOC.scan_peak_k(bad),
        lambda: gibbs_kcal_mol(bad, 300.0),
        lambda: gibbs_kcal_mol(1e-4, bad),
        lambda: law_from_scan(-300.0, 10.0, 0.0),
    ):
        with pytest.raises(InputError):
            call()
