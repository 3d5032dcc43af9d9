"""Driver, worker or child killed at a random moment: the run comes to the same end, and nothing is lost."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from actinic.errors import InputError
from actinic.screening.store import Record, Store

TIGHT = Path(__file__).parents[1] / "reference" / "tight.toml"
SMILES = ("O", "N", "C", "CO", "CC", "C=O", "CCO", "C#N", "CN", "C=C")
LIST = "id,smiles\n" + "".join(f"m{n},{smiles}\n" for n, smiles in enumerate(SMILES))
VICTIMS = ("driver", "child", "worker")
DEADLINE_S = 180


@contextmanager
def screening(folder: Path, cluster: Path | None = None) -> Iterator["subprocess.Popen[bytes]"]:
    """A driver at work in `folder`; killed in the end if it still is."""
    (folder / "list.csv").write_text(LIST, encoding="utf-8")
    where = ["--cluster", str(cluster)] if cluster else ["--workers", "2"]
    command = [sys.executable, "-m", "actinic", "screen", "list.csv", "-w", str(TIGHT), "--out", "out",
               "--store", "s.sqlite", *where]  # fmt: skip
    with (folder / "log.txt").open("ab") as log:
        driver = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        yield driver
    finally:
        driver.kill()
        driver.wait()


def finish(folder: Path, cluster: Path | None = None) -> None:
    """Run the same command to its end."""
    with screening(folder, cluster) as driver:
        assert driver.wait(DEADLINE_S) == 0, (folder / "log.txt").read_text()


def acknowledged(folder: Path) -> dict[str, Record]:
    """The results in the store, as a reader finds them; none before there is a store."""
    with suppress(InputError), Store(folder / "s.sqlite", read_only=True) as store:
        return {record.key: record for record in store.records()}
    return {}


def wait_for_results(folder: Path, at_least: int, driver: "subprocess.Popen[bytes]") -> None:
    deadline_s = time.monotonic() + DEADLINE_S
    while len(acknowledged(folder)) < at_least and driver.poll() is None:
        assert time.monotonic() < deadline_s
        time.sleep(0.02)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("undisturbed")
    finish(folder)
    return (folder / "out" / "ranked.csv").read_bytes()


def the_driver(driver: "subprocess.Popen[bytes]") -> list[int]:
    return [driver.pid]


def a_child(driver: "subprocess.Popen[bytes]") -> list[int]:
    """One that computes; none when no calculation is at work."""
    with suppress(psutil.Error):
        children = psutil.Process(driver.pid).children(recursive=True)
        return [child.pid for child in children if "actinic.screening.child" in child.cmdline()][:1]
    return []


def kill_at_random(folder: Path, driver: "subprocess.Popen[bytes]", victim: str, draw: random.Random) -> None:
    wait_for_results(folder, draw.randrange(len(SMILES)), driver)
    time.sleep(draw.uniform(0, 0.3))
    for pid in (the_driver if victim == "driver" else a_child)(driver):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def check_the_end(folder: Path, before: dict[str, Record], undisturbed: bytes) -> None:
    after = acknowledged(folder)
    assert len(after) == len(SMILES)
    assert {key: after[key] for key in before} == before  # kept, not computed a second time
    assert (folder / "out" / "ranked.csv").read_bytes() == undisturbed


def trial(folder: Path, seed: int, undisturbed: bytes) -> None:
    """Kill the victim of this seed, go on to the end, compare."""
    draw = random.Random(seed)
    victim = VICTIMS[seed % len(VICTIMS)]
    if victim == "worker":
        kill_a_worker(folder, draw, undisturbed)
        return
    with screening(folder) as driver:
        kill_at_random(folder, driver, victim, draw)
        status = driver.wait(DEADLINE_S)
    before = acknowledged(folder)
    if victim == "child":
        # The calculation is tried again in the same run: nothing is left to do.
        assert status == 0, (folder / "log.txt").read_text()
        assert len(before) == len(SMILES)
    finish(folder)
    record = json.loads((folder / "out" / "run.json").read_text())
    assert record["calculations"]["reused"] == len(before)
    assert record["calculations"]["computed"] == len(SMILES) - len(before)
    check_the_end(folder, before, undisturbed)


@contextmanager
def dask_cluster(folder: Path) -> Iterator[tuple[Path, list["subprocess.Popen[bytes]"]]]:
    """A scheduler and two workers of one thread; the cluster file, and the workers."""
    contact = folder / "scheduler.json"
    common = ["--scheduler-file", str(contact), "--dashboard-address", "127.0.0.1:0"]
    scheduler = _dask(folder, "scheduler", "--host", "127.0.0.1", "--port", "0", *common)
    processes = [scheduler]
    try:
        deadline_s = time.monotonic() + DEADLINE_S
        while not contact.exists():
            assert scheduler.poll() is None, (folder / "dask.txt").read_text()
            assert time.monotonic() < deadline_s
            time.sleep(0.05)
        options = ("--no-nanny", "--nthreads", "1", "--host", "127.0.0.1", "--memory-limit", "0")
        processes += [_dask(folder, "worker", *options, *common) for _ in range(2)]
        address = json.loads(contact.read_text())["address"]
        described = folder / "cluster.toml"
        described.write_text(f'kind = "address"\naddress = "{address}"\nworkers = 2\n', encoding="utf-8")
        yield described, processes[1:]
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


def _dask(folder: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    with (folder / "dask.txt").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments], cwd=folder, stdout=log, stderr=log
        )


def kill_a_worker(folder: Path, draw: random.Random, undisturbed: bytes) -> None:
    with dask_cluster(folder) as (cluster, workers), screening(folder, cluster) as driver:
        wait_for_results(folder, draw.randrange(1, len(SMILES)), driver)
        time.sleep(draw.uniform(0, 0.3))
        before = acknowledged(folder)
        draw.choice(workers).kill()
        assert driver.wait(DEADLINE_S) == 0, (folder / "log.txt").read_text()
    check_the_end(folder, before, undisturbed)


@pytest.mark.parametrize("seed", range(3))
def test_a_kill_at_a_random_moment_changes_nothing(tmp_path: Path, seed: int, undisturbed: bytes) -> None:
    trial(tmp_path, seed, undisturbed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3, 23))
def test_twenty_more_kills_change_nothing(tmp_path: Path, seed: int, undisturbed: bytes) -> None:
    trial(tmp_path, seed, undisturbed)
