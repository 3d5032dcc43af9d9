"""Who writes the store: drivers of one host may share it, another host is refused.

SQLite's write-ahead log lives in memory shared by the processes of one machine; a writer on a second machine
would damage the file.
"""

import os
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import psutil

from actinic.errors import InputError

NETWORK_FILE_SYSTEMS = ("nfs", "cifs", "smb", "lustre", "beegfs", "gpfs", "afs", "ceph", "fuse.sshfs", "9p")
_SAME_START_S = 2.0


def enter(connection: sqlite3.Connection, path: Path) -> int:
    """Note this process as a writer; the number is for `leave`. Dead writers of this host are struck off.

    Raises:
        InputError: A process of another host writes the store.
    """
    here = socket.gethostname()
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        for number, host, pid, started_s in connection.execute("SELECT * FROM writer").fetchall():
            if host != here:
                raise InputError(
                    f"{path}: is being written by pid {pid} on {host}, and one host at a time may write it; "
                    f"if that process is gone, `actinic store release --store {path}`"
                )
            if not _lives(pid, started_s):
                connection.execute("DELETE FROM writer WHERE id = ?", (number,))
        inserted = connection.execute(
            "INSERT INTO writer (host, pid, started_s) VALUES (?, ?, ?)",
            (here, os.getpid(), psutil.Process().create_time()),
        )
    # Into the file itself: another host may not see the log.
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
    assert inserted.lastrowid is not None
    return inserted.lastrowid


def leave(connection: sqlite3.Connection, number: int) -> None:
    """Strike this writer off."""
    with connection:
        connection.execute("DELETE FROM writer WHERE id = ?", (number,))


def writers(connection: sqlite3.Connection) -> list[str]:
    """The noted writers, as in `pid 17 on host`; dead ones of this host left out."""
    found = connection.execute("SELECT host, pid, started_s FROM writer ORDER BY id").fetchall()
    here = socket.gethostname()
    return [
        f"pid {pid} on {host}" for host, pid, started_s in found if host != here or _lives(pid, started_s)
    ]


def strike_off_other_hosts(path: Path) -> list[str]:
    """Strike off the writers of other hosts, for a user who knows that they are gone; say which."""
    with closing(sqlite3.connect(path)) as connection, connection:
        struck = connection.execute("SELECT pid, host FROM writer WHERE host != ?", (socket.gethostname(),))
        named = [f"pid {pid} on {host}" for pid, host in struck]
        connection.execute("DELETE FROM writer WHERE host != ?", (socket.gethostname(),))
    return named


def journal_mode(path: Path) -> str:
    """`WAL` where processes share memory; on a network file system the slower rollback journal."""
    folder = path.resolve().parent
    mounts = [p for p in psutil.disk_partitions(all=True) if folder.is_relative_to(p.mountpoint)]
    nearest = max(mounts, key=lambda p: len(p.mountpoint), default=None)
    on_network = nearest is not None and nearest.fstype.startswith(NETWORK_FILE_SYSTEMS)
    return "DELETE" if on_network else "WAL"


def _lives(pid: int, started_s: float) -> bool:
    """Whether the process is there and is not another one that was given its number."""
    try:
        return bool(abs(psutil.Process(pid).create_time() - started_s) < _SAME_START_S)
    except psutil.Error:
        return False
