"""Searches for reaction paths against measured barriers: how many succeed, how far off, at what cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from statistics import fmean

import msgspec
import numpy as np

from actinic.analysis.validation import Summary, summary
from actinic.errors import EngineError

SEARCHES = "searches.jsonl"
"""What searches for reaction paths gave for measured barriers, as `benchmarks/barriers.py` writes it."""


class SearchRow(msgspec.Struct, frozen=True, kw_only=True):
    """One search for a measured barrier, as `benchmarks/barriers.py` writes it.

    Attributes:
        id: Name of the molecule.
        route: Kind of search.
        failure: Why it was not accepted; empty when it was.
        error_kcal_mol: Calculated minus measured Gibbs energy at the temperature of the measurement.
        core_s: Processor time by stage.
    """

    id: str
    route: str
    failure: str
    error_kcal_mol: float | None = None
    core_s: dict[str, float] = msgspec.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RouteTable:
    """All searches of one route.

    Attributes:
        route: Its name.
        n: Searches.
        accepted: Those that passed every check.
        errors: Calculated minus measured, kcal/mol, of the accepted ones; None without any.
        core_min: Mean processor time of a search.
    """

    route: str
    n: int
    accepted: int
    errors: Summary | None
    core_min: float


def search_rows(text: str) -> tuple[SearchRow, ...]:
    """Searches from JSON lines; a line without a molecule, such as a summary at the end, is none.

    Raises:
        msgspec.ValidationError: A line of a molecule lacks its route or what became of it.
    """
    lines = [msgspec.json.decode(line) for line in text.splitlines() if line.strip()]
    return tuple(msgspec.convert(line, SearchRow) for line in lines if "id" in line)


@cache
def shipped_searches() -> tuple[SearchRow, ...]:
    """The searches of the package's reference data.

    Raises:
        EngineError: The file is missing or not what it should be.
    """
    file = files("actinic").joinpath("reference", "barriers", SEARCHES)
    try:
        return search_rows(file.read_text(encoding="utf-8"))
    except (OSError, msgspec.DecodeError) as error:
        raise EngineError(f"{SEARCHES}: {error}") from error


def route_tables(rows: Sequence[SearchRow]) -> tuple[RouteTable, ...]:
    """Success, errors and cost, by route."""
    found = []
    for route in sorted({row.route for row in rows}):
        own = [row for row in rows if row.route == route]
        errors = [row.error_kcal_mol for row in own if row.error_kcal_mol is not None]
        found.append(
            RouteTable(
                route,
                len(own),
                sum(not row.failure for row in own),
                summary(np.array(errors)) if errors else None,
                fmean(sum(row.core_s.values()) / 60.0 for row in own),
            )
        )
    return tuple(found)
