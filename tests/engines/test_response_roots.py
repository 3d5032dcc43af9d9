"""The eigenvalue searches on matrices whose answer is known."""

import numpy as np
import pytest

from actinic.engines.response_casida import lowest_excitations
from actinic.engines.response_roots import Search, lowest

DIAGONAL = np.arange(1.0, 9.0)
SEARCH = Search(ceiling=0.5, max_roots=3, residual=1e-8, max_iterations=20)


def test_a_diagonal_matrix_is_solved_from_a_mixture_of_its_vectors() -> None:
    # The correction to such a mixture is the mixture itself: nothing new, unless the residual is taken.
    start = np.zeros((1, 8))
    start[0, :2] = np.sqrt(0.5)
    found = lowest(lambda rows: rows * DIAGONAL, DIAGONAL, start, SEARCH)
    assert found.values == pytest.approx([1.0])


def test_a_diagonal_problem_with_deexcitations_is_solved_from_a_mixture_of_its_vectors() -> None:
    start = np.zeros((1, 8))
    start[0, :2] = np.sqrt(0.5)
    found = lowest_excitations(lambda rows: (rows * DIAGONAL, rows * DIAGONAL), DIAGONAL, start, SEARCH)
    assert found.values == pytest.approx([1.0])


def test_deexcitations_follow_the_two_by_two_formula() -> None:
    # One transition: w^2 = (A + B) (A - B).
    found = lowest_excitations(
        lambda rows: (rows * 5.0, rows * 3.0), np.array([4.0]), np.array([[1.0]]), SEARCH
    )
    assert found.values == pytest.approx([np.sqrt(15.0)])
    assert float(found.sums[0] @ found.differences[0]) == pytest.approx(1.0)
