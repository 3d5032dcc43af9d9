"""The disk fills up while a list is screened: the run stops, says so, and goes on once there is room."""

import errno
import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from actinic import Workflow, api, read_candidates, screen
from actinic.cli import app
from actinic.screening.cluster import LAPTOP
from actinic.screening.store import Store
from actinic.screening.store_health import StoreUnavailableError

TIGHT = Path(__file__).parents[1] / "reference" / "tight.toml"
SMILES = ("O", "N", "C", "CO", "CC", "C=O", "CCO", "C#N", "CN", "C=C", "C#C", "CF", "CCC", "CCN", "CC=O")
ROOM_BYTES = 160_000
"""Enough for an empty store with its log, and for some of the results.

With 15 commits the log of all results takes 230 kB; on a busy machine some share one and it takes less.
"""


@pytest.fixture
def nearly_full(small_disk: Path) -> Path:
    (small_disk / "filler").write_bytes(b"x" * (2**20 - ROOM_BYTES))
    return small_disk


def test_a_run_that_fills_the_disk_stops_and_resumes(tmp_path: Path, nearly_full: Path) -> None:
    listed, store = tmp_path / "list.csv", nearly_full / "s.sqlite"
    listed.write_text("smiles\n" + "\n".join(SMILES) + "\n", encoding="utf-8")

    def run() -> int:
        table = screen(
            read_candidates(listed), Workflow.load(TIGHT), out=tmp_path / "out", store=store,
            cluster=LAPTOP.changed(2, None),
        )  # fmt: skip
        return int((table["status"] == "done").sum())

    with pytest.raises(StoreUnavailableError, match=r"is the disk full\?"):
        run()
    stopped = json.loads((tmp_path / "out" / "run.json").read_text())
    assert stopped["state"] == "stopped"
    (nearly_full / "filler").unlink()
    with Store(store, read_only=True) as opened:
        before = {record.key: record for record in opened.records()}
    assert 0 < stopped["calculations"]["computed"] == len(before) < len(SMILES)
    assert run() == len(SMILES)
    with Store(store, read_only=True) as opened:
        after = {record.key: record for record in opened.records()}
    assert {key: after[key] for key in before} == before
    record = json.loads((tmp_path / "out" / "run.json").read_text())
    assert record["calculations"]["computed"] == len(SMILES) - len(before)


LARGEST_FILE_BYTES = 110_000


def grow_no_further() -> None:
    """No file of this process may grow beyond that: a quota that needs no rights to set up."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE_BYTES, resource.RLIM_INFINITY))


def test_a_store_that_may_not_grow_stops_the_run_and_it_resumes(tmp_path: Path) -> None:
    listed, store = tmp_path / "list.csv", tmp_path / "s.sqlite"
    listed.write_text("smiles\n" + "\n".join(SMILES) + "\n", encoding="utf-8")
    options = ["-w", TIGHT, "--out", tmp_path / "out", "--store", store, "--workers", "2"]
    command = [sys.executable, "-m", "actinic", "screen", *map(str, [listed, *options])]
    stopped = subprocess.run(command, preexec_fn=grow_no_further, capture_output=True, text=True, check=False)
    assert stopped.returncode == 3, stopped.stderr
    said = " ".join(stopped.stderr.split())
    assert "cannot be written" in said
    assert "make room and run the same command again" in said
    with Store(store, read_only=True) as opened:
        before = {record.key: record for record in opened.records()}
    assert 0 < len(before) < len(SMILES)
    resumed = subprocess.run(command, capture_output=True, text=True, check=False)
    assert resumed.returncode == 0, resumed.stderr
    with Store(store, read_only=True) as opened:
        after = {record.key: record for record in opened.records()}
    assert len(after) == len(SMILES)
    assert {key: after[key] for key in before} == before


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_fills_up_with_the_last_files_stops_the_run_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def no_room(*_: object, **__: object) -> None:
        raise OSError(number, "no room", "report.html")

    listed, out = tmp_path / "list.csv", tmp_path / "out"
    listed.write_text("smiles\nO\n", encoding="utf-8")
    command = [
        "screen",
        str(listed),
        "-w",
        str(TIGHT),
        "--out",
        str(out),
        "--store",
        str(tmp_path / "s.sqlite"),
    ]
    with monkeypatch.context() as full:
        full.setattr(api, "write_page", no_room)
        for again in (command, ["report", str(out)]):
            stopped = CliRunner().invoke(app, again)
            assert stopped.exit_code == 3
            assert "no room; the same command resumes" in " ".join(stopped.output.split())
    assert json.loads((out / "run.json").read_text())["state"] == "stopped"
    assert CliRunner().invoke(app, command).exit_code == 0
    assert json.loads((out / "run.json").read_text())["calculations"]["reused"] == 1
