"""Exchange-correlation energy and matrix of a closed shell on a patched grid."""

import numpy as np
from numpy.typing import NDArray

from actinic.engines.dft_functional import Functional
from actinic.engines.grids import OrbitalGrid, Patch
from actinic.errors import EngineError

Real = NDArray[np.float64]
Single = NDArray[np.float32]


def density_components(grid: OrbitalGrid, functional: Functional, orbitals: Real) -> Real:
    """Total density, its gradient (GGA) and tau (meta-GGA) of doubly occupied orbitals.

    Args:
        grid: With derivatives for a GGA or meta-GGA.
        functional: Says which components are needed.
        orbitals: Coefficients scaled so that the density matrix is 2 C C^T, shape (nao, n).

    Returns:
        Shape (1, 4 or 5, points), double precision.
    """
    rows = {"LDA": 1, "GGA": 4, "MGGA": 5}[functional.kind]
    density = np.zeros((rows, grid.weights.size))
    single = np.ascontiguousarray(orbitals.T, dtype=np.float32)
    for patch in grid.patches():
        n, components, points = patch.values.shape
        psi = (single[:, patch.functions] @ patch.values.reshape(n, -1)).reshape(-1, components, points)
        here = density[:, patch.points]
        here[0] = 2 * np.einsum("ip,ip->p", psi[:, 0], psi[:, 0])
        if rows > 1:
            here[1:4] = 4 * np.einsum("ip,icp->cp", psi[:, 0], psi[:, 1:])
        if rows > 4:
            here[4] = np.einsum("icp,icp->p", psi[:, 1:], psi[:, 1:])
    return density


def energy_potential(
    grid: OrbitalGrid, functional: Functional, orbitals: Real, n_electrons: float
) -> tuple[float, Real]:
    """Exchange-correlation energy in hartree and its matrix, shape (nao, nao).

    Raises:
        EngineError: The grid integrates to another number of electrons (1 % off): a broken grid or density.
    """
    nao = orbitals.shape[0]
    if not functional.has_grid:
        return 0.0, np.zeros((nao, nao))
    density = density_components(grid, functional, orbitals)
    counted = float(density[0] @ grid.weights)
    if not abs(counted - n_electrons) < 0.01 * n_electrons + 0.05:
        raise EngineError(f"grid integrates to {counted:.3f} electrons, expected {n_electrons:.3f}")
    per_electron, potential = functional.derivatives(density, 1)
    weighted = (potential.reshape(density.shape) * grid.weights).astype(np.float32)
    matrix = np.zeros((nao, nao))
    for patch in grid.patches():
        matrix[np.ix_(patch.functions, patch.functions)] += _patch_matrix(patch, weighted[:, patch.points])
    return float((density[0] * grid.weights) @ per_electron), matrix + matrix.T


def _patch_matrix(patch: Patch, weighted: Single) -> Single:
    """Half of the symmetric matrix: the caller adds the transpose."""
    values = patch.values
    half = values[:, 0] * (0.5 * weighted[0])
    for component in range(1, values.shape[1]):
        half += values[:, component] * weighted[component]
    matrix = np.asarray(half @ values[:, 0].T)
    if weighted.shape[0] > 4:
        for component in range(1, 4):
            matrix += (values[:, component] * (0.25 * weighted[4])) @ values[:, component].T
    return matrix
