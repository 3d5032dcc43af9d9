"""All rows of a run with what follows for them; a long list is shared out between the cores."""

import gc
import itertools
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from actinic.reporting.rows import Entry
from actinic.reporting.standing import entry_of
from actinic.screening.folder import Row, RunFolder
from actinic.screening.lookup import Lookup
from actinic.screening.store import Store
from actinic.screening.workflow import Workflow

SHARED_FROM = 300
"""Rows from which a second process is worth its start."""

CHUNK = 20
CHUNKS_PER_CORE = 3

WARMING = 10
"""Rows worked out before processes are forked: these find the tables of motifs and patterns already read."""

REMEMBERED = 256
"""Answers of the store held for the next rows: candidates of a list lose the same small fragments."""

T = TypeVar("T")


def read_entries(folder: RunFolder, workflow: Workflow, store: Path) -> list[Entry]:
    """Where each row of a run stands, in the order of the list and all in memory; see `Entries`."""
    with Entries(workflow, store, settled) as entries:
        return list(entries.each(folder.rows(), settled))


class Entries:
    """What follows for rows of a run; a long list is shared out, and what is asked for later is, too.

    Args:
        workflow: What to judge by.
        store: The store to read.
        works: Functions that can be pickled, from where a row stands to something that can.
    """

    def __init__(self, workflow: Workflow, store: Path, *works: Callable[[Entry], Any]) -> None:
        self._workflow, self._store, self._works = workflow, store, works
        self._stack = ExitStack()
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> "Entries":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def each(self, rows: Iterable[Row], work: Callable[[Entry], T]) -> Iterator[T]:
        """What `work`, one of the functions, makes of each row, in their order; holds a few rows at a time.

        Raises:
            InputError: The store is missing or damaged.
        """
        source = iter(rows)
        if self._pool is None:
            first = list(itertools.islice(source, SHARED_FROM))
            source, shared = itertools.chain(first, source), _is_shared(len(first))
            with Store(self._store, read_only=True) as opened:  # says what is wrong here, not in a child
                lookup = _remembering(opened)
                here = itertools.islice(source, WARMING) if shared else source
                yield from (work(entry_of(row, self._workflow, lookup)) for row in here)
            if not shared:
                return
            self._pool = self._forked()
        which = self._works.index(work)
        waiting: deque[Future[list[T]]] = deque()
        for chunk in _chunks(source):
            waiting.append(self._pool.submit(_of_chunk, chunk, which))
            if len(waiting) > CHUNKS_PER_CORE * _cores():
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()

    def _forked(self) -> ProcessPoolExecutor:
        context, inherited = multiprocessing.get_context("fork"), (self._workflow, self._store, self._works)
        return self._stack.enter_context(ProcessPoolExecutor(_cores(), context, _prepare, inherited))


def settled(entry: Entry) -> Entry:
    """Assessed here, not by whoever asks."""
    where = entry.where
    return entry if where is None else Entry(entry.row, replace(where, assessed=where.assessment))


def _is_shared(n_rows: int) -> bool:
    """Forking is safe while there is one thread, as in `actinic report`; after a screen there are more."""
    can_fork = "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1
    return n_rows >= SHARED_FROM and can_fork and _cores() > 1


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(itertools.islice(rows, CHUNK)):
        yield chunk


def _remembering(store: Store) -> Lookup:
    """The store as it is asked by all rows: each request is looked up once while it is remembered."""
    return lru_cache(maxsize=REMEMBERED)(store.lookup)


_CHILD: dict[str, tuple[Workflow, Lookup, Sequence[Callable[[Entry], Any]]]] = {}


def _prepare(workflow: Workflow, store: Path, works: Sequence[Callable[[Entry], Any]]) -> None:
    """In a child: a connection of its own, for SQLite's do not survive a fork.

    What the parent made is left out of garbage collection, which would copy its memory by walking it.
    """
    gc.freeze()
    _CHILD["own"] = workflow, _remembering(Store(store, read_only=True, check=False)), works


def _of_chunk(rows: Sequence[Row], which: int) -> list[Any]:
    workflow, lookup, works = _CHILD["own"]
    return [works[which](entry_of(row, workflow, lookup)) for row in rows]
