"""The whole product against a pipeline of stock programs: `python benchmarks/throughput.py [--list LIST]`.

Runs `actinic screen` with a new store, then the same conformers and spectra as `stock_pipeline.py` does them,
and prints one JSON line. `ensemble` and `spectrum` compare what the calculations took, in core-seconds per
finished candidate; `whole` adds on this package's side all that the command took besides (driver,
interpreters, imports, what became of failed candidates) and nothing on the other. `speedup_at_least` counts
of stock only what was really computed, without what `stock_pipeline.py` predicts; `prediction` compares what
it predicted with what it took, for the candidates that it ran to the end.

Sampled bands and reactions, which stock is not asked for, are left out unless `--all-kinds`, and then
`by_kind` has what they took: `whole` compares two different things.
"""

import argparse
import ctypes
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.comparison import KINDS, compared, prediction, row
from benchmarks.measurement import (
    AUXBASIS,
    TOP,
    Record,
    child,
    children_core_s,
    machine,
    report,
    thread_variables,
)

from actinic.calculations.ensemble import EnsembleRequest, EnsembleResult
from actinic.calculations.kinds import Request, kind_of
from actinic.calculations.outcome import Outcome
from actinic.calculations.spectrum import SpectrumRequest, SpectrumResult
from actinic.chemistry.candidates import Candidate
from actinic.engines.dielectric import dielectric_constant
from actinic.screening.folder import RunFolder
from actinic.screening.plan import progress
from actinic.screening.store import Store
from actinic.screening.workflow import Workflow

PR_SET_CHILD_SUBREAPER = 36
EXIT_FINISHED, EXIT_SOME_FAILED = 0, 4


def main() -> None:
    """Run both sides."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        run = screened(arguments, Path(folder))
        own, run["by_kind"] = own_side(Path(folder))
    if not own:
        sys.exit("no candidate finished: nothing to compare")
    stock = stock_sides(arguments, own)
    report(
        {
            "benchmark": "throughput",
            **compared(own, stock, run["core_s"]),
            "by_kind": run["by_kind"],
            "overhead_core_s": run["core_s"] - sum(run["by_kind"].values()),
            "prediction": prediction(stock),
            "wall_s": run["wall_s"],
            "candidates": run["candidates"],
            "finished": len(own),
            "candidates_per_hour": 3600 * len(own) / run["wall_s"],
            "candidates_per_core_hour": 3600 * len(own) / run["core_s"],
            "molecules": [row(one, other) for one, other in zip(own, stock, strict=True)],
            "list": str(arguments.list),
            "workflow": str(arguments.workflow),
            "workers": arguments.workers,
            "threads": 1,
            "machine": machine(),
            "stock_from": None if arguments.stock_from is None else str(arguments.stock_from),
            "stock_machine": stock[0]["machine"],
            "stock_pyscf": stock[0]["pyscf"],
            "stock_loaded_mkl": any(side["loaded_mkl"] for side in stock),
        }
    )


def _arguments() -> argparse.Namespace:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--list", type=Path, default=TOP / "ligands" / "quickstart.csv")
    options.add_argument("--workflow", type=Path, default=TOP / "workflows" / "photo-ligand.toml")
    options.add_argument("--workers", type=int, default=1, help="of this package; default: %(default)s")
    options.add_argument(
        "--stock-budget-s", type=float, default=1500.0,
        help="core-seconds for all of stock; what would take longer is predicted; default: %(default)s",
    )  # fmt: skip
    options.add_argument("--all-kinds", action="store_true", help="with sampled bands and reactions")
    options.add_argument("--save-stock", type=Path, metavar="FILE", help="keep what stock took, one by one")
    options.add_argument(
        "--stock-from", type=Path, metavar="FILE",
        help="take stock's side from an earlier --save-stock as far as it goes; the result says so",
    )  # fmt: skip
    return options.parse_args()


def screened(arguments: argparse.Namespace, folder: Path) -> Record:
    """Run the command line from nothing; all processor time of the processes it starts.

    Raises:
        RuntimeError: The command failed; with the end of what it wrote.
    """
    # The workers' processes outlive the command by a moment: as orphans they come to this process, which
    # waits for them and so learns what they took (Linux only).
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    workflow = arguments.workflow
    if not arguments.all_kinds:
        workflow = folder / workflow.name
        workflow.write_text(
            _without_sections(arguments.workflow.read_text(encoding="utf-8")), encoding="utf-8"
        )
    before_s, start_s = children_core_s(), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "actinic", "screen", str(arguments.list), "--out", str(folder / "run"),
         "--workflow", str(workflow), "--store", str(folder / "store.sqlite"),
         "--workers", str(arguments.workers)],
        capture_output=True,
        text=True,
        env={**os.environ, **thread_variables(1)},
        check=False,
    )  # fmt: skip
    wall_s = time.perf_counter() - start_s
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    if done.returncode not in {EXIT_FINISHED, EXIT_SOME_FAILED}:
        raise RuntimeError(f"actinic screen ended with {done.returncode}:\n{done.stderr[-3000:]}")
    record = RunFolder(folder / "run").read_record()
    return {
        "core_s": children_core_s() - before_s,
        "wall_s": wall_s,
        "candidates": record["candidates"],
    }


def _without_sections(text: str) -> str:
    """A workflow file without its sections `sampling` and `reactions`."""
    parts = re.split(r"(?m)^(?=\[)", text)
    return "".join(part for part in parts if not part.startswith(("[sampling]", "[reactions]")))


def own_side(folder: Path) -> tuple[list[Record], dict[str, float]]:
    """What every finished candidate took and what stock is asked in turn; core-seconds of all, by kind."""
    run = RunFolder(folder / "run")
    workflow = run.read_workflow()
    spent: dict[Request, float] = {}
    with Store(folder / "store.sqlite", read_only=True) as store:
        sides = [_own(candidate, workflow, store, spent) for candidate in run.usable_candidates()]
    by_kind = dict.fromkeys(KINDS, 0.0)
    for request, core_s in spent.items():
        name = kind_of(request).name
        by_kind[name] = by_kind.get(name, 0.0) + core_s
    return [side for side in sides if side is not None], by_kind


def _own(
    candidate: Candidate, workflow: Workflow, store: Store, spent: dict[Request, float]
) -> Record | None:
    """None for a candidate that failed or was screened out; adds to `spent` what was used of the store."""
    used: list[tuple[Request, Outcome]] = []

    def lookup(request: Request) -> Outcome | None:
        outcome = store.lookup(request)
        if outcome is not None:
            used.append((request, outcome))
            spent[request] = outcome.provenance.cpu_s
        return outcome

    if progress(candidate, workflow, lookup).state != "done":
        return None
    used.clear()  # fragments have conformers of their own
    progress(candidate, workflow.model_copy(update={"sampling": None, "reactions": None}), lookup)
    spectra = [outcome.result for _, outcome in used if isinstance(outcome.result, SpectrumResult)]
    core_s = dict.fromkeys(KINDS, 0.0)
    stock: Record = {"id": candidate.id, "geometries": [], "n_roots": [], "threads": 1}
    for request, outcome in used:
        core_s[kind_of(request).name] += outcome.provenance.cpu_s
        if isinstance(request, EnsembleRequest) and isinstance(outcome.result, EnsembleResult):
            stock |= _ensemble_task(request, outcome.result)
        elif isinstance(request, SpectrumRequest) and isinstance(outcome.result, SpectrumResult):
            stock |= _level_task(request)
            where = request.geometry
            stock["geometries"].append([where.symbols, where.positions_angstrom.round(5).tolist()])
            # One root says at least that the first lies above what is wanted.
            stock["n_roots"].append(max(1, len(outcome.result.transitions)))
    first = [root.energy_ev for root in spectra[0].transitions] if spectra else []
    return {"core_s": core_s, "roots_ev": first, "request": stock}


def _ensemble_task(request: EnsembleRequest, result: EnsembleResult) -> Record:
    species, level = request.species, request.level
    return {
        "smiles": species.smiles,
        "charge": species.charge,
        "multiplicity": species.multiplicity,
        "gfn_solvation": level.solvent_model and [level.solvent_model, level.solvent],
        "n_embedded": request.n_embedded,
        "n_starts": result.n_embedded,
        "fmax_ev_angstrom": request.fmax_ev_angstrom,
        "max_steps": request.max_steps,
    }


def _level_task(request: SpectrumRequest) -> Record:
    level = request.level
    return {
        "method": level.method,
        "basis": level.basis,
        "auxbasis": AUXBASIS,
        "dielectric_constant": level.solvent and dielectric_constant(level.solvent),
    }


def stock_sides(arguments: argparse.Namespace, own: Sequence[Record]) -> list[Record]:
    """Stock's answers in the order of `own`: the saved ones first, then small molecules before large ones."""
    saved: dict[str, Record] = {}
    if arguments.stock_from is not None:
        saved = json.loads(arguments.stock_from.read_text(encoding="utf-8"))
    answers = {name: saved[name] for side in own if (name := _name(side)) in saved}
    left_s = arguments.stock_budget_s
    todo = sorted((side["request"] for side in own if _name(side) not in answers), key=_size)
    for n_left, request in zip(range(len(todo), 0, -1), todo, strict=True):
        before_s = children_core_s()
        answers[request["id"]] = child("stock_pipeline", request | {"budget_s": left_s / n_left})
        left_s = max(0.0, left_s - (children_core_s() - before_s))
        if arguments.save_stock is not None:
            arguments.save_stock.write_text(json.dumps(answers), encoding="utf-8")
    for side in own:
        _check_same(side["request"], answers[_name(side)]["request"])
    return [answers[_name(side)] for side in own]


def _name(side: Record) -> str:
    return str(side["request"]["id"])


def _size(request: Record) -> int:
    """Atoms of all spectra times their roots: what grows with the price."""
    return sum(len(g[0]) * n for g, n in zip(request["geometries"], request["n_roots"], strict=True))


def _check_same(wanted: Record, answered: Record) -> None:
    """Raise ValueError for an answer to another question; coordinates may differ in the last digits."""
    different = [
        key for key in wanted if key not in {"geometries", "threads"} and wanted[key] != answered[key]
    ]
    if different:
        raise ValueError(f"{wanted['id']}: stock was saved for other {', '.join(different)}: run it again")


if __name__ == "__main__":
    main()
