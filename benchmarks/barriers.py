"""Searched barriers against measured ones: `python benchmarks/barriers.py [ID ...] [--store FILE]`.

The molecules of `barriers.csv` go through the searches of the `heat-ligand` workflow, stage after stage in
this process; what the store has is not computed again. One JSON line per molecule: barrier, enthalpy, entropy
and Gibbs energy of activation at the temperature of the measurement, its error, the temperature at which half
has reacted in 30 min, calculated and measured, processor time by stage; the last line has the errors by
route, and how far apart two molecules lie in that temperature (`PAIRS`).
"""

import argparse
import csv
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.measurement import TOP, report

from actinic import Workflow
from actinic.analysis.heat_classes import HALF_HOUR_S
from actinic.analysis.kinetics import CELSIUS_K, RateLaw
from actinic.analysis.path_rates import path_law
from actinic.calculations import kinds
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Failure, Outcome, Provenance
from actinic.calculations.path import ReactionPath
from actinic.chemistry.motif_table import Route
from actinic.chemistry.reaction_places import places
from actinic.chemistry.reactions import Reaction
from actinic.chemistry.species import Species
from actinic.errors import ActinicError
from actinic.screening.path_tasks import PathTask
from actinic.screening.paths import PathRecipe, path_stand
from actinic.screening.store import Store
from actinic.units import BOLTZMANN_KCAL_MOL_K, HARTREE_KCAL_MOL

TABLE = Path(__file__).with_name("barriers.csv")
ROUTES: dict[str, Route] = {
    "retro-ene": "retro-ene",
    "decarboxylation": "decarboxylation",
    "electrocyclic": "electrocyclic",
    "n2-loss": "n2-loss",
}

PAIRS = (("isopropyl-dimethylcarbamate", "tert-butyl-dimethylcarbamate"),)
"""Molecules whose difference in temperature a screen is asked for within 20 C."""

Row = dict[str, str]


def main() -> None:
    """Search what is asked for and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ids", nargs="*", help="of the table; all where none is given")
    parser.add_argument("--store", type=Path, default=TOP / "results" / "barriers.sqlite")
    parser.add_argument("--known", action="store_true", help="report what the store has, compute nothing")
    options = parser.parse_args()
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not options.ids or row["id"] in options.ids]
    errors: dict[str, list[float]] = {}
    records: dict[str, dict[str, Any]] = {}
    with Store(options.store) as store:
        for row in rows:
            found = searched(row, store, compute=not options.known)
            if found is None:
                continue
            report(found)
            records[row["id"]] = found
            if found.get("error_kcal_mol") is not None:
                errors.setdefault(row["route"], []).append(found["error_kcal_mol"])
    last: dict[str, Any] = {route: summary(values) for route, values in errors.items()}
    for pair in PAIRS:
        if all(records.get(one, {}).get("half_hour_c") is not None for one in pair):
            last[" - ".join(pair)] = apart(*(records[one] for one in pair))
    report(last)


def apart(later: dict[str, Any], sooner: dict[str, Any]) -> dict[str, float]:
    """Difference in temperature, in C."""
    names = ("half_hour_c", "measured_half_hour_c")
    return {name: round(later[name] - sooner[name], 1) for name in names}


def searched(row: Row, store: Store, *, compute: bool) -> dict[str, Any] | None:
    """The record of one molecule; None where stages are missing and nothing shall be computed."""
    flow = Workflow.load("heat-ligand")
    assert flow.paths is not None
    task, recipe = task_of(row), PathRecipe(flow.ensemble, flow.paths)
    asked: dict[str, float] = {}

    def lookup(request: Request) -> Outcome | None:
        outcome = store.lookup(request)
        if outcome is not None:
            name = kinds.kind_of(request).name
            asked[f"{name} {kinds.key(request)[:6]}"] = outcome.provenance.cpu_s
        return outcome

    while (stand := path_stand(task, recipe, lookup)).missing:
        if not compute:
            return None
        for request in stand.missing:
            store.add(request, computed(request))
    stages: dict[str, float] = {}
    for name, cpu_s in asked.items():
        kind = name.split()[0]
        stages[kind] = round(stages.get(kind, 0.0) + cpu_s, 1)
    return {
        "id": row["id"],
        "route": row["route"],
        "failed_step": stand.path.failed_step,
        "failure": stand.path.failure,
        **(activation(stand.path, row) if stand.path.is_accepted else {}),
        "core_s": stages,
    }


def task_of(row: Row) -> PathTask:
    """The search of a row, at any place of its template."""
    species = Species.from_smiles(row["smiles"], multiplicity=1)
    kekule = tuple((int(a), int(b)) for a, b in (pair.split("-") for pair in row["kekule"].split()))
    where = places(species, row["template"], kekule)
    reaction = Reaction(
        reactants=(species,), products=(), multiplicity=1, broken=where[0].broken, formed=where[0].formed,
        label=row["id"], motif="", channel="", step=row["route"], activation=("heat",), elementary=True,
        n_equivalent=1,
    )  # fmt: skip
    return PathTask(reaction, ROUTES[row["route"]], species, where)


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


def activation(path: ReactionPath, row: Row) -> dict[str, Any]:
    """Numbers of an accepted search, kcal/mol, cal/(mol K) and cm-1."""
    top, reactant, barrier = path.transition_state, path.reactant, path.electronic_barrier_kcal_mol
    assert top is not None
    assert reactant is not None
    assert barrier is not None
    assert path.energies is not None
    assert path.saddle is not None
    temperature_k = float(row["reference_k"])
    law = path_law(path, temperature_k)
    assert law is not None
    known = None
    if row["log10_a"]:
        known = RateLaw.arrhenius(float(row["log10_a"]), float(row["arrhenius_kcal_mol"]), temperature_k)
    measured = float(row["measured_kcal_mol"]) if row["measured_kcal_mol"] else None
    gibbs = law.gibbs_kcal_mol(temperature_k)
    single = len(path.energies.energies_hartree) == 1
    at_saddle = path.energies.energies_hartree[0 if single else len(path.saddle.backward)]
    return {
        "barrier_kcal_mol": round(barrier, 2),
        "at_saddle_kcal_mol": None
        if at_saddle is None
        else round((at_saddle - path.energies.reactant_hartree) * HARTREE_KCAL_MOL, 2),
        "imaginary_cm": top.frequencies_cm[0],
        "softest_cm": top.frequencies_cm[1],
        "spin_square": path.energies.summit_spin_square,
        "enthalpy_kcal_mol": round(law.enthalpy_kcal_mol, 2),
        "entropy_cal_mol_k": round(1000 * law.entropy_kcal_mol_k, 2),
        "arrhenius_kcal_mol": round(law.enthalpy_kcal_mol + BOLTZMANN_KCAL_MOL_K * temperature_k, 2),
        "temperature_k": temperature_k,
        "gibbs_kcal_mol": round(gibbs, 2),
        "measured_kcal_mol": measured,
        "error_kcal_mol": None if measured is None else round(gibbs - measured, 2),
        "half_hour_c": half_hour_c(law),
        "measured_half_hour_c": None if known is None else half_hour_c(known),
    }


def half_hour_c(law: RateLaw) -> float:
    """Temperature at which half has reacted in 30 min."""
    return round(law.temperature_k(HALF_HOUR_S) - CELSIUS_K, 1)


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
