"""Orbital values on the grid: those of PySCF, kept within a budget."""

from dataclasses import replace

import numpy as np

from actinic.engines.dft_molecule import molecule
from actinic.engines.grids import CacheBudget, OrbitalGrid
from support.molecules import FORMALDEHYDE, WATER


def test_grid_values_beyond_the_budget_are_recomputed_to_the_same_bits() -> None:
    mol = molecule(FORMALDEHYDE, charge=0, multiplicity=1, basis="def2-svp")
    whole, part = (OrbitalGrid.build(mol, 0, True, CacheBudget(left_mb)) for left_mb in (1000.0, 1.0))
    for _ in range(2):
        for one, other in zip(whole.patches(), part.patches(), strict=True):
            assert np.array_equal(one.functions, other.functions)
            assert np.array_equal(one.values, other.values)
    assert 0 < len(part.kept) < len(whole.kept)
    assert 0 <= part.budget.left_mb < 1


def test_a_grid_that_may_be_used_once_is_kept_from_its_second_use_on() -> None:
    mol = molecule(FORMALDEHYDE, charge=0, multiplicity=1, basis="def2-svp")
    grid = OrbitalGrid.build(mol, 0, True, CacheBudget(1000.0), keeps=False)
    first = list(grid.patches())
    assert grid.kept == []
    for _ in range(2):
        for one, other in zip(first, grid.patches(), strict=True):
            assert np.array_equal(one.values, other.values)
    assert len(grid.kept) == len(first)


def test_orbital_values_hold_no_denormal_numbers() -> None:
    mol = molecule(FORMALDEHYDE, charge=0, multiplicity=1, basis="def2-svp")
    for patch in OrbitalGrid.build(mol, 1, True, CacheBudget(0.0)).patches():
        sizes = np.abs(patch.values)
        assert sizes[sizes > 0].min() > 1e-10


def test_orbital_values_are_those_of_pyscf() -> None:
    mol = molecule(FORMALDEHYDE, charge=0, multiplicity=1, basis="def2-svp")
    grid = OrbitalGrid.build(mol, 0, True, CacheBudget(0.0))
    wanted = mol.eval_gto("GTOval_sph_deriv1", grid.coords)
    found = np.zeros_like(wanted)
    for patch in grid.patches():
        found[:, patch.points, patch.functions] = patch.values.transpose(1, 2, 0)
    assert np.abs(found - wanted).max() < 3e-6


def test_points_that_no_function_reaches_hold_no_values() -> None:
    mol = molecule(WATER, charge=0, multiplicity=1, basis="sto-3g")
    grid = OrbitalGrid.build(mol, 0, True, CacheBudget(0.0))
    far = replace(grid, coords=grid.coords + 100.0)
    assert list(far.patches()) == []
