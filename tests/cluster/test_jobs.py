"""Jobs of a batch system: kept alive, nothing lost, and nobody without the credentials of the run gets in."""

import os
import signal
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psutil
import pytest
from distributed import Client, LocalCluster

from actinic.calculations import kinds
from actinic.calculations.ensemble import EnsembleRequest, EnsembleResult
from actinic.calculations.outcome import Outcome
from actinic.chemistry.species import Species
from actinic.errors import InputError
from actinic.level import Level
from actinic.screening import cluster
from actinic.screening.cluster import ClusterSettings, NoWorkersError, Pool
from actinic.screening.draining import Drain
from actinic.screening.limits import Limit
from actinic.screening.security import make_credentials, security_of

DEADLINE_S = 120
LOOPBACK = {"127.0.0.1", "::1"}
TWO_JOBS = ClusterSettings(
    kind="slurm", jobs=2, cores_per_job=1, memory_per_job_mb=2000, walltime_h=1, interface="lo"
)


def request(smiles: str) -> EnsembleRequest:
    species = Species.from_smiles(smiles, multiplicity=1)
    return EnsembleRequest(species, Level.parse("gfn2-xtb"), "tblite", 1, 3.0, 0.3, 1, 0.05, 200, 298.15)


def submit(pool: Pool, *smiles: str) -> None:
    for one in smiles:
        pool.submit(one, kinds.encode(request(one)), Limit(60.0, pool.memory_mb))


def collected(pool: Pool, number: int) -> set[str]:
    """Names of the next outcomes, all of them results."""
    found: set[str] = set()
    deadline_s = time.monotonic() + DEADLINE_S
    while len(found) < number:
        assert time.monotonic() < deadline_s
        for key, answer in pool.completed(1.0):
            assert isinstance(answer, bytes)
            assert isinstance(msgspec.json.decode(answer, type=Outcome).result, EnsembleResult)
            found.add(key)
    return found


@pytest.fixture
def pool(fake_slurm: Path, tmp_path: Path) -> Iterator[Pool]:
    with Pool(TWO_JOBS, tmp_path) as opened:
        yield opened


def started(fake_slurm: Path) -> list[int]:
    return [int(line) for line in (fake_slurm / "jobs").read_text().split()]


def listening(pid: int) -> set[str]:
    """Addresses at which a process and its children can be reached."""
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    connections = (c for one in family for c in one.net_connections() if c.status == psutil.CONN_LISTEN)
    return {connection.laddr.ip for connection in connections}


def test_jobs_do_the_work_reachable_from_this_machine_alone_and_end_with_the_run(
    fake_slurm: Path, tmp_path: Path
) -> None:
    with Pool(TWO_JOBS, tmp_path) as pool:
        assert (pool.slots, pool.memory_mb) == (2, 1700.0)
        submit(pool, "O", "N", "C")
        assert collected(pool, 3) == {"O", "N", "C"}
        jobs = started(fake_slurm)
        assert len(jobs) == 2
        for pid in (os.getpid(), *jobs):
            assert listening(pid) <= LOOPBACK
        (folder,) = tmp_path.glob(".credentials-*")
        modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
        assert (stat.S_IMODE(folder.stat().st_mode), modes) == (0o700, {0o600})
        script = next(fake_slurm.glob("job.*")).read_text()
        assert "PRIVATE KEY" not in script
    assert list(tmp_path.glob(".credentials-*")) == []
    deadline_s = time.monotonic() + 10
    while any(psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie" for pid in jobs):
        assert time.monotonic() < deadline_s
        time.sleep(0.1)


def test_who_lacks_the_credentials_is_turned_away(pool: Pool, tmp_path: Path) -> None:
    address = pool.address
    assert address.startswith("tls://127.0.0.1:")
    make_credentials(tmp_path / "others")
    plain = address.replace("tls://", "tcp://")
    for place, security in ((plain, None), (address, security_of(tmp_path / "others"))):
        with pytest.raises((OSError, ValueError)):
            Client(place, security=security, timeout=3, set_as_default=False)
    with pytest.raises(TypeError, match="TLS"):
        Client(address, timeout=3, set_as_default=False)
    submit(pool, "O")
    assert collected(pool, 1) == {"O"}


def test_a_job_that_is_killed_is_told_and_replaced(pool: Pool, fake_slurm: Path) -> None:
    deadline_s = time.monotonic() + DEADLINE_S
    long = "CCCCCCCCCCCCCCCCCCCC", "CCCCCCCCCCCCCCCCCCCO"
    submit(pool, *long)
    while len(started(fake_slurm)) < 2 or not all(map(computes, started(fake_slurm))):
        assert time.monotonic() < deadline_s
        pool.completed(0.2)
    os.killpg(started(fake_slurm)[0], signal.SIGKILL)
    answers: dict[str, bytes | BaseException] = {}
    while pool.in_flight:
        assert time.monotonic() < deadline_s
        answers |= dict(pool.completed(1.0))
    assert sorted(isinstance(answer, bytes) for answer in answers.values()) == [False, True]
    while len(started(fake_slurm)) < 3:
        assert time.monotonic() < deadline_s
        time.sleep(0.2)
    submit(pool, "CCO")
    assert collected(pool, 1) == {"CCO"}


def computes(pid: int) -> bool:
    """Whether a job has a calculation's process."""
    return any(
        "actinic.screening.child" in one.cmdline() for one in psutil.Process(pid).children(recursive=True)
    )


def test_work_for_which_no_worker_comes_is_reported(
    fake_slurm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (fake_slurm / "sbatch").write_text("#!/bin/sh\necho Submitted batch job 1\n")
    (fake_slurm / "scancel").write_text("#!/bin/sh\n")
    monkeypatch.setattr(cluster, "LOOK_FOR_WORKERS_EVERY_S", 0.2)
    with Pool(TWO_JOBS.model_copy(update={"wait_for_workers_s": 1.0}), tmp_path) as pool:
        submit(pool, "O")
        with pytest.raises(
            NoWorkersError, match=r"no worker for 1 s .* and 1 calculations waiting; jobs print to"
        ):
            collected(pool, 1)


def test_what_the_batch_system_says_when_it_refuses_is_reported(
    fake_slurm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (fake_slurm / "sbatch").write_text(
        "#!/bin/sh\necho sbatch: error: invalid partition specified: nope >&2\nexit 1\n"
    )
    monkeypatch.setattr(cluster, "LOOK_FOR_WORKERS_EVERY_S", 0.2)
    with Pool(TWO_JOBS, tmp_path) as pool:
        submit(pool, "O")
        with pytest.raises(NoWorkersError, match=r"refuses jobs .*invalid partition specified: nope"):
            collected(pool, 1)


def test_a_machine_without_the_batch_system_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="sbatch: no such command here"):
        Pool(TWO_JOBS, tmp_path)
    assert list(tmp_path.glob(".credentials-*")) == []


def test_credentials_that_others_can_read_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    make_credentials(folder)
    security_of(folder)
    (folder / "key.pem").chmod(0o640)
    with pytest.raises(
        InputError, match=r"key\.pem: others may read or change it \(mode 640\); expected 600"
    ):
        security_of(folder)
    with pytest.raises(InputError, match="no credentials"):
        security_of(tmp_path / "none")
    with pytest.raises(InputError, match="exists; expected a new folder"):
        make_credentials(folder)


def finish_slowly(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def test_a_worker_whose_job_ends_soon_finishes_what_it_began_and_leaves() -> None:
    with (
        LocalCluster(
            1, threads_per_worker=1, processes=False, memory_limit=0, dashboard_address=None
        ) as local,
        Client(local, set_as_default=False) as client,
    ):
        client.register_plugin(Drain(0.5))
        begun = client.submit(finish_slowly, 2.0)
        time.sleep(1.0)
        late = client.submit(finish_slowly, 0.0)
        assert begun.result(timeout=30) == 2.0
        del begun
        deadline_s = time.monotonic() + 30
        while client.nthreads():
            assert time.monotonic() < deadline_s
            time.sleep(0.1)
        assert late.status == "pending"
