"""What to try after a failure: the class of an error names its remedy, the attempts on record say how often.

An iteration that did not settle climbs a ladder of settings, what could not be built is drawn once more, what
ran out of time or memory gets more once, an internal error is tried once more, a lost worker twice more; a
wrong input is never tried again.

Two more ladders are climbed within each attempt, and recorded in its result: that of the ground state
(`engines.dft_ladder`) and that of starting geometries (`engines.embedding`).
"""

import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, get_args
from urllib.parse import urlsplit

import msgspec

from actinic import __version__
from actinic.calculations import kinds
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Failure, Outcome, Provenance
from actinic.engines.optimisation import Algorithm
from actinic.errors import InputError
from actinic.screening.child import installed_versions
from actinic.screening.lookup import Lookup
from actinic.screening.store import Failed, Store
from actinic.screening.workflow import Workflow

WORKER_LOST = "WorkerLost"
"""Class of a failure whose worker went away with it, next to the classes of `actinic.errors`."""

RELEASED_BY_DEFAULT = ("ConvergenceError", "EmbeddingError", "ResourceError", "EngineError")
CLASSES = ("InputError", *RELEASED_BY_DEFAULT, WORKER_LOST)

WORKERS_LOST_AT_MOST = 3
"""A calculation that took so many workers with it is quarantined."""

MORE_TIME = 2.0
MORE_MEMORY = 2.0
MORE_ITERATIONS = 4
MORE_STARTS = 4
OTHER_STARTS = "other starting geometries"
LARGE_LEVEL_SHIFT_HARTREE = 1.0


@dataclass(frozen=True, slots=True)
class Allowed:
    """What one calculation may use in this run.

    Attributes:
        wall_s: Elapsed time, the limit of its kind.
        memory_mb: The limit of its kind, or its share of the machine if that is less.
        share_mb: Its share of the machine.
        most_memory_mb: What it may use while nothing else is at work.
    """

    wall_s: float
    memory_mb: float
    share_mb: float
    most_memory_mb: float


@dataclass(frozen=True, slots=True)
class Attempt:
    """How to compute a request this time.

    Attributes:
        request: With the settings of the rung.
        rung: Name of the rung, empty for the settings asked for.
        wall_s: Elapsed time after which it is killed.
        memory_mb: Resident memory at which it is killed.
        alone: Wait until nothing else is at work.
    """

    request: Request
    rung: str
    wall_s: float
    memory_mb: float
    alone: bool = False


def next_attempt(request: Request, failed: Failed | None, allowed: Allowed) -> Attempt | None:
    """How to compute `request` after the failures on record; None when nothing is left to try."""
    if failed is None:
        return Attempt(request, "", allowed.wall_s, allowed.memory_mb)
    rungs = (("", request), *ladder(request))
    n_rung = failed.attempts.get("ConvergenceError", 0)
    if n_rung >= len(rungs):
        return None
    rung, changed = rungs[n_rung]
    same = Attempt(changed, rung, allowed.wall_s, allowed.memory_mb)
    return _remedied(same, failed, allowed)


def ladder(request: Request) -> tuple[tuple[str, Request], ...]:
    """Names and changed requests of the rungs that a request has; the result answers the request itself.

    Limits of iterations, ways downhill and starting points do not move a converged result, or lead to another
    one that is as good.
    """
    more_steps = _times(MORE_ITERATIONS)
    longer = _changed(_scf_changed(request, _scf_longer), max_steps=more_steps, response=_response_longer)
    is_optimised = getattr(request, "max_steps", 0) > 0
    named = (
        (f"{MORE_ITERATIONS} times the iterations", longer),
        *((name, _changed(longer, algorithm=_always(name))) for name in get_args(Algorithm) if is_optimised),
        (OTHER_STARTS, _changed(longer, n_embedded=_times(MORE_STARTS))),
        ("a large level shift", _scf_changed(longer, _scf_shifted)),
    )
    tried, rungs = [request], []
    for name, changed in named:
        if changed not in tried:
            tried.append(changed)
            rungs.append((name, changed))
    return tuple(rungs)


def lost(error: BaseException, times: int) -> Outcome:
    """Of a calculation whose worker went away for the `times`-th time, with all that is known about it.

    What the programs printed went with the worker; the log has what Dask says of it, and its job where there
    is one.
    """
    text = f"its worker was lost, attempt {times} of {WORKERS_LOST_AT_MOST} ({type(error).__name__}: {error})"
    if times >= WORKERS_LOST_AT_MOST:
        text = (
            f"quarantined, for {times} workers were lost with it, the last by {type(error).__name__}: "
            f"{error}; `actinic retry RUN --only {WORKER_LOST}` tries again"
        )
    worker = getattr(error, "last_worker", None)  # distributed.KilledWorker
    address, name, pid = (getattr(worker, field, "") for field in ("address", "name", "pid"))
    who = [f"worker {name} at {address}, process {pid}"] if worker is not None else []
    log = "\n".join([*who, *traceback.format_exception_only(error)])
    here = Provenance(
        versions=installed_versions(),
        host=urlsplit(address).hostname or "",
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
        wall_s=0.0,
        cpu_s=0.0,
        peak_memory_mb=0.0,
    )
    return Outcome(None, Failure(WORKER_LOST, text, log), here)


def release(
    items: Iterable[Any],
    plan: Callable[[Any, Workflow, Lookup], object],
    workflow: Workflow,
    store: Store,
    only: str | None = None,
) -> dict[str, int]:
    """Forget the failures that hold these items back, so that the next run computes them again.

    Args:
        items: Candidates of a run.
        plan: As of the driver.
        workflow: Of the run.
        store: Of the run, open for writing.
        only: Release this class alone; None for all that may go better, so neither wrong inputs nor what is
            in quarantine.

    Returns:
        Number of released calculations by class.

    Raises:
        InputError: There is no such class.
    """
    if only is not None and only not in CLASSES:
        raise InputError(f"--only {only}: no such class of failures; there are {', '.join(CLASSES)}")
    wanted = RELEASED_BY_DEFAULT if only is None else (only,)
    released: dict[str, str] = {}

    def noting(request: Request) -> Outcome | None:
        outcome = store.lookup(request)
        if outcome is not None and outcome.failure is not None and outcome.failure.error_class in wanted:
            released[kinds.key(request)] = outcome.failure.error_class
        return outcome

    for item in items:
        plan(item, workflow, noting)
    store.forget_failures(released)
    return dict(sorted(Counter(released.values()).items()))


def _remedied(same: Attempt, failed: Failed, allowed: Allowed) -> Attempt | None:  # noqa: PLR0911 - one a class
    """What the class of the last failure allows, from the same attempt once more."""
    times = failed.attempts.get(failed.failure.error_class, 0)
    match failed.failure.error_class:
        case "ConvergenceError":
            return same
        case "EmbeddingError":
            drawn = _changed(same.request, n_embedded=_times(MORE_STARTS))
            return replace(same, request=drawn, rung=OTHER_STARTS) if times <= 1 else None
        case "ResourceError":
            return _with_more(same, failed, allowed)
        case "EngineError":
            mended = failed.provenance.versions.get("actinic") != __version__
            return same if mended or times <= 1 else None
        case "WorkerLost":
            # The last time alone: what only stood next to the culprit does not end in quarantine.
            alone = times == WORKERS_LOST_AT_MOST - 1
            if times >= WORKERS_LOST_AT_MOST:
                return None
            return _by_itself(same, allowed) if alone else same
        case _:
            return None


def _with_more(same: Attempt, failed: Failed, allowed: Allowed) -> Attempt | None:
    """More time for what was killed for time, more memory for what was killed for memory, else neither."""
    failure = failed.failure
    if failure.killed_by_system:  # its share of the machine was not there: only what others leave is more
        return _by_itself(same, allowed) if failed.attempts["ResourceError"] <= 1 else None
    if failure.wall_limit_s <= 0:  # a program gave up by itself, within a budget of its settings
        return _with_larger_budget(same, failed, allowed)
    if failed.provenance.wall_s >= failure.wall_limit_s:
        if allowed.wall_s > failure.wall_limit_s:
            return same
        once_more = failed.attempts["ResourceError"] <= 1
        longer_s = MORE_TIME * failure.wall_limit_s
        return replace(same, wall_s=longer_s) if once_more else None
    if allowed.memory_mb > failure.memory_limit_mb:
        return same
    more_mb = MORE_MEMORY * allowed.memory_mb
    more = replace(same, memory_mb=more_mb) if more_mb <= allowed.share_mb else _by_itself(same, allowed)
    return more if more.memory_mb > failure.memory_limit_mb else None


def _by_itself(same: Attempt, allowed: Allowed) -> Attempt:
    return replace(same, memory_mb=allowed.most_memory_mb, alone=True)


def _with_larger_budget(same: Attempt, failed: Failed, allowed: Allowed) -> Attempt | None:
    larger = _changed(_scf_changed(same.request, _larger_budget), response=_larger_budget)
    if failed.attempts["ResourceError"] > 1 or larger == same.request:
        return None
    rung = ", ".join(filter(None, (same.rung, "twice the memory budget")))
    return _by_itself(replace(same, request=larger, rung=rung), allowed)


def _changed(request: Request, **changes: Callable[[Any], Any]) -> Request:
    """`request` with these fields changed, where it has them."""
    present = {n: change(getattr(request, n)) for n, change in changes.items() if hasattr(request, n)}
    return msgspec.structs.replace(request, **present)


def _scf_changed(request: Request, change: Callable[[Any], Any]) -> Request:
    """With the numerics of its ground states changed: its own, or those of the surface that it moves on."""

    def of_theory(theory: Any) -> Any:
        return theory if theory.scf is None else msgspec.structs.replace(theory, scf=change(theory.scf))

    return _changed(request, scf=change, theory=of_theory)


def _times(factor: int) -> Callable[[int], int]:
    return lambda number: number * factor


def _always(value: str) -> Callable[[Any], str]:
    return lambda _: value


def _scf_longer(scf: Any) -> Any:
    return msgspec.structs.replace(scf, max_cycles=scf.max_cycles * MORE_ITERATIONS)


def _scf_shifted(scf: Any) -> Any:
    shift = max(scf.level_shift_hartree, LARGE_LEVEL_SHIFT_HARTREE)
    return msgspec.structs.replace(scf, level_shift_hartree=shift)


def _response_longer(response: Any) -> Any:
    return msgspec.structs.replace(response, max_iterations=response.max_iterations * MORE_ITERATIONS)


def _larger_budget(settings: Any) -> Any:
    return msgspec.structs.replace(settings, memory_mb=settings.memory_mb * 2)
