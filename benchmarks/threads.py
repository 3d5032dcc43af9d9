"""Two jobs side by side, or one after the other on more threads: `python benchmarks/threads.py`.

Prints one JSON line: molecules per hour of wall clock for ground state and ten roots (`spectrum`) and for the
GFN2 minimum (`minimum`). `gain` above 1 speaks for two processes of one thread each, below 1 for one process
of two threads. Imports do not count: the processes of a screen stay warm. Wants two cores that do nothing
else, for threads that wait for each other on a busy machine are slower by far; `load_before` says whether it
had them.
"""

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.geometries import SMILES
from benchmarks.measurement import N_ROOTS, Record, child, machine, report

JOBS = 2
KINDS = ("spectrum", "minimum")


def main() -> None:
    """Run every molecule both ways."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--molecules", nargs="+", choices=SMILES, default=["phenyl-azide", "2-lixer"],
        help="default: %(default)s",
    )  # fmt: skip
    options.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS), help="default: both")
    options.add_argument("--level", default="b3lyp/def2-svp", help="default: %(default)s")
    options.add_argument("--repeats", type=int, default=5, help="minima in one job; default: %(default)s")
    options.add_argument("--threads", type=int, default=2, help="of the jobs in turn; default: %(default)s")
    options.add_argument("--quick", action="store_true", help="formaldehyde in STO-3G: does it all work?")
    arguments = options.parse_args()
    load_before = os.getloadavg()[0]
    names, level = arguments.molecules, arguments.level
    if arguments.quick:
        names, level = ["formaldehyde"], "b3lyp/sto-3g"
    method, basis = level.lower().split("/")
    jobs: dict[str, tuple[str, Record, int]] = {
        "spectrum": (
            "own",
            {
                "method": method,
                "basis": basis,
                "scf": {},
                "response": {"cover_ev": 1000.0, "max_roots": N_ROOTS},
            },
            1,
        ),
        "minimum": ("relaxation", {"repeats": arguments.repeats}, arguments.repeats),
    }
    found: Record = {}
    for kind in arguments.kinds:
        module, request, molecules_per_job = jobs[kind]
        request |= {"threads": arguments.threads}
        found[kind] = {
            name: both_ways(module, request | {"molecule": name}, molecules_per_job) for name in names
        }
    report(
        {
            "benchmark": "threads",
            **found,
            "level": f"{method}/{basis}",
            "threads_in_turn": arguments.threads,
            "load_before": load_before,
            "machine": machine(),
        }
    )


def both_ways(module: str, request: Record, molecules_per_job: int) -> Record:
    """Two equal jobs of `benchmarks.module`: together on a thread each, in turn on `request["threads"]`."""
    with ThreadPoolExecutor(JOBS) as pool:
        together = list(pool.map(child, [module] * JOBS, [request | {"threads": 1}] * JOBS))
    in_turn = [child(module, request) for _ in range(JOBS)]
    per_hour = 3600 * JOBS * molecules_per_job
    # Side by side the slower one ends the work, in turn the times add up.
    rates = per_hour / max(map(_wall_s, together)), per_hour / sum(map(_wall_s, in_turn))
    return {
        "side_by_side_per_hour": rates[0],
        "in_turn_per_hour": rates[1],
        "gain": rates[0] / rates[1],
        "side_by_side_wall_s": [_wall_s(one) for one in together],
        "in_turn_wall_s": [_wall_s(one) for one in in_turn],
        "side_by_side_core_s": [_core_s(one) for one in together],
        "in_turn_core_s": [_core_s(one) for one in in_turn],
    }


def _wall_s(record: Record) -> float:
    return _sum(record, "wall_s")


def _core_s(record: Record) -> float:
    return _sum(record, "core_s")


def _sum(record: Record, key: str) -> float:
    """Of a child that does one thing, or ground state and response."""
    return float(sum(record[name] for name in (key, f"scf_{key}", f"response_{key}") if name in record))


if __name__ == "__main__":
    main()
