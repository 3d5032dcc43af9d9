"""Spin channels: one of doubly occupied orbitals, or alpha and beta with singly occupied ones."""

import numpy as np
from numpy.typing import NDArray

Real = NDArray[np.float64]

Channels = tuple[Real, ...]
"""Occupied orbitals of each channel, shapes (nao, n): one of a closed shell, or those of alpha and beta."""


def occupation(channels: Channels) -> int:
    """Electrons in each orbital: 2 for one channel, 1 for two."""
    return 2 // len(channels)


def total_density(channels: Channels) -> Real:
    """Density matrix of all electrons, shape (nao, nao)."""
    return np.asarray(occupation(channels) * sum(orbitals @ orbitals.T for orbitals in channels))


def spin_square(channels: Channels, overlap: Real) -> float:
    """Expectation value of S^2 in units of hbar^2 (Szabo and Ostlund, Modern Quantum Chemistry, eq. 2.271).

    s(s + 1) for a pure spin s; 1 for a singlet that is broken into two separate electrons.
    """
    if len(channels) == 1:
        return 0.0
    most, least = sorted(channels, key=lambda orbitals: -orbitals.shape[1])
    s_z = 0.5 * (most.shape[1] - least.shape[1])
    return float(s_z * (s_z + 1) + least.shape[1] - np.sum((most.T @ overlap @ least) ** 2))
