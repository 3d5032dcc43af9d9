"""The whole line with the real engines and real processes, on molecules of a few atoms."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from actinic import Workflow, read_candidates, report, screen
from actinic.errors import InputError

TIGHT = Path(__file__).parent / "reference" / "tight.toml"
TIGHT_AND_DFT = """
[spectrum]
level = "b3lyp/def2-svp"
cation_level = "b3lyp/def2-svp@cpcm(water)"
anion_level = "b3lyp/def2-svpd@cpcm(water)"
conformers = 1
cover_ev = 6.5
max_roots = 40

[exposure]"""

LIST = """id,name,smiles,role,batch
water,water,O,,1
again,water drawn otherwise,[H]O[H],,2
ethanol,ethanol,OCC,additive,3
broken,unclosed ring,C1CC,,4
salt,methanethiolate,C[S-].[Na+],ligand,5
large,too large,CCCCCCCCCCCCCCCCCCCCCC,,6
zwitterion,glycine zwitterion,[NH3+]CC(=O)[O-],,7
dissociates,diazonium carboxylate,[O-]C(=O)[N+]#N,,8
"""


def write_list(folder: Path, text: str = LIST) -> Path:
    path = folder / "list.csv"
    path.write_text(text, encoding="utf-8")
    return path


Row = dict[str, str]


def ranked(path: Path) -> dict[str, Row]:
    """The rows of a ranked.csv by id, in their order."""
    with (path / "ranked.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def actinic(*arguments: object, cwd: Path, check: int | None = None) -> "subprocess.CompletedProcess[str]":
    done = subprocess.run(
        [sys.executable, "-m", "actinic", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    if check is not None:
        assert done.returncode == check, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A screened list: results in `out`, everything relative to the folder returned."""
    folder = tmp_path_factory.mktemp("run")
    actinic("screen", write_list(folder), "--workflow", TIGHT, "--out", "out", "--store", "s.sqlite",
            cwd=folder, check=4)  # fmt: skip
    return folder


def test_every_row_asked_for_has_its_end(run: Path) -> None:
    table = ranked(run / "out")
    assert {name: row["status"] for name, row in table.items()} == {
        "water": "done", "again": "done", "ethanol": "done", "salt": "done",
        "zwitterion": "done", "large": "screened_out", "broken": "failed", "dissociates": "failed",
    }  # fmt: skip
    for column in ("rank", "n_conformers", "smiles"):
        assert table["water"][column] == table["again"][column] != ""
    assert "list.csv, line 5" in table["broken"]["reason"]
    assert "too large for a test" in table["large"]["reason"]
    assert [table["salt"][c] for c in ("smiles", "charge", "counter_ion")] == ["C[S-]", "-1", "[Na+]"]
    assert table["ethanol"]["batch"] == "3"
    assert table["broken"]["rank"] == table["broken"]["n_conformers"] == ""


def test_a_molecule_that_dissociates_while_optimised_is_reported_as_such(run: Path) -> None:
    reason = ranked(run / "out")["dissociates"]["reason"]
    assert "does not keep its bonds at gfn2-xtb@alpb(water); becomes CO2 + N2" in reason


def test_the_record_counts_what_was_computed(run: Path) -> None:
    record = json.loads((run / "out" / "run.json").read_text())
    assert record["state"] == "finished"
    assert record["calculations"] == {"computed": 5, "reused": 0, "failed": 0}  # the two waters are one
    assert record["candidates"] == {"done": 5, "failed": 2, "screened_out": 1}
    assert {"rdkit", "tblite", "python"} <= record["versions"].keys()
    assert set(record["seconds_by_kind"]["wall_s"]) == {"ensemble"}


def test_the_structures_have_the_optimised_coordinates(run: Path) -> None:
    text = (run / "out" / "structures.sdf").read_text()
    assert text.count("$$$$") == 5
    assert text.startswith("water\n")
    assert "film_homo_ev" not in text  # of no molecule here: all lie outside its calibration


def test_the_same_command_again_computes_nothing_and_says_so(run: Path) -> None:
    before = (run / "out" / "ranked.csv").read_bytes()
    again = actinic("screen", run / "list.csv", "--workflow", TIGHT, "--out", "out", "--store", "s.sqlite",
                    cwd=run, check=4)  # fmt: skip
    assert "calculations: 0 computed, 5 reused from s.sqlite, 0 failed" in again.stdout
    assert (run / "out" / "ranked.csv").read_bytes() == before


def test_another_criterion_ranks_again_without_computing(run: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(TIGHT.read_text().replace("[[2, 1], [20, 0.2]]", "[[2, 0.2], [20, 1]]"))
    small_first = next(iter(ranked(run / "out")))
    assert small_first in {"water", "again"}
    actinic("report", "out", "--workflow", other, cwd=run, check=4)
    assert next(iter(ranked(run / "out"))) == "zwitterion"
    actinic("report", "out", "--workflow", TIGHT, cwd=run, check=4)
    assert next(iter(ranked(run / "out"))) == small_first


def test_status_tells_how_the_run_stands_and_why_rows_failed(run: Path) -> None:
    said = actinic("status", "out", cwd=run, check=0).stdout
    assert "finished" in said
    assert re.search(r"5\s+done", said)
    assert re.search(r"2\s+failed", said)
    assert "dissociates" in said
    assert "broken" in said


def test_check_says_what_would_run_and_what_cannot(run: Path) -> None:
    said = actinic("check", run / "list.csv", "--workflow", TIGHT, cwd=run, check=4).stdout
    assert "salt: C[S-]  gfn2-xtb@alpb(water)" in said
    assert "cannot be used" in said
    assert "7 usable, 1 not; 6 still to compute, 1 known already" in said  # `large` is out before computing


def test_python_does_the_same_in_three_lines(run: Path, tmp_path: Path) -> None:
    table = screen(
        read_candidates(run / "list.csv"), Workflow.load(TIGHT), out=tmp_path, store=run / "s.sqlite"
    )
    assert (tmp_path / "ranked.csv").read_bytes() == (run / "out" / "ranked.csv").read_bytes()
    assert table.equals(report(tmp_path))


def test_a_list_without_a_usable_row_exits_2_and_says_why(tmp_path: Path) -> None:
    broken = write_list(tmp_path, "smiles\nC1CC\n")
    done = actinic("screen", broken, "-w", TIGHT, "--out", "out", cwd=tmp_path, check=2)
    assert "no usable row" in done.stderr
    assert "C1CC" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("screen", "absent.csv", "--out", "out"), "absent.csv"),
        (("screen", "list.csv", "--workflow", "photo", "--out", "out"), "no such file; presets are"),
        (("screen", "list.csv", "--out", "out", "--workers", "0"), "--workers 0"),
        (("screen", "list.csv", "--out", "out", "--cluster", "absent.toml"), "absent.toml: cluster file"),
        (("status", "nowhere"), "nowhere: not a run"),
        (("report", "nowhere"), "nowhere: not a run"),
        (("screen", "list.csv", "--out", "list.csv"), "list.csv: File exists"),
        (("screen", "list.csv", "--out", "out", "--store", "list.csv/s.sqlite"), "list.csv"),
        (("init", "list.csv"), "list.csv"),
    ],
)
def test_what_cannot_be_used_exits_2_with_one_line(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    write_list(tmp_path)
    done = actinic(*arguments, cwd=tmp_path, check=2)
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def copied(run: Path, folder: Path) -> Path:
    """A run to be spoilt."""
    shutil.copytree(run / "out", folder / "out")
    return folder / "out"


def test_a_start_that_fails_leaves_an_earlier_run_as_it_was(run: Path, tmp_path: Path) -> None:
    out = copied(run, tmp_path)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    broken = write_list(tmp_path, "smiles\nC1CC\n")
    actinic("screen", broken, "-w", TIGHT, "--out", "out", cwd=tmp_path, check=2)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_a_run_at_work_is_not_started_twice_nor_given_another_workflow(run: Path, tmp_path: Path) -> None:
    out = copied(run, tmp_path)
    record = json.loads((out / "run.json").read_text())
    (out / "run.json").write_text(json.dumps(record | {"state": "running", "pid": os.getpid()}))
    listed = write_list(tmp_path)
    for command in (("screen", listed, "-w", TIGHT, "--out", "out"), ("report", "out", "-w", TIGHT)):
        done = actinic(*command, cwd=tmp_path, check=2)
        assert f"is being computed by pid {os.getpid()}" in done.stderr
    assert f"running, pid {os.getpid()}" in actinic("status", "out", cwd=tmp_path, check=0).stdout


@pytest.mark.parametrize("name", ["run.json", "workflow.json", "candidates.jsonl"])
def test_a_damaged_run_folder_is_said(run: Path, tmp_path: Path, name: str) -> None:
    out = copied(run, tmp_path)
    (out / name).write_text("{}\n" if name == "run.json" else "garbage\n")
    done = actinic("report", "out", cwd=tmp_path, check=2)
    assert f"{name}: damaged or missing" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_report_that_lacks_calculations_says_so_and_exits_3(run: Path, tmp_path: Path) -> None:
    copied(run, tmp_path)
    dearer = tmp_path / "dearer.toml"
    dearer.write_text(TIGHT.read_text().replace("embedded = 2", "embedded = 3"))
    done = actinic("report", "out", "-w", dearer, cwd=tmp_path, check=3)
    assert "some candidates still wait for calculations" in done.stdout
    assert "waiting  water: its ensemble is not computed yet" in done.stdout


def test_init_copies_the_presets_out_and_keeps_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows" / "htm.toml").write_text("mine")
    said = actinic("init", ".", cwd=tmp_path, check=0).stdout
    assert "kept   workflows/htm.toml" in said
    assert (tmp_path / "workflows" / "htm.toml").read_text() == "mine"
    assert Workflow.load(tmp_path / "workflows" / "photo-ligand.toml") == Workflow.load("photo-ligand")
    assert (tmp_path / "workflows" / "clusters" / "laptop.toml").is_file()
    assert (tmp_path / "ligands" / "quickstart.csv").is_file()


def test_formaldehyde_and_an_anion_get_a_believable_spectrum(tmp_path: Path) -> None:
    flow = tmp_path / "dft.toml"
    flow.write_text(TIGHT.read_text().replace("\n[exposure]", TIGHT_AND_DFT))
    listed = write_list(tmp_path, "id,smiles\nformaldehyde,C=O\nthiolate,C[S-]\n")
    screen(listed, Workflow.load(flow), out=tmp_path / "out", store=tmp_path / "s.sqlite")
    table = ranked(tmp_path / "out")
    assert [row["status"] for row in table.values()] == ["done", "done"]
    formaldehyde, thiolate = table["formaldehyde"], table["thiolate"]
    # n-pi* of formaldehyde: 3.98 eV (QUEST best estimate), dark by symmetry; TDA-B3LYP lies near 4.0
    assert float(formaldehyde["s1_raw_ev"]) == pytest.approx(3.98, abs=0.2)
    assert float(formaldehyde["s1_oscillator_strength"]) < 1e-3
    assert float(formaldehyde["homo_dft_ev"]) == pytest.approx(-7.2, abs=0.5)
    assert "absorption of an ion" in thiolate["caveats"]
    assert thiolate["film_homo_ev"] == ""


def test_an_unknown_store_is_said_without_a_traceback(run: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.sqlite: no such store"):
        report(run / "out", store=run / "absent.sqlite")
