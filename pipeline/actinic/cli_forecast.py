"""`actinic estimate` and `screen --dry-run`: what a list needs and what that costs, before anything runs."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from actinic import api
from actinic.calculations import kinds
from actinic.calculations.outcome import Outcome
from actinic.chemistry.candidates import Candidate, read_candidates
from actinic.errors import InputError
from actinic.screening.cluster import ClusterSettings
from actinic.screening.forecast import Forecast, forecast
from actinic.screening.remaining import timings_with
from actinic.screening.store import Store
from actinic.screening.timings import CoreSeconds, Timings
from actinic.screening.workflow import Workflow

NOTHING = CoreSeconds(0.0, 0.0, 0.0)
out = Console()

ListFile = Annotated[Path, typer.Argument(help="Candidates: .csv, .tsv, .smi or .sdf", metavar="LIST")]
WorkflowOption = Annotated[str, typer.Option("--workflow", "-w", help="Workflow file, or a preset by name")]
StoreOption = Annotated[Path, typer.Option(help="Where calculations are remembered")]


def estimate(
    candidates: ListFile, workflow: WorkflowOption = "photo-ligand", store: StoreOption = api.DEFAULT_STORE
) -> None:
    """Say what screening a list would cost in core-hours; computes nothing."""
    flow = Workflow.load(workflow)
    with _opened(store) as known:
        found = forecast(_usable(candidates), flow, known.lookup)
        timings = timings_with(known.store)
    _say(_told_states(found))
    out.print(_costs(found, timings))
    if found.states.get("waiting"):
        _say(_told_total(found, timings))


def dry_run(candidates: Path, workflow: Workflow, store: Path, cluster: ClusterSettings) -> None:
    """Say what `screen` would run; nothing is computed or written."""
    with _opened(store) as known:
        found = forecast(_usable(candidates), workflow, known.lookup)
    _say(_told_states(found))
    there = sum(map(len, found.known.values()))
    _say(f"at once, exactly: {_counted(found.now.values())}; {there} results are in {store} already")
    later = {key: request for key, request in found.later.items() if key not in found.now}
    _say(f"after that, about: {_counted(later.values())}, if every candidate passes the gates")
    slots = cluster.workers or os.cpu_count() or 1
    _say(f"calculations at a time: {slots}; `actinic estimate` says what it costs; nothing was written")


@dataclass(frozen=True, slots=True)
class _Known:
    """The user's store, if there is one."""

    store: Store | None

    def lookup(self, request: kinds.Request) -> Outcome | None:
        return None if self.store is None else self.store.lookup(request)

    def __enter__(self) -> "_Known":
        return self

    def __exit__(self, *_: object) -> None:
        if self.store is not None:
            self.store.close()


def _opened(store: Path) -> _Known:
    return _Known(Store(store, read_only=True) if store.is_file() else None)


def _usable(path: Path) -> Iterator[Candidate]:
    """The rows that can be computed.

    Raises:
        InputError: There is none.
    """
    number = 0
    for row in read_candidates(path):
        if isinstance(row, Candidate):
            number += 1
            yield row
    if number == 0:
        raise InputError(f"{path}: no usable row")


def _costs(found: Forecast, timings: Timings) -> Table:
    """One row per kind, and the sum."""
    shown = Table(header_style="bold", box=SIMPLE)
    for title in ("kind", "stored", "at once", "later", "core-hours", "from", "to"):
        shown.add_column(title, justify="left" if title == "kind" else "right")
    at_once = Counter(kinds.kind_of(request).name for request in found.now.values())
    every = Counter(kinds.kind_of(request).name for request in found.requests())
    cost = _by_kind(found, timings)
    for kind in (
        kind.name for kind in kinds.KINDS.values() if kind.name in every or kind.name in found.known
    ):
        counts = (len(found.known.get(kind, ())), at_once[kind], every[kind] - at_once[kind])
        shown.add_row(kind, *map(str, counts), *_hours(cost.get(kind, NOTHING)))
    there = sum(map(len, found.known.values()))
    counts = (there, at_once.total(), every.total() - at_once.total())
    shown.add_row("all", *map(str, counts), *_hours(_sum(cost.values())), style="bold")
    return shown


def _by_kind(found: Forecast, timings: Timings) -> dict[str, CoreSeconds]:
    cost: dict[str, CoreSeconds] = {}
    for request in found.requests():
        name = kinds.kind_of(request).name
        cost[name] = _sum([cost.get(name, NOTHING), timings.core_seconds(request)])
    return cost


def _sum(costs: Iterable[CoreSeconds]) -> CoreSeconds:
    """As if all were too low, or too high, together: a level or a machine errs one way."""
    totals = tuple(map(sum, zip(NOTHING, *costs, strict=True)))
    return CoreSeconds(*totals)


def _hours(cost: CoreSeconds) -> list[str]:
    return [f"{seconds / 3600:.2g}" for seconds in (cost.middle, cost.low, cost.high)]


def _told_total(found: Forecast, timings: Timings) -> str:
    cost, cores = _sum(_by_kind(found, timings).values()), os.cpu_count() or 1
    elapsed = f"{cost.low / 3600 / cores:.2g} to {cost.high / 3600 / cores:.2g} hours on {cores} cores"
    said = f"{elapsed}, if every candidate passes the gates"
    if timings.machine_factor != 1.0:
        said += (
            f" (this machine takes {timings.machine_factor:.2g} times as long as that of the shipped timings)"
        )
    return said


def _told_states(found: Forecast) -> str:
    words = {"waiting": "to compute", "done": "known already"}
    parts = (f"{n} {words.get(state, state.replace('_', ' '))}" for state, n in found.states.items())
    return f"candidates: {', '.join(parts)}"


def _counted(requests: Iterable[kinds.Request]) -> str:
    counts = Counter(kinds.kind_of(request).name for request in requests)
    return ", ".join(f"{number} {name}" for name, number in counts.items()) or "nothing"


def _say(text: str) -> None:
    out.print(Text(text), soft_wrap=True)
