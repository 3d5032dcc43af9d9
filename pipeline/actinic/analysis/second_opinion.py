"""What a second level of theory says of where a spectrum lies: the mean of two lines, and their distance."""

from dataclasses import dataclass

from actinic.analysis.absorption import anchor_band_ev
from actinic.analysis.calibration import AbsorptionCalibration
from actinic.analysis.merging import merged_sticks
from actinic.analysis.state_rules import state_rules
from actinic.calculations.spectrum import SpectrumResult
from actinic.chemistry.species import Species
from actinic.level import Level

DISAGREE_EV = 0.3
"""Two calibrated levels further apart are named in the row."""


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """Two levels on the lowest band of one conformer.

    Attributes:
        apart_ev: Calibrated energy by the second minus that by the first.
    """

    apart_ev: float

    @property
    def shift_ev(self) -> float:
        """What to add to the spectrum of the first so that it lies in the middle."""
        return 0.5 * self.apart_ev


def second_opinion(
    bands_ev: tuple[float | None, float | None], lines: tuple[AbsorptionCalibration, AbsorptionCalibration]
) -> SecondOpinion | None:
    """Compare two levels on one geometry; None where one of them has no band.

    Args:
        bands_ev: Raw energies of the lowest band at either.
        lines: Of the two levels.
    """
    first_ev, second_ev = bands_ev
    if first_ev is None or second_ev is None:
        return None
    moved = lines[0].shift_ev(first_ev), lines[1].shift_ev(second_ev)
    return SecondOpinion(second_ev + moved[1] - first_ev - moved[0])


def lowest_band_ev(spectrum: SpectrumResult, level: Level, species: Species) -> float | None:
    """Raw energy of the lowest band of one spectrum that a line is for; None without any.

    Args:
        spectrum: As computed.
        level: Of it.
        species: What was computed.
    """
    return anchor_band_ev(merged_sticks([spectrum], [1.0], state_rules(level, species)))
