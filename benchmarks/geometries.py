"""Writes the geometries of the benchmarks, GFN2 minima: `python benchmarks/geometries.py [NAME ...]`.

They are committed, so that every run computes the same molecules; run this to add one.
"""

import argparse
from pathlib import Path

import numpy as np
from rdkit import Chem
from rdkit.Chem import rdDistGeom

from actinic.chemistry.geometry import Geometry
from actinic.engines.optimisation import Stop, optimise
from actinic.engines.tight_binding import Theory
from actinic.level import Level

FOLDER = Path(__file__).parent / "molecules"

SMILES = {
    "formaldehyde": "C=O",
    "phenyl-azide": "c1ccccc1N=[N+]=[N-]",
    "benzophenone": "O=C(c1ccccc1)c1ccccc1",
    "allyl": "C=C[CH2]",
    "benzophenone-ketyl": "O[C](c1ccccc1)c1ccccc1",
    "2-lixer": "O=C(OCCOC(=O)c1c(F)c(F)c(N=[N+]=[N-])c(F)c1F)c1c(F)c(F)c(N=[N+]=[N-])c(F)c1F",
    "cbp-v": "C=Cc1ccc2c(c1)c1ccccc1n2-c1ccc(cc1)-c1ccc(cc1)-n1c2ccccc2c2cc(C=C)ccc12",
}
SMILES |= {f"oligophenyl-{n}": "c1ccc(cc1)-" * n + "N=[N+]=[N-]" for n in range(1, 11)}
"""n rings in para position and an azide: 6 n + 3 heavy atoms."""


def minimum(smiles: str) -> Geometry:
    """GFN2 minimum next to the first embedded conformer; raises ValueError if there is none."""
    molecule = Chem.AddHs(Chem.MolFromSmiles(smiles))
    if rdDistGeom.EmbedMolecule(molecule, randomSeed=1):
        raise ValueError(f"{smiles}: no geometry could be embedded")
    start = Geometry.from_angstrom(
        [atom.GetSymbol() for atom in molecule.GetAtoms()], np.array(molecule.GetConformer().GetPositions())
    )
    unpaired = sum(atom.GetNumRadicalElectrons() for atom in molecule.GetAtoms())
    theory = Theory(0, 1 + unpaired, Level.parse("gfn2-xtb"), "tblite")
    end = optimise(start, theory, Stop(fmax_ev_angstrom=0.01, max_steps=1000))
    if not end.is_converged:
        raise ValueError(f"{smiles}: the geometry did not converge in {end.n_gradients} gradients")
    return end.geometry


def main() -> None:
    """Write the molecules named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *SMILES], default=[])
    FOLDER.mkdir(exist_ok=True)
    for name in parser.parse_args().names or SMILES:
        text = minimum(SMILES[name]).xyz(f"{name} {SMILES[name]} GFN2-xTB")
        (FOLDER / f"{name}.xyz").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
