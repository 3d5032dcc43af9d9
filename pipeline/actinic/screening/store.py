"""The store: one SQLite file that remembers every calculation, shared by all runs of a checkout.

Written by driver processes alone, as each outcome arrives; fully synced, so that what was acknowledged
survives a power cut. Records are JSON, readable without this package.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import msgspec

from actinic.calculations import kinds
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Failure, Outcome, Provenance
from actinic.errors import ActinicError, InputError
from actinic.screening import store_writers
from actinic.screening.store_health import check_whole, trouble_named
from actinic.screening.store_schema import prepare

BUSY_TIMEOUT_MS = 60_000
READ_THROUGH_BYTES = 64 * 2**20
"""A store of this size is read through in some tenths of a second, also each time `status --watch` looks."""

_RECORD = "key, kind, version, rung, request, result, provenance"
_FAILED = "kind, attempts, request, failure, provenance"


class Arrived(NamedTuple):
    """An outcome to be written."""

    request: Request
    outcome: Outcome


class Record(msgspec.Struct, frozen=True):
    """A result as it is stored and exported; request, result and provenance are JSON."""

    key: str
    kind: str
    version: int
    rung: str
    request: msgspec.Raw
    result: msgspec.Raw
    provenance: msgspec.Raw


class Failed(NamedTuple):
    """A remembered failure; `attempts` counts all failures of the request by error class."""

    kind: str
    request: msgspec.Raw
    failure: Failure
    provenance: Provenance
    attempts: dict[str, int]


class Store:
    """Remembers outcomes by the key of their request.

    Args:
        path: The SQLite file; made with its folder unless `read_only`.
        read_only: Look things up while a run writes; nothing is created. Damage of a file beyond
            `READ_THROUGH_BYTES` is then said where it is met, not at opening.
        check: Look whether the file is whole; False for what is known to be, or known not to be.

    Raises:
        InputError: `path` is no store, a damaged one, one of a later schema, missing though `read_only`, or
            written from another host.
        StoreUnavailableError: The disk is full.
    """

    def __init__(self, path: Path, *, read_only: bool = False, check: bool = True) -> None:
        self.path = path
        self._writer: int | None = None
        if read_only and not path.is_file():
            raise InputError(f"{path}: no such store; run `actinic screen` first or name it with --store")
        with trouble_named(path):
            self._connection = _connect(path, read_only=read_only)
            try:
                prepare(self._connection, path, read_only=read_only)
                if check and (not read_only or path.stat().st_size <= READ_THROUGH_BYTES):
                    check_whole(self._connection, path)
                if not read_only:
                    self._writer = store_writers.enter(self._connection, path)
            except BaseException:
                self._connection.close()
                raise

    def lookup(self, request: Request) -> Outcome | None:
        """What is known of `request`: a result that reaches at least as far, else a failure, else None."""
        with trouble_named(self.path):
            row = self._connection.execute(
                "SELECT result, provenance, rung FROM result WHERE lineage = ? AND reach >= ? "
                "ORDER BY reach LIMIT 1",
                (kinds.lineage(request), kinds.reach(request)),
            ).fetchone()
            if row is not None:
                result = kinds.narrowed(kinds.decode_result(row[0]), request)
                return Outcome(result, None, msgspec.json.decode(row[1], type=Provenance), row[2])
            failed = self.failed(request)
        return None if failed is None else Outcome(None, failed.failure, failed.provenance)

    def answered_by(self, request: Request) -> str | None:
        """Key of the stored result that answers `request`; another than its own when that reaches further."""
        with trouble_named(self.path):
            row = self._connection.execute(
                "SELECT key FROM result WHERE lineage = ? AND reach >= ? ORDER BY reach LIMIT 1",
                (kinds.lineage(request), kinds.reach(request)),
            ).fetchone()
        return None if row is None else str(row[0])

    def failed(self, request: Request) -> Failed | None:
        """The failure on record, with the attempts that were made."""
        with trouble_named(self.path):
            row = self._connection.execute(
                f"SELECT {_FAILED} FROM failure WHERE key = ?", (kinds.key(request),)
            ).fetchone()
            return None if row is None else _failed(row)

    def failures(self) -> Iterator[tuple[str, Failed]]:
        """All failures on record, by key."""
        with trouble_named(self.path):
            for key, *row in self._connection.execute(f"SELECT key, {_FAILED} FROM failure ORDER BY key"):
                yield key, _failed(row)

    def records(self, keys: Collection[str] | None = None) -> Iterator[Record]:
        """Stored results by key; of these keys alone, if given."""
        with trouble_named(self.path):
            for row in self._connection.execute(f"SELECT {_RECORD} FROM result ORDER BY key"):
                if keys is None or row[0] in keys:
                    yield _record(row)

    def record(self, key: str) -> Record | None:
        """The stored result with this key."""
        with trouble_named(self.path):
            row = self._connection.execute(f"SELECT {_RECORD} FROM result WHERE key = ?", (key,)).fetchone()
        return None if row is None else _record(row)

    def add(self, request: Request, outcome: Outcome) -> None:
        """Write `outcome` and return once it is on the disk; a result already there is kept."""
        self.add_all([Arrived(request, outcome)])

    def add_all(self, arrived: Iterable[Arrived]) -> None:
        """Write outcomes with one sync of the disk; all of them are there on return, or none.

        Raises:
            StoreUnavailableError: The disk is full; what was written before stays.
        """
        with self._writing():
            for one in arrived:
                self._insert(one) if one.outcome.result is not None else self._note_failure(one)

    def insert(self, records: Iterable[tuple[Request, Record]]) -> int:
        """Write records of an export that are not there yet; return their number."""
        with self._writing():
            return sum(self._insert_record(request, record) for request, record in records)

    def forget_failures(self, keys: Collection[str]) -> None:
        """Forget that these failed, so that they are computed again."""
        with self._writing() as connection:
            connection.executemany("DELETE FROM failure WHERE key = ?", ((key,) for key in keys))

    @property
    def connection(self) -> sqlite3.Connection:
        """For what looks after the file; see `store_upkeep`."""
        return self._connection

    def close(self) -> None:
        """Let go of the file."""
        if self._writer is not None:
            with suppress(ActinicError), trouble_named(self.path):
                store_writers.leave(self._connection, self._writer)
            self._writer = None
        self._connection.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that holds the write lock from its start: all of it, or nothing."""
        with trouble_named(self.path), self._connection as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection

    def _insert(self, one: Arrived) -> None:
        kind, key = kinds.kind_of(one.request), kinds.key(one.request)
        assert one.outcome.result is not None
        texts = kinds.encode(one.request), kinds.encode(one.outcome.result)
        provenance = msgspec.json.encode(one.outcome.provenance)
        raw = (msgspec.Raw(text) for text in (*texts, provenance))
        self._insert_record(one.request, Record(key, kind.name, kind.version, one.outcome.rung, *raw))

    def _insert_record(self, request: Request, record: Record) -> int:
        values = (
            record.key, record.kind, record.version, kinds.lineage(request), kinds.reach(request),
            *map(bytes, (record.request, record.result, record.provenance)), record.rung,
        )  # fmt: skip
        marks = ", ".join("?" * len(values))
        done = self._connection.execute(f"INSERT OR IGNORE INTO result VALUES ({marks})", values)
        self._connection.execute("DELETE FROM failure WHERE key = ?", (record.key,))
        return done.rowcount

    def _note_failure(self, one: Arrived) -> None:
        failure = one.outcome.failure
        assert failure is not None
        earlier = self.failed(one.request)
        attempts = dict(earlier.attempts) if earlier else {}
        attempts[failure.error_class] = attempts.get(failure.error_class, 0) + 1
        kind = kinds.kind_of(one.request)
        self._connection.execute(
            "INSERT OR REPLACE INTO failure VALUES (?, ?, ?, ?, ?, ?, ?)",
            (kinds.key(one.request), kind.name, kind.version, msgspec.json.encode(attempts),
             kinds.encode(one.request), *map(msgspec.json.encode, (failure, one.outcome.provenance))),
        )  # fmt: skip


def _record(row: Sequence[Any]) -> Record:
    return Record(*row[:4], *map(msgspec.Raw, row[4:]))


def _failed(row: Sequence[Any]) -> Failed:
    kind, attempts, request, failure, provenance = row
    return Failed(
        kind,
        msgspec.Raw(request),
        msgspec.json.decode(failure, type=Failure),
        msgspec.json.decode(provenance, type=Provenance),
        msgspec.json.decode(attempts, type=dict[str, int]),
    )


def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    if read_only:
        uri = f"{path.resolve().as_uri()}?mode=ro"
        return sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_MS / 1000)
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000)
    connection.execute(f"PRAGMA journal_mode = {store_writers.journal_mode(path)}")
    connection.execute("PRAGMA synchronous = FULL")
    return connection
