"""The ranked table is complete, rounded, ordered and the same every time."""

from pathlib import Path

import pandas as pd
import pytest

from actinic.analysis.assessment import Assessment
from actinic.analysis.estimate import Estimate
from actinic.analysis.known import Known
from actinic.chemistry.candidates import Candidate, UnusableRow
from actinic.chemistry.species import Species
from actinic.level import Level
from actinic.reporting.columns import all_columns
from actinic.reporting.table import Entry, ranked_table, write_csv
from actinic.screening.tiers import Progress
from actinic.screening.workflow import Workflow

FLOW = Workflow.load("photo-ligand")


def done(name: str, target: float, extra: tuple[tuple[str, str], ...] = ()) -> Entry:
    species = Species.from_smiles("CCO", multiplicity=1)
    row = Candidate(
        id=name, name=name.upper(), smiles_given="OCC", species=species, counter_ion="", role="ligand",
        target_nm=None, extra=extra, row=2, notes=("a note",),
    )  # fmt: skip
    quantities = {
        "absorptivity_target_l_mol_cm": Estimate.exact(target),
        "absorptivity_365_nm_l_mol_cm": Estimate(target, (target / 3, target, 3 * target)),
        "p_selective_target": Estimate.exact(0.8),
        "absorptivity_532_nm_l_mol_cm": Estimate.exact(0.0),
        "p_survives": Estimate.exact(1.0),
        "band_max_nm": Estimate.normal(333.3333, 12.3456),
        "film_homo_ev": Estimate.normal(-5.4321, 0.2, calibrated=False),
    }
    known = Known(species, None, (), Level.parse("gfn2-xtb"), Level.parse("cam-b3lyp/def2-svp"))
    return Entry(row, Progress("done", (), "", known, Assessment(quantities, None, ("mind this",))))


def ended(name: str, state: str, reason: str) -> Entry:
    entry = done(name, 1.0)
    where = entry.where
    assert where is not None
    changed = Progress(state, (), reason, where.known, where.assessment)  # type: ignore[arg-type]
    return Entry(entry.row, changed)


def broken(name: str) -> Entry:
    row = UnusableRow(
        id=name,
        name="",
        smiles_given="C(",
        role="",
        target_nm=None,
        extra=(),
        row=9,
        reason="list.csv, line 9: no",
    )
    return Entry(row, None)


def table() -> pd.DataFrame:
    entries = [
        broken("z"),
        ended("s", "screened_out", "too large"),
        done("dull", 20.0),
        ended("f", "failed", "ensemble: ConvergenceError: no"),
        done("bright", 900.0),
        done("twin", 20.0),
    ]
    return ranked_table(entries, FLOW)


def test_every_row_of_the_list_is_a_row_of_the_table_best_first() -> None:
    found = table()
    assert found["id"].tolist() == ["bright", "dull", "twin", "s", "f", "z"]
    assert found["status"].tolist() == ["done", "done", "done", "screened_out", "failed", "failed"]
    assert found["rank"].tolist()[:3] == [1, 2, 2]
    assert found["rank"].isna().tolist()[3:] == [True] * 3
    assert found["reason"].tolist()[3:] == [
        "too large",
        "ensemble: ConvergenceError: no",
        "list.csv, line 9: no",
    ]


def test_columns_are_the_documented_ones() -> None:
    assert table().columns.tolist() == [c.name for c in all_columns(FLOW, ())]


def test_values_are_rounded_and_errors_shown_only_where_calibrated() -> None:
    row = table().astype(object).iloc[0].to_dict()
    assert row["band_max_nm"] == 333.3
    assert row["band_max_error_nm"] == 12.3
    assert pd.isna(row["film_homo_ev"])
    assert pd.isna(row["film_homo_error_ev"])
    assert row["target_nm"] == 365
    assert pd.isna(row["absorptivity_254_nm_l_mol_cm"])
    assert (row["absorptivity_365_nm_low_l_mol_cm"], row["absorptivity_365_nm_high_l_mol_cm"]) == (300, 2700)
    assert row["caveats"] == "mind this"
    assert row["charge"] == 0
    assert row["notes"] == "a note"


def test_the_limiting_criterion_names_value_and_wish() -> None:
    assert table().iloc[1]["limiting_criterion"] == (
        "answers at the target line: absorptivity_target_l_mol_cm = 20"
    )


def test_further_columns_of_the_list_are_carried_through_even_under_a_taken_name() -> None:
    found = ranked_table([done("a", 1.0, (("batch", "7"), ("score", "mine"))), done("b", 2.0)], FLOW)
    rows = {row["id"]: row for row in found.astype(object).to_dict("records")}
    assert (rows["a"]["batch"], rows["a"]["list_score"]) == ("7", "mine")
    assert pd.isna(rows["b"]["batch"])


def test_the_same_entries_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.csv", "two.csv"):
        write_csv([table()], tmp_path / name)
    text = (tmp_path / "one.csv").read_bytes()
    assert text == (tmp_path / "two.csv").read_bytes()
    assert b"nan" not in text.lower().replace(b"name", b"")
    assert b"<NA>" not in text


@pytest.mark.parametrize("preset", ["photo-ligand", "heat-ligand", "crosslinker", "htm"])
def test_column_names_are_unique_and_explained(preset: str) -> None:
    columns = all_columns(Workflow.load(preset), ("batch",))
    assert len({c.name for c in columns}) == len(columns)
    assert all(c.meaning for c in columns)
