"""Which protonation state is computed where a surface group loses its proton on a nanocrystal."""

from functools import cache, lru_cache

from rdkit import Chem

from actinic.chemistry.species import KEPT, Species

ACIDS = (
    ("dithiocarbamic acid", "[#7][CX3](=S)[SX2H]", "dithiocarbamate"),
    ("thiocarboxylic acid", "[#6][CX3](=[O,S])[SX2H]", "thiocarboxylate"),
    ("thiol", "[#6;!$([CX3]=[O,S])][SX2H]", "thiolate"),
    ("phosphonic acid", "[PX4](=O)[OX2H]", "phosphonate"),
    ("carboxylic acid", "[#6,#1][CX3](=O)[OX2H]", "carboxylate"),
)
"""Group with its proton, SMARTS, and what it is on the surface (anchors.toml has the surfaces)."""


@lru_cache(maxsize=KEPT)
def protonation_caveat(species: Species) -> str:
    """One sentence on the acids computed with their proton; empty where there is none.

    >>> protonation_caveat(Species.from_smiles("CCS", multiplicity=1))
    'computed with the proton of its thiol; on a nanocrystal it is a thiolate'
    >>> protonation_caveat(Species.from_smiles("[O-]C(=O)CC", multiplicity=1))
    ''
    """
    molecule = species.shared_molecule()
    found = [(acid, bound) for acid, pattern, bound in _acids() if molecule.HasSubstructMatch(pattern)]
    if not found:
        return ""
    acids, bound = (" and ".join(names) for names in zip(*found, strict=True))
    said = f"computed with the proton of its {acids}; on a nanocrystal it is a {bound}"
    loses = any(acid == "dithiocarbamic acid" for acid, _ in found)
    return f"{said}; with its proton it readily loses CS2: draw the anion" if loses else said


@cache
def _acids() -> tuple[tuple[str, Chem.Mol, str], ...]:
    return tuple((acid, Chem.MolFromSmarts(smarts), bound) for acid, smarts, bound in ACIDS)
