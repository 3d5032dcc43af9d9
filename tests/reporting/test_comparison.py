"""Two runs compared: who moved, by which criterion, by how many standard errors."""

import json
import math
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from actinic.cli import app
from actinic.errors import InputError
from actinic.reporting.comparison import Comparison, compare_runs
from actinic.screening.folder import RunFolder
from actinic.screening.workflow import Workflow

FLOW = Workflow.load("photo-ligand")
RECORD: dict[str, Any] = {
    "state": "finished", "store": "x", "pid": 1, "host": "h", "in_flight": [],
    "calculations": {"computed": 0, "reused": 0, "failed": 0},
    "versions": {"rdkit": "1"}, "actinic": "0.1",
}  # fmt: skip
HEAD = (
    "rank,id,role,status,score,smiles,target_nm,absorptivity_target_l_mol_cm,absorptivity_target_low_l_mol_cm,"
    "absorptivity_target_high_l_mol_cm,desirability_answers,desirability_selective,desirability_clear_532,"
    "p_selective_target,absorptivity_532_nm_l_mol_cm"
)


def run(folder: Path, *rows: str, flow: Workflow = FLOW, **record: Any) -> Path:
    one = RunFolder(folder)
    one.write_workflow(flow)
    one.write_record(RECORD | record)
    one.ranked.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return folder


def bright(place: int, name: str, value: float, met: float, score: float, smiles: str = "CCO") -> str:
    return (
        f"{place},{name},,done,{score},{smiles},365,{value},{value - 100},{value + 100},{met},0.5,1.0,0.5,0.0"
    )


def two(tmp_path: Path) -> Comparison:
    before = run(
        tmp_path / "a",
        bright(1, "m", 500.0, 0.8, 0.7),
        bright(2, "n", 300.0, 0.5, 0.5, "CCN"),
        ",gone,,done,0.4,CCS,365,,,,,,,,",
    )
    after = run(
        tmp_path / "b",
        bright(1, "n", 300.0, 0.5, 0.5, "CCN"),
        bright(2, "m", 250.0, 0.2, 0.35),
        ",new,,failed,,CCF,365,,,,,,,,",
    )
    return compare_runs(before, after)


def test_who_moved_is_said_with_the_criterion_and_its_standard_errors(tmp_path: Path) -> None:
    found = {one.id: one for one in two(tmp_path).candidates}
    fallen = found["m"]
    assert fallen.rank == (1, 2)
    (cause,) = fallen.causes
    assert (cause.criterion, cause.quantity) == ("answers", "absorptivity_target_l_mol_cm")
    assert cause.desirability == (0.8, 0.2)
    assert cause.value == (500.0, 250.0)
    assert cause.standard_errors == pytest.approx(-2.5)
    weights = {wish.name: wish.weight for wish in FLOW.criteria}
    share = weights["answers"] / sum(weights.values())
    assert cause.log_score == pytest.approx(share * math.log(0.2 / 0.8), abs=1e-4)
    assert not cause.wish_changed


def test_who_is_overtaken_without_a_change_has_no_cause_of_its_own(tmp_path: Path) -> None:
    risen = next(one for one in two(tmp_path).candidates if one.id == "n")
    assert risen.rank == (2, 1)
    assert risen.causes == ()
    assert risen.is_moved


def test_rows_of_one_run_alone_are_absent_in_the_other(tmp_path: Path) -> None:
    found = {one.id: one.status for one in two(tmp_path).candidates}
    assert found["gone"] == ("done", "absent")
    assert found["new"] == ("absent", "failed")


def test_a_molecule_under_another_name_is_the_same_molecule(tmp_path: Path) -> None:
    before = run(tmp_path / "a", bright(1, "old-name", 500.0, 0.8, 0.7))
    after = run(tmp_path / "b", bright(1, "new-name", 500.0, 0.8, 0.7))
    (one,) = compare_runs(before, after).candidates
    assert one.id == "new-name"
    assert one.status == ("done", "done")
    assert not one.is_moved


def test_another_weight_is_named_as_the_cause(tmp_path: Path) -> None:
    wishes = tuple(
        wish.model_copy(update={"weight": 6.0}) if wish.name == "answers" else wish for wish in FLOW.criteria
    )
    heavier = FLOW.model_copy(update={"criteria": wishes})
    before = run(tmp_path / "a", bright(1, "m", 300.0, 0.5, 0.6))
    after = run(tmp_path / "b", bright(1, "m", 300.0, 0.5, 0.55), flow=heavier, versions={"rdkit": "2"})
    found = compare_runs(before, after)
    assert found.criteria == ("answers: weight 2.0 -> 6.0",)
    assert found.versions == (("rdkit", "1", "2"),)
    causes = {cause.criterion: cause for cause in found.candidates[0].causes}
    assert causes["answers"].wish_changed
    assert causes["answers"].standard_errors == 0.0
    assert not causes["selective"].wish_changed


def test_a_run_compared_with_itself_has_not_moved(tmp_path: Path) -> None:
    one = run(tmp_path / "a", bright(1, "m", 500.0, 0.8, 0.7), ",z,,failed,,,,,,,,,,,")
    found = compare_runs(one, one)
    assert not any(candidate.is_moved for candidate in found.candidates)
    assert (found.criteria, found.versions) == ((), ())


def test_the_command_says_it_in_words_and_in_json(tmp_path: Path) -> None:
    two(tmp_path)
    folders = [str(tmp_path / "a"), str(tmp_path / "b")]
    said = CliRunner().invoke(app, ["compare", *folders])
    assert said.exit_code == 0
    assert "1 -> 2" in said.output
    assert "answers at the target line 0.8 -> 0.2" in said.output
    assert "-2.5 standard errors" in said.output
    assert "4 of 4 candidates moved" in said.output
    record = json.loads(CliRunner().invoke(app, ["compare", *folders, "--json"]).output)
    assert {one["id"] for one in record["candidates"]} == {"m", "n", "gone", "new"}


def test_what_is_no_run_is_named(tmp_path: Path) -> None:
    one = run(tmp_path / "a", bright(1, "m", 500.0, 0.8, 0.7))
    with pytest.raises(InputError, match="not a run"):
        compare_runs(one, tmp_path / "nowhere")
    bare = tmp_path / "b"
    shutil.copytree(one, bare)
    (bare / "ranked.csv").unlink()
    with pytest.raises(InputError, match=r"no ranked\.csv"):
        compare_runs(one, bare)
