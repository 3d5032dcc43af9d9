"""Is an optimised geometry still the molecule it was embedded as, and if not, what has it become?

Distances are measured against the sum of two covalent radii (RDKit's table: Cordero et al.,
doi:10.1039/b801115j), with a gap between the two thresholds so that no bond sits on the fence.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem
from rdkit.Chem import rdMolTransforms
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species

_STEREO_MARKS = frozenset("@/\\")
"""Signs of a SMILES that stand for stereocentres and stereo bonds."""

KEPT_BELOW = 1.3
"""A bond of the graph is broken beyond this multiple of the radii. The longest minima stay below: F-F 1.24,
N-N of N2O4 1.25; an O-H breaks at 1.31 angstrom, a C-C at 2.05."""

FORMED_BELOW = 1.15
"""Atoms not bonded in the graph count as bonded within this multiple. Real bonds are below 1.1; above it are
the shortest contacts: 1.23 across bicyclo[1.1.1]pentane, 1.5 for a strong hydrogen bond."""

Pair = tuple[int, int]

_SAME_SIDE = {
    Chem.BondStereo.STEREOZ: True,
    Chem.BondStereo.STEREOCIS: True,
    Chem.BondStereo.STEREOE: False,
    Chem.BondStereo.STEREOTRANS: False,
}


@dataclass(frozen=True, slots=True)
class Change:
    """What became of the graph of a species; `is_kept` when nothing did.

    Attributes:
        broken: Bonds of the graph that are gone, as pairs of atom indices, lower first.
        formed: Bonds the graph does not have.
        inverted: Stereocentres, and first atoms of double bonds, that are not as the SMILES says.
        fragments: Formulas of the connected parts, Hill order, largest first, as in `C4H9 + N2`.
    """

    broken: tuple[Pair, ...]
    formed: tuple[Pair, ...]
    inverted: tuple[int, ...]
    fragments: str

    @property
    def is_kept(self) -> bool:
        """Whether the geometry is the species."""
        return not (self.broken or self.formed or self.inverted)


@lru_cache(maxsize=1024)
def change(species: Species, geometry: Geometry) -> Change:
    """Compare the bonds of a geometry with those of the SMILES.

    Contacts between the parts of a salt are no bonds, nor is anything around a bare cation; a proton that
    hops breaks one bond and forms another.

    Args:
        species: The species the geometry was made for.
        geometry: Atoms in the order of the species.
    """
    molecule = species.shared_molecule()
    stretch = _stretch(geometry)
    graph = Chem.GetAdjacencyMatrix(molecule).astype(bool)
    broken = graph & (stretch > KEPT_BELOW)
    formed = ~graph & (stretch < FORMED_BELOW)
    if "." in species.smiles:
        formed &= ~_ionic_contacts(molecule)
    if broken.any() or formed.any():
        parts = _parts((graph & ~broken) | formed)
        return Change(_pairs(broken), _pairs(formed), (), _formulas(geometry.symbols, parts))
    has_stereo = not _STEREO_MARKS.isdisjoint(species.smiles)
    inverted = _inverted(molecule, geometry) if has_stereo else ()
    return Change((), (), inverted, _formulas(geometry.symbols, Chem.GetMolFrags(molecule)))


def bonds_text(geometry: Geometry, found: Change) -> str:
    """The change in words, atoms counted from 1, as in `broken C1-N5; formed O2-H7`."""
    labels = [f"{symbol}{number}" for number, symbol in enumerate(geometry.symbols, start=1)]
    parts = [
        f"{verb} {', '.join(f'{labels[i]}-{labels[j]}' for i, j in pairs)}"
        for verb, pairs in (("broken", found.broken), ("formed", found.formed))
        if pairs
    ]
    if found.inverted:
        parts.append(f"inverted {', '.join(labels[i] for i in found.inverted)}")
    return "; ".join(parts)


@cache
def _radius_angstrom(symbol: str) -> float:
    return float(Chem.GetPeriodicTable().GetRcovalent(symbol))


def _stretch(geometry: Geometry) -> NDArray[np.float64]:
    """Distances over sums of covalent radii, shape (n, n), infinite on the diagonal."""
    radii = np.array([_radius_angstrom(symbol) for symbol in geometry.symbols])
    positions = geometry.positions_angstrom
    apart = positions[:, None] - positions[None]
    distances = np.sqrt(np.einsum("ijk,ijk->ij", apart, apart))
    np.fill_diagonal(distances, np.inf)
    stretch: NDArray[np.float64] = distances / (radii[:, None] + radii[None])
    return stretch


def _ionic_contacts(molecule: Chem.Mol) -> NDArray[np.bool_]:
    """Pairs of atoms from two parts of a salt whose closeness is the salt itself, shape (n, n).

    One of them is a cation drawn without bonds (Na+, Zn2+, but no proton), or a positive centre from the
    fourth period on: the I-Cl of diphenyliodonium chloride is at 1.08 of the radii (GFN2, gas phase).
    """
    cationic = [
        a.GetFormalCharge() > 0 and (a.GetAtomicNum() > 18 or (a.GetDegree() == 0 and a.GetAtomicNum() > 1))
        for a in molecule.GetAtoms()
    ]
    part = np.zeros(len(cationic), dtype=int)
    for number, atoms in enumerate(Chem.GetMolFrags(molecule)):
        part[list(atoms)] = number
    pairs: NDArray[np.bool_] = (np.array(cationic)[:, None] | np.array(cationic)[None]) & (
        part[:, None] != part[None]
    )
    return pairs


def _inverted(molecule: Chem.Mol, geometry: Geometry) -> tuple[int, ...]:
    """Stereocentres and stereo bonds of the SMILES that the geometry has the other way round."""
    placed = Chem.Mol(molecule)
    conformer = Chem.Conformer(placed.GetNumAtoms())
    conformer.SetPositions(geometry.positions_angstrom)
    placed.AddConformer(conformer)
    Chem.AssignAtomChiralTagsFromStructure(placed)
    atoms = [
        atom.GetIdx()
        for atom in molecule.GetAtoms()
        if int(atom.GetChiralTag())
        and atom.GetChiralTag() != placed.GetAtomWithIdx(atom.GetIdx()).GetChiralTag()
    ]
    bonds = [
        bond.GetBeginAtomIdx()
        for bond in molecule.GetBonds()
        if bond.GetStereo() in _SAME_SIDE and _is_same_side(bond, conformer) != _SAME_SIDE[bond.GetStereo()]
    ]
    return tuple(sorted({*atoms, *bonds}))


def _is_same_side(bond: Chem.Bond, conformer: Chem.Conformer) -> bool:
    """Whether the two reference atoms of a double bond are cis."""
    first, last = bond.GetStereoAtoms()
    dihedral_degree = rdMolTransforms.GetDihedralDeg(
        conformer, first, bond.GetBeginAtomIdx(), bond.GetEndAtomIdx(), last
    )
    return abs(dihedral_degree) < 90.0


def _pairs(matrix: NDArray[np.bool_]) -> tuple[Pair, ...]:
    rows, columns = np.nonzero(np.triu(matrix))
    return tuple(zip(rows.tolist(), columns.tolist(), strict=True))


def _parts(bonded: NDArray[np.bool_]) -> Sequence[Sequence[int]]:
    """Atoms that hang together."""
    n_parts, part_of = connected_components(csr_array(bonded), directed=False)
    return [np.flatnonzero(part_of == part).tolist() for part in range(n_parts)]


def _formulas(symbols: tuple[str, ...], parts: Sequence[Sequence[int]]) -> str:
    formulas = [(-len(part), _hill([symbols[atom] for atom in part])) for part in parts]
    return " + ".join(formula for _, formula in sorted(formulas))


def _hill(symbols: Sequence[str]) -> str:
    """Formula in Hill order: C, H, then the alphabet; the alphabet alone without C."""
    counts = Counter(symbols)
    first = ["C", "H"] if "C" in counts else []
    order = [s for s in first if s in counts] + sorted(set(counts) - set(first))
    return "".join(f"{s}{counts[s] if counts[s] > 1 else ''}" for s in order)
