"""Lists made to break things: a clear row or a clear refusal, and nothing lands where it should not."""

import ast
import csv
import gzip
import json
import resource
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from actinic.chemistry.candidates import Candidate, UnusableRow, read_candidates
from actinic.chemistry.lists import MAX_COLUMNS, list_rows
from actinic.errors import InputError
from actinic.screening.folder import RunFolder

TIGHT = Path(__file__).parents[1] / "reference" / "tight.toml"
GIGABYTE = 2**30
CommandLine = Callable[..., int]


def row(folder: Path, smiles: str) -> Candidate | UnusableRow:
    path = folder / "list.csv"
    path.write_text(f'smiles,id\n"{smiles}",x\n', encoding="utf-8")
    (found,) = read_candidates(path)
    return found


@pytest.mark.parametrize(
    ("smiles", "said"),
    [
        ("C" * 10_000, "a SMILES of 10000 characters; expected at most 2000"),
        ("C" * 500, "500 heavy atoms; expected at most 300"),
        ("[CH999]", "[CH999] has 999 hydrogens; at most 9 can be written"),
        ("C[N+257](C)(C)C", "[N+257] has charge +257; at most 15 counts"),
        ("C[N" + "+" * 257 + "](C)(C)C", "is no"),
        ("[1000CH4]", "[1000CH4] has a mass of 1000; at most three digits count"),
        ("C:C", "has an aromatic bond outside a ring"),
        ("[U](F)F", "has U; expected elements with GFN2 and def2 parameters"),
        ("[Xx]", "is no SMILES"),
        ("(" * 900 + ")" * 900, "is no SMILES"),
        ("C(" * 600 + "C" + ")" * 600, "601 heavy atoms"),
        ("=cmd|' /C calc'!A0", "a blank inside"),
        ("C%(99999)C%(99999)", "is no SMILES"),
        ("../../../etc/passwd", "is no SMILES"),
    ],
)
def test_a_hostile_smiles_is_a_row_that_says_why(tmp_path: Path, smiles: str, said: str) -> None:
    found = row(tmp_path, smiles)
    assert isinstance(found, UnusableRow)
    assert said in found.reason
    assert len(found.reason) < 600


def test_an_octahedral_tag_is_no_number_of_hydrogens(tmp_path: Path) -> None:
    found = row(tmp_path, "F[S@OH25](F)(F)(F)(F)Cl")
    assert isinstance(found, Candidate)


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.parametrize("after", ["smiles\nCCO\n", "smiles\nCCO\n" + "C" * 50])
def test_a_gigabyte_is_read_no_further_than_its_first_fault(tmp_path: Path, after: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(after)
    with path.open("r+b") as file:
        file.truncate(GIGABYTE)  # zeros, and none of them on the disk
    before_mb = peak_mb()
    rows = read_candidates(path)
    assert isinstance(next(rows), Candidate)
    with pytest.raises(InputError, match=r"list\.csv, line 3: a NUL byte"):
        next(rows)
    assert peak_mb() - before_mb < 50


def test_a_gigabyte_packed_into_a_megabyte_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "list.csv.gz"
    chunk = gzip.compress(b"C" * 2**26, 1)
    path.write_bytes(gzip.compress(b"smiles\n") + chunk * 16)
    before_mb = peak_mb()
    with pytest.raises(InputError, match="line 2: over 100000 characters; expected one row per line"):
        list(list_rows(path))
    assert peak_mb() - before_mb < 50


def test_a_long_list_is_read_row_by_row(tmp_path: Path) -> None:
    n_rows, note = 1000, "x" * 4000
    with (tmp_path / "list.csv").open("w", encoding="utf-8") as file:
        file.write("smiles,note\n")
        file.writelines(f"{'CNO'[line % 3]},{note}{line}\n" for line in range(n_rows))
    folder = RunFolder(tmp_path / "out")
    (tmp_path / "first").mkdir()
    row(tmp_path / "first", "CNO")  # loads the tables that every row is compared with
    tracemalloc.start()
    try:
        assert folder.write_candidates(read_candidates(tmp_path / "list.csv")) == (n_rows, 0)
        assert sum(1 for _ in folder.usable_candidates()) == n_rows
        most_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert folder.candidates.stat().st_size > 4_000_000
    assert most_bytes < 1_000_000


def test_records_that_each_bring_a_column_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.sdf"
    path.write_text("".join(f"x\nM  END\n> <n{i}>\n1\n\n$$$$\n" for i in range(MAX_COLUMNS + 1)))
    with pytest.raises(InputError, match=f"over {MAX_COLUMNS} columns; expected fewer"):
        list(list_rows(path))


FORMULAS = """id,smiles,name,=head,x;@head,status,list_status
../../a,CCO,=1+1,-5.2,ok;=2+3,+1+1,@x
/etc/passwd,CO,"=HYPERLINK(""x"",""y"")",--,＝1,mine,1e-3
CON,=cmd|' /C calc'!A0,-OH,12 %,"a,=b",,
"""


@pytest.fixture
def screened(actinic: CommandLine, tmp_path: Path) -> list[dict[str, str]]:
    (tmp_path / "=list.csv").write_text(FORMULAS, encoding="utf-8")
    (tmp_path / "inside").mkdir()
    assert actinic("screen", "=list.csv", "-w", TIGHT, "--out", "inside/out", "--store", "inside/s") == 4
    with (tmp_path / "inside" / "out" / "ranked.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_no_cell_a_list_fills_is_a_formula_and_numbers_stay_numbers(screened: list[dict[str, str]]) -> None:
    found = {one["id"]: one for one in screened}
    assert set(found) == {"a", "etc-passwd", "CON"}
    assert (found["a"]["name"], found["a"]["'=head"]) == ("'=1+1", "-5.2")
    assert (found["a"]["x;'@head"], found["a"]["list_status"]) == ("ok;'=2+3", "'+1+1")
    assert found["a"]["list_list_status"] == "'@x"
    assert found["etc-passwd"]["name"] == '\'=HYPERLINK("x","y")'
    assert (found["etc-passwd"]["'=head"], found["etc-passwd"]["x;'@head"]) == ("--", "'＝1")
    assert found["CON"]["smiles"].startswith("'=cmd|")
    assert found["CON"]["reason"].startswith("'=list.csv, line 4")
    assert (found["CON"]["'=head"], found["CON"]["x;'@head"]) == ("12 %", "a,=b")


def test_nothing_is_written_outside_the_run_and_its_store(
    screened: list[dict[str, str]], tmp_path: Path
) -> None:
    assert {path.name for path in tmp_path.iterdir()} == {"=list.csv", "inside"}
    assert {path.name for path in (tmp_path / "inside").iterdir()} - {"s-wal", "s-shm"} == {"out", "s"}
    named = {path.name for path in (tmp_path / "inside" / "out").rglob("*")}
    assert named == {"candidates.jsonl", "ranked.csv", "report.html", "run.json", "structures.sdf",
                     "workflow.json"}  # fmt: skip


def test_a_link_in_the_folder_of_the_run_is_replaced_and_not_followed(
    actinic: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "list.csv").write_text("smiles\nCO\n")
    (tmp_path / "precious").write_text("mine")
    (tmp_path / "out").mkdir()
    for name in ("ranked.csv", "structures.sdf", "report.html", "candidates.jsonl", "workflow.json"):
        (tmp_path / "out" / name).symlink_to(tmp_path / "precious")
    assert actinic("screen", "list.csv", "-w", TIGHT, "--out", "out", "--store", "s") == 0
    assert (tmp_path / "precious").read_text() == "mine"


def test_a_name_that_is_not_utf_8_is_written_readably(actinic: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "\udcff.csv").write_text("smiles\nC1CC\nCO\n")
    assert actinic("screen", "\udcff.csv", "-w", TIGHT, "--out", "out", "--store", "s") == 4
    assert "\\udcff.csv, line 2" in (tmp_path / "out" / "ranked.csv").read_text(encoding="utf-8")


RECORD = {"state": "running", "store": "s", "pid": 1, "host": "x", "in_flight": [], "calculations": {}}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("run.json", json.dumps({"state": 1})),
        ("run.json", "[" * 100_000),
        ("run.json", json.dumps(RECORD)),
        ("run.json", json.dumps(RECORD | {"pid": 10**20})),
        ("run.json", json.dumps(RECORD | {"in_flight": [[]]})),
        ("workflow.json", "{}"),
        ("workflow.json", "[" * 100_000),
        ("candidates.jsonl", '{"usable": {"id": "../../x"}}\n'),
        ("candidates.jsonl", "\udcff"),
    ],
)
@pytest.mark.parametrize("command", ["status", "report", "retry"])
def test_a_folder_that_came_by_mail_is_understood_or_refused(
    actinic: CommandLine, tmp_path: Path, name: str, text: str, command: str
) -> None:
    (tmp_path / "list.csv").write_text("smiles\nCO\n")
    assert actinic("screen", "list.csv", "-w", TIGHT, "--out", "out", "--store", "s") == 0
    (tmp_path / "out" / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    assert actinic(command, "out") == 2


def test_an_identifier_that_would_leave_the_folder_is_refused_on_the_way_in_and_out(
    actinic: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "list.csv").write_text("smiles,id\nCO,inside\n")
    assert actinic("screen", "list.csv", "-w", TIGHT, "--out", "out", "--store", "s") == 0
    folder = RunFolder(tmp_path / "out")
    (candidate,) = folder.usable_candidates()
    with pytest.raises(InputError, match=r"id '\.\./x': expected letters, digits"):
        folder.write_candidates([replace(candidate, id="../x")])
    text = folder.candidates.read_text()
    folder.candidates.write_text(text.replace("inside", "../../outside"))
    with pytest.raises(InputError, match=r"damaged or missing \(id '\.\./\.\./outside'"):
        list(folder.rows())
    assert actinic("report", "out") == 2


def test_a_run_that_names_a_store_elsewhere_makes_none_there(actinic: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("smiles\nCO\n")
    assert actinic("screen", "list.csv", "-w", TIGHT, "--out", "out", "--store", "s") == 0
    record = tmp_path / "out" / "run.json"
    elsewhere = tmp_path / "elsewhere" / "s"
    record.write_text(record.read_text().replace(str(tmp_path / "s"), str(elsewhere)))
    assert [actinic(command, "out") for command in ("status", "report", "retry")] == [2, 2, 2]
    assert not elsewhere.parent.exists()


UNSAFE_MODULES = {"pickle", "_pickle", "cPickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"}
UNSAFE_NAMES = {"allow_pickle", "read_pickle", "to_pickle"}


def unpicklers(source: str) -> set[str]:
    """Modules that a source imports, in whatever way, and names it uses, that read pickles."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {(node.module or "").split(".")[0], *(alias.name for alias in node.names)}
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in {"import_module", "__import__"}:
                found.add(str(node.args[0].value).split(".")[0])
        elif isinstance(node, ast.Attribute):
            found |= {node.attr} & UNSAFE_NAMES
        elif isinstance(node, ast.keyword):
            found |= {node.arg or ""} & UNSAFE_NAMES
    return found & (UNSAFE_MODULES | UNSAFE_NAMES)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import pickle", "pickle"),
        ("import os, pickle as p", "pickle"),
        ("from pickle import loads", "pickle"),
        ("from distributed.protocol import pickle", "pickle"),
        ("import importlib\nimportlib.import_module('cloudpickle')", "cloudpickle"),
        ("import numpy as np\nnp.load('x', allow_pickle=True)", "allow_pickle"),
        ("import pandas as pd\npd.read_pickle('x')", "read_pickle"),
    ],
)
def test_every_way_to_read_a_pickle_is_seen(source: str, name: str) -> None:
    assert name in unpicklers(source)


def test_no_module_reads_a_pickle() -> None:
    package = Path(__file__).parents[2] / "pipeline" / "actinic"
    found = {
        path.name: names
        for path in package.rglob("*.py")
        if (names := unpicklers(path.read_text(encoding="utf-8")))
    }
    assert found == {}
