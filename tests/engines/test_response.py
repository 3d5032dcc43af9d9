"""Excited singlets: against PySCF's own, the full matrix and symmetry; and bad requests."""

import dataclasses
from functools import cache
from typing import Any

import msgspec
import numpy as np
import pytest
from pyscf import dft

from actinic.chemistry.geometry import Geometry
from actinic.engines import response_problem
from actinic.engines.dft import GroundState, ScfSettings, ground_state
from actinic.engines.response import ResponseSettings, Roots, singlet_roots, triplet_roots
from actinic.engines.response_character import participation
from actinic.errors import ConvergenceError, EngineError, InputError, ResourceError
from actinic.level import Level
from actinic.units import HARTREE_EV
from support.molecules import AZIDE, BENZENE, FORMALDEHYDE, IODONIUM, METHYL_AZIDE, RING, WATER, rotated

TIGHT_SCF = ScfSettings(conv_tol_hartree=1e-7, coarse_grid_level=1)
TIGHT = ResponseSettings(
    frozen_core=False, virtual_cutoff_ev=None, kernel_grid_level=1, residual_hartree=5e-5
)


@cache
def ground(geometry: Geometry, level: str, settings: ScfSettings = TIGHT_SCF, charge: int = 0) -> GroundState:
    return ground_state(geometry, charge=charge, multiplicity=1, level=Level.parse(level), settings=settings)


def roots(geometry: Geometry, level: str, cover_ev: float) -> Roots:
    return singlet_roots(ground(geometry, level), msgspec.structs.replace(TIGHT, cover_ev=cover_ev))


def energies_ev(found: Roots) -> list[float]:
    return [root.energy_ev for root in found.roots]


def strengths(found: Roots) -> list[float]:
    return [root.oscillator_strength for root in found.roots]


def stock(state: GroundState, settings: ScfSettings, n_roots: int) -> tuple[list[float], list[float]]:
    """Energies (eV) and oscillator strengths of PySCF's own Tamm-Dancoff roots, in double precision.

    More roots are asked for than compared: PySCF's start vectors miss whole symmetries among the highest.
    """
    mean_field = dft.RKS(state.mol, xc=state.functional.name).density_fit(auxbasis=settings.auxbasis)
    mean_field.grids.level = settings.grid_level
    mean_field.conv_tol = 1e-9
    mean_field.kernel()
    excited = mean_field.TDA()
    excited.nstates = n_roots + 4
    excited.kernel()
    return list(excited.e[:n_roots] * HARTREE_EV), list(excited.oscillator_strength()[:n_roots])


@pytest.mark.parametrize(
    ("geometry", "name", "cover_ev"),
    [
        (WATER, "b3lyp", 16.0),
        (WATER, "pbe", 14.0),
        (FORMALDEHYDE, "b3lyp", 10.8),
        (FORMALDEHYDE, "cam-b3lyp", 11.0),
        (WATER, "r2scan", 18.0),
        (WATER, "m06-2x", 15.0),
        (WATER, "hf", 17.5),
        (WATER, "svwn", 14.0),
    ],
)
def test_roots_and_strengths_agree_with_pyscf(geometry: Geometry, name: str, cover_ev: float) -> None:
    found = roots(geometry, f"{name}/def2-svp", cover_ev)
    # The root that ends the search, above the energy asked for, need not be the next one of all symmetries.
    n = sum(energy < cover_ev for energy in energies_ev(found))
    assert n >= 5
    energies, oscillator = stock(ground(geometry, f"{name}/def2-svp"), TIGHT_SCF, n)
    assert energies_ev(found)[:n] == pytest.approx(energies, abs=1e-3)
    assert strengths(found)[:n] == pytest.approx(oscillator, rel=0.02, abs=1e-4)


@pytest.mark.parametrize(("geometry", "charge"), [(IODONIUM, 1), (AZIDE, -1)], ids=["iodonium", "azide"])
def test_ions_agree_with_pyscf(geometry: Geometry, charge: int) -> None:
    state = ground(geometry, "b3lyp/def2-svp", charge=charge)
    found = singlet_roots(state, msgspec.structs.replace(TIGHT, cover_ev=8.0))
    n = sum(energy < 8.0 for energy in energies_ev(found))
    assert n >= 2
    energies, oscillator = stock(state, TIGHT_SCF, n)
    assert energies_ev(found)[:n] == pytest.approx(energies, abs=1e-3)
    assert strengths(found)[:n] == pytest.approx(oscillator, rel=0.02, abs=1e-4)


@pytest.mark.parametrize("name", ["b3lyp", "pbe", "cam-b3lyp", "r2scan", "hf"])
@pytest.mark.parametrize(
    ("geometry", "cover_ev"), [(FORMALDEHYDE, 6.5), (FORMALDEHYDE, 11.0), (METHYL_AZIDE, 8.0)]
)
def test_no_root_below_the_energy_asked_for_is_missed(geometry: Geometry, name: str, cover_ev: float) -> None:
    state = ground(geometry, f"{name}/def2-svp", ScfSettings())
    settings = ResponseSettings(cover_ev=cover_ev)
    found = singlet_roots(state, settings)
    assert found.covered_ev == cover_ev
    expected = [energy for energy in full_spectrum_ev(state, settings) if energy < cover_ev]
    below = [energy for energy in energies_ev(found) if energy < cover_ev]
    assert below == pytest.approx(expected, abs=2e-3)


@cache
def full_spectrum_ev(state: GroundState, settings: ResponseSettings) -> list[float]:
    """All eigenvalues, from the matrix written out."""
    active, virtual = response_problem.orbital_windows(state, settings)
    matrix = response_problem.response_matrix(state, settings, active, virtual, triplet=False)
    size = matrix.gaps.size
    full = matrix.applied(np.eye(size).reshape(size, *matrix.gaps.shape)).reshape(size, size)
    assert np.abs(full - full.T).max() < 1e-5
    return list(np.linalg.eigvalsh(0.5 * (full + full.T)) * HARTREE_EV)


@pytest.mark.parametrize("geometry", [FORMALDEHYDE, METHYL_AZIDE], ids=["formaldehyde", "methyl azide"])
def test_screening_settings_move_no_root_by_more_than_15_mev(geometry: Geometry) -> None:
    fine_scf = ScfSettings(auxbasis="def2-universal-jkfit", grid_level=3, conv_tol_hartree=1e-7)
    fine = msgspec.structs.replace(TIGHT, kernel_grid_level=2, cover_ev=9.0)
    level = "b3lyp/def2-svp"
    reference = singlet_roots(ground(geometry, level, fine_scf), fine)
    found = singlet_roots(ground(geometry, level, ScfSettings()), ResponseSettings(cover_ev=9.0))
    n = min(len(found.roots), len(reference.roots))
    assert n >= 3
    assert energies_ev(found)[:n] == pytest.approx(energies_ev(reference)[:n], abs=0.015)
    assert strengths(found)[:n] == pytest.approx(strengths(reference)[:n], rel=0.05, abs=1e-3)


@pytest.mark.parametrize("name", ["b3lyp", "cam-b3lyp"])
def test_a_rotated_molecule_has_the_same_spectrum(name: str) -> None:
    one = roots(FORMALDEHYDE, f"{name}/def2-svp", 9.0)
    other = roots(rotated(FORMALDEHYDE), f"{name}/def2-svp", 9.0)
    assert energies_ev(one) == pytest.approx(energies_ev(other), abs=2e-3)
    assert strengths(one) == pytest.approx(strengths(other), rel=0.02, abs=1e-4)


def test_the_order_of_the_atoms_does_not_matter() -> None:
    order = [3, 5, 0, 2, 1, 6, 4]
    shuffled = Geometry.from_angstrom(
        [METHYL_AZIDE.symbols[k] for k in order], METHYL_AZIDE.positions_angstrom[order]
    )
    one, other = (roots(geometry, "b3lyp/def2-svp", 7.0) for geometry in (METHYL_AZIDE, shuffled))
    assert energies_ev(one) == pytest.approx(energies_ev(other), abs=5e-4)
    assert strengths(one) == pytest.approx(strengths(other), rel=0.01, abs=1e-5)


@pytest.mark.parametrize("name", ["b3lyp", "cam-b3lyp", "pbe"])
def test_the_spectrum_of_two_distant_molecules_holds_that_of_one_twice(name: str) -> None:
    positions = np.vstack(
        [FORMALDEHYDE.positions_angstrom, FORMALDEHYDE.positions_angstrom + np.array([100, 0, 0])]
    )
    pair = Geometry.from_angstrom(FORMALDEHYDE.symbols * 2, positions)
    found = np.array(energies_ev(roots(pair, f"{name}/def2-svp", 8.0)))
    alone = [e for e in energies_ev(roots(FORMALDEHYDE, f"{name}/def2-svp", 8.0)) if e < 8.0]
    assert alone
    for energy in alone:
        assert (np.abs(found - energy) < 1e-3).sum() >= 2


def test_degenerate_roots_of_benzene_come_in_pairs_of_equal_strength() -> None:
    found = singlet_roots(ground(BENZENE, "b3lyp/def2-svp", ScfSettings()), ResponseSettings(cover_ev=8.2))
    bright = [root for root in found.roots if root.oscillator_strength > 0.3]
    assert len(bright) == 2
    assert bright[0].energy_ev == pytest.approx(bright[1].energy_ev, abs=3e-3)
    assert bright[0].oscillator_strength == pytest.approx(bright[1].oscillator_strength, rel=0.02)
    # The two transition dipoles lie in the plane and at right angles.
    dipoles = np.array([root.transition_dipole_au for root in bright])
    assert np.abs(dipoles[:, 2]).max() < 1e-2
    assert abs(dipoles[0] @ dipoles[1]) < 0.02 * np.linalg.norm(dipoles[0]) ** 2


def test_the_dipole_is_the_one_that_makes_the_strength() -> None:
    for root in roots(WATER, "b3lyp/def2-svp", 12.0).roots:
        squared = sum(component**2 for component in root.transition_dipole_au)
        assert root.oscillator_strength == pytest.approx(2 / 3 * root.energy_ev / HARTREE_EV * squared)


@pytest.mark.parametrize("name", ["b3lyp", "cam-b3lyp"])
def test_exchange_without_the_written_out_matrix_gives_the_same_roots(name: str) -> None:
    state = ground(METHYL_AZIDE, f"{name}/def2-svp")
    written = singlet_roots(state, ResponseSettings())
    contracted = singlet_roots(state, ResponseSettings(matrix_mb=0.0))
    assert energies_ev(written) == pytest.approx(energies_ev(contracted), abs=1e-4)


@pytest.mark.parametrize("matrix_mb", [0.0, 1600.0])
def test_integrals_transformed_in_thin_slices_give_the_same_roots(
    matrix_mb: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = ground(METHYL_AZIDE, "b3lyp/def2-svp")
    settings = ResponseSettings(matrix_mb=matrix_mb)
    whole = singlet_roots(state, settings)
    monkeypatch.setattr(response_problem, "_SLICE_MB", 0.5)
    assert energies_ev(singlet_roots(state, settings)) == pytest.approx(energies_ev(whole), abs=1e-4)


def test_the_same_request_gives_the_same_bits() -> None:
    state = ground(FORMALDEHYDE, "b3lyp/def2-svp")
    assert singlet_roots(state, ResponseSettings()) == singlet_roots(state, ResponseSettings())


def test_a_cap_is_reported_with_the_energy_it_left_covered() -> None:
    state = ground(FORMALDEHYDE, "b3lyp/def2-svp")
    found = singlet_roots(state, ResponseSettings(cover_ev=11.0, max_roots=3))
    assert found.capped
    assert len(found.roots) == 3
    assert found.covered_ev == found.roots[-1].energy_ev
    whole = singlet_roots(state, ResponseSettings(cover_ev=11.0))
    assert not whole.capped
    assert whole.covered_ev == 11.0
    assert energies_ev(found) == pytest.approx(energies_ev(whole)[:3], abs=2e-3)


def test_a_solvent_shifts_the_spectrum_through_its_orbitals() -> None:
    # n-pi* of a ketone moves to the blue in water (+0.21 eV for acetone in experiment, hydrogen bonds
    # included).
    vacuum = roots(FORMALDEHYDE, "b3lyp/def2-svp", 5.0).roots[0]
    water = roots(FORMALDEHYDE, "b3lyp/def2-svp@cpcm(water)", 5.0).roots[0]
    assert 0.02 < water.energy_ev - vacuum.energy_ev < 0.3


def test_a_root_that_does_not_converge_is_an_error_that_names_it() -> None:
    state = ground(FORMALDEHYDE, "b3lyp/def2-svp")
    with pytest.raises(ConvergenceError, match=r"root \d+ of \d+ has residual .* hartree after 1 rounds"):
        singlet_roots(state, msgspec.structs.replace(TIGHT, max_iterations=1))


def test_a_budget_that_is_too_small_says_how_much_is_needed() -> None:
    state = ground(METHYL_AZIDE, "b3lyp/def2-svp")
    with pytest.raises(ResourceError, match=r"need \d+ MB, the budget is 5 MB"):
        singlet_roots(state, ResponseSettings(memory_mb=5))


def test_an_excitation_of_no_energy_is_refused() -> None:
    state = ground(FORMALDEHYDE, "b3lyp/def2-svp")
    occupied = state.mo_occ > 0
    squeezed = np.where(occupied, state.mo_energy + 0.15, state.mo_energy)
    fields: dict[str, Any] = {name: getattr(state, name) for name in GroundState.__dataclass_fields__}
    broken = GroundState(**(fields | {"mo_energy": squeezed}))
    with pytest.raises(EngineError, match=r"lowest excited singlet at -?\d\.\d+ eV, expected 0\.5 to 15"):
        singlet_roots(broken, ResponseSettings())


def test_an_open_shell_is_refused() -> None:
    state = ground(FORMALDEHYDE, "b3lyp/def2-svp")
    vector = singlet_roots(state, ResponseSettings(cover_ev=5.0)).vectors[0]
    mol = state.mol.copy()
    mol.spin = 2
    triplet = dataclasses.replace(state, mol=mol)
    either_spin = dataclasses.replace(state, mo_coeff=np.stack([state.mo_coeff] * 2))
    for broken in (triplet, either_spin):
        for search in (singlet_roots, triplet_roots):
            with pytest.raises(InputError, match="excited states need a closed shell, got multiplicity"):
                search(broken, ResponseSettings())
        with pytest.raises(InputError, match="excited states need a closed shell, got multiplicity"):
            participation(broken, vector, [(0,)])


@pytest.mark.slow
def test_screening_settings_hold_for_a_molecule_with_a_virtual_cutoff() -> None:
    ring = 1.395 * RING
    hydrogens = 2.48 * RING[1:]
    azide = np.array([[2.815, 0.0, 0.0], [3.45, 1.06, 0.0], [4.10, 1.98, 0.0]])
    phenyl_azide = Geometry.from_angstrom(
        ["C"] * 6 + ["H"] * 5 + ["N"] * 3, np.vstack([ring, hydrogens, azide])
    )
    fine_scf = ScfSettings(
        auxbasis="def2-universal-jkfit", grid_level=3, coarse_grid_level=1, conv_tol_hartree=1e-7
    )
    fine = msgspec.structs.replace(TIGHT, kernel_grid_level=2)
    reference = singlet_roots(ground(phenyl_azide, "b3lyp/def2-svp", fine_scf), fine)
    found = singlet_roots(ground(phenyl_azide, "b3lyp/def2-svp", ScfSettings()), ResponseSettings())
    n = min(len(found.roots), len(reference.roots))
    assert n >= 8
    assert energies_ev(found)[:n] == pytest.approx(energies_ev(reference)[:n], abs=0.015)
