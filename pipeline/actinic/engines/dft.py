"""Density-functional ground state, made for levels, excited states and energies of many molecules.

Density-fitted Kohn-Sham over PySCF's integrals, grids and functionals, restricted for closed shells and
unrestricted for open ones, with tensors in memory and grid work in single precision. Frontier levels and
roots agree with PySCF's own to about 1 meV; total energies inherit the fit: `def2-universal-jfit` moves CH2O
by 2.6e-4 hartree, so bond energies want `def2-universal-jkfit` and grid level 3.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyscf import dft, gto

from actinic.chemistry.geometry import Geometry
from actinic.engines.dft_broken import broken_singlet
from actinic.engines.dft_functional import Functional, functional
from actinic.engines.dft_integrals import fock_builder, integration_grids
from actinic.engines.dft_ladder import Ladder
from actinic.engines.dft_molecule import molecule
from actinic.engines.dft_scf import FockBuilder, Iterate, Thresholds, orbitals_of, orthogonaliser
from actinic.engines.dft_settings import ENERGIES, ScfSettings
from actinic.engines.dft_spin import Channels, occupation, spin_square, total_density
from actinic.engines.dft_starts import best_start, hueckel_orbitals
from actinic.engines.fitting import PackedFit, SquareFit
from actinic.engines.grids import OrbitalGrid
from actinic.errors import EngineError, InputError
from actinic.level import Level
from actinic.units import DEBYE_PER_AU, HARTREE_EV

__all__ = ["ENERGIES", "GroundState", "ScfSettings", "ground_state"]

Real = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class GroundState:
    """A converged ground state and what the response step shares with it; lives in memory only.

    An open shell has two sets of orbitals, alpha first, in front of which stands an axis of length 2.

    Attributes:
        energy_hartree: Total energy with the solvent's free energy, without any dispersion correction.
        homo_ev: Highest occupied level, of alpha and beta together; zero or above means the last electron is
            unbound at this level of theory.
        lumo_ev: Lowest unoccupied level, of alpha and beta together: in a radical mostly the beta partner of
            the singly occupied orbital. May lie below `homo_ev` where alpha and beta differ much.
        spin_square: <S^2>; 0 for a closed shell, 0.75 for a pure doublet, 2 for a pure triplet.
        dipole_debye: Dipole moment from the centre of nuclear charge.
        scf_cycles: Fock matrices built, over all rungs.
        rung: What converged it, a rung of `dft_ladder`; `diis` when nothing special was needed.
        level: Level of theory.
        mol: PySCF molecule.
        mo_coeff: Orbitals, shape (nao, nmo) or (2, nao, nmo).
        mo_energy: Orbital energies in hartree, ascending, shape (nmo,) or (2, nmo).
        mo_occ: Occupations, 2 or 0 of shape (nmo,), or 1 or 0 of shape (2, nmo).
        functional: The functional as evaluated.
        coulomb: Fit of 1/r.
        exchange: Fit of the exchange operator; None for a pure functional.
        exchange_scale: Factor of what `exchange` yields.
        grids: Orbital values by grid level.
    """

    energy_hartree: float
    homo_ev: float
    lumo_ev: float
    spin_square: float
    dipole_debye: float
    scf_cycles: int
    rung: str
    level: Level
    mol: gto.Mole
    mo_coeff: Real
    mo_energy: Real
    mo_occ: Real
    functional: Functional
    coulomb: SquareFit | PackedFit
    exchange: SquareFit | None
    exchange_scale: float
    grids: dict[int, OrbitalGrid]

    @property
    def multiplicity(self) -> int:
        """2S + 1 as asked for; 1 also for a singlet of broken symmetry."""
        return int(self.mol.spin) + 1

    @property
    def is_closed_shell(self) -> bool:
        """Whether every orbital holds two electrons or none."""
        return self.mo_occ.ndim == 1


def ground_state(
    geometry: Geometry,
    *,
    charge: int,
    multiplicity: int,
    level: Level,
    settings: ScfSettings,
    broken_symmetry: bool = False,
) -> GroundState:
    """Converge the lowest state of a multiplicity: a closed shell if 1, else unrestricted.

    DIIS first, then the rungs of `dft_ladder`, PySCF's second-order solver among them. Open shells start from
    atoms or from the closed shell next to them, whichever ends lower.

    Args:
        geometry: Nuclei.
        charge: Total charge.
        multiplicity: 2S + 1; any that fits the number of electrons.
        level: Functional, basis, and `cpcm` with a solvent or none. Functionals named after a dispersion
            correction (`wb97x-d`) are run without it: levels and excitation energies do not depend on it,
            energies do.
        settings: Numerics.
        broken_symmetry: Of a singlet, look for an unrestricted solution below the closed shell, as breaking
            bonds, carbenes and nitrenes have; without one the closed shell is returned. <S^2> tells which.

    Raises:
        InputError: A charge or multiplicity that does not fit, or an unknown functional, basis, element,
            fitting basis or solvent.
        ResourceError: The integrals do not fit into `settings.memory_mb`.
        ConvergenceError: No rung converged.
        EngineError: Energies that no correct calculation gives.
    """
    if level.is_tight_binding or level.basis is None:
        raise InputError(f"level {level}: expected functional/basis, for example b3lyp/def2-svp")
    if settings.conv_tol_hartree < 1e-7:
        raise InputError(
            f"conv_tol_hartree {settings.conv_tol_hartree}: expected at least 1e-7 (single precision)"
        )
    if level.solvent_model not in (None, "cpcm"):
        raise InputError(
            f"level {level}: solvent model {level.solvent_model!r} is not available for DFT, use cpcm"
        )
    if broken_symmetry and multiplicity != 1:
        raise InputError(f"multiplicity {multiplicity}: only a singlet (1) can have broken symmetry")
    mol = molecule(geometry, charge=charge, multiplicity=multiplicity, basis=level.basis)
    builder = fock_builder(mol, functional(level.method), level, settings)
    grids = integration_grids(builder, settings)
    tolerance = settings.conv_tol_hartree
    ladder = Ladder(
        (grids[settings.coarse_grid_level], grids[settings.grid_level]),
        Thresholds(tolerance, float(np.sqrt(tolerance)), settings.max_cycles),
        settings.level_shift_hartree,
        lambda builder, occupied: _second_order(builder, occupied, settings),
        hueckel_orbitals,
    )
    state, rung = ladder.climb(builder, best_start(builder, grids[settings.coarse_grid_level]))
    if broken_symmetry:
        builder, state, rung = broken_singlet(builder, state, rung, ladder)
    return _finished(builder, level, state, rung, grids)


def _second_order(builder: FockBuilder, occupied: Channels, settings: ScfSettings) -> Channels:
    """Occupied orbitals of PySCF's second-order solver at the same level of theory."""
    closed = len(occupied) == 1
    mean_field = (dft.RKS if closed else dft.UKS)(builder.mol, xc=builder.functional.name)
    mean_field = mean_field.density_fit(auxbasis=settings.auxbasis)
    mean_field.grids.level = settings.grid_level
    mean_field.conv_tol = settings.conv_tol_hartree
    mean_field.max_cycle = settings.max_cycles
    mean_field.max_memory = settings.memory_mb
    mean_field = mean_field.newton()
    densities = np.array([occupation(occupied) * orbitals @ orbitals.T for orbitals in occupied])
    mean_field.kernel(dm0=densities[0] if closed else densities)
    if closed:
        return (np.asarray(mean_field.mo_coeff[:, mean_field.mo_occ > 0]),)
    return tuple(
        np.asarray(orbitals[:, filled > 0])
        for orbitals, filled in zip(mean_field.mo_coeff, mean_field.mo_occ, strict=True)
    )


def _finished(
    builder: FockBuilder, level: Level, state: Iterate, rung: str, grids: dict[int, OrbitalGrid]
) -> GroundState:
    orthogonal = orthogonaliser(builder.overlap)
    solved = [orbitals_of(fock, orthogonal) for fock in state.fock]
    energies, coefficients = (np.array([pair[k] for pair in solved]) for k in (0, 1))
    n_orbitals, n_occupied = energies.shape[1], np.array(builder.n_occupied)
    filled = np.arange(n_orbitals) < n_occupied[:, None]
    if filled.all() or n_occupied.max() > n_orbitals:
        raise InputError(f"{level.basis} leaves no virtual orbital for {builder.mol.nelectron} electrons")
    channels = tuple(c[:, :n] for c, n in zip(coefficients, n_occupied, strict=True))
    homo_ev, lumo_ev = energies[filled].max() * HARTREE_EV, energies[~filled].min() * HARTREE_EV
    # Alpha and beta need not be in order: the hole of a triplet may lie below its upper electron.
    ordered = homo_ev < lumo_ev or len(channels) == 2
    if not (np.isfinite(energies).all() and np.isfinite(state.energy_hartree) and ordered):
        raise EngineError(
            f"{level}: energy {state.energy_hartree} hartree, HOMO {homo_ev} eV, LUMO {lumo_ev} eV"
        )
    closed = len(channels) == 1
    occupations = np.where(filled, float(occupation(channels)), 0.0)
    return GroundState(
        energy_hartree=state.energy_hartree,
        homo_ev=float(homo_ev),
        lumo_ev=float(lumo_ev),
        spin_square=spin_square(channels, builder.overlap),
        dipole_debye=_dipole_debye(builder.mol, total_density(channels)),
        scf_cycles=state.cycles,
        rung=rung,
        level=level,
        mol=builder.mol,
        mo_coeff=coefficients[0] if closed else coefficients,
        mo_energy=energies[0] if closed else energies,
        mo_occ=occupations[0] if closed else occupations,
        functional=builder.functional,
        coulomb=builder.coulomb,
        exchange=builder.exchange,
        exchange_scale=builder.exchange_scale,
        grids=grids,
    )


def _dipole_debye(mol: gto.Mole, density: Real) -> float:
    nuclear = mol.atom_charges()
    centre = nuclear @ mol.atom_coords() / nuclear.sum()
    with mol.with_common_origin(centre):
        electronic = np.einsum("xmn,mn->x", mol.intor("int1e_r"), density)
    return float(np.linalg.norm(electronic)) * DEBYE_PER_AU
