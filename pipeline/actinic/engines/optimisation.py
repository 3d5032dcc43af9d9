"""Geometry optimisation on a GFN surface: quasi-Newton steps from a model Hessian.

Gradients to 0.01 eV/angstrom, summed over nine species of 12 to 30 atoms (GFN2, from embedded geometries):
BFGS from the model Hessian 325; ASE's BFGS 697, LBFGS 694, BFGSLineSearch 740, LBFGSLineSearch 860, FIRE
over 2,010 (three of nine unfinished after 500 steps). The threshold matters: at 0.05 eV/angstrom soft
torsions leave flexible molecules up to 4.5 kcal/mol above their minimum, at 0.02 up to 2.9, at 0.01 0.03.

What does not settle so may settle in shorter steps, or by a line search, which accepts no rise in energy and
finished all nine.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from ase import Atoms
from ase.optimize import BFGS, BFGSLineSearch
from ase.optimize.optimize import Optimizer
from numpy.typing import NDArray

from actinic.chemistry.geometry import Geometry
from actinic.engines.calculator import Surface, SurfaceCalculator
from actinic.engines.model_hessian import model_hessian_ev_angstrom2
from actinic.engines.tight_binding import Theory, gfn_engine

Algorithm = Literal["shorter steps", "line search"]
"""Other ways downhill than BFGS from the model Hessian: it in shorter steps, ASE's with a line search."""

SHORT_STEP_ANGSTROM = 0.04
"""Furthest that an atom moves in a short step; a fifth of ASE's 0.2."""


@dataclass(frozen=True, slots=True)
class Optimised:
    """Where an optimisation ended.

    Attributes:
        geometry: Last geometry, rounded.
        is_converged: Whether every force had fallen below the threshold.
        n_gradients: Gradients computed on the way.
    """

    geometry: Geometry
    is_converged: bool
    n_gradients: int


@dataclass(frozen=True, slots=True)
class Stop:
    """When an optimisation ends, and how it gets there.

    Attributes:
        fmax_ev_angstrom: Largest force on an atom below which a geometry counts as optimised.
        max_steps: Steps after which it is given up.
        algorithm: Of `optimise` and `follow`; None for BFGS from the model Hessian.
    """

    fmax_ev_angstrom: float
    max_steps: int
    algorithm: Algorithm | None = None


def optimise(geometry: Geometry, theory: Theory, stop: Stop) -> Optimised:
    """Follow the gradient to a minimum; running out of steps, or of a line to search, is flagged, not raised.

    The path depends on the arguments alone: each optimisation has an engine of its own. A lone atom stays.

    Raises:
        InputError: A name, an element or the spin is not one the program can compute.
        ConvergenceError: The charges do not become self-consistent at some geometry.
        EngineError: The program fails otherwise.
    """
    return follow(geometry, gfn_engine(geometry.symbols, theory), stop)


def follow(geometry: Geometry, surface: Surface, stop: Stop) -> Optimised:
    """Follow the gradient of any surface; raises what the surface raises."""
    atoms = Atoms(geometry.symbols, positions=geometry.positions_angstrom)
    atoms.calc = calculator = SurfaceCalculator(surface)
    try:
        converged = _optimiser(atoms, stop.algorithm).run(fmax=stop.fmax_ev_angstrom, steps=stop.max_steps)
    except RuntimeError as error:
        if "LineSearch failed" not in str(error):
            raise
        converged = False
    positions: NDArray[np.float64] = atoms.positions
    return Optimised(
        Geometry.from_angstrom(geometry.symbols, positions), bool(converged), calculator.n_gradients
    )


def _optimiser(atoms: Atoms, algorithm: Algorithm | None) -> Optimizer:
    """One of ASE's; BFGS starts from the model Hessian instead of a multiple of the unit matrix."""
    if algorithm == "line search":
        return BFGSLineSearch(atoms, logfile=None)
    optimiser = BFGS(atoms, logfile=None, maxstep=SHORT_STEP_ANGSTROM if algorithm else None)
    optimiser.H0 = model_hessian_ev_angstrom2(atoms.numbers.tolist(), atoms.positions)
    return optimiser
