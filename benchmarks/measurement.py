"""What the benchmarks share: processes of their own, their processor time, their memory."""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

TOP = Path(__file__).parents[1]
MOLECULES = Path(__file__).parent / "molecules"
AUXBASIS = "def2-universal-jkfit"
N_ROOTS = 10

Record = dict[str, Any]


def child(module: str, request: Record) -> Record:
    """Run `benchmarks.module` in a fresh interpreter with `request` on its input; its last line as a record.

    All threads of the linear algebra libraries and of OpenMP are held to `request["threads"]`.

    Raises:
        RuntimeError: The process failed; with the end of what it wrote.
    """
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{module}"],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        cwd=TOP,
        env={**os.environ, **thread_variables(request["threads"])},
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"benchmarks.{module} ended with {done.returncode}:\n{done.stderr[-3000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def thread_variables(threads: int) -> dict[str, str]:
    """Environment that holds the linear algebra libraries and OpenMP to as many threads."""
    return {f"{name}_NUM_THREADS": str(threads) for name in ("OMP", "MKL", "OPENBLAS", "NUMEXPR")}


def request_of_this_process() -> Record:
    """What `child` sent."""
    return dict(json.load(sys.stdin))


def report(record: Record) -> None:
    """Print one JSON line."""
    print(json.dumps(record))


class Stopwatch:
    """Processor time of all threads and wall time of a `with` block, in seconds.

    Attributes:
        core_s: User and system time.
        system_s: System time alone.
        wall_s: Wall time.
    """

    def __init__(self) -> None:
        self.core_s = 0.0
        self.system_s = 0.0
        self.wall_s = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Measure the block."""
        core, system, wall = _core_s(), _system_s(), time.perf_counter()
        yield
        self.core_s, self.wall_s = _core_s() - core, time.perf_counter() - wall
        self.system_s = _system_s() - system


def _core_s(whose: int = resource.RUSAGE_SELF) -> float:
    usage = resource.getrusage(whose)
    return usage.ru_utime + usage.ru_stime


def _system_s() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_stime


def children_core_s() -> float:
    """Processor time of all processes that this one started and waited for, in seconds."""
    return _core_s(resource.RUSAGE_CHILDREN)


def peak_mb() -> float:
    """Largest resident memory of this process so far.

    Linux's own high-water mark of the address space: getrusage also counts the parent before the exec.
    """
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) * 1.024e-3


def loaded_mkl() -> bool:
    """Whether any part of MKL is mapped into this process."""
    return "libmkl" in Path("/proc/self/maps").read_text(encoding="utf-8")


def machine() -> Record:
    """Processor and load, to judge a figure by."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "unknown")
    return {"processor": model, "architecture": platform.machine(), "cores": os.cpu_count(),
            "load_1min": os.getloadavg()[0]}  # fmt: skip


def parser(description: str | None, molecule: str) -> argparse.ArgumentParser:
    """Options of the benchmarks that compare with stock PySCF."""
    options = argparse.ArgumentParser(description=description)
    known = sorted(path.stem for path in MOLECULES.glob("*.xyz"))
    options.add_argument("--molecule", default=molecule, choices=known, help="default: %(default)s")
    options.add_argument("--level", default="b3lyp/def2-svp", help="default: %(default)s")
    options.add_argument("--threads", type=int, default=1, help="of both sides; default: %(default)s")
    options.add_argument("--quick", action="store_true", help="formaldehyde in 6-31G: does it all work?")
    options.add_argument("--save-stock", type=Path, metavar="FILE", help="keep what stock PySCF took")
    options.add_argument(
        "--stock-from", type=Path, metavar="FILE",
        help="take stock PySCF's side from an earlier --save-stock instead of running it; the result says so",
    )  # fmt: skip
    return options


def request_from(arguments: argparse.Namespace) -> Record:
    """The same request to both sides."""
    name, level = (
        ("formaldehyde", "b3lyp/6-31g") if arguments.quick else (arguments.molecule, arguments.level)
    )
    method, basis = level.lower().split("/")
    return {
        "molecule": name, "method": method, "basis": basis, "auxbasis": AUXBASIS, "n_roots": 0,
        "threads": arguments.threads,
    }  # fmt: skip


def stock_side(arguments: argparse.Namespace, request: Record) -> Record:
    """Stock PySCF's figures, run now unless `--stock-from` says otherwise.

    Raises:
        ValueError: The saved figures belong to another request, or hold fewer roots.
    """
    if arguments.stock_from is None:
        stock = child("stock", request)
    else:
        stock = json.loads(arguments.stock_from.read_text(encoding="utf-8"))
        different = [key for key in request if key != "n_roots" and stock["request"][key] != request[key]]
        if different or len(stock["roots_ev"]) < request["n_roots"]:
            raise ValueError(
                f"{arguments.stock_from} was saved for {stock['request']}, wanted is {request}: "
                "run without --stock-from"
            )
    if arguments.save_stock is not None:
        arguments.save_stock.write_text(json.dumps(stock), encoding="utf-8")
    return dict(stock)


def provenance(arguments: argparse.Namespace, request: Record, stock: Record) -> Record:
    """What a figure needs said beside it."""
    return {
        "molecule": request["molecule"],
        "level": f"{request['method']}/{request['basis']}",
        "threads": request["threads"],
        "machine": machine(),
        "stock_from": None if arguments.stock_from is None else str(arguments.stock_from),
        "stock_machine": stock["machine"],
        "stock_pyscf": stock["pyscf"],
        "stock_loaded_mkl": stock["loaded_mkl"],
    }
