"""A potential energy surface by name, tight binding or DFT, as searches for paths and saddles see it."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import msgspec
import numpy as np
from ase import Atoms
from ase.calculators.calculator import Calculator, all_changes
from numpy.typing import NDArray

from actinic.engines.dft_gradient import DftEngine, DftTheory
from actinic.engines.dft_settings import ScfSettings
from actinic.engines.tight_binding import Theory, gfn_engine
from actinic.errors import InputError
from actinic.level import Level
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


class SurfaceTheory(msgspec.Struct, frozen=True):
    """Everything a surface depends on but the atoms.

    Attributes:
        charge: Total charge in e.
        multiplicity: 2S + 1.
        level: `gfn2-xtb`, or as in `wb97x-d3/def2-svp`.
        program: `tblite` or `xtb-python` for tight binding, `pyscf` for DFT.
        broken_symmetry: Of a DFT singlet, follow the unrestricted solution wherever there is one.
        scf: Numerics of a DFT level; None for tight binding.
    """

    charge: int
    multiplicity: int
    level: Level
    program: str
    broken_symmetry: bool
    scf: ScfSettings | None

    @property
    def tight_binding(self) -> Theory:
        """The same as a theory of the tight-binding engines."""
        return Theory(self.charge, self.multiplicity, self.level, self.program)


def surface(symbols: Sequence[str], theory: SurfaceTheory) -> Surface:
    """The surface of a molecule.

    Raises:
        InputError: A DFT level without settings, or broken symmetry at a tight-binding level; or a name, an
            element or the spin is unknown to the program.
    """
    if theory.level.is_tight_binding:
        if theory.broken_symmetry:
            raise InputError(f"level {theory.level}: tight binding has no broken symmetry")
        return gfn_engine(symbols, theory.tight_binding)
    if theory.scf is None:
        raise InputError(f"level {theory.level}: a DFT surface needs settings of its self-consistent field")
    dft = DftTheory(theory.charge, theory.multiplicity, theory.level, theory.broken_symmetry, theory.scf)
    return DftEngine(tuple(symbols), dft)


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
