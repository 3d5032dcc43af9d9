"""Species whose shape tight binding gets wrong; the groups are data, `misshapen.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from rdkit import Chem

from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species


@dataclass(frozen=True, slots=True)
class Misshapen:
    """A group of a species whose tight-binding shape is not to be trusted.

    Attributes:
        group: Its name.
        pair: Indices of the bonded atoms that a relaxation starts from another distance of.
        start_angstrom: That distance.
    """

    group: str
    pair: tuple[int, int]
    start_angstrom: float

    def start(self, geometry: Geometry) -> Geometry:
        """`geometry` with the second atom of the pair moved along the bond to its starting distance."""
        fixed, moved = self.pair
        positions = geometry.positions_angstrom
        bond = positions[moved] - positions[fixed]
        positions[moved] = positions[fixed] + self.start_angstrom * bond / np.linalg.norm(bond)
        return Geometry.from_angstrom(geometry.symbols, positions)


def misshapen(species: Species) -> Misshapen | None:
    """The first group of the table in `species`; None where tight binding is good enough.

    >>> found = misshapen(Species.high_spin("CS(=O)(=O)[O]"))
    >>> found.group, found.pair
    ('sulfonyloxyl radical', (1, 4))
    """
    molecule = species.molecule()
    for group, pattern, start_angstrom in _table():
        match = molecule.GetSubstructMatch(pattern)
        if match:
            places = {atom.GetAtomMapNum(): match[atom.GetIdx()] for atom in pattern.GetAtoms()}
            return Misshapen(group, (places[1], places[2]), start_angstrom)
    return None


@cache
def _table() -> tuple[tuple[str, Chem.Mol, float], ...]:
    text = files("actinic.chemistry").joinpath("misshapen.toml").read_text(encoding="utf-8")
    return tuple(
        (str(group["name"]), Chem.MolFromSmarts(group["smarts"]), float(group["start_angstrom"]))
        for group in tomllib.loads(text)["group"]
    )
