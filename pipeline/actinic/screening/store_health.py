"""What can be wrong with the file of a store, said with what to do about it."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from actinic.errors import ActinicError, InputError, ResourceError

MEND = (
    "`actinic store verify --rescue FILE` saves what can be read; then move it away, and "
    "`actinic store import` that file or an earlier export, or just run again"
)
_CANNOT_WRITE = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
_CANNOT_OPEN = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}


class StoreUnavailableError(ResourceError):
    """The store cannot be written for now; all that was acknowledged is in it, the same command resumes."""


@contextmanager
def trouble_named(path: Path) -> Iterator[None]:
    """Turn what SQLite raises into an error that names the file and the remedy."""
    try:
        yield
    except sqlite3.ProgrammingError:  # a mistake of the caller, not of the file
        raise
    except sqlite3.Error as error:
        raise _named(path, error) from error
    except msgspec.MsgspecError as error:
        raise InputError(f"{path}: damaged store, a record cannot be read ({error}); {MEND}") from error


@contextmanager
def disk_trouble_named(path: Path) -> Iterator[None]:
    """Turn a full disk into the error that stops a run so that it can be resumed.

    Raises:
        StoreUnavailableError: No space or no quota is left for a file of the run in `path`.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreUnavailableError(f"{path}: {error.strerror}; the same command resumes") from error
        raise


def check_whole(connection: sqlite3.Connection, path: Path) -> None:
    """Read every page once.

    Raises:
        InputError: The file is damaged or was cut off.
    """
    found = [row[0] for row in connection.execute("PRAGMA quick_check(3)")]
    if found != ["ok"]:
        raise InputError(f"{path}: damaged store ({'; '.join(found)}); {MEND}")


def _named(path: Path, error: sqlite3.Error) -> ActinicError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
    if code in _CANNOT_WRITE:
        return StoreUnavailableError(
            f"{path}: cannot be written ({error}); is the disk full? All that was acknowledged is in it: "
            "make room and run the same command again"
        )
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StoreUnavailableError(
            f"{path}: another program has held it for long ({error}); run the same command again"
        )
    if code in _CANNOT_OPEN:
        return InputError(f"{path}: cannot be opened ({error})")
    if code == sqlite3.SQLITE_CORRUPT:
        return InputError(f"{path}: damaged store ({error}); {MEND}")
    return InputError(f"{path}: not a store of calculations ({error})")
