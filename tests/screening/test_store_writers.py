"""Who writes to a store: read meanwhile, shared on one host, refused from another, struck off when dead."""

import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from actinic.errors import InputError
from actinic.screening import store_upkeep, store_writers
from actinic.screening.store import Store
from actinic.screening.store_health import StoreUnavailableError
from support.stored import filled, found, request


def test_a_store_is_read_while_it_is_written(tmp_path: Path) -> None:
    with Store(tmp_path / "s.sqlite") as writer, Store(tmp_path / "s.sqlite", read_only=True) as reader:
        for n in range(1, 30):
            writer.add(request(n), found(n))
            assert reader.lookup(request(n)) == found(n)
        assert store_upkeep.contents(writer.path).writers == [f"pid {os.getpid()} on {socket.gethostname()}"]
    assert store_upkeep.contents(writer.path).writers == []


def test_drivers_of_one_host_share_a_store(tmp_path: Path) -> None:
    with Store(tmp_path / "s.sqlite") as one, Store(tmp_path / "s.sqlite") as other:
        one.add(request(1), found(1))
        other.add(request(2), found(2))
        assert one.lookup(request(2)) == other.lookup(request(2)) == found(2)


def test_another_host_is_refused_by_name_and_pid_until_released(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s.sqlite"
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(socket, "gethostname", lambda: "node17")
        gone = Store(path)
        gone.add(request(1), found(1))
        with Store(path) as same_host:
            assert same_host.lookup(request(1)) == found(1)
    said = rf"written by pid {os.getpid()} on node17.*`actinic store release --store .*s\.sqlite`"
    with pytest.raises(InputError, match=said):
        Store(path)
    with Store(path, read_only=True) as reader:
        assert reader.lookup(request(1)) == found(1)
    assert store_writers.strike_off_other_hosts(path) == [f"pid {os.getpid()} on node17"]
    with Store(path) as store:
        assert store.lookup(request(1)) == found(1)
    gone.close()


def test_a_dead_writer_of_this_host_is_struck_off(tmp_path: Path) -> None:
    script = "import os, signal, sys; from pathlib import Path; from actinic.screening.store import Store\n"
    script += "store = Store(Path(sys.argv[1])); os.kill(os.getpid(), signal.SIGKILL)"
    path = tmp_path / "s.sqlite"
    subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT COUNT(*) FROM writer").fetchone() == (1,)
    assert store_upkeep.contents(path).writers == []
    with Store(path):
        assert store_upkeep.contents(path).writers == [f"pid {os.getpid()} on {socket.gethostname()}"]


def test_a_process_that_got_the_number_of_a_dead_writer_is_not_taken_for_it(tmp_path: Path) -> None:
    path = filled(tmp_path / "s.sqlite", 1)
    with closing(sqlite3.connect(path)) as connection, connection:
        started_s = psutil.Process().create_time() - 3600
        values = (socket.gethostname(), os.getpid(), started_s)
        connection.execute("INSERT INTO writer (host, pid, started_s) VALUES (?, ?, ?)", values)
    assert store_upkeep.contents(path).writers == []


def test_a_network_file_system_gets_a_rollback_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = [SimpleNamespace(mountpoint="/", fstype="ext4")]
    mounts.append(SimpleNamespace(mountpoint=str(tmp_path / "home"), fstype="nfs4"))
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_: mounts)
    path = tmp_path / "home" / "s.sqlite"
    assert store_writers.journal_mode(tmp_path / "s.sqlite") == "WAL"
    assert store_writers.journal_mode(path) == "DELETE"
    with Store(path) as store:
        store.add(request(1), found(1))
        assert store.connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_a_store_held_by_another_program_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actinic.screening.store.BUSY_TIMEOUT_MS", 50)
    path = filled(tmp_path / "s.sqlite", 1)
    with Store(path) as store, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailableError, match="another program has held it for long"):
            store.add(request(2), found(2))
        other.rollback()
        store.add(request(2), found(2))


def test_a_store_that_is_being_written_is_not_pruned(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    script = "import sys, time; from pathlib import Path; from actinic.screening.store import Store\n"
    script += "store = Store(Path(sys.argv[1])); print('open', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        said = f"is being written by pid {other.pid}"
        with Store(path) as store, pytest.raises(InputError, match=said):
            store_upkeep.prune(store, failures=False)
        other.kill()
