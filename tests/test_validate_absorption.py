"""What `actinic validate absorption`, `levels` and `--figures` say follows from the calculations shipped."""

import json
from dataclasses import asdict, replace

import numpy as np
import pytest
from typer.testing import CliRunner

from actinic.analysis.absorption import UNFITTED_WIDTH_EV
from actinic.analysis.absorption_models import EARLIER, EARLIER_LEVEL
from actinic.analysis.absorption_points import measured_ev, raw_ev
from actinic.analysis.absorption_validation import FIRST_FITTED, FITTED, fitted_points
from actinic.analysis.calibration import absorption_calibration, film_calibration
from actinic.analysis.tautomers import Outcome
from actinic.cli import app
from actinic.level import Level
from actinic.screening.absorption_references import SECOND_LEVEL, absorption_references, level_beside
from actinic.screening.level_references import TIGHT_BINDING, level_references
from actinic.validation_absorption import AbsorptionValidation, validate_absorption
from actinic.validation_levels import LevelValidation
from actinic.validation_tables import absorption_tables
from support.validated import shipped_absorption, shipped_levels


@pytest.fixture(scope="module")
def found() -> AbsorptionValidation:
    return shipped_absorption()


@pytest.fixture(scope="module")
def levels() -> LevelValidation:
    return shipped_levels()


def test_every_reference_has_a_value_or_a_reason(
    found: AbsorptionValidation, levels: LevelValidation
) -> None:
    assert len(found.points) + len(found.without) == len(absorption_references()) == 275
    assert len(levels.films) + len(levels.gas) + len(levels.without) == len(level_references()) == 64
    assert all(found.without.values())


def test_the_line_beats_no_line_a_shift_and_the_mean(found: AbsorptionValidation) -> None:
    rows = {row.name: row for row in found.models}
    for name in ("as computed", "shift"):
        assert rows[name].against_line.low > 0, name
    assert rows["line"].scaffold_out.mean_absolute < 0.5 * found.calibration.baseline_error_ev


def test_the_level_of_the_presets_has_the_better_line_beyond_chance(found: AbsorptionValidation) -> None:
    assert found.second is not None
    assert found.second.level == SECOND_LEVEL  # maxima are computed without a solvent
    row = next(row for row in found.second.rows if row.name == f"line of {SECOND_LEVEL}")
    assert row.against_line.low > 0
    line = next(row for row in found.models if row.name == "line")
    # 0.162: further molecules took it beyond what was asked for.
    assert line.scaffold_out.mean_absolute < 0.17
    first = [one.errors for one in found.collections if one.name in FIRST_FITTED]
    assert sum(one.n * one.mean_absolute for one in first) / sum(one.n for one in first) < 0.16


def test_it_was_better_on_further_spectra_by_what_was_fixed_before(found: AbsorptionValidation) -> None:
    assert found.blind is not None
    row = next(row for row in found.blind.spectra if row.name == SECOND_LEVEL)  # without a solvent, as then
    assert row.edges.low > 0
    assert row.briers.low > 0


def test_what_lies_beside_the_lowest_band_is_better_placed_than_before(found: AbsorptionValidation) -> None:
    assert found.beside is not None
    for one in (found, found.beside):
        both = one.placing[0].rows[-1]
        assert both.edges.is_better
        assert both.briers.is_better
        assert one.edges is not None
        assert both.edge_ev == pytest.approx(one.edges.shifted.mean_absolute)


def test_both_levels_stand_side_by_side(found: AbsorptionValidation) -> None:
    table = next(table for table in absorption_tables(found) if table.title.startswith("Two levels"))
    assert found.beside is not None
    assert table.heads[1:] == (found.level, found.beside.level)
    assert len(found.beside.points) == len(found.points)
    assert len(table.rows) == len(found.collections) + 3


def test_the_other_level_is_calibrated_as_well() -> None:
    other = validate_absorption(SECOND_LEVEL)
    line = absorption_calibration(Level.parse(SECOND_LEVEL))
    assert line is not None
    assert other.calibration.slope == pytest.approx(line.slope, abs=1e-4)
    assert other.second is None


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


def test_what_is_shipped_is_what_the_tables_give(
    found: AbsorptionValidation, levels: LevelValidation
) -> None:
    line = absorption_calibration(Level.parse(found.level))
    assert line is not None
    film = film_calibration(Level.parse(TIGHT_BINDING[0]))
    assert film is not None
    for shipped, fitted in (
        (line, found.calibration),
        (film, levels.calibrations[TIGHT_BINDING[0]]),
    ):
        for name, value in asdict(shipped).items():
            given = getattr(fitted, name)
            assert given == (pytest.approx(value, abs=1e-4) if isinstance(value, float) else value), name


def test_measured_flanks_are_wider_than_what_was_used_before_and_both_levels_agree(
    found: AbsorptionValidation,
) -> None:
    assert found.beside is not None
    for one in (found, found.beside):
        assert one.width is not None
        assert one.width.low_ev > UNFITTED_WIDTH_EV
        assert one.calibration.width_ev == one.width.width_ev
        drawn = [spectrum.width_ev for spectrum in one.spectra]
        assert one.width.low_ev < min(drawn) <= max(drawn) < one.width.high_ev
    assert found.width is not None
    assert found.beside.width is not None
    assert found.width.low_ev < found.beside.width.width_ev < found.width.high_ev


def test_what_was_tried_stands_in_a_table_with_the_second_level(found: AbsorptionValidation) -> None:
    (table,) = (table for table in absorption_tables(found) if table.title.startswith("What was tried"))
    assert [row[0] for row in table.rows] == [row.name for row in found.trials]
    names = {row.name for row in found.trials}
    second = level_beside(found.level)
    assert {"edges read off as measured ones were", second, f"mean with {second}"} <= names
    assert found.absorbs is not None
    assert found.edges is not None
    assert found.trials[0].brier == pytest.approx(found.absorbs.brier)
    assert found.trials[0].edge_ev == pytest.approx(found.edges.shifted.mean_absolute)


def test_the_record_names_the_largest_errors_of_edges_first(found: AbsorptionValidation) -> None:
    records = found.record()["spectra"]
    sizes = [abs(record["error_ev"]) for record in records if not record["is_bound"]]
    assert sizes == sorted(sizes, reverse=True)
    assert found.edges is not None
    assert np.mean(sizes) == pytest.approx(found.edges.shifted.mean_absolute)
    assert len(records) == len(found.spectra) == found.edges.shifted.n + found.edges.n_bounds


def test_left_out_errors_are_not_smaller_than_fitted_ones(found: AbsorptionValidation) -> None:
    fitted = [point for point in found.points if point.measured.collection in FITTED]
    inside = [
        abs(found.calibration.shift_ev(point.raw_ev) + point.raw_ev - point.measured.band_max_ev)
        for point in fitted
    ]
    line = next(row for row in found.models if row.name == "line")
    assert line.scaffold_out.mean_absolute > sum(inside) / len(inside)


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
    tables = absorption_tables(found)
    (maxima,) = (table for table in tables if table.title.startswith(f"{found.maxima_level}: lowest maximum"))
    (edges,) = (table for table in tables if table.title.startswith("Red edge"))
    assert found.edges is not None
    for table, errors, target in ((maxima, row.scaffold_out, 0.16), (edges, found.edges.shifted, 0.15)):
        verdict = "reached" if errors.mean_absolute <= target else "missed"
        (said,) = (note for note in table.notes if "asked for" in note)
        assert said.endswith(f" {errors.mean_absolute:.3f} eV, asked for: {target:.2f}, {verdict}.")


def test_the_line_is_compared_with_the_one_it_has_to_beat(found: AbsorptionValidation) -> None:
    assert found.second is not None
    assert found.beside is not None
    assert found.beside.maxima_level == EARLIER_LEVEL
    assert EARLIER not in {row.name for row in found.models}
    row = next(row for row in found.second.rows if row.name == EARLIER)
    fitted = fitted_points(found.beside.points)
    raw, measured = raw_ev(fitted), measured_ev(fitted)
    assert row.scaffold_out.mean_absolute == pytest.approx(np.abs(0.72 * raw + 0.75 - measured).mean())
    line = next(row for row in found.models if row.name == "line")
    gain = line.scaffold_out.mean_absolute - row.scaffold_out.mean_absolute
    notes = absorption_tables(found)[0].notes
    (said,) = (note for note in notes if note.startswith("The line against the earlier line"))
    assert f"{gain:+.3f} (" in said
    assert said.endswith("not beyond chance." if row.against_line.low <= 0 else "better beyond chance.")


def test_a_model_that_its_penalty_made_the_line_is_said_to_be_one(found: AbsorptionValidation) -> None:
    assert "ridge on descriptors" not in [row.name for row in found.models if row.is_shrunk]
    models = tuple(
        replace(row, moved_ev=0.002) if row.name == "line, offset per class" else row for row in found.models
    )
    shrunk = [row.name for row in models if row.is_shrunk]
    assert "line, offset per class" in shrunk
    notes = absorption_tables(replace(found, models=models))[0].notes
    assert sum("shrunk to none" in note for note in notes) == len(shrunk)


def test_three_points_of_a_set_are_not_said_to_help_where_none_gains(found: AbsorptionValidation) -> None:
    changes = [row.after_ev - row.before_ev for row in found.local]
    (table,) = (table for table in absorption_tables(found) if table.title.startswith("Three molecules"))
    assert f"{min(changes):+.3f} to {max(changes):+.3f} eV" in table.notes[-1]
    assert ("no set gains" in table.notes[-1]) == (min(changes) >= -0.005)


def test_spectra_are_met_better_in_the_solvent_of_the_presets_and_as_well_by_several_conformers(
    found: AbsorptionValidation,
) -> None:
    assert found.edges is not None
    every, *sets = found.otherwise.solvent
    assert every.n == len(found.spectra) == sum(one.n for one in sets)
    dry, wet = every.rows
    assert wet.edges.is_better
    assert wet.briers.is_better
    assert wet.edge_ev == pytest.approx(found.edges.shifted.mean_absolute)
    several = found.otherwise.conformers[0].rows[-1]
    assert several.edges.low <= 0
    assert dry.edge_ev > wet.edge_ev


def test_forms_that_their_energies_choose_have_the_better_spectra(found: AbsorptionValidation) -> None:
    rows = found.otherwise.forms
    taken = [row for row in rows if row.outcome == Outcome.TAKEN.value]
    assert len(taken) >= 3
    for drawn in taken:
        others = [row for row in rows if row.id == drawn.id and row.difference_kcal_mol and row is not drawn]
        lowest = min(others, key=lambda row: max(row.difference_kcal_mol or ()))
        assert drawn.error_ev is not None
        assert lowest.error_ev is not None
        assert abs(lowest.error_ev) < abs(drawn.error_ev), drawn.id
