"""What `actinic validate absorption`, `levels` and `--figures` say follows from the calculations shipped."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from typer.testing import CliRunner

from actinic.analysis.absorption_validation import FITTED
from actinic.analysis.calibration import absorption_calibration, film_calibration
from actinic.cli import app
from actinic.level import Level
from actinic.screening.absorption_references import absorption_references
from actinic.screening.level_references import TIGHT_BINDING, level_references
from actinic.validation_absorption import AbsorptionValidation, validate_absorption
from actinic.validation_figures import write_figures
from actinic.validation_levels import LevelValidation, validate_levels
from actinic.validation_tables import absorption_tables
from actinic.validation_text import TextTable, without_notes


@pytest.fixture(scope="module")
def found() -> AbsorptionValidation:
    return validate_absorption()


@pytest.fixture(scope="module")
def levels() -> LevelValidation:
    return validate_levels()


def test_every_reference_has_a_value_or_a_reason(
    found: AbsorptionValidation, levels: LevelValidation
) -> None:
    assert len(found.points) + len(found.without) == len(absorption_references()) == 129
    assert len(levels.films) + len(levels.gas) + len(levels.without) == len(level_references()) == 64
    assert all(found.without.values())


def test_the_line_beats_no_line_a_shift_and_the_mean(found: AbsorptionValidation) -> None:
    rows = {row.name: row for row in found.models}
    for name in ("as computed", "shift"):
        assert rows[name].against_line.low > 0, name
    assert rows["line"].scaffold_out.mean_absolute < 0.5 * found.calibration.baseline_error_ev


def test_the_claimed_errors_of_maxima_hold_on_scaffolds_never_seen(found: AbsorptionValidation) -> None:
    assert found.coverage.holds
    assert found.edges is not None
    assert found.edges.coverage.holds


def test_the_claimed_errors_are_not_too_small_on_scaffolds_never_seen(
    found: AbsorptionValidation, levels: LevelValidation
) -> None:
    within_one, within_two = found.coverage.found
    assert within_one >= found.coverage.one_range[0]
    assert within_two >= found.coverage.two_range[0]
    assert levels.coverage.holds


def test_what_is_shipped_is_what_the_tables_give_within_its_error(
    found: AbsorptionValidation, levels: LevelValidation
) -> None:
    line = absorption_calibration(Level.parse(found.level))
    assert line is not None
    for raw_ev in (3.0, 4.0, 5.0):
        difference = line.shift_ev(raw_ev) - found.calibration.shift_ev(raw_ev)
        assert abs(difference) < 0.5 * line.standard_error_ev
    film = film_calibration(Level.parse(TIGHT_BINDING[0]))
    assert film is not None
    assert levels.calibrations[TIGHT_BINDING[0]].shift_ev == pytest.approx(film.shift_ev, abs=0.1)


def test_left_out_errors_are_not_smaller_than_fitted_ones(found: AbsorptionValidation) -> None:
    fitted = [point for point in found.points if point.measured.collection in FITTED]
    inside = [
        abs(found.calibration.shift_ev(point.raw_ev) + point.raw_ev - point.measured.band_max_ev)
        for point in fitted
    ]
    line = next(row for row in found.models if row.name == "line")
    assert line.scaffold_out.mean_absolute > sum(inside) / len(inside)


def test_a_difference_of_energies_beats_an_orbital_in_the_gas_phase(levels: LevelValidation) -> None:
    best = {
        row.predictor: row.scaffold_out.mean_absolute for row in levels.gas_rows if row.fit == "as computed"
    }
    assert best["wb97x-d3/def2-svp"] < 0.3
    assert best["wb97x-d3/def2-svp"] < best["gfn2-xtb"]


def test_the_commands_print_tables_and_json() -> None:
    for name, title in (("absorption", "Learning curve"), ("levels", "HOMO level of films")):
        tables = CliRunner().invoke(app, ["validate", name])
        assert tables.exit_code == 0, tables.output
        assert title in tables.output
        json.loads(CliRunner().invoke(app, ["validate", name, "--json"]).output)
    prices = CliRunner().invoke(app, ["levels"])
    assert prices.exit_code == 0, prices.output
    for level in ("b3lyp/def2-svp", "gfn2-xtb", "r2scan-3c"):
        assert level in prices.output


def test_a_missed_target_is_printed_as_missed(found: AbsorptionValidation) -> None:
    row = next(row for row in found.models if row.name == "line")
    notes = " ".join(note for table in absorption_tables(found) for note in table.notes)
    assert f"{row.scaffold_out.mean_absolute:.3f} eV, asked for: 0.16" in notes
    assert ("missed" in notes) or row.scaffold_out.mean_absolute <= 0.16


def test_figures_are_svg_with_a_dot_for_every_molecule(
    found: AbsorptionValidation, levels: LevelValidation, tmp_path: Path
) -> None:
    paths = {path.stem: path for path in write_figures(tmp_path, found, levels)}
    assert {"maxima", "film-levels", "learning-curve"} <= paths.keys()
    circles = {
        name: len(ET.parse(path).getroot().findall("{http://www.w3.org/2000/svg}circle"))
        for name, path in paths.items()
    }
    assert circles["maxima"] == len(found.points)
    assert circles["film-levels"] == len(levels.films)


def test_the_option_writes_figures(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["validate", "--figures", str(tmp_path / "figures")])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "figures" / "maxima.svg").is_file()


def test_a_table_is_the_same_in_markdown() -> None:
    table = TextTable("Title (eV)", ("a", "b"), (("1", "2"),), ("Note.",))
    assert table.markdown().splitlines() == [
        "**Title (eV)**", "", "| a | b |", "| --- | --- |", "| 1 | 2 |", "", "Note.",
    ]  # fmt: skip


def test_many_molecules_of_one_reason_are_counted() -> None:
    notes = without_notes({"a": "x", "b": "x", **{f"c{i}": "y" for i in range(9)}})
    assert notes == ["without a value: a, b: x", "without a value: 9 molecules: y"]
