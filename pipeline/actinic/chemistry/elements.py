"""Elements that can be computed, and which of them are metals."""

from rdkit import Chem

_NOBLE_GASES = {2, 10, 18, 36, 54}
_LANTHANIDES = {*range(57, 72)}
_GROUPS_5_TO_10 = {*range(23, 29), *range(41, 47), *range(73, 79)}

SUPPORTED_ELEMENTS = frozenset(
    Chem.GetPeriodicTable().GetElementSymbol(number)
    for number in {*range(1, 84)} - _NOBLE_GASES - _LANTHANIDES - _GROUPS_5_TO_10
)
"""H to Bi, which GFN2 and def2 cover, short of noble gases, lanthanides, and groups 5 to 10, whose spin state
cannot be read from a SMILES."""

NON_METALS = frozenset(
    {"H", "B", "C", "N", "O", "F", "Si", "P", "S", "Cl", "Ge", "As", "Se", "Br", "Te", "I"}
)
"""Anything else puts a molecule outside the domain of the level calibration."""
