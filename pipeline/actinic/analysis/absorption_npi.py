"""Whether n-pi* states follow the line of the maxima: on azo compounds, whose n-pi* bands are measured.

They are the only n-pi* maxima in solution among the reference molecules. The lowest excitation of an E-azo
compound is n-pi*; it is compared at one geometry, without the width and the shift that vibrations give.
"""

from dataclasses import dataclass

import numpy as np

from actinic.analysis.absorption_models import Points, fitted_line
from actinic.analysis.absorption_points import AbsorptionPoint
from actinic.analysis.absorption_validation import fitted_points, scaffolds
from actinic.analysis.npi_states import weak_calibration
from actinic.analysis.validation import Paired, Real, Summary, paired, summary
from actinic.level import Level

FEWEST = 5
"""Fewer are no table."""


@dataclass(frozen=True, slots=True)
class NpiRow:
    """One way to place n-pi* bands.

    Attributes:
        name: Of the way.
        errors: Predicted minus measured.
        against_line: Mean absolute error minus that of the first row.
    """

    name: str
    errors: Summary
    against_line: Paired


def npi_rows(points: Points, level: str) -> tuple[NpiRow, ...]:
    """All ways on the molecules with a measured n-pi* maximum; the line comes first.

    Args:
        points: All sets; the line is fitted to what `fitted_points` keeps of them, other scaffolds only.
        level: Functional and basis.
    """
    known = fitted_points(points)
    chosen = [point for point in points if point.measured.npi_max_ev is not None]
    if len(chosen) < FEWEST:
        return ()
    raw = np.array([min(point.sticks.energies_ev) for point in chosen])
    measured = np.array([point.measured.npi_max_ev for point in chosen], dtype=float)
    names = np.array(scaffolds(chosen))
    by_line = np.array([_on_line(known, point, ev) for point, ev in zip(chosen, raw, strict=True)])
    constant = np.array([(measured - raw)[names != name].mean() for name in names])
    ways: dict[str, Real] = {"line of the maxima": by_line, "as computed": raw}
    weak = weak_calibration(Level.parse(level))
    if weak is not None:
        ways["correction of sampled n-pi* bands"] = raw + weak.shift_ev
    ways["constant of the other n-pi* bands"] = raw + constant
    groups = names.tolist()
    return tuple(
        NpiRow(name, summary(values - measured), paired(values - measured, by_line - measured, groups))
        for name, values in ways.items()
    )


def _on_line(known: Points, point: AbsorptionPoint, energy_ev: float) -> float:
    """Where the line of other scaffolds puts an excitation of `point` that is not its lowest band."""
    others = [other for other in known if other.scaffold != point.scaffold]
    return float(fitted_line(others)(np.array(energy_ev)))
