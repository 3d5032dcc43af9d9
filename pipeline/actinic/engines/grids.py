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
    """A grid cut into patches of neighbouring points; orbital values are kept as far as the budget reaches.

    Attributes:
        mol: The molecule.
        coords: Points in bohr, shape (points, 3), neighbours together.
        weights: Quadrature weights in bohr^3, shape (points,).
        derivatives: Whether patches hold gradients.
        kept: The first patches; those beyond are evaluated anew at every use, to the same values.
    """

    mol: gto.Mole
    coords: Real
    weights: Real
    derivatives: bool
    kept: tuple[Patch, ...]

    @classmethod
    def build(cls, mol: gto.Mole, level: int, derivatives: bool, cache_mb: float) -> "OrbitalGrid":
        """PySCF's atom-centred grid of `level` (0 coarse to 9), with gradients if `derivatives`."""
        coords, weights = points_weights(mol, level)
        order = np.concatenate(list(neighbourhoods(coords, np.arange(weights.size))))
        coords, weights = coords[order], weights[order]
        kept: list[Patch] = []
        for points in _slices(weights.size):
            kept.append(_patch(mol, coords, points, derivatives))
            cache_mb -= 1e-6 * kept[-1].values.nbytes
            if cache_mb < 0:
                break
        return cls(mol, coords, weights, derivatives, tuple(kept))

    @property
    def cached_mb(self) -> float:
        """Memory that the kept values take."""
        return 1e-6 * sum(patch.values.nbytes for patch in self.kept)

    def patches(self) -> Iterator[Patch]:
        """Disjoint patches that cover the grid, but for those that no basis function reaches."""
        for number, points in enumerate(_slices(self.weights.size)):
            fresh = number >= len(self.kept)
            patch = _patch(self.mol, self.coords, points, self.derivatives) if fresh else self.kept[number]
            if patch.functions.size:
                yield patch


def _slices(n_points: int) -> Iterator[slice]:
    for start in range(0, n_points, _PATCH_POINTS):
        yield slice(start, min(start + _PATCH_POINTS, n_points))


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
    single = values.reshape(-1, here.shape[0], mol.nao).transpose(0, 2, 1).astype(np.float32)
    size = np.abs(single)
    # Denormals (below 1e-38) slowed the matrix products tenfold: one SCF from 3 to 34 s.
    single *= size > 1e-10
    functions = np.flatnonzero(size.max(axis=2).max(axis=0) > _NEGLIGIBLE)
    return Patch(points, functions, np.ascontiguousarray(single[:, functions].transpose(1, 0, 2)))
