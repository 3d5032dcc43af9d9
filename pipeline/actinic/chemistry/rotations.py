"""How many rotations turn a geometry into itself."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from actinic.chemistry.geometry import Geometry

Array = NDArray[np.float64]

TOLERANCE_ANGSTROM = 0.1
"""How far an atom may miss its image. Each of 26 molecules optimised with GFN2 to 0.004 eV/angstrom has the
same number from 0.02 to 0.2."""


def symmetry_number(geometry: Geometry) -> int:
    """Rotations of a rigid molecule that interchange equal atoms, the identity included.

    1 for most molecules, 12 for methane and benzene, 2 for N2. Counted are the different orders of the atoms
    that rotations lead to: all those about the axis of a linear molecule are one.

    Args:
        geometry: A minimum or a transition state.

    >>> symmetry_number(Geometry.from_angstrom(["N", "N"], np.array([[0, 0, 0], [0, 0, 1.1]])))
    2
    """
    symbols = np.array(geometry.symbols)
    positions = geometry.positions_angstrom
    centred = positions - positions.mean(axis=0)
    if len(symbols) == 1:
        return 1
    orders = (_order(symbols, centred, rotation) for rotation in _candidates(symbols, centred))
    return len({order for order in orders if order is not None})


def _candidates(symbols: NDArray[np.str_], centred: Array) -> Iterator[Array]:
    """Rotations that bring two atoms, which with the centre span a plane if any do, onto two equal ones."""
    radii = np.linalg.norm(centred, axis=1)
    classes = [
        np.flatnonzero((symbols == symbol) & (np.abs(radii - radius) < 2 * TOLERANCE_ANGSTROM))
        for symbol, radius in zip(symbols, radii, strict=True)
    ]
    off_centre = [i for i in range(len(symbols)) if radii[i] > 2 * TOLERANCE_ANGSTROM]
    first = min(off_centre, key=lambda i: len(classes[i]))
    heights = np.linalg.norm(np.cross(centred[first] / radii[first], centred), axis=1)
    off_axis = [
        i for i in off_centre if heights[i] > 0.5 * heights.max() and heights[i] > 2 * TOLERANCE_ANGSTROM
    ]
    second = min(off_axis, key=lambda i: len(classes[i]), default=None)
    for image in classes[first]:
        if second is None:
            yield (
                _frame(centred[image], _across(centred[image]))
                @ _frame(centred[first], _across(centred[first])).T
            )
            continue
        for other in classes[second]:
            apart = np.linalg.norm(centred[image] - centred[other])
            if abs(apart - np.linalg.norm(centred[first] - centred[second])) < 2 * TOLERANCE_ANGSTROM:
                yield _frame(centred[image], centred[other]) @ _frame(centred[first], centred[second]).T


def _frame(one: Array, other: Array) -> Array:
    """Right-handed axes as columns: along `one`, in its plane with `other`, across both."""
    along = one / np.linalg.norm(one)
    within = other - along * (along @ other)
    within = within / max(float(np.linalg.norm(within)), 1e-12)
    return np.column_stack([along, within, np.cross(along, within)])


def _across(direction: Array) -> Array:
    """Some direction at a right angle."""
    across: Array = np.cross(direction, np.eye(3)[np.argmin(np.abs(direction))])
    return across


def _order(symbols: NDArray[np.str_], centred: Array, rotation: Array) -> tuple[int, ...] | None:
    """Which atom each one lands on; None where one misses."""
    images = centred @ rotation.T
    distances = np.linalg.norm(images[:, None] - centred[None], axis=2)
    distances[symbols[:, None] != symbols[None]] = np.inf
    order = distances.argmin(axis=1)
    if distances.min(axis=1).max() > TOLERANCE_ANGSTROM or len(set(order.tolist())) < len(order):
        return None
    return tuple(order.tolist())
