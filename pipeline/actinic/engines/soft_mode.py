"""The softest vibration of a geometry, from some tens of gradients instead of the 6n of a Hessian.

Davidson's method (doi:10.1016/0021-9991(75)90065-0) in mass-weighted coordinates without overall motion: the
Hessian acts on one direction at a time, as a difference of two gradients, and the model Hessian
preconditions. It starts from random directions, because one that keeps a symmetry of the molecule never
leaves it, and saddle points are the ones of too high symmetry.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from actinic.chemistry.geometry import Geometry
from actinic.engines.hessian import (
    ELECTRON_MASSES_PER_DALTON,
    atomic_masses_dalton,
    internal_motions,
    wavenumbers_cm,
)
from actinic.engines.model_hessian import FLOOR_EV_ANGSTROM2, model_hessian_ev_angstrom2
from actinic.engines.tight_binding import Theory, gfn_engine
from actinic.units import BOHR_ANGSTROM, HARTREE_EV, INVERSE_CM_PER_EV

Array = NDArray[np.float64]

STEP_BOHR = 0.02
"""Displacement of the atom that moves most; forward and back, so that cubic terms cancel."""

START_DIRECTIONS = 2
MAX_DIRECTIONS = 16
"""Two gradients each; smaller molecules are done exactly."""

RESIDUAL_CM = 40.0
"""Residual, as a wavenumber, at which a mode counts as found: its error is of second order in it."""

STIFFENING_CM = 100.0
"""Added to the modes of the model Hessian, whose softest are zero, before their reciprocals are taken."""


@dataclass(frozen=True, slots=True, eq=False)
class SoftestMode:
    """The mode of lowest curvature.

    Attributes:
        wavenumber_cm: Harmonic; imaginary ones negative. An upper bound, as of every variational method.
        displacements: Cartesian, shape (n, 3), of length 1.
        n_gradients: Gradients it took.
    """

    wavenumber_cm: float
    displacements: Array
    n_gradients: int


def softest_mode(geometry: Geometry, theory: Theory) -> SoftestMode | None:
    """Find the softest mode; None of an atom.

    Raises:
        InputError: A name, an element or the spin is not one the program can compute.
        ConvergenceError: The charges do not become self-consistent at some displacement.
        EngineError: The program fails otherwise.
    """
    masses = atomic_masses_dalton(geometry.symbols)
    internal = internal_motions(masses, geometry.positions_angstrom)
    if not internal.shape[1]:
        return None
    roots = np.sqrt(np.repeat(masses, 3) * ELECTRON_MASSES_PER_DALTON)
    motions = internal / roots[:, None]
    curvature, coefficients, n_products = _lowest(
        _product(geometry, theory, motions), *_model(geometry, motions)
    )
    mode = motions @ coefficients
    mode /= np.linalg.norm(mode)
    return SoftestMode(float(wavenumbers_cm(np.array(curvature))), mode.reshape(-1, 3), 2 * n_products)


def _product(geometry: Geometry, theory: Theory, motions: Array) -> Callable[[Array], Array]:
    """The mass-weighted Hessian times a direction."""
    engine = gfn_engine(geometry.symbols, theory)
    positions = geometry.positions_angstrom

    def product(direction: Array) -> Array:
        move = (motions @ direction).reshape(-1, 3)
        step = STEP_BOHR / np.linalg.norm(move, axis=1).max()
        above, below = (
            engine(positions + sign * step * BOHR_ANGSTROM * move).gradient_hartree_bohr for sign in (1, -1)
        )
        found: Array = motions.T @ (above - below).ravel() / (2 * step)
        return found

    return product


def _model(geometry: Geometry, motions: Array) -> tuple[Array, Array]:
    """Curvatures and directions (columns) of the model Hessian, its floor taken away again."""
    table = Chem.GetPeriodicTable()
    numbers = [table.GetAtomicNumber(symbol) for symbol in geometry.symbols]
    positions = geometry.positions_angstrom
    guess = model_hessian_ev_angstrom2(numbers, positions) - FLOOR_EV_ANGSTROM2 * np.eye(positions.size)
    curvatures, directions = np.linalg.eigh(motions.T @ (guess * BOHR_ANGSTROM**2 / HARTREE_EV) @ motions)
    return np.maximum(curvatures, 0.0) + _curvature(STIFFENING_CM), directions


def _lowest(product: Callable[[Array], Array], model: Array, directions: Array) -> tuple[float, Array, int]:
    """Lowest eigenvalue, its vector, and the number of products.

    Args:
        product: The matrix.
        model: Eigenvalues of a guess of it, above 0.
        directions: Their vectors, as columns.
    """
    n = len(model)
    drawn = np.random.default_rng(0).normal(size=(n, min(START_DIRECTIONS, n)))
    fresh = directions @ (drawn / model[:, None])
    basis, images = np.empty((n, 0)), np.empty((n, 0))
    while True:
        fresh = _orthonormal(fresh, basis)
        basis = np.hstack([basis, fresh])
        images = np.hstack([images, *(product(column)[:, None] for column in fresh.T)])
        small = basis.T @ images
        values, vectors = np.linalg.eigh((small + small.T) / 2)
        vector = basis @ vectors[:, 0]
        residual = images @ vectors[:, 0] - values[0] * vector
        done = np.linalg.norm(residual) < _curvature(RESIDUAL_CM)
        if done or basis.shape[1] >= min(MAX_DIRECTIONS, n):
            return float(values[0]), vector, basis.shape[1]
        gap = np.maximum(model - values[0], _curvature(STIFFENING_CM))
        fresh = (directions @ (directions.T @ residual / gap))[:, None]


def _orthonormal(fresh: Array, basis: Array) -> Array:
    for _ in range(2):
        fresh = fresh - basis @ (basis.T @ fresh)
        fresh, _ = np.linalg.qr(fresh)
    return fresh


def _curvature(wavenumber_cm: float) -> float:
    """Mass-weighted curvature of a wavenumber, in atomic units."""
    return (wavenumber_cm / INVERSE_CM_PER_EV / HARTREE_EV) ** 2
