"""Lowest excitations of linear response with de-excitations, from products alone.

    (A + B) (X + Y) = w (X - Y)        (A - B) (X - Y) = w (X + Y)

Both are projected onto one growing space (doi:10.1063/1.477483); the projected problem is symmetric in
(A - B)^1/2 (A + B) (A - B)^1/2. A stable reference makes both matrices positive definite, and then every
projected energy is an upper bound.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from actinic.engines.response_roots import Search, away_from_zero, not_converged, orthonormal, wanted
from actinic.errors import EngineError

Real = NDArray[np.float64]
Products = Callable[[Real], tuple[Real, Real]]


@dataclass(frozen=True, slots=True)
class Excitations:
    """Lowest excitations, normalised to X X - Y Y = 1.

    Attributes:
        values: Energies in hartree, ascending, shape (n,).
        sums: X + Y in rows, shape (n, size).
        differences: X - Y in rows, shape (n, size).
        iterations: Rounds of products.
    """

    values: Real
    sums: Real
    differences: Real
    iterations: int


def lowest_excitations(products: Products, diagonal: Real, start: Real, search: Search) -> Excitations:
    """Find the excitations that `search` asks for.

    Args:
        products: Maps rows of shape (k, size) to their products with A + B and with A - B.
        diagonal: Approximate diagonal of A, shape (size,).
        start: Orthonormal start vectors, shape (k, size).
        search: Targets and limits.

    Raises:
        ConvergenceError: A root did not reach the residual in time.
        EngineError: A root is imaginary.
    """
    space = start
    with_sum, with_difference = products(start)
    for iteration in range(1, search.max_iterations + 1):
        values, sums, differences = _projected(space @ with_sum.T, space @ with_difference.T)
        n_roots = wanted(values, search)
        values, sums, differences = values[:n_roots], sums[:n_roots], differences[:n_roots]
        of_sum = sums @ with_sum - values[:, None] * (differences @ space)
        of_difference = differences @ with_difference - values[:, None] * (sums @ space)
        norms = np.sqrt(0.5) * np.hypot(*(np.linalg.norm(part, axis=1) for part in (of_sum, of_difference)))
        open_roots = np.flatnonzero(norms > search.residual)
        if not open_roots.size:
            return Excitations(values, sums @ space, differences @ space, iteration)
        added = orthonormal(
            _corrections(values[open_roots], of_sum[open_roots], of_difference[open_roots], diagonal), space
        )
        if not len(added):  # an all but diagonal problem turns its vectors into themselves
            added = orthonormal(np.vstack([of_sum[open_roots], of_difference[open_roots]]), space)
        if not len(added):
            break
        if search.is_full(len(space), len(added)):  # sums and differences of the roots hold what was found
            kept = np.linalg.qr(np.vstack([sums, differences]).T)[0].T
            space, with_sum, with_difference = kept @ space, kept @ with_sum, kept @ with_difference
        space = np.vstack([space, added])
        new_sum, new_difference = products(added)
        with_sum, with_difference = (
            np.vstack([with_sum, new_sum]),
            np.vstack([with_difference, new_difference]),
        )
    raise not_converged(norms, iteration, search.residual)


def _projected(with_sum: Real, with_difference: Real) -> tuple[Real, Real, Real]:
    """Energies, X + Y and X - Y (rows) of the projected problem."""
    squares, vectors = np.linalg.eigh(0.5 * (with_difference + with_difference.T))
    if squares[0] <= 0:
        raise EngineError(_unstable("A - B", squares[0]))
    root = (vectors * np.sqrt(squares)) @ vectors.T
    inverse = (vectors / np.sqrt(squares)) @ vectors.T
    energies, mixing = np.linalg.eigh(root @ (0.5 * (with_sum + with_sum.T)) @ root)
    if energies[0] <= 0:
        raise EngineError(_unstable("w^2", energies[0]))
    values = np.sqrt(energies)
    sums = (root @ mixing / np.sqrt(values)).T
    differences = (inverse @ mixing * np.sqrt(values)).T
    return values, sums, differences


def _unstable(name: str, value: float) -> str:
    return (
        f"excited states: lowest {name} is {value:.1e} hartree, expected above 0: "
        "the closed shell is unstable, use method tda"
    )


def _corrections(values: Real, of_sum: Real, of_difference: Real, diagonal: Real) -> Real:
    """Davidson corrections to X and to Y, of roots that are still open."""
    excitation = 0.5 * (of_sum + of_difference) / away_from_zero(values[:, None] - diagonal)
    deexcitation = 0.5 * (of_sum - of_difference) / (values[:, None] + diagonal)
    kept = np.linalg.norm(deexcitation, axis=1) > 1e-2 * np.linalg.norm(excitation, axis=1)
    return np.vstack([excitation, deexcitation[kept]])
