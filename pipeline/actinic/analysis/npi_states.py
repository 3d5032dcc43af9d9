"""n-pi* states: how they are told from other weak ones, and by how much functionals misplace them.

The line of the maxima, which was fitted to bands of pi-pi* states, has the other sign: it moves bands in the
ultraviolet to the red, n-pi* states computed there lie too far red already.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from actinic.calculations.sampling import BRIGHT_STRENGTH
from actinic.calculations.spectrum import Transition
from actinic.chemistry.species import Species
from actinic.level import Level

LONE_PAIRS = frozenset({"N", "O", "S"})
"""Atoms whose lone pairs were measured, in carbonyls, thiocarbonyls and azines; not halogens."""

HOLE_FROM = 500
"""Thousandths of the hole that sit on such atoms: more than half. A convention."""


@dataclass(frozen=True, slots=True)
class WeakCalibration:
    """Correction of vertical n-pi* states.

    Attributes:
        shift_ev: Added to a computed energy.
        standard_error_ev: Standard deviation of what remains.
        n: States it was measured on.
    """

    shift_ev: float
    standard_error_ev: float
    n: int


WEAK_CALIBRATIONS = {
    "b3lyp/def2-svp": WeakCalibration(0.180, 0.175, 21),
    "cam-b3lyp/def2-svp": WeakCalibration(-0.107, 0.145, 21),
}
"""Best estimates of QUEST minus TDA of the full tier at GFN2 minima: n-pi* states of carbonyls and
thiocarbonyls (`python benchmarks/weak_states.py --level ...`). With the azines of the set that of B3LYP would
be 0.27 +- 0.21 eV."""


def weak_calibration(level: Level) -> WeakCalibration | None:
    """The correction for `level`, its solvent ignored; None when that level was never compared."""
    return WEAK_CALIBRATIONS.get(str(Level(level.method, level.basis)))


def lone_pair_atoms(species: Species) -> tuple[bool, ...]:
    """Which heavy atoms, in the order of its geometries, have lone pairs that n-pi* states start from."""
    heavy = (atom for atom in species.shared_molecule().GetAtoms() if atom.GetAtomicNum() > 1)
    return tuple(atom.GetSymbol() in LONE_PAIRS for atom in heavy)


def is_npi(one: Transition, lone_pairs: Sequence[bool]) -> bool:
    """Whether a state is nearly dark and its hole mostly on lone pairs; False where its hole was not stored.

    Args:
        one: As computed.
        lone_pairs: Of each heavy atom, as `lone_pair_atoms` gives it; empty for none.
    """
    hole = one.hole_permille
    if hole is None or not lone_pairs or one.oscillator_strength >= BRIGHT_STRENGTH:
        return False
    return sum(share for share, counts in zip(hole, lone_pairs, strict=True) if counts) > HOLE_FROM
