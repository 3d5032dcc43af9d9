"""A screening that is killed or interrupted: it resumes, and ends as if nothing had happened."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from actinic.reporting.standing import run_status

TIGHT = Path(__file__).parent / "reference" / "tight.toml"
KILLED_LIST = "id,smiles\n" + "".join(f"a{n},{'C' * n}O\n" for n in range(1, 13))


def start_screening(folder: Path) -> "subprocess.Popen[bytes]":
    (folder / "list.csv").write_text(KILLED_LIST, encoding="utf-8")
    command = [sys.executable, "-m", "actinic", "screen", "list.csv", "-w", str(TIGHT), "--out", "out",
               "--store", "s.sqlite"]  # fmt: skip
    return subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=_listen_to_interrupts,  # noqa: PLW1509 - nothing but a signal is set
    )


def _listen_to_interrupts() -> None:
    """A suite started in the background hands down an ignored SIGINT; a terminal does not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def children_of(process: "subprocess.Popen[bytes]") -> list[psutil.Process]:
    return list(psutil.Process(process.pid).children(recursive=True))


def wait_for_results(folder: Path, at_least: int) -> int:
    deadline_s = time.monotonic() + 120
    while time.monotonic() < deadline_s:
        found = stored(folder)
        if found >= at_least:
            return found
        time.sleep(0.05)
    raise AssertionError("no results in 120 s")


def stored(folder: Path) -> int:
    if not (folder / "s.sqlite").exists():
        return 0
    try:
        with sqlite3.connect(folder / "s.sqlite", timeout=10) as connection:
            return int(connection.execute("SELECT COUNT(*) FROM result").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("undisturbed")
    assert start_screening(folder).wait() == 0
    return (folder / "out" / "ranked.csv").read_bytes()


def test_a_killed_driver_loses_only_what_was_in_flight(tmp_path: Path, undisturbed: bytes) -> None:
    with start_screening(tmp_path) as driver:
        wait_for_results(tmp_path, 3)
        orphans = children_of(driver)
        os.kill(driver.pid, signal.SIGKILL)
    acknowledged = stored(tmp_path)
    assert "its driver is gone" in run_status(tmp_path / "out").headline
    assert start_screening(tmp_path).wait() == 0
    record = json.loads((tmp_path / "out" / "run.json").read_text())
    assert record["calculations"]["reused"] == acknowledged >= 3
    assert record["calculations"]["computed"] == 12 - acknowledged
    assert (tmp_path / "out" / "ranked.csv").read_bytes() == undisturbed
    gone, alive = psutil.wait_procs(orphans, timeout=5)
    assert (len(gone), alive) == (len(orphans), [])


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_exits_3_and_resumes(
    tmp_path: Path, undisturbed: bytes, signal_number: int
) -> None:
    with start_screening(tmp_path) as driver:
        wait_for_results(tmp_path, 2)
        os.kill(driver.pid, signal_number)
        assert driver.wait(timeout=30) == 3
    assert json.loads((tmp_path / "out" / "run.json").read_text())["state"] == "stopped"
    assert start_screening(tmp_path).wait() == 0
    assert (tmp_path / "out" / "ranked.csv").read_bytes() == undisturbed
