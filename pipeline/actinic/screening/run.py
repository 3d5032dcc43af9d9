"""The driver: ask what is missing, keep a few calculations in flight, write each outcome down."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from actinic.calculations import kinds
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Outcome
from actinic.chemistry.seen import Seen
from actinic.screening.chunks import Hint
from actinic.screening.limits import Limit, limit_of
from actinic.screening.lookup import Lookup
from actinic.screening.retry import RELEASED_BY_DEFAULT, WORKER_LOST, Allowed, Attempt, lost, next_attempt
from actinic.screening.store import Arrived, Store
from actinic.screening.workflow import Workflow

POLL_S = 0.5
ENOUGH_FOR_A_MEAN = 5


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
    """What the driver sees of Dask; see `cluster.Pool`.

    Attributes:
        slots: Calculations that run at a time; what is submitted beyond waits its turn.
        memory_mb: A calculation's share of the machine.
        most_memory_mb: What one may have while nothing else is at work.
    """

    slots: int
    memory_mb: float
    most_memory_mb: float

    @property
    def has_room(self) -> bool:
        """Whether another calculation should be submitted now."""

    def submit(self, key: str, request: bytes, limit: Limit, hint: Hint) -> None:
        """Start a calculation; `key` comes back with its outcome and is never used twice."""

    def completed(self, timeout_s: float) -> list[tuple[str, bytes | BaseException]]:
        """What arrived, waiting up to `timeout_s` for the first."""


class Observer(Protocol):
    """Is told what happens, to show it; items and standings are those of the driver's plan."""

    def item_finished(self, item: Any, where: Any) -> None:
        """An item misses nothing any more."""

    def calculation_finished(self, request: Request, outcome: Outcome, waiting: list[Any]) -> None:
        """An outcome is in the store for good; `waiting` are the items it was computed for."""

    def tick(self, at_work: list[tuple[Request, list[Any]]], tally: "Tally") -> None:
        """Time passed; the requests at work, each with the items that wait for it."""


@dataclass(slots=True)
class Tally:
    """What one run did, counted in calculations.

    Attributes:
        computed: Calculations that ran and gave a result.
        reused: Distinct results found in the store.
        failed: Calculations that ran and failed, with nothing left to try.
        queued: Calculations that wait for a slot, or for all to be free.
        wall_s: Elapsed time of the calculations that ran, by kind.
        cpu_s: Their processor time, by kind.
    """

    computed: int = 0
    reused: int = 0
    failed: int = 0
    queued: int = 0
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
        self._in_flight: dict[str, tuple[str, Attempt]] = {}
        self._postponed: dict[str, Attempt] = {}
        self._numbers, self._tags = itertools.count(), itertools.count()
        self._active: dict[str, int] = {}
        self._ended: Counter[str] = Counter()
        self._final = Seen()
        self._released: set[str] = set()
        self._reused = Seen()

    def run(self, items: Iterable[T]) -> Tally:
        """Compute until no item misses anything.

        Raises:
            SchedulerLostError: Dask went away; the store is complete up to then.
            StoreUnavailableError: The disk is full; likewise.
        """
        source, exhausted = iter(items), False
        while not exhausted or self._requests:
            while not exhausted and self._pool.has_room:
                item = next(source, None)
                exhausted = item is None
                if item is not None:
                    self._active[item.id] = next(self._numbers)
                    self._advance(item)
            if self._postponed and exhausted and not self._in_flight:
                key = next(iter(self._postponed))
                self._submit(key, self._postponed.pop(key), expected_s=None)
            if self._in_flight:
                self._collect()
        return self.tally

    def _advance(self, item: T) -> None:
        """Ask what the item misses and start it, or say that it is finished."""
        where = self._plan(item, self._workflow, self._lookup)
        for request in where.missing:
            self._start(request, item)
        if where.state != "waiting":
            self._active.pop(item.id, None)
            self._observer.item_finished(item, where)

    def _start(self, request: Request, item: T) -> None:
        key = kinds.key(request)
        self._waiting.setdefault(key, {})[item.id] = item
        if key not in self._requests:
            self._requests[key] = request
            # Another driver may just have failed with it: then it is tried here, too.
            allowed = self._allowed(request)
            first = Attempt(request, "", allowed.wall_s, allowed.memory_mb)
            self._launch(key, self._next_attempt(request) or first, self._expected_s(request))

    def _expected_s(self, request: Request) -> float | None:
        """About how long it takes, from those of its kind in this run."""
        name = kinds.kind_of(request).name
        n = self._ended[name]
        return self.tally.wall_s[name] / n if n >= ENOUGH_FOR_A_MEAN else None

    def _launch(self, key: str, attempt: Attempt, expected_s: float | None = None) -> None:
        """Submit it now, or once nothing else is at work; second attempts travel alone."""
        if attempt.alone:
            self._postponed[key] = attempt
        else:
            self._submit(key, attempt, expected_s)

    def _submit(self, key: str, attempt: Attempt, expected_s: float | None) -> None:
        # A tag of its own: Dask answers a key it has seen with the result it remembers.
        tag = f"{key}-{next(self._tags)}"
        self._in_flight[tag] = key, attempt
        # What came first ends first: candidates are finished early, not all at the end.
        hint = Hint(expected_s, -min(self._active.get(name, 0) for name in self._waiting[key]))
        self._pool.submit(tag, kinds.encode(attempt.request), Limit(attempt.wall_s, attempt.memory_mb), hint)

    def _collect(self) -> None:
        """Write what arrived, with one sync of the disk for all of it, then tell and go on."""
        arrived = self._pool.completed(POLL_S)
        outcomes = [(*self._in_flight.pop(tag), answer) for tag, answer in arrived]
        self._tell()
        written = [
            (key, Arrived(self._requests[key], self._outcome(key, answer, attempt.rung)))
            for key, attempt, answer in outcomes
        ]
        self._store.add_all(one for _, one in written)
        for key, one in written:
            self._settle(key, one)

    def _tell(self) -> None:
        """Tell what is at work: Dask starts what was submitted first, the rest waits its turn."""
        keys = [key for key, _ in self._in_flight.values()]
        at_work = keys[: self._pool.slots]
        self.tally.queued = len(keys) + len(self._postponed) - len(at_work)
        self._observer.tick(
            [(self._requests[key], list(self._waiting[key].values())) for key in at_work], self.tally
        )

    def _settle(self, key: str, one: Arrived) -> None:
        """Go on with what waited for this outcome, or try again what failed."""
        again = None if one.outcome.failure is None else self._next_attempt(one.request)
        self._count(one, again)
        if again is not None:
            self._launch(key, again)
            return
        del self._requests[key]
        self._final.add(key)
        waiting = list(self._waiting.pop(key).values())
        self._observer.calculation_finished(one.request, one.outcome, waiting)
        for item in waiting:
            if item.id in self._active:
                self._advance(item)

    def _lookup(self, request: Request) -> Outcome | None:
        outcome, key = self._store.lookup(request), kinds.key(request)
        if outcome is None or key in self._final:
            return outcome
        if outcome.failure is not None:
            if self._retry_failed and outcome.failure.error_class in RELEASED_BY_DEFAULT:
                self._release(key)
            return None if self._next_attempt(request) is not None else outcome
        if self._reused.add(key):
            self.tally.reused += 1
        return outcome

    def settled(self, request: Request) -> Outcome | None:
        """What is known for good; None while it is missing, or failed and will be tried again."""
        outcome = self._store.lookup(request)
        is_open = outcome and outcome.failure and kinds.key(request) not in self._final
        return None if is_open and self._next_attempt(request) else outcome

    def _release(self, key: str) -> None:
        """Forget, once in a run, how often this failed in earlier ones."""
        if key not in self._released and key not in self._requests:
            self._released.add(key)
            self._store.forget_failures([key])

    def _next_attempt(self, request: Request) -> Attempt | None:
        return next_attempt(request, self._store.failed(request), self._allowed(request))

    def _allowed(self, request: Request) -> Allowed:
        limit, share_mb = limit_of(request, self._workflow.limits), self._pool.memory_mb
        return Allowed(limit.wall_s, min(limit.memory_mb, share_mb), share_mb, self._pool.most_memory_mb)

    def _outcome(self, key: str, answer: bytes | BaseException, rung: str) -> Outcome:
        """Decode what came back; a worker that died with its calculation is a failure of that calculation."""
        if isinstance(answer, bytes):
            outcome = msgspec.json.decode(answer, type=Outcome)
            failure = outcome.failure
            if failure is not None and rung:
                message = f"{failure.message} (the last try was with {rung})"
                failure = msgspec.structs.replace(failure, message=message)
            return msgspec.structs.replace(outcome, failure=failure, rung=rung)
        failed = self._store.failed(self._requests[key])
        return lost(answer, (failed.attempts.get(WORKER_LOST, 0) if failed else 0) + 1)

    def _count(self, one: Arrived, again: Attempt | None) -> None:
        name = kinds.kind_of(one.request).name
        self._ended[name] += 1
        if one.outcome.failure is None:
            self.tally.computed += 1
        elif again is None:
            self.tally.failed += 1
        took = one.outcome.provenance
        for sums, took_s in ((self.tally.wall_s, took.wall_s), (self.tally.cpu_s, took.cpu_s)):
            sums[name] = sums.get(name, 0.0) + took_s
