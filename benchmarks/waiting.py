"""What the driver costs while it waits: `python benchmarks/waiting.py [--seconds N]`.

Two calculations of one atom are stood in for by processes that sleep; the driver, with its live line, Dask's
threads and the watch over the two processes, waits for their limit of time, which it doubles once. Prints the
processor time of its process as a share of one core.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.measurement import machine, report
from rich.console import Console

from actinic.chemistry.candidates import Candidate, read_candidates
from actinic.reporting.progress import Display
from actinic.screening import worker
from actinic.screening.cluster import LAPTOP, Pool
from actinic.screening.plan import progress
from actinic.screening.run import Driver
from actinic.screening.store import Store
from actinic.screening.workflow import Workflow

TOP = Path(__file__).parents[1]
SLEEP = (sys.executable, "-c", "import time; time.sleep(100_000)")


class Sleeper(worker.Child):
    """A child that never answers."""

    def __init__(self, threads: int, command: tuple[str, ...] = SLEEP) -> None:
        super().__init__(threads, command)


def waited(seconds: int, folder: Path) -> dict[str, float]:
    """Bring two candidates to their end, by their limit of time."""
    setattr(worker, "Child", Sleeper)  # noqa: B010 - mypy forbids to assign to a type
    workflow = Workflow.load(TOP / "tests" / "reference" / "tight.toml")
    limits = workflow.limits.model_copy(update={"ensemble_s": float(seconds)})
    workflow = workflow.model_copy(update={"limits": limits})
    (folder / "list.csv").write_text("smiles\nC\nN\n", encoding="utf-8")
    candidates = [row for row in read_candidates(folder / "list.csv") if isinstance(row, Candidate)]
    with (
        (folder / "log").open("w", encoding="utf-8") as log,
        Store(folder / "s.sqlite") as store,
        Pool(LAPTOP.changed(2, 1000.0)) as pool,
        Display(Console(file=log, force_terminal=True), 2, lambda *_: None) as display,
    ):
        driver = Driver(progress, workflow, store, pool, display, retry_failed=False)
        before_s, start_s = time.process_time(), time.monotonic()
        driver.run(candidates)
        cpu_s, wall_s = time.process_time() - before_s, time.monotonic() - start_s
    return {"wall_s": round(wall_s, 1), "cpu_s": round(cpu_s, 2), "share_of_a_core": round(cpu_s / wall_s, 4)}


def main() -> None:
    """Measure."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=10, help="limit of time; three times it is waited")
    options.add_argument("--quick", action="store_true", help="one second")
    arguments = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = waited(1 if arguments.quick else arguments.seconds, Path(folder))
    report(found | {"machine": machine()})


if __name__ == "__main__":
    main()
