"""Predicted barriers against measured ones, from shipped calculations or anew."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from actinic.analysis.barrier_validation import (
    FamilyTable,
    HomolysisPoint,
    class_tables,
    homolysis_rates,
    homolysis_tables,
    shift_table,
)
from actinic.analysis.heat_classes import heat_classes, left_out
from actinic.analysis.homolysis_rates import UNSOUND, HomolysisRate, bond_kind
from actinic.analysis.measured_barriers import MeasuredBarrier
from actinic.analysis.path_searches import SearchRow, searched_barriers, shipped_searches
from actinic.analysis.path_validation import RouteTable, route_tables
from actinic.errors import InputError
from actinic.screening.barrier_references import BarrierReference, barrier_references
from actinic.screening.bond_references import BondStanding, bond_standing
from actinic.screening.cluster import ClusterSettings
from actinic.screening.lookup import Lookup
from actinic.screening.path_references import path_standing
from actinic.screening.shipped import Shipped
from actinic.screening.workflow import Workflow
from actinic.validation_run import Place, Work, recomputed

BARRIERS_EXPORT = "barriers.jsonl.gz"
BARRIERS_WORKFLOW = "photo-ligand"
PATHS_EXPORT = "paths.jsonl.gz"
PATHS_WORKFLOW = "heat-ligand"


@dataclass(frozen=True, slots=True)
class BarrierValidation:
    """Measured barriers against what is predicted for them.

    Attributes:
        homolyses: Measured homolyses with their calculated bond enthalpies.
        rates: Fitted to them; what is shipped.
        tables: Errors by family.
        routes: Searches for reaction paths, by route and family.
        searches: What each of them found.
        enthalpies: Calculated reaction enthalpies of members of classes, kcal/mol, by name.
        without: Measured barriers that have no calculated energy, with the reason.
        left_out: Those that stand for no class, with the reason.
        cpu_s: Core-seconds per reaction, by kind of calculation; shared ones count for each reaction.
        outdated: Versions of kinds of calculation that have another one now.
    """

    homolyses: tuple[HomolysisPoint, ...]
    rates: dict[str, HomolysisRate]
    tables: tuple[FamilyTable, ...]
    routes: tuple[RouteTable, ...]
    searches: tuple[SearchRow, ...]
    enthalpies: dict[str, float]
    without: dict[str, str]
    left_out: dict[str, str]
    cpu_s: dict[str, float]
    outdated: dict[str, int] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """Everything as plain values, for JSON."""
        return asdict(self)


def validate_barriers() -> BarrierValidation:
    """The tables from the calculations shipped with the package; seconds."""
    shipped, paths = (Shipped.of("barriers", name) for name in (BARRIERS_EXPORT, PATHS_EXPORT))
    found = _validated(shipped, _shipped_rows(paths))
    return replace(found, outdated=shipped.outdated | paths.outdated)


def recompute_paths(
    store: Path, cluster: ClusterSettings, console: Console, ship: Path | None
) -> tuple[SearchRow, ...]:
    """Search for the measured barriers; what the store lacks is computed, minutes to hours of a core.

    Args:
        store: Where calculations are remembered.
        cluster: Where to run.
        console: Where progress is shown.
        ship: Write the calculations of the searches there; None for no file.

    Raises:
        SchedulerLostError: Dask went away; the same call resumes.
    """
    work = Work(path_standing, Workflow.load(PATHS_WORKFLOW), searched_barriers(), "searches")
    return recomputed(Place(store, cluster, console, ship), [work], _search_rows)


def recompute_barriers(
    store: Path,
    cluster: ClusterSettings,
    console: Console,
    ship: Path | None,
    searches: tuple[SearchRow, ...] | None = None,
) -> BarrierValidation:
    """The tables from the calculations of a store; what it lacks is computed.

    Args:
        store: Where calculations are remembered.
        cluster: Where to run.
        console: Where progress is shown.
        ship: Write the calculations behind the tables there, as the package ships them; None for no file.
        searches: Searches for reaction paths, as `recompute_paths` returns them; None for the shipped ones.

    Raises:
        SchedulerLostError: Dask went away; the same call resumes.
    """
    flow = Workflow.load(BARRIERS_WORKFLOW)
    work = Work(bond_standing, flow, barrier_references(), "barriers")
    rows = _shipped_rows(Shipped.of("barriers", PATHS_EXPORT)) if searches is None else searches
    return recomputed(Place(store, cluster, console, ship), [work], lambda known: _validated(known, rows))


def _shipped_rows(paths: Lookup) -> tuple[SearchRow, ...]:
    """From the shipped calculations; of a search that failed and left none to ship, the line on record."""
    rows = _search_rows(paths)
    names = {row.id for row in rows}
    return (*rows, *(row for row in shipped_searches() if row.failure and row.id not in names))


def _search_rows(lookup: Lookup) -> tuple[SearchRow, ...]:
    flow = Workflow.load(PATHS_WORKFLOW)
    stands = (path_standing(barrier, flow, lookup) for barrier in searched_barriers())
    return tuple(stand.row for stand in stands if stand.row is not None)


def _validated(lookup: Lookup, searches: tuple[SearchRow, ...]) -> BarrierValidation:
    flow = Workflow.load(BARRIERS_WORKFLOW)
    stands = [(reference, bond_standing(reference, flow, lookup)) for reference in barrier_references()]
    enthalpies, without = _enthalpies(stands)
    points = tuple(
        HomolysisPoint(
            id=reference.id,
            kind=bond_kind(reference.reaction),
            reference_k=reference.measured.reference_k,
            measured_kcal_mol=reference.measured.gibbs_kcal_mol,
            log10_a=_log10_a(reference.measured),
            enthalpy_kcal_mol=enthalpies[reference.id],
        )
        for reference, _ in stands
        if reference.reaction.step == "homolysis" and reference.id in enthalpies
    )
    if len({point.kind for point in points}) < 2:
        raise InputError(
            f"{len(points)} of {len(stands)} reference barriers are computed: too few for a table"
        )
    rates = homolysis_rates(points)
    shifted = (shift_table(one, enthalpies) for one in heat_classes())
    return BarrierValidation(
        homolyses=points,
        rates=rates,
        tables=(
            *homolysis_tables(points, rates),
            *class_tables(),
            *(table for table in shifted if table is not None),
        ),
        routes=route_tables(searches, searched_barriers()),
        searches=searches,
        enthalpies={name: value for name, value in enthalpies.items() if name not in {p.id for p in points}},
        without=without,
        left_out=left_out(),
        cpu_s=_mean_cpu_s([stand for reference, stand in stands if reference.id in enthalpies]),
    )


def _enthalpies(
    stands: Sequence[tuple[BarrierReference, BondStanding]],
) -> tuple[dict[str, float], dict[str, str]]:
    """Sound enthalpies by name, and the reason where there is none."""
    found: dict[str, float] = {}
    without: dict[str, str] = {}
    for reference, stand in stands:
        enthalpy = stand.known.enthalpy_kcal_mol() if stand.state == "done" else None
        breaks = reference.reaction.step == "homolysis"
        unsound = UNSOUND.get(bond_kind(reference.reaction), "") if breaks else ""
        if enthalpy is not None and enthalpy.calibrated and not unsound:
            found[reference.id] = enthalpy.value
        else:
            without[reference.id] = stand.reason or stand.known.caveat or unsound or "a species is no minimum"
    return found, without


def _log10_a(measured: MeasuredBarrier) -> float | None:
    return None if measured.law is None else measured.law.log10_a(measured.reference_k)


def _mean_cpu_s(stands: Sequence[BondStanding]) -> dict[str, float]:
    kinds = sorted({kind for stand in stands for kind in stand.cpu_s})
    return {kind: sum(stand.cpu_s.get(kind, 0.0) for stand in stands) / len(stands) for kind in kinds}
