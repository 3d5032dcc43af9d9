"""The response problem of a ground state: which orbitals take part, their matrix, and where to start."""

import numpy as np
from numpy.typing import NDArray
from pyscf.data import elements

from actinic.engines.dft import GroundState
from actinic.engines.fitting import SquareFit
from actinic.engines.grids import CacheBudget, OrbitalGrid
from actinic.engines.response_kernel import Kernel
from actinic.engines.response_matrix import ExchangeMatrix, ResponseMatrix
from actinic.engines.response_memory import SLICE_MB as _SLICE_MB
from actinic.engines.response_memory import MemoryPlan
from actinic.engines.response_ris import minimal_fits
from actinic.engines.response_settings import ResponseSettings
from actinic.errors import InputError, ResourceError
from actinic.units import HARTREE_EV

Real = NDArray[np.float64]
Single = NDArray[np.float32]


def check_closed_shell(ground: GroundState) -> None:
    """Refuse a ground state with unpaired electrons or with orbitals of either spin.

    Raises:
        InputError: It is one.
    """
    if ground.mol.spin != 0 or ground.mo_coeff.ndim != 2:
        raise InputError(
            f"{ground.level}: excited states need a closed shell, "
            f"got multiplicity {ground.mol.spin + 1} and orbitals of shape {ground.mo_coeff.shape}"
        )


def orbital_windows(ground: GroundState, settings: ResponseSettings) -> tuple[Real, Real]:
    """Active occupied and virtual orbitals: energies (hartree) in the first row, coefficients below.

    Raises:
        InputError: The ground state is an open shell.
    """
    check_closed_shell(ground)
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
    full = settings.tier == "full"
    grid = _kernel_grid(ground, settings) if full and ground.functional.has_grid else None
    n_points = 0 if grid is None else grid.weights.size
    plan = MemoryPlan.of(ground, settings, active.shape[1], virtual.shape[1], n_points)
    left_mb = _left_mb(ground, settings, plan.peak)
    coulomb, fit = (ground.coulomb, ground.exchange) if full else minimal_fits(ground)
    c_i, c_a = active[1:], virtual[1:]
    transition = coulomb.transformed(c_i, c_a)
    exchange, crossed = None, None
    if fit is not None:
        # Of minimal fits a product costs no more through the factors than with the matrix written out.
        matrix_mb = min(settings.matrix_mb, left_mb) if full else 0.0
        exchange = ExchangeMatrix.build(_paired(fit, c_i), _paired(fit, c_a), matrix_mb)
        if settings.method == "tddft":
            crossed = transition if fit is coulomb else fit.transformed(c_i, c_a)
    return ResponseMatrix(
        gaps=virtual[0] - active[0][:, None],
        transition=transition,
        coulomb_scale=0.0 if triplet else 2.0,
        exchange=exchange,
        exchange_scale=ground.exchange_scale,
        crossed=crossed,
        kernel=Kernel(()) if grid is None else _kernel(ground, grid, (c_i, c_a), triplet=triplet),
    )


def _paired(fit: SquareFit, orbitals: Real) -> Single:
    """The fit between all pairs of `orbitals`, shape (n, naux, n), in slices that bound the memory.

    Half transformed, the whole would be larger than the result. Of a symmetric pair one order is computed.
    """
    n, nao, naux = orbitals.shape[1], orbitals.shape[0], fit.aux.nao
    step = max(1, min(-(-n // 4), int(1e6 * _SLICE_MB / (4 * naux * nao))))
    pairs = np.empty((n, naux, n), dtype=np.float32)
    for start in range(0, n, step):
        stop = min(start + step, n)
        pairs[start:stop, :, :stop] = fit.transformed(orbitals[:, start:stop], orbitals[:, :stop])
        pairs[:start, :, start:stop] = pairs[start:stop, :, :start].transpose(2, 1, 0)
    return pairs


def _kernel_grid(ground: GroundState, settings: ResponseSettings) -> OrbitalGrid:
    """The ground state's grid of the kernel's level, or a new one that keeps no values."""
    grid = ground.grids.get(settings.kernel_grid_level)
    if grid is not None:
        return grid
    derivatives = ground.functional.needs_gradients
    return OrbitalGrid.build(ground.mol, settings.kernel_grid_level, derivatives, CacheBudget(0.0))


def _kernel(ground: GroundState, grid: OrbitalGrid, windows: tuple[Real, Real], *, triplet: bool) -> Kernel:
    occupied = ground.mo_coeff[:, ground.mo_occ > 0]
    return Kernel.build(grid, ground.functional, occupied, windows, triplet=triplet)


def _left_mb(ground: GroundState, settings: ResponseSettings, needed_mb: float) -> float:
    """What the plan leaves of the budget."""
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
    # One above the reach at least: solutions that are exact already add nothing to the space they span.
    count = min(max(below + 1, 4), settings.max_roots + 8, values.size)
    start = np.zeros((count, diagonal.size))
    start[:, chosen] = vectors[:, :count].T
    return start
