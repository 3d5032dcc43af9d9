"""What moving weak charge-transfer states does to maxima, edges and 365 nm, on two halves of the molecules.

It was thought of when the errors of the further molecules were known, and its bounds were chosen on them; the
first sets had no part in that.
"""

from dataclasses import dataclass

import numpy as np

from actinic.analysis.absorption_compared import TrialRow, compared_spectra
from actinic.analysis.absorption_edges import Predicted, predicted_spectra
from actinic.analysis.absorption_models import Points, left_out, line
from actinic.analysis.absorption_points import AbsorptionPoint, with_transfer_shift
from actinic.analysis.absorption_validation import fitted_points, scaffolds
from actinic.analysis.calibration import AbsorptionCalibration
from actinic.analysis.validation import Paired, Real, paired

SHIFTS_EV = (0.0, 0.5, 1.0, 2.0)


@dataclass(frozen=True, slots=True)
class TransferRow:
    """One shift on one part of the molecules.

    Attributes:
        shift_ev: Added to weak charge-transfer states.
        n_moved: Molecules whose lowest band it moves, of those with a maximum or a spectrum.
        n: Maxima.
        maxima_ev: Their mean absolute error, scaffolds left out.
        maxima: The same minus that without a shift.
        spectra: Edges and 365 nm.
    """

    shift_ev: float
    n_moved: int
    n: int
    maxima_ev: float
    maxima: Paired
    spectra: TrialRow


def transfer_rows(
    points: Points, calibration: AbsorptionCalibration
) -> tuple[tuple[TransferRow, ...], tuple[TransferRow, ...]]:
    """All shifts on the first sets, and on the further ones; the first shift is none.

    Empty where no charge transfer was stored, where the level is not corrected, or without spectra.

    Args:
        points: All sets at one level.
        calibration: For the standard errors.
    """
    if not any(any(point.is_transfer) and point.rules.transfer_ev for point in points):
        return (), ()
    moved = {shift: [with_transfer_shift(point, shift) for point in points] for shift in SHIFTS_EV}
    spectra = {shift: predicted_spectra(some) for shift, some in moved.items()}
    first, further = (_half(moved, spectra, calibration, further=half) for half in (False, True))
    return first, further


def _half(
    moved: dict[float, list[AbsorptionPoint]],
    predicted: dict[float, list[Predicted]],
    calibration: AbsorptionCalibration,
    *,
    further: bool,
) -> tuple[TransferRow, ...]:
    """The rows of one half of the molecules, all of which every line is fitted to."""
    maxima = {shift: _maxima(some, further=further) for shift, some in moved.items()}
    spectra = {
        shift: [one for one in some if _is_further(one.point) == further] for shift, some in predicted.items()
    }
    kept = set.intersection(*({one.point.measured.id for one in some} for some in spectra.values()))
    if not kept:
        return ()
    whole = {shift: [one for one in some if one.point.measured.id in kept] for shift, some in spectra.items()}
    trials = compared_spectra({f"{shift:g}": some for shift, some in whole.items()}, calibration)
    groups = scaffolds([point for point in fitted_points(moved[0.0]) if _is_further(point) == further])
    return tuple(
        TransferRow(
            shift_ev=shift,
            n_moved=sum(
                abs(after.raw_ev - before.raw_ev) > 1e-6
                for before, after in zip(moved[0.0], moved[shift], strict=True)
                if _is_further(before) == further
            ),
            n=maxima[shift].size,
            maxima_ev=float(np.abs(maxima[shift]).mean()),
            maxima=paired(maxima[shift], maxima[0.0], groups),
            spectra=trial,
        )
        for shift, trial in zip(SHIFTS_EV, trials, strict=True)
    )


def _is_further(point: AbsorptionPoint) -> bool:
    return point.measured.collection.startswith("further")


def _maxima(points: Points, *, further: bool) -> Real:
    fitted = fitted_points(points)
    errors = left_out(fitted, line, scaffolds(fitted)).errors_ev
    return np.asarray(errors[[_is_further(point) == further for point in fitted]])
