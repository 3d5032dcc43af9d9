"""Updates, restraints and the climb to a saddle point."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from actinic.chemistry.geometry import Geometry
from actinic.engines.calculator import Point, Spring, distance_angstrom, stretch_direction
from actinic.engines.hessian import hessian_hartree_bohr2, vibrations
from actinic.engines.optimisation import Stop
from actinic.engines.saddle import bofill, internal_modes, overlap, powell, saddle_point
from actinic.engines.surface import SurfaceTheory, surface
from actinic.errors import ConvergenceError, InputError
from actinic.level import Level
from actinic.units import BOHR_ANGSTROM

Array = NDArray[np.float64]
GFN2 = SurfaceTheory(0, 1, Level.parse("gfn2-xtb"), "tblite", False, None)
BENT = Geometry.from_angstrom(["C", "N", "H"], np.array([[0, 0, 0], [0, 0, 1.19], [1.1, 0, 0.45]]))


def second_derivatives(positions: Array) -> Array:
    return hessian_hartree_bohr2(Geometry.from_angstrom(BENT.symbols, positions), GFN2.tight_binding)


def test_an_update_reproduces_the_change_it_was_given() -> None:
    draw = np.random.default_rng(0)
    before = draw.normal(size=(6, 6))
    before = before + before.T
    step, change = draw.normal(size=6), draw.normal(size=6)
    for update in (powell, bofill):
        after = update(before, step, change)
        assert after @ step == pytest.approx(change)
        assert after == pytest.approx(after.T)


def test_an_update_by_what_was_known_changes_nothing() -> None:
    draw = np.random.default_rng(1)
    before = draw.normal(size=(6, 6))
    before = before + before.T
    step = draw.normal(size=6)
    assert bofill(before, step, before @ step) == pytest.approx(before)


def test_a_spring_pulls_back_along_the_bond() -> None:
    spring = Spring((0, 1), 1.5, 0.7)
    positions = np.array([[0.1, 0.2, 0.3], [1.0, -0.5, 1.9], [3.0, 0.0, 0.0]])
    slope, draw = spring.gradient_hartree_bohr(positions), np.random.default_rng(2)
    shift = 1e-4 * draw.normal(size=positions.shape)
    change = spring.energy_hartree(positions + shift) - spring.energy_hartree(positions - shift)
    assert change == pytest.approx(2 * float(np.sum(slope * shift)) / BOHR_ANGSTROM, rel=1e-4)
    assert slope[2] == pytest.approx(0)


def test_a_molecule_has_three_n_minus_six_inner_modes_and_a_linear_one_more() -> None:
    straight = BENT.positions_angstrom.copy()
    straight[2] = [0, 0, -1.07]
    assert internal_modes(BENT.positions_angstrom, np.eye(9))[0].size == 3
    assert internal_modes(straight, np.eye(9))[0].size == 4


def test_the_overlap_is_one_for_a_stretch_and_zero_for_what_is_at_right_angles() -> None:
    positions = BENT.positions_angstrom
    stretch = stretch_direction(positions, (0, 1))
    assert overlap(stretch, [stretch]) == pytest.approx(1)
    sideways = np.zeros_like(positions)
    sideways[:, 1] = [1, -1, 0]
    assert overlap(sideways, [stretch, stretch_direction(positions, (0, 2))]) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("refresh", [0, 4])
def test_hydrogen_migrates_over_one_saddle_from_carbon_to_nitrogen(refresh: int) -> None:
    """HCN to HNC is a triangle with one imaginary mode, H about as far from C as from N."""
    directions = [stretch_direction(BENT.positions_angstrom, pair) for pair in ((0, 2), (1, 2))]
    found = saddle_point(
        surface(BENT.symbols, GFN2),
        BENT.positions_angstrom,
        second_derivatives,
        directions,
        refresh=refresh,
        stop=Stop(0.005, 60),
    )
    geometry = Geometry.from_angstrom(BENT.symbols, found.positions_angstrom)
    modes = vibrations(geometry, second_derivatives(found.positions_angstrom)).frequencies_cm
    assert modes[0] < -500
    assert modes[1] > 0
    assert 1.0 < distance_angstrom(found.positions_angstrom, (0, 2)) < 1.5
    assert 1.0 < distance_angstrom(found.positions_angstrom, (1, 2)) < 1.6


def test_a_step_to_where_the_surface_has_no_energy_is_halved() -> None:
    """HCN to HNC again, on a surface that ends where the first full step goes."""
    directions = [stretch_direction(BENT.positions_angstrom, pair) for pair in ((0, 2), (1, 2))]
    whole, refused = surface(BENT.symbols, GFN2), 0

    def cut(positions: Array) -> Point:
        nonlocal refused
        if np.linalg.norm(positions - cut_from[-1]) > 0.02:
            refused += 1
            raise ConvergenceError("no energy here")
        cut_from.append(positions.copy())
        return whole(positions)

    cut_from = [BENT.positions_angstrom]
    found = saddle_point(
        cut, BENT.positions_angstrom, second_derivatives, directions, refresh=4, stop=Stop(0.005, 200)
    )
    assert refused > 0
    assert 1.0 < distance_angstrom(found.positions_angstrom, (0, 2)) < 1.5


def test_a_surface_without_energy_around_the_start_is_given_up() -> None:
    first = [BENT.positions_angstrom]

    def nowhere(positions: Array) -> Point:
        if not first:
            raise ConvergenceError("no energy here")
        return Slope(0.0, stretch_direction(first.pop(), (0, 2)))

    with pytest.raises(ConvergenceError, match="no energy here"):
        saddle_point(
            nowhere,
            BENT.positions_angstrom,
            lambda _: np.eye(9),
            [stretch_direction(BENT.positions_angstrom, (0, 2))],
            refresh=4,
            stop=Stop(0.01, 50),
        )


@dataclass(frozen=True)
class Slope:
    """A plane: no point of it is stationary."""

    energy_hartree: float
    gradient_hartree_bohr: Array


def test_a_plane_has_no_saddle_point() -> None:
    pull = stretch_direction(BENT.positions_angstrom, (0, 2))
    with pytest.raises(ConvergenceError, match="no saddle point within 5 steps"):
        saddle_point(
            lambda _: Slope(0.0, pull),
            BENT.positions_angstrom,
            lambda _: np.eye(9),
            [pull],
            refresh=0,
            stop=Stop(0.01, 5),
        )


def test_a_surface_says_what_it_lacks() -> None:
    with pytest.raises(InputError, match="no broken symmetry"):
        surface(BENT.symbols, SurfaceTheory(0, 1, Level.parse("gfn2-xtb"), "tblite", True, None))
    with pytest.raises(InputError, match="settings"):
        surface(BENT.symbols, SurfaceTheory(0, 1, Level.parse("pbe/sto-3g"), "pyscf", False, None))
