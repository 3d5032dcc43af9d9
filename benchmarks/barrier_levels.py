"""Searched barriers at another level: `python benchmarks/barrier_levels.py [ID ...] --level r2scan-3c`.

Takes searches that `benchmarks/barriers.py` has brought to their end in the same store, and computes reactant
and summit of each path once more, at the level asked for; geometries and vibrations stay. One JSON line per
molecule: the electronic barrier and the error of the Gibbs energy of activation (kcal/mol) at both levels and
of their mean; the last line has the errors by route.
"""

import argparse
import sys
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.barriers import computed, summary
from benchmarks.measurement import TOP, Record, report

from actinic import Workflow
from actinic.analysis.path_searches import SearchedBarrier, searched_barriers
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Outcome
from actinic.calculations.path_energy import PathEnergyRequest, PathEnergyResult
from actinic.level import Level
from actinic.screening.path_references import path_standing
from actinic.screening.store import Store
from actinic.units import HARTREE_KCAL_MOL
from actinic.validation_barriers import PATHS_WORKFLOW


def main() -> None:
    """Compute twice two single points each and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ids", nargs="*", help="of the table; without any, all that are at their end")
    parser.add_argument("--level", required=True, help="such as r2scan-3c")
    parser.add_argument("--store", type=Path, default=TOP / "results" / "barriers.sqlite")
    options = parser.parse_args()
    errors: dict[str, dict[str, list[float]]] = {}
    with Store(options.store) as store:
        for barrier in searched_barriers():
            if options.ids and barrier.id not in options.ids:
                continue
            line = beside(barrier, store, Level.parse(options.level))
            if line is not None:
                report(line)
                for which, error in line["error_kcal_mol"].items():
                    errors.setdefault(barrier.route, {}).setdefault(which, []).append(error)
    report({route: {which: summary(found) for which, found in by.items()} for route, by in errors.items()})


def beside(barrier: SearchedBarrier, store: Store, level: Level) -> Record | None:
    """Both barriers; None where the search is not at its end, was refused, or nothing was measured."""
    asked: list[Request] = []

    def noting(request: Request) -> Outcome | None:
        asked.append(request)
        return store.lookup(request)

    row = path_standing(barrier, Workflow.load(PATHS_WORKFLOW), noting).row
    if row is None or row.error_kcal_mol is None:
        return None
    first = next(one for one in reversed(asked) if isinstance(one, PathEnergyRequest))
    known = energies(first, store)
    summit = first.frames[known.highest]
    again = msgspec.structs.replace(first, frames=(summit,), first=0, climb=False, level=level)
    anew = energies(again, store)
    barriers = [one.barrier_hartree * HARTREE_KCAL_MOL for one in (known, anew)]
    shift = barriers[1] - barriers[0]
    off = {str(first.level): 0.0, str(level): shift, "mean": shift / 2}
    return {
        "id": barrier.id,
        "route": barrier.route,
        "barrier_kcal_mol": dict(zip(off, (round(one, 2) for one in barriers), strict=False)),
        "error_kcal_mol": {name: round(row.error_kcal_mol + value, 2) for name, value in off.items()},
    }


def energies(request: PathEnergyRequest, store: Store) -> PathEnergyResult:
    """From the store, or computed and remembered."""
    outcome = store.lookup(request)
    if outcome is None:
        outcome = computed(request)
        store.add(request, outcome)
    if not isinstance(outcome.result, PathEnergyResult):
        raise SystemExit(f"{request.level}: {outcome.failure}")
    return outcome.result


if __name__ == "__main__":
    main()
