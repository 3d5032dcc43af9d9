"""From a calculated reaction path to a rate."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np

from actinic.analysis.kinetics import RateLaw
from actinic.analysis.path_searches import shipped_searches
from actinic.analysis.thermochemistry import ATMOSPHERE_PA, thermal_terms
from actinic.calculations.thermal import ThermalResult
from actinic.chemistry.reactions import Reaction

MIDDLE_K = 450.0
"""Where enthalpy and entropy of activation are taken: in the window in which films are heated."""

ONE_SIGMA = 0.8413447460685429
"""Share of a normal distribution below one standard deviation."""

UNCOMPARED_KCAL_MOL = 8.0
"""Standard error of a barrier by a route without `ENOUGH_SEARCHES`, by convention: twice the 4 kcal/mol that
the first trials of ring openings and losses of N2 missed by, as elsewhere outside what was compared."""

ENOUGH_SEARCHES = 2
"""Accepted searches for measured barriers from which the error of a route follows."""

LEAST_ERROR_KCAL_MOL = 1.0
"""As of class values: media differ."""


@dataclass(frozen=True, slots=True)
class PathError:
    """How far off a barrier by one route may be.

    Attributes:
        kcal_mol: Standard error of the Gibbs energy of activation.
        n: Accepted searches for measured barriers it rests on; 0 where it is a convention.
    """

    kcal_mol: float
    n: int

    @property
    def is_compared(self) -> bool:
        """Whether it follows from measured barriers."""
        return self.n > 0


@cache
def path_error(route: str) -> PathError:
    """The error of a route, from the shipped searches for measured barriers.

    Raises:
        EngineError: The file of searches is not what it should be.
    """
    return error_from(row.error_kcal_mol for row in shipped_searches() if row.route == route)


def error_from(errors_kcal_mol: Iterable[float | None]) -> PathError:
    """Root mean square of errors, widened to the 68 % interval of Student's t for so few of them.

    No mean is taken off: it would be fitted to the very molecules it is judged by.

    Args:
        errors_kcal_mol: Calculated minus measured; None of a search without either.
    """
    from scipy.special import stdtrit  # noqa: PLC0415 - a fifth of the start of every command

    errors = np.array([error for error in errors_kcal_mol if error is not None])
    if len(errors) < ENOUGH_SEARCHES:
        return PathError(UNCOMPARED_KCAL_MOL, 0)
    widened = float(np.sqrt((errors**2).mean())) * float(stdtrit(len(errors), ONE_SIGMA))
    return PathError(max(widened, LEAST_ERROR_KCAL_MOL), len(errors))


class CalculatedPath(Protocol):
    """What a rate needs of a path search."""

    @property
    def reaction(self) -> Reaction:
        """The reaction of the candidate."""

    @property
    def route(self) -> str:
        """Kind of search."""

    @property
    def is_accepted(self) -> bool:
        """Whether every check was passed."""

    @property
    def failure(self) -> str:
        """Why not, in a sentence; empty when accepted."""

    @property
    def electronic_barrier_kcal_mol(self) -> float | None:
        """Highest point of the path above the reactant; None unless accepted."""

    @property
    def reactant(self) -> ThermalResult | None:
        """Minimum before the barrier."""

    @property
    def transition_state(self) -> ThermalResult | None:
        """Saddle point; None unless accepted."""


def path_law(path: CalculatedPath, temperature_k: float = MIDDLE_K) -> RateLaw | None:
    """Rate over the barrier; None unless the path is accepted and both ends have vibrations.

    Args:
        path: A search.
        temperature_k: Where enthalpy and entropy of activation are taken.
    """
    barrier, before, top = path.electronic_barrier_kcal_mol, path.reactant, path.transition_state
    if not path.is_accepted or barrier is None or before is None or top is None:
        return None
    terms = [
        thermal_terms(
            found, multiplicity=1, temperature_k=temperature_k, pressure_pa=ATMOSPHERE_PA, saddle_order=order
        )
        for found, order in ((before, 0), (top, 1))
    ]
    low, high = terms
    if low is None or high is None:
        return None
    enthalpy = barrier + high.enthalpy_kcal_mol - low.enthalpy_kcal_mol
    return RateLaw(enthalpy, high.entropy_kcal_mol_k - low.entropy_kcal_mol_k)
