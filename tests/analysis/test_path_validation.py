"""Searches as the benchmark writes them, counted by route."""

import json

import msgspec
import pytest

from actinic.analysis.path_validation import route_tables, search_rows

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


def test_routes_count_successes_errors_and_cost() -> None:
    loss, ene = route_tables(search_rows(LINES))
    assert (loss.route, loss.n, loss.accepted, loss.errors) == ("n2-loss", 1, 0, None)
    assert (ene.n, ene.accepted) == (3, 2)
    assert ene.core_min == pytest.approx((600 + 1200 + 180) / 180)
    assert ene.errors is not None
    assert (ene.errors.mean, ene.errors.root_mean_square) == (0.0, 2.0)


def test_no_searches_make_no_tables() -> None:
    assert route_tables(search_rows("")) == ()


def test_a_line_without_its_route_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        search_rows('{"id": "a", "failure": ""}')
