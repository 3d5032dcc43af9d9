"""Candidates and unusable rows: every row comes back, and says what is wrong with it."""

import itertools
import re
import tracemalloc
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdkit import Chem, rdBase

from actinic.chemistry.candidates import ROLES, Candidate, UnusableRow, read_candidates
from actinic.chemistry.species import Species
from actinic.errors import InputError

BROKEN = Path(__file__).parents[2] / "ligands" / "broken.csv"


def read(path: Path, content: str) -> list[Candidate | UnusableRow]:
    path = path / "list.csv"
    path.write_text(content, encoding="utf-8")
    return list(read_candidates(path))


def only(path: Path, content: str) -> Candidate:
    (row,) = read(path, content)
    assert isinstance(row, Candidate), row.reason
    return row


def reason(path: Path, content: str) -> str:
    (row,) = read(path, content)
    assert isinstance(row, UnusableRow)
    return row.reason


def test_a_row_becomes_a_candidate_with_all_it_says(tmp_path: Path) -> None:
    content = (
        "id,name,smiles,role,target_nm,charge,vendor\n"
        'pag-1,"iodonium, triflate",c1ccc(cc1)[I+]c1ccccc1.O=S(=O)([O-])C(F)(F)F,Additive,254,1,ACME\n'
    )
    found = only(tmp_path, content)
    assert (found.id, found.name, found.row, found.role) == ("pag-1", "iodonium, triflate", 2, "additive")
    assert found.species == Species("c1ccc([I+]c2ccccc2)cc1", charge=1, multiplicity=1)
    assert found.counter_ion == "O=S(=O)([O-])C(F)(F)F"
    assert found.target_nm == 254.0
    assert found.extra == (("vendor", "ACME"),)
    assert found.notes == ("counter-ion O=S(=O)([O-])C(F)(F)F set aside",)


def test_only_smiles_is_required_and_nothing_is_made_up(tmp_path: Path) -> None:
    found = only(tmp_path, "smiles\nCC(=C)C(=O)O\n")
    assert (found.id, found.name, found.role, found.target_nm, found.extra) == ("row-2", "", "", None, ())
    assert (found.counter_ion, found.notes) == ("", ())


def test_equal_molecules_drawn_differently_are_two_candidates_of_one_species(tmp_path: Path) -> None:
    first, second = read(tmp_path, "smiles\n[N-]=[N+]=Nc1ccccc1\nc1ccccc1N=[N+]=[N-]\n")
    assert isinstance(first, Candidate)
    assert isinstance(second, Candidate)
    assert first.species == second.species
    assert first.id != second.id


def test_the_list_of_broken_rows_names_file_line_value_and_what_was_expected() -> None:
    rows = list(read_candidates(BROKEN))
    usable = [row for row in rows if isinstance(row, Candidate)]
    unusable = [row for row in rows if isinstance(row, UnusableRow)]
    assert [row.id for row in usable] == ["good-first", "good-last"]
    assert len(unusable) == 29
    lines = BROKEN.read_text(encoding="utf-8").splitlines()
    for row in unusable:
        assert row.reason.startswith(f"{BROKEN}, line {row.row}: ")
        assert "; expected " in row.reason
        assert row.id == f"row-{row.row}" or lines[row.row - 1].startswith(row.id)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("smiles,role\nCCO,catalyst\n", r"role 'catalyst'; expected ligand, additive, crosslinker, htm or"),
        ("smiles,target_nm\nCCO,i-line\n", r"target_nm 'i-line'; expected a number in 100-2000 nm, such"),
        ("smiles,target_nm\nCCO,13.5\n", r"target_nm '13.5'; expected"),
        ("smiles,target_nm\nCCO,nan\n", r"target_nm 'nan'; expected"),
        ("smiles,target_nm\nCCO,365 nm\n", r"target_nm '365 nm'; expected"),
        ("smiles;target_nm\nCCO;365,5\n", r"target_nm '365,5'; expected"),
        ("smiles,charge\nCC(=O)[O-],0\n", r"charge '0' is not that of 'CC\(=O\)\[O-\]'; expected -1"),
        ("smiles,charge\n[Na+].CC(=O)[O-],2\n", r"charge '2' is not that of .*; expected -1 or 0"),
        ("smiles,charge\nCCO,neutral\n", r"charge 'neutral' is not that of 'CCO'; expected 0"),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_used_says_why(tmp_path: Path, content: str, message: str) -> None:
    assert re.search(rf"list\.csv, line 2: {message}", reason(tmp_path, content))


def test_all_faults_of_a_row_are_told_at_once(tmp_path: Path) -> None:
    said = reason(tmp_path, "smiles,role,target_nm\nC1CC,glue,red\n")
    assert "role 'glue'" in said
    assert "target_nm 'red'" in said
    assert "ring 1 is not closed" in said


def test_an_unusable_row_keeps_what_could_be_read(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "id,name,smiles,role,target_nm,lot\nx,ring,C1CC,htm,365.5,7\n")
    assert isinstance(row, UnusableRow)
    assert (row.id, row.name, row.smiles_given, row.role, row.target_nm) == (
        "x",
        "ring",
        "C1CC",
        "htm",
        365.5,
    )
    assert (row.extra, row.row) == ((("lot", "7"),), 2)


@pytest.mark.parametrize("text", ["-1", "-1.0", "0", "+0"])
def test_a_given_charge_may_be_that_of_the_ion_or_of_the_salt(tmp_path: Path, text: str) -> None:
    assert only(tmp_path, f"smiles,charge\n[Na+].CC(=O)[O-],{text}\n").species.charge == -1


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_the_four_roles_and_none_are_known(tmp_path: Path, role: str) -> None:
    assert only(tmp_path, f"smiles,role\nCCO,{role}\n").role == role


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("=cmd()", "cmd"),
        ("-rf", "rf"),
        (".hidden", "hidden"),
        ("C:\\temp\\a b", "C-temp-a-b"),
        ("β-carotene", "carotene"),
        ("Füller", "Fuller"),
        ("x" * 200, "x" * 80),
    ],
)
def test_an_identifier_becomes_harmless_as_a_file_name(tmp_path: Path, given: str, written: str) -> None:
    found = only(tmp_path, f"id,smiles\n{given},CCO\n")
    assert found.id == written
    assert found.notes == (f"id {given!r} written as {written!r}",)


def test_a_name_stands_in_for_a_missing_identifier(tmp_path: Path) -> None:
    assert only(tmp_path, 'name,smiles\n"1,2-Bis(4-benzoylphenoxy)ethane (BPO2)",CCO\n').id == (
        "1-2-bis-4-benzoylphenoxy-ethane-bpo2"
    )
    assert only(tmp_path, "id,name,smiles\n???,ethanol,CCO\n").id == "ethanol"


def test_a_second_use_of_an_identifier_gets_a_suffix_and_is_said(tmp_path: Path) -> None:
    rows = read(tmp_path, "id,smiles\na,CCO\na,CCC\nA,C1CC\na-2,CCN\n")
    assert [row.id for row in rows] == ["a", "a-2", "A-3", "a-2-2"]
    assert isinstance(rows[1], Candidate)
    assert rows[1].notes == ("id 'a' is taken by an earlier row: 'a-2' here",)
    assert isinstance(rows[2], UnusableRow)
    assert "id 'A' is taken by an earlier row: 'A-3' here" in rows[2].reason


@pytest.mark.parametrize("name", ['=HYPERLINK("x")', "+1", "-COOH", "@SUM(A1)"])
def test_a_name_a_spreadsheet_would_run_is_kept_as_it_is(tmp_path: Path, name: str) -> None:
    quoted = name.replace('"', '""')
    found = only(tmp_path, f'id,name,smiles\nx,"{quoted}",CCO\n')
    assert (found.name, found.notes) == (name, ())


def test_a_name_cannot_carry_control_characters(tmp_path: Path) -> None:
    assert only(tmp_path, 'name,smiles\n"red \x1b[31m\n  text",CCO\n').name == "red [31m text"


def test_rows_survive_the_snapshot_of_a_run(tmp_path: Path) -> None:
    for row in read(tmp_path, "id,smiles,lot\nx,[Na+].CC(=O)[O-],7\ny,C1CC,8\n"):
        assert msgspec.json.decode(msgspec.json.encode(row), type=type(row)) == row


def test_the_first_row_of_a_long_list_is_there_before_the_list_is_read(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(b"id,smiles\n")
        file.writelines(b"m%d,CCO\n" % number for number in range(400_000))
        file.write(b"\xff\n")
    tracemalloc.start()
    rows = read_candidates(path)
    first = list(itertools.islice(rows, 10))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [row.id for row in first] == [f"m{number}" for number in range(10)]
    assert peak < path.stat().st_size / 4


def test_bytes_that_are_not_utf8_stop_the_reading_where_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"smiles\nCCO\n\xff\n")
    rows = read_candidates(path)
    assert isinstance(next(rows), Candidate)
    with pytest.raises(InputError, match=r"list\.csv, line 3: byte 0xff is not UTF-8"):
        next(rows)


def test_nothing_is_written_to_the_terminal_and_the_log_is_as_before(
    capfd: pytest.CaptureFixture[str],
) -> None:
    before = rdBase.LogStatus()
    list(read_candidates(BROKEN))
    assert capfd.readouterr() == ("", "")
    assert rdBase.LogStatus() == before
    Chem.MolFromSmiles("C1CC")
    assert "unclosed ring" in capfd.readouterr().err


FRAGMENTS = st.text('CNOSHcnFIBrlZau[]()+-=#@$*~%123./\\:,;>|" \n\t', max_size=60)
MOLECULES = st.lists(
    st.sampled_from(
        ["CN=[N+]=[N-]", "[Na+]", "[Cl-]", "Cl", "[2H]", "O", "*", "[Fe+2]", "CCN", "C1", ".", "[Na]"]
    ),
    max_size=8,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(st.text(max_size=300), FRAGMENTS, MOLECULES.map("".join)),
    st.sampled_from(["smiles\n", "id,smiles,role\n", ""]),
)
def test_arbitrary_text_as_a_list_raises_nothing_but_an_input_error(
    tmp_path: Path, text: str, header: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(header + text, encoding="utf-8", newline="")
    try:
        rows = list(read_candidates(path))
    except InputError as error:
        assert str(path) in error.message  # noqa: PT017 -- both outcomes are right, each in its own way
    else:
        assert len({row.id for row in rows}) == len(rows)
        assert all(isinstance(row, Candidate) or row.reason for row in rows)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from([".csv", ".tsv", ".smi", ".sdf", ".csv.gz"]))
def test_arbitrary_bytes_raise_nothing_but_an_input_error(
    tmp_path: Path, content: bytes, suffix: str
) -> None:
    path = tmp_path / f"list{suffix}"
    path.write_bytes(content)
    try:
        rows = list(read_candidates(path))
    except InputError as error:
        assert str(path) in error.message  # noqa: PT017 -- both outcomes are right, each in its own way
    else:
        assert rows
