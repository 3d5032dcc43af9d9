"""Wherever a list is screened, and whatever is killed meanwhile, the ranked table is that of the laptop."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from actinic.errors import InputError
from actinic.screening.store import Store

TIGHT = Path(__file__).parents[1] / "reference" / "tight.toml"
SMILES = ("O", "N", "C", "CO", "CC", "C=O", "CCO", "C#N", "CN", "C=C", "CCCCO", "CCCCN")
LIST = "id,smiles\n" + "".join(f"m{n},{smiles}\n" for n, smiles in enumerate(SMILES))
DEADLINE_S = 180
Process = subprocess.Popen[bytes]


def actinic(folder: Path, *arguments: object) -> Process:
    with (folder / "log.txt").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "actinic", *map(str, arguments)], cwd=folder, stdout=log, stderr=log
        )


def screen(folder: Path, *options: object) -> Process:
    (folder / "list.csv").write_text(LIST, encoding="utf-8")
    return actinic(folder, "screen", "list.csv", "-w", TIGHT, "--out", "out", "--store", "s.sqlite", *options)


def wait(until: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + DEADLINE_S
    while not until():
        assert time.monotonic() < deadline_s
        time.sleep(0.05)


def n_results(folder: Path) -> int:
    try:
        with Store(folder / "s.sqlite", read_only=True) as store:
            return sum(1 for _ in store.records())
    except InputError:
        return 0


@pytest.fixture(scope="module")
def laptop(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("laptop")
    assert screen(folder).wait(DEADLINE_S) == 0
    return (folder / "out" / "ranked.csv").read_bytes()


@contextmanager
def dask(folder: Path, *arguments: object) -> Iterator[Process]:
    with (folder / "dask.txt").open("ab") as log:
        command = [sys.executable, "-m", "dask", *map(str, arguments)]
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def encrypted_cluster(folder: Path) -> Iterator[tuple[Path, Process]]:
    """A scheduler and a worker that ask for credentials; the cluster file, and the scheduler."""
    secret = folder / "secret"
    if not secret.exists():
        assert actinic(folder, "credentials", "secret").wait(DEADLINE_S) == 0
    tls = ("--tls-ca-file", secret / "certificate.pem", "--tls-cert", secret / "certificate.pem",
           "--tls-key", secret / "key.pem", "--dashboard-address", "127.0.0.1:0")  # fmt: skip
    contact = folder / "scheduler.json"
    contact.unlink(missing_ok=True)
    here = ("--host", "127.0.0.1", "--protocol", "tls", "--scheduler-file", contact, *tls)
    with dask(folder, "scheduler", "--port", "0", *here) as scheduler:
        wait(contact.exists)
        with dask(folder, "worker", "--no-nanny", "--nthreads", "2", "--memory-limit", "0", *here) as worker:
            address = json.loads(contact.read_text())["address"]
            described = folder / "cluster.toml"
            text = f'kind = "address"\naddress = "{address}"\ncredentials = "{secret}"\nworkers = 2\n'
            described.write_text(text, encoding="utf-8")
            for process in (scheduler, worker):
                wait(lambda process=process: bool(listening(process)))  # type: ignore[misc]
                assert listening(process) == {"127.0.0.1"}
            yield described, scheduler


def listening(process: Process) -> set[str]:
    connections = psutil.Process(process.pid).net_connections()
    return {one.laddr.ip for one in connections if one.status == psutil.CONN_LISTEN}


@pytest.mark.slow
def test_a_scheduler_that_is_killed_costs_what_was_in_flight(tmp_path: Path, laptop: bytes) -> None:
    with encrypted_cluster(tmp_path) as (described, scheduler):
        driver = screen(tmp_path, "--cluster", described)
        wait(lambda: n_results(tmp_path) >= 2 or driver.poll() is not None)
        os.kill(scheduler.pid, signal.SIGKILL)
        assert driver.wait(DEADLINE_S) == 3
    said = (tmp_path / "log.txt").read_text()
    assert "the Dask scheduler went away; run the same command again to resume" in said
    assert "Traceback" not in said
    known = n_results(tmp_path)
    assert 2 <= known < len(SMILES)
    with encrypted_cluster(tmp_path) as (described, _):
        assert screen(tmp_path, "--cluster", described).wait(DEADLINE_S) == 0
    assert json.loads((tmp_path / "out" / "run.json").read_text())["calculations"]["reused"] == known
    assert (tmp_path / "out" / "ranked.csv").read_bytes() == laptop


@pytest.mark.slow
def test_a_driver_that_is_submitted_sends_its_own_jobs(
    fake_slurm: Path, tmp_path: Path, laptop: bytes
) -> None:
    described = tmp_path / "mine.toml"
    jobs = 'jobs = 2\ncores_per_job = 1\nmemory_per_job_mb = 2000\nwalltime_h = 1\ninterface = "lo"\n'
    described.write_text(f'kind = "slurm"\n{jobs}')
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    sent = actinic(tmp_path, "submit", "list.csv", "-w", TIGHT, "--out", "out", "--store", "s.sqlite",
                   "--cluster", described)  # fmt: skip
    assert sent.wait(DEADLINE_S) == 0
    said = (tmp_path / "log.txt").read_text()
    assert "driver.sh: Submitted batch job" in said
    wait((tmp_path / "out" / "report.html").exists)
    wait(lambda: json.loads((tmp_path / "out" / "run.json").read_text())["state"] == "finished")
    assert (tmp_path / "out" / "ranked.csv").read_bytes() == laptop
    assert len((fake_slurm / "jobs").read_text().split()) == 3


@pytest.mark.parametrize("kind", ["slurm", "pbs", "lsf"])
def test_the_job_script_says_what_would_be_sent(tmp_path: Path, kind: str) -> None:
    described = Path(__file__).parents[2] / "workflows" / "clusters" / f"{kind}.toml"
    assert actinic(tmp_path, "job-script", "--cluster", described).wait(DEADLINE_S) == 0
    script = (tmp_path / "log.txt").read_text()
    assert script.startswith("#!/usr/bin/env bash\n")
    directives = {"slurm": "#SBATCH -t 24:00:00", "pbs": "#PBS -l walltime=24:00:00", "lsf": "#BSUB -W 24:00"}
    assert directives[kind] in script.splitlines()
    worker = script.splitlines()[-1]
    for part in ("--nthreads 16", "--memory-limit 0", "--protocol tls://", "--tls-key", "--no-nanny"):
        assert part in worker
    assert list(tmp_path.iterdir()) == [tmp_path / "log.txt"]
