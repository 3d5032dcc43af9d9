"""Searches as the benchmark writes them, counted by route and family."""

import json

import msgspec
import pytest

from actinic.analysis.path_searches import SearchedBarrier, search_rows, searched_barriers, shipped_searches
from actinic.analysis.path_validation import route_tables
from actinic.chemistry.motif_table import Route

ROWS = (
    {
        "id": "a",
        "route": "retro-ene",
        "failure": "",
        "error_kcal_mol": 2.0,
        "core_s": {"scan": 540, "dft": 60},
    },
    {"id": "b", "route": "retro-ene", "failure": "", "error_kcal_mol": -2.0, "core_s": {"scan": 1200}},
    {"id": "c", "route": "retro-ene", "failure": "its summit is not interior", "core_s": {"scan": 180}},
    {"id": "d", "route": "n2-loss", "failure": "two imaginary modes", "core_s": {"scan": 2400}},
    {"retro-ene": {"n": 2, "mean_error": 0.0, "rmse": 2.0}},  # the summary at the end
)
LINES = "\n".join(json.dumps(row) for row in ROWS)


def asked(name: str, route: Route, family: str) -> SearchedBarrier:
    return SearchedBarrier(name, family, "", "", (), route, 500.0, 40.0, None, "")


ASKED = (
    asked("a", "retro-ene", "ester"),
    asked("b", "retro-ene", "carbamate"),
    asked("c", "retro-ene", "carbamate"),
    asked("d", "n2-loss", "azide"),
    asked("never run", "retro-ene", "ester"),
)


def test_routes_count_what_was_run_successes_errors_and_cost() -> None:
    loss, azides, ene, esters, carbamates = route_tables(search_rows(LINES), ASKED)
    assert (loss.route, loss.n, loss.accepted, loss.errors, loss.coverage) == ("n2-loss", 1, 0, None, None)
    assert azides.family == "azide"
    assert (ene.asked, ene.n, ene.accepted) == (4, 3, 2)
    assert ene.core_min == pytest.approx((600 + 1200 + 180) / 180)
    assert ene.errors is not None
    assert (ene.errors.mean, ene.errors.mean_absolute, ene.errors.root_mean_square) == (0.0, 2.0, 2.0)
    assert ene.coverage == (1.0, 1.0)
    assert (esters.family, esters.asked, esters.n) == ("ester", 2, 1)
    assert (carbamates.n, carbamates.accepted) == (2, 1)


def test_what_was_never_run_counts_among_what_was_asked() -> None:
    tables = route_tables((), ASKED)
    assert [(table.n, table.core_min) for table in tables] == [(0, None)] * 5
    assert tables[0].asked == 1


def test_a_line_without_its_route_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        search_rows('{"id": "a", "failure": ""}')


def test_every_shipped_search_is_one_of_the_table_and_compared_with_its_value() -> None:
    table = {barrier.id: barrier for barrier in searched_barriers()}
    for row in shipped_searches():
        assert row.route == table[row.id].route
        if row.failure:
            assert (row.gibbs_kcal_mol, row.error_kcal_mol) == (None, None)
        else:
            assert row.measured_kcal_mol == table[row.id].measured_kcal_mol


def test_measured_gibbs_energies_of_the_table_follow_from_its_arrhenius_parameters() -> None:
    """Within what a median of Gibbs energies may differ from medians of parameters."""
    for barrier in searched_barriers():
        if barrier.law is not None and barrier.measured_kcal_mol is not None:
            found = barrier.law.gibbs_kcal_mol(barrier.reference_k)
            assert found == pytest.approx(barrier.measured_kcal_mol, abs=0.5), barrier.id
