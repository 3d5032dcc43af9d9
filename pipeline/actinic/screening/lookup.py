"""How the plan asks what is known; the store answers, and so may an export of one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from actinic.calculations.kinds import Request, kind_of
from actinic.calculations.outcome import Outcome

Lookup = Callable[[Request], Outcome | None]
"""What is known of a request; None when it was never computed."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """Where something asked for stands; exactly one of the three says something.

    Attributes:
        missing: Calculations to run now.
        reason: Why there is no result and will be none.
        result: What was asked for.
    """

    missing: tuple[Request, ...] = ()
    reason: str = ""
    result: T | None = None


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


def answer(request: Request, lookup: Lookup, kind: type[T], whose: str = "") -> Answer[T]:
    """Ask for a result of a kind; `whose` the calculation is goes into the reason of a failure."""
    outcome = lookup(request)
    if outcome is None:
        return Answer(missing=(request,))
    if outcome.failure is not None:
        name = " of ".join(filter(None, (kind_of(request).name, whose)))
        return Answer(reason=f"{name}: {outcome.failure.error_class}: {outcome.failure.message}")
    assert isinstance(outcome.result, kind)
    return Answer(result=outcome.result)
