"""Excited singlets and triplets of a closed shell: linear-response TD-DFT in molecular orbitals.

    A_ia,jb = (e_a - e_i) d_ij d_ab + s (ia|jb) - c_x (ij|ab) + 2 f_ia,jb

with s = 2 for singlets and 0 for triplets: the Tamm-Dancoff approximation (doi:10.1016/S0009-2614(99)01149-5)
keeps A, full response adds the de-excitations (doi:10.1063/1.477483). Orbitals, fitted integrals and grid
values are those of the ground state. Core orbitals are frozen, very high virtual orbitals are left out, and
the kernel lives on a coarse grid: together these moved no root of three small molecules by more than 15 meV
with B3LYP, which is what is tested; larger molecules are compared in `benchmarks/response.py`.

The tier `ris` keeps this for singlets without f and with minimal fits of both integrals (`response_ris`): for
ranking and for large molecules, with errors of its own beside those of the functional.

In a continuum solvent the orbitals are relaxed in the solvent and its response to the excitation is left out
(frozen solvent): shifts by fast solvent polarisation, 0.05-0.1 eV for bright states, are not in these
energies.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from actinic.engines.dft import GroundState
from actinic.engines.response_casida import Excitations, lowest_excitations
from actinic.engines.response_matrix import ResponseMatrix
from actinic.engines.response_memory import largest_space
from actinic.engines.response_problem import orbital_windows, response_matrix, start_vectors
from actinic.engines.response_roots import Search, lowest
from actinic.engines.response_settings import METHODS, TIERS, ResponseSettings
from actinic.errors import EngineError, InputError
from actinic.units import HARTREE_EV

__all__ = ["ResponseSettings", "Root", "Roots", "singlet_roots", "triplet_roots"]

Real = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Root:
    """One excited state.

    Attributes:
        energy_ev: Vertical excitation energy.
        oscillator_strength: Length gauge, dimensionless; 0 for a triplet.
        transition_dipole_au: x, y, z in atomic units; its sign is arbitrary. 0 for a triplet.
    """

    energy_ev: float
    oscillator_strength: float
    transition_dipole_au: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Roots:
    """The lowest excited states of one spin.

    Attributes:
        roots: Ascending in energy. The last one, above `covered_ev`, need not be the next in order:
            symmetries without a state up to there may be missing from the start vectors.
        covered_ev: All states below this energy that the start vectors reach are in `roots` (a symmetry that
            they miss stays missing); the energy asked for, or the last root's if capped.
        capped: Whether the cap on the number of roots ended the search below the energy asked for.
        iterations: Rounds of matrix-vector products.
        vectors: Excitation amplitudes X of each root, shape (n, o, v): the highest o occupied against the
            lowest v virtual orbitals of the ground state; signs are arbitrary. Not compared.
    """

    roots: tuple[Root, ...]
    covered_ev: float
    capped: bool
    iterations: int
    vectors: Real = field(compare=False, repr=False)


def singlet_roots(ground: GroundState, settings: ResponseSettings) -> Roots:
    """Lowest excited singlets, as many as needed to cover `settings.cover_ev`.

    Args:
        ground: Converged closed shell.
        settings: Numerics, whether `tda` or `tddft`, and the tier.

    Raises:
        InputError: An unknown method or tier, an open shell, or an element that the tier does not cover.
        ConvergenceError: A root did not reach its residual.
        ResourceError: The integrals do not fit into `settings.memory_mb`.
        EngineError: The lowest root lies outside 0.5 to 15 eV or is imaginary.
    """
    active, virtual = orbital_windows(ground, settings)
    found = _excitations(ground, settings, active, virtual, triplet=False)
    _check_physical(ground, found.values, "singlet")
    integrals = np.einsum(
        "xmn,mi,na->xia", ground.mol.intor("int1e_r"), active[1:], virtual[1:], optimize=True
    )
    dipoles = np.sqrt(2) * found.sums @ integrals.reshape(3, -1).T
    return _described(found, dipoles, (active.shape[1], virtual.shape[1]), settings)


def triplet_roots(ground: GroundState, settings: ResponseSettings) -> Roots:
    """Lowest excited triplets, as many as needed to cover `settings.cover_ev`; all of them dark.

    Args:
        ground: Converged closed shell.
        settings: Numerics, and whether `tda` or `tddft`.

    Raises:
        InputError: An unknown method or tier, an open shell, or the tier `ris`: what sets a triplet apart is
            the kernel, which that tier lacks (with a pure functional it would give orbital differences).
        ConvergenceError: A root did not reach its residual.
        ResourceError: The integrals do not fit into `settings.memory_mb`.
        EngineError: The lowest root lies outside 0.5 to 15 eV or is imaginary: the closed shell is unstable
            against breaking its pairs, or nearly so.
    """
    active, virtual = orbital_windows(ground, settings)
    found = _excitations(ground, settings, active, virtual, triplet=True)
    _check_physical(ground, found.values, "triplet")
    dark = np.zeros((found.values.size, 3))
    return _described(found, dark, (active.shape[1], virtual.shape[1]), settings)


def _excitations(
    ground: GroundState, settings: ResponseSettings, active: Real, virtual: Real, *, triplet: bool
) -> Excitations:
    """Roots by the method asked for; the Tamm-Dancoff ones have X + Y = X - Y."""
    if settings.method not in METHODS:
        raise InputError(f"method {settings.method!r} of the excited states: expected one of {METHODS}")
    if settings.tier not in TIERS:
        raise InputError(f"tier {settings.tier!r} of the excited states: expected one of {TIERS}")
    if triplet and settings.tier == "ris":
        raise InputError("tier 'ris' has no kernel and therefore no triplets: use tier 'full'")
    matrix = response_matrix(ground, settings, active, virtual, triplet=triplet)
    start, diagonal = start_vectors(matrix, settings), matrix.diagonal().ravel()
    search = Search(
        ceiling=settings.cover_ev / HARTREE_EV,
        max_roots=min(settings.max_roots, diagonal.size),
        residual=settings.residual_hartree,
        max_iterations=settings.max_iterations,
        max_vectors=largest_space(settings),
    )
    if settings.method == "tddft":
        return lowest_excitations(lambda rows: _sum_difference(matrix, rows), diagonal, start, search)
    pairs = lowest(lambda rows: _applied(matrix, rows), diagonal, start, search)
    return Excitations(pairs.values, pairs.vectors, pairs.vectors, pairs.iterations)


def _applied(matrix: ResponseMatrix, rows: Real) -> Real:
    return matrix.applied(rows.reshape(-1, *matrix.gaps.shape)).reshape(rows.shape)


def _sum_difference(matrix: ResponseMatrix, rows: Real) -> tuple[Real, Real]:
    total, difference = matrix.sum_difference(rows.reshape(-1, *matrix.gaps.shape))
    return total.reshape(rows.shape), difference.reshape(rows.shape)


def _check_physical(ground: GroundState, values: Real, spin: str) -> None:
    lowest_ev = float(values[0]) * HARTREE_EV
    if not 0.5 < lowest_ev < 15:
        raise EngineError(
            f"{ground.level}: lowest excited {spin} at {lowest_ev:.3f} eV, expected 0.5 to 15 eV"
        )


def _described(
    found: Excitations, dipoles: Real, shape: tuple[int, int], settings: ResponseSettings
) -> Roots:
    roots = tuple(_root(float(e), d) for e, d in zip(found.values, dipoles, strict=True))
    highest_ev = roots[-1].energy_ev
    exhausted = len(roots) == found.sums.shape[1]
    capped = highest_ev < settings.cover_ev and not exhausted
    covered_ev = highest_ev if capped else settings.cover_ev
    vectors = 0.5 * (found.sums + found.differences).reshape(-1, *shape)
    return Roots(roots, covered_ev, capped, found.iterations, vectors)


def _root(energy_hartree: float, dipole_au: Real) -> Root:
    x, y, z = (float(component) for component in dipole_au)
    strength = 2 / 3 * energy_hartree * (x * x + y * y + z * z)
    return Root(energy_hartree * HARTREE_EV, strength, (x, y, z))
