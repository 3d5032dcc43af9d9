"""Saddle points: uphill along one mode, downhill along all others (partitioned rational functions).

Steps after A. Banerjee et al., J. Phys. Chem. 89, 52 (1985), doi:10.1021/j100247a015; the Hessian is carried
from step to step by J. M. Bofill's update, J. Comput. Chem. 15, 1 (1994), doi:10.1002/jcc.540150102.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from actinic.engines.calculator import Point, Surface, force_ev_angstrom
from actinic.engines.optimisation import Stop
from actinic.errors import ConvergenceError
from actinic.units import BOHR_ANGSTROM

Array = NDArray[np.float64]

TRUST_BOHR = 0.3
"""Longest step, as a norm over all coordinates."""

_SHORTEST_BOHR = 0.02
_PROBE_BOHR = 0.02
_LOST = 0.4
"""Overlap of the followed mode with that of the step before below which the step was too long."""


@dataclass(frozen=True, slots=True, eq=False)
class Saddle:
    """Where a search ended.

    Attributes:
        positions_angstrom: Shape (n, 3).
        point: Energy and gradient there.
        hessian_hartree_bohr2: The updated Hessian, shape (3n, 3n).
        mode: The mode that was followed, shape (n, 3), of length 1.
        n_gradients: Gradients computed, without those of the Hessians.
    """

    positions_angstrom: Array
    point: Point
    hessian_hartree_bohr2: Array
    mode: Array
    n_gradients: int


def saddle_point(
    surface: Surface,
    start_angstrom: Array,
    hessian: Callable[[Array], Array],
    directions: Sequence[Array],
    *,
    refresh: int,
    stop: Stop,
) -> Saddle:
    """Climb from a guess to a saddle point along the mode that resembles the reaction most.

    Args:
        surface: Energy and gradient.
        start_angstrom: Guess, shape (n, 3).
        hessian: Second derivatives (hartree/bohr2, shape (3n, 3n)) at positions in angstrom, of this surface
            or a cheaper one.
        directions: Cartesian directions of the reacting distances, each of shape (n, 3). Where `refresh` is 0
            the curvature along them is taken from the surface itself, by one gradient each.
        refresh: Steps after which the Hessian is computed anew; 0 for never.
        stop: When it counts as found.

    A step to where the surface has no energy is halved.

    Raises:
        ConvergenceError: Not found within `stop.max_steps`, or the surface has no energy at the start or
            however short the step.
    """
    positions = start_angstrom.copy()
    point = surface(positions)
    n_gradients, trust = 1, TRUST_BOHR
    second = hessian(positions)
    span = _orthonormal(directions)
    if not refresh:
        second, extra = probed(surface, positions, point, second, span)
        n_gradients += extra
    followed: Array | None = None
    for step_number in range(stop.max_steps):
        force = force_ev_angstrom(point)
        if refresh and step_number and (step_number % refresh == 0 or force < stop.fmax_ev_angstrom):
            second = hessian(positions)
        curvatures, modes = internal_modes(positions, second)
        here = _chosen(modes, span, followed)
        if force < stop.fmax_ev_angstrom and curvatures[here] < 0:
            return Saddle(positions, point, second, modes[:, here].reshape(-1, 3), n_gradients)
        followed = modes[:, here]
        step = _step(curvatures, modes, here, point.gradient_hartree_bohr.ravel(), trust)
        moved = positions + step.reshape(-1, 3) * BOHR_ANGSTROM
        n_gradients += 1
        try:
            there = surface(moved)
        except ConvergenceError:
            if trust <= _SHORTEST_BOHR:
                raise
            trust = max(min(trust, float(np.linalg.norm(step))) / 2, _SHORTEST_BOHR)
            continue
        updated = bofill(second, step, (there.gradient_hartree_bohr - point.gradient_hartree_bohr).ravel())
        worse = np.linalg.norm(there.gradient_hartree_bohr) > 2.0 * np.linalg.norm(
            point.gradient_hartree_bohr
        )
        lost = np.abs(internal_modes(moved, updated)[1].T @ followed).max() < _LOST
        if (worse or lost) and trust > _SHORTEST_BOHR:
            trust, second = max(trust / 2, _SHORTEST_BOHR), updated
            continue
        trust = min(1.2 * trust, TRUST_BOHR)
        positions, point, second = moved, there, updated
    raise ConvergenceError(
        f"no saddle point within {stop.max_steps} steps: a force of {force:.3f} eV/angstrom is left"
    )


def probed(
    surface: Surface, positions: Array, point: Point, hessian: Array, span: Array
) -> tuple[Array, int]:
    """`hessian` with the curvature of the surface itself along each column of `span`, shape (3n, k)."""
    for direction in span.T:
        shift = _PROBE_BOHR * direction
        there = surface(positions + shift.reshape(-1, 3) * BOHR_ANGSTROM)
        hessian = powell(hessian, shift, (there.gradient_hartree_bohr - point.gradient_hartree_bohr).ravel())
    return hessian, span.shape[1]


def internal_modes(positions: Array, hessian: Array) -> tuple[Array, Array]:
    """Curvatures (hartree/bohr2, ascending) and modes (columns) without overall motion, unweighted."""
    centred = positions - positions.mean(axis=0)
    overall = [np.tile(axis, (len(centred), 1)).ravel() for axis in np.eye(3)]
    overall += [np.cross(axis, centred).ravel() for axis in np.eye(3)]
    left, sizes, _ = np.linalg.svd(np.array(overall).T)
    inner = left[:, int((sizes > 1e-3).sum()) :]
    curvatures, coefficients = np.linalg.eigh(inner.T @ hessian @ inner)
    return curvatures, inner @ coefficients


def bofill(hessian: Array, step: Array, change: Array) -> Array:
    """Bofill's mixture of the symmetric rank-one and Powell updates."""
    missed = change - hessian @ step
    along = float(missed @ step)
    share = along**2 / max(float(missed @ missed) * float(step @ step), 1e-30)
    if abs(along) < 1e-12:
        return powell(hessian, step, change)
    rank_one = hessian + np.outer(missed, missed) / along
    return np.asarray(share * rank_one + (1 - share) * powell(hessian, step, change))


def powell(hessian: Array, step: Array, change: Array) -> Array:
    """Powell's symmetric update: along `step` it has the curvature seen, across it stays."""
    missed, length2 = change - hessian @ step, float(step @ step)
    outer = np.outer(missed, step)
    return np.asarray(
        hessian + (outer + outer.T) / length2 - float(missed @ step) * np.outer(step, step) / length2**2
    )


def overlap(mode: Array, directions: Sequence[Array]) -> float:
    """Share of a mode, 0 to 1, that changes the reacting distances."""
    unit = mode.ravel() / np.linalg.norm(mode)
    return float(np.linalg.norm(_orthonormal(directions).T @ unit))


def _orthonormal(directions: Sequence[Array]) -> Array:
    columns = np.array([direction.ravel() for direction in directions]).T
    left, sizes, _ = np.linalg.svd(columns, full_matrices=False)
    return np.asarray(left[:, sizes > 1e-6 * sizes.max()])


def _chosen(modes: Array, span: Array, followed: Array | None) -> int:
    """The mode followed so far; at first, of the two softest the one that changes the distances most."""
    if followed is not None:
        return int(np.abs(modes.T @ followed).argmax())
    shares = np.linalg.norm(span.T @ modes[:, :3], axis=0)
    return int(shares.argmax())


def _step(curvatures: Array, modes: Array, up: int, gradient: Array, trust_bohr: float) -> Array:
    slopes = modes.T @ gradient
    down = np.arange(len(curvatures)) != up
    shifts = np.empty_like(curvatures)
    shifts[up] = (curvatures[up] + np.sqrt(curvatures[up] ** 2 + 4 * slopes[up] ** 2)) / 2
    n = int(down.sum())
    augmented = np.zeros((n + 1, n + 1))
    augmented[:n, :n] = np.diag(curvatures[down])
    augmented[:n, n] = augmented[n, :n] = slopes[down]
    shifts[down] = np.linalg.eigvalsh(augmented)[0]
    gaps = curvatures - shifts
    gaps = np.where(np.abs(gaps) < 1e-6, np.copysign(1e-6, gaps), gaps)
    step = modes @ (-slopes / gaps)
    length = float(np.linalg.norm(step))
    return np.asarray(step * min(1.0, trust_bohr / length)) if length else step
