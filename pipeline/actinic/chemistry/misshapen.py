"""Species whose shape tight binding gets wrong; the groups are data, `misshapen.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from rdkit import Chem

from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import KEPT, Species


@dataclass(frozen=True, slots=True)
class Misshapen:
    """A group of a species whose tight-binding shape is not to be trusted.

    Attributes:
        group: Its name.
        bond: Indices of the atom next to the group and of its centre.
        outer: Indices of the atoms about the centre that a relaxation starts from other places of.
        start_angstrom: Their distances from the centre.
        start_degrees: Their angle to the bond.
    """

    group: str
    bond: tuple[int, int]
    outer: tuple[int, ...]
    start_angstrom: tuple[float, ...]
    start_degrees: float

    def start(self, geometry: Geometry) -> Geometry:
        """`geometry` with the outer atoms at their starting places, each turned about the bond as it was."""
        positions = geometry.positions_angstrom
        beside, centre = positions[list(self.bond)]
        axis = (beside - centre) / np.linalg.norm(beside - centre)
        angle = np.radians(self.start_degrees)
        for atom, length in zip(self.outer, self.start_angstrom, strict=True):
            arm = positions[atom] - centre
            across = arm - (arm @ axis) * axis
            across /= np.linalg.norm(across)
            positions[atom] = centre + length * (np.cos(angle) * axis + np.sin(angle) * across)
        return Geometry.from_angstrom(geometry.symbols, positions)


@lru_cache(maxsize=KEPT)
def misshapen(species: Species) -> Misshapen | None:
    """The first group of the table in `species`; None where tight binding is good enough.

    >>> found = misshapen(Species.high_spin("CS(=O)(=O)[O]"))
    >>> found.group, found.bond, tuple(sorted(found.outer))
    ('sulfonyloxyl radical', (0, 1), (2, 3, 4))
    """
    molecule = species.shared_molecule()
    for group, pattern in _table():
        match = molecule.GetSubstructMatch(pattern)
        if match:
            places = {atom.GetAtomMapNum(): match[atom.GetIdx()] for atom in pattern.GetAtoms()}
            return Misshapen(
                group=str(group["name"]),
                bond=(places[1], places[2]),
                outer=tuple(places[number] for number in sorted(places) if number > 2),
                start_angstrom=tuple(group["start_angstrom"]),
                start_degrees=float(group["start_degrees"]),
            )
    return None


@cache
def _table() -> tuple[tuple[dict[str, Any], Chem.Mol], ...]:
    text = files("actinic.chemistry").joinpath("misshapen.toml").read_text(encoding="utf-8")
    return tuple((group, Chem.MolFromSmarts(group["smarts"])) for group in tomllib.loads(text)["group"])
