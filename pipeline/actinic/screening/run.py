"""The driver: ask what is missing, keep a few calculations in flight, write each outcome down."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from actinic import __version__
from actinic.calculations import kinds
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Failure, Outcome, Provenance
from actinic.screening.plan import Lookup
from actinic.screening.store import Store
from actinic.screening.workflow import Workflow

POLL_S = 0.5


class Item(Protocol):
    """What calculations are made for: a candidate of a list, a bond of a reference set."""

    @property
    def id(self) -> str:
        """Its name, unique in the run."""


class Standing(Protocol):
    """Where an item stands."""

    @property
    def state(self) -> str:
        """`waiting` while something is missing; anything else is final."""

    @property
    def missing(self) -> tuple[Request, ...]:
        """Calculations to run now."""


T = TypeVar("T", bound=Item)
Plan = Callable[[T, Workflow, Lookup], Standing]
"""Decides what an item still needs; `plan.progress` for candidates."""


class Pool(Protocol):
    """What the driver sees of Dask; see `cluster.Pool`."""

    memory_mb: float

    @property
    def has_room(self) -> bool:
        """Whether another calculation should be submitted now."""

    def submit(self, key: str, request: bytes, wall_s: float) -> None:
        """Start a calculation."""

    def completed(self, timeout_s: float) -> list[tuple[str, bytes | BaseException]]:
        """What arrived, waiting up to `timeout_s` for the first."""


class Observer(Protocol):
    """Is told what happens, to show it; items and standings are those of the driver's plan."""

    def item_finished(self, item: Any, where: Any) -> None:
        """An item misses nothing any more."""

    def calculation_finished(self, request: Request, outcome: Outcome, waiting: list[Any]) -> None:
        """An outcome is in the store; `waiting` are the items it was computed for."""

    def tick(self, in_flight: list[tuple[Request, list[Any]]], tally: "Tally") -> None:
        """Time passed; the requests at work, each with the items that wait for it."""


@dataclass(slots=True)
class Tally:
    """What one run did, counted in calculations.

    Attributes:
        computed: Calculations that ran and gave a result.
        reused: Distinct results found in the store.
        failed: Calculations that ran and failed.
        wall_s: Elapsed time of the calculations that ran, by kind.
        cpu_s: Their processor time, by kind.
    """

    computed: int = 0
    reused: int = 0
    failed: int = 0
    wall_s: dict[str, float] = field(default_factory=dict)
    cpu_s: dict[str, float] = field(default_factory=dict)


class Driver(Generic[T]):
    """Brings items to their end; holds only those in flight.

    Args:
        plan: Says what an item misses.
        workflow: What to compute.
        store: Where outcomes are remembered; this process is its writer.
        pool: Where calculations run.
        observer: Is told what happens.
        retry_failed: Compute again what failed in an earlier run.
    """

    def __init__(
        self,
        plan: Plan[T],
        workflow: Workflow,
        store: Store,
        pool: Pool,
        observer: Observer,
        *,
        retry_failed: bool,
    ) -> None:
        self.tally = Tally()
        self._plan = plan
        self._workflow = workflow
        self._store = store
        self._pool = pool
        self._observer = observer
        self._retry_failed = retry_failed
        self._requests: dict[str, Request] = {}
        self._waiting: dict[str, dict[str, T]] = {}
        self._active: set[str] = set()
        self._computed_here: set[str] = set()
        self._reused: set[str] = set()

    def run(self, items: Iterable[T]) -> Tally:
        """Compute until no item misses anything.

        Raises:
            SchedulerLostError: Dask went away; the store is complete up to then.
        """
        source = iter(items)
        exhausted = False
        while not exhausted or self._requests:
            while not exhausted and self._pool.has_room:
                item = next(source, None)
                exhausted = item is None
                if item is not None:
                    self._active.add(item.id)
                    self._advance(item)
            if self._requests:
                self._collect()
        return self.tally

    def _advance(self, item: T) -> None:
        """Ask what the item misses and start it, or say that it is finished."""
        where = self._plan(item, self._workflow, self._lookup)
        for request in where.missing:
            self._start(request, item)
        if where.state != "waiting":
            self._active.discard(item.id)
            self._observer.item_finished(item, where)

    def _start(self, request: Request, item: T) -> None:
        key = kinds.key(request)
        self._waiting.setdefault(key, {})[item.id] = item
        if key not in self._requests:
            self._requests[key] = request
            self._pool.submit(key, kinds.encode(request), self._limit_s(request))

    def _collect(self) -> None:
        arrived = self._pool.completed(POLL_S)
        self._observer.tick(
            [(request, list(self._waiting[key].values())) for key, request in self._requests.items()],
            self.tally,
        )
        for key, answer in arrived:
            request = self._requests.pop(key)
            outcome = _outcome(answer)
            self._store.add(request, outcome)
            self._computed_here.add(key)
            self._count(request, outcome)
            waiting = list(self._waiting.pop(key).values())
            self._observer.calculation_finished(request, outcome, waiting)
            for item in waiting:
                if item.id in self._active:
                    self._advance(item)

    def _lookup(self, request: Request) -> Outcome | None:
        outcome = self._store.lookup(request)
        key = kinds.key(request)
        if outcome is None or key in self._computed_here:
            return outcome
        if outcome.failure is not None and (self._retry_failed or self._may_go_better(request, outcome)):
            return None
        if outcome.result is not None and key not in self._reused:
            self._reused.add(key)
            self.tally.reused += 1
        return outcome

    def _may_go_better(self, request: Request, failed: Outcome) -> bool:
        """Whether this version may have mended the bug, or more time or memory is allowed now."""
        failure = failed.failure
        assert failure is not None
        if failure.error_class == "EngineError":
            return failed.provenance.versions.get("actinic") != __version__
        more_time = self._limit_s(request) > failure.wall_limit_s
        more_memory = self._pool.memory_mb > failure.memory_limit_mb
        return (
            failure.error_class == "ResourceError" and failure.wall_limit_s > 0 and (more_time or more_memory)
        )

    def _limit_s(self, request: Request) -> float:
        limit_s: float = getattr(self._workflow.limits, f"{kinds.kind_of(request).name}_s")
        return limit_s

    def _count(self, request: Request, outcome: Outcome) -> None:
        name = kinds.kind_of(request).name
        if outcome.failure is None:
            self.tally.computed += 1
        else:
            self.tally.failed += 1
        for total, seconds in (
            (self.tally.wall_s, outcome.provenance.wall_s),
            (self.tally.cpu_s, outcome.provenance.cpu_s),
        ):
            total[name] = total.get(name, 0.0) + seconds


def _outcome(answer: bytes | BaseException) -> Outcome:
    """Decode what came back; a worker that died with its calculation is a failure of that calculation."""
    if isinstance(answer, bytes):
        return msgspec.json.decode(answer, type=Outcome)
    failure = Failure("ResourceError", f"its worker was lost ({type(answer).__name__}: {answer})", "")
    return Outcome(None, failure, Provenance({}, "", "", 0.0, 0.0, 0.0))
