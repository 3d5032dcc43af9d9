"""Wigner draws: right widths, hot and cold, along the right modes, from the seed alone."""

import numpy as np
import pytest

from actinic.chemistry.geometry import Geometry
from actinic.engines.hessian import Vibrations, hessian_hartree_bohr2, vibrations
from actinic.engines.optimisation import Stop, optimise
from actinic.engines.tight_binding import Theory, single_point
from actinic.engines.wigner import Displaced, Draw, widths_bohr, wigner_geometries
from actinic.errors import InputError
from actinic.level import Level
from actinic.units import BOLTZMANN_KCAL_MOL_K, HARTREE_KCAL_MOL

GFN2 = Theory(0, 1, Level.parse("gfn2-xtb"), "tblite")
ROOM = Draw(n_geometries=40, temperature_k=298.15, lowest_cm=100.0)


def minimum(symbols: str, coordinates: str) -> Geometry:
    start = Geometry.from_angstrom(symbols.split(), np.array(coordinates.split(), dtype=float).reshape(-1, 3))
    return optimise(start, GFN2, Stop(fmax_ev_angstrom=0.002, max_steps=200)).geometry


WATER = minimum("O H H", "0 0 0  0 0.757 0.586  0 -0.757 0.586")


@pytest.fixture(scope="module")
def water() -> Vibrations:
    return vibrations(WATER, hessian_hartree_bohr2(WATER, GFN2))


def drawn(found: Vibrations, draw: Draw = ROOM, seed: int = 3) -> Displaced:
    return wigner_geometries(WATER, found, draw, seed)


def test_a_cold_oscillator_moves_by_its_zero_point_motion() -> None:
    # <x^2> = hbar / 2 m w; in atomic units m = 1822.9, w = 0.01.
    cold = widths_bohr(np.array([0.01]), np.array([1822.9]), temperature_k=1.0)
    assert cold == pytest.approx([(1 / (2 * 1822.9 * 0.01)) ** 0.5], rel=1e-12)


def test_a_hot_oscillator_has_the_classical_width() -> None:
    kelvin = 1e5
    thermal = BOLTZMANN_KCAL_MOL_K * kelvin / HARTREE_KCAL_MOL
    hot = widths_bohr(np.array([0.001]), np.array([1822.9]), temperature_k=kelvin)
    assert hot == pytest.approx([(thermal / (1822.9 * 0.001**2)) ** 0.5], rel=1e-3)


def test_the_mean_energy_is_half_the_zero_point_energy(water: Vibrations) -> None:
    # A harmonic oscillator in its ground state holds half its energy as potential energy.
    zero_point_kcal_mol = 0.5 * water.frequencies_cm.sum() * 2.859144e-3
    mean = np.mean(drawn(water).harmonic_kcal_mol)
    assert mean == pytest.approx(0.5 * zero_point_kcal_mol, rel=0.05)


def test_the_harmonic_energy_is_nearly_the_energy_of_the_surface(water: Vibrations) -> None:
    found = drawn(water)
    lowest = single_point(WATER, GFN2).energy_hartree
    energies = [
        (single_point(one, GFN2).energy_hartree - lowest) * HARTREE_KCAL_MOL for one in found.geometries
    ]
    assert np.mean(energies) == pytest.approx(np.mean(found.harmonic_kcal_mol), rel=0.1)


def test_draws_are_stratified_so_that_their_mean_is_the_minimum(water: Vibrations) -> None:
    found = drawn(water)
    positions = np.array([one.positions_angstrom for one in found.geometries])
    spread = positions.std(axis=0).max()
    # Independent draws would miss by spread / sqrt(40).
    assert np.abs(positions.mean(axis=0) - WATER.positions_angstrom).max() < 0.05 * spread


def test_neither_translation_nor_rotation_is_drawn(water: Vibrations) -> None:
    masses = np.array([15.999, 1.008, 1.008])
    for one in drawn(water).geometries:
        shift = one.positions_angstrom - WATER.positions_angstrom
        assert np.abs(masses @ shift).max() < 1e-3
        assert np.abs((masses[:, None] * np.cross(WATER.positions_angstrom, shift)).sum(axis=0)).max() < 1e-3


def test_soft_modes_stay_and_are_counted(water: Vibrations) -> None:
    stiff = drawn(water, Draw(n_geometries=5, temperature_k=298.15, lowest_cm=2000.0))
    assert stiff.n_modes_left_out == 1
    bend = Draw(n_geometries=5, temperature_k=298.15, lowest_cm=5000.0)
    assert drawn(water, bend).geometries == (WATER,) * 5


def test_the_seed_alone_decides(water: Vibrations) -> None:
    assert drawn(water).geometries == drawn(water).geometries
    assert drawn(water).geometries != drawn(water, seed=4).geometries


@pytest.mark.parametrize(
    "draw",
    [
        Draw(n_geometries=0, temperature_k=298.15, lowest_cm=100.0),
        Draw(n_geometries=5, temperature_k=0.0, lowest_cm=100.0),
        Draw(n_geometries=5, temperature_k=298.15, lowest_cm=0.0),
    ],
)
def test_a_draw_that_makes_no_sense_is_refused(water: Vibrations, draw: Draw) -> None:
    with pytest.raises(InputError, match="expected at least 1 geometry and values above 0"):
        drawn(water, draw)
