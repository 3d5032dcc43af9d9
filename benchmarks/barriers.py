"""Searched barriers against measured ones: `python benchmarks/barriers.py [ID ...] [--store FILE]`.

The reactions of `reference/barriers/searches.csv` go through the searches of the `heat-ligand` workflow,
stage after stage in this process; what the store has is not computed again. One JSON line per molecule:
barrier, enthalpy, entropy and Gibbs energy of activation at the temperature of the measurement, its error,
the temperature at which half has reacted in 30 min, calculated and measured, processor time by stage; the
last line has the errors by route, and how far apart two molecules lie in that temperature (`PAIRS`). With
`--known` nothing is computed; `--ship FOLDER` writes what the package ships, lines and calculations.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.measurement import TOP, report

from actinic import Workflow
from actinic.analysis.path_searches import SEARCHES, SearchedBarrier, SearchRow, searched_barriers
from actinic.calculations import kinds
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Failure, Outcome, Provenance
from actinic.errors import ActinicError
from actinic.screening.path_references import path_standing
from actinic.screening.store import Store
from actinic.screening.store_export import Noting, export
from actinic.validation_barriers import PATHS_EXPORT, PATHS_WORKFLOW

PAIRS = (("isopropyl-dimethylcarbamate", "tert-butyl-dimethylcarbamate"),)
"""Molecules whose difference in temperature a screen is asked for within 20 C."""


def main() -> None:
    """Search what is asked for and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ids", nargs="*", help="of the table; all where none is given")
    parser.add_argument("--store", type=Path, default=TOP / "results" / "barriers.sqlite")
    parser.add_argument("--known", action="store_true", help="report what the store has, compute nothing")
    parser.add_argument("--ship", type=Path, metavar="FOLDER", help="write lines and calculations there")
    options = parser.parse_args()
    asked = [one for one in searched_barriers() if not options.ids or one.id in options.ids]
    with Store(options.store) as store:
        found = []
        for barrier in asked:
            row = searched(barrier, store, compute=not options.known)
            if row is not None:
                report(msgspec.to_builtins(row))
                found.append(row)
        last = end(found)
        report(last)
        if options.ship is not None:
            ship(asked, store, found, options.ship)


def searched(barrier: SearchedBarrier, store: Store, *, compute: bool) -> SearchRow | None:
    """What a search found; None where stages are missing and nothing shall be computed."""
    flow = Workflow.load(PATHS_WORKFLOW)
    while (stand := path_standing(barrier, flow, store.lookup)).missing:
        if not compute:
            return None
        for request in stand.missing:
            store.add(request, computed(request))
    return stand.row


def computed(request: Request) -> Outcome:
    """What one stage yields, a failure included."""
    start_cpu_s, start_s = time.process_time(), time.monotonic()
    result, failure = None, None
    try:
        result = kinds.compute(request)
    except ActinicError as error:
        failure = Failure(type(error).__name__, error.message, "")
    cpu_s, wall_s = time.process_time() - start_cpu_s, time.monotonic() - start_s
    return Outcome(result, failure, Provenance({}, "", "", round(wall_s, 2), round(cpu_s, 2), 0.0))


def end(rows: Sequence[SearchRow]) -> dict[str, Any]:
    """The last line: errors by route, differences of pairs in C."""
    errors: dict[str, list[float]] = {}
    for row in rows:
        if row.error_kcal_mol is not None:
            errors.setdefault(row.route, []).append(row.error_kcal_mol)
    by_name = {row.id: row for row in rows if row.half_hour_c is not None}
    found: dict[str, Any] = {route: summary(values) for route, values in errors.items()}
    for pair in PAIRS:
        if all(name in by_name for name in pair):
            found[" - ".join(pair)] = apart(*(by_name[name] for name in pair))
    return found


def apart(later: SearchRow, sooner: SearchRow) -> dict[str, float]:
    """Difference in temperature, in C, calculated and measured."""
    pairs = {
        "half_hour_c": (later.half_hour_c, sooner.half_hour_c),
        "measured_half_hour_c": (later.measured_half_hour_c, sooner.measured_half_hour_c),
    }
    return {name: round(a - b, 1) for name, (a, b) in pairs.items() if a is not None and b is not None}


def ship(asked: Sequence[SearchedBarrier], store: Store, rows: Sequence[SearchRow], folder: Path) -> None:
    """Write the lines, and the calculations of the searches that came to their end."""
    flow, noting = Workflow.load(PATHS_WORKFLOW), Noting(store)
    names = {row.id for row in rows}
    for barrier in asked:
        if barrier.id in names:
            path_standing(barrier, flow, noting)
    lines = [json.dumps(line) for line in (*msgspec.to_builtins(rows), end(rows))]
    (folder / SEARCHES).write_text("\n".join(lines) + "\n", encoding="utf-8")
    export(store, folder / PATHS_EXPORT, noting.keys)


def summary(errors: list[float]) -> dict[str, float]:
    """Number, mean and root of the mean square."""
    values = np.array(errors)
    return {
        "n": len(errors),
        "mean_error": round(float(values.mean()), 2),
        "rmse": round(float(np.sqrt((values**2).mean())), 2),
    }


if __name__ == "__main__":
    main()
