"""The absorption spectrum of a candidate with its 68 % band, against the exposure lines."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from actinic.analysis.absorption import Sticks
from actinic.analysis.calibrated_spectrum import CalibratedSpectrum
from actinic.analysis.estimate import N_DRAWS
from actinic.analysis.exposure import COVERAGE_MARGIN_SIGMA, Exposure
from actinic.reporting.figures import Axis, Tick, decades, multiples, outline, path, rows_without_overlap
from actinic.units import ABSORPTIVITY_AREA_L_MOL_CM2, INVERSE_CM_PER_EV, ev_from_nm, nm_from_ev

WIDTH, HEIGHT = 520, 270
LEFT, RIGHT, TOP, BOTTOM = 66.0, 506.0, 46.0, 226.0
STEP_NM = 3.0
LEAST_L_MOL_CM = 1.0
"""Bottom of the absorptivity axis."""

SHORTEST_NM, MARGIN_NM = 230.0, 30.0
LABEL_PIXELS = 30.0

Curve = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Line:
    """An exposure line: where it is drawn, in which row its label stands, whether it is the target."""

    pixel: float
    row: int
    text: str
    is_target: bool


@dataclass(frozen=True, slots=True)
class SpectrumFigure:
    """What the template draws, in pixels.

    Attributes:
        wavelength: Axis in nm.
        absorptivity: Axis in L mol-1 cm-1.
        curve: Path of the best values.
        band: Path around their 68 % interval.
        sticks: Path of the excitations, each as high as it would peak alone.
        excitations: The same for a script to broaden: groups parted by `/`, each its width in eV, then energy
            in eV and area of every excitation; an area over the width is the absorptivity at its top. The
            first group is of bright bands, the others are of sampled weak ones.
        known_from: Left of this roots may be missing.
        lines: The exposure lines in the window.
        absorptivity_ticks: In L mol-1 cm-1.
        answers: Where a molecule begins to answer.
        silent: Up to where it is silent.
        label: What a screen reader says.
    """

    wavelength: Axis
    absorptivity: Axis
    curve: str
    band: str
    sticks: str
    excitations: str
    known_from: float
    lines: tuple[Line, ...]
    absorptivity_ticks: tuple[Tick, ...]
    answers: Tick
    silent: Tick
    label: str


def wavelength_axis(lines_nm: tuple[float, ...], first_pixel: float, last_pixel: float) -> Axis:
    """One axis for all candidates of a run: from the far ultraviolet to beyond the last line."""
    shortest = min(SHORTEST_NM, min(lines_nm) - MARGIN_NM / 2)
    return Axis(shortest, max(450.0, *lines_nm) + MARGIN_NM, first_pixel, last_pixel)


def wavelength_ticks(axis_nm: Axis) -> tuple[Tick, ...]:
    """Ticks in nm."""
    return multiples(axis_nm, 50.0)


def energy_ticks(axis_nm: Axis) -> tuple[Tick, ...]:
    """Ticks in eV of an axis in nm."""
    halves = [n / 2 for n in range(2, 21)]
    return tuple(Tick(axis_nm.pixel(nm_from_ev(e)), f"{e:g}") for e in halves if axis_nm.holds(nm_from_ev(e)))


def spectrum_figure(spectrum: CalibratedSpectrum, exposure: Exposure, axis_nm: Axis) -> SpectrumFigure:
    """Lay out one spectrum.

    Args:
        spectrum: Calibrated.
        exposure: Lines and thresholds of the candidate.
        axis_nm: From `wavelength_axis`.
    """
    wavelengths = np.arange(axis_nm.first, axis_nm.last + STEP_NM / 2, STEP_NM)
    wavelengths = wavelengths[wavelengths >= known_from_nm(spectrum)]
    best, low, high = absorptivity_band(spectrum, np.array([ev_from_nm(w) for w in wavelengths]))
    reached = max(float(high.max(initial=0.0)), 1e3)
    absorptivity = Axis(LEAST_L_MOL_CM, 10.0 ** math.ceil(math.log10(reached)), BOTTOM, TOP, logarithmic=True)
    x = axis_nm.pixels(wavelengths)
    upper, lower, middle = (list(zip(x, absorptivity.pixels(y), strict=True)) for y in (high, low, best))
    return SpectrumFigure(
        wavelength=axis_nm,
        absorptivity=absorptivity,
        curve=path(middle),
        band=outline([*upper, *reversed(lower)]),
        sticks=_sticks(spectrum, axis_nm, absorptivity),
        excitations=excitations_text(spectrum),
        known_from=axis_nm.pixel(known_from_nm(spectrum)),
        lines=_lines(exposure, axis_nm),
        absorptivity_ticks=decades(absorptivity),
        answers=Tick(absorptivity.pixel(exposure.answers_l_mol_cm), f"{exposure.answers_l_mol_cm:g}"),
        silent=Tick(absorptivity.pixel(exposure.silent_l_mol_cm), f"{exposure.silent_l_mol_cm:g}"),
        label=_label(wavelengths, best),
    )


def known_from_nm(spectrum: CalibratedSpectrum) -> float:
    """Shortest wavelength at which no root can be missing, as for the exposure lines."""
    reach_ev = spectrum.sticks.covered_ev - COVERAGE_MARGIN_SIGMA * spectrum.standard_error_ev
    return nm_from_ev(reach_ev) if reach_ev > 0 else math.inf


def absorptivity_band(spectrum: CalibratedSpectrum, energies_ev: Curve) -> tuple[Curve, Curve, Curve]:
    """Molar absorptivity and the ends of its 68 % interval, by the same draws as at the exposure lines.

    Args:
        spectrum: Calibrated.
        energies_ev: Photon energies, shape (n,).

    Returns:
        Best values, lower and upper ends in L mol-1 cm-1, each of shape (n,).
    """
    values = spectrum.alternatives_l_mol_cm(energies_ev)
    drawn = np.sort(values[:, 1:], axis=1)
    skipped = round(0.16 * (N_DRAWS - 1))
    return values[:, 0], drawn[:, skipped], drawn[:, -1 - skipped]


def excitations_text(spectrum: CalibratedSpectrum) -> str:
    """The excitations as `SpectrumFigure.excitations` has them."""
    bright = spectrum.sticks if spectrum.rest is None else spectrum.rest
    groups = [_group(spectrum.width_ev, bright, spectrum.intensity)]
    if spectrum.weak is not None:
        groups += [_group(band.width_ev, band.sticks, 1.0) for band in spectrum.weak.bands]
    return "/".join(groups)


def _group(width_ev: float, sticks: Sticks, scale: float) -> str:
    area = scale * ABSORPTIVITY_AREA_L_MOL_CM2 / (INVERSE_CM_PER_EV * math.sqrt(2 * math.pi))
    pairs = zip(sticks.energies_ev, sticks.strengths, strict=True)
    drawn = [f"{energy:.3f} {area * strength:.4g}" for energy, strength in sorted(pairs) if strength > 0]
    return " ".join([f"{width_ev:.3f}", *drawn])


def _sticks(spectrum: CalibratedSpectrum, axis_nm: Axis, absorptivity: Axis) -> str:
    """Vertical strokes; a dark state is a stub, for it is there."""
    height = ABSORPTIVITY_AREA_L_MOL_CM2 / (spectrum.width_ev * INVERSE_CM_PER_EV * math.sqrt(2 * math.pi))
    strokes = []
    for energy_ev, strength in zip(spectrum.sticks.energies_ev, spectrum.sticks.strengths, strict=True):
        if energy_ev <= 0 or not axis_nm.holds(nm_from_ev(energy_ev)):
            continue
        top = min(absorptivity.pixel(spectrum.intensity * height * strength), BOTTOM - 4)
        strokes.append(f"M{axis_nm.pixel(nm_from_ev(energy_ev)):g} {BOTTOM:g}V{top:g}")
    return "".join(sorted(strokes))


def _lines(exposure: Exposure, axis_nm: Axis) -> tuple[Line, ...]:
    target = () if exposure.target_nm is None else (exposure.target_nm,)
    shown = [line for line in sorted({*exposure.lines_nm, *target}) if axis_nm.holds(line)]
    pixels = [axis_nm.pixel(line) for line in shown]
    rows = rows_without_overlap(pixels, LABEL_PIXELS)
    return tuple(
        Line(pixel, row, f"{line:g}", line == exposure.target_nm)
        for line, pixel, row in zip(shown, pixels, rows, strict=True)
    )


def _label(wavelengths: Curve, best: Curve) -> str:
    if not wavelengths.size:
        return "Absorption spectrum: nothing is known in this window"
    top = int(best.argmax())
    return (
        f"Absorption spectrum from {wavelengths[0]:.0f} to {wavelengths[-1]:.0f} nm, highest at "
        f"{wavelengths[top]:.0f} nm with {best[top]:.3g} L mol-1 cm-1"
    )
