"""Downhill from a saddle point, to see which basins it joins and by which path."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from ase import Atoms
from ase.optimize import BFGS
from numpy.typing import NDArray

from actinic.chemistry.geometry import Geometry
from actinic.engines.calculator import Surface, SurfaceCalculator
from actinic.engines.hessian import atomic_masses_dalton
from actinic.engines.model_hessian import model_hessian_ev_angstrom2
from actinic.engines.optimisation import Stop
from actinic.engines.restrained_scan import ScanPoint

Array = NDArray[np.float64]

STRIDE_ANGSTROM_DALTON = 0.02
"""Step of the steepest descent in mass-weighted coordinates, angstrom times the root of a dalton."""

_PUSH_ANGSTROM = 0.1
_FAR_STEPS = 6
"""Steps after which the model Hessian is made anew: that of a transition state knows nothing of the bonds the
minimum will have."""


@dataclass(frozen=True, slots=True)
class Course:
    """How a descent is made.

    Attributes:
        n_steps: Steps of steepest descent in mass-weighted coordinates, before a quasi-Newton optimiser takes
            over; 0 where only the basin matters and gradients are dear.
        every: Of those steps, one in so many is kept.
        stop: When the optimiser ends.
        is_decided: Whether positions in angstrom, shape (n, 3), already show where this side leads; the
            optimiser then ends early.
    """

    n_steps: int
    every: int
    stop: Stop
    is_decided: Callable[[Array], bool]


def descent(surface: Surface, saddle: Geometry, mode: Array, course: Course) -> list[ScanPoint]:
    """Points along the way down, from next to the saddle point to where the optimiser ends.

    Args:
        surface: Energy and gradient.
        saddle: The saddle point.
        mode: Direction to leave it in, shape (n, 3); its length is of no account.
        course: How.

    Raises:
        ConvergenceError: The surface has no energy at some geometry.
    """
    roots = np.sqrt(atomic_masses_dalton(saddle.symbols))[:, None]
    positions = saddle.positions_angstrom + _PUSH_ANGSTROM * mode / np.linalg.norm(mode, axis=1).max()
    points: list[ScanPoint] = []
    for number in range(course.n_steps):
        point = surface(positions)
        if number % course.every == 0:
            points.append(_point(saddle, positions, point.energy_hartree))
        slope = point.gradient_hartree_bohr / roots
        size = float(np.linalg.norm(slope))
        if size < 1e-5:
            break
        positions = positions - STRIDE_ANGSTROM_DALTON * slope / size / roots
    calculator = SurfaceCalculator(surface)
    atoms = Atoms(saddle.symbols, positions=positions)
    atoms.calc = calculator
    for n_steps in (_FAR_STEPS, course.stop.max_steps):
        optimiser = BFGS(atoms, logfile=None, maxstep=0.15)
        optimiser.H0 = model_hessian_ev_angstrom2(atoms.numbers.tolist(), atoms.positions)
        for _ in optimiser.irun(fmax=course.stop.fmax_ev_angstrom, steps=n_steps):
            if course.is_decided(atoms.positions):
                break
    atoms.get_potential_energy()
    return [*points, _point(saddle, atoms.positions, calculator.energy_hartree)]


def _point(saddle: Geometry, positions: Array, energy_hartree: float) -> ScanPoint:
    return ScanPoint(Geometry.from_angstrom(saddle.symbols, positions), energy_hartree)
