"""The response problem of a ground state: which orbitals take part, their matrix, and where to start."""

import numpy as np
from numpy.typing import NDArray
from pyscf.data import elements

from actinic.engines.dft import GroundState
from actinic.engines.grids import OrbitalGrid
from actinic.engines.response_kernel import Kernel
from actinic.engines.response_matrix import ExchangeMatrix, ResponseMatrix
from actinic.engines.response_settings import ResponseSettings
from actinic.errors import ResourceError
from actinic.units import HARTREE_EV

Real = NDArray[np.float64]


def orbital_windows(ground: GroundState, settings: ResponseSettings) -> tuple[Real, Real]:
    """Active occupied and virtual orbitals: energies (hartree) in the first row, coefficients below."""
    stacked = np.vstack([ground.mo_energy, ground.mo_coeff])
    n_occupied = int((ground.mo_occ > 0).sum())
    n_core = min(elements.chemcore(ground.mol), n_occupied - 1) if settings.frozen_core else 0
    virtual = stacked[:, n_occupied:]
    if settings.virtual_cutoff_ev is not None and ground.mol.nao >= settings.cutoff_from_functions:
        virtual = virtual[:, virtual[0] <= virtual[0, 0] + settings.virtual_cutoff_ev / HARTREE_EV]
    return stacked[:, n_core:n_occupied], virtual


def response_matrix(
    ground: GroundState, settings: ResponseSettings, active: Real, virtual: Real, *, triplet: bool
) -> ResponseMatrix:
    """The matrix of singlets or triplets between orbitals as `orbital_windows` gives them.

    Raises:
        ResourceError: The integrals do not fit into `settings.memory_mb`.
    """
    matrix_mb = min(settings.matrix_mb, _left_mb(ground, settings, active.shape[1], virtual.shape[1]))
    c_i, c_a = active[1:], virtual[1:]
    transition = ground.coulomb.transformed(c_i, c_a)
    exchange, crossed = None, None
    if ground.exchange is not None:
        exchange = ExchangeMatrix.build(
            ground.exchange.transformed(c_i, c_i), ground.exchange.transformed(c_a, c_a), matrix_mb
        )
        if settings.method == "tddft":
            shared = ground.exchange is ground.coulomb
            crossed = transition if shared else ground.exchange.transformed(c_i, c_a)
    grid = ground.grids.get(settings.kernel_grid_level)
    if grid is None:
        derivatives = ground.functional.needs_gradients
        grid = OrbitalGrid.build(ground.mol, settings.kernel_grid_level, derivatives, 0.0)
    occupied = ground.mo_coeff[:, ground.mo_occ > 0]
    return ResponseMatrix(
        gaps=virtual[0] - active[0][:, None],
        transition=transition,
        coulomb_scale=0.0 if triplet else 2.0,
        exchange=exchange,
        exchange_scale=ground.exchange_scale,
        crossed=crossed,
        kernel=Kernel.build(grid, ground.functional, occupied, (c_i, c_a), triplet=triplet),
    )


def _left_mb(ground: GroundState, settings: ResponseSettings, o: int, v: int) -> float:
    """What the transformed integrals and the kernel leave of the budget."""
    naux, n_points = ground.coulomb.aux.nao, ground.grids[min(ground.grids)].weights.size
    pairs = o * v
    if ground.exchange is not None:
        crossed = o * v if settings.method == "tddft" and ground.exchange is not ground.coulomb else 0
        pairs += o * o + 2 * v * v + crossed
    needed_mb = 4e-6 * naux * pairs + 16e-6 * n_points * (o + v)
    if needed_mb > settings.memory_mb:
        raise ResourceError(
            f"excited states of {ground.mol.natm} atoms, {ground.mol.nao} functions need {needed_mb:.0f} MB, "
            f"the budget is {settings.memory_mb} MB"
        )
    return float(settings.memory_mb - needed_mb)


def start_vectors(matrix: ResponseMatrix, settings: ResponseSettings) -> Real:
    """Solutions without the kernel among the lowest transitions, orthonormal rows of shape (k, o v).

    Unit vectors of the lowest transitions alone missed whole symmetries (the fourth singlet of CH2O; PySCF's
    own start misses the third of CAM-B3LYP), and cost more products.
    """
    diagonal = matrix.diagonal().ravel()
    chosen = np.sort(np.argsort(diagonal, kind="stable")[: settings.start_transitions])
    values, vectors = np.linalg.eigh(matrix.block(chosen))
    below = int((values < (settings.cover_ev + settings.start_margin_ev) / HARTREE_EV).sum())
    count = min(max(below, 4), settings.max_roots + 8, values.size)
    start = np.zeros((count, diagonal.size))
    start[:, chosen] = vectors[:, :count].T
    return start
