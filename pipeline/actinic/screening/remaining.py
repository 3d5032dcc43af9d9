"""How long a run will still take: what the plan still asks for, by recorded timings and its own pace."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

import msgspec

from actinic.calculations import kinds
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Outcome, Provenance
from actinic.chemistry.candidates import Candidate
from actinic.screening.forecast import forecast
from actinic.screening.lookup import Lookup
from actinic.screening.store import Store
from actinic.screening.timings import CoreSeconds, Timings, point, shipped_rows
from actinic.screening.workflow import Workflow

RESULTS_LOOKED_AT = 5000
"""So many results of the user's store tell how fast his machine is."""

SHARE_OF_LOOKING = 0.05
"""Asking the plan anew takes at most this share of the driver's time."""

LOOK_EVERY_S = 10.0
TRUSTED_S = 30.0
"""So many seconds the recorded timings count for, next to what the run itself took."""

OVERDUE_SHARE = 0.25
"""What takes longer than foreseen is counted with this share of what was foreseen."""


class Left(NamedTuple):
    """Elapsed seconds that a run will still take, as an interval."""

    low_s: float
    high_s: float


@dataclass(slots=True)
class Remaining:
    """Foresees the end of a run.

    Attributes:
        candidates: Those of the run, or every n-th of a long list.
        share: Of the list that they are.
        workflow: Of the run.
        lookup: What is known.
        timings: What calculations cost.
        slots: Calculations at a time.
    """

    candidates: tuple[Candidate, ...]
    share: float
    workflow: Workflow
    lookup: Lookup
    timings: Timings
    slots: int
    _took_s: float = 0.0
    _foreseen_s: float = 0.0
    _asked_for: dict[str, Request] | None = None
    _finished: set[str] = field(default_factory=set)
    _looked_s: float = 0.0
    _looking_took_s: float = 0.0
    _begun_s: dict[str, float] = field(default_factory=dict)

    def learn(self, request: Request, outcome: Outcome) -> None:
        """Compare what a calculation took with what was foreseen."""
        self._took_s += outcome.provenance.wall_s
        self._foreseen_s += self.timings.core_seconds(request).middle
        self._finished.add(kinds.key(request))

    def left(self, at_work: Iterable[Request]) -> Left:
        """What is left while these calculations are at work."""
        now_s = time.monotonic()
        running = {kinds.key(request) for request in at_work}
        self._begun_s = {key: self._begun_s.get(key, now_s) for key in running}
        costs = [
            self._cost(request, now_s - self._begun_s.get(key, now_s))
            for key, request in self._requests(now_s).items()
            if key not in self._finished
        ]
        return Left(self._elapsed_s([cost.low for cost in costs]), self._elapsed_s([c.high for c in costs]))

    def _requests(self, now_s: float) -> dict[str, Request]:
        """What the plan asks for; asked anew now and then, for what follows depends on results."""
        pause_s = max(LOOK_EVERY_S, self._looking_took_s / SHARE_OF_LOOKING)
        if self._asked_for is None or now_s - self._looked_s > pause_s:
            found = forecast(self.candidates, self.workflow, self.lookup).requests()
            self._asked_for = {kinds.key(request): request for request in found}
            self._looked_s = time.monotonic()
            self._looking_took_s = self._looked_s - now_s
        return self._asked_for

    def _cost(self, request: Request, been_s: float) -> CoreSeconds:
        """Of what is still missing of one calculation that has been at work for so long."""
        pace = (self._took_s + TRUSTED_S) / (self._foreseen_s + TRUSTED_S)
        whole = (pace * cost_s for cost_s in self.timings.core_seconds(request))
        return CoreSeconds(*(max(cost_s - been_s, OVERDUE_SHARE * cost_s) for cost_s in whole))

    def _elapsed_s(self, costs_s: list[float]) -> float:
        """All of it shared between the slots, but no less than the longest takes."""
        return max([sum(costs_s) / self.share / self.slots, *costs_s])


def timings_with(store: Store | None) -> Timings:
    """The shipped timings, and those in a store, which count more."""
    versions = {kind.name: kind.version for kind in kinds.KINDS.values()}
    # The first by key: the order of keys is that of no molecule.
    own = (
        point(
            kinds.decode_request(bytes(record.request)),
            msgspec.json.decode(record.provenance, type=Provenance).cpu_s,
        )
        for record in islice(store.records() if store else (), RESULTS_LOOKED_AT)
        if versions.get(record.kind) == record.version
    )
    return Timings(shipped_rows(), own)
