"""Lowest eigenpairs of a symmetric matrix known by its products (doi:10.1016/0021-9991(75)90065-0)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from actinic.errors import ConvergenceError

Real = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Eigenpairs:
    """Lowest eigenpairs.

    Attributes:
        values: Ascending, shape (n,).
        vectors: Orthonormal rows, shape (n, size).
        residuals: Norm of A x - x e of each, shape (n,).
        iterations: Rounds of products.
    """

    values: Real
    vectors: Real
    residuals: Real
    iterations: int


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for: every eigenvalue up to `ceiling` and one above it, at most `max_roots`.

    Attributes:
        ceiling: Value that the highest eigenvalue must reach.
        max_roots: Largest number of eigenpairs.
        residual: Largest residual norm of an eigenpair.
        max_iterations: Rounds of products.
        max_vectors: The space is drawn together before it holds more; at least five times `max_roots`. None
            for no limit.
    """

    ceiling: float
    max_roots: int
    residual: float
    max_iterations: int
    max_vectors: int | None = None

    def is_full(self, held: int, added: int) -> bool:
        """Whether a space that holds so many vectors has no room for those to be added."""
        return self.max_vectors is not None and held + added > self.max_vectors


def lowest(product: Callable[[Real], Real], diagonal: Real, start: Real, search: Search) -> Eigenpairs:
    """Find the eigenpairs that `search` asks for.

    The number of roots follows the Ritz values, which fall as the space grows (each bounds its eigenvalue
    from above), so it only increases. A symmetry that `start` lacks is never found, so it has to reach well
    above the ceiling.

    Args:
        product: Maps rows of shape (k, size) to their products.
        diagonal: Approximate diagonal, shape (size,).
        start: Orthonormal start vectors, shape (k, size).
        search: Targets and limits.

    Raises:
        ConvergenceError: A root did not reach the residual in time.
    """
    space, products = start, product(start)
    for iteration in range(1, search.max_iterations + 1):
        values, turned = np.linalg.eigh(space @ products.T)
        n_roots = wanted(values, search)
        values, mixing = values[:n_roots], turned[:, :n_roots].T
        residuals = mixing @ products - values[:, None] * (mixing @ space)
        norms = np.linalg.norm(residuals, axis=1)
        open_roots = np.flatnonzero(norms > search.residual)
        if not open_roots.size:
            return Eigenpairs(values, mixing @ space, norms, iteration)
        corrections = residuals[open_roots] / away_from_zero(values[open_roots, None] - diagonal)
        added = orthonormal(corrections, space)
        if not len(added):  # an all but diagonal matrix turns a Ritz vector into itself
            added = orthonormal(residuals[open_roots], space)
        if not len(added):
            break
        if search.is_full(len(space), len(added)):  # the lowest Ritz vectors hold what was found
            kept = turned[:, : 2 * n_roots].T
            space, products = kept @ space, kept @ products
        space = np.vstack([space, added])
        products = np.vstack([products, product(added)])
    raise not_converged(norms, iteration, search.residual)


def not_converged(norms: Real, iteration: int, residual: float) -> ConvergenceError:
    """The error that names the worst root, its residual norm and what was wanted, in hartree."""
    worst = int(np.argmax(norms))
    return ConvergenceError(
        f"excited states: root {worst + 1} of {norms.size} has residual {norms[worst]:.1e} hartree "
        f"after {iteration} rounds, wanted {residual:.1e}"
    )


def wanted(values: Real, search: Search) -> int:
    """How many of the ascending `values` the search asks for."""
    return int(min((values < search.ceiling).sum() + 1, search.max_roots, values.size))


def away_from_zero(denominators: Real) -> Real:
    """Denominators of a correction, in hartree, at least 0.01 in size."""
    return np.where(np.abs(denominators) < 1e-2, np.copysign(1e-2, denominators), denominators)


def orthonormal(vectors: Real, space: Real) -> Real:
    """Rows orthonormal to `space` and to each other; what lies within the space already is dropped."""
    kept: list[Real] = []
    vectors = vectors / np.linalg.norm(vectors, axis=1)[:, None]
    for _ in range(2):
        vectors = vectors - (vectors @ space.T) @ space
    for vector in vectors:
        remaining = vector
        for _ in range(2):
            for other in kept:
                remaining = remaining - (other @ remaining) * other
        length = float(np.linalg.norm(remaining))
        if length > 1e-3:
            remaining = remaining / length
            remaining = remaining - (remaining @ space.T) @ space
            kept.append(remaining / np.linalg.norm(remaining))
    return np.array(kept).reshape(-1, space.shape[1])
