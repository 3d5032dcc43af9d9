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
    # Charge-transfer numbers of atoms: the squared transition density in the orthogonalised basis.
    density = np.square((holes * np.sqrt(weights)) @ electrons.T)
    starts = ground.mol.aoslice_by_atom()[:, 2]
    by_atom = np.add.reduceat(np.add.reduceat(density, starts, axis=0), starts, axis=1)
    by_group = membership @ by_atom @ membership.T
    hole, electron = by_group.sum(axis=1)[:-1], by_group.sum(axis=0)[:-1]
    return Character(
        hole=tuple(hole.tolist()),
        electron=tuple(electron.tolist()),
        charge_transfer=float(by_group.sum() - np.trace(by_group)),
        natural_pairs=float(1 / np.square(weights).sum()),
    )


def natural_orbitals(ground: GroundState, vector: Real) -> tuple[Real, Real, Real]:
    """Natural transition orbitals in the symmetrically orthogonalised basis.

    Returns:
        Hole orbitals in columns, shape (nao, n); weights, descending, summing to 1, shape (n,); electron
        orbitals in columns, shape (nao, n).
    """
    check_closed_shell(ground)
    occupied = ground.mo_coeff[:, ground.mo_occ > 0]
    virtual = ground.mo_coeff[:, ground.mo_occ == 0]
    norm = float(np.linalg.norm(vector))
    fits = vector.ndim == 2 and vector.shape[0] <= occupied.shape[1] and vector.shape[1] <= virtual.shape[1]
    if not fits or not norm > 0:
        raise InputError(
            f"amplitudes of shape {vector.shape} and norm {norm:.3g}: expected at most "
            f"({occupied.shape[1]}, {virtual.shape[1]}) and a norm above 0"
        )
    left, values, right = np.linalg.svd(vector / norm, full_matrices=False)
    lowdin = _root(ground.mol.intor("int1e_ovlp"))
    holes = lowdin @ occupied[:, -vector.shape[0] :] @ left
    electrons = lowdin @ virtual[:, : vector.shape[1]] @ right.T
    return holes, np.square(values), electrons


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
