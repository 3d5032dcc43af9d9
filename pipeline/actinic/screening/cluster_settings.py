"""The cluster file: where calculations run."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

import pydantic
from pydantic import BaseModel, ConfigDict, Field

from actinic.errors import InputError

BATCH_KINDS = ("slurm", "pbs", "lsf")
_OF_A_JOB = ("jobs", "cores_per_job", "memory_per_job_mb", "walltime_h")
_OF_AN_ADDRESS = ("address", "credentials", "unencrypted")
_OF_BATCH = (
    *_OF_A_JOB,
    *("reserve_s", "queue", "account", "interface", "directives", "prologue"),
    *("driver_memory_mb", "driver_walltime_h"),
)
_PATIENCE_S, _PATIENCE_IN_A_QUEUE_S = 300.0, 86400.0
_LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")

Text = Annotated[str, Field(pattern=r"^[^\r\n]*$")]
"""One line, for it becomes a line of a job script."""


class ClusterSettings(BaseModel):
    """A cluster file.

    Attributes:
        kind: `laptop` for this machine, `address` for a scheduler that already runs, or a batch system.
        workers: Calculations at a time; None for one per core (laptop), per worker thread (address), or as
            many as the jobs have room for.
        memory_per_worker_mb: Memory at which one calculation is killed; None for an equal share of the memory
            of this machine, or of a job.
        threads_per_calculation: Threads of the numerical libraries in one calculation.
        wait_for_workers_s: So long nobody may be there to work before the run stops; None for 5 minutes, of a
            batch system a day.
        address: Of the scheduler, as in `tls://host:8786`; only for kind `address`.
        credentials: Folder with the certificate and key it asks for (`actinic credentials`).
        unencrypted: Whether an address of another machine may be used without them.
        jobs: Jobs kept alive at a time; this and what follows for batch systems only.
        cores_per_job: Of each, all on one node.
        memory_per_job_mb: Of each.
        walltime_h: After which the batch system kills a job.
        reserve_s: No calculation starts so late that less than this is left of its job.
        queue: Queue or partition; None for the default one.
        account: That pays; None for the default one.
        interface: Network interface on which driver and jobs talk, as in `ib0`.
        directives: Further lines for the batch system, without `#SBATCH` and the like.
        prologue: Lines of shell before the worker starts, as in `module load python`.
        driver_memory_mb: Of the job that `actinic submit` makes for the driver.
        driver_walltime_h: Likewise; None for that of the others.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    kind: Literal["laptop", "address", "slurm", "pbs", "lsf"]
    workers: Annotated[int, Field(ge=1)] | None = None
    memory_per_worker_mb: Annotated[float, Field(ge=256)] | None = None
    threads_per_calculation: Annotated[int, Field(ge=1)] = 1
    wait_for_workers_s: Annotated[float, Field(ge=1)] | None = None
    address: Text | None = None
    credentials: Path | None = None
    unencrypted: bool = False
    jobs: Annotated[int, Field(ge=1)] | None = None
    cores_per_job: Annotated[int, Field(ge=1)] | None = None
    memory_per_job_mb: Annotated[float, Field(ge=512)] | None = None
    walltime_h: Annotated[float, Field(gt=0)] | None = None
    reserve_s: Annotated[float, Field(ge=0)] = 0.0
    queue: Text | None = None
    account: Text | None = None
    interface: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]+$")] | None = None
    directives: tuple[Text, ...] = ()
    prologue: tuple[Text, ...] = ()
    driver_memory_mb: Annotated[float, Field(ge=512)] = 4000.0
    driver_walltime_h: Annotated[float, Field(gt=0)] | None = None

    @property
    def is_batch(self) -> bool:
        """Whether jobs are sent to a batch system."""
        return self.kind in BATCH_KINDS

    @property
    def slots_per_job(self) -> int:
        """Calculations at a time in one job."""
        return max(1, (self.cores_per_job or 1) // self.threads_per_calculation)

    @property
    def patience_s(self) -> float:
        """So long nobody may be there to work before the run stops."""
        usual_s = _PATIENCE_IN_A_QUEUE_S if self.is_batch else _PATIENCE_S
        return usual_s if self.wait_for_workers_s is None else self.wait_for_workers_s

    @property
    def walltime_s(self) -> float:
        """Time of a job; 0 where there are none."""
        return 3600.0 * (self.walltime_h or 0.0)

    @classmethod
    def load(cls, path: Path) -> "ClusterSettings":
        """Read a cluster file.

        Raises:
            InputError: Not a file, not TOML, or a key or value that is not understood.
        """
        try:
            return cls.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        except OSError as error:
            raise InputError(f"{path}: cluster file cannot be read ({error.strerror})") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise InputError(f"{path}: not valid TOML: {error}") from error
        except pydantic.ValidationError as error:
            raise InputError(f"{path}: cluster file not understood\n  " + _problems(error)) from error

    def changed(self, workers: int | None, memory_per_worker_mb: float | None) -> "ClusterSettings":
        """With what the command line says in place of what the file says."""
        given = {"workers": workers, "memory_per_worker_mb": memory_per_worker_mb}
        update = {name: value for name, value in given.items() if value is not None}
        try:
            return self.model_validate({**self.model_dump(exclude_unset=True), **update})
        except pydantic.ValidationError as error:
            first = error.errors()[0]
            option = {"workers": "workers", "memory_per_worker_mb": "memory-per-worker"}[str(first["loc"][0])]
            raise InputError(f"--{option} {first['input']:g}: {first['msg']}") from error

    @pydantic.model_validator(mode="after")
    def _belongs_together(self) -> "ClusterSettings":
        others = (*(() if self.is_batch else _OF_BATCH), *(() if self.kind == "address" else _OF_AN_ADDRESS))
        for name in others:
            if name in self.model_fields_set:
                raise ValueError(f"{name} means nothing to kind {self.kind!r}")
        if self.kind == "address":
            self._check_address()
        if not self.is_batch:
            return self
        absent = [name for name in _OF_A_JOB if getattr(self, name) is None]
        if absent:
            raise ValueError(f"kind {self.kind!r} needs {', '.join(absent)}")
        if self.reserve_s >= self.walltime_s:
            raise ValueError(
                f"reserve_s = {self.reserve_s:g} leaves nothing of walltime_h = {self.walltime_h:g}"
            )
        return self

    def _check_address(self) -> None:
        if not self.address:
            raise ValueError("kind 'address' needs address = \"tls://host:port\"")
        scheme, _, rest = self.address.partition("://")
        host = rest.rpartition(":")[0]
        if scheme == "tls" and self.credentials is None:
            raise ValueError('an address tls:// needs credentials = "FOLDER" (`actinic credentials FOLDER`)')
        if scheme != "tls" and host not in _LOOPBACK_HOSTS and not self.unencrypted:
            raise ValueError(
                f"{self.address}: whoever reaches that port can run code there; use tls:// and credentials, "
                "or say unencrypted = true"
            )


def _problems(error: pydantic.ValidationError) -> str:
    told = ((".".join(map(str, e["loc"])), e["msg"].removeprefix("Value error, ")) for e in error.errors())
    return "\n  ".join(": ".join(filter(None, pair)) for pair in told)


LAPTOP = ClusterSettings(kind="laptop")
