"""Whether measured spectra are met better in a solvent, from several conformers or as another tautomer.

None of it is in the tables of the calibration. The line is that of the molecules as the tables have them; it
belongs to maxima in solvents of little polarity, so that what a continuum moves comes on top of it.
"""

from collections.abc import Mapping

from actinic.analysis.absorption_compared import SetTable, compared_by_set
from actinic.analysis.absorption_edges import Predicted, left_out_spectrum
from actinic.analysis.absorption_models import Points, fitted_line
from actinic.analysis.absorption_width import flanks
from actinic.analysis.calibration import AbsorptionCalibration


def otherwise_tables(
    fitted: Points, ways: Mapping[str, Points], calibration: AbsorptionCalibration
) -> tuple[SetTable, ...]:
    """Measured spectra that are computed in each way, moved by the same line; empty where there are none.

    Args:
        fitted: What the line is fitted to.
        ways: Molecules by each way, by name; the others are compared with the first.
        calibration: For the standard errors.
    """
    known = [
        {point.measured.id: point for point in some if point.measured.band_edge_ev is not None}
        for some in ways.values()
    ]
    common = [name for name in known[0] if all(name in some for some in known)]
    predicted = [_predicted([some[name] for name in common], fitted) for some in known]
    return compared_by_set(dict(zip(ways, predicted, strict=True)), calibration)


def _predicted(chosen: Points, known: Points) -> list[Predicted]:
    """By the line of other scaffolds, and the width of other flanks that are computed alike."""
    wide = flanks(chosen, fitted_line(known))
    found = [left_out_spectrum(point, known, wide) for point in chosen]
    return [one for one in found if one is not None]
