"""A potential energy surface as ASE's optimisers see it: any engine's energy and gradient, and springs."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import msgspec
import numpy as np
from ase import Atoms
from ase.calculators.calculator import Calculator, all_changes
from numpy.typing import NDArray

from actinic.units import BOHR_ANGSTROM, HARTREE_EV

Array = NDArray[np.float64]


class Point(Protocol):
    """Energy and gradient of one geometry, in hartree and hartree/bohr, shape (n, 3)."""

    @property
    def energy_hartree(self) -> float:
        """Total energy."""

    @property
    def gradient_hartree_bohr(self) -> Array:
        """Its derivative."""


Surface = Callable[[Array], Point]
"""From positions in angstrom, shape (n, 3), to the point there; points follow one another on a trajectory."""


def force_ev_angstrom(point: Point) -> float:
    """Largest force on an atom."""
    return float(np.linalg.norm(point.gradient_hartree_bohr, axis=1).max() * HARTREE_EV / BOHR_ANGSTROM)


class SurfaceCalculator(Calculator):  # type: ignore[misc]
    """A surface as ASE's optimisers see it, with springs on distances if asked for.

    Attributes:
        energy_hartree: Energy of the last point without the springs.
        n_gradients: Points computed.
    """

    implemented_properties = ("energy", "forces")

    def __init__(self, surface: Surface, springs: Sequence["Spring"] = ()) -> None:
        super().__init__()
        self._surface = surface
        self.springs = tuple(springs)
        self.energy_hartree = 0.0
        self.n_gradients = 0

    def calculate(
        self, atoms: Atoms | None = None, properties: Any = None, system_changes: Any = all_changes
    ) -> None:
        """Energy in eV and forces in eV/angstrom; raises what the surface raises."""
        super().calculate(atoms, properties, system_changes)
        point = self._surface(self.atoms.positions)
        self.n_gradients += 1
        self.energy_hartree = point.energy_hartree
        energy, gradient = point.energy_hartree, point.gradient_hartree_bohr.copy()
        for spring in self.springs:
            energy += spring.energy_hartree(self.atoms.positions)
            gradient += spring.gradient_hartree_bohr(self.atoms.positions)
        self.results = {
            "energy": energy * HARTREE_EV,
            "forces": -gradient * HARTREE_EV / BOHR_ANGSTROM,
        }


class Spring(msgspec.Struct, frozen=True):
    """A harmonic restraint on the distance of two atoms.

    Attributes:
        pair: The atoms.
        length_angstrom: Where it is at rest.
        constant_hartree_bohr2: Force constant.
    """

    pair: tuple[int, int]
    length_angstrom: float
    constant_hartree_bohr2: float

    def energy_hartree(self, positions_angstrom: Array) -> float:
        """Energy of the restraint."""
        stretch = (distance_angstrom(positions_angstrom, self.pair) - self.length_angstrom) / BOHR_ANGSTROM
        return 0.5 * self.constant_hartree_bohr2 * stretch**2

    def gradient_hartree_bohr(self, positions_angstrom: Array) -> Array:
        """Its derivative, shape (n, 3)."""
        stretch = (distance_angstrom(positions_angstrom, self.pair) - self.length_angstrom) / BOHR_ANGSTROM
        return self.constant_hartree_bohr2 * stretch * stretch_direction(positions_angstrom, self.pair)


def distance_angstrom(positions_angstrom: Array, pair: tuple[int, int]) -> float:
    """Distance of two atoms."""
    i, j = pair
    return float(np.linalg.norm(positions_angstrom[i] - positions_angstrom[j]))


def stretch_direction(positions_angstrom: Array, pair: tuple[int, int]) -> Array:
    """Derivative of a distance by the positions, shape (n, 3), without unit."""
    i, j = pair
    unit = (positions_angstrom[i] - positions_angstrom[j]) / distance_angstrom(positions_angstrom, pair)
    direction = np.zeros_like(positions_angstrom)
    direction[i], direction[j] = unit, -unit
    return direction
