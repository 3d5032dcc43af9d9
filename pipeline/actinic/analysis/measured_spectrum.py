"""What is read off a measured spectrum: its lowest peak, the red edge, the absorbance at a few lines."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from actinic.analysis.absorption import EDGE_FRACTION
from actinic.analysis.validation import Real

PEAK_HEIGHT = 0.1
"""A peak counts from this share of the highest absorbance on: lower ones may be impurities."""

PEAK_PROMINENCE = 0.02
"""And where it rises by this share above the deeper of the dips beside it: less is noise.

With it, and three neighbours averaged, the lowest peaks of all 54 spectra of `measured_spectra.csv` come out
that were read before; half of it or half as much again finds the same.
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """One measured spectrum.

    Attributes:
        band_max_nm: Wavelength of the lowest (longest-wave) peak.
        band_edge_nm: Beyond it, where the absorbance has fallen to a tenth of that peak; the end of the
            spectrum where it has not.
        relative: Absorbance by wavelength (nm), relative to the highest of the spectrum.
    """

    band_max_nm: float
    band_edge_nm: float
    relative: dict[int, float]


def read_spectrum(wavelengths_nm: Real, absorbance: Real, lines_nm: Sequence[int]) -> Reading | None:
    """Read it off; None where no peak stands out, but the absorption of something further in the UV.

    Args:
        wavelengths_nm: Shape (n,), rising, evenly spaced.
        absorbance: Shape (n,), any unit, not all zero.
        lines_nm: Where the relative absorbance is wanted, within the spectrum.
    """
    from scipy.ndimage import uniform_filter1d  # noqa: PLC0415 - slow to import, needed in few commands
    from scipy.signal import find_peaks  # noqa: PLC0415 - as above

    relative = absorbance / absorbance.max()
    tops, _ = find_peaks(uniform_filter1d(relative, 3), height=PEAK_HEIGHT, prominence=PEAK_PROMINENCE)
    if not tops.size:
        return None
    top = int(tops[-1])
    level = EDGE_FRACTION * relative[top]
    below = np.flatnonzero(relative[top:] < level)
    edge_nm = float(wavelengths_nm[-1])
    if below.size:
        i = top + int(below[0])
        share = (relative[i - 1] - level) / (relative[i - 1] - relative[i])
        edge_nm = float(wavelengths_nm[i - 1] + share * (wavelengths_nm[i] - wavelengths_nm[i - 1]))
    at = np.interp(np.array(lines_nm, dtype=float), wavelengths_nm, relative)
    return Reading(
        band_max_nm=float(wavelengths_nm[top]),
        band_edge_nm=edge_nm,
        relative=dict(zip(lines_nm, at.tolist(), strict=True)),
    )
