"""Looking after a store: what is in it, whether it is whole, and what can go."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from actinic.calculations import kinds
from actinic.calculations.outcome import Provenance
from actinic.errors import ActinicError, InputError
from actinic.screening import store_salvage, store_writers
from actinic.screening.store import Record, Store
from actinic.screening.store_export import checked_request, write_records
from actinic.screening.store_health import trouble_named

PROBLEMS_NAMED = 20


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a store.

    Attributes:
        path: The file.
        size_mb: Of the file and its log.
        results: Number of results by kind and version, as in `ensemble 1`.
        rungs: Number of results that needed other settings, by rung.
        failures: Number of failures by class.
        writers: Processes that write it now.
    """

    path: Path
    size_mb: float
    results: dict[str, int]
    rungs: dict[str, int]
    failures: dict[str, int]
    writers: list[str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a store is whole.

    Attributes:
        readable: Results that could be read and belong to their keys.
        problems: What is wrong, the first few; empty when nothing is.
    """

    readable: int
    problems: list[str]


def contents(path: Path) -> Contents:
    """Count what is in a store.

    Raises:
        InputError: `path` is no store, or a damaged one.
    """
    with Store(path, read_only=True) as store, trouble_named(path):
        count = store.connection.execute
        failures: dict[str, int] = {}
        for _, failed in store.failures():
            failures[failed.failure.error_class] = failures.get(failed.failure.error_class, 0) + 1
        results = count("SELECT kind || ' ' || version, COUNT(*) FROM result GROUP BY kind, version")
        rungs = count("SELECT rung, COUNT(*) FROM result WHERE rung != '' GROUP BY rung")
        return Contents(
            path=path,
            size_mb=sum(file.stat().st_size for file in _files(path)) / 2**20,
            results=dict(results),
            rungs=dict(rungs),
            failures=dict(sorted(failures.items())),
            writers=store_writers.writers(store.connection),
        )


def verify(path: Path, rescue: Path | None = None) -> Verdict:
    """Check the file's structure and every record; write what is whole to an export, if asked.

    Raises:
        InputError: The file cannot be opened as a store at all.
    """
    problems: list[str] = []
    with (
        _readable(path, problems) as readable_path,
        Store(readable_path, read_only=True, check=False) as store,
    ):
        try:
            found = [row[0] for row in store.connection.execute(f"PRAGMA integrity_check({PROBLEMS_NAMED})")]
            problems += [line for line in found if line != "ok"]
        except sqlite3.DatabaseError as error:
            problems.append(str(error))
        whole = _whole_records(store, readable_path, problems)
        readable = sum(1 for _ in whole) if rescue is None else write_records(whole, rescue)
    return Verdict(readable, problems[:PROBLEMS_NAMED])


@contextmanager
def _readable(path: Path, problems: list[str]) -> Iterator[Path]:
    """The file itself, or where its end is missing a copy of full length, for SQLite refuses a shorter one.

    The pages that are there can be read then; those that are missing are empty, and damage like any other.
    """
    missing = 0
    with suppress(OSError), path.open("rb") as file:
        missing = store_salvage.full_bytes(file.read(store_salvage.HEADER_BYTES)) - path.stat().st_size
    if missing <= 0:
        yield path
        return
    problems.append(f"cut off: the last {missing} bytes are missing")
    with tempfile.TemporaryDirectory() as folder:
        for file_path in _files(path):
            shutil.copyfile(file_path, Path(folder) / file_path.name)
        copy = Path(folder) / path.name
        os.truncate(copy, copy.stat().st_size + missing)
        yield copy


def prune(store: Store, *, failures: bool) -> tuple[int, int]:
    """Remove results and failures of versions that are never asked for again, and make the file small.

    Args:
        store: Open for writing; by this process alone.
        failures: Forget all failures, too.

    Returns:
        Numbers of removed results and failures.

    Raises:
        InputError: Another process writes the store.
    """
    mine = f"pid {os.getpid()} on "
    others = [one for one in store_writers.writers(store.connection) if not one.startswith(mine)]
    if others:
        raise InputError(f"{store.path}: is being written by {', '.join(others)}; prune it afterwards")
    current = [f"{kind.name} {kind.version}" for kind in kinds.KINDS.values()]
    marks = ", ".join("?" * len(current))
    outdated = f"kind || ' ' || version NOT IN ({marks})"
    with trouble_named(store.path):
        with store.connection as connection:
            removed = connection.execute(f"DELETE FROM result WHERE {outdated}", current).rowcount
            if failures:
                forgotten = connection.execute("DELETE FROM failure").rowcount
            else:
                forgotten = connection.execute(f"DELETE FROM failure WHERE {outdated}", current).rowcount
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return removed, forgotten


def _whole_records(store: Store, path: Path, problems: list[str]) -> Iterator[Record]:
    """Records that can be read and whose parts belong together; of the others `problems` says why."""
    found: set[str] = set()
    for key in sorted(_keys(store, problems)):
        try:
            record = store.record(key)
            if record is None:
                problems.append(f"result {key}: in the index alone")
                continue
            _check(record)
        except ActinicError as error:
            problems.append(f"result {key}: {error.message}")
        except (ValueError, msgspec.MsgspecError) as error:
            problems.append(f"result {key}: {error}")
        else:
            found.add(key)
            yield record
    if problems:
        yield from _salvaged(path, found)


def _salvaged(path: Path, known: set[str]) -> Iterator[Record]:
    """Whole records of a damaged file that its trees no longer lead to."""
    for row in store_salvage.rows(path):
        with suppress(ValueError, TypeError, msgspec.MsgspecError):
            *head, _, _, request, result, provenance = row[:8]
            head.append(row[8] if len(row) > 8 else "")  # schema 1 had no rungs
            key, kind, version, rung = msgspec.convert(head, tuple[str, str, int, str])
            texts = msgspec.convert((request, result, provenance), tuple[bytes, bytes, bytes])
            record = Record(key, kind, version, rung, *map(msgspec.Raw, texts))
            if record.key not in known:
                _check(record)
                known.add(record.key)
                yield record


def _check(record: Record) -> None:
    """Raise ValueError or MsgspecError where parts of a record cannot be read or do not belong together."""
    checked_request(record)
    msgspec.json.decode(record.provenance, type=Provenance)


def _keys(store: Store, problems: list[str]) -> set[str]:
    """Keys of all results, from both ends of the table and of its index: one damage hides few."""
    found: set[str] = set()
    for order in ("lineage", "lineage DESC", "key", "key DESC"):
        try:
            for row in store.connection.execute(f"SELECT key FROM result ORDER BY {order}"):
                if isinstance(row[0], str):  # an empty page has rows without any value
                    found.add(row[0])
        except sqlite3.DatabaseError as error:
            problems.append(f"reading results by {order}: {error}")
    return found


def _files(path: Path) -> list[Path]:
    return [file for file in (path, path.with_name(f"{path.name}-wal")) if file.exists()]
