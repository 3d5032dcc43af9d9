"""The front found by division is the one found by comparing each with each, ties and twins included."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actinic.analysis import pareto
from actinic.analysis.pareto import maximal

ROWS = st.integers(1, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 4), min_size=width, max_size=width), min_size=1, max_size=60
    )
)


def beaten(values: np.ndarray, row: np.ndarray) -> bool:
    return bool(((values >= row).all(axis=1) & (values > row).any(axis=1)).any())


@given(ROWS, st.sampled_from([(1, 0), (1, 1 << 20), (32, 1 << 20)]))
def test_division_and_comparison_of_each_with_each_agree(
    rows: list[list[int]], sizes: tuple[int, int]
) -> None:
    values = np.array(rows, dtype=float)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pareto, "FEW", sizes[0])
        patch.setattr(pareto, "SMALL", sizes[1])
        found = maximal(values)
    assert found.tolist() == [not beaten(values, row) for row in values]


def test_where_nobody_is_beaten_all_stay() -> None:
    rising = np.arange(5000.0)
    assert maximal(np.column_stack([rising, -rising, np.zeros_like(rising)])).all()
    assert maximal(np.zeros((3, 0))).all()
