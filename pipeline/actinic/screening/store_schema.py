"""Tables of the store, and how a store of an earlier version becomes one of this version."""

import sqlite3
from pathlib import Path

from actinic.errors import InputError

SCHEMA_VERSION = 2

_WRITER = "writer (id INTEGER PRIMARY KEY, host TEXT NOT NULL, pid INTEGER NOT NULL, started_s REAL NOT NULL)"
TABLES = f"""
CREATE TABLE result (
    key TEXT PRIMARY KEY, kind TEXT NOT NULL, version INTEGER NOT NULL,
    lineage TEXT NOT NULL, reach REAL NOT NULL,
    request BLOB NOT NULL, result BLOB NOT NULL, provenance BLOB NOT NULL,
    rung TEXT NOT NULL DEFAULT ''
);
CREATE INDEX result_lineage ON result (lineage, reach);
CREATE TABLE failure (
    key TEXT PRIMARY KEY, kind TEXT NOT NULL, version INTEGER NOT NULL, attempts BLOB NOT NULL,
    request BLOB NOT NULL, failure BLOB NOT NULL, provenance BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE {_WRITER};
"""
"""Results lie in the order in which they came, with the keys in an index beside them: in the order of their
keys, which is that of no run, a store larger than what memory caches reads and writes a page for each.
`rung`: the setting that made it converge, empty for the request as it stands. `attempts`: JSON object of
the number of failures by error class. `writer`: drivers that have the store open for writing."""


_FAILURE_OF_1 = """
key, kind, version,
CAST(json_object(json_extract(CAST(failure AS TEXT), '$.error_class'), attempts) AS BLOB) AS attempts,
request, failure, provenance
"""


def prepare(connection: sqlite3.Connection, path: Path, *, read_only: bool) -> None:
    """Make the tables of a new store, or bring those of an earlier version up to date.

    A store of an earlier version that is only read stays as it is, seen through views of this version.

    Raises:
        InputError: The file is a database of something else, or of a later version.
    """
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    tables = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]
    if version == SCHEMA_VERSION:
        return
    if version == 1 and read_only:
        connection.execute("CREATE TEMP VIEW result AS SELECT *, '' AS rung FROM main.result")
        connection.execute(f"CREATE TEMP VIEW failure AS SELECT {_FAILURE_OF_1} FROM main.failure")
        connection.execute(f"CREATE TEMP TABLE {_WRITER}")
        return
    if version > SCHEMA_VERSION:
        raise InputError(
            f"{path}: store of schema {version}, this version of actinic reads {SCHEMA_VERSION}; "
            "install the version that made it, or name another file with --store"
        )
    if version == 0 and (tables or read_only):
        raise InputError(f"{path}: not a store of calculations (an SQLite file of something else)")
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another driver may have been faster while this one waited for its turn.
        if connection.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
            (_create if version == 0 else _from_1)(connection)
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def _create(connection: sqlite3.Connection) -> None:
    for statement in filter(str.strip, TABLES.split(";")):
        connection.execute(statement)


def _from_1(connection: sqlite3.Connection) -> None:
    """Schema 1 had one number of attempts, no rungs and no writers."""
    connection.execute("ALTER TABLE result ADD COLUMN rung TEXT NOT NULL DEFAULT ''")
    connection.execute("ALTER TABLE failure RENAME TO failure_1")
    for table in ("failure", "writer"):
        (statement,) = [s for s in TABLES.split(";") if s.strip().startswith(f"CREATE TABLE {table} ")]
        connection.execute(statement)
    connection.execute(f"INSERT INTO failure SELECT {_FAILURE_OF_1} FROM failure_1")
    connection.execute("DROP TABLE failure_1")
