"""A long list shared out between processes gives the same rows, in the same order, as one process."""

import os
import threading
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from benchmarks.made_up import make_run

from actinic.calculations.kinds import Request, key
from actinic.calculations.outcome import Outcome
from actinic.errors import InputError
from actinic.reporting import entries
from actinic.reporting.entries import Entries, read_entries
from actinic.reporting.rows import Entry
from actinic.reporting.table import ranked_table
from actinic.screening.folder import RunFolder
from actinic.screening.store import Store
from actinic.screening.workflow import Workflow

FLOW = Workflow.load("photo-ligand")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return RunFolder(make_run(tmp_path_factory.mktemp("run"), 6, FLOW))


def test_shared_out_or_not_the_table_is_the_same(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Path(run.read_record()["store"])
    alone = read_entries(run, FLOW, store)
    used: list[int] = []

    def counted(workers: int, *rest: Any) -> Any:
        used.append(workers)
        return ProcessPoolExecutor(workers, *rest)

    monkeypatch.setattr(entries, "ProcessPoolExecutor", counted)
    monkeypatch.setattr(entries, "SHARED_FROM", 1)
    monkeypatch.setattr(entries, "WARMING", 1)
    monkeypatch.setattr(entries, "CHUNK", 2)
    monkeypatch.setattr(entries, "_cores", lambda: 2)
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    shared = read_entries(run, FLOW, store)
    assert used == [2]
    assert [one.row.id for one in shared] == [one.row.id for one in alone]
    assert ranked_table(shared, FLOW).equals(ranked_table(alone, FLOW))
    where = shared[0].where
    assert where is not None
    assert any(known is where.assessment.reaction for known in where.known.reactions)


def process_of(entry: Entry) -> tuple[str, int]:
    """Where a row is worked out."""
    return entry.row.id, os.getpid()


def test_what_is_asked_for_later_is_shared_out_whatever_its_length(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "SHARED_FROM", 6)
    monkeypatch.setattr(entries, "WARMING", 1)
    monkeypatch.setattr(entries, "_cores", lambda: 2)
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    with Entries(FLOW, Path(run.read_record()["store"]), process_of) as several:
        every = list(several.each(run.rows(), process_of))
        again = list(several.each(run.rows({1, 3}), process_of))
    assert [one for one, _ in again] == [every[1][0], every[3][0]]
    assert every[0][1] == os.getpid()
    assert os.getpid() not in {process for _, process in (*every[1:], *again)}


def test_what_several_rows_ask_for_is_looked_up_once(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: Counter[str] = Counter()
    lookup = Store.lookup

    def counted(store: Store, request: Request) -> Outcome | None:
        asked[key(request)] += 1
        return lookup(store, request)

    monkeypatch.setattr(Store, "lookup", counted)
    read_entries(run, FLOW, Path(run.read_record()["store"]))
    assert set(asked.values()) == {1}


def test_with_threads_about_nothing_is_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "_cores", lambda: 8)
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert not entries._is_shared(10_000)


def test_a_missing_store_is_named_before_anything_is_shared_out(run: RunFolder, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such store"):
        read_entries(run, FLOW, tmp_path / "nowhere.sqlite")
