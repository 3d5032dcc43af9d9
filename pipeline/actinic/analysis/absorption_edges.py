"""Measured spectra against computed ones: the red edge, and whether 365 nm is absorbed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from actinic.analysis.absorption import (
    UNFITTED_WIDTH_EV,
    Sticks,
    band_edge_ev,
    lowest_band_strength,
    molar_absorptivity_l_mol_cm,
)
from actinic.analysis.absorption_models import Points, fitted_line
from actinic.analysis.absorption_points import AbsorptionPoint, placed_sticks
from actinic.analysis.absorption_validation import CoverageCheck, fitted_points, scaffolds, tailed_check
from actinic.analysis.absorption_width import Flanks, flanks
from actinic.analysis.calibration import AbsorptionCalibration
from actinic.analysis.estimate import standard_quantiles
from actinic.analysis.forecast import Forecast, forecast
from actinic.analysis.validation import (
    Line,
    Paired,
    Real,
    Summary,
    paired,
    summary,
    tailed_scale,
)
from actinic.units import ev_from_nm

LINE_NM = 365
ABSORBS_FROM = 0.01
"""Share of the maximum in 220-400 nm from which a molecule counts as absorbing at the line."""

LINE_EV = ev_from_nm(LINE_NM)
WINDOW_NM = (220.0, 400.0)
WINDOW_EV = np.linspace(ev_from_nm(WINDOW_NM[1]), ev_from_nm(WINDOW_NM[0]), 400)

RIGID = Line(1.0, 0.0)
"""By this line all states are moved alike."""


@dataclass(frozen=True, slots=True)
class EdgeTable:
    """Red edges at 10 % of the lowest maximum.

    Attributes:
        shifted: Errors in eV of the shipped way: the spectrum moved by the line of the maxima, fitted to
            molecules of other scaffolds.
        offset: The same with a constant added that the edges of other scaffolds ask for.
        own_line: Errors of a line from the raw edge to the measured one, fitted to other scaffolds.
        offset_against_shifted: Whether the constant helps.
        line_against_shifted: Whether the line of the edges' own helps.
        error_ev: Standard error of the first way, and how much longer than normal its tails are.
        coverage: Of the first way, each edge against both of other scaffolds.
        mean_ev: Errors of predicting the mean edge of the other scaffolds.
        n_bounds: Molecules whose edge lies beyond the end of the measured spectra.
        n_bounds_right: Of these, the ones computed beyond it, too.
    """

    shifted: Summary
    offset: Summary
    own_line: Summary
    offset_against_shifted: Paired
    line_against_shifted: Paired
    error_ev: tuple[float, float]
    coverage: CoverageCheck
    mean_ev: Summary
    n_bounds: int
    n_bounds_right: int


@dataclass(frozen=True, slots=True)
class Predicted:
    """The spectrum of one molecule by a line and a width fitted to other scaffolds.

    Attributes:
        point: The molecule.
        shift_ev: What the line adds to its lowest band.
        slope: Of that line.
        width_ev: Gaussian standard deviation of its bands.
        edge_ev: Its calibrated edge.
    """

    point: AbsorptionPoint
    shift_ev: float
    slope: float
    width_ev: float
    edge_ev: float

    @property
    def sticks(self) -> Sticks:
        """Its excitations on the scale of experiment."""
        return placed_sticks(self.point, self.shift_ev, self.slope)

    @property
    def line(self) -> Line:
        """Of that slope, through where it puts the lowest band."""
        return Line(self.slope, self.band_ev - self.slope * self.point.raw_ev)

    @property
    def band_ev(self) -> float:
        """Calibrated energy of its lowest band."""
        return self.point.raw_ev + self.shift_ev

    @property
    def strength(self) -> float | None:
        """Oscillator strength of its lowest band, n-pi* ones not left out."""
        return lowest_band_strength(self.sticks)

    @property
    def absorbs(self) -> bool:
        """Whether it was measured to absorb at 365 nm."""
        return self.point.measured.relative[LINE_NM] > ABSORBS_FROM


def predicted_spectra(points: Points, *, rigid: bool = False) -> list[Predicted]:
    """Every molecule with a measured spectrum.

    Args:
        points: All molecules.
        rigid: Move all states alike.
    """
    known = fitted_points(points)
    wide = flanks(points, RIGID if rigid else fitted_line(known))
    measured = (point for point in points if point.measured.band_edge_ev is not None)
    found = [left_out_spectrum(point, known, wide, rigid=rigid) for point in measured]
    return [one for one in found if one is not None]


def left_out_spectrum(
    point: AbsorptionPoint, known: Points, wide: Flanks, *, rigid: bool = False
) -> Predicted | None:
    """One molecule by the line through `known` and the width from `wide`, its scaffold left out of both."""
    fitted = fitted_line([other for other in known if other.scaffold != point.scaffold])
    width_ev = wide.width_ev(without=point.scaffold) or UNFITTED_WIDTH_EV
    slope = RIGID.slope if rigid else fitted.slope
    return predicted_spectrum(point, float(fitted(np.array(point.raw_ev))), slope, width_ev)


def predicted_spectrum(
    point: AbsorptionPoint, band_ev: float, slope: float, width_ev: float
) -> Predicted | None:
    """One molecule, its lowest band moved to `band_ev` by a line of that slope; None without an edge."""
    shift_ev = band_ev - point.raw_ev
    edge_ev = band_edge_ev(placed_sticks(point, shift_ev, slope), width_ev)
    return None if edge_ev is None else Predicted(point, shift_ev, slope, width_ev, edge_ev)


def edge_table(predicted: Sequence[Predicted]) -> EdgeTable:
    """Errors of the edges; those beyond the measured spectra are counted, not averaged."""
    inside = [one for one in predicted if not one.point.measured.edge_is_bound]
    bounds = [one for one in predicted if one.point.measured.edge_is_bound]
    edges = np.array([one.edge_ev for one in inside])
    measured = np.array([one.point.measured.band_edge_ev for one in inside], dtype=float)
    raw = np.array([band_edge_ev(one.point.sticks, one.width_ev) for one in inside], dtype=float)
    groups = scaffolds([one.point for one in inside])
    shifted, offset, own, mean = edges - measured, *_refitted(edges, raw, measured, groups)
    right = [one.edge_ev <= (one.point.measured.band_edge_ev or 0.0) for one in bounds]
    return EdgeTable(
        shifted=summary(shifted),
        offset=summary(offset),
        own_line=summary(own),
        offset_against_shifted=paired(offset, shifted, groups),
        line_against_shifted=paired(own, shifted, groups),
        error_ev=tailed_scale(shifted),
        coverage=tailed_check(shifted, groups),
        mean_ev=summary(mean),
        n_bounds=len(bounds),
        n_bounds_right=sum(right),
    )


def edge_records(predicted: Sequence[Predicted]) -> list[dict[str, Any]]:
    """Measured and predicted edges as plain values, the largest errors first, bounds last."""
    records = [
        {
            "id": one.point.measured.id,
            "smiles": one.point.smiles,
            "edge_ev": one.edge_ev,
            "measured_ev": one.point.measured.band_edge_ev,
            "error_ev": one.edge_ev - (one.point.measured.band_edge_ev or 0.0),
            "is_bound": one.point.measured.edge_is_bound,
        }
        for one in predicted
    ]
    return sorted(records, key=lambda record: (record["is_bound"], -abs(record["error_ev"])))


def line_forecast(predicted: Sequence[Predicted], calibration: AbsorptionCalibration) -> Forecast:
    """Whether 365 nm is absorbed by more than 1 % of the maximum, with the error of the calibration."""
    probabilities = np.array(
        [absorbs_probability(one, calibration.error_ev(one.strength)) for one in predicted]
    )
    outcomes = np.array([one.absorbs for one in predicted])
    return forecast(probabilities, outcomes, scaffolds([one.point for one in predicted]))


def absorbs_probability(one: Predicted, standard_error_ev: float) -> float:
    """Share of equally likely positions of the spectrum in which the line is absorbed."""
    errors_ev = standard_error_ev * np.array(standard_quantiles())
    return absorbing_share(one.sticks, errors_ev, np.full(errors_ev.size, one.width_ev))


def absorbing_share(sticks: Sticks, errors_ev: Real, widths_ev: Real) -> float:
    """Share of the errors of position, shape (n,), with which the line is absorbed; a width for each."""
    pairs = zip(errors_ev.tolist(), widths_ev.tolist(), strict=True)
    return float(
        np.mean([_relative(sticks, error_ev, width_ev) > ABSORBS_FROM for error_ev, width_ev in pairs])
    )


def _relative(sticks: Sticks, error_ev: float, width_ev: float) -> float:
    """Absorptivity at the line over the highest in the window, the spectrum moved by `error_ev`."""
    # What no root covers is unknown, and no maximum.
    inside = WINDOW_EV[sticks.covered_ev + error_ev >= WINDOW_EV]
    values = molar_absorptivity_l_mol_cm(sticks, np.append(inside, LINE_EV) - error_ev, width_ev)
    top = float(values.max())
    return float(values[-1]) / top if top > 0 else 0.0


def _refitted(edges: Real, raw: Real, measured: Real, groups: Sequence[str]) -> tuple[Real, Real, Real]:
    """Errors with a constant, with a line of the raw edges, and of the mean, all from other groups."""
    offset, own, mean = np.empty(edges.size), np.empty(edges.size), np.empty(edges.size)
    names = np.array(groups)
    for name in dict.fromkeys(groups):
        inside = names == name
        others = ~inside
        offset[inside] = edges[inside] + (measured - edges)[others].mean() - measured[inside]
        own[inside] = Line.fit(raw[others], measured[others])(raw[inside]) - measured[inside]
        mean[inside] = measured[others].mean() - measured[inside]
    return offset, own, mean
