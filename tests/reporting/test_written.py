"""Written row by row from the disk, the files are those of a table held in memory."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from benchmarks.made_up import make_run

from actinic import api
from actinic.analysis import robustness
from actinic.chemistry.candidates import Candidate, UnusableRow
from actinic.chemistry.species import Species
from actinic.errors import InputError
from actinic.reporting import table, written
from actinic.reporting.entries import read_entries
from actinic.reporting.spill import Spill
from actinic.reporting.table import ranked_table, write_csv
from actinic.screening.folder import Row, RunFolder
from actinic.screening.workflow import Workflow

FLOW = Workflow.load("photo-ligand")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    folder = RunFolder(make_run(tmp_path_factory.mktemp("run"), 9, FLOW))
    folder.write_candidates(list(varied(folder.rows())))
    return folder


def varied(rows: Iterator[Row]) -> Iterator[Row]:
    """Roles and columns of their own, a twin, another line, what cannot be used, what nobody computed."""
    for number, row in enumerate(rows):
        assert isinstance(row, Candidate)
        extra = (("tg_c", "=1+1"), ("batch", f"{number}"))[: number % 3]
        yield replace(row, extra=extra, role=("", "ligand", "htm")[number % 3])
        if number == 1:
            yield replace(row, id="0-twin", extra=(("batch", "again"),))
            yield UnusableRow("broken", "", "C(", "", None, (("late", "x"),), 9, "line 9: no SMILES")
            yield replace(row, id="waits", species=Species.from_smiles("CCCCO", multiplicity=1))
        if number == 2:
            yield replace(row, id="other-line", target_nm=254.0)


def store(run: RunFolder) -> Path:
    return Path(run.read_record()["store"])


@pytest.mark.parametrize("rows_at_once", [1, 4, 1000])
@pytest.mark.parametrize("merged_at_once", [1, 64])
def test_row_by_row_gives_the_bytes_of_the_whole(
    run: RunFolder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rows_at_once: int,
    merged_at_once: int,
) -> None:
    whole = ranked_table(read_entries(run, FLOW, store(run)), FLOW)
    write_csv([whole], tmp_path / "whole.csv")
    monkeypatch.setattr(table, "ROWS_AT_ONCE", rows_at_once)
    monkeypatch.setattr(robustness, "MERGED_AT_ONCE", merged_at_once)
    found = api.report(run.path)
    assert run.ranked.read_bytes() == (tmp_path / "whole.csv").read_bytes()
    pd.testing.assert_frame_equal(found, whole)


def test_every_sort_of_row_is_there_in_its_order(run: RunFolder) -> None:
    found = api.report(run.path)
    assert list(dict.fromkeys(found["status"])) == ["done", "waiting", "failed"]
    assert len(found) == 13
    assert found["score"].dropna().is_monotonic_decreasing
    assert list(found.columns[-3:]) == ["tg_c", "batch", "late"]
    twins = found.set_index("id").loc[["0-twin", "m0002"]]
    assert twins["rank"].nunique() == twins["p_top"].nunique() == twins["on_pareto_front"].nunique() == 1


def test_nothing_is_left_beside_the_files(run: RunFolder) -> None:
    before = {path.name for path in run.path.iterdir()}
    api.report(run.path)
    assert {path.name for path in run.path.iterdir()} == before
    assert not [name for name in before if name.startswith(".")]


def test_a_report_that_fails_leaves_the_files_of_the_one_before(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.report(run.path)
    before = {path.name: path.read_bytes() for path in run.path.iterdir()}

    def broken(*_: object, **__: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(written, "finished", broken)
    with pytest.raises(OSError, match="no space left"):
        api.report(run.path)
    assert {path.name: path.read_bytes() for path in run.path.iterdir()} == before


def test_cards_go_to_the_best_whatever_their_place_in_the_list(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "SHOWN_CANDIDATES", 3)
    best = api.report(run.path)["id"].tolist()[:3]
    page = run.page.read_text(encoding="utf-8")
    places = [page.index(f'id="c-{name}"') for name in best]
    assert places == sorted(places)
    assert page.count("<article") == 3


def test_records_come_back_by_number_and_the_file_has_no_name(tmp_path: Path) -> None:
    spill = Spill(tmp_path)
    for record in (b"one", b"", b"three"):
        spill.append(record)
    assert [spill[number] for number in (2, 0, 1)] == [b"three", b"one", b""]
    spill.append(b"four")
    assert (spill[3], len(spill)) == (b"four", 4)
    assert not list(tmp_path.iterdir())


def test_a_line_of_the_snapshot_without_a_row_is_named(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.candidates.write_text("{}\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 1 holds no row"):
        list(folder.rows())
