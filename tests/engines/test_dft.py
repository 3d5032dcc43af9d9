"""Ground states: against PySCF's own, against symmetry, and against bad requests."""

import errno
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from pyscf import dft, gto

from actinic.chemistry.geometry import Geometry
from actinic.engines.dft import ENERGIES, GroundState, ScfSettings, ground_state
from actinic.engines.dft_functional import functional
from actinic.engines.dft_integrals import fock_builder, integration_grids
from actinic.engines.dft_ladder import DAMPING, Ladder
from actinic.engines.dft_molecule import molecule
from actinic.engines.dft_scf import Iterate, Thresholds, converge
from actinic.engines.dft_starts import start_orbitals
from actinic.engines.grids import CacheBudget, OrbitalGrid
from actinic.errors import ConvergenceError, EngineError, InputError, ResourceError
from actinic.level import Level
from actinic.units import HARTREE_EV

WATER = Geometry.from_angstrom(
    ["O", "H", "H"], np.array([[0, 0, 0.1173], [0, 0.7572, -0.4692], [0, -0.7572, -0.4692]])
)
FORMALDEHYDE = Geometry.from_angstrom(
    ["C", "O", "H", "H"],
    np.array([[0, 0, -0.5297], [0, 0, 0.6759], [0, 0.9355, -1.1094], [0, -0.9355, -1.1094]]),
)
HYDROXIDE = Geometry.from_angstrom(["O", "H"], np.array([[0.0, 0, 0], [0, 0, 0.97]]))
IODONIUM = Geometry.from_angstrom(["I", "H", "H"], np.array([[0.0, 0, 0], [0, 1.18, 1.12], [0, -1.18, 1.12]]))
TIGHT = ScfSettings(conv_tol_hartree=1e-7)


def converged(
    geometry: Geometry, level: str, settings: ScfSettings = TIGHT, *, charge: int = 0, multiplicity: int = 1
) -> GroundState:
    return ground_state(
        geometry, charge=charge, multiplicity=multiplicity, level=Level.parse(level), settings=settings
    )


@cache
def stock(geometry: Geometry, charge: int, name: str, basis: str, settings: ScfSettings) -> Any:
    """PySCF's own restricted Kohn-Sham on the same molecule, fit and grid, in double precision."""
    mol = molecule(geometry, charge=charge, multiplicity=1, basis=basis)
    # PySCF refuses the name with the dispersion; the exchange-correlation part has its own in libxc.
    mean_field = dft.RKS(mol, xc=name.replace("wb97x-d", "hyb_gga_xc_wb97x_d"))
    mean_field = mean_field.density_fit(auxbasis=settings.auxbasis)
    mean_field.grids.level = settings.grid_level
    mean_field.conv_tol = 1e-9
    mean_field.kernel()
    assert mean_field.converged
    return mean_field


def frontier_ev(mean_field: Any) -> tuple[float, float]:
    n_occupied = mean_field.mol.nelectron // 2
    homo, lumo = mean_field.mo_energy[n_occupied - 1 : n_occupied + 1] * HARTREE_EV
    return float(homo), float(lumo)


def rotated(geometry: Geometry) -> Geometry:
    """Turned by one radian about (1, 2, 3)."""
    axis = np.array([1.0, 2.0, 3.0]) / np.sqrt(14)
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    turn = np.eye(3) + np.sin(1) * cross + (1 - np.cos(1)) * cross @ cross
    return Geometry.from_angstrom(geometry.symbols, geometry.positions_angstrom @ turn.T)


@pytest.mark.parametrize(
    "name", ["b3lyp", "pbe", "cam-b3lyp", "hse06", "wb97x-d", "m06-2x", "r2scan", "svwn", "hf"]
)
@pytest.mark.parametrize("geometry", [WATER, FORMALDEHYDE], ids=["water", "formaldehyde"])
def test_frontier_levels_and_energy_agree_with_pyscf(geometry: Geometry, name: str) -> None:
    ours, theirs = converged(geometry, f"{name}/def2-svp"), stock(geometry, 0, name, "def2-svp", TIGHT)
    assert (ours.homo_ev, ours.lumo_ev) == pytest.approx(frontier_ev(theirs), abs=1e-3)
    assert ours.energy_hartree == pytest.approx(theirs.e_tot, abs=2e-5)
    assert ours.dipole_debye == pytest.approx(np.linalg.norm(theirs.dip_moment(verbose=0)), abs=2e-3)


def test_screening_settings_move_frontier_levels_by_less_than_15_mev() -> None:
    fine = ScfSettings(auxbasis="def2-universal-jkfit", grid_level=3)
    theirs = stock(FORMALDEHYDE, 0, "b3lyp", "def2-svp", fine)
    ours = converged(FORMALDEHYDE, "b3lyp/def2-svp", ScfSettings())
    assert (ours.homo_ev, ours.lumo_ev) == pytest.approx(frontier_ev(theirs), abs=0.015)


def test_fine_settings_give_the_total_energy_to_a_hundredth_of_a_kcal_mol() -> None:
    fine = msgspec.structs.replace(ENERGIES, conv_tol_hartree=1e-7)
    theirs = stock(FORMALDEHYDE, 0, "b3lyp", "def2-svp", fine)
    assert converged(FORMALDEHYDE, "b3lyp/def2-svp", fine).energy_hartree == pytest.approx(
        theirs.e_tot, abs=1.6e-5
    )


def test_levels_at_the_default_tolerance_are_within_2_mev_of_the_limit() -> None:
    # Those of the Fock matrix built last, without extrapolation, were 13 meV away for benzophenone.
    loose, tight = (
        converged(FORMALDEHYDE, "b3lyp/def2-svp", ScfSettings(conv_tol_hartree=tolerance))
        for tolerance in (1e-5, 1e-7)
    )
    assert (loose.homo_ev, loose.lumo_ev) == pytest.approx((tight.homo_ev, tight.lumo_ev), abs=2e-3)


def test_a_rotated_molecule_has_the_same_levels() -> None:
    one, other = (converged(g, "b3lyp/def2-svp") for g in (FORMALDEHYDE, rotated(FORMALDEHYDE)))
    assert (one.homo_ev, one.lumo_ev) == pytest.approx((other.homo_ev, other.lumo_ev), abs=2e-3)
    assert one.dipole_debye == pytest.approx(other.dipole_debye, abs=1e-3)


def test_the_order_of_the_atoms_does_not_matter() -> None:
    order = [2, 0, 3, 1]
    shuffled = Geometry.from_angstrom(
        [FORMALDEHYDE.symbols[k] for k in order], FORMALDEHYDE.positions_angstrom[order]
    )
    one, other = (converged(g, "b3lyp/def2-svp") for g in (FORMALDEHYDE, shuffled))
    assert one.energy_hartree == pytest.approx(other.energy_hartree, abs=5e-6)
    # An orbital gradient of 3e-4 hartree, the tightest allowed, leaves some 0.4 meV in a level.
    assert (one.homo_ev, one.lumo_ev) == pytest.approx((other.homo_ev, other.lumo_ev), abs=1e-3)


@pytest.mark.parametrize("name", ["b3lyp", "cam-b3lyp", "pbe"])
def test_two_distant_molecules_have_twice_the_energy_of_one(name: str) -> None:
    positions = np.vstack([WATER.positions_angstrom, WATER.positions_angstrom + np.array([200, 0, 0])])
    pair = converged(Geometry.from_angstrom(WATER.symbols * 2, positions), f"{name}/def2-svp")
    one = converged(WATER, f"{name}/def2-svp")
    assert pair.energy_hartree == pytest.approx(2 * one.energy_hartree, abs=5e-6)
    assert (pair.homo_ev, pair.lumo_ev) == pytest.approx((one.homo_ev, one.lumo_ev), abs=1e-3)


def test_the_same_request_gives_the_same_bits() -> None:
    one, other = (converged(FORMALDEHYDE, "b3lyp/def2-svp", ScfSettings()) for _ in range(2))
    assert one.energy_hartree == other.energy_hartree
    assert np.array_equal(one.mo_coeff, other.mo_coeff)


def test_hydroxide_is_unbound_in_vacuum_and_bound_in_water() -> None:
    vacuum = converged(HYDROXIDE, "b3lyp/def2-svpd", charge=-1)
    water = converged(HYDROXIDE, "b3lyp/def2-svpd@cpcm(water)", charge=-1)
    assert vacuum.homo_ev > 0
    assert water.homo_ev < -3
    # Experiment: -4.6 eV of hydration free energy (doi:10.1021/jp063552y), most of it electrostatic.
    assert (water.energy_hartree - vacuum.energy_hartree) * HARTREE_EV == pytest.approx(-4.1, abs=0.6)


@pytest.mark.parametrize("solvent", ["water", "toluene"])
def test_the_fitted_continuum_agrees_with_pyscf(solvent: str) -> None:
    settings = ScfSettings(auxbasis="def2-universal-jkfit", conv_tol_hartree=1e-7)
    ours = converged(FORMALDEHYDE, f"b3lyp/def2-svp@cpcm({solvent})", settings)
    mean_field = dft.RKS(ours.mol, xc="b3lyp").density_fit(auxbasis=settings.auxbasis).PCM()
    mean_field.grids.level = settings.grid_level
    mean_field.with_solvent.method = "C-PCM"
    mean_field.with_solvent.lebedev_order = 17  # 110 points
    mean_field.with_solvent.eps = {"water": 78.3553, "toluene": 2.3741}[solvent]
    mean_field.kernel()
    assert (ours.homo_ev, ours.lumo_ev) == pytest.approx(frontier_ev(mean_field), abs=2e-3)
    assert ours.energy_hartree == pytest.approx(mean_field.e_tot, abs=5e-5)


def test_iodine_brings_its_core_potential() -> None:
    ours = converged(IODONIUM, "b3lyp/def2-svp", charge=1)
    assert ours.mol.nelectron == 53 - 28 + 2 - 1
    theirs = stock(IODONIUM, 1, "b3lyp", "def2-svp", TIGHT)
    assert (ours.homo_ev, ours.lumo_ev) == pytest.approx(frontier_ev(theirs), abs=1e-3)


def test_an_unconverged_iteration_is_an_error_that_says_how_far_it_got() -> None:
    with pytest.raises(
        ConvergenceError, match=r"not converged after 1 cycles.*last energy change .* hartree"
    ):
        converged(WATER, "b3lyp/def2-svp", ScfSettings(max_cycles=1))


def test_the_second_order_rung_finds_the_same_state_and_says_so() -> None:
    hurried = converged(WATER, "b3lyp/def2-svp", ScfSettings(max_cycles=4, level_shift_hartree=2.0))
    assert hurried.rung == "newton"
    assert hurried.homo_ev == pytest.approx(converged(WATER, "b3lyp/def2-svp").homo_ev, abs=5e-3)


def test_the_level_shift_rung_finds_the_same_state() -> None:
    level = Level.parse("b3lyp/def2-svp")
    mol = molecule(WATER, charge=0, multiplicity=1, basis="def2-svp")
    builder = fock_builder(mol, functional("b3lyp"), level, TIGHT)
    grids = integration_grids(builder, TIGHT)
    stop = Thresholds(1e-7, 3e-4, 60)
    shifted = converge(builder, start_orbitals(builder), (grids[0], grids[1]), 0.3, stop)
    assert shifted.converged
    assert shifted.energy_hartree == pytest.approx(
        converged(WATER, "b3lyp/def2-svp").energy_hartree, abs=2e-6
    )


RUNGS = ("diis", "level shift", "damping", "newton", "another guess")


@pytest.mark.parametrize("rung", RUNGS)
def test_every_rung_finds_the_same_state_and_says_so(rung: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every rung before this one is made to fail."""
    asked = []
    attempts = Ladder._attempts

    def failing(*arguments: Any) -> Iterator[tuple[str, Iterate]]:
        for name, state in attempts(*arguments):
            asked.append(name)
            yield name, replace(state, converged=state.converged and name == rung)

    expected = converged(FORMALDEHYDE, "b3lyp/def2-svp")
    monkeypatch.setattr(Ladder, "_attempts", failing)
    found = converged(FORMALDEHYDE, "b3lyp/def2-svp")
    assert found.rung == rung
    assert tuple(asked) == RUNGS[: RUNGS.index(rung) + 1]
    assert found.energy_hartree == pytest.approx(expected.energy_hartree, abs=2e-5)
    assert (found.homo_ev, found.lumo_ev) == pytest.approx((expected.homo_ev, expected.lumo_ev), abs=5e-3)


def test_a_level_shift_with_damping_converges_what_diis_does_not() -> None:
    """Ethylene twisted by 90 degrees: two orbitals of equal energy share two electrons."""
    plane, turned = [[0.92, 0.0, -0.56], [-0.92, 0.0, -0.56]], [[0.0, 0.92, 1.89], [0.0, -0.92, 1.89]]
    twisted = Geometry.from_angstrom(
        ["C", "C", "H", "H", "H", "H"], np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 1.33], *plane, *turned])
    )
    settings = ScfSettings(max_cycles=160)
    mol = molecule(twisted, charge=0, multiplicity=1, basis="def2-svp")
    builder = fock_builder(mol, functional("pbe"), Level.parse("pbe/def2-svp"), settings)
    grids = integration_grids(builder, settings)
    stop, start = Thresholds(1e-5, 3e-3, 160), start_orbitals(builder)
    plain = converge(builder, start, (grids[0], grids[1]), 0.0, replace(stop, max_cycles=40))
    damped = converge(builder, start, (grids[0], grids[1]), 0.3, stop, DAMPING)
    assert (plain.converged, damped.converged) == (False, True)
    assert damped.energy_hartree < plain.energy_hartree


@pytest.mark.parametrize(
    ("level", "message"),
    [
        ("b3lypp/def2-svp", "functional 'b3lypp' is not known"),
        ("b3lyp-d3/def2-svp", "name the functional alone"),
        ("r2scan-3c/def2-svp", "name the functional alone"),
        ("b2plyp/def2-svp", "functional 'b2plyp' is not known"),
        ("wb97x-v/def2-svp", "non-local correlation"),
        ("b3lyp/def2-svpp-x", "basis 'def2-svpp-x' does not cover"),
        ("b3lyp/def2-svp@cpcm(beer)", "solvent 'beer' is not known; expected one of .*water"),
        ("b3lyp/def2-svp@gbsa(water)", "solvent model 'gbsa' is not available"),
        ("gfn2-xtb", "expected functional/basis"),
        ("b3lyp", "expected functional/basis"),
    ],
)
def test_an_unknown_name_is_an_input_error_that_repeats_it(level: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        converged(WATER, level)


def test_an_element_that_the_basis_misses_is_named() -> None:
    with pytest.raises(InputError, match=r"basis 'cc-pvdz' does not cover I"):
        converged(IODONIUM, "b3lyp/cc-pvdz", charge=1)


@pytest.mark.parametrize(
    ("charge", "multiplicity", "message"),
    [
        (0, 2, "leaves 10 electrons, which multiplicity 2 does not fit"),
        (1, 1, "leaves 9 electrons, which multiplicity 1 does not fit"),
        (0, 0, "multiplicity 0 does not fit"),
        (8, 5, "leaves 2 electrons, which multiplicity 5 does not fit"),
        (10, 1, "leaves 0 electrons"),
    ],
)
def test_a_multiplicity_that_does_not_fit_is_refused(charge: int, multiplicity: int, message: str) -> None:
    with pytest.raises(InputError, match=message):
        converged(WATER, "b3lyp/def2-svp", charge=charge, multiplicity=multiplicity)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"auxbasis": "no-such-fit"}, "auxiliary basis 'no-such-fit'"),
        ({"grid_level": 0, "coarse_grid_level": 1}, "expected 0 <= coarse <= target <= 9"),
        ({"conv_tol_hartree": 1e-9}, "expected at least 1e-7"),
    ],
)
def test_a_setting_out_of_range_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        converged(WATER, "b3lyp/def2-svp", msgspec.structs.replace(TIGHT, **changes))


def test_a_budget_that_is_too_small_says_how_much_is_needed() -> None:
    with pytest.raises(ResourceError, match=r"need \d+ MB, the budget is 200 MB"):
        converged(WATER, "b3lyp/def2-svp", ScfSettings(memory_mb=200))


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


@pytest.mark.parametrize("loader", ["load", "load_ecp"])
def test_an_installation_that_cannot_be_read_is_no_wrong_input(
    loader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a row would fail for good, or iodine lose its core potential, because a disk had a bad moment."""

    def unreadable(*_: object) -> None:
        raise OSError(
            errno.EIO, "Input/output error", str(Path(gto.__file__).parent / "basis" / "def2-svp.dat")
        )

    monkeypatch.setattr(gto.basis, loader, unreadable)
    with pytest.raises(EngineError, match=r"PySCF's own files cannot be read: .*def2-svp\.dat"):
        molecule(IODONIUM, charge=1, multiplicity=1, basis="def2-svp")
