"""Where an excitation takes its electron from and where it puts it: shares of groups of atoms.

Natural transition orbitals (doi:10.1063/1.1558471) are the singular vectors of the amplitudes; the sum of
their Loewdin populations is the sum over the charge-transfer numbers, from which both shares and the measure
of charge transfer follow (doi:10.1021/ct300307c; Loewdin partition: doi:10.1063/1.4885819).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from actinic.engines.dft import GroundState
from actinic.engines.response_problem import check_closed_shell
from actinic.errors import InputError

Real = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Character:
    """Hole and electron of one excitation.

    Attributes:
        hole: Share of the hole on each group asked for, 0 to 1; sums to 1 if the groups hold all atoms.
        electron: Share of the electron on each group, likewise.
        charge_transfer: omega_CT, the share in which hole and electron sit on different groups, 0 to 1. Atoms
            outside all groups count as one further group.
        natural_pairs: Effective number of natural transition orbital pairs, 1 / sum of squared weights.
    """

    hole: tuple[float, ...]
    electron: tuple[float, ...]
    charge_transfer: float
    natural_pairs: float


def participation(ground: GroundState, vector: Real, groups: Sequence[Sequence[int]]) -> Character:
    """Share of hole and electron of an excitation on groups of atoms.

    De-excitations are left out. Of two degenerate excitations only the average of the two has a meaning.

    Args:
        ground: Ground state.
        vector: Amplitudes of one root, shape (o, v), as in `Roots.vectors`; any norm but zero.
        groups: Atom indices from 0; no atom may be in two groups.

    Raises:
        InputError: An atom is in two groups or does not exist, the amplitudes do not fit the ground state, or
            that is an open shell.
    """
    membership = _membership(ground.mol.natm, groups)
    holes, weights, electrons = natural_orbitals(ground, vector)
    by_group = _transfer_numbers(ground, (holes * np.sqrt(weights)) @ electrons.T, membership)
    hole, electron = by_group.sum(axis=1)[:-1], by_group.sum(axis=0)[:-1]
    return Character(
        hole=tuple(hole.tolist()),
        electron=tuple(electron.tolist()),
        charge_transfer=float(by_group.sum() - np.trace(by_group)),
        natural_pairs=float(1 / np.square(weights).sum()),
    )


def charge_transfers(ground: GroundState, vectors: Real, groups: Sequence[Sequence[int]]) -> Real:
    """omega_CT of several excitations between groups of atoms, shape (n,); `participation` for many.

    Args:
        ground: Ground state.
        vectors: Amplitudes, shape (n, o, v), as in `Roots.vectors`; any norms but zero.
        groups: Atom indices from 0; no atom may be in two groups.

    Raises:
        InputError: As for `participation`.
    """
    membership = _membership(ground.mol.natm, groups)
    occupied, virtual = _lowdin_orbitals(ground, vectors.shape[1:])
    found = []
    for vector in vectors:
        by_group = _transfer_numbers(ground, occupied @ (vector / _norm(vector)) @ virtual.T, membership)
        found.append(by_group.sum() - np.trace(by_group))
    return np.array(found)


def _transfer_numbers(ground: GroundState, density: Real, membership: Real) -> Real:
    """Charge-transfer numbers of groups: squares of the transition density in the Loewdin basis, summed."""
    starts = ground.mol.aoslice_by_atom()[:, 2]
    by_atom = np.add.reduceat(np.add.reduceat(np.square(density), starts, axis=0), starts, axis=1)
    return np.asarray(membership @ by_atom @ membership.T)


def atomic_shares(ground: GroundState, vectors: Real) -> tuple[Real, Real]:
    """Share of hole and electron of several excitations on every atom; `participation` for single atoms.

    Args:
        ground: Ground state.
        vectors: Amplitudes, shape (n, o, v), as in `Roots.vectors`; any norms but zero.

    Returns:
        Shares of the hole and of the electron, shape (n, atoms) each; rows sum to 1.

    Raises:
        InputError: The amplitudes do not fit the ground state, or that is an open shell.
    """
    occupied, virtual = _lowdin_orbitals(ground, vectors.shape[1:])
    starts = ground.mol.aoslice_by_atom()[:, 2]
    shares = []
    for vector in vectors:
        scaled = vector / _norm(vector)
        # Diagonals of the squared transition density, whose rows are the hole and columns the electron.
        by_orbital = [np.square(occupied @ scaled).sum(axis=1), np.square(scaled @ virtual.T).sum(axis=0)]
        shares.append([np.add.reduceat(one, starts) for one in by_orbital])
    found: Real = np.array(shares).reshape(-1, 2, ground.mol.natm)
    return found[:, 0], found[:, 1]


def natural_orbitals(ground: GroundState, vector: Real) -> tuple[Real, Real, Real]:
    """Natural transition orbitals in the symmetrically orthogonalised basis.

    Returns:
        Hole orbitals in columns, shape (nao, n); weights, descending, summing to 1, shape (n,); electron
        orbitals in columns, shape (nao, n).
    """
    occupied, virtual = _lowdin_orbitals(ground, vector.shape)
    left, values, right = np.linalg.svd(vector / _norm(vector), full_matrices=False)
    return occupied @ left, np.square(values), virtual @ right.T


def _lowdin_orbitals(ground: GroundState, shape: tuple[int, ...]) -> tuple[Real, Real]:
    """Occupied and virtual orbitals of amplitudes of this shape, symmetrically orthogonalised."""
    check_closed_shell(ground)
    occupied = ground.mo_coeff[:, ground.mo_occ > 0]
    virtual = ground.mo_coeff[:, ground.mo_occ == 0]
    if len(shape) != 2 or shape[0] > occupied.shape[1] or shape[1] > virtual.shape[1]:
        raise InputError(
            f"amplitudes of shape {shape}: expected at most ({occupied.shape[1]}, {virtual.shape[1]})"
        )
    lowdin = _root(ground.mol.intor("int1e_ovlp"))
    return lowdin @ occupied[:, -shape[0] :], lowdin @ virtual[:, : shape[1]]


def _norm(vector: Real) -> float:
    norm = float(np.linalg.norm(vector))
    if not norm > 0:
        raise InputError(f"amplitudes of norm {norm:.3g}: expected above 0")
    return norm


def _root(overlap: Real) -> Real:
    values, vectors = np.linalg.eigh(overlap)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T)


def _membership(n_atoms: int, groups: Sequence[Sequence[int]]) -> Real:
    """Rows of ones and zeros, shape (groups + 1, atoms); the last row holds the atoms of no group."""
    membership = np.zeros((len(groups) + 1, n_atoms))
    for row, group in enumerate(groups):
        for atom in group:
            if not 0 <= atom < n_atoms:
                raise InputError(f"group {row + 1}: atom {atom}, expected 0 to {n_atoms - 1}")
            if membership[:, atom].any():
                raise InputError(f"group {row + 1}: atom {atom} is in a group already")
            membership[row, atom] = 1
    membership[-1] = 1 - membership[:-1].sum(axis=0)
    return membership
