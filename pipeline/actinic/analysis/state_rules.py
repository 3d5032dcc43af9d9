"""What single excited states of a molecule are treated apart from the line of its lowest band."""

from dataclasses import dataclass

from actinic.analysis.npi_states import lone_pair_atoms, weak_calibration
from actinic.analysis.transfer_states import is_weak_transfer, placed_ev, transfer_shift_ev
from actinic.calculations.spectrum import Transition
from actinic.calculations.weak_states import HOLE_FROM, NPI_STRENGTH, is_npi
from actinic.chemistry.species import Species
from actinic.level import Level


@dataclass(frozen=True, slots=True)
class StateRules:
    """What is known of a level's errors in states of a kind.

    Attributes:
        transfer_ev: Added to weak charge-transfer states; what comes after treats them like any other.
        npi_ev: Added to n-pi* states in the place of what the line says.
        lone_pairs: Heavy atoms with lone pairs, by which these are known; empty where none is told apart.
        below: Oscillator strength of an n-pi* state.
        above: Thousandths of its hole on lone pairs.
    """

    transfer_ev: float = 0.0
    npi_ev: float = 0.0
    lone_pairs: tuple[bool, ...] = ()
    below: float = NPI_STRENGTH
    above: int = HOLE_FROM

    def energy_ev(self, one: Transition) -> float:
        """Its energy before calibration."""
        return placed_ev(one, self.transfer_ev)

    def is_npi(self, one: Transition) -> bool:
        """Whether it is placed by `npi_ev`; what was moved as charge transfer is not."""
        moved = self.transfer_ev and is_weak_transfer(one)
        return not moved and is_npi(one, self.lone_pairs, self.below, self.above)


def state_rules(level: Level, species: Species) -> StateRules:
    """Of a molecule at a level, solvents ignored; of bare charges n-pi* states were never compared."""
    transfer_ev = transfer_shift_ev(level)
    known = None if species.has_bare_charges else weak_calibration(level)
    if known is None:
        return StateRules(transfer_ev)
    return StateRules(transfer_ev, known.shift_ev, lone_pair_atoms(species))
