"""Energy and analytic nuclear gradient of density-fitted Kohn-Sham, and a surface for ASE's optimisers.

The self-consistent field is the project's own, started from the orbitals of the geometry before; the
derivative is PySCF's, of the same density-fitted energy with the response of the fitting basis. It leaves out
the response of the integration grid, which at grid level 3 is below 2e-4 hartree/bohr (formaldehyde,
hydroxymethyl) and 3e-4 with iodine, at level 2 up to 1e-3; a force of 0.01 eV/angstrom is 2e-4.
"""

from dataclasses import dataclass, replace

import msgspec
import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from pyscf import dft, gto

from actinic.chemistry.geometry import Geometry
from actinic.engines.composite import composite, corrections_gradient_hartree_bohr, corrections_hartree
from actinic.engines.dft import GroundState, ground_state
from actinic.engines.dft_functional import functional
from actinic.engines.dft_integrals import fock_builder, integration_grids
from actinic.engines.dft_molecule import molecule
from actinic.engines.dft_scf import Thresholds, converge, orbitals_of, orthogonaliser
from actinic.engines.dft_settings import ENERGIES, ScfSettings
from actinic.engines.dft_spin import Channels, occupation, spin_square
from actinic.errors import EngineError, InputError
from actinic.level import Level

Real = NDArray[np.float64]

GRADIENTS = msgspec.structs.replace(ENERGIES, conv_tol_hartree=1e-7)
"""Settings of a surface: orbitals converged further than energies need, because the gradient is first order
in what is left of them."""

_BROKEN = 0.01
"""<S^2> of a singlet beyond which its orbitals are worth following to the next geometry."""


@dataclass(frozen=True, slots=True)
class DftTheory:
    """What has to be said about a geometry before it has a DFT energy.

    Attributes:
        charge: Total charge in e.
        multiplicity: 2S + 1.
        level: As in `wb97x-d3/def2-svp` or `r2scan-3c`, its dispersion included; gas phase.
        broken_symmetry: Of a singlet, follow the unrestricted solution wherever there is one.
        settings: Numerics of the self-consistent field.
    """

    charge: int
    multiplicity: int
    level: Level
    broken_symmetry: bool
    settings: ScfSettings


@dataclass(frozen=True, slots=True, eq=False)
class DftPoint:
    """What one geometry yields.

    Attributes:
        energy_hartree: Total energy with the corrections the level is named for.
        gradient_hartree_bohr: dE/dx, shape (n, 3).
        spin_square: <S^2>.
        occupied: Occupied orbitals of each channel, for the next geometry.
    """

    energy_hartree: float
    gradient_hartree_bohr: Real
    spin_square: float
    occupied: Channels


@dataclass(frozen=True, slots=True, eq=False)
class _Solved:
    """Orbitals with energies (hartree) and occupations of each channel, and the energy of the electrons."""

    mol: gto.Mole
    energy_hartree: float
    energies: Real
    coefficients: Real
    occupations: Real

    @property
    def occupied(self) -> Channels:
        channels = zip(self.coefficients, self.occupations, strict=True)
        return tuple(orbitals[:, filled > 0] for orbitals, filled in channels)


def energy_gradient(geometry: Geometry, theory: DftTheory, start: Channels | None = None) -> DftPoint:
    """Energy and gradient of one geometry.

    Args:
        geometry: Nuclei.
        theory: Charge, spin and level.
        start: Occupied orbitals of a geometry nearby, in the same basis; None to start from atoms. A broken
            singlet whose start is not broken is looked for anew.

    Raises:
        InputError: A level with a solvent or without a basis; or as `ground_state`.
        ConvergenceError: The self-consistent field did not converge.
        ResourceError: The integrals do not fit into the budget.
        EngineError: A gradient that is not finite.
    """
    parts = composite(theory.level)
    if parts.electronic.solvent is not None:
        raise InputError(f"level {theory.level}: gradients are available in the gas phase only")
    solved = _followed(geometry, theory, parts.electronic, start) or _from_atoms(
        geometry, theory, parts.electronic
    )
    name = functional(parts.electronic.method).name
    gradient = _electronic_gradient(solved, name, theory.settings)
    gradient += corrections_gradient_hartree_bohr(theory.level, geometry, charge=theory.charge)
    if not np.isfinite(gradient).all():
        raise EngineError(f"{theory.level}: gradient {gradient}")
    return DftPoint(
        energy_hartree=solved.energy_hartree
        + corrections_hartree(theory.level, geometry, charge=theory.charge),
        gradient_hartree_bohr=gradient,
        spin_square=spin_square(solved.occupied, solved.mol.intor("int1e_ovlp")),
        occupied=solved.occupied,
    )


class DftEngine:
    """A level of theory bound to the atoms of one molecule; successive points start from each other.

    Attributes:
        last: The point computed last; None before the first.
    """

    def __init__(self, symbols: tuple[str, ...], theory: DftTheory) -> None:
        self._symbols = symbols
        self._theory = theory
        self.last: DftPoint | None = None

    def __call__(self, positions_angstrom: Real) -> DftPoint:
        """Energy and gradient at `positions_angstrom`, shape (n, 3), rounded to the grid of geometries.

        Raises:
            InputError: As `energy_gradient`, like the other errors.
        """
        geometry = Geometry.from_angstrom(self._symbols, positions_angstrom)
        self.last = energy_gradient(geometry, self._theory, self.last.occupied if self.last else None)
        return self.last


def _followed(geometry: Geometry, theory: DftTheory, level: Level, start: Channels | None) -> _Solved | None:
    """The solution next to `start`; None where there is no such start or DIIS does not settle from it."""
    if start is None or level.basis is None:
        return None
    mol = molecule(geometry, charge=theory.charge, multiplicity=theory.multiplicity, basis=level.basis)
    overlap = mol.intor("int1e_ovlp")
    if theory.broken_symmetry and spin_square(start, overlap) <= _BROKEN:
        return None
    builder = fock_builder(mol, functional(level.method), level, theory.settings)
    if len(start) == 2:
        builder = replace(builder, n_occupied=mol.nelec)
    grids = integration_grids(builder, theory.settings)
    tolerance = theory.settings.conv_tol_hartree
    stop = Thresholds(tolerance, float(np.sqrt(tolerance)), theory.settings.max_cycles)
    here = tuple(_orthonormal(orbitals, overlap) for orbitals in start)
    pair = grids[theory.settings.coarse_grid_level], grids[theory.settings.grid_level]
    state = converge(builder, here, pair, 0.0, stop)
    if not state.converged:
        return None
    orthogonal = orthogonaliser(overlap)
    solved = [orbitals_of(fock, orthogonal) for fock in state.fock]
    energies, coefficients = (np.array([one[k] for one in solved]) for k in (0, 1))
    filled = np.arange(energies.shape[1]) < np.array(builder.n_occupied)[:, None]
    occupations = np.where(filled, float(occupation(here)), 0.0)
    return _Solved(mol, state.energy_hartree, energies, coefficients, occupations)


def _from_atoms(geometry: Geometry, theory: DftTheory, level: Level) -> _Solved:
    found: GroundState = ground_state(
        geometry,
        charge=theory.charge,
        multiplicity=theory.multiplicity,
        level=level,
        settings=theory.settings,
        broken_symmetry=theory.broken_symmetry,
    )
    channels = (found.mo_energy, found.mo_coeff, found.mo_occ)
    if found.is_closed_shell:
        channels = tuple(array[None] for array in channels)  # type: ignore[assignment]
    return _Solved(found.mol, found.energy_hartree, *channels)


def _orthonormal(orbitals: Real, overlap: Real) -> Real:
    """The orthonormal orbitals nearest to `orbitals` in another overlap (Loewdin)."""
    metric = scipy.linalg.fractional_matrix_power(orbitals.T @ overlap @ orbitals, -0.5)
    return np.asarray(orbitals @ metric.real)


def _electronic_gradient(solved: _Solved, name: str, settings: ScfSettings) -> Real:
    """dE/dx of electrons and nuclei without corrections, shape (n, 3), in hartree/bohr."""
    closed = len(solved.occupations) == 1
    mean_field = (dft.RKS if closed else dft.UKS)(solved.mol, xc=name)
    mean_field = mean_field.density_fit(auxbasis=settings.auxbasis)
    mean_field.grids.level = settings.grid_level
    mean_field.max_memory = settings.memory_mb
    parts = (solved.energies, solved.coefficients, solved.occupations)
    mean_field.mo_energy, mean_field.mo_coeff, mean_field.mo_occ = (p[0] if closed else p for p in parts)
    mean_field.e_tot, mean_field.converged = solved.energy_hartree, True
    return np.asarray(mean_field.nuc_grad_method().kernel())
