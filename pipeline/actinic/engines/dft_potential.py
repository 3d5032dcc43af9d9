"""Exchange-correlation energy and matrices on a patched grid, of a closed shell or of alpha and beta."""

import itertools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from actinic.engines.dft_functional import Functional
from actinic.engines.dft_spin import Channels, occupation
from actinic.engines.grids import OrbitalGrid, Patch
from actinic.errors import EngineError

Real = NDArray[np.float64]
Single = NDArray[np.float32]

_ROWS = {"LDA": 1, "GGA": 4, "MGGA": 5}
"""Density, its gradient, tau."""
_GROUP = 8
"""Patches whose functional is evaluated in one call."""


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
    rows, single = _ROWS[functional.kind], _stacked(channels)
    density = np.zeros((len(channels), rows, grid.weights.size))
    for patch in grid.patches():
        _fill(density[:, :, patch.points], patch, single, channels)
    return density


def _stacked(channels: Channels) -> Single:
    """Orbitals of all channels as rows."""
    return np.ascontiguousarray(np.hstack(channels).T, dtype=np.float32)


def _fill(density: Real, patch: Patch, single: Single, channels: Channels) -> None:
    """Set the density of a patch, shape (channels, rows, points)."""
    electrons, rows = occupation(channels), density.shape[1]
    ends = np.cumsum([orbitals.shape[1] for orbitals in channels])[:-1]
    n, components, points = patch.values.shape
    values = (single[:, patch.functions] @ patch.values.reshape(n, -1)).reshape(-1, components, points)
    for here, psi in zip(density, np.split(values, ends), strict=True):
        here[0] = electrons * np.einsum("ip,ip->p", psi[:, 0], psi[:, 0])
        if rows > 1:
            here[1:4] = 2 * electrons * np.einsum("ip,icp->cp", psi[:, 0], psi[:, 1:])
        if rows > 4:
            here[4] = 0.5 * electrons * np.einsum("icp,icp->p", psi[:, 1:], psi[:, 1:])


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
    single, energy, counted = _stacked(channels), 0.0, 0.0
    for group in _groups(grid.patches()):
        points = slice(group[0].points.start, group[-1].points.stop)
        density = np.zeros((len(channels), _ROWS[functional.kind], points.stop - points.start))
        places = [slice(p.points.start - points.start, p.points.stop - points.start) for p in group]
        for patch, place in zip(group, places, strict=True):
            _fill(density[:, :, place], patch, single, channels)
        weights = grid.weights[points]
        weighted_total = density[:, 0].sum(axis=0) * weights
        per_electron, potential = functional.derivatives(density[0] if len(channels) == 1 else density, 1)
        energy += float(weighted_total @ per_electron)
        counted += float(weighted_total.sum())
        weighted = (potential.reshape(density.shape) * weights).astype(np.float32)
        for patch, place in zip(group, places, strict=True):
            window = np.ix_(patch.functions, patch.functions)
            for matrix, here in zip(matrices, weighted[:, :, place], strict=True):
                matrix[window] += _patch_matrix(patch, here)
    if not abs(counted - n_electrons) < 0.01 * n_electrons + 0.05:
        raise EngineError(f"grid integrates to {counted:.3f} electrons, expected {n_electrons:.3f}")
    return energy, matrices + matrices.transpose(0, 2, 1)


def _groups(patches: Iterator[Patch]) -> Iterator[list[Patch]]:
    """Some thousand points at a time: orbital values are in the cache when they are needed again."""
    while group := list(itertools.islice(patches, _GROUP)):
        yield group


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
