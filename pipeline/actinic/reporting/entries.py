"""All rows of a run with what follows for them; a long list is shared out between the cores."""

import itertools
import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from actinic.reporting.standing import entry_of
from actinic.reporting.table import Entry
from actinic.screening.folder import Row, RunFolder
from actinic.screening.store import Store
from actinic.screening.workflow import Workflow

SHARED_FROM = 300
"""Rows from which a second process is worth its start."""

CHUNK = 50


def read_entries(folder: RunFolder, workflow: Workflow, store: Path) -> list[Entry]:
    """Where each row of a run stands, in the order of the list; computes nothing.

    Args:
        folder: Of the run.
        workflow: What to judge by.
        store: The store to read.

    Raises:
        InputError: The store is missing or damaged.
    """
    rows = list(folder.rows())
    with Store(store, read_only=True) as opened:  # says what is wrong with it here, not in a child
        if not _is_shared(len(rows)):
            return [entry_of(row, workflow, opened.lookup) for row in rows]
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(_cores(), context, _prepare, (workflow, store)) as pool:
        found = pool.map(_of_chunk, _chunks(rows))
        return list(itertools.chain.from_iterable(found))


def _is_shared(n_rows: int) -> bool:
    """Forking is safe while there is one thread, as in `actinic report`; after a screen there are more."""
    can_fork = "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1
    return n_rows >= SHARED_FROM and can_fork and _cores() > 1


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _chunks(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))


_CHILD: dict[str, tuple[Workflow, Store]] = {}


def _prepare(workflow: Workflow, store: Path) -> None:
    """In a child: a connection of its own, for SQLite's do not survive a fork."""
    _CHILD["own"] = workflow, Store(store, read_only=True)


def _of_chunk(rows: Sequence[Row]) -> list[Entry]:
    workflow, store = _CHILD["own"]
    return [_settled(entry_of(row, workflow, store.lookup)) for row in rows]


def _settled(entry: Entry) -> Entry:
    """Assessed here, not by whoever asks."""
    where = entry.where
    return entry if where is None else Entry(entry.row, replace(where, assessed=where.assessment))
