"""Density-functional ground state of a closed shell, made for levels and excited states of many molecules.

Density-fitted restricted Kohn-Sham over PySCF's integrals, grids and functionals, with tensors in memory and
grid work in single precision. Frontier levels and roots agree with PySCF's own to about 1 meV; total energies
inherit the fit: `def2-universal-jfit` moves CH2O by 2.6e-4 hartree, so bond energies want
`def2-universal-jkfit` and grid level 3.
"""

from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray
from pyscf import dft, gto, scf

from actinic.chemistry.geometry import Geometry
from actinic.engines.dft_functional import Functional, functional
from actinic.engines.dft_ladder import climb
from actinic.engines.dft_molecule import molecule
from actinic.engines.dft_scf import FockBuilder, Iterate, Thresholds, orbitals_of, orthogonaliser
from actinic.engines.dft_solvent import Continuum
from actinic.engines.fitting import PackedFit, SquareFit
from actinic.engines.grids import OrbitalGrid
from actinic.engines.three_centre import COULOMB, auxiliary
from actinic.errors import EngineError, InputError, ResourceError
from actinic.level import Level
from actinic.units import DEBYE_PER_AU, HARTREE_EV

Real = NDArray[np.float64]

_WORKSPACE_MB = 300
"""Interpreter, PySCF and one block of integrals or orbital values."""


class ScfSettings(msgspec.Struct, frozen=True):
    """Every number that moves a ground state.

    Attributes:
        auxbasis: Fitting basis.
        grid_level: PySCF grid (0 to 9) the result belongs to.
        coarse_grid_level: Grid of the iterations in between; at most `grid_level`.
        conv_tol_hartree: Largest energy change at convergence; the orbital gradient must be below its square
            root. Not below 1e-7: single-precision tensors flicker there.
        max_cycles: Fock matrices per rung of the convergence ladder.
        level_shift_hartree: Level shift of the second rung.
        surface_points: Lebedev points per atom of the solvent's surface.
        memory_mb: Budget that fitted integrals and grid values are planned from.
    """

    auxbasis: str = "def2-universal-jfit"
    grid_level: int = 1
    coarse_grid_level: int = 0
    conv_tol_hartree: float = 1e-5
    max_cycles: int = 40
    level_shift_hartree: float = 0.3
    surface_points: int = 110
    memory_mb: int = 4000


ENERGIES = ScfSettings(auxbasis="def2-universal-jkfit", grid_level=3)
"""Total energies within 1e-4 hartree and levels within 5 meV of PySCF's density-fitted defaults; the defaults
above are for levels and roots."""


@dataclass(frozen=True, slots=True, eq=False)
class GroundState:
    """A converged closed shell and what the response step shares with it; lives in memory only.

    Attributes:
        energy_hartree: Total energy with the solvent's free energy, without any dispersion correction.
        homo_ev: Highest occupied level; zero or above means the last electron is unbound at this level of
            theory.
        lumo_ev: Lowest unoccupied level.
        dipole_debye: Dipole moment from the centre of nuclear charge.
        scf_cycles: Fock matrices built, over all rungs.
        rung: What converged it: `diis`, `level shift` or `newton`.
        level: Level of theory.
        mol: PySCF molecule.
        mo_coeff: Orbitals, shape (nao, nmo).
        mo_energy: Orbital energies in hartree, ascending, shape (nmo,).
        mo_occ: Occupations 2 or 0, shape (nmo,).
        functional: The functional as evaluated.
        coulomb: Fit of 1/r.
        exchange: Fit of the exchange operator; None for a pure functional.
        exchange_scale: Factor of what `exchange` yields.
        grids: Orbital values by grid level.
    """

    energy_hartree: float
    homo_ev: float
    lumo_ev: float
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


def ground_state(
    geometry: Geometry, *, charge: int, multiplicity: int, level: Level, settings: ScfSettings
) -> GroundState:
    """Converge the ground state of a closed shell.

    DIIS first, then DIIS with a level shift, then PySCF's second-order solver.

    Args:
        geometry: Nuclei.
        charge: Total charge.
        multiplicity: 1; anything else is refused.
        level: Functional, basis, and `cpcm` with a solvent or none. Functionals named after a dispersion
            correction (`wb97x-d`) are run without it: levels and excitation energies do not depend on it,
            energies do.
        settings: Numerics.

    Raises:
        InputError: Open shell, or an unknown functional, basis, element, fitting basis or solvent.
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
    mol = molecule(geometry, charge=charge, multiplicity=multiplicity, basis=level.basis)
    builder = fock_builder(mol, functional(level.method), level, settings)
    grids = integration_grids(builder, settings)
    tolerance = settings.conv_tol_hartree
    state, rung = climb(
        builder,
        (grids[settings.coarse_grid_level], grids[settings.grid_level]),
        Thresholds(tolerance, float(np.sqrt(tolerance)), settings.max_cycles),
        settings.level_shift_hartree,
        lambda occupied: _second_order(builder, occupied, settings),
    )
    return _finished(builder, level, state, rung, grids)


def fock_builder(mol: gto.Mole, chosen: Functional, level: Level, settings: ScfSettings) -> FockBuilder:
    """Integrals of `mol` at `level`.

    Raises:
        InputError: Unknown fitting basis or solvent.
        ResourceError: They do not fit into the budget.
    """
    aux = auxiliary(mol, settings.auxbasis)
    _check_memory(mol, aux, chosen, settings.memory_mb)
    exchange = None
    scale = 1.0
    if chosen.is_range_separated:
        exchange = SquareFit.build(mol, aux, chosen.exchange)
    elif chosen.exchange:
        exchange = SquareFit.build(mol, aux, COULOMB)
        scale = chosen.exchange[0][0]
    shared = exchange if exchange is not None and not chosen.is_range_separated else None
    coulomb = shared if shared is not None else PackedFit.build(mol, aux, COULOMB)
    continuum = None
    if level.solvent is not None:
        continuum = Continuum.build(mol, coulomb, level.solvent, settings.surface_points)
    hcore = np.asarray(scf.hf.get_hcore(mol))
    return FockBuilder(mol, chosen, coulomb, exchange, scale, continuum, hcore, mol.intor("int1e_ovlp"))


def _integrals_mb(mol: gto.Mole, aux: gto.Mole, chosen: Functional) -> float:
    square = 4e-6 * mol.nao**2 * aux.nao if chosen.exchange else 0.0
    packed = 2e-6 * mol.nao**2 * aux.nao if chosen.is_range_separated or not chosen.exchange else 0.0
    return float(square + packed + 32e-6 * aux.nao**2 + _WORKSPACE_MB)


def _check_memory(mol: gto.Mole, aux: gto.Mole, chosen: Functional, memory_mb: int) -> None:
    needed_mb = _integrals_mb(mol, aux, chosen)
    if needed_mb > memory_mb:
        raise ResourceError(
            f"{mol.natm} atoms, {mol.nao} functions: fitted integrals need {needed_mb:.0f} MB, "
            f"the budget is {memory_mb} MB"
        )


def integration_grids(builder: FockBuilder, settings: ScfSettings) -> dict[int, OrbitalGrid]:
    """Coarse and target grid by their level, cached with what the integrals leave of the budget.

    Raises:
        InputError: A level outside 0 to 9, or a coarse grid finer than the target.
    """
    if not 0 <= settings.coarse_grid_level <= settings.grid_level <= 9:
        raise InputError(
            f"grid levels {settings.coarse_grid_level} and {settings.grid_level}: "
            "expected 0 <= coarse <= target <= 9"
        )
    left_mb = settings.memory_mb - _integrals_mb(builder.mol, builder.coulomb.aux, builder.functional)
    grids: dict[int, OrbitalGrid] = {}
    for level in sorted({settings.coarse_grid_level, settings.grid_level}):
        grids[level] = OrbitalGrid.build(builder.mol, level, builder.functional.needs_gradients, left_mb)
        left_mb -= grids[level].cached_mb
    return grids


def _second_order(builder: FockBuilder, occupied: Real, settings: ScfSettings) -> Real:
    """Occupied orbitals of PySCF's second-order solver at the same level of theory."""
    mean_field = dft.RKS(builder.mol, xc=builder.functional.name).density_fit(auxbasis=settings.auxbasis)
    mean_field.grids.level = settings.grid_level
    mean_field.conv_tol = settings.conv_tol_hartree
    mean_field.max_cycle = settings.max_cycles
    mean_field.max_memory = settings.memory_mb
    mean_field = mean_field.newton()
    mean_field.kernel(dm0=2 * occupied @ occupied.T)
    return np.asarray(mean_field.mo_coeff[:, mean_field.mo_occ > 0])


def _finished(
    builder: FockBuilder, level: Level, state: Iterate, rung: str, grids: dict[int, OrbitalGrid]
) -> GroundState:
    energies, coefficients = orbitals_of(state.fock, orthogonaliser(builder.overlap))
    n_occupied = builder.mol.nelectron // 2
    if energies.size <= n_occupied:
        raise InputError(f"{level.basis} leaves no virtual orbital for {builder.mol.nelectron} electrons")
    occupations = np.zeros(energies.size)
    occupations[:n_occupied] = 2
    homo_ev, lumo_ev = (float(energies[n_occupied - 1 + k]) * HARTREE_EV for k in (0, 1))
    if not (np.isfinite(energies).all() and np.isfinite(state.energy_hartree) and homo_ev < lumo_ev):
        raise EngineError(
            f"{level}: energy {state.energy_hartree} hartree, HOMO {homo_ev} eV, LUMO {lumo_ev} eV"
        )
    return GroundState(
        energy_hartree=state.energy_hartree,
        homo_ev=homo_ev,
        lumo_ev=lumo_ev,
        dipole_debye=_dipole_debye(builder.mol, coefficients[:, :n_occupied]),
        scf_cycles=state.cycles,
        rung=rung,
        level=level,
        mol=builder.mol,
        mo_coeff=coefficients,
        mo_energy=energies,
        mo_occ=occupations,
        functional=builder.functional,
        coulomb=builder.coulomb,
        exchange=builder.exchange,
        exchange_scale=builder.exchange_scale,
        grids=grids,
    )


def _dipole_debye(mol: gto.Mole, occupied: Real) -> float:
    nuclear = mol.atom_charges()
    centre = nuclear @ mol.atom_coords() / nuclear.sum()
    with mol.with_common_origin(centre):
        electronic = np.einsum("xmn,mi,ni->x", mol.intor("int1e_r"), occupied, occupied, optimize=True)
    return float(np.linalg.norm(2 * electronic)) * DEBYE_PER_AU
