"""Searches for reaction paths against measured barriers: how many succeed, how far off, at what cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from actinic.analysis.heat_classes import HALF_HOUR_S
from actinic.analysis.kinetics import CELSIUS_K, RateLaw
from actinic.analysis.path_rates import error_from, path_law
from actinic.analysis.path_searches import SearchedBarrier, SearchRow
from actinic.analysis.validation import Summary, summary
from actinic.calculations.path import ReactionPath
from actinic.units import BOLTZMANN_KCAL_MOL_K, HARTREE_KCAL_MOL


@dataclass(frozen=True, slots=True)
class RouteTable:
    """All searches of one route, or those of one family by it.

    Attributes:
        route: Its name.
        family: Kind of molecule; empty for all of the route.
        asked: Reactions of the table.
        n: Those that were searched.
        accepted: Searches that passed every check.
        errors: Calculated minus measured, kcal/mol, of the accepted ones; None without any.
        coverage: Shares of these within one and 1.96 of the standard errors that follow for the route from
            all of its searches; None without any.
        core_min: Mean processor time of a search; None where nothing was searched.
    """

    route: str
    family: str
    asked: int
    n: int
    accepted: int
    errors: Summary | None
    coverage: tuple[float, float] | None
    core_min: float | None


def search_row(barrier: SearchedBarrier, path: ReactionPath, core_s: dict[str, float]) -> SearchRow:
    """What a search that has come to its end found, next to what was measured."""
    law = path_law(path, barrier.reference_k)
    numbers = {} if law is None else _numbers(barrier, path, law)
    return SearchRow(
        id=barrier.id,
        route=barrier.route,
        failed_step=path.failed_step,
        failure=path.failure,
        core_s=core_s,
        **numbers,
    )


def route_tables(rows: Sequence[SearchRow], asked: Sequence[SearchedBarrier]) -> tuple[RouteTable, ...]:
    """Success, errors and cost, by route and, below it, by family.

    Args:
        rows: Searches that came to their end.
        asked: What was to be searched; a row that is not of it is left out.
    """
    found = []
    for route in sorted({barrier.route for barrier in asked}):
        of_route = [barrier for barrier in asked if barrier.route == route]
        stated = error_from(row.error_kcal_mol for row in _of(rows, of_route)).kcal_mol
        found.append(_table(route, "", rows, of_route, stated))
        for family in dict.fromkeys(barrier.family for barrier in of_route):
            own = [barrier for barrier in of_route if barrier.family == family]
            found.append(_table(route, family, rows, own, stated))
    return tuple(found)


def _of(rows: Sequence[SearchRow], asked: Sequence[SearchedBarrier]) -> list[SearchRow]:
    names = {barrier.id for barrier in asked}
    return [row for row in rows if row.id in names]


def _table(
    route: str, family: str, rows: Sequence[SearchRow], asked: Sequence[SearchedBarrier], stated: float
) -> RouteTable:
    own = _of(rows, asked)
    errors = np.array([row.error_kcal_mol for row in own if row.error_kcal_mol is not None])
    sizes = np.abs(errors) / stated
    return RouteTable(
        route=route,
        family=family,
        asked=len(asked),
        n=len(own),
        accepted=sum(not row.failure for row in own),
        errors=summary(errors) if errors.size else None,
        coverage=(float((sizes <= 1.0).mean()), float((sizes <= 1.96).mean())) if errors.size else None,
        core_min=fmean(sum(row.core_s.values()) / 60.0 for row in own) if own else None,
    )


def _numbers(barrier: SearchedBarrier, path: ReactionPath, law: RateLaw) -> dict[str, float | None]:
    top, energies, saddle = path.transition_state, path.energies, path.saddle
    assert top is not None
    assert energies is not None
    assert saddle is not None
    known = energies.energies_hartree
    at_saddle = known[0 if len(known) == 1 else len(saddle.backward)]
    above = None if at_saddle is None else (at_saddle - energies.reactant_hartree) * HARTREE_KCAL_MOL
    temperature_k, measured = barrier.reference_k, barrier.measured_kcal_mol
    gibbs = law.gibbs_kcal_mol(temperature_k)
    return {
        "barrier_kcal_mol": round(energies.barrier_hartree * HARTREE_KCAL_MOL, 2),
        "at_saddle_kcal_mol": None if above is None else round(above, 2),
        "imaginary_cm": top.frequencies_cm[0],
        "softest_cm": top.frequencies_cm[1],
        "spin_square": energies.summit_spin_square,
        "enthalpy_kcal_mol": round(law.enthalpy_kcal_mol, 2),
        "entropy_cal_mol_k": round(1000 * law.entropy_kcal_mol_k, 2),
        "arrhenius_kcal_mol": round(law.enthalpy_kcal_mol + BOLTZMANN_KCAL_MOL_K * temperature_k, 2),
        "temperature_k": temperature_k,
        "gibbs_kcal_mol": round(gibbs, 2),
        "measured_kcal_mol": measured,
        "error_kcal_mol": None if measured is None else round(gibbs - measured, 2),
        "half_hour_c": _half_hour_c(law),
        "measured_half_hour_c": None if barrier.law is None else _half_hour_c(barrier.law),
    }


def _half_hour_c(law: RateLaw) -> float:
    """Temperature at which half has reacted in 30 min."""
    return round(law.temperature_k(HALF_HOUR_S) - CELSIUS_K, 1)
