"""The store: one SQLite file that remembers every calculation, shared by all runs of a checkout.

Written by driver processes alone, as each outcome arrives; fully synced, so that what was acknowledged
survives a power cut. Records are JSON, readable without this package.
"""

import sqlite3
from pathlib import Path
from types import TracebackType

import msgspec

from actinic.calculations import kinds
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Failure, Outcome, Provenance
from actinic.errors import InputError

SCHEMA_VERSION = 1
BUSY_TIMEOUT_MS = 60_000

_SCHEMA = """
CREATE TABLE result (
    key TEXT PRIMARY KEY, kind TEXT NOT NULL, version INTEGER NOT NULL,
    lineage TEXT NOT NULL, reach REAL NOT NULL,
    request BLOB NOT NULL, result BLOB NOT NULL, provenance BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX result_lineage ON result (lineage, reach);
CREATE TABLE failure (
    key TEXT PRIMARY KEY, kind TEXT NOT NULL, version INTEGER NOT NULL, attempts INTEGER NOT NULL,
    request BLOB NOT NULL, failure BLOB NOT NULL, provenance BLOB NOT NULL
) WITHOUT ROWID;
"""


class Store:
    """Remembers outcomes by the key of their request.

    Args:
        path: The SQLite file; made with its folder unless `read_only`.
        read_only: Look things up while a run writes; nothing is created.

    Raises:
        InputError: `path` is no store, a store of another schema, or missing though `read_only`.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        if read_only and not path.is_file():
            raise InputError(f"{path}: no such store; run `actinic screen` first or name it with --store")
        try:
            self._connection = _connect(path, read_only=read_only)
            self._check_schema(read_only=read_only)
        except sqlite3.DatabaseError as error:
            raise InputError(f"{path}: not a store of calculations ({error})") from error

    def lookup(self, request: Request) -> Outcome | None:
        """What is known of `request`: a result that reaches at least as far, else a failure, else None."""
        row = self._connection.execute(
            "SELECT result, provenance FROM result WHERE lineage = ? AND reach >= ? ORDER BY reach LIMIT 1",
            (kinds.lineage(request), kinds.reach(request)),
        ).fetchone()
        if row is not None:
            result = kinds.narrowed(kinds.decode_result(row[0]), request)
            return Outcome(result, None, msgspec.json.decode(row[1], type=Provenance))
        row = self._connection.execute(
            "SELECT failure, provenance FROM failure WHERE key = ?", (kinds.key(request),)
        ).fetchone()
        if row is None:
            return None
        failure = msgspec.json.decode(row[0], type=Failure)
        return Outcome(None, failure, msgspec.json.decode(row[1], type=Provenance))

    def add(self, request: Request, outcome: Outcome) -> None:
        """Write `outcome` and return once it is on the disk; a result already there is kept."""
        kind = kinds.kind_of(request)
        key, text = kinds.key(request), kinds.encode(request)
        provenance = msgspec.json.encode(outcome.provenance)
        with self._connection as connection:
            if outcome.result is not None:
                connection.execute(
                    "INSERT OR IGNORE INTO result VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (key, kind.name, kind.version, kinds.lineage(request), kinds.reach(request), text,
                     kinds.encode(outcome.result), provenance),
                )  # fmt: skip
                connection.execute("DELETE FROM failure WHERE key = ?", (key,))
            else:
                connection.execute(
                    "INSERT INTO failure VALUES (?, ?, ?, 1, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET "
                    "attempts = attempts + 1, failure = excluded.failure, provenance = excluded.provenance",
                    (key, kind.name, kind.version, text, msgspec.json.encode(outcome.failure), provenance),
                )

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _check_schema(self, *, read_only: bool) -> None:
        version: int = self._connection.execute("PRAGMA user_version").fetchone()[0]
        tables = self._connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]
        if version == 0 and tables == 0 and not read_only:
            with self._connection as connection:
                connection.executescript(
                    f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
                )
        elif version != SCHEMA_VERSION:
            self._connection.close()
            raise InputError(
                f"{self.path}: store of schema {version}, this version of actinic reads {SCHEMA_VERSION}; "
                "name another file with --store"
            )


def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    if read_only:
        uri = f"{path.resolve().as_uri()}?mode=ro"
        return sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_MS / 1000)
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection
