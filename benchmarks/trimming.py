"""What cutting chains off costs a barrier: `benchmarks/trimming.py [SMILES ...] [--reach N] [--store FILE]`.

Searches on the GFN2 surface alone, in the molecule and in its trimmed model; one JSON line per molecule with
both barriers (transition state above the lowest conformer, kcal/mol) and the processor time of each.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.barriers import computed
from benchmarks.measurement import TOP, report

from actinic import Workflow
from actinic.calculations import kinds
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Outcome
from actinic.calculations.path_energy import PathEnergyRequest
from actinic.chemistry.species import Species
from actinic.screening.path_tasks import PathTask, path_tasks
from actinic.screening.paths import PathRecipe, path_stand
from actinic.screening.store import Store
from actinic.units import HARTREE_KCAL_MOL

MOLECULES = (
    "CCCCCC(=O)OC(C)(C)C",
    "CC(C)OC(=O)NCCCCC",
    "CCCCOC(=O)OC(C)(C)C",
    "CCCCCC(=O)CC(=O)O",
    "OC(=O)CC(=O)CCCCS",
    "CCCCOC(=O)CC(=O)O",
)


def main() -> None:
    """Search twice each and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("smiles", nargs="*", default=MOLECULES)
    parser.add_argument("--reach", type=int, default=3)
    parser.add_argument("--store", type=Path, default=TOP / "results" / "barriers.sqlite")
    options = parser.parse_args()
    flow = Workflow.load("heat-ligand")
    assert flow.paths is not None
    sections = [flow.paths.model_copy(update={"trim_reach": reach}) for reach in (None, options.reach)]
    shifts = []
    with Store(options.store) as store:
        for smiles in options.smiles:
            species = Species.from_smiles(smiles, multiplicity=1)
            full, cut = (path_tasks(species, section)[0] for section in sections)
            (whole, whole_s), (part, part_s) = (
                barrier(task, PathRecipe(flow.ensemble, flow.paths), store) for task in (full, cut)
            )
            report(
                {"smiles": smiles, "model": cut.model.smiles, "full": whole, "trimmed": part}
                | {"full_core_s": round(whole_s, 1), "trimmed_core_s": round(part_s, 1)}
            )
            if whole is not None and part is not None:
                shifts.append(part - whole)
    last = {"reach": options.reach, "n": len(shifts)}
    if shifts:
        rms, largest = float(np.sqrt(np.mean(np.square(shifts)))), max(shifts, key=abs)
        last |= {"rms": round(rms, 2), "largest": round(largest, 2)}
    report(last)


def barrier(task: PathTask, recipe: PathRecipe, store: Store) -> tuple[float | None, float]:
    """GFN2 barrier, None where the search failed before, and processor seconds."""
    spent: dict[str, float] = {}

    def lookup(request: Request) -> Outcome | None:
        outcome = store.lookup(request)
        if outcome is not None:
            spent[kinds.key(request)] = outcome.provenance.cpu_s
        return outcome

    while (stand := path_stand(task, recipe, lookup)).missing:
        if any(isinstance(request, PathEnergyRequest) for request in stand.missing):
            break
        for request in stand.missing:
            store.add(request, computed(request))
    top, reactant = stand.path.saddle, stand.path.reactant
    if top is None or reactant is None or stand.path.failed_step:
        return None, sum(spent.values())
    height = (top.energy_hartree - reactant.energy_hartree) * HARTREE_KCAL_MOL
    return round(height, 2), sum(spent.values())


if __name__ == "__main__":
    main()
