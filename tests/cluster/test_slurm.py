"""A real SLURM of one node (`make test-cluster`): the table of the laptop, though a job is cancelled."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import psutil
import pytest

TOP = Path(__file__).parents[2]
SLURM = Path(__file__).parent / "slurm.sh"
QUICKSTART = TOP / "ligands" / "quickstart.csv"
TIGHT = TOP / "tests" / "reference" / "tight.toml"
JOBS = """kind = "slurm"
jobs = 2
cores_per_job = 1
memory_per_job_mb = 1500
walltime_h = 0.2
interface = "lo"
"""
SPECTRUM = """
[spectrum]
level = "b3lyp/def2-svp"
cation_level = "b3lyp/def2-svp@cpcm(acetonitrile)"
anion_level = "b3lyp/def2-svpd@cpcm(acetonitrile)"
conformers = 1
cover_ev = 6.0
max_roots = 20
"""
SMALL = "id,smiles\nacrolein,C=CC=O\nmethyl azide,CN=[N+]=[N-]\nformaldehyde,C=O\n"
TOLERANCE = 1e-3
"""Of a number in the table, between the laptop and a job, whose processor may differ in the last bits."""

DEADLINE_S = 300

pytestmark = pytest.mark.cluster


def slurm(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(SLURM), *arguments], env=os.environ | environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module", autouse=True)
def batch_system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        pytest.skip("needs root and apt-get to start a SLURM")
    if shutil.which("sinfo") and subprocess.run(["sinfo", "-h"], capture_output=True, check=False).stdout:
        pytest.skip("a SLURM is at work here already")
    folder = str(tmp_path_factory.mktemp("slurm"))
    up = slurm(SLURM_CI_DIR=folder, SLURM_CI_CPUS="2")
    try:
        if "idle" not in up.stdout:
            reason = f"no SLURM could be started: {(up.stderr or up.stdout).strip()[-500:]}"
            if shutil.which("slurmctld") and shutil.which("slurmd"):
                pytest.fail(reason)  # with its packages there nothing is missing but a working start
            pytest.skip(f"{reason} (its packages could not be installed)")
        yield
    finally:
        slurm("down", SLURM_CI_DIR=folder)


def screen(
    folder: Path, *options: object, candidates: Path = QUICKSTART, workflow: Path = TIGHT
) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "actinic", "screen", candidates, "-w", workflow, "--out", "out",
               "--store", "s.sqlite", *options]  # fmt: skip
    with (folder / "log.txt").open("ab") as log:
        return subprocess.Popen(list(map(str, command)), cwd=folder, stdout=log, stderr=log)


def wait(until: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + DEADLINE_S
    while not until():
        assert time.monotonic() < deadline_s
        time.sleep(0.1)


def jobs() -> dict[str, str]:
    """Numbers of the jobs in the queue, and their states."""
    said = subprocess.run(["squeue", "-h", "-o", "%i %T"], capture_output=True, text=True, check=True).stdout
    return dict(line.split() for line in said.splitlines())


@pytest.fixture(scope="module")
def laptop(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, bytes]:
    folder = tmp_path_factory.mktemp("laptop")
    status = screen(folder, "--workers", 2).wait(DEADLINE_S)
    return status, (folder / "out" / "ranked.csv").read_bytes()


def finished_calculations(folder: Path) -> int:
    return (folder / "log.txt").read_text().count(": done, ")


def test_a_cancelled_job_changes_nothing(tmp_path: Path, laptop: tuple[int, bytes]) -> None:
    described = tmp_path / "slurm.toml"
    described.write_text(JOBS)
    driver = screen(tmp_path, "--cluster", described)
    wait(lambda: finished_calculations(tmp_path) >= 1 or driver.poll() is not None)
    first, *_ = (number for number, state in jobs().items() if state == "RUNNING")
    subprocess.run(["scancel", first], check=True)
    reached = {one.laddr.ip for one in psutil.Process(driver.pid).net_connections() if one.status == "LISTEN"}
    assert reached <= {"127.0.0.1", "::1"}
    assert driver.wait(DEADLINE_S) == laptop[0], (tmp_path / "log.txt").read_text()
    assert (tmp_path / "out" / "ranked.csv").read_bytes() == laptop[1]
    assert "Traceback" not in (tmp_path / "log.txt").read_text()
    record = json.loads((tmp_path / "out" / "run.json").read_text())
    assert record["calculations"]["failed"] == 0
    assert len(list((tmp_path / "out" / "jobs").glob("*.err"))) >= 2
    wait(lambda: jobs() == {})


def test_a_submitted_driver_comes_to_the_same_end(tmp_path: Path, laptop: tuple[int, bytes]) -> None:
    described = tmp_path / "slurm.toml"
    described.write_text(JOBS.replace("jobs = 2", "jobs = 1") + "driver_memory_mb = 1000\n")
    command = [sys.executable, "-m", "actinic", "submit", QUICKSTART, "-w", TIGHT, "--out", "out",
               "--store", "s.sqlite", "--cluster", described]  # fmt: skip
    said = subprocess.run(
        list(map(str, command)), cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    assert "Submitted batch job" in said
    assert len(jobs()) == 1
    wait(lambda: jobs() == {})
    assert json.loads((tmp_path / "out" / "run.json").read_text())["state"] == "finished"
    assert (tmp_path / "out" / "ranked.csv").read_bytes() == laptop[1]


def test_spectra_computed_in_jobs_are_those_of_the_laptop(tmp_path: Path) -> None:
    (tmp_path / "small.csv").write_text(SMALL)
    (tmp_path / "light.toml").write_text(TIGHT.read_text() + SPECTRUM)
    (tmp_path / "slurm.toml").write_text(JOBS)
    tables = []
    for where, options in (("jobs", ("--cluster", tmp_path / "slurm.toml")), ("here", ("--workers", 2))):
        folder = tmp_path / where
        folder.mkdir()
        asked = screen(folder, *options, candidates=tmp_path / "small.csv", workflow=tmp_path / "light.toml")
        assert asked.wait(DEADLINE_S) == 0, (folder / "log.txt").read_text()
        tables.append(pd.read_csv(folder / "out" / "ranked.csv", index_col="id"))
    wait(lambda: jobs() == {})
    jobs_table, laptop_table = tables
    assert jobs_table["homo_dft_ev"].notna().all()
    pd.testing.assert_frame_equal(
        jobs_table, laptop_table.loc[jobs_table.index], rtol=TOLERANCE, atol=TOLERANCE
    )
