"""Excited singlets of a closed shell: Tamm-Dancoff TD-DFT in molecular orbitals.

    A_ia,jb = (e_a - e_i) d_ij d_ab + 2 (ia|jb) - c_x (ij|ab) + 2 f_ia,jb

(doi:10.1016/S0009-2614(99)01149-5). Orbitals, fitted integrals and grid values are those of the ground state.
Core orbitals are frozen, very high virtual orbitals are left out, and the kernel lives on a coarse grid:
together these move no root by more than 15 meV (tested).
"""

from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray
from pyscf.data import elements

from actinic.engines.dft import GroundState
from actinic.engines.grids import OrbitalGrid
from actinic.engines.response_kernel import Kernel
from actinic.engines.response_matrix import ExchangeMatrix, SingletMatrix
from actinic.engines.response_roots import Eigenpairs, Search, lowest
from actinic.errors import EngineError, ResourceError
from actinic.units import HARTREE_EV

Real = NDArray[np.float64]


class ResponseSettings(msgspec.Struct, frozen=True):
    """Every number that moves an excitation.

    Attributes:
        cover_ev: Roots are added until the highest lies at or above this energy.
        max_roots: At most this many roots.
        frozen_core: Leave core orbitals out of the excitations.
        virtual_cutoff_ev: Virtual orbitals further than this above the LUMO are left out; None keeps all.
        cutoff_from_functions: Molecules with fewer basis functions keep all virtual orbitals (50 meV were
            lost on a Rydberg-like state of CH2O).
        kernel_grid_level: PySCF grid of the exchange-correlation kernel.
        residual_hartree: Largest residual norm of a root.
        max_iterations: Rounds of products.
        start_transitions: The start vectors solve the problem without kernel among this many lowest
            transitions.
        start_margin_ev: They reach this far above `cover_ev`.
        matrix_mb: The exchange matrix is written out if it takes less than this.
        memory_mb: Budget of the response, on top of what the ground state holds.
    """

    cover_ev: float = 6.5
    max_roots: int = 60
    frozen_core: bool = True
    virtual_cutoff_ev: float | None = 50.0
    cutoff_from_functions: int = 150
    kernel_grid_level: int = 0
    residual_hartree: float = 1e-3
    max_iterations: int = 30
    start_transitions: int = 600
    start_margin_ev: float = 1.0
    matrix_mb: float = 1600.0
    memory_mb: int = 4000


@dataclass(frozen=True, slots=True)
class Root:
    """One excited singlet.

    Attributes:
        energy_ev: Vertical excitation energy.
        oscillator_strength: Length gauge, dimensionless.
        transition_dipole_au: x, y, z in atomic units; its sign is arbitrary.
    """

    energy_ev: float
    oscillator_strength: float
    transition_dipole_au: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Roots:
    """The lowest excited singlets.

    Attributes:
        roots: Ascending in energy. The last one, above `covered_ev`, need not be the next in order:
            symmetries without a state up to there may be missing from the start vectors.
        covered_ev: All singlets below this energy are in `roots`; the energy asked for, or the last root's if
            capped.
        capped: Whether the cap on the number of roots ended the search below the energy asked for.
        iterations: Rounds of matrix-vector products.
    """

    roots: tuple[Root, ...]
    covered_ev: float
    capped: bool
    iterations: int


def singlet_roots(ground: GroundState, settings: ResponseSettings) -> Roots:
    """Lowest excited singlets, as many as needed to cover `settings.cover_ev`.

    In a continuum solvent the orbitals are relaxed in the solvent and its response to the excitation is left
    out (frozen solvent): shifts by fast solvent polarisation, 0.05-0.1 eV for bright states, are not in these
        energies.

    Args:
        ground: Converged closed shell.
        settings: Numerics.

    Raises:
        ConvergenceError: A root did not reach its residual.
        ResourceError: The integrals do not fit into `settings.memory_mb`.
        EngineError: The lowest root lies outside 0.5 to 15 eV.
    """
    active, virtual = orbital_windows(ground, settings)
    matrix = singlet_matrix(ground, settings, active, virtual)
    size = matrix.gaps.size
    shape = (-1, *matrix.gaps.shape)
    search = Search(
        ceiling=settings.cover_ev / HARTREE_EV,
        max_roots=min(settings.max_roots, size),
        residual=settings.residual_hartree,
        max_iterations=settings.max_iterations,
    )
    pairs = lowest(
        lambda rows: matrix.applied(rows.reshape(shape)).reshape(-1, size),
        matrix.diagonal().ravel(),
        start_vectors(matrix, settings),
        search,
    )
    return _described(ground, pairs, active, virtual, settings)


def singlet_matrix(
    ground: GroundState, settings: ResponseSettings, active: Real, virtual: Real
) -> SingletMatrix:
    """The matrix between orbitals as `orbital_windows` gives them."""
    matrix_mb = min(settings.matrix_mb, _left_mb(ground, settings, active.shape[1], virtual.shape[1]))
    energies_i, c_i = active[0], active[1:]
    energies_a, c_a = virtual[0], virtual[1:]
    exchange = None
    if ground.exchange is not None:
        exchange = ExchangeMatrix.build(
            ground.exchange.transformed(c_i, c_i), ground.exchange.transformed(c_a, c_a), matrix_mb
        )
    level = settings.kernel_grid_level
    grid = ground.grids.get(level)
    if grid is None:
        grid = OrbitalGrid.build(ground.mol, level, ground.functional.needs_gradients, 0.0)
    occupied = ground.mo_coeff[:, ground.mo_occ > 0]
    return SingletMatrix(
        gaps=energies_a - energies_i[:, None],
        transition=ground.coulomb.transformed(c_i, c_a),
        exchange=exchange,
        exchange_scale=ground.exchange_scale,
        kernel=Kernel.build(grid, ground.functional, occupied, c_i, c_a),
    )


def _left_mb(ground: GroundState, settings: ResponseSettings, o: int, v: int) -> float:
    """What the transformed integrals and the kernel leave of the budget."""
    naux, n_points = ground.coulomb.aux.nao, ground.grids[min(ground.grids)].weights.size
    pairs = o * v + (o * o + 2 * v * v if ground.exchange is not None else 0)
    needed_mb = 4e-6 * naux * pairs + 16e-6 * n_points * (o + v)
    if needed_mb > settings.memory_mb:
        raise ResourceError(
            f"excited states of {ground.mol.natm} atoms, {ground.mol.nao} functions need {needed_mb:.0f} MB, "
            f"the budget is {settings.memory_mb} MB"
        )
    return float(settings.memory_mb - needed_mb)


def start_vectors(matrix: SingletMatrix, settings: ResponseSettings) -> Real:
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


def orbital_windows(ground: GroundState, settings: ResponseSettings) -> tuple[Real, Real]:
    """Active occupied and virtual orbitals: energies (hartree) in the first row, coefficients below."""
    stacked = np.vstack([ground.mo_energy, ground.mo_coeff])
    n_occupied = int((ground.mo_occ > 0).sum())
    n_core = min(elements.chemcore(ground.mol), n_occupied - 1) if settings.frozen_core else 0
    virtual = stacked[:, n_occupied:]
    if settings.virtual_cutoff_ev is not None and ground.mol.nao >= settings.cutoff_from_functions:
        virtual = virtual[:, virtual[0] <= virtual[0, 0] + settings.virtual_cutoff_ev / HARTREE_EV]
    return stacked[:, n_core:n_occupied], virtual


def _described(
    ground: GroundState, pairs: Eigenpairs, active: Real, virtual: Real, settings: ResponseSettings
) -> Roots:
    lowest_ev = float(pairs.values[0]) * HARTREE_EV
    if not 0.5 < lowest_ev < 15:
        raise EngineError(
            f"{ground.level}: lowest excited singlet at {lowest_ev:.3f} eV, expected 0.5 to 15 eV"
        )
    integrals = np.einsum(
        "xmn,mi,na->xia", ground.mol.intor("int1e_r"), active[1:], virtual[1:], optimize=True
    )
    dipoles = np.sqrt(2) * pairs.vectors @ integrals.reshape(3, -1).T
    roots = tuple(_root(float(e), d) for e, d in zip(pairs.values, dipoles, strict=True))
    highest_ev = roots[-1].energy_ev
    exhausted = len(roots) == pairs.vectors.shape[1]
    capped = highest_ev < settings.cover_ev and not exhausted
    return Roots(roots, highest_ev if capped else settings.cover_ev, capped, pairs.iterations)


def _root(energy_hartree: float, dipole_au: Real) -> Root:
    x, y, z = (float(component) for component in dipole_au)
    strength = 2 / 3 * energy_hartree * (x * x + y * y + z * z)
    return Root(energy_hartree * HARTREE_EV, strength, (x, y, z))
