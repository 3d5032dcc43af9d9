"""How often the lowest conformers are saddle points: `python benchmarks/minima.py [LIST ...] [--limit N]`.

Ensembles of the lists as the preset `photo-ligand` computes them, every other molecule up to `--atoms` heavy
atoms; a full Hessian at each kept geometry says whether it is a minimum. One JSON line.
"""

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.measurement import TOP, Record, machine, report

from actinic import Workflow, read_candidates
from actinic.calculations import kinds
from actinic.calculations.ensemble import EnsembleResult
from actinic.chemistry.species import Species
from actinic.engines.hessian import hessian_hartree_bohr2, vibrations
from actinic.engines.tight_binding import Theory
from actinic.errors import ActinicError
from actinic.screening.participants import ensemble_request

LISTS = (
    "quickstart", "stimuli-responsive-ligands", "cross-linkers", "photoacid-photobase-generators",
    "hole-transport-materials",
)  # fmt: skip
RIDGE_CM = 10.0
"""Imaginary modes beyond this make a saddle point."""


def main() -> None:
    """Compute the ensembles and look at their curvatures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lists", nargs="*", default=LISTS)
    parser.add_argument("--atoms", type=int, default=18, help="heavy atoms of the largest molecule taken")
    parser.add_argument("--limit", type=int, default=32, help="molecules at most")
    parser.add_argument("--processes", type=int, default=1)
    arguments = parser.parse_args()
    with ProcessPoolExecutor(arguments.processes) as pool:
        rows = list(pool.map(_row, _species(arguments.lists, arguments.atoms, arguments.limit)))
    found = [row for row in rows if "error" not in row]
    report(
        {
            "benchmark": "minima",
            "molecules": len(found),
            "lowest_is_saddle": sum(row["softest_cm"][0] < -RIDGE_CM for row in found),
            "any_kept_is_saddle": sum(min(row["softest_cm"]) < -RIDGE_CM for row in found),
            "ensemble_core_s": round(sum(row["core_s"] for row in found), 1),
            "rows": rows,
            "machine": machine(),
        }
    )


def _species(lists: list[str], atoms: int, limit: int) -> list[Species]:
    """Different species in the order of the lists, thinned evenly."""
    found: dict[str, Species] = {}
    for name in lists:
        for candidate in read_candidates(TOP / "ligands" / f"{name}.csv"):
            species = getattr(candidate, "species", None)
            if species is not None and 3 <= _heavy_atoms(species) <= atoms:
                found.setdefault(species.smiles, species)
    species = list(found.values())
    return [species[i * len(species) // limit] for i in range(limit)] if len(species) > limit else species


def _heavy_atoms(species: Species) -> int:
    return int(species.molecule().GetNumHeavyAtoms())


def _row(species: Species) -> Record:
    request = ensemble_request(species, Workflow.load("photo-ligand").ensemble)
    start = time.process_time()
    try:
        result = kinds.compute(request)
    except ActinicError as error:
        return {"smiles": species.smiles, "error": error.message}
    core_s = time.process_time() - start
    assert isinstance(result, EnsembleResult)
    if not result.conformers:
        return {"smiles": species.smiles, "error": f"becomes {result.fell_apart_into}"}
    theory = Theory(species.charge, species.multiplicity, request.level, request.program)
    softest = [
        float(vibrations(c.geometry, hessian_hartree_bohr2(c.geometry, theory)).frequencies_cm[0])
        for c in result.conformers
    ]
    return {
        "smiles": species.smiles,
        "lowest_hartree": result.conformers[0].energy_hartree,
        "softest_cm": [round(value, 1) for value in softest],
        "core_s": round(core_s, 2),
    }


if __name__ == "__main__":
    main()
