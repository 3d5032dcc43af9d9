"""Which tautomer a molecule is: Gibbs energies in two media with their error, and what follows from them.

Two media, because the order depends on them: a polar form (pyridone, thione) gains more from its
surroundings. A form is only taken for another where both the gas phase and a medium as polar as toluene or an
organic film say so.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from actinic.analysis.reaction_energies import Computed, room_terms
from actinic.units import HARTREE_KCAL_MOL

LEVEL = "wb97x-d3/def2-svp+n(def2-tzvp)+o(def2-tzvp)+s(def2-tzvp)"
"""Of the single points in the gas phase; what tautomerism changes are bonds of N, O and S."""

FILM_LEVEL = f"{LEVEL}@cpcm(toluene)"

ERROR_KCAL_MOL = 1.7
"""Standard error of a difference: root mean square error, vibrations included, of `benchmarks/tautomers.py`;
electronic energies alone are better (1.1)."""

ION_ERROR_FACTOR = 2.0
"""By convention: no reference value of an ion stands behind the error."""

CLOSE_KCAL_MOL = 3.0
"""A tautomer this little above the lowest may matter, in another medium or through a hydrogen bond."""


class Outcome(StrEnum):
    """What becomes of the drawn form."""

    LOWEST = "drawn is lowest"
    TAKEN = "another is lower: taken"
    UNDECIDED = "within the error: drawn kept"
    MEDIUM = "depends on the medium: drawn kept"
    UNKNOWN = "not compared: drawn kept"


@dataclass(frozen=True, slots=True)
class Decision:
    """Which form of a molecule is computed.

    Attributes:
        outcome: In words.
        form: Its place among the forms; 0 for the one drawn.
        gain_kcal_mol: How far it lies below the one drawn, in the medium where that is least; of the best of
            the others where the one drawn is kept, negative when all lie above. None where nothing is known.
    """

    outcome: Outcome
    form: int
    gain_kcal_mol: float | None


def gibbs_kcal_mol(found: Computed) -> tuple[float, ...] | None:
    """Gibbs energy (298.15 K, 1 atm) of the lowest conformer at each level; None of what is no minimum."""
    terms = room_terms(found.thermal)
    if terms is None:
        return None
    levels = range(len(found.energies))
    return tuple(
        math.fsum((HARTREE_KCAL_MOL * found.electronic_hartree(level), terms.gibbs_kcal_mol))
        for level in levels
    )


def decision(gibbs: Sequence[tuple[float, ...] | None], error_kcal_mol: float) -> Decision:
    """Compare the forms of one molecule.

    Args:
        gibbs: Gibbs energies (kcal/mol) by medium of each form, the one drawn first; None where unknown.
        error_kcal_mol: Standard error of a difference.

    >>> decision([(0.0, 0.0), (-4.0, -5.0)], 1.0)
    Decision(outcome=<Outcome.TAKEN: 'another is lower: taken'>, form=1, gain_kcal_mol=4.0)
    """
    drawn = gibbs[0]
    others = [(form, other) for form, other in enumerate(gibbs) if form and other is not None]
    if drawn is None or not others:
        return Decision(Outcome.UNKNOWN, 0, None)
    gains = {form: [d - o for d, o in zip(drawn, other, strict=True)] for form, other in others}
    best = max(gains, key=lambda form: min(gains[form]))
    gain = min(gains[best])
    if gain > error_kcal_mol:
        return Decision(Outcome.TAKEN, best, gain)
    greatest = max(max(one) for one in gains.values())
    if greatest < -error_kcal_mol:
        return Decision(Outcome.LOWEST, 0, gain)
    least = min(min(one) for one in gains.values() if max(one) == greatest)
    parted = greatest > error_kcal_mol and least < 0
    return Decision(Outcome.MEDIUM if parted else Outcome.UNDECIDED, 0, gain)
