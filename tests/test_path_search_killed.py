"""A search for a barrier whose driver is killed goes on at the stage it had come to."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

TIGHT = Path(__file__).parent / "reference" / "tight.toml"
CHEAP_PATHS = """
[paths]
level = "hf/sto-3g"
max_paths = 1
max_heavy_atoms = 10
conformers = 1
points = 12
"""
Row = tuple[str, bytes]


def start(folder: Path) -> "subprocess.Popen[bytes]":
    """Malonic acid, whose decarboxylation is searched for."""
    (folder / "list.csv").write_text("id,smiles\nmalonic,OC(=O)CC(=O)O\n", encoding="utf-8")
    (folder / "flow.toml").write_text(TIGHT.read_text(encoding="utf-8") + CHEAP_PATHS, encoding="utf-8")
    command = [sys.executable, "-m", "actinic", "screen", "list.csv", "-w", "flow.toml", "--out", "out",
               "--store", "s.sqlite"]  # fmt: skip
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def results(folder: Path) -> dict[str, list[Row]]:
    """Key and provenance of what is stored, by kind."""
    found: dict[str, list[Row]] = {}
    if not (folder / "s.sqlite").exists():
        return found
    connection = sqlite3.connect(folder / "s.sqlite", timeout=10)
    try:
        for kind, *row in connection.execute("SELECT kind, key, provenance FROM result"):
            found.setdefault(kind, []).append((str(row[0]), bytes(row[1])))
    except sqlite3.OperationalError:  # not made yet
        return {}
    finally:
        connection.close()
    return found


def wait_for(folder: Path, kind: str) -> dict[str, list[Row]]:
    deadline_s = time.monotonic() + 300
    while time.monotonic() < deadline_s:
        found = results(folder)
        if kind in found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"no {kind} in 300 s")


@pytest.mark.slow
def test_the_scan_of_a_killed_search_is_not_made_again(tmp_path: Path) -> None:
    with start(tmp_path) as driver:
        wait_for(tmp_path, "path_scan")
        os.kill(driver.pid, signal.SIGKILL)
    before = results(tmp_path)
    assert "path_saddle" not in before
    assert start(tmp_path).wait() == 0
    after = results(tmp_path)
    for kind, rows in before.items():  # the time and cost noted with a result are those of the first run
        assert after[kind] == rows, kind
    assert {"path_saddle", "path_energy"} <= after.keys()
    made = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))["calculations"]
    assert made["reused"] == sum(map(len, before.values())) >= 3
    assert made["computed"] == sum(map(len, after.values())) - made["reused"]
