"""Integrals and grids of one molecule, planned from a memory budget."""

import numpy as np
from pyscf import gto, scf

from actinic.engines.dft_functional import Functional
from actinic.engines.dft_scf import FockBuilder
from actinic.engines.dft_settings import ScfSettings
from actinic.engines.dft_solvent import Continuum
from actinic.engines.fitting import PackedFit, SquareFit
from actinic.engines.grids import CacheBudget, OrbitalGrid
from actinic.engines.three_centre import COULOMB, auxiliary
from actinic.errors import InputError, ResourceError
from actinic.level import Level

_WORKSPACE_MB = 300
"""Interpreter, PySCF and one block of integrals or orbital values."""


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
    overlap = mol.intor("int1e_ovlp")
    n_occupied = mol.nelec if mol.spin else (mol.nelectron // 2,)
    return FockBuilder(mol, chosen, coulomb, exchange, scale, continuum, hcore, overlap, n_occupied)


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
    integrals_mb = _integrals_mb(builder.mol, builder.coulomb.aux, builder.functional)
    budget = CacheBudget(settings.memory_mb - integrals_mb)
    mol, gradients = builder.mol, builder.functional.needs_gradients
    coarse, target = settings.coarse_grid_level, settings.grid_level
    grids = {coarse: OrbitalGrid.build(mol, coarse, gradients, budget)}
    if target != coarse:
        grids[target] = OrbitalGrid.build(mol, target, gradients, budget, keeps=False)
    return grids
