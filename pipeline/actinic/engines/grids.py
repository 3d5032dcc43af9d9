"""Orbital values on integration grids, kept in single precision and only where they are not negligible."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import scipy.spatial
from numpy.typing import NDArray
from pyscf import dft, gto

Real = NDArray[np.float64]
Single = NDArray[np.float32]

_PATCH_POINTS = 512
_FURTHEST_BOHR = 60.0
_NEGLIGIBLE = 1e-6
"""Basis functions below this (in value and derivative, atomic units) are left out of a patch."""
_ROUNDER = 2.0**20


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


@dataclass(slots=True)
class CacheBudget:
    """Memory that kept orbital values may still take; grids of one molecule share it."""

    left_mb: float


@dataclass(slots=True, eq=False)
class OrbitalGrid:
    """A grid cut into patches of neighbouring points; orbital values are kept as far as the budget reaches.

    Attributes:
        mol: The molecule.
        coords: Points in bohr, shape (points, 3), neighbours together.
        weights: Quadrature weights in bohr^3, shape (points,).
        derivatives: Whether patches hold gradients.
        reaches: Distance in bohr that each shell of functions reaches, shape (shells,).
        budget: Memory for kept values.
        keeps: Whether patches are kept; a grid that does not begins to with its second use, because most
            target grids are used once, and memory touched for the first time costs as much as the values.
        kept: The first patches; those beyond are evaluated anew at every use, to the same values.
    """

    mol: gto.Mole
    coords: Real
    weights: Real
    derivatives: bool
    reaches: Real
    budget: CacheBudget
    keeps: bool
    kept: list[Patch] = field(default_factory=list)

    @classmethod
    def build(
        cls, mol: gto.Mole, level: int, derivatives: bool, budget: CacheBudget, *, keeps: bool = True
    ) -> "OrbitalGrid":
        """PySCF's atom-centred grid of `level` (0 coarse to 9), with gradients if `derivatives`."""
        coords, weights = points_weights(mol, level)
        order = np.concatenate(list(neighbourhoods(coords, np.arange(weights.size))))
        return cls(mol, coords[order], weights[order], derivatives, reaches_bohr(mol), budget, keeps)

    def patches(self) -> Iterator[Patch]:
        """Disjoint patches that cover the grid, but for those that no basis function reaches."""
        keeps, self.keeps = self.keeps, True
        # One buffer for all: fresh memory for each patch took a fifth of the time, in the system's name.
        scratch = np.empty((4 if self.derivatives else 1) * self.mol.nao * _PATCH_POINTS)
        for number, points in enumerate(_slices(self.weights.size)):
            if number < len(self.kept):
                patch = self.kept[number]
            else:
                patch = _patch(self, points, scratch)
                size_mb = 1e-6 * patch.values.nbytes
                if keeps and number == len(self.kept) and size_mb <= self.budget.left_mb:
                    self.kept.append(patch)
                    self.budget.left_mb -= size_mb
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
    # The lower part is a whole number of patches, so that only the last patch is short.
    n_patches = -(-members.size // _PATCH_POINTS)
    middle = (n_patches // 2) * _PATCH_POINTS
    ranked = members[np.argpartition(coords[members, axis], middle)]
    yield from neighbourhoods(coords, ranked[:middle])
    yield from neighbourhoods(coords, ranked[middle:])


def reaches_bohr(mol: gto.Mole) -> Real:
    """Distance beyond which every function of a shell and its gradient are negligible, shape (shells,)."""
    distances = np.arange(0.0, _FURTHEST_BOHR, 0.1)
    reaches = np.zeros(mol.nbas)
    for shell in range(mol.nbas):
        power, exponents = mol.bas_angular(shell), mol.bas_exp(shell)[:, None]
        radial = distances**power + power * distances ** max(power - 1, 0)
        bound = (radial + 2 * exponents * distances ** (power + 1)) * np.exp(-exponents * distances**2)
        largest = (np.abs(mol.bas_ctr_coeff(shell)).T @ bound).max(axis=0)
        reaches[shell] = distances[np.flatnonzero(largest > _NEGLIGIBLE).max(initial=0)] + 0.1
    return reaches


def _patch(grid: OrbitalGrid, points: slice, scratch: Real) -> Patch:
    mol, here = grid.mol, grid.coords[points]
    name = "GTOval_sph_deriv1" if grid.derivatives else "GTOval_sph"
    nearest = scipy.spatial.distance.cdist(mol.atom_coords(), here).min(axis=1)
    shells = mol._bas  # noqa: SLF001  PySCF has no public way to evaluate some shells only
    reached = nearest[shells[:, gto.ATOM_OF]] < grid.reaches
    near = mol.copy(deep=False)
    near._bas = shells[reached]  # noqa: SLF001
    components = 4 if grid.derivatives else 1
    if not reached.any():  # PySCF divides by the number of shells
        return Patch(points, np.empty(0, np.intp), np.empty((0, components, here.shape[0]), np.float32))
    # PySCF writes (component, function, point) and shows it transposed: so all that follows is in order.
    values = near.eval_gto(name, here, cutoff=_NEGLIGIBLE, out=scratch)
    values = values.reshape(components, here.shape[0], near.nao)
    # Denormals (below 1e-38) slowed the matrix products tenfold: one SCF from 3 to 34 s. Rounding to
    # multiples of 2e-10 clears them.
    values += _ROUNDER
    values -= _ROUNDER
    functions = np.flatnonzero(np.repeat(reached, np.diff(mol.ao_loc_nr())))
    return Patch(points, functions, values.transpose(2, 0, 1).astype(np.float32, order="C"))
