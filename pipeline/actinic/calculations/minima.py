"""From a starting geometry to a minimum, off saddle points, and from many minima to the different ones."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from actinic.chemistry.connectivity import Change, change
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.chemistry.superposition import Superposition
from actinic.engines.gfn import GfnPoint
from actinic.engines.optimisation import Optimised, Stop, optimise
from actinic.engines.soft_mode import softest_mode
from actinic.engines.tight_binding import Theory, single_point
from actinic.errors import ConvergenceError
from actinic.units import HARTREE_KCAL_MOL

SAME_ENERGY_KCAL_MOL = 0.1
"""Minima further apart than this in energy are two, however alike they look."""

RIDGE_CM = 10.0
"""A mode more imaginary than this leads down from a ridge; a smaller one is a flat torsion."""

MAX_DESCENTS = 3
"""Saddle points left on the way to a minimum."""

PUSH_ANGSTROM = 0.4
"""How far the most mobile atom is moved off a saddle point.

Moved by 0.2 off the ridge of phenyl(trifluoromethyl)diazirine (-25 cm-1), an optimisation to 0.01 eV/angstrom
comes back to it twice before it leaves: so shallow a mode has no force above the threshold there."""


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


def downhill(species: Species, start: Settled, theory: Theory, stop: Stop) -> Settled:
    """Leave saddle points along their softest mode; `start` itself where it is none.

    A symmetric starting geometry has no force along what breaks its symmetry, and stays on the ridge.

    Raises:
        InputError: A name, an element or the spin is not one the program can compute.
        EngineError: The program fails otherwise.
    """
    here = start
    for _ in range(MAX_DESCENTS):
        try:
            mode = softest_mode(here.geometry, theory)
        except ConvergenceError:
            return here
        if mode is None or mode.wavenumber_cm >= -RIDGE_CM:
            return here
        moved = (pushed(here.geometry, mode.displacements, sign) for sign in (1, -1))
        ends = (settle(species, start, theory, stop) for start in moved)
        lower = next((end for end in ends if isinstance(end, Settled) and _is_lower(end, here)), None)
        if lower is None:
            return here
        here = lower
    return here


def _is_lower(end: Settled, than: Settled) -> bool:
    return end.is_converged and end.above_kcal_mol(than) < 0


def settled_geometry(end: Optimised, stop: Stop, whose: str = "") -> Geometry:
    """Where an optimisation ended; `whose` it is goes before the message.

    Raises:
        ConvergenceError: It ran out of steps.
    """
    if not end.is_converged:
        raise ConvergenceError(
            f"{whose}geometry not optimised to {stop.fmax_ev_angstrom} eV/angstrom within "
            f"{stop.max_steps} steps"
        )
    return end.geometry


def pushed(geometry: Geometry, displacements: NDArray[np.float64], sign: int) -> Geometry:
    """`geometry` moved along a mode, the most mobile atom by `PUSH_ANGSTROM`.

    Args:
        geometry: Where the mode was computed.
        displacements: The mode, shape (n, 3).
        sign: 1 to push the largest coordinate of the mode up, -1 down.
    """
    mode = displacements / np.linalg.norm(displacements, axis=1).max()
    # The sign of an eigenvector is an accident of the linear algebra library.
    mode = sign * mode * np.sign(mode.ravel()[np.abs(mode).argmax()])
    return Geometry.from_angstrom(geometry.symbols, geometry.positions_angstrom + PUSH_ANGSTROM * mode)


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
