"""Exchange-correlation energy and matrices on a patched grid, of a closed shell or of alpha and beta."""

import numpy as np
from numpy.typing import NDArray

from actinic.engines.dft_functional import Functional
from actinic.engines.dft_spin import Channels, occupation
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
    return np.asarray(channel_densities(grid, functional, (orbitals,))[0])


def channel_densities(grid: OrbitalGrid, functional: Functional, channels: Channels) -> Real:
    """Density, its gradient (GGA) and tau (meta-GGA) of each spin channel.

    Args:
        grid: With derivatives for a GGA or meta-GGA.
        functional: Says which components are needed.
        channels: Orbitals, scaled by the square root of the share of their occupation that is filled.

    Returns:
        Shape (channels, 1, 4 or 5, points), double precision.
    """
    rows = {"LDA": 1, "GGA": 4, "MGGA": 5}[functional.kind]
    electrons = occupation(channels)
    density = np.zeros((len(channels), rows, grid.weights.size))
    single = np.ascontiguousarray(np.hstack(channels).T, dtype=np.float32)
    ends = np.cumsum([orbitals.shape[1] for orbitals in channels])[:-1]
    for patch in grid.patches():
        n, components, points = patch.values.shape
        values = (single[:, patch.functions] @ patch.values.reshape(n, -1)).reshape(-1, components, points)
        for here, psi in zip(density[:, :, patch.points], np.split(values, ends), strict=True):
            here[0] = electrons * np.einsum("ip,ip->p", psi[:, 0], psi[:, 0])
            if rows > 1:
                here[1:4] = 2 * electrons * np.einsum("ip,icp->cp", psi[:, 0], psi[:, 1:])
            if rows > 4:
                here[4] = 0.5 * electrons * np.einsum("icp,icp->p", psi[:, 1:], psi[:, 1:])
    return density


def energy_potential(
    grid: OrbitalGrid, functional: Functional, channels: Channels, n_electrons: float
) -> tuple[float, Real]:
    """Exchange-correlation energy in hartree and its matrices, shape (channels, nao, nao).

    Raises:
        EngineError: The grid integrates to another number of electrons (1 % off): a broken grid or density.
    """
    nao = channels[0].shape[0]
    matrices = np.zeros((len(channels), nao, nao))
    if not functional.has_grid:
        return 0.0, matrices
    density = channel_densities(grid, functional, channels)
    total = density[:, 0].sum(axis=0)
    counted = float(total @ grid.weights)
    if not abs(counted - n_electrons) < 0.01 * n_electrons + 0.05:
        raise EngineError(f"grid integrates to {counted:.3f} electrons, expected {n_electrons:.3f}")
    per_electron, potential = functional.derivatives(density[0] if len(channels) == 1 else density, 1)
    weighted = (potential.reshape(density.shape) * grid.weights).astype(np.float32)
    for patch in grid.patches():
        window = np.ix_(patch.functions, patch.functions)
        for matrix, here in zip(matrices, weighted[:, :, patch.points], strict=True):
            matrix[window] += _patch_matrix(patch, here)
    return float((total * grid.weights) @ per_electron), matrices + matrices.transpose(0, 2, 1)


def _patch_matrix(patch: Patch, weighted: Single) -> Single:
    """Half of the symmetric matrix: the caller adds the transpose."""
    values = patch.values
    components = values.shape[1]
    factors = np.concatenate([0.5 * weighted[:1], weighted[1:components]])
    matrix = np.asarray(np.einsum("ncp,cp->np", values, factors) @ values[:, 0].T)
    if weighted.shape[0] > 4:
        for component in range(1, 4):
            matrix += (values[:, component] * (0.25 * weighted[4])) @ values[:, component].T
    return matrix
