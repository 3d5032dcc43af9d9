"""Self-consistent field: one Fock builder and DIIS, for a closed shell or for alpha and beta."""

from dataclasses import dataclass, field

import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from pyscf import gto

from actinic.engines.dft_functional import Functional
from actinic.engines.dft_potential import energy_potential
from actinic.engines.dft_solvent import Continuum
from actinic.engines.dft_spin import Channels, occupation, total_density
from actinic.engines.fitting import PackedFit, SquareFit
from actinic.engines.grids import OrbitalGrid

Real = NDArray[np.float64]

_DIIS_SPACE = 8
_EARLY_HARTREE = 0.1
"""Orbital gradient below which the target grid is asked. What the grids differ by sits near the nuclei, where
the density hardly moves any more: of nine molecules (ions, CF3I among them) frontier levels came within
1.1 meV of the limit (3.0 meV when it was asked at 2e-2), in 77 instead of 81 cycles."""
_LATE_HARTREE = 2e-2
"""The same of meta-GGAs, which are too sensitive to the grid (1 meV with M06-2X) and ask again at the end."""
_NEAR = 40.0
"""Orbital gradient, in units of the threshold, below which the target grid need not be asked again."""
_UNDAMPED = 0.03
"""Orbital gradient in hartree below which a damped iteration goes over to DIIS."""
_ENERGY_NOISE = 5e-9
"""Relative noise of the total energy from single-precision tensors: 2e-6 of 576 hartree flickered."""


@dataclass(slots=True)
class FockBuilder:
    """Fock matrices of one molecule; remembers the last Coulomb matrix to build the next from the change.

    Attributes:
        mol: The molecule.
        functional: Its functional.
        coulomb: Fit of 1/r.
        exchange: Fit of the exchange operator; None for a pure functional.
        exchange_scale: Factor of the exchange matrix (1 where the fit holds the whole operator).
        continuum: Solvent; None in the gas phase.
        hcore: One-electron matrix, shape (nao, nao).
        overlap: Overlap matrix, shape (nao, nao).
        n_occupied: Occupied orbitals of each spin channel.
        last_xc: Exchange-correlation energy and matrices in the last Fock matrices, without exact exchange.
    """

    mol: gto.Mole
    functional: Functional
    coulomb: SquareFit | PackedFit
    exchange: SquareFit | None
    exchange_scale: float
    continuum: Continuum | None
    hcore: Real
    overlap: Real
    n_occupied: tuple[int, ...]
    last_xc: tuple[float, Real] = field(default_factory=lambda: (0.0, np.zeros(1)), init=False)
    _density: Real = field(default_factory=lambda: np.zeros(1), init=False)
    _charges: Real = field(default_factory=lambda: np.zeros(1), init=False)
    _coulomb_matrix: Real = field(default_factory=lambda: np.zeros(1), init=False)

    def xc(self, channels: Channels, grid: OrbitalGrid) -> tuple[float, Real]:
        """Exchange-correlation energy in hartree and its matrices on `grid`, without exact exchange."""
        # A guess need not hold as many electrons as the molecule: that of an ion is made of neutral atoms.
        n_electrons = occupation(channels) * sum(
            float(np.sum(orbitals * (self.overlap @ orbitals))) for orbitals in channels
        )
        return energy_potential(grid, self.functional, channels, n_electrons)

    def fock(self, channels: Channels, grid: OrbitalGrid) -> tuple[float, Real]:
        """Total energy in hartree and Fock matrices, shape (channels, nao, nao).

        Args:
            channels: Orbitals, scaled by the square root of the share of their occupation that is filled.
            grid: Integration grid.
        """
        density = total_density(channels)
        energy_xc, matrices = self.last_xc = self.xc(channels, grid)
        if self.exchange is not None:
            exchange = self.exchange_scale * np.array([self.exchange.exchange(c) for c in channels])
            matrices = matrices - exchange
            for orbitals, matrix in zip(channels, exchange, strict=True):
                energy_xc -= 0.5 * occupation(channels) * float(np.sum(orbitals * (matrix @ orbitals)))
        coulomb, energy_solvent = self._coulomb(density)
        one_electron = float(np.sum(density * self.hcore))
        repulsion = 0.5 * float(np.sum(density * self._coulomb_matrix))
        energy = one_electron + repulsion + energy_xc + energy_solvent + float(self.mol.energy_nuc())
        return energy, self.hcore + coulomb + matrices

    def settle(self, channels: Channels) -> None:
        """Rebuild the remembered Coulomb matrix in double precision.

        Rounding of the first, large changes stays in it otherwise: 3e-5 hartree in the energy of phenyl
        azide.
        """
        self._density = total_density(channels)
        self._charges, self._coulomb_matrix = self.coulomb.coulomb(self._density)

    def _coulomb(self, density: Real) -> tuple[Real, float]:
        """Coulomb plus solvent matrix, and the solvent's energy."""
        new_charges = self.coulomb.charges(density - self._density)
        self._density = density
        self._charges = self._charges + new_charges
        self._coulomb_matrix = self._coulomb_matrix + self.coulomb.potential(new_charges)
        if self.continuum is None:
            return self._coulomb_matrix, 0.0
        energy, reaction = self.continuum.reaction(self._charges)
        return self._coulomb_matrix + self.coulomb.potential(reaction), energy


@dataclass(frozen=True, slots=True)
class Iterate:
    """Where an iteration stands.

    Attributes:
        energy_hartree: Total energy.
        change_hartree: Its last change.
        fock: Fock matrices of `occupied` without level shift, shape (channels, nao, nao); extrapolated once
            converged.
        occupied: Occupied orbitals.
        cycles: Fock matrices built so far.
        converged: Whether energy change and gradient met their thresholds.
    """

    energy_hartree: float
    change_hartree: float
    fock: Real
    occupied: Channels
    cycles: int
    converged: bool

    def densities(self) -> Real:
        """Density matrices of the channels, shape (channels, nao, nao)."""
        return occupation(self.occupied) * np.array([orbitals @ orbitals.T for orbitals in self.occupied])


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When to stop: energy change and orbital gradient in hartree, and the largest number of cycles."""

    energy_hartree: float
    gradient_hartree: float
    max_cycles: int


def orthogonaliser(overlap: Real) -> Real:
    """X with X^T S X = 1, without combinations of overlap eigenvalue below 1e-7; shape (nao, nmo)."""
    values, vectors = scipy.linalg.eigh(overlap)
    keep = values > 1e-7
    return np.asarray(vectors[:, keep] / np.sqrt(values[keep]))


def orbitals_of(fock: Real, orthogonal: Real) -> tuple[Real, Real]:
    """Orbital energies in hartree, ascending, and coefficients of a Fock matrix."""
    energies, vectors = scipy.linalg.eigh(orthogonal.T @ fock @ orthogonal)
    return energies, orthogonal @ vectors


def converge(
    builder: FockBuilder,
    start: Channels,
    grids: tuple[OrbitalGrid, OrbitalGrid],
    level_shift_hartree: float,
    stop: Thresholds,
    damping: float = 0.0,
) -> Iterate:
    """Converge on the coarse grid, corrected by the target grid.

    The difference of the two grids' exchange-correlation matrices is frozen while the coarse grid iterates
    on; the target grid is needed once to three times instead of in every cycle: it is asked again unless the
    density was near when it was asked last (`_NEAR`). The Fock matrix returned is the extrapolation that
    would have begun the next cycle: levels of benzophenone come within 0.5 meV of the limit, 13 meV with the
    matrix built last.

    Args:
        builder: Fock matrices.
        start: Start orbitals, scaled by the square root of the share of their occupation that is filled.
        grids: Coarse and target grid; the same object twice to do without the correction.
        level_shift_hartree: Added to the virtual orbitals while iterating.
        stop: Thresholds on the target grid.
        damping: Share of the Fock matrix before that is kept in each cycle, until the gradient is small.
    """
    coarse, target = grids
    orthogonal = orthogonaliser(builder.overlap)
    relaxer = _Relaxer(builder, orthogonal, level_shift_hartree, damping)
    energy, fock = builder.fock(start, coarse)
    state = Iterate(energy, np.inf, fock, start, 1, False)
    is_sensitive = builder.functional.kind == "MGGA"
    ask_at = _LATE_HARTREE if is_sensitive else _EARLY_HARTREE
    loose = Thresholds(np.inf, max(3 * stop.gradient_hartree, ask_at), stop.max_cycles)
    state = relaxer.relax(state, coarse, (0.0, np.zeros_like(fock)), loose)
    builder.settle(state.occupied)
    tight, near = False, False
    while True:
        if not near:
            shift, asked_at = relaxer.grid_shift(state, coarse, target), state
        gradient = relaxer.gradient(state.fock + shift[1], state.occupied)
        done = bool(tight and state.converged and gradient < stop.gradient_hartree)
        if done or state.cycles >= stop.max_cycles:
            # To first order in how far the density has moved since.
            moved = sum(map(np.vdot, shift[1], state.densities() - asked_at.densities()))
            energy = state.energy_hartree + shift[0] + float(moved)
            fock = relaxer.extrapolated(state, shift[1]) if done else state.fock + shift[1]
            return Iterate(energy, state.change_hartree, fock, state.occupied, state.cycles, done)
        near = not is_sensitive and gradient < _NEAR * stop.gradient_hartree
        state, tight = relaxer.relax(state, coarse, shift, stop), True


@dataclass(frozen=True, slots=True)
class _Relaxer:
    """DIIS (doi:10.1002/jcc.540030413) that outlives a change of the grid.

    Past Fock matrices are kept as the coarse grid made them; the shift to the target grid is added to all of
    them alike, and their errors follow. Starting DIIS afresh at the change cost two more cycles.
    """

    builder: FockBuilder
    orthogonal: Real
    level_shift_hartree: float
    damping: float
    history: list[tuple[Real, Channels]] = field(default_factory=list)

    def relax(
        self, state: Iterate, grid: OrbitalGrid, shift: tuple[float, Real], stop: Thresholds
    ) -> Iterate:
        """Iterate until `stop`; `shift` (hartree, matrices) joins all Fock matrices but those returned."""
        mixed = state.fock + shift[1]
        while state.cycles < stop.max_cycles:
            if self.damping and self.gradient(state.fock + shift[1], state.occupied) > _UNDAMPED:
                mixed = self.damping * mixed + (1 - self.damping) * (state.fock + shift[1])
                occupied = self.occupied(mixed, state.occupied)
            else:
                occupied = self.occupied(self.extrapolated(state, shift[1]), state.occupied)
            energy, fock = self.builder.fock(occupied, grid)
            change = energy - state.energy_hartree
            small = self.gradient(fock + shift[1], occupied) < stop.gradient_hartree
            converged = bool(small and abs(change) < max(stop.energy_hartree, _ENERGY_NOISE * abs(energy)))
            state = Iterate(energy, change, fock, occupied, state.cycles + 1, converged)
            if converged:
                break
        return state

    def extrapolated(self, state: Iterate, shift: Real) -> Real:
        """Combination of the last Fock matrices, shifted, whose commutator errors cancel best."""
        if not self.history or self.history[-1][0] is not state.fock:
            self.history.append((state.fock, state.occupied))
        del self.history[:-_DIIS_SPACE]
        errors = [self.commutator(fock + shift, occupied).ravel() for fock, occupied in self.history]
        n = len(errors)
        equations = np.zeros((n + 1, n + 1))
        equations[:n, :n] = np.array(errors) @ np.array(errors).T
        equations[:n, :n] /= max(np.trace(equations), 1e-30)
        equations[n, :n] = equations[:n, n] = 1
        weights = np.linalg.lstsq(equations, np.eye(n + 1)[n], rcond=1e-14)[0][:n]
        return np.asarray(sum(w * fock for w, (fock, _) in zip(weights, self.history, strict=True)) + shift)

    def occupied(self, focks: Real, previous: Channels) -> Channels:
        """Lowest orbitals of each Fock matrix, with those outside `previous` shifted up."""
        if self.level_shift_hartree:
            overlap = self.builder.overlap
            metrics = [overlap @ orbitals for orbitals in previous]
            focks = focks + self.level_shift_hartree * np.array([overlap - m @ m.T for m in metrics])
        return tuple(
            orbitals_of(fock, self.orthogonal)[1][:, :n]
            for fock, n in zip(focks, self.builder.n_occupied, strict=True)
        )

    def commutator(self, focks: Real, channels: Channels) -> Real:
        """F D S - S D F of each channel in the orthonormal basis; zero at self-consistency."""
        overlap, orthogonal = self.builder.overlap, self.orthogonal
        products = [  # the narrow factors first: a third of the work
            (orthogonal.T @ (fock @ orbitals)) @ ((overlap @ orbitals).T @ orthogonal)
            for fock, orbitals in zip(focks, channels, strict=True)
        ]
        return occupation(channels) * np.array([product - product.T for product in products])

    def gradient(self, focks: Real, channels: Channels) -> float:
        """Norm of the orbital gradient in hartree."""
        return float(np.linalg.norm(self.commutator(focks, channels)) / np.sqrt(2))

    def grid_shift(self, state: Iterate, coarse: OrbitalGrid, target: OrbitalGrid) -> tuple[float, Real]:
        """What the target grid adds to energy (hartree) and Fock matrices at the density built last."""
        if coarse is target:
            return 0.0, np.zeros_like(state.fock)
        energy_coarse, matrix_coarse = self.builder.last_xc
        energy_target, matrix_target = self.builder.xc(state.occupied, target)
        return energy_target - energy_coarse, matrix_target - matrix_coarse
