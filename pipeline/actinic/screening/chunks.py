"""Short calculations travel together, so that many workers do not wait for one scheduler."""

import time
from dataclasses import dataclass, field
from typing import NamedTuple

from actinic.screening.worker import Limits, perform

SECONDS_PER_SLOT = 0.02
"""Of a task, so that tasks at 2 ms each (benchmarks/streaming.py) take a tenth of the scheduler's time."""

OVERDUE = 3.0
"""Of a chunk that takes so many times what was expected, the rest is sent back."""


@dataclass(frozen=True, slots=True)
class Hint:
    """What helps to place a calculation.

    Attributes:
        expected_s: About how long it takes; None where that is not known, or it shall travel alone.
        priority: The higher ones of those that wait go first.
    """

    expected_s: float | None = None
    priority: int = 0


ALONE = Hint()


class Part(NamedTuple):
    """One calculation on its way; fields as of `Pool.submit`."""

    key: str
    request: bytes
    limits: Limits
    hint: Hint


@dataclass(slots=True)
class Chunker:
    """Collects short calculations until they are worth a task.

    Args:
        task_s: So long a task should take.
    """

    task_s: float
    _waiting: list[Part] = field(default_factory=list)

    def add(self, part: Part) -> list[Part]:
        """Take a calculation; what is to be sent now, together."""
        if part.hint.expected_s is None or part.hint.expected_s >= self.task_s:
            return [part]
        self._waiting.append(part)
        total_s = sum(one.hint.expected_s or 0.0 for one in self._waiting)
        return self.rest() if total_s >= self.task_s else []

    def rest(self) -> list[Part]:
        """What waits, to be sent now."""
        waiting, self._waiting = self._waiting, []
        return waiting


def perform_each(calculations: list[tuple[bytes, Limits]], budget_s: float) -> list[bytes]:
    """Run encoded requests one after the other, each with limits of its own, and return their outcomes.

    One that hangs, crashes or runs out of memory is an outcome like any other. After `budget_s` no further
    one is begun: fewer outcomes than requests come back.
    """
    start_s = time.monotonic()
    outcomes: list[bytes] = []
    for request, limits in calculations:
        if outcomes and time.monotonic() - start_s > budget_s:
            break
        outcomes.append(perform(request, limits))
    return outcomes
