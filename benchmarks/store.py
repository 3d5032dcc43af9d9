"""Throughput of the store: `python benchmarks/store.py [--rows N] [--quick]`.

Prints one JSON line. The rows are ensembles of 12 conformers of a molecule of 15 atoms (7 KB each). They are
written one by one, as outcomes of long calculations arrive, and 20 at a time, as those that arrive together
are; looked up by request; exported and imported again; and the store is opened for writing, which reads the
whole file once. The ratios are against one JSON file per result, written, synced and moved into place and
the folder synced, as someone without a store would keep them. `disk_sync` is what the disk allows: 5 KB
appended and synced. `overhead_ms` is what a calculation costs beside itself, elapsed, with calculations that
are refused at once: in a warm child alone, and from the driver through Dask and the child to the disk, one at
a time.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from benchmarks.measurement import machine, report

from actinic.calculations import kinds
from actinic.calculations.ensemble import Conformer, EnsembleRequest, EnsembleResult
from actinic.calculations.outcome import Outcome, Provenance
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.level import Level
from actinic.screening.cluster import LAPTOP, Pool
from actinic.screening.lookup import Lookup
from actinic.screening.run import Driver
from actinic.screening.store import Arrived, Store
from actinic.screening.store_export import export, import_results
from actinic.screening.worker import Limits, perform
from actinic.screening.workflow import Workflow

BATCH = 20
DIFFERENT = 50
N_CONFORMERS, N_ATOMS = 12, 15


def main() -> None:
    """Measure."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=20_000, help="in batches; default: %(default)s")
    options.add_argument("--singles", type=int, default=1000, help="one by one; default: %(default)s")
    options.add_argument("--folder", type=Path, help="on the disk to be measured; default: a temporary one")
    options.add_argument("--quick", action="store_true", help="200 rows and 20 singles")
    arguments = options.parse_args()
    rows, singles = (200, 20) if arguments.quick else (arguments.rows, arguments.singles)
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        report(measured(Path(folder), rows, singles) | {"machine": machine()})


def measured(folder: Path, rows: int, singles: int) -> dict[str, object]:
    """Rates per second, and their ratios."""
    for n in range(DIFFERENT):
        result(n)
    batched, single = folder / "batched.sqlite", folder / "single.sqlite"
    with Store(single) as store:
        one_by_one = rate(singles, lambda: write(store, ([one] for one in outcomes(singles))))
    with Store(batched) as store:
        batches = rate(rows, lambda: write(store, batches_of(outcomes(rows))))
        looked_up = rate(rows, lambda: [store.lookup(one.request) for one in outcomes(rows)])
        exported = rate(rows, lambda: export(store, folder / "e.jsonl.gz"))
    with Store(folder / "imported.sqlite") as store:
        imported = rate(rows, lambda: import_results(store, folder / "e.jsonl.gz"))
    files = rate(singles, lambda: write_files(folder, singles))
    overhead_ms = {"child": child_ms(singles), "driver_to_disk": driver_ms(folder, singles)}
    opening_s = 1 / rate(1, lambda: Store(batched).close())
    return {
        "benchmark": "store",
        "rows": rows,
        "singles": singles,
        "row_bytes": len(kinds.encode(result(0))),
        "store_mb": round(batched.stat().st_size / 2**20, 1),
        "export_mb": round((folder / "e.jsonl.gz").stat().st_size / 2**20, 1),
        "opening_s": round(opening_s, 3),
        "overhead_ms": overhead_ms,
        "per_s": {
            "one_by_one": round(one_by_one),
            "in_batches": round(batches),
            "lookup": round(looked_up),
            "export": round(exported),
            "import": round(imported),
            "files": round(files),
            "disk_sync": round(rate(singles, lambda: sync(folder / "synced", singles))),
        },
        "ratio_to_files": {
            "one_by_one": round(one_by_one / files, 2),
            "in_batches": round(batches / files, 2),
        },
    }


def refused(number: int) -> list[EnsembleRequest]:
    """Requests that end at once, as wrong inputs."""
    level = Level.parse("gfn2-xtb")
    species = Species("CCO", 0, 1)
    return [
        EnsembleRequest(species, level, "tblite", 0, 3.0, 0.3, n, 0.01, 300, 298.15)
        for n in range(1, number + 1)
    ]


def child_ms(number: int) -> float:
    """Elapsed time per call of a warm child."""
    limits = Limits(60.0, 4000.0, 1)
    perform(kinds.encode(refused(1)[0]), limits)  # starts it
    texts = [kinds.encode(request) for request in refused(number)]
    return round(1000 / rate(number, lambda: [perform(text, limits) for text in texts]), 2)


@dataclass(frozen=True)
class Refused:
    """An item of the driver."""

    id: str
    request: EnsembleRequest


@dataclass(frozen=True)
class Where:
    """Where it stands."""

    state: str
    missing: tuple[EnsembleRequest, ...]


class Silent:
    """Shows nothing."""

    def item_finished(self, item: Any, where: Any) -> None:
        """Nothing."""

    def calculation_finished(self, request: Any, outcome: Any, waiting: Any) -> None:
        """Nothing."""

    def tick(self, at_work: Any, tally: Any) -> None:
        """Nothing."""


def driver_ms(folder: Path, number: int) -> float:
    """Elapsed time per calculation from the driver to the disk, in one slot."""

    def plan(item: Refused, _: Workflow, lookup: Lookup) -> Where:
        return Where("done", ()) if lookup(item.request) else Where("waiting", (item.request,))

    flow = Workflow.load("photo-ligand")
    with Store(folder / "driven.sqlite") as store, Pool(LAPTOP.changed(1, None)) as pool:
        driver = Driver(plan, flow, store, pool, Silent(), retry_failed=False)
        items = [Refused(str(n), request) for n, request in enumerate(refused(number))]
        driver.run(items[:1])
        return round(1000 / rate(number - 1, lambda: driver.run(items[1:])), 2)


def write(store: Store, batches: Iterable[list[Arrived]]) -> None:
    """Write and sync batch by batch."""
    for batch in batches:
        store.add_all(batch)


def rate(number: int, deed: Callable[[], object]) -> float:
    """Things done per second of elapsed time."""
    start_s = time.perf_counter()
    deed()
    return number / (time.perf_counter() - start_s)


@cache
def result(n: int) -> EnsembleResult:
    """Coordinates drawn at random, the same for equal `n`."""
    draw = np.random.default_rng(n)
    made = []
    for energy_hartree in np.sort(draw.normal(-30.0, 0.01, N_CONFORMERS)).tolist():
        positions = draw.normal(0.0, 3.0, (N_ATOMS, 3))
        geometry = Geometry.from_angstrom(["C"] * N_ATOMS, positions)
        made.append(Conformer(geometry, energy_hartree, 1, 1 / N_CONFORMERS, -10.1, -6.2, 1.5))
    return EnsembleResult(tuple(made), N_CONFORMERS, 0, 0, None, None)


def outcomes(number: int) -> Iterator[Arrived]:
    """Requests with their outcomes; a few different results, drawn before anything is measured."""
    here = Provenance({"actinic": "0", "tblite": "0"}, "here", "2026-01-01T00:00:00+00:00", 9.0, 8.9, 300.0)
    species, level = Species("CCO", 0, 1), Level.parse("gfn2-xtb")
    for n in range(1, number + 1):
        request = EnsembleRequest(species, level, "tblite", n, 3.0, 0.3, 24, 0.01, 300, 298.15)
        yield Arrived(request, Outcome(result(n % DIFFERENT), None, here))


def batches_of(arriving: Iterator[Arrived]) -> Iterator[list[Arrived]]:
    """Twenty at a time."""
    while batch := [one for _, one in zip(range(BATCH), arriving, strict=False)]:
        yield batch


def write_files(folder: Path, number: int) -> None:
    """One file per result, as safe as a row of the store."""
    target = folder / "files"
    target.mkdir()
    directory = os.open(target, os.O_RDONLY)
    for one in outcomes(number):
        assert one.outcome.result is not None
        path = target / f"{kinds.key(one.request)}.json"
        write_synced(path.with_suffix(".partial"), kinds.encode(one.outcome.result))
        path.with_suffix(".partial").replace(path)
        os.fsync(directory)
    os.close(directory)


def write_synced(path: Path, text: bytes) -> None:
    """Write, and return once it is on the disk."""
    with path.open("wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def sync(path: Path, number: int) -> None:
    """Append 5 KB and sync, again and again."""
    with path.open("wb") as file:
        for _ in range(number):
            file.write(b"x" * 5000)
            file.flush()
            os.fsync(file.fileno())


if __name__ == "__main__":
    main()
