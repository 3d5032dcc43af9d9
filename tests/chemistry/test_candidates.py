"""Reading lists: what is usable, what is not and why."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdkit import Chem

from actinic.chemistry.candidates import Candidate, UnusableRow, read_candidates
from actinic.errors import InputError

TOP = Path(__file__).parents[2]


def read(folder: Path, text: str, name: str = "list.csv") -> list[Candidate | UnusableRow]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return list(read_candidates(path))


def only(rows: list[Candidate | UnusableRow]) -> Candidate:
    (row,) = rows
    assert isinstance(row, Candidate), row
    return row


@pytest.fixture(scope="module")
def broken() -> dict[str, Candidate | UnusableRow]:
    return {row.id: row for row in read_candidates(TOP / "ligands" / "broken.csv")}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("no-smiles", "line 3: no SMILES"),
        ("unclosed-ring", "line 4: SMILES 'C1CC' cannot be read (unclosed ring"),
        ("five-bonds", "Explicit valence for atom # 0 C"),
        ("not-a-smiles", "SMILES 'benzene' cannot be read"),
        ("reaction", "is a reaction; expected one molecule"),
        ("radical", "is a radical (at O); only closed shells are computed"),
        ("metal", "Fe"),
        ("wildcard", "has a wildcard or R group"),
        ("mixture", "is a mixture of 2 neutral molecules"),
        ("single-atom", "is a single atom: it has no bond"),
        ("wrong-role", "role 'solvent': expected one of ligand, additive, crosslinker, htm"),
        ("wrong-target", "target_nm 'ultraviolet': expected a wavelength in nm from 100 to 2000"),
        ("target-off", "target_nm '10.6'"),
        ("wrong-charge", "charge '1' disagrees with the SMILES, whose charge is -1"),
        ("too-many-cells", "line 17: 8 cells under 7 headings"),
    ],
)
def test_a_broken_row_says_what_is_wrong_with_it(
    broken: dict[str, Candidate | UnusableRow], name: str, reason: str
) -> None:
    row = broken[name]
    assert isinstance(row, UnusableRow)
    assert row.reason.startswith("broken.csv, line ")
    assert reason in row.reason


def test_the_rest_of_a_broken_list_is_usable(broken: dict[str, Candidate | UnusableRow]) -> None:
    usable = [row for row in broken.values() if isinstance(row, Candidate)]
    assert [row.id for row in usable] == ["good", "good-2", "1-1"]
    good, twin, hostile = usable
    assert good.species == twin.species
    assert good.target_nm == 365
    assert good.extra == (("comment", "this one works"),)
    assert "id 'good' was taken" in twin.notes[0]
    assert (hostile.species.smiles, hostile.counter_ion) == ("C[S-]", "[Na+]")
    assert hostile.name == "../../etc/passwd"  # a name is text; only ids become files


def test_every_row_of_the_quickstart_list_is_usable_and_different() -> None:
    rows = list(read_candidates(TOP / "ligands" / "quickstart.csv"))
    assert all(isinstance(row, Candidate) for row in rows)
    assert len({row.species for row in rows if isinstance(row, Candidate)}) == len(rows) >= 8
    charges = {row.species.charge for row in rows if isinstance(row, Candidate)}
    assert charges == {-1, 0, 1}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("smiles,id\nCCO,x\n", "a.csv"),
        ("\ufeffSMILES;ID\nCCO;x\n", "a.csv"),
        ("# comment\n\nid\tSmiles\nx\tCCO\n", "a.csv"),
        ("id\tsmiles\nx\tCCO\n", "a.tsv"),
        ("# comment\nCCO x\n", "a.smi"),
        ("CCO\tx\n", "a.smi"),
    ],
)
def test_tables_and_smiles_files_of_every_dialect_are_read(tmp_path: Path, text: str, name: str) -> None:
    row = only(read(tmp_path, text, name))
    assert (row.species.smiles, row.id) == ("CCO", "x")


def test_an_sdf_is_read_with_its_properties(tmp_path: Path) -> None:
    with Chem.SDWriter(str(tmp_path / "a.sdf")) as writer:
        for smiles in ("CCO", "C[S-]"):
            mol = Chem.MolFromSmiles(smiles)
            mol.SetProp("_Name", f"name of {smiles}")
            mol.SetProp("role", "ligand")
            mol.SetProp("batch", "7")
            writer.write(mol)
    (tmp_path / "a.sdf").write_text((tmp_path / "a.sdf").read_text() + "garbage\n\n\nM  END\n$$$$\n")
    rows = list(read_candidates(tmp_path / "a.sdf"))
    first, second, third = rows
    assert isinstance(first, Candidate)
    assert (first.species.smiles, first.name, first.role, first.extra) == (
        "CCO", "name of CCO", "ligand", (("batch", "7"),)
    )  # fmt: skip
    assert isinstance(second, Candidate)
    assert second.species.charge == -1
    assert isinstance(third, UnusableRow)
    assert "a.sdf, record 3: RDKit cannot read this record" in third.reason


def test_ids_come_from_the_name_else_from_the_line(tmp_path: Path) -> None:
    rows = read(tmp_path, "name,smiles\nα-Thiol (2 %),CCS\n,CCO\n")
    assert [row.id for row in rows] == ["Thiol--2", "row-3"]


@pytest.mark.parametrize("identifier", ["../../etc/passwd", "=cmd()", ".hidden", "a/b\\c", "x" * 500, "..", "\t"])
def test_an_id_is_always_a_harmless_file_name(tmp_path: Path, identifier: str) -> None:
    row = only(read(tmp_path, f'id,smiles\n"{identifier}",CCO\n'))
    assert row.id
    assert not row.id.startswith((".", "-", "="))
    assert Path(row.id).name == row.id
    assert len(row.id) <= 85


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("absent.csv", None, "no such file"),
        ("a.xlsx", b"", "suffix '.xlsx'; expected .csv, .tsv, .smi or .sdf"),
        ("a.csv", b"", "no column 'smiles'; found nothing"),
        ("a.csv", b"name,formula\nx,CO2\n", "no column 'smiles'; found name, formula"),
        ("a.csv", b"smiles\nCCO\n\xff\xfe\n", "is not UTF-8 text; save the list as UTF-8"),
        ("a.csv", b"\0\0\0smiles\n", "NUL characters"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_the_reason(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        list(read_candidates(path))
    assert said in caught.value.message
    assert name in caught.value.message


@pytest.mark.parametrize(
    ("smiles", "said"),
    [
        ("C" * 2001, "SMILES of 2001 characters, at most 2000"),
        ("C" * 301, "301 heavy atoms, at most 300"),
        ("[He]", "element He"),
        ("[U]", "element U"),
        ("C[Hg]C", "element Hg"),
        ("[CH3]", "is a radical"),
        ("[I-]", "is a single atom"),
        ("", "no SMILES"),
    ],
)
def test_what_cannot_be_computed_is_said(tmp_path: Path, smiles: str, said: str) -> None:
    (row,) = read(tmp_path, f"id,smiles\nx,{smiles}\n")
    assert isinstance(row, UnusableRow)
    assert said in row.reason


def test_open_stereochemistry_is_noted_but_not_that_of_an_azide(tmp_path: Path) -> None:
    assert "1 stereocentre(s) not specified" in only(read(tmp_path, "smiles\nCC(O)CC\n")).notes[0]
    assert "without E/Z" in only(read(tmp_path, "smiles\nCC=NOC\n")).notes[0]
    for clear in ("C[C@H](O)CC", "C/C=C/C", "CN=[N+]=[N-]", "C(CO)(CO)(CO)CO"):
        assert only(read(tmp_path, f"smiles\n{clear}\n")).notes == ()


def test_reading_the_first_row_does_not_read_the_list(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("smiles\n" + "CCO\n" * 200_000)
    rows = read_candidates(path)
    assert isinstance(rows, Iterator)
    first = list(itertools.islice(rows, 2))
    assert [row.row for row in first] == [2, 3]  # 200,000 molecules would take half a minute


def test_rdkit_does_not_litter_standard_error(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    read(tmp_path, "smiles\nC1CC\nC(C)(C)(C)(C)C\n")
    assert capfd.readouterr().err == ""


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(body=st.text(max_size=200))
def test_no_text_brings_the_reader_down(tmp_path: Path, body: str) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(("id,smiles,role\n" + body).encode("utf-8", "surrogatepass"))
    try:
        rows = list(read_candidates(path))
    except InputError as error:
        assert "any.csv" in error.message
    else:
        assert len({row.id for row in rows}) == len(rows)
