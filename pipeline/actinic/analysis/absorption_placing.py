"""How states beside the lowest band are put on the scale of experiment: what was shipped against before.

That n-pi* states and states below the band could be placed apart was thought of when the errors of all these
molecules were known. The correction of n-pi* states is from gas-phase theory, the slope from maxima: neither
was fitted to these spectra.
"""

from actinic.analysis.absorption_compared import SetTable, TrialRow, compared_by_set
from actinic.analysis.absorption_edges import predicted_spectra
from actinic.analysis.absorption_models import Points
from actinic.analysis.absorption_points import with_npi_bounds, without_npi_rule
from actinic.analysis.calibration import AbsorptionCalibration

BOUNDS = (
    (0.005, 500),
    (0.01, 500),
    (0.02, 500),
    (0.05, 500),
    (0.07, 500),
    (0.1, 500),
    (0.03, 400),
    (0.03, 600),
    (0.03, 700),
)
"""Oscillator strengths and thousandths of the hole by which n-pi* states were told as well."""


def bound_rows(points: Points, calibration: AbsorptionCalibration) -> tuple[TrialRow, ...]:
    """Measured spectra by other bounds of what counts as an n-pi* state; empty where none is told apart.

    Args:
        points: All sets at one level.
        calibration: For the standard errors.
    """
    if not any(any(point.sticks.is_npi) for point in points):
        return ()
    ways = {"shipped": predicted_spectra(points)}
    for below, above in BOUNDS:
        moved = [with_npi_bounds(point, below, above) for point in points]
        ways[f"f < {below:g}, hole > {above / 1000:g}"] = predicted_spectra(moved)
    return compared_by_set(ways, calibration)[0].rows


def placing_tables(points: Points, calibration: AbsorptionCalibration) -> tuple[SetTable, ...]:
    """All measured spectra, the first ones, the further ones; empty where no n-pi* state is told apart.

    Args:
        points: All sets at one level.
        calibration: For the standard errors.
    """
    if not any(any(point.sticks.is_npi) for point in points):
        return ()
    plain = [without_npi_rule(point) for point in points]
    ways = {
        "all states moved alike": predicted_spectra(plain, rigid=True),
        "those below the band by the line": predicted_spectra(plain),
        "n-pi* states by their own correction": predicted_spectra(points, rigid=True),
        "both": predicted_spectra(points),
    }
    return compared_by_set(ways, calibration)
