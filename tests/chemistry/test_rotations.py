"""Symmetry numbers of idealised and of slightly distorted shapes."""

import numpy as np
import pytest
from numpy.typing import NDArray

from actinic.chemistry.geometry import Geometry
from actinic.chemistry.rotations import symmetry_number


def ring(
    symbol: str, n: int, radius_angstrom: float, height_angstrom: float = 0.0
) -> list[tuple[str, NDArray[np.float64]]]:
    angles = 2 * np.pi * np.arange(n) / n
    return [
        (symbol, np.array([radius_angstrom * np.cos(a), radius_angstrom * np.sin(a), height_angstrom]))
        for a in angles
    ]


def geometry(*atoms: tuple[str, NDArray[np.float64]]) -> Geometry:
    return Geometry.from_angstrom(
        [symbol for symbol, _ in atoms], np.array([position for _, position in atoms])
    )


def on_axis(*atoms: tuple[str, float]) -> list[tuple[str, NDArray[np.float64]]]:
    return [(symbol, np.array([0.0, 0.0, height])) for symbol, height in atoms]


CORNERS = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) * 0.63
METHANE = geometry(("C", np.zeros(3)), *(("H", corner) for corner in CORNERS))
CUBE_FACES = np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]]) * 1.56
SHAPES = {
    "one atom": (geometry(*on_axis(("I", 0.0))), 1),
    "HCN": (geometry(*on_axis(("H", -1.07), ("C", 0.0), ("N", 1.15))), 1),
    "CO2": (geometry(*on_axis(("O", -1.14), ("C", 0.0), ("O", 1.14))), 2),
    "water": (
        geometry(("O", np.zeros(3)), ("H", np.array([0.76, 0.59, 0])), ("H", np.array([-0.76, 0.59, 0]))),
        2,
    ),
    "ammonia": (geometry(*on_axis(("N", 0.3)), *ring("H", 3, 0.94)), 3),
    "planar methyl": (geometry(*on_axis(("C", 0.0)), *ring("H", 3, 1.08)), 6),
    "methane": (METHANE, 12),
    "chloroform": (geometry(*on_axis(("C", 0.0), ("H", 1.1)), *ring("Cl", 3, 1.7, -0.5)), 3),
    "benzene": (geometry(*ring("C", 6, 1.39), *ring("H", 6, 2.48)), 12),
    "SF6": (geometry(("S", np.zeros(3)), *(("F", face) for face in CUBE_FACES)), 24),
    "all different": (geometry(("C", np.zeros(3)), *zip(("H", "F", "Cl", "Br"), CORNERS, strict=True)), 1),
}


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_the_symmetry_number_is_that_of_the_textbook(name: str) -> None:
    shape, expected = SHAPES[name]
    assert symmetry_number(shape) == expected


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_neither_place_nor_order_nor_a_small_distortion_matters(name: str) -> None:
    shape, expected = SHAPES[name]
    rng = np.random.default_rng(5)
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    order = rng.permutation(len(shape.symbols))
    positions = (shape.positions_angstrom @ turn.T + [4.0, -1.0, 2.0])[order]
    positions = positions + rng.uniform(-0.01, 0.01, positions.shape)
    assert symmetry_number(Geometry.from_angstrom([shape.symbols[i] for i in order], positions)) == expected


def test_a_mirror_plane_is_no_rotation() -> None:
    atoms = (
        on_axis(("C", 0.0)),
        [("F", np.array([1.3, 0.0, -0.4]))],
        [("H", np.array([-0.5, y, -0.4])) for y in (0.9, -0.9)],
    )
    assert symmetry_number(geometry(*(atom for group in atoms for atom in group), *on_axis(("Cl", 1.7)))) == 1


def test_staggered_ethane_has_six_rotations_and_a_twisted_one_six_too_but_a_bent_one_none() -> None:
    lower = [*on_axis(("C", 0.77)), *ring("H", 3, 1.02, 1.16)]
    for angle in (np.pi / 3, 0.3):
        turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, -1]])
        ethane = geometry(*lower, *((symbol, turn @ position) for symbol, position in lower))
        assert symmetry_number(ethane) == 6
    bent = ethane.positions_angstrom
    bent[-1] += [0.4, 0.0, 0.0]
    assert symmetry_number(Geometry.from_angstrom(ethane.symbols, bent)) == 1
