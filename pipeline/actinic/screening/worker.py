"""Runs calculations in child processes that can be killed: on whatever machine Dask sends them to.

A hang becomes a time-out, a crash or a memory blow-up the recorded failure of one calculation, and
nothing else notices. Children are kept warm: starting one costs about a second, a call to a warm one
under a millisecond.
"""

import atexit
import contextlib
import os
import queue
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, BinaryIO, TypeVar

import msgspec
import psutil

from actinic.calculations.outcome import Failure, Outcome, Provenance
from actinic.screening.child import installed_versions, send, unpacked

WATCH_INTERVAL_S = 0.1
CALLS_PER_CHILD = 200
"""A child is replaced after so many calls, so that leaks of native code stay small."""

KEPT_MEMORY_MB = 1500.0
"""Nor is one kept that holds more than this between calls: it would count against the next one's limit."""

NEAR_LIMIT = 0.9
"""What is killed while it holds this share of its memory was killed for it, where the kernel does not say."""

KERNEL_EVENTS = Path("/proc/vmstat")
LOG_TAIL_BYTES = 4000
READ_BYTES = 2**16
CHILD_COMMAND = (sys.executable, "-m", "actinic.screening.child")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one calculation may use.

    Attributes:
        wall_s: Elapsed time after which it is killed.
        memory_mb: Resident memory of its process at which it is killed.
        threads: Threads of the numerical libraries.
    """

    wall_s: float
    memory_mb: float
    threads: int


class Child:
    """One warm process, in a session of its own so that it is killed with all it started.

    Args:
        threads: Threads of its numerical libraries.
        command: What is started; it is handed the two ends of its pipes as further arguments.
    """

    def __init__(self, threads: int, command: tuple[str, ...] = CHILD_COMMAND) -> None:
        self.threads = threads
        self._command = command
        self.calls = 0
        self._bloated = False
        self._peak_memory_mb = self._cpu_before_s = 0.0
        self._oom_kills_before = 0
        self.log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the child
        child_reads, self._request_fd = os.pipe()
        self._outcome_fd, child_writes = os.pipe()
        # From one long-lived thread: the kernel ties the child's life to the thread that starts it.
        self._process = _in_spawner(lambda: self._start(child_reads, child_writes))
        os.close(child_reads)
        os.close(child_writes)
        self._requests: BinaryIO = os.fdopen(self._request_fd, "wb")
        self._outcomes: BinaryIO = os.fdopen(self._outcome_fd, "rb", buffering=0)
        _alive.add(self)
        self._watched = psutil.Process(self._process.pid)

    def call(self, request: bytes, limits: Limits) -> bytes:
        """Send a request and wait for the outcome; a kill or a crash is an outcome too."""
        self.calls += 1
        start_s = time.monotonic()
        log_start = self.log.seek(0, os.SEEK_END)
        self._cpu_before_s, self._oom_kills_before = self._cpu_s(), oom_kills()
        with contextlib.suppress(BrokenPipeError):
            send(self._requests, request)
        self._peak_memory_mb = 0.0
        answered = self._wait(start_s, limits)
        if isinstance(answered, bytes):
            self._bloated = self._memory_mb() > KEPT_MEMORY_MB
            return self._with_log(answered, log_start)
        cpu_s = self._cpu_s()
        self.kill()
        failure = answered or self._death(limits)
        failed = msgspec.structs.replace(
            failure,
            log_tail=self._tail(log_start),
            wall_limit_s=limits.wall_s,
            memory_limit_mb=limits.memory_mb,
        )
        self.close()
        wall_s = time.monotonic() - start_s
        return msgspec.json.encode(Outcome(None, failed, self._provenance(wall_s, cpu_s)))

    @property
    def usable(self) -> bool:
        """Whether another request may be sent."""
        return not self._ended() and self.calls < CALLS_PER_CHILD and not self._bloated

    def kill(self) -> None:
        """Kill the process and all it started; safe to call twice, and from another thread."""
        # Also where it has ended: what it started may live, and until it is collected the number is its own.
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """Kill the process and let go of its pipes; safe to call twice."""
        self.kill()
        self._process.wait()
        for stream in (self._requests, self._outcomes, self.log):
            with contextlib.suppress(BrokenPipeError):
                stream.close()

    def _start(self, child_reads: int, child_writes: int) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [*self._command, str(child_reads), str(child_writes)],
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            env=_environment(self.threads),
            pass_fds=(child_reads, child_writes),
            start_new_session=True,
        )

    def _wait(self, start_s: float, limits: Limits) -> bytes | Failure | None:
        """The outcome, why it never comes, or None where the process ended by itself.

        Its end is looked for besides that of its pipe, which what it started may hold open; the limits hold
        for a message that stops in its middle, too.
        """
        received, watched = bytearray(), [self._outcomes]
        while True:
            ended = self._ended()  # before the look at the pipe: what it wrote before its end is read
            if select.select(watched, [], [], 0 if ended else WATCH_INTERVAL_S)[0]:
                part = self._outcomes.read(READ_BYTES)
                received += part
                if (message := unpacked(received)) is not None:
                    return message
                if not part:
                    watched = []
            elif ended:
                return None
            elif (failure := self._beyond(start_s, limits)) is not None:
                return failure

    def _beyond(self, start_s: float, limits: Limits) -> Failure | None:
        """Which limit it has exceeded."""
        if time.monotonic() - start_s > limits.wall_s:
            return Failure("ResourceError", f"killed after {limits.wall_s:g} s, the limit of its kind", "")
        memory_mb = self._memory_mb()
        self._peak_memory_mb = max(self._peak_memory_mb, memory_mb)
        if memory_mb > limits.memory_mb:
            text = f"killed at {memory_mb:.0f} MB of memory, limit {limits.memory_mb:.0f} MB"
            return Failure("ResourceError", text, "")
        return None

    def _ended(self) -> bool:
        """Whether it has ended; it is not collected by looking, for then its number could be another's."""
        try:
            return bool(self._watched.status() == psutil.STATUS_ZOMBIE)
        except psutil.Error:
            return True

    def _memory_mb(self) -> float:
        try:
            return float(self._watched.memory_info().rss) / 2**20
        except psutil.Error:
            return 0.0

    def _cpu_s(self) -> float:
        """Processor time of all calls so far."""
        try:
            times = self._watched.cpu_times()
        except psutil.Error:
            return 0.0
        return float(times.user + times.system)

    def _provenance(self, wall_s: float, cpu_s: float) -> Provenance:
        """Of a calculation that could not say it itself."""
        return Provenance(
            versions=installed_versions(),
            host=socket.gethostname(),
            finished=datetime.now(UTC).isoformat(timespec="seconds"),
            wall_s=round(wall_s, 3),
            cpu_s=round(max(0.0, cpu_s - self._cpu_before_s), 3),
            peak_memory_mb=round(self._peak_memory_mb, 1),
        )

    def _death(self, limits: Limits) -> Failure:
        """Why it ended by itself; only the system's want of memory is told from other reasons."""
        code = self._process.wait()
        near_limit = self._peak_memory_mb > NEAR_LIMIT * limits.memory_mb
        if code == -signal.SIGKILL and (oom_kills() > self._oom_kills_before or near_limit):
            text = f"the system killed it for memory, at {self._peak_memory_mb:.0f} MB when last seen"
            return Failure("ResourceError", text, "", killed_by_system=True)
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
        return Failure("EngineError", f"the calculation's process ended by itself ({how})", "")

    def _with_log(self, answered: bytes, log_start: int) -> bytes:
        """Add what the programs printed to the record of a failure."""
        outcome = msgspec.json.decode(answered, type=Outcome)
        if outcome.failure is None:
            return answered
        tail = self._tail(log_start) + outcome.failure.log_tail
        failure = msgspec.structs.replace(outcome.failure, log_tail=tail[-LOG_TAIL_BYTES:])
        return msgspec.json.encode(msgspec.structs.replace(outcome, failure=failure))

    def _tail(self, log_start: int) -> str:
        end = self.log.seek(0, os.SEEK_END)
        self.log.seek(max(log_start, end - LOG_TAIL_BYTES))
        return self.log.read().decode(errors="replace")


_alive: "weakref.WeakSet[Child]" = weakref.WeakSet()
_idle: "queue.LifoQueue[Child]" = queue.LifoQueue()
_spawner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="actinic-spawner")


def perform(request: bytes, limits: Limits) -> bytes:
    """Run one encoded request in a child and return its encoded outcome; never raises for its sake."""
    child = _take(limits.threads)
    try:
        return child.call(request, limits)
    finally:
        _give_back(child)


def kill_children() -> None:
    """Kill all children of this process, also those at work: their callers see the death as an outcome."""
    for child in list(_alive):
        child.kill()


atexit.register(kill_children)


def oom_kills() -> int:
    """Processes that the kernel has killed for memory since it started, in any control group (Linux only)."""
    with contextlib.suppress(OSError, ValueError):
        for line in KERNEL_EVENTS.read_text(encoding="ascii").splitlines():
            name, _, number = line.partition(" ")
            if name == "oom_kill":
                return int(number)
    return 0


def _take(threads: int) -> Child:
    with contextlib.suppress(queue.Empty):
        child = _idle.get_nowait()
        if child.usable and child.threads == threads:
            return child
        child.close()
    return Child(threads)


def _give_back(child: Child) -> None:
    if child.usable:
        _idle.put(child)
    else:
        child.close()


def _in_spawner(start: Callable[[], T]) -> T:
    return _spawner.submit(start).result()


def _environment(threads: int) -> dict[str, str]:
    """Thread counts are read by the libraries as they load, so they are set before the process starts."""
    names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS")
    reproducible = {"MKL_CBWR": os.environ.get("MKL_CBWR", "AUTO"), "PYTHONHASHSEED": "0"}
    return {**os.environ, **dict.fromkeys(names, str(threads)), **reproducible}
