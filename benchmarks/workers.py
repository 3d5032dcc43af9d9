"""How many workers one driver feeds: `python benchmarks/workers.py [--workers N ...] [--seconds S ...]`.

What a task costs the driver (Dask's part, as in `benchmarks/streaming.py`) and what a calculation costs it
beside (planning, storing) are measured; workers are simulated, event by event: a driver that hands out and
takes back one task after the other, workers that take what waits, two tasks in flight per worker as in
`screening/cluster.py`, times that scatter by half. Nothing of the network, of heartbeats or of the
scheduler's own growth with the number of workers is in it. One JSON line per length of a calculation, with
the number of workers of which a twentieth of the time is lost, one by one and in chunks; `check` is the real
scheduler with sleeping threads beside the simulation.
"""

import argparse
import heapq
import random
import sys
import tempfile
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import streaming
from benchmarks.measurement import Record, machine, report

from actinic.screening import cluster
from actinic.screening.chunks import SECONDS_PER_SLOT
from actinic.screening.limits import Limit
from actinic.screening.worker import Limits

WORKERS, SECONDS = (10, 100, 1000), (10.0, 1.0)
TASKS_PER_WORKER, MOST_TASKS = 30, 400_000
LOST_SHARE = 0.05
CHECK_SLOTS, CHECK_S, CHECK_TASKS = 16, 0.1, 800


@dataclass(frozen=True, slots=True)
class Cost:
    """Core-seconds of the driver: of a task, and of each calculation in it."""

    task_s: float
    calculation_s: float

    def of(self, per_task: int) -> float:
        """Of a task with so many calculations."""
        return self.task_s + per_task * self.calculation_s


def simulated(n_workers: int, seconds: float, cost: Cost, per_task: int = 1) -> Record:
    """Busy shares of workers and driver, first and last fifth left out.

    Args:
        n_workers: Calculations at a time.
        seconds: Of a calculation, on average.
        cost: Of the driver.
        per_task: Calculations in a task.
    """
    draw = random.Random(7)
    handling_s, n_tasks = cost.of(per_task), min(MOST_TASKS, TASKS_PER_WORKER * n_workers)
    room = cluster.IN_FLIGHT_PER_SLOT * n_workers
    ends: list[float] = []  # of the tasks at work
    to_submit, to_collect, ready, free = min(room, n_tasks), 0, 0, n_workers
    left, now_s, driver_free_s, driver_busy = n_tasks - to_submit, 0.0, 0.0, False
    finished: list[float] = []
    while len(finished) < n_tasks:
        if not driver_busy and (to_submit or to_collect):
            driver_busy, driver_free_s = True, now_s + handling_s
        if driver_busy and (not ends or driver_free_s <= ends[0]):
            now_s, driver_busy = driver_free_s, False
            if to_submit:
                to_submit, ready = to_submit - 1, ready + 1
            else:
                to_collect -= 1
                if left:
                    left, ready = left - 1, ready + 1
        else:
            now_s = heapq.heappop(ends)
            finished.append(now_s)
            free, to_collect = free + 1, to_collect + 1
        while ready and free:
            ready, free = ready - 1, free - 1
            heapq.heappush(ends, now_s + per_task * seconds * draw.uniform(0.5, 1.5))
    first, last = finished[n_tasks // 5], finished[4 * n_tasks // 5]
    rate = (4 * n_tasks // 5 - n_tasks // 5) / (last - first)
    return {
        "calculations_per_s": round(rate * per_task, 2),
        "workers_busy": round(min(1.0, rate * per_task * seconds / n_workers), 3),
        "driver_busy": round(min(1.0, rate * handling_s), 3),
    }


def saturated_by(seconds: float, cost: Cost, *, chunks: bool) -> int:
    """The number of workers of which a twentieth of the time is lost."""
    low, high = 1, 2
    while _keeps_busy(high, seconds, cost, chunks=chunks) and high < 200_000:
        low, high = high, 2 * high
    while high - low > max(1, low // 20):
        middle = (low + high) // 2
        if _keeps_busy(middle, seconds, cost, chunks=chunks):
            low = middle
        else:
            high = middle
    return low


def _keeps_busy(n_workers: int, seconds: float, cost: Cost, *, chunks: bool) -> bool:
    share = simulated(n_workers, seconds, cost, in_a_task(n_workers, seconds) if chunks else 1)
    return bool(share["workers_busy"] >= 1 - LOST_SHARE)


def in_a_task(n_workers: int, seconds: float) -> int:
    """Calculations that travel together, as `screening/chunks.py` has it."""
    wanted_s = SECONDS_PER_SLOT * n_workers
    return 1 if seconds >= wanted_s else -int(-wanted_s // seconds)


def sleep(request: bytes, limits: Limits) -> bytes:
    """Stands in for a calculation of some length."""
    del limits
    time.sleep(CHECK_S)
    return request


def checked(task_s: float) -> Record:
    """The real scheduler with sleeping threads, and the simulation of it."""
    vars(cluster)["perform"] = sleep
    with cluster.Pool(cluster.LAPTOP.changed(CHECK_SLOTS, None)) as pool:
        start_s, waiting, taken = time.monotonic(), deque(map(str, range(CHECK_TASKS))), 0
        while taken < CHECK_TASKS:
            while waiting and pool.has_room:
                pool.submit(waiting.popleft(), b"x" * streaming.REQUEST_BYTES, Limit(60.0, 4000.0))
            taken += len(pool.completed(1.0))
        rate = CHECK_TASKS / (time.monotonic() - start_s)
    told = simulated(CHECK_SLOTS, CHECK_S, Cost(task_s, 0.0))["calculations_per_s"]
    return {"workers": CHECK_SLOTS, "seconds": CHECK_S, "per_s": round(rate, 1), "simulated_per_s": told}


def measured_cost(candidates: int, tasks: int) -> Cost:
    """What the driver spends, measured in this process and in one of its own."""
    with tempfile.TemporaryDirectory() as folder:
        line = streaming.one_length(candidates, Path(folder), ("read", "drive"))
    return Cost(streaming.pace_of_dask(tasks)["cpu_ms_per_task"] / 1000, line["drive"]["cpu_s"] / candidates)


def main() -> None:
    """Measure, then simulate."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--workers", type=int, nargs="*", default=WORKERS, help="default: %(default)s")
    options.add_argument("--seconds", type=float, nargs="*", default=SECONDS, help="default: %(default)s")
    options.add_argument("--cost-ms", type=float, nargs=2, help="of a task and a calculation; measured else")
    options.add_argument("--quick", action="store_true", help="few tasks, and no check")
    given = options.parse_args()
    if given.cost_ms:
        cost = Cost(given.cost_ms[0] / 1000, given.cost_ms[1] / 1000)
    else:
        cost = measured_cost(*((20, 50) if given.quick else (1000, 2000)))
    for seconds in given.seconds:
        shares = {str(n): simulated(n, seconds, cost) for n in given.workers}
        chunks = {
            str(n): {"calculations_in_a_task": in_a_task(n, seconds)}
            | simulated(n, seconds, cost, in_a_task(n, seconds))
            for n in given.workers
        }
        record = {
            "seconds": seconds,
            "cost_ms": {"task": cost.task_s * 1000, "calculation": round(cost.calculation_s * 1000, 2)},
            "one_by_one": shares | {"saturated_by": saturated_by(seconds, cost, chunks=False)},
            "in_chunks": chunks | {"saturated_by": saturated_by(seconds, cost, chunks=True)},
        }
        report(record)
    report({"check": None if given.quick else checked(cost.task_s), "machine": machine()})


if __name__ == "__main__":
    main()
