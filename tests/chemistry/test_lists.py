"""The readers: what stands in the file, row by row, and files that are no list."""

import gzip
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdkit import Chem

from actinic.chemistry.delimited import MAX_ROW_LINES, delimited_rows
from actinic.chemistry.listfile import MAX_LINE_CHARACTERS, Line, Row
from actinic.chemistry.lists import list_rows
from actinic.errors import InputError


def rows(path: Path, content: str | bytes) -> list[Row]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(list_rows(path))


def cells(path: Path, content: str | bytes) -> list[dict[str, str]]:
    found = rows(path, content)
    assert [row.fault for row in found] == [""] * len(found)
    return [dict(row.cells) for row in found]


@pytest.mark.parametrize(
    "content",
    [
        "smiles,name\nCCO,ethanol\n",
        "smiles;name\nCCO;ethanol\n",
        "smiles\tname\nCCO\tethanol\n",
        "SMILES,Name\r\nCCO,ethanol\r\n",
        "\ufeffsmiles,name\nCCO,ethanol",
        "# a list\n# of one\n\nsmiles, name\nCCO, ethanol\n\n,,\n",
        '"smiles","name"\n"CCO","ethanol"\n',
        "smiles,name,,\nCCO,ethanol,,\n",
        "smiles,name\rCCO,ethanol\r",
    ],
)
def test_a_list_reads_the_same_however_a_spreadsheet_saved_it(tmp_path: Path, content: str) -> None:
    assert cells(tmp_path / "list.csv", content) == [{"smiles": "CCO", "name": "ethanol"}]


def test_further_columns_keep_their_order_and_case(tmp_path: Path) -> None:
    (row,) = rows(tmp_path / "list.csv", "Vendor,Smiles,price EUR\nACME,CCO,3\n")
    assert row == Row(2, (("Vendor", "ACME"), ("smiles", "CCO"), ("price EUR", "3")))


def test_a_text_without_a_heading_is_kept_under_its_place(tmp_path: Path) -> None:
    assert cells(tmp_path / "list.csv", "smiles,\nCCO,dry\n") == [{"smiles": "CCO", "column 2": "dry"}]


def test_a_quoted_cell_may_run_over_lines_and_line_numbers_stay_right(tmp_path: Path) -> None:
    found = rows(tmp_path / "list.csv", 'smiles,note\nCCO,"two\nlines, ""quoted"""\nCCC,\n')
    assert [(row.line, dict(row.cells)["note"]) for row in found] == [(2, 'two\nlines, "quoted"'), (4, "")]


def test_a_quote_inside_a_bare_cell_is_a_character(tmp_path: Path) -> None:
    assert cells(tmp_path / "list.csv", 'smiles,note\nCCO,2" wafer\n')[0]["note"] == '2" wafer'


@pytest.mark.parametrize("n_after", [1, 3, 3 * MAX_ROW_LINES])
def test_a_forgotten_quote_costs_its_own_row_only(tmp_path: Path, n_after: int) -> None:
    first, *rest = rows(tmp_path / "list.csv", 'name,smiles\n"x,CCO\n' + "y,CCC\n" * n_after)
    assert first.line == 2
    assert (
        "'\"x,CCO': a double quote is opened and not closed; expected double quotes in pairs" in first.fault
    )
    assert rest == [Row(line, (("name", "y"), ("smiles", "CCC"))) for line in range(3, 3 + n_after)]


def test_rows_with_other_numbers_of_cells_say_so_and_the_rest_is_read(tmp_path: Path) -> None:
    many, few, right = rows(tmp_path / "list.csv", "name,smiles\n1,2-diol,OCCO\nx\ny,CCC\n")
    assert many.fault.startswith(
        "cells: 3; expected 2 (name, smiles); a cell that holds the separator has to"
    )
    assert few.fault.startswith("cells: 1; expected 2 (name, smiles)")
    assert right.fault == ""


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("list.csv", b"", r"list\.csv: empty; expected a header with a column 'smiles'"),
        ("list.csv", b"# only\n\n", r"list\.csv: empty"),
        ("list.csv", b"smiles,id\n", r"list\.csv: no row; expected one per candidate"),
        ("list.csv", b"CCO,ethanol\n", r"list\.csv, line 1: 'CCO,ethanol' has no column 'smiles'; expected"),
        ("list.tsv", b"smiles,id\nCCO,1\n", r"list\.tsv, line 1: .* has no column 'smiles'"),
        ("list.csv", b'smiles,"id\nCCO,1\n', r"list\.csv, line 1: .* has no column 'smiles'"),
        ("list.csv", b"id,smiles,ID\n1,CCO,2\n", r"list\.csv, line 1: column 'id' occurs twice; expected"),
        ("list.csv", b"smiles\nCCO\n\xe4\n", r"list\.csv, line 3: byte 0xe4 is not UTF-8; expected the"),
        ("list.csv", "smiles\nCCO\n".encode("utf-16"), r"list\.csv, line 1: a NUL byte; expected text"),
        ("list.csv", b"smiles\nC\0C\n", r"list\.csv, line 2: a NUL byte"),
        ("list.csv", b"smiles\n" + b"C" * MAX_LINE_CHARACTERS, r"list\.csv, line 2: over 100000 characters"),
        ("list.csv.gz", b"smiles\nCCO\n", r"list\.csv\.gz: cannot be read \(Not a gzipped file"),
        ("list.csv.gz", gzip.compress(b"smiles\nCCO\n" * 99)[:-9], r"list\.csv\.gz: cannot be read \("),
        ("list.csv.gz", gzip.compress(b"x", mtime=0)[:10] + b"\xff" * 9, r"list\.csv\.gz: cannot be read \("),
        ("list.xlsx", b"PK", r"list\.xlsx: suffix '\.xlsx'; expected \.csv, \.tsv, \.smi, \.sdf, or one"),
        ("list", b"smiles\nCCO\n", r"list: suffix ''; expected"),
        ("list.smi", b"# nothing\n", r"list\.smi: no row"),
        ("list.sdf", b"\n\n", r"list\.sdf: no row"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_is_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        rows(tmp_path / name, content)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv: does not exist; expected a list of candidates"):
        list(list_rows(tmp_path / "none.csv"))
    with pytest.raises(InputError, match=r": is a folder; expected a list of candidates"):
        list(list_rows(tmp_path))


def test_an_unreadable_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", locked)
    (tmp_path / "list.csv").touch()
    with pytest.raises(InputError, match=r"list\.csv: cannot be read \(.*Permission denied\)"):
        list(list_rows(tmp_path / "list.csv"))


def test_a_packed_list_reads_as_the_plain_one(tmp_path: Path) -> None:
    content = b"smiles,id\nCCO,1\n"
    assert cells(tmp_path / "list.csv.gz", gzip.compress(content)) == cells(tmp_path / "list.csv", content)


def test_a_smi_file_gives_smiles_and_name(tmp_path: Path) -> None:
    content = "smiles Name\n# comment\nCCO\tethyl alcohol\n\nCCC\nC[O-] |$a;b$| methoxide\n"
    assert cells(tmp_path / "list.smi", content) == [
        {"smiles": "CCO", "name": "ethyl alcohol"},
        {"smiles": "CCC", "name": ""},
        {"smiles": "C[O-] |$a;b$| methoxide", "name": ""},
    ]


def record(smiles: str, items: str = "", title: str = "") -> str:
    molecule = Chem.MolFromSmiles(smiles, sanitize=False)
    molecule.SetProp("_Name", title)
    return f"{Chem.MolToMolBlock(molecule, kekulize=False)}{items}$$$$\n"


def test_an_sdf_file_gives_structures_titles_and_data_items(tmp_path: Path) -> None:
    items = ">  <ID>  (1)\nx-1\n\n> <smiles>\nC\n\n> <batch note>\ntwo\nlines\n\n"
    content = record("C[NH3+].[Cl-]", items, "salt") + record("OCC")
    assert cells(tmp_path / "list.sdf", content) == [
        {
            "smiles": "C[NH3+].[Cl-]",
            "name": "salt",
            "id": "x-1",
            "sdf_smiles": "C",
            "batch note": "two lines",
        },
        {"smiles": "CCO"},
    ]


def test_a_broken_record_of_an_sdf_costs_no_other(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    content = (
        record("C(C)(C)(C)(C)C") + "title\nno molfile\n$$$$\n" + record("CCC").replace("  3  2", "  x  2")
    )
    found = rows(tmp_path / "list.sdf", content + record("CCO"))
    faults = [row.fault for row in found]
    assert "the structure is no molecule: Explicit valence for atom # 0 C, 5, is greater" in faults[0]
    assert faults[1] == "a record without 'M  END'; expected a molfile (V2000 or V3000)"
    assert faults[2] == "the structure is no molecule: no atoms can be read"
    assert dict(found[3].cells)["smiles"] == "CCO"
    assert capfd.readouterr() == ("", "")


def test_a_double_bond_drawn_in_an_sdf_keeps_its_side(tmp_path: Path) -> None:
    molecule = Chem.MolFromSmiles("C/C(=N\\OS(C)(=O)=O)c1ccccc1")
    content = Chem.MolToMolBlock(molecule) + "$$$$\n"
    assert cells(tmp_path / "list.sdf", content)[0]["smiles"] == Chem.MolToSmiles(molecule)


def test_an_endless_sdf_record_is_cut_short(tmp_path: Path) -> None:
    endless, right = rows(tmp_path / "list.sdf", "x\n" * 30_000 + "$$$$\n" + record("CCO"))
    assert "a record of over 20000 lines; expected '$$$$' at the end of each record" in endless.fault
    assert right.fault == ""


def test_an_endless_list_is_read_one_row_at_a_time() -> None:
    taken = []

    def endless() -> Iterator[Line]:
        yield Line(1, "smiles,id")
        for number in itertools.count(2):
            taken.append(number)
            yield Line(number, f"CCO,{number}")

    found = delimited_rows(endless(), "endless", ",")
    assert [row.line for row in itertools.islice(found, 3)] == [2, 3, 4]
    assert taken == [2, 3, 4]
