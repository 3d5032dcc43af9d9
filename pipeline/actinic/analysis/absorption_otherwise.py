"""Whether measured spectra are met better when computed in a solvent: the first ones, in acetonitrile."""

from actinic.analysis.absorption_blind import FIRST_SPECTRA
from actinic.analysis.absorption_compared import TrialRow, compared_spectra
from actinic.analysis.absorption_edges import Predicted, left_out_spectrum
from actinic.analysis.absorption_models import Points, fitted_line
from actinic.analysis.absorption_validation import fitted_points
from actinic.analysis.absorption_width import flanks
from actinic.analysis.calibration import AbsorptionCalibration


def medium_rows(
    points: Points, dissolved: Points, calibration: AbsorptionCalibration
) -> tuple[TrialRow, ...]:
    """The first measured spectra as computed in a vacuum and in a continuum, moved by the same line.

    The solvent of these spectra is not stated; the line belongs to maxima in solvents of little polarity, so
    that what the continuum moves comes on top of it.

    Args:
        points: All molecules in a vacuum.
        dissolved: Molecules with a measured spectrum, in the continuum.
        calibration: For the standard errors.
    """
    by_id = {point.measured.id: point for point in dissolved}
    chosen = [p for p in points if p.measured.collection == FIRST_SPECTRA and p.measured.id in by_id]
    both = _predicted(chosen, points), _predicted([by_id[p.measured.id] for p in chosen], points)
    pairs = [(one, two) for one, two in zip(*both, strict=True) if one is not None and two is not None]
    if not pairs:
        return ()
    ways = {"in a vacuum": [one for one, _ in pairs], "in acetonitrile": [two for _, two in pairs]}
    return compared_spectra(ways, calibration)


def _predicted(chosen: Points, points: Points) -> list[Predicted | None]:
    """By the line of other scaffolds in a vacuum, and the width of other flanks of the same medium."""
    known = fitted_points(points)
    wide = flanks(chosen, fitted_line(known))
    return [left_out_spectrum(point, known, wide) for point in chosen]
