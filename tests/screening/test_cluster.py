"""Where calculations run: settings are read, work comes back, nobody else gets in."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psutil
import pytest

from actinic.calculations import kinds
from actinic.calculations.ensemble import EnsembleRequest, EnsembleResult
from actinic.calculations.outcome import Outcome
from actinic.chemistry.species import Species
from actinic.errors import InputError
from actinic.level import Level
from actinic.screening import cluster
from actinic.screening.batch import last_words
from actinic.screening.cluster import LAPTOP, ClusterSettings, Pool
from actinic.screening.limits import Limit

TOP = Path(__file__).parents[2]
WORKING = "working\n" * 9000
JOBS = 'kind = "slurm"\njobs = 1\ncores_per_job = 1\nmemory_per_job_mb = 1000\nwalltime_h = 1\n'


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(LAPTOP.changed(2, 1000.0)) as opened:
        yield opened


def request(smiles: str, level: str = "gfn2-xtb") -> EnsembleRequest:
    species = Species.from_smiles(smiles, multiplicity=1)
    return EnsembleRequest(species, Level.parse(level), "tblite", 1, 3.0, 0.3, 1, 0.05, 200, 298.15)


def test_no_port_can_be_reached_from_another_machine(pool: Pool) -> None:
    del pool
    listening = [c.laddr for c in psutil.Process().net_connections() if c.status == psutil.CONN_LISTEN]
    assert [address for address in listening if address.ip not in {"127.0.0.1", "::1"}] == []


def test_outcomes_come_back_with_their_keys(pool: Pool) -> None:
    asked = {kinds.key(r): r for r in (request("O"), request("N"), request("O", "gfn2-xtb@alpb(nonsense)"))}
    for key, one in asked.items():
        pool.submit(key, kinds.encode(one), Limit(60.0, 1000.0))
    assert pool.in_flight == 3
    outcomes: dict[str, Outcome] = {}
    while pool.in_flight:
        for key, answer in pool.completed(5.0):
            assert isinstance(answer, bytes)
            outcomes[key] = msgspec.json.decode(answer, type=Outcome)
    water, ammonia, refused = (outcomes[key] for key in asked)
    for outcome in (water, ammonia):
        assert isinstance(outcome.result, EnsembleResult)
        assert outcome.provenance.cpu_s > 0
    assert refused.failure is not None
    assert refused.failure.error_class == "InputError"
    assert "nonsense" in refused.failure.message


def test_a_calculation_over_its_time_is_killed_and_recorded(pool: Pool) -> None:
    long = request("C" * 30)
    pool.submit(kinds.key(long), kinds.encode(long), Limit(1.0, 1000.0))
    answers: list[tuple[str, bytes | BaseException]] = []
    while not answers:
        answers = pool.completed(5.0)
    answer = answers[0][1]
    assert isinstance(answer, bytes)
    failure = msgspec.json.decode(answer, type=Outcome).failure
    assert failure is not None
    assert (failure.error_class, failure.message) == (
        "ResourceError",
        "killed after 1 s, the limit of its kind",
    )


@pytest.mark.parametrize("name", ["laptop", "address", "slurm", "pbs", "lsf"])
def test_every_shipped_cluster_file_is_understood(name: str) -> None:
    assert ClusterSettings.load(TOP / "workflows" / "clusters" / f"{name}.toml").kind == name


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "kind: Field required"),
        ('kind = "cloud"', "kind: Input should be 'laptop', 'address', 'slurm', 'pbs' or 'lsf'"),
        ('kind = "slurm"', "kind 'slurm' needs jobs, cores_per_job, memory_per_job_mb, walltime_h"),
        (f"{JOBS}reserve_s = 3600", "reserve_s = 3600 leaves nothing of walltime_h = 1"),
        (f'{JOBS}queue = "a\\nb"', "queue: String should match pattern"),
        (f'{JOBS}interface = "lo;ls"', "interface: String should match pattern"),
        ('kind = "address"', 'needs address = "tls://host:port"'),
        ('kind = "address"\naddress = "tcp://10.0.0.1:8786"', "whoever reaches that port can run code there"),
        ('kind = "address"\naddress = "tls://10.0.0.1:8786"', 'needs credentials = "FOLDER"'),
        ('kind = "laptop"\njobs = 2', "jobs means nothing to kind 'laptop'"),
        (f'{JOBS}address = "tcp://127.0.0.1:1"', "address means nothing to kind 'slurm'"),
        ("x=" + "[" * 100_000, "not valid TOML"),
        ('kind = "laptop"\nworkrs = 2', "workrs: Extra inputs are not permitted"),
        ('kind = "laptop"\nworkers = 0', "workers: Input should be greater than or equal to 1"),
        ("kind = ", "not valid TOML"),
    ],
)
def test_a_mistake_in_a_cluster_file_is_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=re.escape(said)) as caught:
        ClusterSettings.load(path)
    assert str(path) in caught.value.message


def test_a_scheduler_that_is_not_there_is_an_input_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cluster.CALM, "distributed.comm.timeouts.connect", "1s")
    with pytest.raises(InputError, match=r"scheduler tcp://127\.0\.0\.1:9: "):
        Pool(ClusterSettings(kind="address", address="tcp://127.0.0.1:9"))


def test_the_command_line_overrides_the_file() -> None:
    assert LAPTOP.changed(3, None).workers == 3
    assert LAPTOP.changed(None, 512.0).memory_per_worker_mb == 512
    with pytest.raises(InputError, match="--memory-per-worker 1: Input should be greater"):
        LAPTOP.changed(None, 1.0)


def test_the_last_words_of_a_job_are_found_by_the_address_of_its_worker(tmp_path: Path) -> None:
    (tmp_path / "jobs").mkdir()
    for number, port in ((1, 4100), (2, 4200)):
        log = f"Start worker at: tls://10.0.0.7:{port}\n{WORKING}job {number}: oom-kill event\n"
        (tmp_path / "jobs" / f"{number}.out").write_text(log, encoding="utf-8")
    said = last_words("tls://10.0.0.7:4200", tmp_path)
    assert said.endswith("working\njob 2: oom-kill event\n")
    assert len(said) == 4000
    assert last_words("tls://10.0.0.7:4300", tmp_path) == last_words("", tmp_path) == ""
    assert last_words("tls://10.0.0.7:4200", tmp_path / "elsewhere") == ""


def test_dask_does_not_look_at_itself_while_all_wait(pool: Pool) -> None:
    (worker,) = pool._cluster.workers.values()
    often_ms = [one.callback_time for server in (worker, pool._cluster.scheduler)
                for one in server.periodic_callbacks.values()]  # fmt: skip
    assert "profile" not in worker.periodic_callbacks
    assert min(often_ms) >= 100
