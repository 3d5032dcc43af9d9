"""Simple Hueckel theory: the gap between occupied and empty pi orbitals, from a drawing alone."""

import tomllib
from functools import cache
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from actinic.chemistry.species import Species

TABLE = Path(__file__).with_name("hueckel.toml")
LONE_PAIRS = frozenset({"N", "O", "S", "F", "Cl"})
_NEUTRAL_YLIDE = Chem.MolFromSmarts("[#6,#7;+0]=[N+]=[#6,#7;-1]")
_SULFONYL = Chem.MolFromSmarts("[#15,#16;v5,v6]")


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    coulomb: dict[str, float]
    resonance: dict[str, float]


def hueckel_gap(species: Species) -> float | None:
    """Smallest gap of the pi systems of a species, in units of |beta|.

    Each atom of a double, triple or aromatic bond gives one orbital and one electron, a neighbour with a lone
    pair one orbital and two; of a triple bond one plane counts. Sulfur and phosphorus of higher valence and
    atoms without parameters end the pi system.

    Returns:
        None without a pi bond, and where electrons or orbitals cannot be counted.

    >>> round(hueckel_gap(Species.from_smiles("C=CC=C", multiplicity=1)), 3)
    1.236
    """
    molecule = _drawn(species)
    types = _types(molecule)
    gaps = [_gap(molecule, types, system) for system in _systems(molecule, types)]
    return (
        None if not gaps or any(gap is None for gap in gaps) else min(gap for gap in gaps if gap is not None)
    )


def _drawn(species: Species) -> Chem.Mol:
    """Kekule structure in which azides and diazo groups bear a lone pair on the atom next to the rest."""
    molecule = Chem.RWMol(Chem.MolFromSmiles(species.smiles))
    Chem.Kekulize(molecule, clearAromaticFlags=True)
    for inner, middle, outer in molecule.GetSubstructMatches(_NEUTRAL_YLIDE):
        if (
            molecule.GetAtomWithIdx(inner).GetAtomicNum() != 7
            and molecule.GetAtomWithIdx(outer).GetAtomicNum() != 7
        ):
            continue
        molecule.GetBondBetweenAtoms(inner, middle).SetBondType(Chem.BondType.SINGLE)
        molecule.GetBondBetweenAtoms(middle, outer).SetBondType(Chem.BondType.TRIPLE)
        molecule.GetAtomWithIdx(inner).SetFormalCharge(-1)
        molecule.GetAtomWithIdx(outer).SetFormalCharge(0)
    molecule.UpdatePropertyCache(strict=False)
    return molecule.GetMol()


def _types(molecule: Chem.Mol) -> dict[int, str]:
    """Type of each atom that has a pi orbital."""
    ends = {atom for (atom,) in molecule.GetSubstructMatches(_SULFONYL)}
    multiple = {
        atom
        for bond in molecule.GetBonds()
        if bond.GetBondType() in {Chem.BondType.DOUBLE, Chem.BondType.TRIPLE}
        and not ends & {bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()}
        for atom in (bond.GetBeginAtomIdx(), bond.GetEndAtomIdx())
    }
    types: dict[int, str] = {}
    for atom in molecule.GetAtoms():
        symbol, index = atom.GetSymbol(), atom.GetIdx()
        if index in multiple:
            # A positive nitrogen, as of a nitro group, holds its electron as one with two does.
            kept = symbol == "N" and atom.GetFormalCharge() > 0
            types[index] = "C" if symbol == "C" else f"{symbol}{2 if kept else 1}"
        elif symbol in LONE_PAIRS and atom.GetFormalCharge() <= 0 and index not in ends:
            near = {neighbour.GetIdx() for neighbour in atom.GetNeighbors()}
            types |= {index: f"{symbol}2"} if near & multiple else {}
    return types


def _systems(molecule: Chem.Mol, types: dict[int, str]) -> list[list[int]]:
    """Atoms of each pi system with a pi bond."""
    left, systems = set(types), []
    while left:
        system, edge = [], [left.pop()]
        while edge:
            at = edge.pop()
            system.append(at)
            near = {n.GetIdx() for n in molecule.GetAtomWithIdx(at).GetNeighbors()} & left
            left -= near
            edge += near
        systems.append(sorted(system))
    return [system for system in systems if len(system) > 1]


def _gap(molecule: Chem.Mol, types: dict[int, str], system: list[int]) -> float | None:
    table = _table()
    if any(types[atom] not in table.coulomb for atom in system):
        return None
    place = {atom: i for i, atom in enumerate(system)}
    matrix: NDArray[np.float64] = np.diag([table.coulomb[types[atom]] for atom in system])
    electrons = 0
    for atom in system:
        here = molecule.GetAtomWithIdx(atom)
        positive = here.GetFormalCharge() > 0 and types[atom] == "N2"
        electrons += 1 if types[atom] == "C" or types[atom][-1] == "1" or positive else 2
        for neighbour in here.GetNeighbors():
            other = neighbour.GetIdx()
            if other in place:
                a, b = types[atom], types[other]
                k = table.resonance.get(f"{a}-{b}", table.resonance.get(f"{b}-{a}"))
                if k is None:
                    return None
                matrix[place[atom], place[other]] = k
    if electrons % 2 or electrons // 2 >= len(system):
        return None
    levels = np.linalg.eigvalsh(matrix)[::-1]  # beta is negative: the largest number lies lowest
    return float(levels[electrons // 2 - 1] - levels[electrons // 2])


@cache
def _table() -> _Table:
    return msgspec.convert(tomllib.loads(TABLE.read_text(encoding="utf-8")), _Table)
