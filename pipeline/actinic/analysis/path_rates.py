"""From a calculated reaction path to a rate."""

from typing import Protocol

from actinic.analysis.kinetics import RateLaw
from actinic.analysis.thermochemistry import ATMOSPHERE_PA, thermal_terms
from actinic.calculations.thermal import ThermalResult
from actinic.chemistry.reactions import Reaction

MIDDLE_K = 450.0
"""Where enthalpy and entropy of activation are taken: in the window in which films are heated."""

PATH_ERROR_KCAL_MOL = {"retro-ene": 3.5, "decarboxylation": 2.5, "electrocyclic": 4.0, "n2-loss": 4.0}
"""Standard error of a calculated barrier by the route of its search, by convention: what the first trials on
eleven reactions gave, the shipped set of paths being too small for a statistic of its own."""


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
