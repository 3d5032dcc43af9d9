"""Relaxation of cations, tight binding against photoelectron spectra: `python benchmarks/reorganisation.py`.

Prints one JSON line per molecule: what the cation gains by leaving the geometry of the molecule (the first of
the two legs of `hole_reorganisation_ev`), measured and calculated, and both legs together.
"""

import json

from actinic.calculations.reorganisation import ReorganisationRequest, compute
from actinic.chemistry.species import Species
from actinic.engines.embedding import embed
from actinic.level import Level

MEASURED = (
    ("phenanthrene", "c1ccc2c(c1)ccc1ccccc12", 0.170),
    ("1,10-phenanthroline", "c1cnc2c(c1)ccc1cccnc12", 0.180),
    ("dibenzo[a,c]anthracene", "c1ccc2cc3c4ccccc4c4ccccc4c3cc2c1", 0.158),
    ("phenazine", "c1ccc2nc3ccccc3nc2c1", 0.090),
    ("triphenylamine", "c1ccc(cc1)N(c1ccccc1)c1ccccc1", None),
    ("carbazole", "c1ccc2c(c1)[nH]c1ccccc12", None),
)
"""In eV, from vibrational structure: X. Amashukeli, J. R. Winkler, H. B. Gray, N. E. Gruhn and
D. L. Lichtenberger, J. Phys. Chem. A 2002, 106, 7593; there B3LYP comes out 0.063 eV too low on average."""


def main() -> None:
    """Compute and print."""
    for name, smiles, measured_ev in MEASURED:
        species = Species.from_smiles(smiles, multiplicity=1)
        found = compute(
            ReorganisationRequest(
                geometry=embed(species, n_conformers=1, seed=1, rmsd_angstrom=0.1)[0],
                charge=0,
                multiplicity=1,
                level=Level.parse("gfn2-xtb"),
                program="tblite",
                fmax_ev_angstrom=0.004,
                max_steps=500,
            ),
            1,
        )
        row = {
            "molecule": name,
            "measured_ion_ev": measured_ev,
            "ion_ev": round(found.ion_ev, 3),
            "both_ev": round(found.reorganisation_ev, 3),
        }
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
