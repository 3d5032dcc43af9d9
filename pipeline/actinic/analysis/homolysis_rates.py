"""From the enthalpy of a bond to the rate at which heat breaks it."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from rdkit import Chem

from actinic.analysis.kinetics import RateLaw
from actinic.chemistry.reactions import Reaction

ALL_BONDS = "all"
MIDDLE_K = 500.0
"""Where Arrhenius and Eyring forms meet: between bakes and the reference measurements."""

_RADICALS = {
    "acyloxyl": Chem.MolFromSmarts("[OX1v1]-[CX3]=[OX1]"),
    "diazenyl": Chem.MolFromSmarts("[NX1v2]=[NX2]"),
}

UNSOUND = {"acyloxyl": "GFN2-xTB misshapes acyloxyl radicals: the enthalpy of making one is an upper bound"}
"""Kinds of bonds whose enthalpies are worth no rate, with the reason: acetyloxyl comes out with a C-C bond of
1.69 angstrom, and enthalpies of measured diacyl peroxides 8 to 40 kcal/mol too high."""


@dataclass(frozen=True, slots=True)
class HomolysisRate:
    """k = A exp(-(dH + shift)/RT), dH the calibrated bond dissociation enthalpy at 298 K.

    Attributes:
        log10_a: Decadic logarithm of A in s-1: the median of measured ones.
        shift_kcal_mol: What takes dH to the energy of activation, the median over measured homolyses.
        error_kcal_mol: Root mean square error of the Gibbs energy of activation of bonds left out of the fit;
            the error of the calibrated enthalpy is in it.
        n: Measured homolyses behind it.
    """

    log10_a: float
    shift_kcal_mol: float
    error_kcal_mol: float
    n: int

    def law(self, enthalpy_kcal_mol: float) -> RateLaw:
        """Rate of breaking a bond of this enthalpy."""
        return RateLaw.arrhenius(self.log10_a, enthalpy_kcal_mol + self.shift_kcal_mol, MIDDLE_K)


def homolysis_rate(kind: str) -> HomolysisRate:
    """That of a kind of bond, as `bond_kind` calls it, else that of all together."""
    return _table().get(kind) or _table()[ALL_BONDS]


def bond_kind(reaction: Reaction) -> str:
    """The two elements of the bond that breaks, or the radical made where that matters more.

    Enthalpies of making an acyloxyl or a diazenyl radical are off, whatever it is bound to.

    >>> from actinic.chemistry.homolysis import homolysis
    >>> from actinic.chemistry.species import Species
    >>> bond_kind(homolysis(Species.from_smiles("COO", multiplicity=1), (1, 2)))
    'O-O'
    """
    molecules = [product.species.shared_molecule() for product in reaction.products]
    for name, radical in _RADICALS.items():
        if any(molecule.HasSubstructMatch(radical) for molecule in molecules):
            return name
    symbols = [atom.GetSymbol() for one in reaction.reactants for atom in one.shared_molecule().GetAtoms()]
    return "-".join(sorted(symbols[atom] for atom in reaction.broken[0]))


@cache
def _table() -> dict[str, HomolysisRate]:
    text = files("actinic.analysis").joinpath("homolysis.toml").read_text(encoding="utf-8")
    rows: dict[str, dict[str, Any]] = tomllib.loads(text)
    return {name: HomolysisRate(**row) for name, row in rows.items()}
