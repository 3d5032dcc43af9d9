"""Radicals, atoms and triplets: against PySCF's unrestricted Kohn-Sham and theory."""

from typing import Any

import msgspec
import numpy as np
import pytest
from pyscf import dft
from rdkit import Chem
from rdkit.Chem import rdDistGeom

import actinic.engines.dft
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.engines.dft import ENERGIES, GroundState, ScfSettings
from actinic.engines.dft_functional import functional
from actinic.engines.dft_integrals import fock_builder, integration_grids
from actinic.engines.dft_molecule import molecule
from actinic.engines.dft_scf import Thresholds, converge
from actinic.engines.dft_starts import start_orbitals
from actinic.engines.embedding import embed
from actinic.engines.optimisation import Stop, optimise
from actinic.engines.tight_binding import Theory
from actinic.level import Level
from actinic.units import HARTREE_EV
from support.open_shells import (
    AMINYL,
    HYDROPEROXYL,
    HYDROXYL,
    IODOMETHYL,
    METHYL,
    METHYLENE,
    NITRIC_OXIDE,
    OXYGEN,
    TIGHT,
    atom,
    converged,
    hydrogen_molecule,
)


def minimum(smiles: str) -> Geometry:
    """GFN2 minimum of a doublet."""
    skeleton = Chem.AddHs(Chem.MolFromSmiles(smiles))
    assert rdDistGeom.EmbedMolecule(skeleton, randomSeed=1) == 0
    symbols = [each.GetSymbol() for each in skeleton.GetAtoms()]
    start = Geometry.from_angstrom(symbols, np.array(skeleton.GetConformer().GetPositions()))
    theory = Theory(0, 2, Level.parse("gfn2-xtb"), "tblite")
    return optimise(start, theory, Stop(fmax_ev_angstrom=0.01, max_steps=1000)).geometry


SHAPES = {
    "methyl": (METHYL, 2),
    "hydroxyl": (HYDROXYL, 2),
    "hydroperoxyl": (HYDROPEROXYL, 2),
    "aminyl": (AMINYL, 2),
    "nitric oxide": (NITRIC_OXIDE, 2),
    "oxygen": (OXYGEN, 3),
    "methylene": (METHYLENE, 3),
}


def stock(state: GroundState, settings: ScfSettings = TIGHT) -> Any:
    """PySCF's own unrestricted Kohn-Sham on the same molecule, fit and grid, in double precision."""
    mean_field = dft.UKS(state.mol, xc=state.functional.name).density_fit(auxbasis=settings.auxbasis)
    mean_field.grids.level = settings.grid_level
    mean_field.kernel()
    if not mean_field.converged:  # degenerate atoms rotate for ever in some versions
        mean_field = mean_field.newton()
        mean_field.kernel(dm0=mean_field.make_rdm1())
    assert mean_field.converged
    return mean_field


def frontier_ev(mean_field: Any) -> tuple[float, float]:
    energies, filled = mean_field.mo_energy, mean_field.mo_occ > 0
    return float(energies[filled].max()) * HARTREE_EV, float(energies[~filled].min()) * HARTREE_EV


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("methyl", "b3lyp/def2-svp"),
        ("hydroperoxyl", "pbe/def2-svp"),
        ("hydroperoxyl", "r2scan/def2-mtzvpp"),
        ("aminyl", "wb97x-d3/def2-svp"),
        ("aminyl", "svwn/6-31g"),
        ("aminyl", "m06-2x/6-31g"),
        ("oxygen", "b3lyp/6-31g"),
        ("methylene", "r2scan/6-31g"),
        ("methylene", "hf/sto-3g"),
    ],
)
def test_an_open_shell_agrees_with_pyscf(name: str, level: str) -> None:
    geometry, multiplicity = SHAPES[name]
    ours = converged(geometry, multiplicity, level)
    theirs = stock(ours)
    assert ours.multiplicity == multiplicity
    assert not ours.is_closed_shell
    assert ours.energy_hartree == pytest.approx(theirs.e_tot, abs=2e-5)
    assert ours.spin_square == pytest.approx(theirs.spin_square()[0], abs=1e-3)
    assert (ours.homo_ev, ours.lumo_ev) == pytest.approx(frontier_ev(theirs), abs=5e-3)
    assert ours.dipole_debye == pytest.approx(np.linalg.norm(theirs.dip_moment(verbose=0)), abs=2e-3)


@pytest.mark.parametrize(
    ("name", "level"),
    [("hydroxyl", "pbe/def2-svp"), ("hydroxyl", "r2scan/def2-mtzvpp"), ("nitric oxide", "m06-2x/6-31g")],
)
def test_a_degenerate_radical_has_the_energy_of_pyscf(name: str, level: str) -> None:
    """The hole turns freely about the bond; on a grid its energy depends on where it stops, by some 1e-5."""
    geometry, multiplicity = SHAPES[name]
    ours = converged(geometry, multiplicity, level)
    theirs = stock(ours)
    assert ours.energy_hartree == pytest.approx(theirs.e_tot, abs=1e-4)
    assert ours.spin_square == pytest.approx(theirs.spin_square()[0], abs=2e-3)


@pytest.mark.parametrize(
    ("symbol", "multiplicity"), [("H", 2), ("C", 3), ("N", 4), ("O", 3), ("F", 2), ("S", 3), ("Cl", 2)]
)
@pytest.mark.parametrize("level", ["wb97x-d3/def2-svp", "r2scan/6-31g"])
def test_an_atom_with_degenerate_orbitals_agrees_with_pyscf(
    symbol: str, multiplicity: int, level: str
) -> None:
    ours = converged(atom(symbol), multiplicity, level)
    theirs = stock(ours)
    assert ours.energy_hartree == pytest.approx(theirs.e_tot, abs=1e-4)
    assert ours.spin_square == pytest.approx(theirs.spin_square()[0], abs=1e-3)


@pytest.mark.parametrize(
    ("symbol", "core", "level"),
    [("Br", 0, "wb97x-d3/def2-svp"), ("I", 28, "wb97x-d3/def2-svp"), ("I", 28, "r2scan/def2-mtzvpp")],
)
def test_a_halogen_atom_agrees_with_pyscf_and_iodine_has_its_core_potential(
    symbol: str, core: int, level: str
) -> None:
    ours = converged(atom(symbol), 2, level)
    assert ours.mol.atom_nelec_core(0) == core
    assert ours.energy_hartree == pytest.approx(stock(ours).e_tot, abs=1e-4)


def test_the_core_potential_of_the_def2_family_serves_the_basis_that_has_none() -> None:
    # Both describe the same 25 electrons of iodine: -298 hartree, where all 53 would have -6,900.
    small, large = (converged(IODOMETHYL, 2, f"pbe/{basis}") for basis in ("def2-svp", "def2-mtzvpp"))
    assert small.mol.nelectron == large.mol.nelectron == 6 + 25 + 2
    assert large.energy_hartree == pytest.approx(small.energy_hartree, abs=0.5)


def test_one_electron_has_the_energy_of_the_hydrogen_atom() -> None:
    # Hartree-Fock is exact for one electron: -0.5 hartree in the limit of the basis.
    state = converged(atom("H"), 2, "hf/aug-cc-pvqz")
    assert state.energy_hartree == pytest.approx(-0.5, abs=1e-4)
    assert state.homo_ev == pytest.approx(-0.5 * HARTREE_EV, abs=0.003)
    assert state.spin_square == pytest.approx(0.75, abs=1e-9)


def test_two_distant_radicals_have_twice_the_energy_of_one() -> None:
    positions = np.vstack(
        [HYDROXYL.positions_angstrom, HYDROXYL.positions_angstrom + np.array([100.0, 0, 0])]
    )
    pair = converged(Geometry.from_angstrom(HYDROXYL.symbols * 2, positions), 3, "b3lyp/6-31g")
    one = converged(HYDROXYL, 2, "b3lyp/6-31g")
    assert pair.energy_hartree == pytest.approx(2 * one.energy_hartree, abs=1e-5)
    assert pair.spin_square == pytest.approx(2 + 2 * (one.spin_square - 0.75), abs=1e-3)


def test_alpha_and_beta_of_the_same_orbitals_are_the_closed_shell() -> None:
    mol = molecule(hydrogen_molecule(0.74), charge=0, multiplicity=1, basis="def2-svp")
    level = Level.parse("r2scan/def2-svp")
    builder = fock_builder(mol, functional("r2scan"), level, TIGHT)
    grid = integration_grids(builder, TIGHT)[1]
    (orbitals,) = start_orbitals(builder)
    energy, fock = builder.fock((orbitals,), grid)
    unrestricted, focks = builder.fock((orbitals, orbitals), grid)
    assert unrestricted == pytest.approx(energy, abs=1e-6)
    assert focks == pytest.approx(np.array([fock[0], fock[0]]), abs=1e-6)


def test_the_fitted_continuum_sees_the_density_of_alpha_and_beta() -> None:
    ours = converged(HYDROXYL, 2, "b3lyp/def2-svp@cpcm(water)")
    mean_field = dft.UKS(ours.mol, xc="b3lyp").density_fit(auxbasis=TIGHT.auxbasis).PCM()
    mean_field.grids.level = TIGHT.grid_level
    mean_field.with_solvent.method = "C-PCM"
    mean_field.with_solvent.lebedev_order = 17  # 110 points
    mean_field.with_solvent.eps = 78.3553
    mean_field.kernel()
    # The fit of the density, not its spin, is the difference: closed-shell water is 7e-5 hartree away.
    assert ours.energy_hartree == pytest.approx(mean_field.e_tot, abs=1e-4)
    assert ours.spin_square == pytest.approx(mean_field.spin_square()[0], abs=1e-3)


def test_the_second_order_rung_finds_the_same_radical_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actinic.engines.dft, "best_start", lambda builder, _: start_orbitals(builder))
    hurried = msgspec.structs.replace(TIGHT, max_cycles=4, level_shift_hartree=2.0, conv_tol_hartree=1e-5)
    state = converged(AMINYL, 2, "wb97x-d3/6-31g", hurried)
    assert state.rung == "newton"
    assert state.energy_hartree == pytest.approx(
        converged(AMINYL, 2, "wb97x-d3/6-31g").energy_hartree, abs=1e-5
    )


def test_the_level_shift_rung_finds_the_same_radical() -> None:
    mol = molecule(METHYL, charge=0, multiplicity=2, basis="6-31g")
    builder = fock_builder(mol, functional("b3lyp"), Level.parse("b3lyp/6-31g"), TIGHT)
    grids = integration_grids(builder, TIGHT)
    shifted = converge(
        builder, start_orbitals(builder), (grids[0], grids[1]), 0.3, Thresholds(1e-7, 3e-4, 60)
    )
    assert shifted.converged
    assert shifted.energy_hartree == pytest.approx(
        converged(METHYL, 2, "b3lyp/6-31g").energy_hartree, abs=2e-6
    )


@pytest.mark.slow
@pytest.mark.parametrize("level", ["wb97x-d3/def2-svp", "r2scan/def2-mtzvpp"])
@pytest.mark.parametrize(
    "smiles",
    ["[CH3]", "C[CH2]", "[c]1ccccc1", "[CH2]c1ccccc1", "[NH2]", "C[O]", "C[S]", "F[C](F)F", "CS(=O)[O]",
     "CC(C)(C)[O]", "[CH2]I", "[N]=O"],
)  # fmt: skip
def test_a_radical_at_its_minimum_agrees_with_pyscf(smiles: str, level: str) -> None:
    ours = converged(minimum(smiles), 2, level, ENERGIES)
    theirs = stock(ours, ENERGIES)
    assert ours.energy_hartree == pytest.approx(theirs.e_tot, abs=1e-4)
    assert ours.spin_square == pytest.approx(theirs.spin_square()[0], abs=1e-3)


def test_a_hydrogen_atom_that_fills_its_basis_is_no_error() -> None:
    state = converged(atom("H"), 2, "hf/sto-3g")
    assert state.mo_coeff.shape == (2, 1, 1)
    assert state.mo_occ.tolist() == [[1.0], [0.0]]


@pytest.mark.parametrize(
    ("smiles", "multiplicity", "level", "lowered_by_ev"),
    [
        ("CS([O])(=O)=O", 2, "wb97x-d3/def2-svp", 0.8),
        ("c1ccncc1", 3, "wb97x-d3/sto-3g", 1.5),
        ("C[S]", 2, "wb97x-d3/sto-3g", 0.0),
    ],
)
def test_an_open_shell_ends_no_higher_than_from_atoms_alone(
    smiles: str, multiplicity: int, level: str, lowered_by_ev: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    species = Species.from_smiles(smiles, multiplicity=multiplicity)
    geometry = embed(species, n_conformers=1, seed=1, rmsd_angstrom=0.1)[0]
    both = converged(geometry, multiplicity, level, ScfSettings())
    monkeypatch.setattr(actinic.engines.dft, "best_start", lambda builder, _: start_orbitals(builder))
    atoms = converged(geometry, multiplicity, level, ScfSettings())
    assert atoms.energy_hartree - both.energy_hartree > lowered_by_ev / HARTREE_EV - 1e-4
