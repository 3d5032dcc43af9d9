"""Light in a film: Beer and Lambert, nanocrystals against measurement, unknown lines, doses."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actinic.analysis.dose import QuantumYield, class_yield, dose, half_dose_mj_cm2
from actinic.analysis.estimate import Estimate, standard_quantiles
from actinic.analysis.host import Host, Material, dot_absorption_per_cm, light_quantities, material
from actinic.errors import InputError

CLEAR = Material("glass", ((200.0, 0.0), (800.0, 0.0)), 1.0, 1.3, "test")
DARK = Material("soot", ((200.0, 1e5), (800.0, 1e5)), 1.0, 1.3, "test")


def spread(value: float, decades: float = 0.3) -> Estimate:
    return Estimate(value, tuple(value * 10 ** (decades * q) for q in standard_quantiles()))


def test_nanocrystals_absorb_what_was_measured_on_cdse_in_hexane() -> None:
    """Leatherdale et al., doi:10.1021/jp025698c: 5.501e5 cm-1 times radius cubed, at 350 nm."""
    measured = 5.501e5 / (4 / 3 * math.pi)
    assert dot_absorption_per_cm(350.0, 2.851, 0.786, 1.375) == pytest.approx(measured, rel=0.05)


def test_a_sphere_of_what_surrounds_it_absorbs_as_the_bulk() -> None:
    bulk = 4 * math.pi * 0.001 / 400e-7
    assert dot_absorption_per_cm(400.0, 1.5, 0.001, 1.5) == pytest.approx(bulk, rel=1e-3)


def test_alone_in_a_clear_film_the_candidate_follows_beer_and_lambert() -> None:
    film = Host(CLEAR, 100.0, 0.1, None)
    found = light_quantities(film, 200.0, spread(5000.0), 365.0, "365_nm")
    absorbance = 5000.0 * film.concentration_mol_l(200.0) * 100e-7
    assert found["light_absorbed_365_nm"].value == pytest.approx(1 - 10**-absorbance)
    assert found["light_share_365_nm"].value == pytest.approx(1.0)


@given(value=st.floats(1e-3, 1e5), thickness=st.floats(1.0, 1e4), loading=st.floats(0.001, 0.9))
def test_shares_are_shares_and_the_candidate_never_gets_more_than_the_film(
    value: float, thickness: float, loading: float
) -> None:
    found = light_quantities(Host(DARK, thickness, loading, None), 300.0, spread(value), 365.0, "365_nm")
    absorbed, share = found["light_absorbed_365_nm"], found["light_share_365_nm"]
    assert 0 <= absorbed.value <= share.value <= 1
    assert all(d is not None and 0 <= d <= 1 for d in (*absorbed.draws, *share.draws))


def test_a_darker_host_leaves_less_light() -> None:
    around = [
        light_quantities(Host(one, 500.0, 0.1, None), 300.0, spread(5000.0), 365.0, "x")["light_absorbed_x"]
        for one in (CLEAR, DARK)
    ]
    assert around[1].value < 0.8 * around[0].value


def test_a_line_outside_the_table_of_the_host_is_unknown() -> None:
    film = Host(material("TFB", None), 30.0, 0.05, None)
    assert film.depth(254.0) is None
    assert light_quantities(film, 300.0, spread(5000.0), 254.0, "254_nm") == {}
    assert light_quantities(film, 300.0, None, 365.0, "365_nm") == {}
    assert light_quantities(film, 300.0, spread(5000.0), 365.0, "365_nm")


def test_shipped_hosts_are_of_the_order_measured_and_a_core_is_asked_of_dots_alone() -> None:
    for name in ("TFB", "CdSe/ZnS", "InP/ZnS", "CsPbBr3"):
        found = material(name, None)
        assert found.source
        at_365 = found.absorption_per_cm(365.0)
        assert at_365 is not None
        assert 3e4 < at_365 < 3e5
    half, whole = material("InP/ZnS", 0.5), material("InP/ZnS", 1.0)
    assert 2 * (half.absorption_per_cm(405.0) or 0) == pytest.approx(whole.absorption_per_cm(405.0))
    with pytest.raises(InputError, match="has no core"):
        material("TFB", 0.5)
    with pytest.raises(InputError, match="no such host"):
        material("soup", None)


def test_weight_percent_become_moles_per_litre() -> None:
    film = Host(Material("h", ((1.0, 0.0), (2.0, 0.0)), 1.2, 1.3, "test"), 30.0, 0.1, None)
    assert film.density_g_cm3 == pytest.approx(1.2)
    assert film.concentration_mol_l(240.0) == pytest.approx(0.5)


def test_half_of_the_film_is_converted_by_99_mj_at_a_thousand_and_365_nm() -> None:
    """The figure of the method page: epsilon times phi = 1000 at 365 nm."""
    assert half_dose_mj_cm2(1000.0, 1.0, 365.0) == pytest.approx(98.6, abs=0.1)
    assert half_dose_mj_cm2(2000.0, 0.25, 365.0) == pytest.approx(2 * 98.6, abs=0.2)
    assert half_dose_mj_cm2(0.0, 1.0, 365.0) == math.inf


def test_a_dose_carries_both_errors_and_transparent_films_have_none() -> None:
    exact = dose(spread(1000.0, 0.0), QuantumYield(0.5, 0.0, "list"), 365.0)
    wide = dose(spread(1000.0), QuantumYield(0.5, 0.3, "class value: x"), 365.0)
    assert exact is not None
    assert wide is not None
    (low, high), (lower, higher) = exact.interval() or (0, 0), wide.interval() or (0, 0)
    assert low == pytest.approx(high)
    assert higher / lower > 4
    assert dose(spread(0.0), QuantumYield(0.5, 0.0, "list"), 365.0) is None


def test_class_values_say_so_and_are_not_known_better_than_a_factor_of_two() -> None:
    found = class_yield(("unheard-of", "o-nitrobenzyl"))
    assert found is not None
    assert found.origin == "class value: o-nitrobenzyl"
    assert 0.13 < found.value < 0.65
    assert found.log10_error >= math.log10(2)
    assert class_yield(("unheard-of",)) is None
