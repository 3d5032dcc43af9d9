"""n-pi* states: how they are told from other weak ones, and by how much functionals misplace them.

The line of the maxima, which was fitted to bands of pi-pi* states, has the other sign: it moves bands in the
ultraviolet to the red, n-pi* states computed there lie too far red already.
"""

from dataclasses import dataclass

from actinic.calculations.weak_states import have_lone_pairs
from actinic.chemistry.species import Species
from actinic.level import Level


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
    return WEAK_CALIBRATIONS.get(str(level.in_gas_phase))


def lone_pair_atoms(species: Species) -> tuple[bool, ...]:
    """Which heavy atoms, in the order of its geometries, have lone pairs that n-pi* states start from."""
    return have_lone_pairs([atom.GetSymbol() for atom in species.shared_molecule().GetAtoms()])
