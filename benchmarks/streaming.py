"""Memory and pace of the driver on long lists: `python benchmarks/streaming.py [--candidates N ...]`.

Prints one JSON line per length of list. Calculations are stood in for by conformers that cost nothing (the
workflow asks for GFN2 conformers alone, no spectra), so that what is left is reading, planning, storing and
ranking, each in a process of its own: `read` makes the snapshot of the list, `drive` brings every candidate
to its end, `rank` is `actinic report`, shared out between the cores as there. Memory is the growth of the
resident memory of each process (without files) from its start to its peak, seen from outside; processes that
it shares its work with have a figure of their own. `--phases read` and the like measure one at a time;
they then find in `--folder` what earlier ones have left there. `dask` is what handing a calculation to Dask
and taking its outcome back costs in processor time, worker threads included; a driver that does nothing else
is saturated by so many workers with calculations of 10 s as `saturated_by_workers` says. `--rows N ...` ranks
made-up rows and does nothing else: scores, Pareto front, drawn rankings, table.
"""

import argparse
import itertools
import math
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import msgspec
import numpy as np
from benchmarks.measurement import machine, report
from rich.console import Console

from actinic import api
from actinic.analysis.criteria import FLOOR
from actinic.analysis.robustness import Desires
from actinic.calculations import kinds
from actinic.calculations.ensemble import Conformer, EnsembleRequest, EnsembleResult
from actinic.calculations.outcome import Outcome, Provenance
from actinic.chemistry.candidates import read_candidates
from actinic.chemistry.geometry import Geometry
from actinic.reporting.progress import Display
from actinic.reporting.rows import RowCells
from actinic.reporting.table import Ranked, write_csv
from actinic.screening import cluster
from actinic.screening.chunks import Hint
from actinic.screening.folder import RunFolder
from actinic.screening.limits import Limit
from actinic.screening.plan import progress
from actinic.screening.run import Driver
from actinic.screening.store import Store
from actinic.screening.worker import Limits
from actinic.screening.workflow import Workflow

TOP = Path(__file__).parents[1]
LENGTHS, QUICK = (1000, 10_000), (30,)
GROUPS = (
    *(
        "C",
        "CC",
        "CCC",
        "C(C)C",
        "O",
        "OC",
        "OCC",
        "N",
        "NC",
        "N(C)C",
        "F",
        "Cl",
        "Br",
        "C#N",
        "C=O",
        "C(=O)C",
    ),
    *("C(=O)O", "C(=O)OC", "C(=O)N", "S", "SC", "S(C)(=O)=O", "C=C", "C#C", "CO", "CN", "CF", "C(F)(F)F"),
    *("OC=O", "OC(=O)C", "NC=O", "NC(=O)C", "CC#N", "CCO", "CCN", "CCF", "CCCl", "COC", "CSC", "CC=C"),
)
"""40, so that three places of pyridine make 64,000 molecules, and a fourth 2.6 million."""

ROOM = 64
REQUEST_BYTES, CALCULATION_S = 5000, 10.0
WATCH_EVERY_S = 0.1
HERE = Provenance({}, "here", "", 0.0, 0.0, 0.0)


def smiles(number: int) -> Iterator[str]:
    """Different pyridines."""
    places = itertools.product(("", *GROUPS), GROUPS, GROUPS, GROUPS)
    for four, one, two, three in itertools.islice(places, number):
        yield f"n1c({one})c({two})c({three})c{f'({four})' if four else ''}c1"


class InstantPool:
    """Answers at the next question."""

    slots = 1
    memory_mb = most_memory_mb = 4000.0

    def __init__(self) -> None:
        self._waiting: deque[tuple[str, bytes]] = deque()

    @property
    def has_room(self) -> bool:
        """Whether another calculation should be submitted now."""
        return len(self._waiting) < ROOM

    def submit(self, key: str, request: bytes, limit: Limit, hint: Hint) -> None:
        """Take a request."""
        del limit, hint
        self._waiting.append((key, request))

    def completed(self, timeout_s: float) -> list[tuple[str, bytes | BaseException]]:
        """Answer half of what waits."""
        del timeout_s
        taken = [self._waiting.popleft() for _ in range(max(1, len(self._waiting) // 2))]
        return [(key, answer(text)) for key, text in taken]


def answer(text: bytes) -> bytes:
    """An outcome of the right size, from nothing."""
    request = kinds.decode_request(text)
    assert isinstance(request, EnsembleRequest)
    n_atoms = request.species.molecule().GetNumAtoms()
    made = Conformer(row_of_atoms(n_atoms), -1.0, 1, 1.0, -9.0, 1.0, 1.0)
    return msgspec.json.encode(Outcome(EnsembleResult((made,), 1, 0, 0, None, None), None, HERE))


@cache
def row_of_atoms(number: int) -> Geometry:
    """Any geometry of so many atoms."""
    places = np.arange(3.0 * number).reshape(-1, 3)
    return Geometry.from_angstrom(["C"] * number, places)


def read(folder: Path) -> None:
    """The list becomes the snapshot of a run."""
    run = RunFolder(folder / "out")
    run.write_candidates(read_candidates(folder / "list.csv"))
    run.write_workflow(Workflow.load(TOP / "tests" / "reference" / "tight.toml"))
    record = {"state": "finished", "store": str(folder / "s.sqlite"), "pid": 0, "host": "", "in_flight": [],
              "calculations": {"computed": 0, "reused": 0, "failed": 0}}  # fmt: skip
    run.write_record(record)


def drive(folder: Path) -> None:
    """Every candidate is brought to its end."""
    run = RunFolder(folder / "out")
    with Store(folder / "s.sqlite") as store, (folder / "log").open("w") as log:
        display = Display(Console(file=log), 0, lambda *_: None)
        driver = Driver(progress, run.read_workflow(), store, InstantPool(), display, retry_failed=False)
        driver.run(run.usable_candidates())


def rank(folder: Path) -> None:
    """What `actinic report` does; `api.report` returns the table, which holds every row."""
    api.reported(folder / "out")


PHASES = {"read": read, "drive": drive, "rank": rank}


def order(folder: Path) -> None:
    """Rows that cost nothing are ordered, judged against each other and written."""
    flow, number = Workflow.load("photo-ligand"), int((folder / "rows").read_text())
    ranked, draw = Ranked(flow, folder), random.Random(7)
    names = [criterion.name for criterion in flow.criteria]
    cells = tuple(
        column.name if column.decimals is None else 1.5 if column.decimals else 2.0
        for column in ranked.columns
    )
    for i in range(number):
        means = [draw.betavariate(0.6, 1.2) for _ in names]
        draws = tuple(tuple(max(FLOOR, min(1.0, mean + 0.01 * k)) for k in range(33)) for mean in means)
        expected = tuple(round(max(FLOOR, mean), 6) for mean in means)
        wishes = Desires(f"m{i}", tuple(range(len(names))), expected, draws)
        score = round(math.prod(expected) ** (1 / len(names)), 4)
        ranked.add(RowCells(f"m{i:07}", "done", cells, (), score, wishes))
    write_csv(ranked.tables(), folder / "ranked.csv")


def echo(request: bytes, limits: Limits) -> bytes:
    """Stands in for a calculation."""
    del limits
    return request


def pace_of_dask(number: int) -> dict[str, float]:
    """Cost of a task that does nothing."""
    vars(cluster)["perform"] = echo
    with cluster.Pool(cluster.LAPTOP.changed(16, None)) as pool:
        start_s, waiting, taken = time.process_time(), deque(map(str, range(number))), 0
        while taken < number:
            while waiting and pool.has_room:
                pool.submit(waiting.popleft(), b"x" * REQUEST_BYTES, Limit(60.0, 4000.0))
            taken += len(pool.completed(1.0))
        task_s = (time.process_time() - start_s) / number
    return {"cpu_ms_per_task": round(1000 * task_s, 2), "saturated_by_workers": round(CALCULATION_S / task_s)}


def measured(phase: Callable[[Path], None], folder: Path) -> dict[str, float]:
    """Core-seconds and growth of memory of one phase, in a process of its own, watched from this one.

    A thread in it that watched would keep it from forking, as `actinic report` does.
    """
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as fresh:
        pid = fresh.submit(os.getpid).result()
        before_mb = own_memory_mb(pid)
        most_mb, most_shared_mb = before_mb, 0.0
        working = fresh.submit(_seconds, phase, folder)
        while not working.done():
            most_mb = max(most_mb, own_memory_mb(pid))
            most_shared_mb = max(most_shared_mb, sum(map(own_memory_mb, children(pid))))
            time.sleep(WATCH_EVERY_S)
        found = {"cpu_s": round(working.result(), 2), "growth_mb": round(most_mb - before_mb, 1)}
    return found | {"helpers_mb": round(most_shared_mb, 1)} if most_shared_mb else found


def _seconds(phase: Callable[[Path], None], folder: Path) -> float:
    """Processor time of this process, and of those it has shared the work with."""
    start_s = _cpu_s()
    phase(folder)
    return _cpu_s() - start_s


def _cpu_s() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def children(pid: int) -> list[int]:
    """Processes that this one has started; a look at all processes would cost more than what is measured."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:  # it has ended
        return []
    return list(map(int, text.split()))


def own_memory_mb(pid: int) -> float:
    """Resident memory that is no file: pages of libraries come and go with what else the machine does."""
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:  # it has ended
        return 0.0
    found = text.partition("RssAnon:")[2].split()
    return int(found[0]) / 1024 if found else 0.0


def one_length(number: int, folder: Path, wanted: Sequence[str]) -> dict[str, Any]:
    """These phases on a list of this length."""
    if not (folder / "list.csv").exists():
        with (folder / "list.csv").open("w", encoding="utf-8") as file:
            file.write("smiles\n")
            file.writelines(f"{one}\n" for one in smiles(number))
    phases = {name: measured(phase, folder) for name, phase in PHASES.items() if name in wanted}
    line: dict[str, Any] = {"candidates": number, **phases}
    if {"read", "drive"} <= phases.keys():
        driving_s = phases["read"]["cpu_s"] + phases["drive"]["cpu_s"]
        line["candidates_per_core_s"] = round(number / driving_s, 1)
    if "drive" in phases:
        line["store_mb"] = round((folder / "s.sqlite").stat().st_size / 2**20, 1)
    if "rank" in phases:
        table = folder / "out" / "ranked.csv"
        with table.open(encoding="utf-8") as file:
            line["ranked"] = sum(",done," in row for row in file)
        line["ranked_csv_mb"] = round(table.stat().st_size / 2**20, 2)
    return line


def one_number_of_rows(number: int, folder: Path) -> dict[str, Any]:
    """Ranking alone."""
    (folder / "rows").write_text(str(number))
    found = measured(order, folder)
    size_mb = (folder / "ranked.csv").stat().st_size / 2**20
    return {"rows": number, "order": found, "ranked_csv_mb": round(size_mb, 1)}


def main() -> None:
    """Measure."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, nargs="*", help="rank so many made-up rows, and nothing else")
    options.add_argument("--candidates", type=int, nargs="*", default=LENGTHS, help="default: %(default)s")
    options.add_argument("--folder", type=Path, help="on the disk to be measured; default: a temporary one")
    options.add_argument(
        "--phases", nargs="+", choices=PHASES, help="these alone, in the order given above; needs --folder"
    )
    options.add_argument("--quick", action="store_true", help=f"a list of {QUICK[0]}")
    arguments = options.parse_args()
    for number in arguments.rows or ():
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            report(one_number_of_rows(number, Path(folder)) | {"machine": machine()})
    if arguments.rows:
        return
    if arguments.phases and not arguments.folder:
        options.error("--phases needs --folder")
    for number in QUICK if arguments.quick else arguments.candidates:
        if arguments.phases:
            kept = arguments.folder / str(number)
            kept.mkdir(parents=True, exist_ok=True)
            report(one_length(number, kept, arguments.phases) | {"machine": machine()})
            continue
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            line = one_length(number, Path(folder), tuple(PHASES)) | {"dask": pace_of_dask(min(number, 2000))}
            report(line | {"machine": machine()})


if __name__ == "__main__":
    main()
