"""Driver, worker or child killed at a random moment: the run comes to the same end, and nothing is lost."""

import csv
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
from actinic.screening.cluster import IN_FLIGHT_PER_SLOT
from actinic.screening.store import Record, Store

HERE = Path(__file__).parent
TIGHT = HERE.parent / "reference" / "tight.toml"
SMILES = (
    "CCCCCCCO",
    "CCCCCCCN",
    "O",
    "CO",
    "C=O",
    "CCO",
    *(f"{'C' * n}{end}" for n in (8, 9) for end in "ON"),
)
"""The longer ones take some tenths of a second each: kills meet them at work, and no chunks are made."""

LIST = "id,smiles\n" + "".join(f"m{n},{smiles}\n" for n, smiles in enumerate(SMILES))
VICTIMS = ("driver", "child", "worker")
SLOTS = 2
AT_MOST_TWICE = {"driver": IN_FLIGHT_PER_SLOT * SLOTS, "child": 1, "worker": IN_FLIGHT_PER_SLOT * SLOTS}
"""Begun for nothing by one kill: the calculation of the child, or what was handed out and not yet stored."""

DEADLINE_S = 180


@contextmanager
def screening(
    folder: Path, cluster: Path | None = None, listed: str = LIST
) -> Iterator["subprocess.Popen[bytes]"]:
    """A driver at work in `folder`; killed in the end if it still is."""
    (folder / "list.csv").write_text(listed, encoding="utf-8")
    where = ["--cluster", str(cluster)] if cluster else ["--workers", str(SLOTS)]
    command = [sys.executable, str(HERE / "watched_driver.py"), "screen", "list.csv", "-w", str(TIGHT),
               "--out", "out", "--store", "s.sqlite", *where]  # fmt: skip
    with (folder / "log.txt").open("ab") as log:
        driver = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env=watched(folder))
    try:
        yield driver
    finally:
        driver.kill()
        driver.wait()


def watched(folder: Path) -> dict[str, str]:
    """Environment in which children say what they begin, unless a test wants others."""
    counting = {"UNRULY_CHILD": str(HERE / "counting_child.py")}
    return {**counting, **os.environ, "STARTS": str(folder / "starts.txt")}


def begun(folder: Path) -> list[tuple[str, int]]:
    """Key and process of every calculation that a child has begun, in any run so far."""
    with suppress(FileNotFoundError):
        lines = (folder / "starts.txt").read_text(encoding="ascii").splitlines()
        return [(key, int(pid)) for key, pid in (line.split() for line in lines)]
    return []


def finish(folder: Path, cluster: Path | None = None) -> None:
    """Run the same command to its end."""
    with screening(folder, cluster) as driver:
        assert driver.wait(DEADLINE_S) == 0, (folder / "log.txt").read_text()


def acknowledged(folder: Path) -> dict[str, Record]:
    """The results in the store, as a reader finds them; none before there is a store."""
    with suppress(InputError), Store(folder / "s.sqlite", read_only=True) as store:
        return {record.key: record for record in store.records()}
    return {}


def wait_for_starts(folder: Path, at_least: int, driver: "subprocess.Popen[bytes]") -> None:
    """So many calculations have begun, and the driver is still there."""
    deadline_s = time.monotonic() + DEADLINE_S
    while len(begun(folder)) < at_least:
        assert driver.poll() is None, (folder / "log.txt").read_text()
        assert time.monotonic() < deadline_s
        time.sleep(0.02)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("undisturbed")
    finish(folder)
    return (folder / "out" / "ranked.csv").read_bytes()


def kill_at_random(
    folder: Path, driver: "subprocess.Popen[bytes]", victim: str, draw: random.Random
) -> tuple[list[psutil.Process], int]:
    """What the driver had started by then, and how many results were acknowledged."""
    wait_for_starts(folder, draw.randrange(1, len(SMILES) - 2), driver)
    time.sleep(draw.uniform(0, 0.1))
    started, n_acknowledged = descendants(driver), len(acknowledged(folder))
    assert driver.poll() is None
    # The child that began last: it is at work, or waits for the next calculation.
    os.kill(driver.pid if victim == "driver" else begun(folder)[-1][1], signal.SIGKILL)
    return started, n_acknowledged


def check_the_end(folder: Path, victim: str, before: dict[str, Record], undisturbed: bytes) -> int:
    """Return how many calculations were begun for nothing."""
    after, starts = acknowledged(folder), begun(folder)
    assert len(after) == len(SMILES)
    assert {key: after[key] for key in before} == before  # kept, not computed a second time
    assert {key for key, _ in starts} == set(after)
    assert (folder / "out" / "ranked.csv").read_bytes() == undisturbed
    n_twice = len(starts) - len(after)
    assert 0 <= n_twice <= AT_MOST_TWICE[victim]
    return n_twice


def told(victim: str, n_acknowledged: int, n_twice: int) -> str:
    kept = f"{n_acknowledged} of {len(SMILES)} results acknowledged, none lost, {n_twice} begun twice"
    return f"{victim:<7} killed: {kept}, no process left, ranked.csv the same"


def descendants(process: "subprocess.Popen[bytes]") -> list[psutil.Process]:
    with suppress(psutil.Error):
        return list(psutil.Process(process.pid).children(recursive=True))
    return []


def left_behind(processes: list[psutil.Process]) -> int:
    """How many of these are still there some seconds after what started them went."""
    return len(psutil.wait_procs(processes, timeout=10)[1])


def trial(folder: Path, seed: int, undisturbed: bytes) -> str:
    """Kill the victim of this seed, go on to the end, compare."""
    draw = random.Random(seed)
    victim = VICTIMS[seed % len(VICTIMS)]
    if victim == "worker":
        return kill_a_worker(folder, draw, undisturbed)
    with screening(folder) as driver:
        started, n_acknowledged = kill_at_random(folder, driver, victim, draw)
        status = driver.wait(DEADLINE_S)
    assert status == (-signal.SIGKILL if victim == "driver" else 0), (folder / "log.txt").read_text()
    orphans = left_behind(started)
    before = acknowledged(folder)
    if victim == "child":
        # The calculation is tried again in the same run: nothing is left to do.
        assert len(before) == len(SMILES)
    finish(folder)
    record = json.loads((folder / "out" / "run.json").read_text())
    assert record["calculations"]["reused"] == len(before)
    assert record["calculations"]["computed"] == len(SMILES) - len(before)
    n_twice = check_the_end(folder, victim, before, undisturbed)
    assert orphans == 0
    return told(victim, n_acknowledged, n_twice)


@contextmanager
def dask_cluster(
    folder: Path, n_workers: int = 2, *preloads: Path
) -> Iterator[tuple[Path, list["subprocess.Popen[bytes]"]]]:
    """A scheduler and workers of one thread; the cluster file, and the workers."""
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
        options: tuple[str, ...] = (
            "--no-nanny",
            "--nthreads",
            "1",
            "--host",
            "127.0.0.1",
            "--memory-limit",
            "0",
        )
        options += tuple(word for path in preloads for word in ("--preload", str(path)))
        processes += [_dask(folder, "worker", *options, *common) for _ in range(n_workers)]
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
            [sys.executable, "-m", "dask", *arguments],
            cwd=folder,
            stdout=log,
            stderr=log,
            env=watched(folder),
        )


def kill_a_worker(folder: Path, draw: random.Random, undisturbed: bytes) -> str:
    with (
        dask_cluster(folder, SLOTS, HERE / "deadly_worker.py") as (cluster, workers),
        screening(folder, cluster) as driver,
    ):
        wait_for_starts(folder, draw.randrange(1, len(SMILES) - 2), driver)
        time.sleep(draw.uniform(0, 0.1))
        before = acknowledged(folder)
        victim = draw.choice(workers)
        started = descendants(victim)
        assert victim.poll() is None
        assert driver.poll() is None
        victim.kill()
        assert driver.wait(DEADLINE_S) == 0, (folder / "log.txt").read_text()
    orphans = left_behind(started)
    n_twice = check_the_end(folder, "worker", before, undisturbed)
    assert orphans == 0
    return told("worker", len(before), n_twice)


@pytest.mark.parametrize("seed", range(3))
def test_a_kill_at_a_random_moment_changes_nothing(
    tmp_path: Path, seed: int, undisturbed: bytes, figures: list[str]
) -> None:
    figures.append(trial(tmp_path, seed, undisturbed))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3, 23))
def test_twenty_more_kills_change_nothing(
    tmp_path: Path, seed: int, undisturbed: bytes, figures: list[str]
) -> None:
    figures.append(trial(tmp_path, seed, undisturbed))


@pytest.mark.slow
def test_a_calculation_that_kills_its_workers_is_quarantined_after_three(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dask itself would hand it to the next worker, and to the next, before anyone hears of it."""
    monkeypatch.setenv("UNRULY_CHILD", str(HERE / "unruly_child.py"))
    listed = "id,smiles\ndeadly,FCF\n" + "".join(f"m{n},{smiles}\n" for n, smiles in enumerate(SMILES[:5]))
    with (
        dask_cluster(tmp_path, 5, HERE / "deadly_worker.py") as (cluster, workers),
        screening(tmp_path, cluster, listed) as driver,
    ):
        assert driver.wait(DEADLINE_S) == 4, (tmp_path / "log.txt").read_text()
        assert sum(worker.poll() is not None for worker in workers) == 3
    with (tmp_path / "out" / "ranked.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert {row["id"] for row in rows.values() if row["status"] == "done"} == {f"m{n}" for n in range(5)}
    assert rows["deadly"]["status"] == "failed"
    assert "WorkerLost: quarantined, for 3 workers were lost with it" in rows["deadly"]["reason"]
    with Store(tmp_path / "s.sqlite", read_only=True) as store:
        ((_, failed),) = store.failures()
    assert failed.provenance.host == "127.0.0.1"
    assert "at tcp://127.0.0.1:" in failed.failure.log_tail
