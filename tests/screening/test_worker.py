"""Children that hang, crash, leave or eat memory cost one calculation and nothing else."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import psutil
import pytest

from actinic.calculations.outcome import Outcome
from actinic.screening import worker
from actinic.screening.worker import Child, Limits, _environment

MISBEHAVING = (sys.executable, str(Path(__file__).parent / "misbehaving_child.py"))
LIMITS = Limits(wall_s=3.0, memory_mb=200.0, threads=1)


@pytest.fixture
def child() -> Iterator[Child]:
    started = Child(1, MISBEHAVING)
    yield started
    started.close()


def ask(child: Child, order: bytes) -> Outcome:
    return msgspec.json.decode(child.call(order, LIMITS), type=Outcome)


@pytest.mark.parametrize(
    ("order", "error_class", "message"),
    [
        (b"hang", "ResourceError", "killed after 3 s"),
        (b"hang with the lock", "ResourceError", "killed after 3 s"),
        (b"eat memory", "ResourceError", "limit 200 MB"),
        (b"crash", "EngineError", "signal SIGSEGV"),
        (b"exit", "EngineError", "exit status 0"),
        (b"leave a grandchild that holds the pipe", "EngineError", "exit status 0"),
        (b"stop in the middle of the answer", "ResourceError", "killed after 3 s"),
    ],
)
def test_a_misbehaving_calculation_becomes_a_recorded_failure(
    child: Child, order: bytes, error_class: str, message: str
) -> None:
    limits = replace(LIMITS, wall_s=120.0) if order == b"eat memory" else LIMITS  # by its memory, at any load
    failure = msgspec.json.decode(child.call(order, limits), type=Outcome).failure
    assert failure is not None
    assert failure.error_class == error_class
    assert message in failure.message
    assert f"asked to {order.decode()}" in failure.log_tail
    assert not child.usable


@pytest.mark.parametrize(
    ("order", "kills", "error_class", "message"),
    [
        (b"be killed", (7, 7), "EngineError", "signal SIGKILL"),
        (b"be killed", (7, 8), "ResourceError", "the system killed it for memory"),
        (b"exit", (7, 8), "EngineError", "exit status 0"),
        (b"eat some memory and be killed", (7, 7), "ResourceError", "the system killed it for memory"),
    ],
)
def test_a_kill_for_memory_by_the_system_is_told_from_other_ends(
    child: Child,
    monkeypatch: pytest.MonkeyPatch,
    order: bytes,
    kills: tuple[int, int],
    error_class: str,
    message: str,
) -> None:
    counted = iter(kills)
    monkeypatch.setattr(worker, "oom_kills", lambda: next(counted))
    limits = replace(LIMITS, wall_s=120.0, memory_mb=210.0)
    failure = msgspec.json.decode(child.call(order, limits), type=Outcome).failure
    assert failure is not None
    assert (failure.error_class, failure.killed_by_system) == (error_class, error_class == "ResourceError")
    assert message in failure.message


def test_the_kernel_says_how_often_it_has_killed_for_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = tmp_path / "vmstat"
    monkeypatch.setattr(worker, "KERNEL_EVENTS", events)
    assert worker.oom_kills() == 0
    events.write_text("pgfault 12\noom_kill 3\nnuma_hit 4\n", encoding="ascii")
    assert worker.oom_kills() == 3


def test_a_well_behaved_call_leaves_the_child_warm(child: Child) -> None:
    assert ask(child, b"nothing").failure is None
    assert ask(child, b"nothing").failure is None
    assert child.usable


@pytest.mark.parametrize(
    ("order", "seconds"), [(b"start a grandchild", "613"), (b"leave a grandchild that holds the pipe", "614")]
)
def test_a_child_that_ends_takes_what_it_started_with_it(child: Child, order: bytes, seconds: str) -> None:
    before = _sleepers(seconds)
    assert ask(child, order).failure is not None
    deadline_s = time.monotonic() + 5
    while (left := _sleepers(seconds) - before) and time.monotonic() < deadline_s:
        time.sleep(0.05)
    assert not left


def test_an_end_between_two_calls_leaves_nothing_behind(child: Child) -> None:
    before = _sleepers("614")
    assert ask(child, b"answer, then leave a grandchild").failure is None
    deadline_s = time.monotonic() + 20
    while child.usable:
        assert time.monotonic() < deadline_s
        time.sleep(0.05)
    assert _sleepers("614") - before
    child.close()
    while (left := _sleepers("614") - before) and time.monotonic() < deadline_s:
        time.sleep(0.05)
    assert not left


def test_a_child_dies_with_a_parent_that_is_killed() -> None:
    script = (
        "from actinic.screening.worker import Child; import os, sys, time\n"
        f"child = Child(1, {MISBEHAVING!r})\n"
        "print(child._process.pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child_pid = int(parent.stdout.readline())
        assert psutil.pid_exists(child_pid)
        parent.kill()
    deadline_s = time.monotonic() + 5
    while _lives(child_pid) and time.monotonic() < deadline_s:
        time.sleep(0.05)
    assert not _lives(child_pid)


@pytest.mark.parametrize(
    ("order", "cpu_s"), [(b"eat memory", 0.0), (b"work for a second, then eat memory", 1.0)]
)
def test_what_was_killed_has_its_memory_and_processor_time_on_record(
    child: Child, order: bytes, cpu_s: float
) -> None:
    patient = replace(LIMITS, wall_s=120.0)
    provenance = msgspec.json.decode(child.call(order, patient), type=Outcome).provenance
    assert provenance.peak_memory_mb >= LIMITS.memory_mb  # it is noted to 0.1 MB
    assert provenance.cpu_s >= cpu_s


def test_a_child_that_holds_on_to_memory_is_not_kept(child: Child, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "KEPT_MEMORY_MB", 100.0)
    assert ask(child, b"nothing").failure is None
    assert child.usable
    assert ask(child, b"keep memory").failure is None
    assert not child.usable


@pytest.mark.skipif(sys.platform != "linux", reason="other kernels keep the highest memory of a process")
def test_the_highest_memory_is_that_of_one_calculation() -> None:
    script = (
        "from actinic.screening.child import _forget_peak_memory, _peak_memory_mb as peak\n"
        "before = peak(); eaten = b'x' * 300_000_000; most = peak(); del eaten\n"
        "_forget_peak_memory(); print(most - before > 250, peak() - before < 50)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"]


def test_thread_counts_are_set_before_the_libraries_load() -> None:
    environment = _environment(3)
    assert environment["OMP_NUM_THREADS"] == environment["MKL_NUM_THREADS"] == "3"
    assert environment["PATH"] == os.environ["PATH"]


def _sleepers(seconds: str) -> set[int]:
    return {
        p.pid
        for p in psutil.process_iter(["cmdline", "status"])
        if p.info["cmdline"] == ["sleep", seconds] and p.info["status"] != psutil.STATUS_ZOMBIE
    }


def _lives(pid: int) -> bool:
    return psutil.pid_exists(pid) and bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
