"""From a starting geometry to a minimum, and from many minima to the different ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from actinic.chemistry.connectivity import Change, change
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.chemistry.superposition import Superposition
from actinic.engines.gfn import GfnPoint
from actinic.engines.optimisation import Stop, optimise
from actinic.engines.tight_binding import Theory, single_point
from actinic.errors import ConvergenceError
from actinic.units import HARTREE_KCAL_MOL

SAME_ENERGY_KCAL_MOL = 0.1
"""Minima further apart than this in energy are two, however alike they look."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Where one optimisation ended.

    Attributes:
        geometry: Last geometry, rounded.
        point: Energy and orbitals at `geometry`, computed from scratch.
        change: What happened to the bonds.
        is_converged: Whether the forces vanish.
    """

    geometry: Geometry
    point: GfnPoint
    change: Change
    is_converged: bool

    def above_kcal_mol(self, other: "Settled") -> float:
        """Energy relative to `other`."""
        return (self.point.energy_hartree - other.point.energy_hartree) * HARTREE_KCAL_MOL


def settle(species: Species, start: Geometry, theory: Theory, stop: Stop) -> Settled | str:
    """Optimise and look at the result; the reason instead where the charges do not converge.

    Raises:
        InputError: A name, an element or the spin is not one the program can compute.
        EngineError: The program fails otherwise.
    """
    try:
        end = optimise(start, theory, stop)
        point = single_point(end.geometry, theory)
    except ConvergenceError as error:
        return error.message
    return Settled(end.geometry, point, change(species, end.geometry), end.is_converged)


def energy_order(settled: Settled) -> tuple[float, tuple[int, ...]]:
    """Sorting key: energy, and the coordinates to make a tie fall the same way every time."""
    return settled.point.energy_hartree, settled.geometry.grid_points


def different(species: Species, minima: Sequence[Settled], *, rmsd_angstrom: float) -> list[Settled]:
    """The minima in their order, without those of the energy and the shape of an earlier one."""
    superposition = Superposition(species)
    kept: list[Settled] = []
    for one in minima:
        alike = (known for known in kept if abs(one.above_kcal_mol(known)) < SAME_ENERGY_KCAL_MOL)
        if all(
            superposition.rmsd_angstrom(one.geometry, known.geometry, below_angstrom=rmsd_angstrom)
            >= rmsd_angstrom
            for known in alike
        ):
            kept.append(one)
    return kept
