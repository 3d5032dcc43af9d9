"""Errors of kinds of bonds: as wide as the shipped calculations say, and judged by others than themselves."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from actinic.analysis.bond_calibration import BondCalibration, bond_calibration
from actinic.analysis.bond_spread import KindSpread, seen_errors, unseen_errors, wider_kinds
from actinic.analysis.bond_validation import BondPoint, bond_table
from actinic.chemistry.bond_families import bond_family
from actinic.chemistry.homolysis import homolysis
from actinic.chemistry.species import Species
from actinic.cli import app
from actinic.level import Level
from actinic.screening.bond_references import bond_references
from actinic.validation import BondValidation, bonds_workflow, validate_bonds


@pytest.fixture(scope="module")
def found() -> BondValidation:
    return validate_bonds()


def test_reference_bonds_are_sorted_as_reactions_of_candidates_are() -> None:
    for reference in bond_references():
        assert bond_family(reference.reaction) == reference.family, reference.id


def test_the_order_of_the_atoms_does_not_matter() -> None:
    chloride = Species.from_smiles("CCS(=O)(=O)Cl", multiplicity=1)
    families = {bond_family(homolysis(chloride, pair)) for pair in ((2, 5), (5, 2), (1, 2))}
    assert families == {"S(VI)-X"}
    azide = Species.from_smiles("NNc1ccccc1", multiplicity=1)
    assert bond_family(homolysis(azide, (1, 2))) == "C-N"


def test_what_a_level_fails_is_stated_with_a_wider_error(found: BondValidation) -> None:
    """The preset's one level misses these kinds as a whole; what is stated comes near what is missed."""
    rows = {row.family: row for row in found.families[0]}
    pooled = found.tables[0].calibration.standard_error_kcal_mol
    for kind in ("S(VI)-X", "N-S", "O-H", "N-H", "C-O"):
        assert rows[kind].standard_error_kcal_mol > pooled + 0.5, kind
        assert rows[kind].left_out.root_mean_square < 1.25 * rows[kind].standard_error_kcal_mol, kind
    assert rows["S-S"].standard_error_kcal_mol == pooled


def test_the_screen_reads_these_errors() -> None:
    section = bonds_workflow().reactions
    assert section is not None
    line = bond_calibration([Level.parse(section.level)])
    assert line is not None
    assert line.error_kcal_mol("N-S") > line.error_kcal_mol("S-S") == line.standard_error_kcal_mol
    assert line.error_kcal_mol("C-P") == line.standard_error_kcal_mol
    assert BondCalibration(1.0, 0.0, 3.0, 70).error_kcal_mol("N-S") == 3.0


def test_two_levels_cancel_on_sulfonyl_bonds(found: BondValidation) -> None:
    """As docs/method.md warns: one level binds them too much, the other too little."""
    off = [
        [raw - point.reference_kcal_mol for raw in point.raw_kcal_mol.values()]
        for point in found.points
        if point.family == "S(VI)-X"
    ]
    assert len(off) == 3
    assert all(first > 1 and second < -10 for first, second in off)


def test_kinds_alike_share_one_error() -> None:
    errors = np.random.default_rng(7).normal(0.0, 3.0, 240)
    kinds = [f"kind {index % 24}" for index in range(240)]
    spread = KindSpread.fit(errors, kinds)
    assert spread.between < 0.1 * spread.within
    assert max(wider_kinds(errors, kinds).values(), default=0.0) < 1.1 * spread.pooled**0.5


def test_a_kind_that_is_off_as_a_whole_and_one_that_scatters_both_get_wider_errors() -> None:
    drawn = np.random.default_rng(11)
    kinds = [f"kind {index // 5}" for index in range(50)] + ["off"] * 4 + ["wild"] * 8
    errors = np.concatenate([drawn.normal(0.0, 1.5, 50), [6.0, 6.5, 5.8, 6.1], [8, -8, 7, -6, 8, -7, 6, -8]])
    wider = wider_kinds(errors, kinds)
    assert set(wider) == {"off", "wild"}
    assert 5.0 < wider["off"] < 6.5
    assert 5.0 < wider["wild"] < 8.0


def test_no_error_judges_itself() -> None:
    """However far a kind is off, what is stated for it without it does not move."""
    errors, kinds = np.array([1.0, -1.0, 2.0, -2.0, 1.5, -1.5]), ["a", "a", "b", "b", "c", "c"]
    moved = errors.copy()
    moved[:2] *= 100
    np.testing.assert_allclose(unseen_errors(moved, kinds)[:2], unseen_errors(errors, kinds)[:2])
    alone = errors.copy()
    alone[0] = 500.0
    assert seen_errors(alone, kinds)[0] == pytest.approx(seen_errors(errors, kinds)[0])
    assert seen_errors(alone, kinds)[1] > seen_errors(errors, kinds)[1]


def test_coverage_falls_when_one_kind_is_far_off() -> None:
    """Judged by its own root mean square such a kind would lie within two standard errors."""
    drawn = np.random.default_rng(3)
    reference = np.linspace(20.0, 110.0, 40)
    off = np.where(np.arange(40) % 10 == 9, 6.0, 0.0)
    raw = reference + drawn.normal(0.0, 1.0, 40) + off
    points = [
        BondPoint(
            str(index), f"kind {index % 10}", True, float(reference[index]), {"level": float(raw[index])}
        )
        for index in range(40)
    ]
    table = bond_table(points, ["level"])
    circular = 1.96 * table.calibration.standard_error_kcal_mol
    assert table.coverage[1] <= 0.9
    assert 4 < circular < 6


def test_the_command_prints_every_kind_at_every_level(found: BondValidation) -> None:
    printed = CliRunner().invoke(app, ["validate", "bonds"])
    assert printed.exit_code == 0, printed.output
    assert printed.output.count("S(VI)-X") == len(found.tables) == 4
    assert "by the error of the other" in " ".join(printed.output.split())
    record = json.loads(CliRunner().invoke(app, ["validate", "bonds", "--json"]).output)
    assert [len(rows) for rows in record["families"]] == [20, 20, 20, 20]
