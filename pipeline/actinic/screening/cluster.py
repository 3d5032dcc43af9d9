"""Where calculations run: threads of this machine or workers of a Dask scheduler, behind one small class."""

import logging
import os
import queue
import tomllib
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any, Literal

import psutil
import pydantic
from pydantic import BaseModel, ConfigDict, Field

from actinic.errors import ActinicError, InputError
from actinic.screening.limits import Limit
from actinic.screening.worker import Limits, kill_children, perform

MEMORY_SHARE = 0.85
"""Share of this machine's memory that calculations may use together."""

IN_FLIGHT_PER_SLOT = 2
"""Calculations handed to Dask per slot: the next one waits where it will run."""


LOOPBACK = "127.0.0.1:0"
"""This machine only, any free port."""


class SchedulerLostError(ActinicError):
    """The Dask scheduler went away; everything acknowledged is in the store, run the same command again."""


class ClusterSettings(BaseModel):
    """A cluster file: where to run.

    Attributes:
        kind: `laptop` for this machine, `address` for a scheduler that already runs.
        workers: Calculations at a time; None for one per core (laptop) or per worker thread (address).
        memory_per_worker_mb: Memory at which one calculation is killed; None for an equal share of
            this machine's memory.
        threads_per_calculation: Threads of the numerical libraries in one calculation.
        address: Of the scheduler, as in `tcp://host:8786`; only for kind `address`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["laptop", "address"]
    workers: Annotated[int, Field(ge=1)] | None = None
    memory_per_worker_mb: Annotated[float, Field(ge=256)] | None = None
    threads_per_calculation: Annotated[int, Field(ge=1)] = 1
    address: str | None = None

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
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InputError(f"{path}: not valid TOML: {error}") from error
        except pydantic.ValidationError as error:
            lines = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
            raise InputError(f"{path}: cluster file not understood\n  " + "\n  ".join(lines)) from error

    def changed(self, workers: int | None, memory_per_worker_mb: float | None) -> "ClusterSettings":
        """With what the command line says in place of what the file says."""
        given = {"workers": workers, "memory_per_worker_mb": memory_per_worker_mb}
        update = {name: value for name, value in given.items() if value is not None}
        try:
            return self.model_validate({**self.model_dump(), **update})
        except pydantic.ValidationError as error:
            first = error.errors()[0]
            option = {"workers": "workers", "memory_per_worker_mb": "memory-per-worker"}[str(first["loc"][0])]
            raise InputError(f"--{option} {first['input']:g}: {first['msg']}") from error


LAPTOP = ClusterSettings(kind="laptop")


class Pool:
    """Runs encoded requests and hands back encoded outcomes as they complete.

    Args:
        settings: Where to run.

    Raises:
        InputError: The scheduler cannot be reached.
    """

    def __init__(self, settings: ClusterSettings) -> None:
        self._settings = settings
        self._completed: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._futures: dict[str, Any] = {}
        self._cluster: Any = None
        self._client: Any = None
        self._connect()
        self.slots = settings.workers or self._threads()
        self.memory_mb = settings.memory_per_worker_mb or _memory_share_mb(self.slots)
        self.most_memory_mb = self.memory_mb * min(self.slots, self._threads_of_the_smallest_worker())

    @property
    def has_room(self) -> bool:
        """Whether another calculation should be submitted now."""
        return len(self._futures) < IN_FLIGHT_PER_SLOT * self.slots

    @property
    def in_flight(self) -> int:
        """Calculations submitted and not yet handed back."""
        return len(self._futures)

    def submit(self, key: str, request: bytes, limit: Limit) -> None:
        """Start a calculation; `key` comes back with its outcome."""
        limits = Limits(limit.wall_s, limit.memory_mb, self._settings.threads_per_calculation)
        future = self._client.submit(perform, request, limits, key=f"actinic-{key}", pure=False)
        self._futures[key] = future
        future.add_done_callback(lambda done: self._completed.put((key, done)))

    def completed(self, timeout_s: float) -> list[tuple[str, bytes | BaseException]]:
        """Outcomes that arrived, waiting up to `timeout_s` for the first; an exception for a lost worker.

        Raises:
            SchedulerLostError: The scheduler is gone, so that nothing more will ever arrive.
        """
        arrived = []
        with suppress(queue.Empty):
            arrived.append(self._completed.get(timeout=timeout_s))
            while True:
                arrived.append(self._completed.get_nowait())
        if self._client.status != "running" or any(f.cancelled() for _, f in arrived):
            raise SchedulerLostError("the Dask scheduler went away; run the same command again to resume")
        return [(key, self._outcome(key, future)) for key, future in arrived]

    def close(self) -> None:
        """Stop everything; calculations still at work are killed and will be redone by the next run."""
        kill_children()
        for name in ("distributed", "asyncio"):  # dying workers have much to say
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._client.close(timeout=5)
        if self._cluster is not None:
            self._cluster.close(timeout=5)

    def __enter__(self) -> "Pool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _outcome(self, key: str, future: Any) -> bytes | BaseException:
        del self._futures[key]
        error = future.exception()
        if error is not None:
            return error if isinstance(error, BaseException) else RuntimeError(str(error))
        result: bytes = future.result()
        return result

    def _connect(self) -> None:
        # Imported here: half a second that `actinic report` need not wait for.
        import dask  # noqa: PLC0415
        from distributed import Client, LocalCluster  # noqa: PLC0415

        dask.config.set({"distributed.comm.timeouts.connect": "20s"})
        if self._settings.kind == "address":
            if not self._settings.address:
                raise InputError("cluster file: kind 'address' needs address = \"tcp://host:port\"")
            try:
                self._client = Client(self._settings.address, set_as_default=False)
            except (OSError, ValueError) as error:
                raise InputError(f"scheduler {self._settings.address}: {error}") from error
            return
        # Threads of this process: calculations run in children anyway, and none of them is reached by a port.
        # Dask starts its status servers whatever it is told, on all interfaces unless given an address.
        dask.config.set({"distributed.scheduler.http.routes": [], "distributed.worker.http.routes": []})
        self._cluster = LocalCluster(
            n_workers=1,
            threads_per_worker=self._settings.workers or os.cpu_count() or 1,
            processes=False,
            memory_limit=0,
            dashboard_address=LOOPBACK,
            worker_dashboard_address=LOOPBACK,
        )
        self._client = Client(self._cluster, set_as_default=False)

    def _threads(self) -> int:
        threads: int = sum(self._client.nthreads().values())
        return max(1, threads)

    def _threads_of_the_smallest_worker(self) -> int:
        return min(self._client.nthreads().values(), default=1)


def _memory_share_mb(slots: int) -> float:
    total_mb: float = psutil.virtual_memory().total / 2**20
    return MEMORY_SHARE * total_mb / slots
