"""Harmonic vibrations on a GFN surface: gradients at displaced geometries, then normal modes.

Masses are those of the natural mixture of isotopes, as in measured heat capacities and entropies.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from actinic.chemistry.geometry import Geometry
from actinic.engines.tight_binding import Theory, gfn_engine
from actinic.units import BOHR_ANGSTROM, HARTREE_EV, INVERSE_CM_PER_EV

Array = NDArray[np.float64]

STEP_BOHR = 0.005
"""Displacement of the central differences.

Zero-point energies of water, N2, CO2, methane, ethane and phenyl azide agree within 0.0015 kcal/mol from
0.0025 to 0.01; at 0.02 and at 0.001 they are off by up to 0.007."""

ELECTRON_MASSES_PER_DALTON = 1822.888486
"""CODATA 2022 (doi:10.1103/RevModPhys.97.025002)."""

LINEAR_DALTON_ANGSTROM2 = 0.05
"""Smallest moment of inertia that is a rotation; CO2 bent by 8 degrees has it, a bent X-H far more."""


@dataclass(frozen=True, slots=True, eq=False)
class Vibrations:
    """How n atoms vibrate and turn.

    Attributes:
        frequencies_cm: Wavenumbers, ascending, imaginary ones negative; 3n - 6 of them, 3n - 5 of a linear
            molecule, none of an atom.
        modes: Cartesian displacements, shape (frequencies, n, 3), each of length 1.
        rotational_constants_cm: Three descending, one of a linear molecule, none of an atom.
        mass_dalton: Total mass.
    """

    frequencies_cm: Array
    modes: Array
    rotational_constants_cm: tuple[float, ...]
    mass_dalton: float


def hessian_hartree_bohr2(geometry: Geometry, theory: Theory) -> Array:
    """Second derivatives of the energy, shape (3n, 3n), from 6n gradients.

    Raises:
        InputError: A name, an element or the spin is not one the program can compute.
        ConvergenceError: The charges do not become self-consistent at some displacement.
        EngineError: The program fails otherwise.
    """
    engine = gfn_engine(geometry.symbols, theory)
    positions = geometry.positions_angstrom
    engine(positions)  # every displaced point then starts from nearly its own charges
    hessian = np.empty((positions.size, positions.size))
    for i in range(positions.size):
        shift = np.zeros(positions.size)
        shift[i] = STEP_BOHR * BOHR_ANGSTROM
        above, below = (
            engine(positions + sign * shift.reshape(-1, 3)).gradient_hartree_bohr for sign in (1, -1)
        )
        hessian[i] = (above - below).ravel() / (2 * STEP_BOHR)
    return (hessian + hessian.T) / 2


def vibrations(geometry: Geometry, hessian: Array) -> Vibrations:
    """Normal modes; overall motion is projected out, so that forces left over do not mix with soft modes.

    Args:
        geometry: Where the Hessian was computed.
        hessian: In hartree/bohr2, shape (3n, 3n).
    """
    masses = atomic_masses_dalton(geometry.symbols)
    moments, _, _ = _inertia(masses, geometry.positions_angstrom)
    roots = np.sqrt(np.repeat(masses, 3) * ELECTRON_MASSES_PER_DALTON)
    internal = internal_motions(masses, geometry.positions_angstrom)
    curvatures, coefficients = np.linalg.eigh(internal.T @ (hessian / np.outer(roots, roots)) @ internal)
    modes = (internal @ coefficients).T / roots
    modes /= np.linalg.norm(modes, axis=1, keepdims=True)
    return Vibrations(
        frequencies_cm=wavenumbers_cm(curvatures),
        modes=modes.reshape(-1, len(masses), 3),
        rotational_constants_cm=_rotational_constants_cm(moments),
        mass_dalton=float(masses.sum()),
    )


def atomic_masses_dalton(symbols: Sequence[str]) -> Array:
    """Standard atomic weights, shape (n,)."""
    table = Chem.GetPeriodicTable()
    return np.array([table.GetAtomicWeight(symbol) for symbol in symbols])


def _inertia(masses: Array, positions: Array) -> tuple[Array, Array, Array]:
    """Moments of inertia (dalton angstrom2, ascending), their axes (columns), centred coordinates."""
    centred = positions - masses @ positions / masses.sum()
    outer = np.einsum("a,ai,aj->ij", masses, centred, centred)
    moments, axes = np.linalg.eigh(np.trace(outer) * np.eye(3) - outer)
    return moments, axes, centred


def _rotational_constants_cm(moments: Array) -> tuple[float, ...]:
    """B = hbar2 / 2I, in cm-1; the two of a linear molecule are one."""
    turning = moments[moments > LINEAR_DALTON_ANGSTROM2]
    hartree = BOHR_ANGSTROM**2 / (2 * turning * ELECTRON_MASSES_PER_DALTON)
    constants = tuple((hartree * HARTREE_EV * INVERSE_CM_PER_EV).tolist())
    return constants if len(constants) == 3 else constants[:1]


def wavenumbers_cm(curvatures: Array) -> Array:
    """Harmonic wavenumbers of mass-weighted curvatures in atomic units; of negative ones negative."""
    hartree: Array = np.sign(curvatures) * np.sqrt(np.abs(curvatures))
    return hartree * HARTREE_EV * INVERSE_CM_PER_EV


def internal_motions(masses: Array, positions_angstrom: Array) -> Array:
    """Orthonormal mass-weighted motions that neither move nor turn the whole, shape (3n, internal).

    Args:
        masses: In dalton, shape (n,).
        positions_angstrom: Coordinates, shape (n, 3).
    """
    moments, axes, centred = _inertia(masses, positions_angstrom)
    axes = axes[:, moments > LINEAR_DALTON_ANGSTROM2]
    weights = np.sqrt(masses)[:, None]
    overall = [(weights * direction).ravel() for direction in np.eye(3)]
    overall += [(weights * np.cross(axis, centred)).ravel() for axis in axes.T]
    basis, _ = np.linalg.qr(np.array(overall).T, mode="complete")
    return basis[:, len(overall) :]
