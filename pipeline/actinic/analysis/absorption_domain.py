"""Which molecules a calibration of absorption was made on, and which it was not: classes and scaffolds."""

from collections.abc import Mapping
from functools import cache

from rdkit import Chem

from actinic.chemistry.species import Species

CHROMOPHORES = (
    ("azo", "[#6]N=N[#6]"),
    ("nitro", "[#6][N+](=O)[O-]"),
    ("aryl ketone or quinone", "[c,$([#6;R](=C))][#6;R](=O)[#6;R,c]"),
    ("conjugated carbonyl", "[$([#6]=[#6][#6]=O),$(c:cc=O)]"),
    ("aryl ketone or quinone", "c[CX3](=O)[c,C]"),
    ("aryl alkene, alkyne or imine", "c[$(C=C),$(C=N),$(C#C)]"),
    ("heteroarene", "[n,o,s]"),
    ("arene", "c"),
    ("neither arene nor conjugated carbonyl", "*"),
)
"""Chromophores as SMARTS; the first that matches names the class of a molecule."""

OUTSIDE = (
    ("azides", "[#6,#16]N=[N+]=[N-]"),
    ("diazirines", "C1N=N1"),
    ("diazo compounds", "[#6]=[N+]=[N-]"),
    ("sulfonate esters", "[#6]S(=O)(=O)O[#6,#7]"),
    ("thiocarbonyls", "[#6]=[SX1]"),
)
"""Groups of the field that no molecule behind the calibration has, whatever its class."""

FEWEST = 3
"""As many molecules of a class have to be behind a calibration for its error to say anything of the class."""


def chromophore(species: Species) -> str:
    """Name of the class a molecule counts for in a macro average."""
    mol = Chem.MolFromSmiles(species.smiles)
    return next(name for name, pattern in _compiled(CHROMOPHORES) if mol.HasSubstructMatch(pattern))


def scaffold(species: Species) -> str:
    """Canonical SMILES of the ring systems and what links them; of a molecule without rings the molecule.

    Bemis and Murcko, J. Med. Chem. 1996, 39, 2887 (doi:10.1021/jm9602928).
    """
    mol = Chem.MolFromSmiles(species.smiles)
    Chem.RemoveStereochemistry(mol)
    framework: str = Chem.MolToSmiles(Chem.MurckoDecompose(mol))
    return framework or Chem.MolToSmiles(mol)


def outside(species: Species, members: Mapping[str, int]) -> tuple[str, ...]:
    """What of a molecule the calibration was not made on, in words; nothing for one inside its domain.

    Args:
        species: The molecule.
        members: Molecules behind the calibration by class; where this is empty no class counts as too small.
    """
    mol = Chem.MolFromSmiles(species.smiles)
    found = [
        f"{name}: none among the molecules calibrated on"
        for name, pattern in _compiled(OUTSIDE)
        if mol.HasSubstructMatch(pattern)
    ]
    name = chromophore(species)
    n = members.get(name, 0)
    if members and n < FEWEST:
        found.append(f"class {name}: {n or 'none'} among the molecules calibrated on, fewer than {FEWEST}")
    return tuple(found)


@cache
def _compiled(table: tuple[tuple[str, str], ...]) -> tuple[tuple[str, Chem.Mol], ...]:
    return tuple((name, Chem.MolFromSmarts(pattern)) for name, pattern in table)
