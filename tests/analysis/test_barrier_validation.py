"""Fits and tables from points whose answer is known."""

import numpy as np
import pytest

from actinic.analysis.barrier_validation import (
    Fit,
    HomolysisPoint,
    class_tables,
    fitted,
    homolysis_rates,
    homolysis_tables,
    left_out_errors,
    shift_table,
)
from actinic.analysis.heat_classes import heat_classes, members
from actinic.analysis.kinetics import RateLaw


def point(
    name: str, kind: str, log10_a: float, shift: float, enthalpy: float, temperature_k: float
) -> HomolysisPoint:
    law = RateLaw.arrhenius(log10_a, enthalpy + shift, temperature_k)
    return HomolysisPoint(name, kind, temperature_k, law.gibbs_kcal_mol(temperature_k), log10_a, enthalpy)


def series(kind: str, shift: float, scatter: float = 0.0) -> list[HomolysisPoint]:
    off = np.random.default_rng(3).normal(0.0, scatter, 6) if scatter else np.zeros(6)
    return [
        point(f"{kind} {i}", kind, 15.5, shift + more, 35.0 + 5 * i, 400.0 + 80 * i)
        for i, more in enumerate(off)
    ]


def test_prefactor_and_shift_of_exact_points_are_found_again() -> None:
    points = series("O-O", -5.0)
    assert fitted(points) == pytest.approx((15.5, -5.0), abs=1e-9)
    assert left_out_errors(points, points) == pytest.approx([0.0] * 6, abs=1e-9)


def test_the_error_is_predicted_minus_measured() -> None:
    one = point("x", "O-O", 15.0, -4.0, 40.0, 500.0)
    assert one.error_kcal_mol(Fit(15.0, -3.0)) == pytest.approx(1.0)
    assert one.error_kcal_mol(Fit(16.0, -4.0)) == pytest.approx(-2.3026 * 1.987204e-3 * 500.0, rel=1e-4)


def test_a_kind_of_bond_with_a_shift_of_its_own_gets_it_and_a_small_one_does_not() -> None:
    apart = homolysis_rates(series("O-O", -8.0) + series("C-C", 0.0))
    assert apart["O-O"].shift_kcal_mol == pytest.approx(-8.0)
    assert apart["C-C"].shift_kcal_mol == pytest.approx(0.0)
    assert -8.0 < apart["all"].shift_kcal_mol < 0.0
    assert apart["all"].error_kcal_mol > 3.0
    few = homolysis_rates(series("O-O", -8.0)[:2] + series("C-C", 0.0))
    assert "O-O" not in few


def test_hot_gases_are_compared_but_not_fitted() -> None:
    cool = series("O-O", -5.0)[:4]
    hot = [point("hot", "C-C", 17.0, 3.0, 88.0, 1200.0)]
    assert homolysis_rates(cool + hot) == homolysis_rates(cool)
    tables = homolysis_tables(cool + hot, homolysis_rates(cool))
    assert tables[-1].family == "homolysis, above 700 K"
    assert tables[-1].errors.n == 1


def test_tables_count_every_homolysis_once_and_cover_what_they_state() -> None:
    points = series("O-O", -6.0, scatter=2.0)[:4] + series("C-O", -4.0, scatter=2.0)[:4]
    whole, unseen, *kinds = homolysis_tables(points, homolysis_rates(points))
    assert whole.errors.n == unseen.errors.n == 8
    assert sum(table.errors.n for table in kinds) == 8
    assert 0.4 <= whole.coverage[0] <= 0.95


def test_class_anchored_families_are_within_the_limits_asked_for() -> None:
    for table in class_tables():
        assert table.errors.root_mean_square <= 2.0, table.family
        assert table.errors_c is not None
        assert table.errors_c.root_mean_square <= 25.0, table.family


def test_a_class_that_follows_its_reaction_enthalpies_is_predicted_by_them() -> None:
    (diazirines,) = (one for one in heat_classes() if one.name == "diazirine")
    gibbs = {m.id: m.law.gibbs_kcal_mol(390.0) for m in members(diazirines) if m.law is not None}
    followed = shift_table(diazirines, {name: 2 * value - 90 for name, value in gibbs.items()})
    assert followed is not None
    assert followed.errors.root_mean_square < 0.1
    few = dict(list(gibbs.items())[:3])
    assert shift_table(diazirines, few) is None
