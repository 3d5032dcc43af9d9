"""Vertical n-pi* states at GFN2 minima against the best estimates: `python benchmarks/weak_states.py`.

What `analysis.ensemble_spectrum` corrects weak bands with: the n-pi* states of `quest.py`, but computed where
a screen computes them, at the GFN2 minimum next to the reference geometry. The correction so holds the errors
of functional, basis and geometry together. Only carbonyls and thiocarbonyls count: azines, the rest of the
set, are no chromophores whose bands are sampled, and GFN2 has the N-N bonds of diazines wrong (`--all` counts
them). The minimum is made as symmetric as the reference geometry, by
averaging over its symmetry operations, so that states are matched as there. Ends with one JSON line.
"""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
import pandas as pd
from benchmarks import quest
from benchmarks.quest import CHARGED, OPERATIONS, REFERENCE, Molecule
from rdkit import Chem
from scipy.spatial.transform import Rotation

from actinic.chemistry.geometry import Geometry
from actinic.engines.optimisation import Stop, optimise
from actinic.engines.response import ResponseSettings
from actinic.engines.tight_binding import Theory
from actinic.level import Level

CHROMOPHORES = Chem.MolFromSmarts("[#6]=[O,S]")


def relaxed(shape: Molecule, charge: int) -> Molecule:
    """The same molecule at its GFN2 minimum, in the same frame and of the same symmetry."""
    theory = Theory(charge, 1, Level.parse("gfn2-xtb"), "tblite")
    end = optimise(shape.geometry, theory, Stop(fmax_ev_angstrom=0.004, max_steps=1000))
    reference, positions = shape.geometry.positions_angstrom, end.geometry.positions_angstrom
    positions = positions - positions.mean(axis=0)
    turn, _ = Rotation.align_vectors(reference - reference.mean(axis=0), positions)
    placed = turn.apply(positions) + reference.mean(axis=0)
    # The operation sends atom i to where atom image[i] stands.
    images = [placed]
    for name, image in shape.images.items():
        moved = np.empty_like(placed)
        moved[image] = placed * np.array(OPERATIONS[name])
        images.append(moved)
    return replace(shape, geometry=Geometry.from_angstrom(end.geometry.symbols, np.mean(images, axis=0)))


def compared(name: str, rows: pd.DataFrame, level: Level) -> pd.DataFrame:
    """Reference and computed energy of each state of one molecule at its GFN2 minimum."""
    at_reference = quest.molecule
    try:
        quest.molecule = lambda path: relaxed(at_reference(path), CHARGED.get(name, 0))
        return quest.compared(name, rows, level, ResponseSettings())
    finally:
        quest.molecule = at_reference


def main() -> None:
    """Compute, match, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--level", default="b3lyp/def2-svp")
    parser.add_argument("--molecules", nargs="+", help="only these, by their name in the table")
    parser.add_argument("--all", action="store_true", help="count azines as well")
    arguments = parser.parse_args()
    reference = pd.read_csv(REFERENCE / "excitations_quest.csv")
    if arguments.molecules:
        reference = reference[reference["molecule"].isin(arguments.molecules)]
    if not arguments.all:
        molecules = map(Chem.MolFromSmiles, reference["smiles"])
        carbonyls = [molecule.HasSubstructMatch(CHROMOPHORES) for molecule in molecules]
        reference = reference[carbonyls]
    weak = reference[reference["type"] == "npi"]["molecule"]
    # The other states stay in: of one symmetry the order of energy decides which root is which.
    usable = reference[reference["molecule"].isin(weak) & reference["type"].isin(list(quest.KINDS))]
    level = Level.parse(arguments.level)
    tables = [compared(str(name), rows, level) for name, rows in usable.groupby("molecule")]
    table = pd.concat(tables)
    table = table[table["type"] == "npi"]
    unmatched = int(table["computed_ev"].isna().sum())
    table = table.dropna()
    missing = (table["TBE_AVTZ_eV"] - table["computed_ev"]).to_numpy(float)
    print(table.to_string(index=False))
    record = {
        "level": str(level),
        "states": len(missing),
        "unmatched": unmatched,
        "shift_ev": round(float(missing.mean()), 3),
        "standard_error_ev": round(float(missing.std(ddof=1)), 3),
    }
    print(json.dumps(record))


if __name__ == "__main__":
    main()
