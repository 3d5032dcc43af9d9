"""The ligand families of two reviews: what counts, what hits, and that misses are said."""

import json

import pytest
from typer.testing import CliRunner

from actinic.analysis.estimate import Estimate
from actinic.analysis.family_validation import Answer, FamilyRow, answer, family_row
from actinic.cli import app
from actinic.screening.family_references import families, families_workflow, family_standing
from actinic.validation_families import FamilyValidation, validate_families
from actinic.validation_family_table import families_table


@pytest.fixture(scope="module")
def found() -> FamilyValidation:
    return validate_families()


def row(*answers: Answer, known: str = "") -> FamilyRow:
    return family_row("f", "365 nm", "365 nm", not_counted="", known=known, answers=answers)


def at_365(probability: float, kind: str = "named") -> Answer:
    return Answer("m", kind, "", {365.0: probability}, None, "said")


def test_a_row_hits_above_one_half_and_says_what_is_known_of_a_miss() -> None:
    assert row(at_365(0.51)).verdict == "hit"
    missed = row(at_365(0.5), known="the nanocrystal absorbs")
    assert (missed.verdict, missed.why) == ("miss", "the nanocrystal absorbs")


def test_the_molecule_that_answers_best_decides() -> None:
    found = row(at_365(0.2), at_365(0.9))
    assert found.verdict == "hit"
    assert found.answers[0].best == 0.9


def test_a_stand_in_never_scores_and_stands_behind_the_molecule_of_the_review() -> None:
    both = row(at_365(0.9, "stand-in"), at_365(0.2))
    assert (both.verdict, both.answers[0].kind) == ("miss", "named")
    assert row(at_365(0.9, "shortened")).verdict == "hit"
    for probability, verdict in ((0.9, "stand-in answers"), (0.2, "stand-in silent")):
        alone = row(at_365(probability, "stand-in"))
        assert (alone.verdict, alone.is_scored) == (verdict, False)


def test_nothing_known_is_neither_hit_nor_miss() -> None:
    unknown = answer("m", "named", "", {}, (365.0,), heat=True)
    assert unknown.best is None
    assert row(unknown).verdict == "not computed"


def test_heat_counts_below_250_c_and_only_where_it_was_published() -> None:
    quantities = {
        "activation_temperature_c": Estimate.normal(200.0, 20.0),
        "p_answers_365_nm": Estimate.exact(0.1),
        "absorptivity_365_nm_l_mol_cm": Estimate.exact(3.0),
    }
    by_heat = answer("m", "named", "", quantities, (365.0,), heat=True)
    assert by_heat.p_heat == pytest.approx(0.99, abs=0.03)
    assert by_heat.said.startswith("reacts at 200 C")
    by_light = answer("m", "named", "", quantities, (365.0,), heat=False)
    assert by_light.best == 0.1
    assert by_light.said == "3 L mol-1 cm-1 at 365 nm, P = 0.10"


def test_every_row_that_counts_has_a_molecule_and_no_other_has() -> None:
    rows = families()
    assert len(rows) == 24
    assert {family.name for family in rows if family.not_counted} == {
        "Alkane",
        "Thiostannate",
        "Methacrylate",
        "Mercaptocarboxylic acid",
        'Dimethylformamide ("bare NCs")',
    }
    for family in rows:
        assert bool(family.molecules) == (not family.not_counted), family.name
        assert bool(family.lines_nm or family.heat) == bool(family.molecules), family.name
    names = [reference.id for family in rows for reference in family.molecules]
    assert len(set(names)) == len(names)


def test_a_molecule_that_is_not_computed_waits_for_its_conformers() -> None:
    azide = next(family for family in families() if family.name == "Bisazide").molecules[0]
    missing = family_standing(azide, families_workflow(), lambda _: None).missing
    assert len(missing) == 1


def test_all_that_is_needed_is_shipped_and_nearly_all_rows_answer(found: FamilyValidation) -> None:
    verdicts = [row.verdict for row in found.rows]
    # Another RDKit may write the double bonds of one molecule (PAG103) otherwise, and look for that in vain.
    assert verdicts.count("not computed") <= 1
    assert verdicts.count("not counted") == 5
    assert verdicts.count("hit") + verdicts.count("miss") == 9
    assert verdicts.count("hit") >= 8
    assert verdicts.count("stand-in answers") >= 9


def test_the_named_azole_is_shown(found: FamilyValidation) -> None:
    azole = next(row for row in found.rows if row.family.startswith("Azole"))
    assert azole.answers[0].id == "thiatriazole-thiolate"


def test_the_score_and_every_miss_stand_below_the_table(found: FamilyValidation) -> None:
    table = families_table(found)
    assert len(table.rows) == 24
    hits = sum(r.verdict == "hit" for r in found.rows)
    assert table.notes[0] == f"Hits: {hits} of the 9 rows of which the review names a molecule."
    silent = {"miss", "stand-in silent", "not computed"}
    missed = [f"{r.verdict}: {r.family}: " for r in found.rows if r.verdict in silent]
    assert len(table.notes) == 2 + len(missed)
    assert all(note.startswith(start) for note, start in zip(table.notes[2:], missed, strict=True))


def test_the_command_and_the_option_print_the_same_table_and_json_holds_all_answers() -> None:
    command = CliRunner().invoke(app, ["validate", "families"])
    option = CliRunner().invoke(app, ["validate", "--families"])
    assert command.exit_code == option.exit_code == 0, command.output
    assert command.output == option.output
    assert "Hits: " in command.output
    record = json.loads(CliRunner().invoke(app, ["validate", "families", "--json"]).output)
    thiadiazole = next(row for row in record["rows"] if row["family"].startswith("1,3,4-thiadiazole"))
    assert len(thiadiazole["answers"]) == 3
