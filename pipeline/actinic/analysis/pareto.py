"""Which of many vectors no other one beats, without comparing each with each."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SMALL = 1 << 20
"""Comparisons of single numbers that are made at once instead of being divided further."""

FEW = 32
"""Rows that are compared each with each."""


def maximal(values: Array) -> NDArray[np.bool_]:
    """Which rows no other row beats: as large everywhere, and larger somewhere. Equal rows stay together.

    Divide and conquer after Kung, Luccio and Preparata (doi:10.1145/321906.321910): n (log n)^(d-2)
    comparisons for d > 2 columns, whatever the number of maximal rows.

    Args:
        values: Shape (rows, columns), finite.

    Returns:
        Shape (rows,).

    >>> maximal(np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5], [0.4, 0.5], [0.0, 1.0]])).tolist()
    [True, True, True, False, True]
    """
    if values.shape[1] == 0 or len(values) == 0:
        return np.ones(len(values), dtype=bool)
    different, places = np.unique(values, axis=0, return_inverse=True)
    kept = np.zeros(len(different), dtype=bool)
    # np.unique sorts upwards: only a later row can beat an earlier one.
    kept[_maximal_places(different, np.arange(len(different)))] = True
    found: NDArray[np.bool_] = kept[places.reshape(-1)]
    return found


def _maximal_places(values: Array, places: NDArray[np.intp]) -> NDArray[np.intp]:
    """Of `places`, ascending in rows sorted upwards, those of maximal rows."""
    if len(places) <= FEW:
        rows = values[places]
        covered_by = (rows[:, None] <= rows[None]).all(axis=2).sum(axis=1)
        return np.asarray(places[covered_by == 1])  # by itself alone
    half = len(places) // 2
    low, high = _maximal_places(values, places[:half]), _maximal_places(values, places[half:])
    # In the first column the upper half is as large already.
    beaten = _covered(values[low, 1:], values[high, 1:])
    return np.concatenate([low[~beaten], high])


def _covered(rows: Array, by: Array) -> NDArray[np.bool_]:
    """Which of `rows` some row of `by` equals or exceeds everywhere."""
    n_columns = rows.shape[1]
    if len(rows) == 0 or len(by) == 0:
        return np.zeros(len(rows), dtype=bool)
    if n_columns == 0:
        return np.ones(len(rows), dtype=bool)
    if n_columns == 1:
        return np.asarray(rows[:, 0] <= by[:, 0].max())
    if n_columns == 2:
        return _covered_in_plane(rows, by)
    if len(rows) * len(by) * n_columns <= SMALL:
        each = (rows[:, None] <= by[None]).all(axis=2)
        return np.asarray(np.any(each, axis=1))
    return _covered_divided(rows, by)


def _covered_in_plane(rows: Array, by: Array) -> NDArray[np.bool_]:
    """Two columns: the largest second value among those whose first value is large enough."""
    order = np.argsort(by[:, 0])
    first, second = by[order, 0], np.maximum.accumulate(by[order, 1][::-1])[::-1]
    at = np.searchsorted(first, rows[:, 0])
    reaches = at < len(first)
    found = np.zeros(len(rows), dtype=bool)
    found[reaches] = rows[reaches, 1] <= second[at[reaches]]
    return found


def _covered_divided(rows: Array, by: Array) -> NDArray[np.bool_]:
    """Divided at the median of the last column, which then need not be compared between the halves."""
    levels = np.unique(np.concatenate([rows[:, -1], by[:, -1]]))
    if len(levels) == 1:
        return _covered(rows[:, :-1], by[:, :-1])
    middle = levels[len(levels) // 2]
    upper, by_upper = rows[:, -1] >= middle, by[:, -1] >= middle
    found = np.zeros(len(rows), dtype=bool)
    found[upper] = _covered(rows[upper], by[by_upper])
    lower = np.flatnonzero(~upper)
    found[lower] = _covered(rows[lower, :-1], by[by_upper, :-1])
    left = lower[~found[lower]]
    found[left] = _covered(rows[left], by[~by_upper])
    return found
