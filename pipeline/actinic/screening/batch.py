"""Jobs of a batch system, through dask-jobqueue: their scripts, and the workers they become."""

import re
import shlex
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from actinic.errors import InputError
from actinic.screening.cluster_settings import ClusterSettings
from actinic.screening.security import named_security

MARGIN_S = 120.0
"""Of a job's time, for starting and leaving."""

JOB_FOLDER = "jobs"
"""Below the folder of a run: what its jobs print."""

LOG_HEAD_BYTES, LOG_TAIL_BYTES = 20_000, 4000

LOOPBACK = "127.0.0.1:0"
"""This machine only, any free port."""

_PLACE_OF_CREDENTIALS = Path("CREDENTIALS_OF_THE_RUN")


def batch_cluster(settings: ClusterSettings, security: Any, folder: Path) -> tuple[Any, list[str]]:
    """A scheduler in this process that keeps `settings.jobs` jobs alive.

    Args:
        settings: Of a batch system.
        security: Credentials that scheduler, jobs and client show each other.
        folder: What the jobs print goes to its folder `jobs`.

    Returns:
        A `dask_jobqueue.JobQueueCluster`, and a list that takes what the batch system says when it refuses a
        job.

    Raises:
        InputError: dask-jobqueue or the command that sends jobs is missing, there is no such interface, or
            the folder's name cannot stand in a job script.
    """
    _refuse_awkward(folder)
    kind = _cluster_class(settings)
    refusals: list[str] = []
    command = kind.job_cls.submit_command
    if shutil.which(command) is None:
        raise InputError(f"{command}: no such command here; run where jobs can be sent from")
    try:
        cluster = kind(
            job_cls=_noting(kind.job_cls, refusals),
            security=security,
            scheduler_options={"dashboard_address": LOOPBACK},
            **_options(settings, folder / JOB_FOLDER),
        )
    except (OSError, ValueError) as error:
        raise InputError(f"{settings.kind}: the scheduler cannot be started ({error})") from error
    # scale(n) would not replace a job that was killed.
    cluster.adapt(minimum_jobs=settings.jobs, maximum_jobs=settings.jobs, interval="2s")
    return cluster, refusals


def last_words(address: str, folder: Path) -> str:
    """The end of what the job of this worker printed, which begins with its address; empty if nothing was."""
    for log in sorted((folder / JOB_FOLDER).glob("*")) if address else ():
        with suppress(OSError), log.open("rb") as file:
            if address.encode() in file.read(LOG_HEAD_BYTES):
                file.seek(max(0, log.stat().st_size - LOG_TAIL_BYTES))
                return file.read().decode(errors="replace")
    return ""


def job_script(settings: ClusterSettings) -> str:
    """What would be sent to the batch system for each job, but for the address of the driver."""
    kind = _cluster_class(settings)
    security = named_security(_PLACE_OF_CREDENTIALS)
    return _script(kind.job_cls, settings, None, name="worker", security=security)


def driver_script(settings: ClusterSettings, command: list[str], folder: Path) -> str:
    """A job that runs a command of this package, which sends further jobs.

    Args:
        settings: Of a batch system.
        command: Arguments of `actinic`.
        folder: Of the run.

    Raises:
        InputError: As `batch_cluster`.
    """
    _refuse_awkward(folder)
    of_driver = settings.model_copy(
        update={
            "cores_per_job": 1,
            "memory_per_job_mb": settings.driver_memory_mb,
            "walltime_h": settings.driver_walltime_h or settings.walltime_h,
        }
    )
    text = _script(
        _cluster_class(settings).job_cls, of_driver, folder / JOB_FOLDER, name="driver", security=None
    )
    *head, _ = text.rstrip().splitlines()
    return "\n".join([*head, shlex.join([sys.executable, "-m", "actinic", *command]), ""])


def submit(settings: ClusterSettings, script: Path) -> str:
    """Send a script, and return what the batch system answers.

    Raises:
        InputError: The command that sends jobs is missing, or refuses.
    """
    command = _cluster_class(settings).job_cls.submit_command
    try:
        with script.open("rb") as text:  # all three read a script from standard input
            done = subprocess.run([command], stdin=text, capture_output=True, text=True, check=True)
    except FileNotFoundError as error:
        raise InputError(f"{command}: no such command here; run where jobs can be sent from") from error
    except subprocess.CalledProcessError as error:
        raise InputError(f"{command} refuses {script}: {error.stderr.strip()}") from error
    return done.stdout.strip()


def drain_after_s(settings: ClusterSettings) -> float:
    """So long a worker of these jobs takes calculations."""
    return max(0.0, settings.walltime_s - settings.reserve_s - min(MARGIN_S, settings.walltime_s / 10))


def _noting(job: Any, refusals: list[str]) -> Any:
    """This kind of job, which notes why it was refused and counts as sent: else it would be sent for ever."""
    from distributed.deploy.spec import ProcessInterface  # noqa: PLC0415

    class Noting(job):  # type: ignore[misc]
        async def start(self) -> None:
            try:
                await super().start()
            except (OSError, RuntimeError) as error:
                refusals.append(str(error).partition("stderr:")[2].strip() or str(error))
                await ProcessInterface.start(self)

    return Noting


def _refuse_awkward(folder: Path) -> None:
    """Batch systems know no quotes in their directives."""
    if not re.fullmatch(r"[\w./+=@%:,~-]+", str(folder.resolve())):
        raise InputError(
            f"{folder.resolve()}: blanks and the like in the folder of a run upset batch systems"
        )


def _script(kind: Any, settings: ClusterSettings, logs: Path | None, *, name: str, security: Any) -> str:
    """The script of one job, made without starting anything."""
    options = _options(settings, logs)
    text: str = kind("tls://ADDRESS_OF_THE_DRIVER", name=name, security=security, **options).job_script()
    return text


def _options(settings: ClusterSettings, logs: Path | None) -> dict[str, Any]:
    hours, rest_s = divmod(round(settings.walltime_s), 3600)
    clock = f"{hours:02d}:{rest_s // 60:02d}" + ("" if settings.kind == "lsf" else f":{rest_s % 60:02d}")
    memory_bytes = int((settings.memory_per_job_mb or 0) * 2**20)
    return {
        "cores": settings.cores_per_job,
        "processes": 1,  # one worker, as many threads as calculations: they run in children anyway
        "memory": f"{memory_bytes}B",
        "walltime": clock,
        "queue": settings.queue,
        ("project" if settings.kind == "lsf" else "account"): settings.account,
        "interface": settings.interface,
        "protocol": "tls://",
        "nanny": False,
        "death_timeout": 60,
        "job_name": "actinic",
        "log_directory": None if logs is None else str(logs.resolve()),
        "local_directory": '"${TMPDIR:-/tmp}"',
        "job_extra_directives": list(settings.directives),
        "job_script_prologue": [
            "umask 077",
            "export DASK_DISTRIBUTED__WORKER__HTTP__ROUTES='[]'",
            *settings.prologue,
        ],
        "worker_extra_args": [
            *("--nthreads", settings.slots_per_job),
            *("--memory-limit", 0),  # Dask's own limit does not see the children
            *("--dashboard-address", LOOPBACK),
        ],
    }


def _cluster_class(settings: ClusterSettings) -> Any:
    try:
        import dask_jobqueue  # noqa: PLC0415
    except ImportError as error:
        raise InputError(
            f"kind {settings.kind!r} needs dask-jobqueue: pip install 'actinic[cluster]'"
        ) from error
    if not settings.is_batch:
        raise InputError(f"kind {settings.kind!r} sends no jobs; expected slurm, pbs or lsf")
    names = {"slurm": "SLURMCluster", "pbs": "PBSCluster", "lsf": "LSFCluster"}
    return getattr(dask_jobqueue, names[settings.kind])
