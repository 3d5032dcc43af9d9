"""`actinic tautomers`: a list in, a list out that can be screened, with the lowest tautomers."""

import csv
import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from typer.testing import CliRunner

from actinic import cli_tautomers, read_candidates
from actinic.analysis.tautomers import ERROR_KCAL_MOL, ION_ERROR_FACTOR
from actinic.chemistry.candidates import Candidate, UnusableRow
from actinic.cli import app
from actinic.screening import tautomers as energies
from actinic.screening.tautomers import FormsStanding
from actinic.tautomer_lists import ADDED, Compared, rows_with_forms, write_chosen

LOWER = -2 * ERROR_KCAL_MOL
NOTED = "`actinic tautomers` compares them"


def compared(tmp_path: Path, content: str, *shifts: float | None, name: str = "list.csv") -> list[Compared]:
    """Rows of a list; other forms lie `shifts` (kcal/mol) above the one drawn, in both media."""
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    found = []
    for one in rows_with_forms(path):
        known = tuple(None if s is None else (s, s) for s in (0.0, *shifts))[: len(one.forms)]
        where = FormsStanding("done", (), "", known, tuple("" for _ in known))
        found.append(replace(one, where=where) if len(one.forms) > 1 else one)
    return found


def written(rows: list[Compared], tmp_path: Path, *, every: bool = False) -> list[dict[str, str]]:
    target = tmp_path / "chosen.csv"
    write_chosen(rows, target, every=every)
    with target.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def usable(tmp_path: Path) -> list[Candidate]:
    rows = list(read_candidates(tmp_path / "chosen.csv"))
    return [row for row in rows if isinstance(row, Candidate)]


def test_a_lower_tautomer_takes_the_place_of_the_one_drawn(tmp_path: Path) -> None:
    rows = compared(tmp_path, "id,smiles,vendor\nmbt,Sc1nc2ccccc2s1,ACME\n", LOWER)
    (row,) = written(rows, tmp_path)
    assert row["smiles"] == "S=c1[nH]c2ccccc2s1"
    assert (row["smiles_drawn"], row["vendor"], row["id"]) == ("Sc1nc2ccccc2s1", "ACME", "mbt")
    assert float(row["tautomer_gain_kcal_mol"]) == pytest.approx(-LOWER, abs=0.05)
    assert row["tautomer_note"].startswith("another is lower: taken (S=c1[nH]c2ccccc2s1: ")
    (candidate,) = usable(tmp_path)
    assert candidate.species.smiles == "S=c1[nH]c2ccccc2s1"
    assert not any(NOTED in note for note in candidate.notes)


@pytest.mark.parametrize("shift", [-LOWER, 0.5 * LOWER, None])
def test_otherwise_the_one_drawn_stays_and_the_row_says_why(shift: float | None, tmp_path: Path) -> None:
    (row,) = written(compared(tmp_path, "smiles\nOc1ccccn1\n", shift), tmp_path)
    assert row["smiles"] == "Oc1ccccn1"
    words = {-LOWER: "drawn is lowest", 0.5 * LOWER: "within the error", None: "not compared"}
    assert row["tautomer_note"].startswith(words[shift])
    assert not any(NOTED in note for note in usable(tmp_path)[0].notes)


def test_reading_a_list_says_that_there_are_tautomers(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("smiles\nOc1ccccn1\nCC(=O)Nc1ccccc1\n")
    first, second = (row for row in read_candidates(path) if isinstance(row, Candidate))
    assert first.notes == (f"computed as drawn, has another tautomer: {NOTED}",)
    assert second.notes == ()


def test_check_says_what_is_computed_as_drawn(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("smiles\nSc1nc2ccccc2s1\n")
    shown = CliRunner().invoke(app, ["check", str(path), "--store", str(tmp_path / "none.sqlite")])
    assert shown.exit_code == 0
    assert NOTED in shown.output
    assert "computed with the proton of its thiol" in shown.output


def test_rows_columns_and_broken_rows_pass_through(tmp_path: Path) -> None:
    content = (
        "name;smiles;role;note\n"
        'ethanol;CCO;ligand;"a;b"\n'
        "broken;C1CC;ligand;unclosed ring\n"
        "salt;Oc1cccc[nH+]1.[Cl-];additive;\n"
        "short;CC\n"
        "wrong;CCO;nonsense;kept\n"
    )
    rows = compared(tmp_path, content, ION_ERROR_FACTOR * LOWER)
    table = written(rows, tmp_path)
    assert list(table[0]) == ["id", "name", "smiles", "role", "note", *ADDED]
    assert [row["name"] for row in table] == ["ethanol", "broken", "salt", "", "wrong"]
    assert [row["id"] for row in table] == ["ethanol", "broken", "salt", "short", "wrong"]
    assert (table[0]["note"], table[0]["smiles_drawn"], table[0]["tautomer_note"]) == ("a;b", "CCO", "")
    assert (table[1]["smiles"], table[1]["smiles_drawn"]) == ("C1CC", "")
    assert table[3]["smiles"] == "short;CC"
    assert (table[4]["role"], table[4]["note"]) == ("nonsense", "kept")
    before = list(read_candidates(tmp_path / "list.csv"))
    after = list(read_candidates(tmp_path / "chosen.csv"))
    assert [isinstance(row, UnusableRow) for row in after] == [isinstance(row, UnusableRow) for row in before]
    assert [row.id for row in after] == [row.id for row in before]


def test_a_counter_ion_stays_with_the_tautomer(tmp_path: Path) -> None:
    rows = compared(tmp_path, "smiles\n[Na+].[S-]c1nc[nH]n1\n", ION_ERROR_FACTOR * LOWER)
    (row,) = written(rows, tmp_path)
    assert row["smiles"] == f"{rows[0].forms[1].smiles}.[Na+]"
    assert usable(tmp_path)[0].counter_ion == "[Na+]"


def test_ions_need_twice_the_difference(tmp_path: Path) -> None:
    (row,) = written(compared(tmp_path, "smiles\n[S-]c1nc[nH]n1\n", 0.9 * LOWER), tmp_path)
    assert row["smiles"] == "[S-]c1nc[nH]n1"


def test_every_close_tautomer_can_have_a_row_of_its_own(tmp_path: Path) -> None:
    content = "id,smiles\ncytosine,Nc1cc[nH]c(=O)n1\nethanol,CCO\n"
    rows = compared(tmp_path, content, -1.0, 2.5, 1.0)
    table = written(rows, tmp_path, every=True)
    assert [row["id"] for row in table] == ["cytosine-t1", "cytosine-t2", "cytosine-t4", "ethanol"]
    assert [row["smiles"] for row in table[:3]] == [rows[0].forms[i].smiles for i in (0, 1, 3)]
    assert [row["tautomer_gain_kcal_mol"] for row in table] == ["0.0", "1.0", "-1.0", ""]
    assert len(usable(tmp_path)) == 4


def test_a_chosen_list_can_be_chosen_from_again(tmp_path: Path) -> None:
    written(compared(tmp_path, "smiles\nSc1nc2ccccc2s1\n", LOWER), tmp_path)
    again = list(rows_with_forms(tmp_path / "chosen.csv"))
    (row,) = written(again, tmp_path)
    assert (row["smiles"], row["smiles_drawn"]) == ("S=c1[nH]c2ccccc2s1", "Sc1nc2ccccc2s1")


def test_what_a_spreadsheet_would_run_is_disarmed(tmp_path: Path) -> None:
    (row,) = written(compared(tmp_path, "smiles,note\nCCO,=HYPERLINK(1)\n"), tmp_path)
    assert row["note"] == "'=HYPERLINK(1)"


def test_the_command_shows_what_it_decided_and_writes_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = "id,smiles\nmbt,Sc1nc2ccccc2s1\nmethane,C\nbroken,C1CC\n"
    rows = compared(tmp_path, content, LOWER)
    monkeypatch.setattr(cli_tautomers, "compare_tautomers", lambda *_: rows)
    chosen = tmp_path / "chosen.csv"
    arguments = ["tautomers", str(tmp_path / "list.csv"), "--out", str(chosen)]
    shown = CliRunner().invoke(app, arguments)
    assert shown.exit_code == 4, shown.output  # one row cannot be used
    for words in ("mbt", "S=c1[nH]c2ccccc2s1", f"{LOWER:+.1f} / {LOWER:+.1f}", "another is lower: taken"):
        assert words in shown.output
    assert "1 with tautomers, 1 without, 1 that cannot be used" in shown.output
    assert [row.species.smiles for row in usable(tmp_path)] == ["S=c1[nH]c2ccccc2s1", "C"]
    told = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout.splitlines()[-1])
    assert [row["verdict"] for row in told] == ["another is lower: taken", None, None]
    assert told[0]["taken"] == "S=c1[nH]c2ccccc2s1"
    assert "broken" in told[2]["note"] or "C1CC" in told[2]["note"]


@pytest.mark.slow
def test_the_command_from_list_to_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(energies, "LEVEL", "pbe/def2-svp")
    monkeypatch.setattr(energies, "FILM_LEVEL", "pbe/def2-svp@cpcm(toluene)")
    preset = files("actinic").joinpath("presets", "workflows", "photo-ligand.toml").read_text("utf-8")
    flow, listed, chosen = (tmp_path / name for name in ("few.toml", "list.csv", "chosen.csv"))
    flow.write_text(preset.replace("embedded = 12", "embedded = 2"), encoding="utf-8")
    listed.write_text("id,smiles\nimidic,OC=N\nmethane,C\nbroken,C1CC\n")
    arguments = ["tautomers", str(listed), "--out", str(chosen), "--workflow", str(flow)]
    arguments += ["--store", str(tmp_path / "store.sqlite"), "--workers", "1"]
    shown = CliRunner().invoke(app, arguments)
    assert shown.exit_code == 4, shown.output  # one row cannot be used
    assert "another is lower: taken" in shown.output
    assert "1 with tautomers, 1 without, 1 that cannot be used" in shown.output
    first, second, third = csv.DictReader(chosen.read_text(encoding="utf-8").splitlines())
    assert (first["smiles"], second["smiles"], third["smiles"]) == ("NC=O", "C", "C1CC")
    told = CliRunner().invoke(app, [*arguments, "--json"])
    record = json.loads(told.stdout.splitlines()[-1])[0]
    assert (record["taken"], record["tautomers"]) == ("NC=O", ["N=CO", "NC=O"])
    assert 8 < record["gain_kcal_mol"] < 16  # high-level calculations: 12


def test_a_target_that_is_the_list_or_no_csv_is_refused(tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text("smiles\nCCO\n")
    for target in (listed, tmp_path / "chosen.txt"):
        found = CliRunner().invoke(app, ["tautomers", str(listed), "--out", str(target)])
        assert found.exit_code != 0
        assert "--out" in str(found.exception)
