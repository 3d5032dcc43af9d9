"""Kinds of bonds, as the reference bonds and their errors are sorted by."""

from functools import cache

from rdkit import Chem

from actinic.chemistry.reactions import Reaction

SULFONYL = "S(VI)-X"

_ORDER = ("C", "N", "O", "S", "F", "Cl", "Br", "I", "H")


@cache
def _sulfonyl_sulfur() -> Chem.Mol:
    return Chem.MolFromSmarts("[SX4](=O)=O")


def bond_family(reaction: Reaction) -> str:
    """The two elements of the one bond that a homolysis breaks, or that it is one of a sulfonyl sulfur.

    >>> from actinic.chemistry.homolysis import homolysis
    >>> from actinic.chemistry.species import Species
    >>> bond_family(homolysis(Species.from_smiles("CSCl", multiplicity=1), (1, 2)))
    'S-Cl'
    >>> bond_family(homolysis(Species.from_smiles("CS(=O)(=O)O", multiplicity=1), (1, 4)))
    'S(VI)-X'
    """
    molecule, broken = reaction.reactants[0].molecule(), set(reaction.broken[0])
    if broken & {match[0] for match in molecule.GetSubstructMatches(_sulfonyl_sulfur())}:
        return SULFONYL
    symbols = [molecule.GetAtomWithIdx(atom).GetSymbol() for atom in sorted(broken)]
    return "-".join(sorted(symbols, key=lambda symbol: (_place(symbol), symbol)))


def _place(symbol: str) -> int:
    return _ORDER.index(symbol) if symbol in _ORDER else len(_ORDER)
