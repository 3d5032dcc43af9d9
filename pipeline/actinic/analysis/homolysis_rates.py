"""From the enthalpy of a bond to the rate at which heat breaks it: a prefactor per kind of bond."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from actinic.analysis.kinetics import RateLaw
from actinic.chemistry.reactions import Reaction

ALL_BONDS = "all"
MIDDLE_K = 500.0
"""Where Arrhenius and Eyring forms meet: between bakes and the reference measurements."""


@dataclass(frozen=True, slots=True)
class Prefactor:
    """A in k = A exp(-dH/RT), dH the bond dissociation enthalpy at 298 K.

    Attributes:
        log10_a: Decadic logarithm of A in s-1.
        error_kcal_mol: Root mean square error of the Gibbs energy of activation of bonds left out of the fit;
            the error of the calibrated enthalpy is in it.
        n: Measured homolyses behind it.
    """

    log10_a: float
    error_kcal_mol: float
    n: int

    def law(self, enthalpy_kcal_mol: float) -> RateLaw:
        """Rate of breaking a bond of this enthalpy."""
        return RateLaw.arrhenius(self.log10_a, enthalpy_kcal_mol, MIDDLE_K)


def prefactor(bond: str) -> Prefactor:
    """The prefactor of a kind of bond (`C-O`, elements in alphabetical order), else that of all together."""
    return _table().get(bond) or _table()[ALL_BONDS]


def bond_kind(reaction: Reaction) -> str:
    """The two elements of the bond that breaks.

    >>> from actinic.chemistry.homolysis import homolysis
    >>> from actinic.chemistry.species import Species
    >>> bond_kind(homolysis(Species.from_smiles("COO", multiplicity=1), (1, 2)))
    'O-O'
    """
    symbols = [atom.GetSymbol() for one in reaction.reactants for atom in one.molecule().GetAtoms()]
    return "-".join(sorted(symbols[atom] for atom in reaction.broken[0]))


@cache
def _table() -> dict[str, Prefactor]:
    text = files("actinic.analysis").joinpath("prefactors.toml").read_text(encoding="utf-8")
    rows: dict[str, dict[str, Any]] = tomllib.loads(text)
    return {name: Prefactor(**row) for name, row in rows.items()}
