"""Bringing reference calculations to their end: shared by all comparisons with experiment."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console

from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Outcome
from actinic.reporting.progress import Display
from actinic.screening.cluster import ClusterSettings, Pool
from actinic.screening.lookup import Lookup
from actinic.screening.run import Driver, Plan
from actinic.screening.store import Store
from actinic.screening.store_export import Noting, export
from actinic.screening.workflow import Workflow

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Work:
    """References to be computed.

    Attributes:
        plan: Says what one of them misses.
        workflow: What to compute.
        references: The items of the plan.
        noun: What they are, for the display.
    """

    plan: Plan[Any]
    workflow: Workflow
    references: Sequence[Any]
    noun: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where to compute and what to leave behind.

    Attributes:
        store: Where calculations are remembered.
        cluster: Where to run.
        console: Where progress is shown.
        ship: Write the calculations behind the tables there, as the package ships them; None for no file.
    """

    store: Path
    cluster: ClusterSettings
    console: Console
    ship: Path | None = None


def recomputed(place: Place, works: Iterable[Work], tables: Callable[[Lookup], T]) -> T:
    """The tables from the calculations of a store; what it lacks is computed first.

    Args:
        place: Where to compute.
        works: What the tables need, one after the other.
        tables: Makes them from what a lookup knows; what it asks for is what is shipped.

    Raises:
        SchedulerLostError: Dask went away; the same call resumes.
    """
    with Store(place.store) as opened, Pool(place.cluster) as pool:
        for work in works:
            with Display(place.console, len(work.references), lambda *_: None, work.noun) as display:
                driver = Driver(work.plan, work.workflow, opened, pool, display, retry_failed=False)
                driver.run(work.references)
    with Store(place.store, read_only=True) as opened:
        noting = Noting(opened)
        found = tables(noting)
        if place.ship is not None:
            export(opened, place.ship, noting.keys)
    return found


class Spent:
    """Looks up, and adds up the processor time of what it hands out.

    Attributes:
        cpu_s: That time.
    """

    def __init__(self, lookup: Lookup) -> None:
        self.cpu_s = 0.0
        self._lookup = lookup

    def __call__(self, request: Request) -> Outcome | None:
        """What the lookup knows."""
        outcome = self._lookup(request)
        if outcome is not None:
            self.cpu_s += outcome.provenance.cpu_s
        return outcome
