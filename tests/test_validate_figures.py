"""Figures and tables of `actinic validate` show what was found."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from actinic.analysis.absorption_validation import coverage_check
from actinic.analysis.barrier_parity import barrier_pairs
from actinic.cli import app
from actinic.validation import validate_bonds
from actinic.validation_barriers import validate_barriers
from actinic.validation_figures import Validated, figure_texts, write_figures
from actinic.validation_heat_tables import barrier_tables, bond_tables
from actinic.validation_prices import price_list
from actinic.validation_text import TextTable, coverage_text, without_notes
from support.validated import shipped_absorption, shipped_levels


@pytest.fixture(scope="module")
def everything() -> Validated:
    return Validated(shipped_absorption(), shipped_levels(), validate_bonds(), validate_barriers())


def test_error_bars_of_edges_are_those_of_edges(everything: Validated) -> None:
    found = everything.absorption
    assert found.edges is not None
    svg = ET.fromstring(figure_texts(everything)["edges"])
    paths = [path.get("d", "") for path in svg.iter("{http://www.w3.org/2000/svg}path")]
    bars = [d[1:].replace("V", " ").split() for d in paths if "V" in d and "H" not in d]
    lengths_px = [abs(float(foot) - float(top)) for _, top, foot in bars]
    heights_px = [float(dot.get("cy", "")) for dot in svg.iter("{http://www.w3.org/2000/svg}circle")]
    edges_ev = [one.edge_ev for one in found.spectra]
    px_per_ev = (max(heights_px) - min(heights_px)) / (max(edges_ev) - min(edges_ev))
    assert len(lengths_px) == len(found.spectra)
    errors_ev = [
        found.calibration.error_ev(one.strength) * found.calibration.edge_ratio for one in found.spectra
    ]
    for length_px, error_ev in zip(sorted(lengths_px), sorted(errors_ev), strict=True):
        assert length_px / px_per_ev == pytest.approx(2 * error_ev, rel=0.03)


def test_few_molecules_cannot_tell_whether_errors_hold() -> None:
    few = coverage_check(np.full(9, 0.5), 1.0)
    many = coverage_check(np.concatenate([np.full(68, 0.5), np.full(29, 1.5), np.full(3, 2.5)]), 1.0)
    assert coverage_text(replace(few, found=(0.67, 0.89))).endswith("too few to tell.")
    assert coverage_text(many).endswith(": as claimed.")
    assert coverage_text(coverage_check(np.full(9, 5.0), 1.0)).endswith("not as claimed.")


def test_figures_are_svg_with_a_dot_for_every_molecule(everything: Validated, tmp_path: Path) -> None:
    found, levels = everything.absorption, everything.levels
    paths = {path.stem: path for path in write_figures(tmp_path, everything)}
    assert {"maxima", "film-levels", "learning-curve", "bonds", "barriers"} <= paths.keys()
    circles = {
        name: len(ET.parse(path).getroot().findall("{http://www.w3.org/2000/svg}circle"))
        for name, path in paths.items()
    }
    assert circles["maxima"] == len(found.points)
    assert circles["film-levels"] == len(levels.films)
    assert circles["bonds"] == len(everything.bonds.points)
    pairs = barrier_pairs(everything.barriers.homolyses, everything.barriers.rates)
    assert circles["barriers"] == len(pairs) > len(everything.barriers.homolyses)


def test_the_parity_plot_of_barriers_shows_the_errors_of_the_tables(everything: Validated) -> None:
    found = everything.barriers
    pairs = barrier_pairs(found.homolyses, found.rates)
    names = {point.id for point in found.homolyses}
    cool = [one for one in pairs if one.id in names and not one.is_hot]
    table = next(table for table in found.tables if table.family.startswith("homolysis, up to"))
    errors = np.array([one.predicted_kcal_mol - one.measured_kcal_mol for one in cool])
    assert len(cool) == table.errors.n
    assert np.abs(errors).mean() == pytest.approx(table.errors.mean_absolute)


def test_bonds_and_barriers_have_tables_with_all_their_families(everything: Validated) -> None:
    levels, *families = bond_tables(everything.bonds)
    assert len(levels.rows) == 4 * len(everything.bonds.tables)
    for table, found in zip(families, everything.bonds.families, strict=True):
        assert [row[0] for row in table.rows] == [row.family for row in found]
    (barriers,) = barrier_tables(everything.barriers)
    assert [row[0] for row in barriers.rows] == [table.family for table in everything.barriers.tables]


def test_the_price_list_leaves_no_cost_out_and_two_levels_cost_more_than_one(everything: Validated) -> None:
    table = price_list(everything.bonds, everything.absorption, everything.levels)
    costs = {row[:2]: float(row[-1]) for row in table.rows}
    assert len(costs) == len(table.rows)
    assert all(cost > 0 for cost in costs.values())
    one, other, both, _ = (costs["bond enthalpy", level.name] for level in everything.bonds.tables)
    assert max(one, other) < both < one + other


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
