"""What `actinic validate` says follows from the calculations shipped, and is what the error bars claim."""

import inspect
import json
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from actinic import cli_barriers, cli_validate
from actinic.analysis.bond_calibration import bond_calibration
from actinic.cli import app
from actinic.level import Level
from actinic.screening.bond_references import bond_references
from actinic.validation import BondValidation, bonds_workflow, validate_bonds

FIRST, SECOND = "wb97x-d3/def2-svp+n(def2-tzvp)+s(def2-tzvp)", "r2scan-3c"


@pytest.fixture(scope="module")
def found() -> BondValidation:
    return validate_bonds()


def test_nearly_every_reference_bond_has_a_value(found: BondValidation) -> None:
    assert len(found.points) + len(found.without) == len(bond_references()) == 75
    assert len(found.without) <= 1


def test_the_levels_are_those_of_the_preset() -> None:
    section = bonds_workflow().reactions
    assert section is not None
    assert (section.level, section.second_level) == (FIRST, SECOND)


def test_the_shipped_calibration_is_the_one_the_tables_give(found: BondValidation) -> None:
    shipped = tomllib.loads(files("actinic.analysis").joinpath("bonds.toml").read_text(encoding="utf-8"))
    assert set(shipped) == {table.name for table in found.tables}
    for table in found.tables:
        for name, value in shipped[table.name].items():
            assert getattr(table.calibration, name) == pytest.approx(value, abs=1e-4), (table.name, name)


@pytest.mark.parametrize(
    ("levels", "experiment", "everything"), [([FIRST], 3.3, 4.0), ([FIRST, SECOND], 2.8, 3.3)]
)
def test_errors_of_families_never_seen(
    found: BondValidation, levels: list[str], experiment: float, everything: float
) -> None:
    (table,) = (t for t in found.tables if t.name == " + ".join(sorted(levels)))
    assert table.family_left_out_experiment.root_mean_square <= experiment
    assert table.family_left_out.root_mean_square <= everything


def test_the_calibration_helps_and_two_levels_beat_one(found: BondValidation) -> None:
    one, other, both, _ = found.tables
    assert both.family_left_out.root_mean_square < both.raw.root_mean_square
    assert both.family_left_out.root_mean_square < one.family_left_out.root_mean_square
    assert both.family_left_out.root_mean_square < other.family_left_out.root_mean_square


def test_the_standard_errors_hold_what_they_promise(found: BondValidation) -> None:
    """Within the central 95 % of a binomial distribution of 74 draws."""
    for table in found.tables:
        for (one, two), most in ((table.coverage, 0.79), (table.coverage_seen, 0.85)):
            assert 0.57 <= one <= most, table.name  # errors by kind are never narrower: some are too wide
            assert 0.89 <= two <= 1.0, table.name


def test_calibrated_bond_enthalpies_are_believable(found: BondValidation) -> None:
    both = bond_calibration([Level.parse(FIRST), Level.parse(SECOND)])
    assert both is not None
    for point in found.points:
        corrected = both.corrected(sum(point.raw_kcal_mol.values()) / 2)
        assert 10 < corrected < 125, point.id


def test_the_command_prints_tables_and_json() -> None:
    tables = CliRunner().invoke(app, ["validate", "bonds"])
    assert tables.exit_code == 0, tables.output
    assert "family left out, experiment" in tables.output
    record = json.loads(CliRunner().invoke(app, ["validate", "bonds", "--json"]).output)
    assert len(record["tables"]) == 4
    assert len(record["points"]) >= 74


@pytest.mark.parametrize("what", ["bonds", "absorption", "levels", "families", "barriers"])
def test_computing_anew_is_told_where_and_ends_as_stopped(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, name = (cli_barriers if what == "barriers" else cli_validate), f"recompute_{what}"
    asked: dict[str, Any] = {}
    takes = inspect.signature(getattr(module, name))

    def stopped(*given: Any, **named: Any) -> None:
        asked.update(takes.bind(*given, **named).arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(module, name, stopped)
    store, ship = tmp_path / "s.sqlite", tmp_path / "shipped.jsonl.gz"
    options = ["--recompute", "--store", str(store), "--workers", "3", "--ship", str(ship)]
    assert CliRunner().invoke(app, ["validate", what, *options]).exit_code == 3
    assert (asked["store"], asked["cluster"].workers, asked["ship"]) == (store, 3, ship)
