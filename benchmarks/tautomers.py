"""Gas-phase tautomers against reference energies: `python benchmarks/tautomers.py --store FILE`.

Electronic energies: W1-F12 values of the set TAUT15 (doi:10.1039/C7CP04913G), those of its entries whose
forms a SMILES tells apart, without guanine; CCSD(T) limits of the triazoles (J. Chem. Phys. 131, 154307
(2009)). Energies with vibrations: 2-hydroxypyridine by microwave spectroscopy (doi:10.1021/j100103a011; 0 K),
2-mercaptopyridine by CCSD(T) with zero-point energy (J. Org. Chem. 67, 9061 (2002)), cytosine by CCSD(T) as
Gibbs energy at 298 K (J. Phys. Chem. A 106, 1381 (2002)). kcal/mol; one JSON line; the store keeps what is
computed.
"""

import argparse
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.measurement import Record, machine, report
from rich.console import Console

from actinic import Workflow
from actinic.analysis.reaction_energies import Computed, room_terms
from actinic.analysis.tautomers import LEVEL
from actinic.chemistry.reactions import Product
from actinic.chemistry.species import Species
from actinic.level import Level
from actinic.reporting.progress import Display
from actinic.screening.cluster import LAPTOP, Pool
from actinic.screening.lookup import Lookup
from actinic.screening.participants import Stand, stand_of
from actinic.screening.run import Driver
from actinic.screening.store import Store
from actinic.screening.tautomers import FormsStanding, tautomer_recipe
from actinic.units import HARTREE_KCAL_MOL


class Pair(NamedTuple):
    """Two forms and how far the second lies above the first.

    Attributes:
        id: Name.
        first: SMILES.
        second: Likewise.
        electronic: Reference electronic energy of the second minus that of the first.
        thermal: The same with vibrations; None where there is no reference.
        is_gibbs: Whether that is a Gibbs energy at 298 K instead of an energy at 0 K.
    """

    id: str
    first: str
    second: str
    electronic: float
    thermal: float | None = None
    is_gibbs: bool = False


PAIRS = (
    Pair("thioformic acid", "O=CS", "OC=S", 0.95),
    Pair("2-hydroxypyridine", "Oc1ccccn1", "O=c1cccc[nH]1", 0.93, 0.77),
    Pair("tetrazole", "c1nn[nH]n1", "c1nnn[nH]1", 2.15),
    Pair("2-mercaptopyridine", "Sc1ccccn1", "S=c1cccc[nH]1", -0.45, 2.61),
    Pair("malondialdehyde", r"O=C/C=C\O", "O=CCC=O", 6.56),
    Pair("1,2,4-triazole", "c1nc[nH]n1", "c1nnc[nH]1", 6.25),
    Pair("4-methylimidazole", "Cc1c[nH]cn1", "Cc1cnc[nH]1", 0.55),
    Pair("acetylacetone", r"CC(=O)/C=C(/C)O", "CC(=O)CC(C)=O", 4.30),
    Pair("1,2,3-triazole", "c1cn[nH]n1", "c1c[nH]nn1", 3.98),
    Pair("cytosine, oxo", "Nc1ccnc(O)n1", "Nc1cc[nH]c(=O)n1", 0.74, 0.8, is_gibbs=True),
    Pair("cytosine, imino", "Nc1ccnc(O)n1", "N=c1cc[nH]c(=O)[nH]1", 1.45, 0.8, is_gibbs=True),
    Pair("4-iminopentenol, enaminone", r"CC(=N)/C=C(/C)O", r"CC(=O)/C=C(/C)N", -5.44),
)


def main() -> None:
    """Compute what the store lacks and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--level", default=LEVEL, help="of the single points")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--dry", action="store_true", help="compare what the store has, compute nothing")
    arguments = parser.parse_args()
    flow = Workflow.load("photo-ligand")
    levels = (Level.parse(arguments.level),)

    def plan(pair: Pair, workflow: Workflow, lookup: Lookup) -> FormsStanding:
        stands = _stands(pair, workflow, lookup, levels)
        missing = tuple(request for stand in stands for request in stand.missing)
        reason = next((stand.reason for stand in stands if stand.reason), "")
        return FormsStanding("waiting" if missing else "failed" if reason else "done", missing, reason)

    with Store(arguments.store) as store:
        if not arguments.dry:
            _compute(plan, flow, store, arguments.workers)
        rows = [_row(pair, _stands(pair, flow, store.lookup, levels)) for pair in PAIRS]
    known = [row for row in rows if "electronic" in row]
    thermal = [row for row in known if "thermal" in row]
    report(
        {
            "benchmark": "tautomers",
            "level": str(levels[0]),
            "pairs": len(known),
            "electronic_mae": _mean([abs(row["electronic_error"]) for row in known]),
            "electronic_rmse": math.sqrt(_mean([row["electronic_error"] ** 2 for row in known])),
            "thermal_rmse": math.sqrt(_mean([row["thermal_error"] ** 2 for row in thermal])),
            "thermal_mae": _mean([abs(row["thermal_error"]) for row in thermal]),
            "rows": rows,
            "machine": machine(),
        }
    )


def _compute(
    plan: Callable[[Pair, Workflow, Lookup], FormsStanding], flow: Workflow, store: Store, workers: int
) -> None:
    console = Console(stderr=True)
    display = Display(console, len(PAIRS), lambda *_: None, "pairs")
    with Pool(LAPTOP.changed(workers, None)) as pool, display:
        Driver(plan, flow, store, pool, display, retry_failed=False).run(PAIRS)


def _stands(pair: Pair, flow: Workflow, lookup: Lookup, levels: tuple[Level, ...]) -> list[Stand]:
    species = (Species.from_smiles(smiles, multiplicity=1) for smiles in (pair.first, pair.second))
    recipe = tautomer_recipe(flow)
    return [stand_of(Product(one, open_shell=False), levels, recipe, lookup) for one in species]


def _row(pair: Pair, stands: list[Stand]) -> Record:
    first, second = (stand.result for stand in stands)
    if first is None or second is None:
        return {"pair": pair.id, "reason": next((s.reason for s in stands if s.reason), "not computed")}
    electronic = HARTREE_KCAL_MOL * (second.electronic_hartree(0) - first.electronic_hartree(0))
    row: Record = {
        "pair": pair.id,
        "electronic": electronic,
        "reference": pair.electronic,
        "electronic_error": electronic - pair.electronic,
        "gibbs_298_k": electronic + _thermal(second, gibbs=True) - _thermal(first, gibbs=True),
    }
    if pair.thermal is not None:
        added = _thermal(second, gibbs=pair.is_gibbs) - _thermal(first, gibbs=pair.is_gibbs)
        row["thermal"] = electronic + added
        row["thermal_reference"] = pair.thermal
        row["thermal_error"] = electronic + added - pair.thermal
    return row


def _thermal(found: Computed, *, gibbs: bool) -> float:
    """Gibbs energy at 298 K or zero-point energy, above the electronic one."""
    terms = room_terms(found.thermal)
    if terms is None:
        return math.nan
    return terms.gibbs_kcal_mol if gibbs else terms.zero_point_kcal_mol


def _mean(values: list[float]) -> float:
    return math.fsum(values) / len(values) if values else math.nan


if __name__ == "__main__":
    main()
