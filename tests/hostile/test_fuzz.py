"""Whatever stands in a list or a workflow: a documented exit status, never a traceback."""

import csv
import gzip
import itertools
import shutil
import string
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

TESTS = Path(__file__).parents[1]
TIGHT = (TESTS / "reference" / "tight.toml").read_text(encoding="utf-8")
PHOTO = (TESTS.parent / "workflows" / "photo-ligand.toml").read_text(encoding="utf-8")
CommandLine = Callable[..., int]
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")

fuzz = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
names = itertools.count()

SMILES = (
    *("C", "CCO", "c1ccccc1N=[N+]=[N-]", "[Na+].CC(=O)[O-]", "O=O", "[13CH4]", "C1CC", "[CH999]", "[C+257]C"),
    *("C:C", "[U]", "C" * 500, "C" * 10_000, "[Fe](C)C", "*", "C>>C", "C%(99999)", "(" * 900),
)
AWKWARD = (
    *(
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "x;=1+1",
        "＝1",
        "../../etc/passwd",
        "CON",
        "",
        "a\nb",
    ),
    *('"', "'", "365", "-365", "1e999", "nan", "\x1b[31m", "\u202e", "ß" * 200, "<script>", "ligand"),
)
HEADINGS = (
    *("id", "name", "role", "target_nm", "charge", "rank", "status", "list_status", "=x", "", "column 2"),
    *("SMILES", "a;=b", "\u202eid"),
)
cells = st.sampled_from(SMILES + AWKWARD) | st.text(max_size=12)
smiles_like = st.text("CNOPSFIBrcnos[]()=#123%+-@H/\\.*:", max_size=25)


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """A table with a usable row, mostly; cells quoted or not; sometimes in another encoding."""
    header = ["smiles", *draw(st.lists(st.sampled_from(HEADINGS), max_size=6, unique=True))]
    width = st.sampled_from([len(header)] * 5 + [len(header) + 1])
    n_rows = draw(st.integers(0, 6))
    rows = [["CO", *[""] * (len(header) - 1)]]
    for _ in range(n_rows):
        others = st.lists(cells, min_size=(n := draw(width) - 1), max_size=n)
        rows.append([draw(cells | smiles_like), *draw(others)])
    quote = draw(st.booleans())
    separator = draw(st.sampled_from(",;\t"))
    table = [header, *draw(st.permutations(rows))]
    if quote:
        table = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in table]
    text = draw(st.sampled_from(["\n", "\r\n", "\r"])).join(separator.join(row) for row in table)
    encoding = draw(st.sampled_from(["utf-8"] * 5 + ["utf-8-sig", "utf-16", "latin-1"]))
    return text.encode(encoding, "replace")


lists = st.tuples(
    st.sampled_from([".csv"] * 8 + [".tsv", ".smi", ".sdf", ".csv.gz", ".xlsx"]),
    st.one_of(*[tables()] * 6, st.binary(max_size=60)),
)


def written(folder: Path, suffix: str, content: bytes) -> str:
    name = f"list{next(names)}{suffix}"
    (folder / name).write_bytes(gzip.compress(content, mtime=0) if suffix.endswith(".gz") else content)
    return name


@fuzz
@given(lists)
def test_any_list_can_be_checked(actinic: CommandLine, tmp_path: Path, made: tuple[str, bytes]) -> None:
    name = written(tmp_path, *made)
    status = actinic("check", name, "-w", TESTS / "reference" / "tight.toml", "--store", "none")
    event(f"status {status}")
    assert status in {0, 2, 4}


@settings(fuzz, max_examples=40)
@given(lists)
def test_any_list_can_be_screened(actinic: CommandLine, tmp_path: Path, made: tuple[str, bytes]) -> None:
    name = written(tmp_path, *made)
    before = {path.name for path in tmp_path.iterdir()}
    status = actinic("screen", name, "-w", TESTS / "reference" / "tight.toml", "--out", "out", "--store", "s")
    event(f"status {status}")
    assert status in {0, 2, 4}
    assert {path.name for path in tmp_path.iterdir()} - before <= {"out", "s", "s-wal", "s-shm"}
    for path in (tmp_path / "out").glob("*.csv"):
        no_cell_is_a_formula(path)
    shutil.rmtree(tmp_path / "out", ignore_errors=True)


def no_cell_is_a_formula(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for separator in ",;":
        for row in csv.reader(text.splitlines(), delimiter=separator):
            for cell in row:
                assert not cell.startswith(FORMULA_STARTS) or not cell.strip(string.digits + "+-.,eE% ")


values = st.sampled_from(
    ["0", "-1", "1", "1e400", "nan", "inf", "true", '"x"', '""', "[]", "{}", "[[]]", "1979-05-27", "9" * 30,
     '"\\u0000"', "[1, 2]", "[[1, 0], [2, 1]]", '"gfn2-xtb@alpb(nowhere)"', '"pbe/def2-svp"', "365", "1e-300"]
)  # fmt: skip


@st.composite
def workflows(draw: st.DrawFn) -> str:
    """A shipped workflow with some lines changed, lost or doubled."""
    lines = draw(st.sampled_from([TIGHT, PHOTO])).splitlines()
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        key = lines[at].partition("=")[0].strip()
        change = draw(st.sampled_from(["value", "value", "value", "lose", "double", "rename", "junk"]))
        if change == "value" and key and not key.startswith(("#", "[")):
            lines[at] = f"{key} = {draw(values)}"
        elif change == "rename":
            lines[at] = f"x{lines[at]}"
        elif change == "junk":
            lines[at] = draw(st.text(max_size=20))
        elif change in {"lose", "double"}:
            lines[at : at + 1] = [lines[at]] * (2 if change == "double" else 0)
    return "\n".join(lines)


@fuzz
@given(workflows() | st.text(max_size=30))
def test_any_workflow_is_understood_or_refused(actinic: CommandLine, tmp_path: Path, text: str) -> None:
    name = f"flow{next(names)}.toml"
    (tmp_path / name).write_bytes(text.encode("utf-8", "replace"))
    (tmp_path / "two.csv").write_text("id,smiles\na,CCO\nb,c1ccccc1N=[N+]=[N-]\n")
    status = actinic("check", "two.csv", "-w", name, "--store", "none")
    event(f"status {status}")
    if status == 0:
        assert actinic("screen", "two.csv", "-w", name, "--out", "out", "--store", "s") in {0, 2, 4}
        assert actinic("report", "out") in {0, 2, 3, 4}
        shutil.rmtree(tmp_path / "out")


@pytest.mark.parametrize("text", ["x=" + "[" * 100_000, "x=" + "{a=" * 5000, "\0", "\ufeff"])
def test_a_workflow_that_is_no_toml_exits_2(actinic: CommandLine, tmp_path: Path, text: str) -> None:
    (tmp_path / "flow.toml").write_text(text, encoding="utf-8")
    (tmp_path / "one.csv").write_text("smiles\nC\n")
    assert actinic("check", "one.csv", "-w", "flow.toml") == 2
