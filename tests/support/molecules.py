"""Small molecules near their equilibrium geometries."""

import numpy as np

from actinic.chemistry.geometry import Geometry

WATER = Geometry.from_angstrom(
    ["O", "H", "H"], np.array([[0, 0, 0.1173], [0, 0.7572, -0.4692], [0, -0.7572, -0.4692]])
)
FORMALDEHYDE = Geometry.from_angstrom(
    ["C", "O", "H", "H"],
    np.array([[0, 0, -0.5297], [0, 0, 0.6759], [0, 0.9355, -1.1094], [0, -0.9355, -1.1094]]),
)
HYDROXIDE = Geometry.from_angstrom(["O", "H"], np.array([[0.0, 0, 0], [0, 0, 0.97]]))
IODONIUM = Geometry.from_angstrom(["I", "H", "H"], np.array([[0.0, 0, 0], [0, 1.18, 1.12], [0, -1.18, 1.12]]))
AZIDE = Geometry.from_angstrom(["N"] * 3, np.array([[0, 0, -1.18], [0, 0, 0], [0, 0, 1.18]]))
METHYL_AZIDE = Geometry.from_angstrom(
    ["C", "N", "N", "N", "H", "H", "H"],
    np.array(
        [
            [-1.4250, -0.1730, 0.0000],
            [-0.1480, 0.5570, 0.0000],
            [0.8750, -0.1300, 0.0000],
            [1.8940, -0.6130, 0.0000],
            [-2.2300, 0.5630, 0.0000],
            [-1.5040, -0.7980, 0.8930],
            [-1.5040, -0.7980, -0.8930],
        ]
    ),
)
ANGLES = np.arange(6) * np.pi / 3
RING = np.stack([np.cos(ANGLES), np.sin(ANGLES), np.zeros(6)], axis=1)
BENZENE = Geometry.from_angstrom(["C"] * 6 + ["H"] * 6, np.vstack([1.395 * RING, 2.482 * RING]))


def placed(symbols: list[str], *positions: tuple[float, float, float]) -> Geometry:
    return Geometry.from_angstrom(symbols, np.array(positions))


def rotated(geometry: Geometry) -> Geometry:
    """Turned by one radian about (1, 2, 3)."""
    axis = np.array([1.0, 2.0, 3.0]) / np.sqrt(14)
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    turn = np.eye(3) + np.sin(1) * cross + (1 - np.cos(1)) * cross @ cross
    return Geometry.from_angstrom(geometry.symbols, geometry.positions_angstrom @ turn.T)
