"""What the stages of a search for a barrier found, put together; never stored itself."""

from dataclasses import dataclass
from typing import Literal

from actinic.calculations.path_energy import PathEnergyResult
from actinic.calculations.path_saddle import PathSaddleResult
from actinic.calculations.path_scan import PathScanResult
from actinic.calculations.thermal import ThermalResult
from actinic.chemistry.reactions import Reaction
from actinic.chemistry.species import Species
from actinic.level import Level
from actinic.units import HARTREE_KCAL_MOL

FailedStep = Literal["", "conformers", "scan", "saddle", "acceptance", "energies"]


@dataclass(frozen=True, slots=True)
class ReactionPath:
    """A search for a barrier, as far as it came.

    Attributes:
        reaction: The reaction of the candidate.
        route: How it was searched for: `retro-ene`, `decarboxylation`, `electrocyclic` or `n2-loss`.
        model: The molecule that was computed.
        level: Of the energies.
        reactant: Its minimum with vibrations.
        scan: The reaction driven by hand.
        guess: Transition state on the cheap surface that another search started from; None where that is
            the end of it.
        saddle: The transition state.
        energies: Energies of the barrier.
        failed_step: The step that failed; empty where everything was passed.
        failure: Why, in a sentence; empty likewise.
    """

    reaction: Reaction
    route: str
    model: Species
    level: Level
    reactant: ThermalResult | None = None
    scan: PathScanResult | None = None
    guess: PathSaddleResult | None = None
    saddle: PathSaddleResult | None = None
    energies: PathEnergyResult | None = None
    failed_step: FailedStep = ""
    failure: str = ""

    @property
    def is_accepted(self) -> bool:
        """Whether there is a barrier that passed every check."""
        return not self.failed_step and self.energies is not None

    @property
    def electronic_barrier_kcal_mol(self) -> float | None:
        """Highest point of transition state and path above the reactant; None unless accepted."""
        if not self.is_accepted or self.energies is None:
            return None
        return self.energies.barrier_hartree * HARTREE_KCAL_MOL

    @property
    def transition_state(self) -> ThermalResult | None:
        """Vibrations of the transition state; None unless accepted."""
        return self.saddle.thermal if self.is_accepted and self.saddle is not None else None
