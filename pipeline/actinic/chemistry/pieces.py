"""Pieces of a geometry between which charge is said to move: rings, multiple bonds, saturated atoms.

From distances alone, so that what knows no SMILES can ask. A bond between two heavy atoms is cut where it
lies in no ring, has further heavy atoms on both sides and is as long as a single bond: biphenyl is two,
benzophenone three, phenyl azide two pieces.
"""

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from actinic.chemistry.geometry import Geometry

BONDED_BELOW = 1.3
"""Heavy atoms are bonded below this multiple of the sum of their covalent radii."""
SINGLE_FROM = 0.92
"""A bond counts as single from this multiple on: 0.98 C-C of biphenyl, 0.93 C-N of amides, 0.88 C=C."""


def pieces(geometry: Geometry) -> tuple[tuple[int, ...], ...]:
    """Atom indices of each piece, in the order of their first atoms; hydrogens with their nearest heavy atom.

    A geometry without heavy atoms is one piece.
    """
    symbols, points = geometry.symbols, geometry.positions_angstrom
    heavy = [index for index, symbol in enumerate(symbols) if symbol != "H"]
    if not heavy:
        return (tuple(range(len(symbols))),)
    radii = np.array([Chem.GetPeriodicTable().GetRcovalent(symbols[index]) for index in heavy])
    apart = np.linalg.norm(points[heavy][:, None] - points[heavy], axis=2)
    stretch = apart / (radii[:, None] + radii)
    bonded = (stretch < BONDED_BELOW) & ~np.eye(len(heavy), dtype=bool)
    kept = bonded.copy()
    inner = bonded.sum(axis=1) > 1
    for first, second in zip(*np.nonzero(np.triu(bonded & (stretch >= SINGLE_FROM))), strict=True):
        if inner[first] and inner[second] and _is_bridge(bonded, first, second):
            kept[first, second] = kept[second, first] = False
    label = connected_components(csr_array(kept), directed=False)[1]
    owner = np.empty(len(symbols), dtype=int)
    owner[heavy] = label
    for index in set(range(len(symbols))) - set(heavy):
        owner[index] = label[np.argmin(np.linalg.norm(points[heavy] - points[index], axis=1))]
    return tuple(tuple(np.flatnonzero(owner == one).tolist()) for one in dict.fromkeys(owner.tolist()))


def _is_bridge(bonded: NDArray[np.bool_], first: int, second: int) -> bool:
    without = bonded.copy()
    without[first, second] = without[second, first] = False
    label = connected_components(csr_array(without), directed=False)[1]
    return bool(label[first] != label[second])
