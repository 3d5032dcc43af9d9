"""Ground states: against PySCF's own, against symmetry, and by every rung."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import msgspec
import numpy as np
import pytest
from pyscf import dft

from actinic.chemistry.geometry import Geometry
from actinic.engines.dft import ENERGIES, ScfSettings
from actinic.engines.dft_functional import functional
from actinic.engines.dft_integrals import fock_builder, integration_grids
from actinic.engines.dft_ladder import DAMPING, Ladder
from actinic.engines.dft_molecule import molecule
from actinic.engines.dft_scf import Iterate, Thresholds, converge
from actinic.engines.dft_starts import start_orbitals
from actinic.errors import ConvergenceError
from actinic.level import Level
from actinic.units import HARTREE_EV
from support.ground_states import TIGHT, converged
from support.molecules import FORMALDEHYDE, HYDROXIDE, IODONIUM, WATER, rotated


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
