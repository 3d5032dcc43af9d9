"""How far apart two geometries of one species are, equal atoms and mirror images interchanged."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem
from rdkit.Chem import rdMolAlign

from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species

MAX_NUMBERINGS = 2000
"""Equivalent numberings tried per pair. Four tert-butyl groups alone have 1,296, eight have 1.7 million:
beyond the limit two equal geometries may count as two, which costs time and misplaces weight among equals."""


class Superposition:
    """RMSD between geometries of one species without the hydrogens on carbon.

    Those on other atoms count: the two rotamers of an O-H are two conformers. Mirror images count as equal
    (energies, spectra and dipole lengths are) unless the SMILES names a handedness.
    """

    def __init__(self, species: Species) -> None:
        molecule = species.molecule()
        self._mirror = not any(int(atom.GetChiralTag()) for atom in molecule.GetAtoms())
        self._atoms = [atom.GetIdx() for atom in molecule.GetAtoms() if not _is_on_carbon(atom)]
        self._skeleton = _skeleton(molecule, self._atoms)

    def rmsd_angstrom(self, one: Geometry, other: Geometry, *, below_angstrom: float) -> float:
        """Smallest RMSD, or a lower bound of it where that already exceeds `below_angstrom`.

        Args:
            one: A geometry of the species.
            other: Another one.
            below_angstrom: Differences larger than this need not be exact.
        """
        a, b = self._centred(one), self._centred(other)
        bound = _shape_difference_angstrom(a, b)
        if bound > below_angstrom:
            return bound
        straight = self._best(a, b)
        return min(straight, self._best(a, -b)) if self._mirror else straight

    def is_handed(self, geometry: Geometry, *, rmsd_angstrom: float) -> bool:
        """Whether a geometry and its mirror image are two conformers of the same species."""
        positions = self._centred(geometry)
        return self._mirror and self._best(positions, -positions) > rmsd_angstrom

    def _centred(self, geometry: Geometry) -> NDArray[np.float64]:
        positions = geometry.positions_angstrom[self._atoms]
        centred: NDArray[np.float64] = positions - positions.mean(axis=0)
        return centred

    def _best(self, a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
        probe, reference = Chem.Mol(self._skeleton), Chem.Mol(self._skeleton)
        probe.GetConformer().SetPositions(a)
        reference.GetConformer().SetPositions(b)
        return float(rdMolAlign.GetBestRMS(probe, reference, maxMatches=MAX_NUMBERINGS))


def distinct(species: Species, geometries: Sequence[Geometry], *, rmsd_angstrom: float) -> list[Geometry]:
    """The geometries in their order, without those closer than `rmsd_angstrom` to an earlier one."""
    superposition = Superposition(species)
    kept: list[Geometry] = []
    for geometry in geometries:
        if all(
            superposition.rmsd_angstrom(geometry, known, below_angstrom=rmsd_angstrom) >= rmsd_angstrom
            for known in kept
        ):
            kept.append(geometry)
    return kept


def _is_on_carbon(atom: Chem.Atom) -> bool:
    """Whether `atom` is a hydrogen of a C-H bond."""
    neighbours = [neighbour.GetAtomicNum() for neighbour in atom.GetNeighbors()]
    return bool(atom.GetAtomicNum() == 1 and neighbours == [6])


def _skeleton(molecule: Chem.Mol, atoms: list[int]) -> Chem.Mol:
    """The molecule reduced to `atoms`, with room for coordinates and without stereochemistry."""
    editable = Chem.RWMol(molecule)
    Chem.RemoveStereochemistry(editable)
    for index in sorted(set(range(molecule.GetNumAtoms())) - set(atoms), reverse=True):
        editable.RemoveAtom(index)
    editable.AddConformer(Chem.Conformer(len(atoms)))
    return editable.GetMol()


def _shape_difference_angstrom(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Lower bound of the RMSD for any rotation, reflection and numbering.

    Singular values of the coordinate matrix change under none of these, and by Mirsky's inequality
    (doi:10.1093/qmath/11.1.50) differ by no more than the matrices do.
    """
    difference = np.linalg.svd(a, compute_uv=False) - np.linalg.svd(b, compute_uv=False)
    return float(np.linalg.norm(difference) / np.sqrt(len(a)))
