"""Orbital values on integration grids, kept in single precision and only where they are not negligible."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyscf import dft, gto

Real = NDArray[np.float64]
Single = NDArray[np.float32]

_PATCH_POINTS = 512
_NEGLIGIBLE = 1e-6
"""Basis functions below this (in value and derivative, atomic units) are left out of a patch."""


@dataclass(frozen=True, slots=True)
class Patch:
    """Neighbouring grid points with the basis functions that reach them.

    Attributes:
        points: Where the points of the patch lie in the arrays over the whole grid.
        functions: Indices of the n basis functions kept.
        values: Values and, if asked for, x, y, z derivatives, shape (n, 1 or 4, points).
    """

    points: slice
    functions: NDArray[np.intp]
    values: Single


@dataclass(frozen=True, slots=True)
class OrbitalGrid:
    """A grid cut into patches of neighbouring points.

    Attributes:
        weights: Quadrature weights in bohr^3, shape (points,), in the order of the patches.
        patches: Disjoint patches that cover the grid, but for points that no basis function reaches.
    """

    weights: Real
    patches: tuple[Patch, ...]

    @classmethod
    def build(cls, mol: gto.Mole, level: int, derivatives: bool) -> "OrbitalGrid":
        """PySCF's atom-centred grid of `level` (0 coarse to 9), with gradients if `derivatives`."""
        coords, weights = points_weights(mol, level)
        order = np.concatenate(list(neighbourhoods(coords, np.arange(weights.size))))
        coords, weights = coords[order], weights[order]
        edges = range(0, weights.size, _PATCH_POINTS)
        patches = (
            _patch(mol, coords, slice(e, min(e + _PATCH_POINTS, weights.size)), derivatives) for e in edges
        )
        return cls(weights, tuple(patch for patch in patches if patch.functions.size))


def points_weights(mol: gto.Mole, level: int) -> tuple[Real, Real]:
    """Coordinates (points, 3) in bohr and weights (points,) of PySCF's standard grid of `level`."""
    grids = dft.gen_grid.Grids(mol)
    grids.level = level
    grids.build(with_non0tab=False, sort_grids=False)
    keep = np.abs(grids.weights) > 1e-14
    return np.ascontiguousarray(grids.coords[keep]), np.ascontiguousarray(grids.weights[keep])


def neighbourhoods(coords: Real, members: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    """Split points at the median of the longest side until each group is one patch or smaller."""
    if members.size <= _PATCH_POINTS:
        yield members
        return
    axis = int(np.argmax(np.ptp(coords[members], axis=0)))
    ranked = members[np.argsort(coords[members, axis], kind="stable")]
    # The lower part is a whole number of patches, so that only the last patch is short.
    n_patches = -(-members.size // _PATCH_POINTS)
    middle = (n_patches // 2) * _PATCH_POINTS
    yield from neighbourhoods(coords, ranked[:middle])
    yield from neighbourhoods(coords, ranked[middle:])


def _patch(mol: gto.Mole, coords: Real, points: slice, derivatives: bool) -> Patch:
    here = coords[points]
    name = "GTOval_sph_deriv1" if derivatives else "GTOval_sph"
    mask = dft.gen_grid.make_mask(mol, here, cutoff=_NEGLIGIBLE)
    values = mol.eval_gto(name, here, non0tab=mask, cutoff=_NEGLIGIBLE)
    stacked = values.reshape(-1, here.shape[0], mol.nao).transpose(2, 0, 1)
    functions = np.flatnonzero(np.abs(stacked).max(axis=(1, 2)) > _NEGLIGIBLE)
    single = np.ascontiguousarray(stacked[functions], dtype=np.float32)
    # Denormals (below 1e-38) slowed the matrix products tenfold: one SCF from 3 to 34 s.
    single[np.abs(single) < 1e-10] = 0
    return Patch(points, functions, single)
