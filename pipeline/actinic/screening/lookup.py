"""How the plan asks what is known; the store answers, and so may an export of one."""

from collections.abc import Callable
from dataclasses import dataclass, field

from actinic.calculations.kinds import Request, Result, kind_of
from actinic.calculations.outcome import Outcome

Lookup = Callable[[Request], Outcome | None]
"""What is known of a request; None when it was never computed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a lookup says of one request; exactly one of the three says something.

    Attributes:
        missing: The request itself, where it is still to be run.
        reason: Why it has no result and will have none.
        result: What it yielded.
    """

    missing: tuple[Request, ...] = ()
    reason: str = ""
    result: Result | None = None


@dataclass(slots=True)
class Doubting:
    """A lookup that remembers what to doubt in the results it handed out.

    Attributes:
        lookup: Where to look.
        doubts: Sentences, each with the kind of calculation it is about.
    """

    lookup: Lookup
    doubts: dict[str, None] = field(default_factory=dict)

    def __call__(self, request: Request) -> Outcome | None:
        """As the lookup."""
        outcome = self.lookup(request)
        if outcome is not None and outcome.doubt:
            self.doubts[f"{kind_of(request).name}: {outcome.doubt}"] = None
        return outcome


def answer(request: Request, lookup: Lookup, whose: str = "") -> Answer:
    """Ask; `whose` the calculation is goes into the reason of a failure."""
    outcome = lookup(request)
    if outcome is None:
        return Answer(missing=(request,))
    if outcome.failure is not None:
        name = " of ".join(filter(None, (kind_of(request).name, whose)))
        return Answer(reason=f"{name}: {outcome.failure.error_class}: {outcome.failure.message}")
    return Answer(result=outcome.result)
