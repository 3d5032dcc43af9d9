"""Is the weakest bond among those computed? `python benchmarks/bond_choice.py [--store FILE]`.

A molecule without a motif has only the `max_reactions` bonds computed that tabulated bond types put lowest.
Here all acyclic single bonds of small solvents and drugs without a motif are computed, and one JSON line says
how often the weakest one lies among the first so many, and how many kcal/mol are lost where it does not.
"""

import argparse
import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.measurement import report
from scipy.stats import spearmanr

from actinic import Workflow, screen
from actinic.analysis.reaction_energies import KnownReaction
from actinic.chemistry.candidates import Candidate
from actinic.chemistry.homolysis import breakable_bonds
from actinic.chemistry.motifs import match
from actinic.chemistry.species import Species
from actinic.reporting.standing import standing
from actinic.screening.folder import RunFolder
from actinic.screening.store import Store

TOP = Path(__file__).parents[1]
MOLECULES = TOP / "tests" / "chemistry" / "solvents_and_drugs.csv"
LARGEST = 10
"""Heavy atoms; larger ones cost minutes each and add no kinds of bonds."""


def main() -> None:
    """Compute what the store lacks and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, default=TOP / "results" / "actinic.sqlite")
    parser.add_argument("--out", type=Path, default=TOP / "results" / "bond-choice")
    parser.add_argument("--limit", type=int, help="the first so many molecules")
    arguments = parser.parse_args()
    flow = Workflow.load("photo-ligand")
    assert flow.reactions is not None
    everything = flow.reactions.model_copy(update={"max_reactions": 99})
    at_most = flow.reactions.max_reactions
    flow = flow.model_copy(update={"reactions": everything, "spectrum": None, "criteria": (), "gates": ()})
    screen(list(_candidates())[: arguments.limit], flow, out=arguments.out, store=arguments.store)
    folder = RunFolder(arguments.out)
    with Store(arguments.store, read_only=True) as store:
        found = [entry.where.known.reactions for entry in standing(folder, flow, store.lookup) if entry.where]
    judged = [one for reactions in found if (one := _judged(reactions)) is not None]
    report({"benchmark": "bond_choice", "max_reactions": at_most, **_summary(judged, at_most)})


def _candidates() -> Iterator[Candidate]:
    """Small closed-shell molecules without a motif and with a choice of bonds."""
    with MOLECULES.open(encoding="utf-8") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            species = Species.from_smiles(row["smiles"], multiplicity=1)
            heavy = sum(atom.GetAtomicNum() > 1 for atom in species.molecule().GetAtoms())
            if match(species) or species.charge or heavy > LARGEST or len(breakable_bonds(species)) < 3:
                continue
            yield Candidate(
                id=re.sub(r"[^A-Za-z0-9._-]+", "-", row["name"]).strip(".-"),
                name=row["name"],
                smiles_given=row["smiles"],
                species=species,
                counter_ion="",
                role="",
                target_nm=None,
                extra=(),
                row=number,
                notes=(),
            )


def _judged(reactions: tuple[KnownReaction, ...]) -> tuple[list[float], int] | None:
    """Enthalpies in the order of the estimate, and the bonds without one; None below three with one."""
    raw = [reaction.raw_enthalpy_kcal_mol() for reaction in reactions]
    known = [values[0] for values in raw if values]
    return (known, len(raw) - len(known)) if len(known) >= 3 else None


def _summary(judged: list[tuple[list[float], int]], at_most: int) -> dict[str, object]:
    rows = [enthalpies for enthalpies, _ in judged]
    lost = {n: [min(row[:n]) - min(row) for row in rows] for n in range(1, at_most + 1)}
    order = [float(spearmanr(row, range(len(row))).statistic) for row in rows]
    return {
        "molecules": len(rows),
        "bonds": sum(map(len, rows)),
        "bonds_without_enthalpy": sum(without for _, without in judged),
        "weakest_among_first": {n: sum(v < 0.5 for v in values) / len(rows) for n, values in lost.items()},
        "largest_loss_kcal_mol": {n: round(max(values), 1) for n, values in lost.items()},
        "mean_spearman": round(sum(order) / len(order), 3),
    }


if __name__ == "__main__":
    main()
