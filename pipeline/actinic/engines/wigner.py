"""Geometries as the nuclei of a vibrating molecule have them: Wigner draws from harmonic modes.

Of a harmonic oscillator at temperature T the Wigner function is a Gaussian; along the mode with wavenumber w
and reduced mass m the variance of the displacement is (hbar / 2 m w) coth(hbar w / 2 k T), zero-point motion
included (doi:10.1103/PhysRev.40.749).
"""

from dataclasses import dataclass

import numpy as np
import scipy.special
from numpy.typing import NDArray

from actinic.chemistry.geometry import Geometry
from actinic.engines.hessian import ELECTRON_MASSES_PER_DALTON, Vibrations, atomic_masses_dalton
from actinic.errors import InputError
from actinic.units import (
    BOHR_ANGSTROM,
    BOLTZMANN_KCAL_MOL_K,
    HARTREE_EV,
    HARTREE_KCAL_MOL,
    INVERSE_CM_PER_EV,
)

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Draw:
    """What is drawn.

    Attributes:
        n_geometries: How many.
        temperature_k: Above 0.
        lowest_cm: Softer modes, and imaginary ones, stay where they are in the minimum: moved along a
            straight line, a torsion stretches the bonds it should turn about.
    """

    n_geometries: int
    temperature_k: float
    lowest_cm: float


@dataclass(frozen=True, slots=True, eq=False)
class Displaced:
    """Geometries around a minimum.

    Attributes:
        geometries: In the order drawn.
        harmonic_kcal_mol: Potential energy of each above the minimum if the field were harmonic.
        n_modes_left_out: Modes below `Draw.lowest_cm`.
    """

    geometries: tuple[Geometry, ...]
    harmonic_kcal_mol: tuple[float, ...]
    n_modes_left_out: int


def wigner_geometries(minimum: Geometry, found: Vibrations, draw: Draw, seed: int) -> Displaced:
    """Draw geometries from the Wigner distribution of the harmonic vibrations `found` at `minimum`.

    The draws are stratified (Latin hypercube, doi:10.2307/1268522): along each mode every one of n equally
    likely slices is hit once. Intensity lent by vibrations is in lowest order a sum over modes, which then
    has no sampling error from how many of the draws fell on either side of a mode.

    Raises:
        InputError: No geometries, no temperature or a negative limit asked for.
    """
    if draw.n_geometries < 1 or draw.temperature_k <= 0 or draw.lowest_cm <= 0:
        raise InputError(f"{draw}: expected at least 1 geometry and values above 0")
    kept = found.frequencies_cm >= draw.lowest_cm
    modes = found.modes[kept]
    frequencies = found.frequencies_cm[kept] / INVERSE_CM_PER_EV / HARTREE_EV
    masses = atomic_masses_dalton(minimum.symbols) * ELECTRON_MASSES_PER_DALTON
    reduced = np.einsum("kax,a->k", modes**2, masses)
    widths = widths_bohr(frequencies, reduced, draw.temperature_k)
    lengths = widths * _stratified_normal(draw.n_geometries, widths.size, seed)
    positions = minimum.positions_angstrom + np.einsum("dk,kax->dax", lengths, modes) * BOHR_ANGSTROM
    harmonic = 0.5 * lengths**2 @ (reduced * frequencies**2) * HARTREE_KCAL_MOL
    return Displaced(
        geometries=tuple(Geometry.from_angstrom(minimum.symbols, place) for place in positions),
        harmonic_kcal_mol=tuple(harmonic.tolist()),
        n_modes_left_out=int(np.count_nonzero(~kept)),
    )


def widths_bohr(frequencies_hartree: Array, masses_au: Array, temperature_k: float) -> Array:
    """Standard deviation of each oscillator's displacement; masses in electron masses, shapes (k,)."""
    thermal_hartree = BOLTZMANN_KCAL_MOL_K * temperature_k / HARTREE_KCAL_MOL
    variances = 0.5 / (masses_au * frequencies_hartree * np.tanh(0.5 * frequencies_hartree / thermal_hartree))
    widths: Array = np.sqrt(variances)
    return widths


def _stratified_normal(n_draws: int, n_modes: int, seed: int) -> Array:
    """Standard normal numbers, shape (draws, modes); each column has one in each of n equal slices."""
    generator = np.random.default_rng(seed)
    slices = generator.permuted(np.tile(np.arange(n_draws), (n_modes, 1)), axis=1).T
    uniform = (slices + generator.random((n_draws, n_modes))) / n_draws
    numbers: Array = scipy.special.ndtri(uniform)
    return numbers
