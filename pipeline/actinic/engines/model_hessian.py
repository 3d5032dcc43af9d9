"""A guess of the force constants from the geometry alone, to start an optimisation with.

Stretches, bends and torsions whose force constants fade with distance: R. Lindh, A. Bernhardsson,
G. Karlström, P.-Å. Malmqvist, Chem. Phys. Lett. 241, 423 (1995), doi:10.1016/0009-2614(95)00646-L.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from actinic.units import BOHR_ANGSTROM, HARTREE_EV

Array = NDArray[np.float64]
Term = tuple[float, tuple[int, ...], tuple[Array, ...]]
"""Force constant (hartree), atoms, and the gradient of the internal coordinate at each of them (1/bohr)."""

# Table 1 of the source, by rows of the periodic table: H-He, Li-Ne, heavier.
_DECAY = np.array([[1.0000, 0.3949, 0.3949], [0.3949, 0.2800, 0.2800], [0.3949, 0.2800, 0.2800]])
_LENGTH_BOHR = np.array([[1.35, 2.10, 2.53], [2.10, 2.87, 3.40], [2.53, 3.40, 3.40]])
_STRETCH, _BEND, _TORSION = 0.45, 0.15, 0.005

_NEGLIGIBLE = 1e-3
_NEIGHBOUR = 0.02
_LINEAR_SINE = 0.2

FLOOR_EV_ANGSTROM2 = 0.1
"""Stiffness added to every direction, so that overall motion and soft torsions do not take giant steps.

Mean gradients per optimisation (five species, 26 starts, 0.01 eV/angstrom): 43 with 0.05, 39 with 0.1,
44 with 0.2, 48 with 0.5, 47 with 1, 55 with 2."""


def model_hessian_ev_angstrom2(numbers: Sequence[int], positions_angstrom: Array) -> Array:
    """Positive definite guess of d2E/dx2, shape (3n, 3n).

    Args:
        numbers: Atomic numbers, n of them.
        positions_angstrom: Coordinates, shape (n, 3).
    """
    positions = positions_angstrom / BOHR_ANGSTROM
    weights = _closeness(numbers, positions)
    hessian = np.zeros((positions.size, positions.size))
    for terms in (_stretches, _bends, _torsions):
        for constant, atoms, gradients in terms(positions, weights):
            row = np.concatenate(gradients)
            index = np.concatenate([np.arange(3 * atom, 3 * atom + 3) for atom in atoms])
            hessian[np.ix_(index, index)] += constant * np.outer(row, row)
    return hessian * HARTREE_EV / BOHR_ANGSTROM**2 + FLOOR_EV_ANGSTROM2 * np.eye(positions.size)


def _closeness(numbers: Sequence[int], positions: Array) -> Array:
    """About 1 at a bond length, 0 far away, shape (n, n)."""
    rows = np.digitize(numbers, [3, 11])
    distances = np.linalg.norm(positions[:, None] - positions[None], axis=2)
    decay, length = _DECAY[rows[:, None], rows[None]], _LENGTH_BOHR[rows[:, None], rows[None]]
    weights: Array = np.exp(decay * (length**2 - distances**2))
    np.fill_diagonal(weights, 0.0)
    return weights


def _stretches(positions: Array, weights: Array) -> Iterator[Term]:
    for i, j in np.argwhere(np.triu(weights) > _NEGLIGIBLE / 10).tolist():
        unit = _unit(positions[i] - positions[j])
        yield _STRETCH * weights[i, j], (i, j), (unit, -unit)


def _bends(positions: Array, weights: Array) -> Iterator[Term]:
    for j in range(len(positions)):
        neighbours = np.flatnonzero(weights[j] > _NEIGHBOUR).tolist()
        for i, k in ((i, k) for i in neighbours for k in neighbours if i < k):
            constant = _BEND * weights[i, j] * weights[j, k]
            if constant > _NEGLIGIBLE * _BEND:
                for at_i, at_k in _bend_gradients(positions[i] - positions[j], positions[k] - positions[j]):
                    yield constant, (i, j, k), (at_i, -at_i - at_k, at_k)


def _bend_gradients(one: Array, other: Array) -> list[tuple[Array, Array]]:
    """Gradients of the angle at its two ends; of two bends, as if straight, for azides and alkynes."""
    u, v = _unit(one), _unit(other)
    cosine = float(u @ v)
    sine = np.sqrt(max(0.0, 1.0 - cosine**2))
    lengths = np.linalg.norm(one), np.linalg.norm(other)
    if sine > _LINEAR_SINE:
        return [((cosine * u - v) / (lengths[0] * sine), (cosine * v - u) / (lengths[1] * sine))]
    across = _unit(np.cross(u, np.eye(3)[np.argmin(np.abs(u))]))
    return [(p / lengths[0], p / lengths[1]) for p in (across, np.cross(u, across))]


def _torsions(positions: Array, weights: Array) -> Iterator[Term]:
    near = weights > _NEIGHBOUR
    for j, k in np.argwhere(np.triu(near)).tolist():
        for i in np.flatnonzero(near[j]).tolist():
            for m in np.flatnonzero(near[k]).tolist():
                constant = _TORSION * weights[i, j] * weights[j, k] * weights[k, m]
                if len({i, j, k, m}) == 4 and constant > _NEGLIGIBLE * _TORSION:
                    gradients = _torsion_gradients(positions[[i, j, k, m]])
                    if gradients is not None:
                        yield constant, (i, j, k, m), gradients


def _torsion_gradients(chain: Array) -> tuple[Array, ...] | None:
    """Gradients of the dihedral angle of four atoms, shape (4, 3); None where three are in line."""
    first, axis, last = np.diff(chain, axis=0)
    normal, other = np.cross(first, axis), np.cross(axis, last)
    length = float(np.linalg.norm(axis))
    sines = [np.linalg.norm(n) / (length * np.linalg.norm(b)) for n, b in ((normal, first), (other, last))]
    if min(sines) < _LINEAR_SINE:
        return None
    at_first, at_last = -length * normal / (normal @ normal), length * other / (other @ other)
    lean, counter = float(first @ axis) / length**2, float(last @ axis) / length**2
    at_second = -(1 + lean) * at_first + counter * at_last
    at_third = -(1 + counter) * at_last + lean * at_first
    return at_first, at_second, at_third, at_last


def _unit(vector: Array) -> Array:
    unit: Array = vector / np.linalg.norm(vector)
    return unit
