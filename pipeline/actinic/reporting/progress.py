"""Shows a run as it goes: one live line on a terminal, plain lines elsewhere."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from rich.console import Console
from rich.live import Live
from rich.text import Text

from actinic.calculations.kinds import Request, kind_of
from actinic.calculations.outcome import Outcome
from actinic.screening.remaining import Remaining
from actinic.screening.run import POLL_S, Item, Tally

LINE_EVERY_S = 30.0
ENOUGH_FOR_A_PACE = 5
"""Candidates that have to finish before they say what is left: the first ones to end are the quick ones."""

FEW = 20
"""Of so few candidates what is left is foreseen to the end: the last ones have a pace of their own."""

SOON_S = 60.0
"""Less than this is not told in seconds: starting a process alone takes some."""

InFlight = list[tuple[Request, list[Item]]]


class Ending(Protocol):
    """How an item ended: `failed` for a reason, or otherwise."""

    @property
    def state(self) -> str:
        """`failed` or another final state."""

    @property
    def reason(self) -> str:
        """Why."""


@dataclass(slots=True)
class Display:
    """Counts what happens and hands the sentence for it to whoever shows it.

    Args:
        console: Where to print.
        total: Items to bring to their end.
        on_tick: Is handed what is in flight, some times a second.
        noun: What the items are called.
        remaining: Foresees what is left; None to go by the pace alone.
    """

    console: Console
    total: int
    on_tick: Callable[[InFlight, Tally], None]
    noun: str = "candidates"
    remaining: Remaining | None = None
    _states: dict[str, int] = field(default_factory=dict)
    _live: Live | None = None
    _started_s: float = field(default_factory=time.monotonic)
    _printed_s: float = 0.0
    _computing_from: tuple[float, int] | None = None

    def __enter__(self) -> "Display":
        if self.console.is_terminal:
            self._live = Live(console=self.console, refresh_per_second=1 / POLL_S, transient=True).__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.__exit__(None, None, None)

    def item_finished(self, item: Item, where: Ending) -> None:
        """Count it; say at once why it failed."""
        self._states[where.state] = self._states.get(where.state, 0) + 1
        if where.state == "failed":
            self.console.print(Text(f"{item.id}: {where.reason}", style="yellow"), soft_wrap=True)

    def calculation_finished(self, request: Request, outcome: Outcome, waiting: list[Item]) -> None:
        """On a plain log every calculation has its line."""
        if self.remaining is not None:
            self.remaining.learn(request, outcome)
        if self._live is None:
            how = "done" if outcome.failure is None else outcome.failure.error_class
            ids = ", ".join(item.id for item in waiting)
            settings = f" with {outcome.settings}" if outcome.settings else ""
            sentence = f"{kind_of(request).name} of {ids}: {how}{settings}, {outcome.provenance.wall_s:.1f} s"
            self.console.print(Text(sentence), soft_wrap=True)

    def tick(self, at_work: InFlight, tally: Tally) -> None:
        """Refresh the line, and pass on what is at work."""
        self.on_tick(at_work, tally)
        now_s = time.monotonic()
        if self._computing_from is None:
            self._computing_from = (now_s, self._finished)
        if self._live is not None:
            self._live.update(Text(self._sentence(at_work, tally, now_s)))
        elif now_s - self._printed_s >= LINE_EVERY_S:
            self._printed_s = now_s
            self.console.print(self._sentence(at_work, tally, now_s), soft_wrap=True)

    @property
    def _finished(self) -> int:
        return sum(self._states.values())

    def _sentence(self, at_work: InFlight, tally: Tally, now_s: float) -> str:
        ids = ", ".join(f"{waiting[0].id} ({kind_of(r).name})" for r, waiting in at_work[:3] if waiting)
        more = f" and {len(at_work) - 3} more" if len(at_work) > 3 else ""
        return (
            f"{self._finished}/{self.total} {self.noun}, {self._states.get('failed', 0)} failed; "
            f"calculations: {tally.computed} computed, {tally.reused} cached, {tally.failed} failed, "
            f"{len(at_work)} running, {tally.queued} queued; "
            f"{_clock(now_s - self._started_s)}{self._left(at_work, now_s)}  {ids}{more}"
        )

    def _left(self, at_work: InFlight, now_s: float) -> str:
        """Time left: foreseen while that says more than the pace of the candidates."""
        if self._finished >= self.total:
            return ""
        if self.remaining is None or (self.total > FEW and self._finished >= ENOUGH_FOR_A_PACE):
            return self._left_by_pace(now_s)
        left = self.remaining.left(request for request, _ in at_work)
        if left.high_s < SOON_S:
            return ", under a minute left"
        return f", {_clock(left.low_s)} to {_clock(left.high_s)} left"

    def _left_by_pace(self, now_s: float) -> str:
        """At the pace since the first calculation; nothing before enough have finished."""
        start_s, finished_then = self._computing_from or (now_s, self._finished)
        finished_since = self._finished - finished_then
        if finished_since < ENOUGH_FOR_A_PACE:
            return ""
        return f", about {_clock((now_s - start_s) / finished_since * (self.total - self._finished))} left"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
