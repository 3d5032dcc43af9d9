"""Time and memory against size: `python benchmarks/scaling.py [--rings N ...]`.

Prints one JSON line. The series is that of the para-oligophenyl azides, n rings and an azide, 6 n + 3 heavy
atoms; ground state and ten roots with the settings of a screen, each molecule in a process of its own. The
exponents are slopes of straight lines through the logarithms against the number of heavy atoms; memory
includes some 130 MB of interpreter and libraries, which flatten its line.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from benchmarks.measurement import N_ROOTS, Record, child, machine, report

RINGS = (1, 2, 3, 4, 5)


def main() -> None:
    """Run the series."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--rings", type=int, nargs="+", default=RINGS, choices=range(1, 11), help="default: %(default)s"
    )
    options.add_argument("--level", default="b3lyp/def2-svp", help="default: %(default)s")
    options.add_argument("--threads", type=int, default=1, help="default: %(default)s")
    options.add_argument(
        "--memory-mb", type=int, default=12000, help="budget of either step; default: %(default)s"
    )
    options.add_argument("--quick", action="store_true", help="one and two rings in STO-3G")
    arguments = options.parse_args()
    level, rings = arguments.level, arguments.rings
    if arguments.quick:
        level, rings = "b3lyp/sto-3g", (1, 2)
    method, basis = level.lower().split("/")
    budget = {"memory_mb": arguments.memory_mb}
    request = {
        "method": method,
        "basis": basis,
        "threads": arguments.threads,
        "scf": budget,
        "response": budget | {"cover_ev": 1000.0, "max_roots": N_ROOTS},
    }
    points = [_point(request | {"molecule": f"oligophenyl-{n}"}) for n in rings]
    report(
        {
            "benchmark": "scaling",
            "series": "para-oligophenyl azides",
            "level": level,
            "threads": arguments.threads,
            "exponents": {
                key: exponent(points, key) for key in ("scf_core_s", "response_core_s", "core_s", "peak_mb")
            },
            "points": points,
            "machine": machine(),
        }
    )


def _point(request: Record) -> Record:
    """One molecule; shown at once, for the largest take long and may not fit."""
    own = child("own", request)
    kept = (
        "heavy_atoms", "functions", "fitting_functions", "scf_cycles", "scf_core_s", "response_core_s",
        "peak_mb", "ratio_to_gemm_ceiling",
    )  # fmt: skip
    point = {key: own[key] for key in kept} | {"core_s": own["scf_core_s"] + own["response_core_s"]}
    print(json.dumps(point), file=sys.stderr, flush=True)
    return point


def exponent(points: Sequence[Record], key: str) -> float:
    """Slope of the logarithm of `key` against that of the number of heavy atoms."""
    sizes, values = (np.log([point[one] for point in points]) for one in ("heavy_atoms", key))
    return float(np.polyfit(sizes, values, 1)[0])


if __name__ == "__main__":
    main()
