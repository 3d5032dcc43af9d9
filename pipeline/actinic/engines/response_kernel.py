"""Exchange-correlation kernel on a grid, in molecular orbitals."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyscf import dft

from actinic.engines.dft_functional import Functional
from actinic.engines.dft_potential import density_components
from actinic.engines.grids import OrbitalGrid

Real = NDArray[np.float64]
Single = NDArray[np.float32]

_PATCH_BYTES = 2_000_000
"""Trial vectors are taken in groups whose intermediates stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class KernelPatch:
    """Orbitals and kernel at some points.

    Attributes:
        occupied: Values and derivatives, shape (o, components, points).
        virtual: The same of the virtual orbitals, shape (v, components, points).
        kernel: Twice the weighted second derivative of the energy density, shape (rows, rows, points).
    """

    occupied: Single
    virtual: Single
    kernel: Single


@dataclass(frozen=True, slots=True)
class Kernel:
    """The matrix 2 f_ia,jb of a closed shell's singlets or triplets, applied without being built.

    Attributes:
        patches: Disjoint parts of the grid; empty when the functional has no kernel.
    """

    patches: tuple[KernelPatch, ...]

    @classmethod
    def build(
        cls,
        grid: OrbitalGrid,
        functional: Functional,
        occupied: Real,
        windows: tuple[Real, Real],
        *,
        triplet: bool,
    ) -> "Kernel":
        """Kernel of the density of `occupied` between the active and the virtual orbitals of `windows`."""
        if not functional.has_grid:
            return cls(())
        density = density_components(grid, functional, occupied)
        second = _triplet_kernel(functional, density) if triplet else _singlet_kernel(functional, density)
        weighted = (grid.weights * second).astype(np.float32)
        split = windows[0].shape[1]
        coefficients = np.hstack(windows).T.astype(np.float32)
        patches = []
        for patch in grid.patches():
            n, components, points = patch.values.shape
            values = coefficients[:, patch.functions] @ patch.values.reshape(n, -1)
            values[np.abs(values) < 1e-12] = 0
            shaped = values.reshape(-1, components, points)
            patches.append(KernelPatch(shaped[:split], shaped[split:], weighted[:, :, patch.points]))
        return cls(tuple(patches))

    def applied(self, trials: Single) -> Single:
        """Products with trial vectors, both of shape (k, o, v)."""
        result = np.zeros_like(trials)
        for patch in self.patches:
            step = max(1, _PATCH_BYTES // (4 * patch.occupied.size))
            for start in range(0, trials.shape[0], step):
                _add_patch(patch, trials[start : start + step], result[start : start + step])
        return result


def _singlet_kernel(functional: Functional, density: Real) -> Real:
    """Same-spin plus opposite-spin second derivative: twice that to the total density."""
    rows = density.shape[0]
    return np.asarray(2 * functional.derivatives(density, 2)[2].reshape(rows, rows, -1))


def _triplet_kernel(functional: Functional, density: Real) -> Real:
    """Same-spin minus opposite-spin second derivative, shape (rows, rows, points)."""
    rows = density.shape[0]
    half = 0.5 * (density[0] if functional.kind == "LDA" else density)
    spins = np.stack([half, half])
    second = dft.numint.NumInt().eval_xc_eff(functional.name, spins, deriv=2, xctype=functional.kind, spin=1)
    by_spin = np.asarray(second[2]).reshape(2, rows, 2, rows, -1)
    return np.asarray(by_spin[0, :, 0] - by_spin[0, :, 1])


def _add_patch(patch: KernelPatch, trials: Single, result: Single) -> None:
    k, o, v = trials.shape
    _, components, points = patch.occupied.shape
    half = (trials.reshape(k * o, v) @ patch.virtual.reshape(v, -1)).reshape(k, o, components, points)
    for one in range(k):
        half[one] = _response(patch, half[one])
    result += (half.reshape(k * o, -1) @ patch.virtual.reshape(v, -1).T).reshape(k, o, v)


def _response(patch: KernelPatch, half: Single) -> Single:
    """From sum_a X_ia phi_a to the potential between i and a point; shape (o, components, points)."""
    orbital, rows = patch.occupied, patch.kernel.shape[0]
    density = np.empty((rows, orbital.shape[2]), dtype=np.float32)
    density[0] = np.einsum("ip,ip->p", orbital[:, 0], half[:, 0])
    for c in range(1, min(rows, 4)):
        density[c] = np.einsum("ip,ip->p", orbital[:, 0], half[:, c]) + np.einsum(
            "ip,ip->p", orbital[:, c], half[:, 0]
        )
    if rows > 4:
        density[4] = 0.5 * np.einsum("icp,icp->p", orbital[:, 1:], half[:, 1:])
    potential = np.einsum("xyp,yp->xp", patch.kernel, density)
    result = np.empty_like(half)
    result[:, 0] = orbital[:, 0] * potential[0]
    for c in range(1, min(rows, 4)):
        result[:, 0] += orbital[:, c] * potential[c]
        result[:, c] = orbital[:, 0] * potential[c]
        if rows > 4:
            result[:, c] += orbital[:, c] * (0.5 * potential[4])
    return result
