"""Where calculations run: threads of this machine or workers of a Dask scheduler, behind one small class."""

import logging
import os
import queue
import secrets
import shutil
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import psutil

from actinic.errors import ActinicError, InputError
from actinic.screening.batch import JOB_FOLDER, LOOPBACK, batch_cluster, drain_after_s, last_words
from actinic.screening.chunks import (
    ALONE,
    OVERDUE,
    SECONDS_PER_SLOT,
    Chunker,
    Hint,
    Part,
    perform_each,
)
from actinic.screening.cluster_settings import LAPTOP, ClusterSettings
from actinic.screening.limits import Limit
from actinic.screening.security import make_credentials, security_of
from actinic.screening.worker import Limits, kill_children, perform

__all__ = ["LAPTOP", "ClusterSettings", "NoWorkersError", "Pool", "SchedulerLostError"]

MEMORY_SHARE = 0.85
"""Share of this machine's memory that calculations may use together."""

IN_FLIGHT_PER_SLOT = 2
"""Calculations handed to Dask per slot: the next one waits where it will run."""

LOOK_FOR_WORKERS_EVERY_S = 5.0
CALM: dict[str, Any] = {
    "distributed.comm.timeouts.connect": "20s",
    "distributed.deploy.lost-worker-timeout": "5s",
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "500ms",
    "distributed.admin.system-monitor.interval": "5s",
}
"""For this process. Left alone, Dask looks at itself 200 times a second: 5 % of a core while all wait."""

CREDENTIALS = ".credentials-"
"""Begins the name of a folder of credentials below that of the run."""


class SchedulerLostError(ActinicError):
    """The Dask scheduler went away; everything acknowledged is in the store, run the same command again."""


class NoWorkersError(SchedulerLostError):
    """Nobody came to do the work within the time the cluster file allows; likewise."""


class Pool:
    """Runs encoded requests and hands back encoded outcomes as they complete.

    Args:
        settings: Where to run.
        folder: Of the run: on a batch system credentials and what the jobs print go there.

    Raises:
        InputError: The scheduler cannot be reached, or does not accept the credentials.
    """

    def __init__(self, settings: ClusterSettings, folder: Path = Path()) -> None:
        self._settings = settings
        self._folder = folder
        self._credentials: Path | None = None
        self._refusals: list[str] = []
        self._at_work_s = self._looked_s = time.monotonic()
        self._completed: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._tasks: dict[str, list[Part]] = {}
        self._n_sent = 0
        self._cluster: Any = None
        self._client: Any = None
        self._connect()
        if settings.is_batch:
            per_machine = settings.slots_per_job
            self.slots = settings.workers or per_machine * (settings.jobs or 1)
            share_mb = MEMORY_SHARE * (settings.memory_per_job_mb or 0.0) / per_machine
        else:
            self.slots = settings.workers or self._threads()
            per_machine = self._threads_of_the_smallest_worker()
            share_mb = _memory_share_mb(self.slots)
        self.memory_mb = settings.memory_per_worker_mb or share_mb
        self._chunker = Chunker(SECONDS_PER_SLOT * self.slots)
        self.most_memory_mb = self.memory_mb * min(self.slots, per_machine)

    @property
    def address(self) -> str:
        """Of the scheduler."""
        return str(self._client.scheduler.address)

    @property
    def has_room(self) -> bool:
        """Whether another calculation should be submitted now."""
        return len(self._tasks) < IN_FLIGHT_PER_SLOT * self.slots

    @property
    def in_flight(self) -> int:
        """Calculations sent and not yet handed back."""
        return sum(map(len, self._tasks.values()))

    def submit(self, key: str, request: bytes, limit: Limit, hint: Hint = ALONE) -> None:
        """Start a calculation; `key` comes back with its outcome. Short ones wait for company."""
        limits = Limits(limit.wall_s, limit.memory_mb, self._settings.threads_per_calculation)
        self._send(self._chunker.add(Part(key, request, limits, hint)))

    def _send(self, parts: list[Part]) -> None:
        """As one task."""
        if not parts:
            return
        self._n_sent += 1
        # A name of its own: Dask answers a key it has seen with the result it remembers.
        name = f"actinic-{self._n_sent}-{parts[0].key}"
        options = {"key": name, "pure": False, "priority": max(part.hint.priority for part in parts)}
        if len(parts) == 1:
            future = self._client.submit(perform, parts[0].request, parts[0].limits, **options)
        else:
            calculations = [(part.request, part.limits) for part in parts]
            budget_s = OVERDUE * self._chunker.task_s
            future = self._client.submit(perform_each, calculations, budget_s, **options)
        self._tasks[name] = parts
        future.add_done_callback(lambda done: self._completed.put((name, done)))

    def completed(self, timeout_s: float) -> list[tuple[str, bytes | BaseException]]:
        """Outcomes that arrived, waiting up to `timeout_s` for the first; an exception for a lost worker.

        Raises:
            SchedulerLostError: The scheduler is gone, so that nothing more will ever arrive.
            NoWorkersError: No worker has been there for as long as the cluster file allows.
        """
        self._send(self._chunker.rest())
        arrived = []
        with suppress(queue.Empty):
            arrived.append(self._completed.get(timeout=timeout_s))
            while True:
                arrived.append(self._completed.get_nowait())
        fetched: list[tuple[str, bytes | BaseException]] = []
        try:
            if self._client.status != "running" or any(f.cancelled() for _, f in arrived):
                raise OSError(self._client.status)
            self._look_for_workers(arrived=bool(arrived))
            for name, future in arrived:
                fetched += self._outcomes(name, future)
        except OSError as error:
            if not fetched:
                text = "the Dask scheduler went away; run the same command again to resume"
                raise SchedulerLostError(text) from error
        return fetched

    def close(self) -> None:
        """Stop everything; calculations still at work are killed and will be redone by the next run."""
        kill_children()
        for one, timeout_s in ((self._client, 5), (self._cluster, 15 if self._settings.is_batch else 5)):
            if one is not None:
                with suppress(OSError, RuntimeError):  # what does not answer must not hide why the run ended
                    one.close(timeout=timeout_s)
        if self._credentials is not None:
            shutil.rmtree(self._credentials, ignore_errors=True)

    def __enter__(self) -> "Pool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _outcomes(self, name: str, future: Any) -> list[tuple[str, bytes | BaseException]]:
        """Of a task that ended; what a chunk did not begin, or lost with its worker, is sent one by one."""
        parts, error = self._tasks.pop(name), future.exception()
        if error is not None and len(parts) == 1:
            lost = error if isinstance(error, BaseException) else RuntimeError(str(error))
            address = str(getattr(getattr(lost, "last_worker", None), "address", ""))
            if self._settings.is_batch and (said := last_words(address, self._folder)):
                lost.add_note(f"its job printed last:\n{said}")
            return [(parts[0].key, lost)]
        answers: list[bytes] = []
        if error is None:
            answers = future.result() if len(parts) > 1 else [future.result()]
        for part in parts[len(answers) :]:
            self._send([part])
        return [(part.key, answer) for part, answer in zip(parts, answers, strict=False)]

    def _look_for_workers(self, *, arrived: bool) -> None:
        now_s = time.monotonic()
        if arrived or not self._tasks:
            self._at_work_s = now_s
        if arrived or now_s - self._looked_s < LOOK_FOR_WORKERS_EVERY_S:
            return
        self._looked_s = now_s
        if self._client.nthreads():
            self._at_work_s = now_s
        elif self._refusals:
            raise NoWorkersError(
                f"the batch system refuses jobs ({self._refusals[-1]}); run the same command again to resume"
            )
        elif now_s - self._at_work_s > self._settings.patience_s:
            waited_s = self._settings.patience_s
            raise NoWorkersError(
                f"no worker for {waited_s:g} s (wait_for_workers_s of the cluster file) "
                f"and {self.in_flight} calculations waiting{self._where_jobs_print()}; "
                "run the same command again to resume"
            )

    def _where_jobs_print(self) -> str:
        return f"; jobs print to {self._folder / JOB_FOLDER}" if self._settings.is_batch else ""

    def _connect(self) -> None:
        # Imported here: half a second that `actinic report` need not wait for.
        import dask  # noqa: PLC0415
        import distributed  # noqa: F401, PLC0415 - its import sets the levels of its logs

        for name in ("distributed", "distributed.client", "asyncio", "tornado.application"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # whatever is lost has much to say
        # Dask starts its status servers whatever it is told, on all interfaces unless given an address.
        dask.config.set({"distributed.scheduler.http.routes": [], "distributed.worker.http.routes": []})
        dask.config.set(CALM)
        try:
            if self._settings.kind == "address":
                self._join()
            elif self._settings.is_batch:
                self._start_jobs()
            else:
                self._start_threads()
            # Else Dask hands a calculation that kills its worker to three more before the driver hears of it.
            self._client.run_on_scheduler(
                lambda dask_scheduler: setattr(dask_scheduler, "allowed_failures", 0)
            )
        except BaseException:
            self.close()
            raise

    def _join(self) -> None:
        """Become a client of a scheduler that runs already."""
        from distributed import Client  # noqa: PLC0415

        folder = self._settings.credentials
        security = None if folder is None else security_of(folder)
        try:
            self._client = Client(self._settings.address, security=security, set_as_default=False)
        except (OSError, ValueError) as error:
            raise InputError(f"scheduler {self._settings.address}: {error}") from error

    def _start_jobs(self) -> None:
        """A scheduler in this process, workers in jobs, and credentials that only they have."""
        from distributed import Client  # noqa: PLC0415

        from actinic.screening.draining import Drain  # noqa: PLC0415

        for left_behind in self._folder.glob(f"{CREDENTIALS}*"):
            shutil.rmtree(left_behind, ignore_errors=True)
        self._credentials = self._folder.resolve() / f"{CREDENTIALS}{secrets.token_hex(4)}"
        make_credentials(self._credentials)
        security = security_of(self._credentials)
        self._cluster, self._refusals = batch_cluster(self._settings, security, self._folder)
        self._client = Client(self._cluster, set_as_default=False)
        self._client.register_plugin(Drain(drain_after_s(self._settings)))

    def _start_threads(self) -> None:
        """Threads of this process: calculations run in children, and none of them is reached by a port."""
        from distributed import Client, LocalCluster  # noqa: PLC0415

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
