"""Molecules that nobody had looked at: predicted by what the first sets gave, one level and two.

Line, width of bands and standard error come from the sets of `FIRST_FITTED` and from the first measured
spectra; the ways that are compared were written down before one of these molecules was computed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from actinic.analysis.absorption import UNFITTED_WIDTH_EV
from actinic.analysis.absorption_compared import TrialRow, compared
from actinic.analysis.absorption_edges import RIGID, Predicted, absorbs_probability, predicted_spectrum
from actinic.analysis.absorption_models import Points, fitted_line, left_out, line
from actinic.analysis.absorption_points import AbsorptionPoint, measured_ev, raw_ev, without_npi_rule
from actinic.analysis.absorption_validation import FIRST_FITTED, CoverageCheck, coverage_check, scaffolds
from actinic.analysis.absorption_width import flanks
from actinic.analysis.validation import Paired, Real, Summary, normal_scale, paired, summary

FIRST_SPECTRA = "spectra"
MAXIMA = "further_maxima"
SPECTRA = "further_spectra"


@dataclass(frozen=True, slots=True)
class BlindRow:
    """Maxima by one way.

    Attributes:
        name: Level, or what is made of two.
        standard_error_ev: What was claimed.
        errors: Predicted minus measured.
        coverage: Whether the claim held.
        against_first: Mean absolute error minus that of the first row.
    """

    name: str
    standard_error_ev: float
    errors: Summary
    coverage: CoverageCheck
    against_first: Paired


@dataclass(frozen=True, slots=True)
class BlindTest:
    """All ways on the further molecules.

    Attributes:
        maxima: Lowest maxima in non-polar solution.
        new_scaffolds: How many of them have a scaffold that no molecule of the first sets has.
        spectra: Edges and absorption at 365 nm.
        n_edges: Molecules behind the former, bounds left out.
        n_spectra: Molecules behind the latter.
        n_absorbing: How many of these absorb.
    """

    maxima: tuple[BlindRow, ...]
    new_scaffolds: int
    spectra: tuple[TrialRow, ...]
    n_edges: int
    n_spectra: int
    n_absorbing: int


@dataclass(frozen=True, slots=True)
class _Fixed:
    """A level as the first sets calibrate it.

    Attributes:
        points: All molecules at that level, by id.
        lowest_ev: Calibrated energy of their lowest bands, by id.
        left_out_ev: Left-out errors of the first sets, in the order of `points`.
        width_ev: Of its bands.
    """

    points: Mapping[str, AbsorptionPoint]
    lowest_ev: Mapping[str, float]
    left_out_ev: Real
    width_ev: float


def blind_test(by_level: Mapping[str, Points]) -> BlindTest | None:
    """Judge every level, and of two also what can be made of both.

    Args:
        by_level: Points of one or two levels; what counts are molecules that all have. Of spectra, levels
            that have none of the further ones do not count.

    Returns:
        None where no further molecules are computed.
    """
    fixed, maxima = _of_all(by_level, MAXIMA)
    with_spectra = {
        level: points
        for level, points in by_level.items()
        if any(point.measured.collection == SPECTRA for point in points)
    }
    if not maxima or not with_spectra:
        return None
    first = next(iter(fixed.values()))
    known = {p.scaffold for p in first.points.values() if p.measured.collection in FIRST_FITTED}
    known_spectra, spectra = _of_all(with_spectra, SPECTRA)
    predicted, edges_ev, probabilities = _spectra(spectra, known_spectra)
    return BlindTest(
        maxima=_maxima(maxima, fixed),
        new_scaffolds=sum(point.scaffold not in known for point in maxima),
        spectra=compared(predicted, edges_ev, probabilities),
        n_edges=sum(not one.point.measured.edge_is_bound for one in predicted),
        n_spectra=len(predicted),
        n_absorbing=sum(one.absorbs for one in predicted),
    )


def _of_all(
    by_level: Mapping[str, Points], collection: str
) -> tuple[dict[str, _Fixed], list[AbsorptionPoint]]:
    """Every level as the first sets calibrate it, and the molecules of a set that all levels have."""
    common = set.intersection(*({point.measured.id for point in points} for points in by_level.values()))
    fixed = {
        level: _fixed([without_npi_rule(p) for p in points if p.measured.id in common])
        for level, points in by_level.items()
    }
    first = next(iter(fixed.values()))
    return fixed, [point for point in first.points.values() if point.measured.collection == collection]


def _fixed(points: Points) -> _Fixed:
    first = [point for point in points if point.measured.collection in FIRST_FITTED]
    found = fitted_line(first)(raw_ev(points))
    spectra = [point for point in points if point.measured.collection == FIRST_SPECTRA]
    return _Fixed(
        points={point.measured.id: point for point in points},
        lowest_ev={point.measured.id: float(ev) for point, ev in zip(points, found, strict=True)},
        left_out_ev=left_out(first, line, scaffolds(first)).errors_ev,
        width_ev=flanks(spectra, RIGID).width_ev() or UNFITTED_WIDTH_EV,
    )


def _maxima(chosen: Sequence[AbsorptionPoint], fixed: Mapping[str, _Fixed]) -> tuple[BlindRow, ...]:
    names = [point.measured.id for point in chosen]
    measured = measured_ev(chosen)
    found = {
        level: (np.array([one.lowest_ev[name] for name in names]) - measured, normal_scale(one.left_out_ev))
        for level, one in fixed.items()
    }
    if len(fixed) > 1:
        both = list(fixed.values())
        found["mean of both"] = (
            np.mean([errors for errors, _ in found.values()], axis=0),
            normal_scale(np.mean([one.left_out_ev for one in both], axis=0)),
        )
    reference = next(iter(found.values()))[0]
    return tuple(
        BlindRow(
            name=name,
            standard_error_ev=error_ev,
            errors=summary(errors),
            coverage=coverage_check(errors, error_ev),
            against_first=paired(errors, reference, scaffolds(chosen)),
        )
        for name, (errors, error_ev) in found.items()
    )


def _spectra(
    chosen: Sequence[AbsorptionPoint], fixed: Mapping[str, _Fixed]
) -> tuple[list[Predicted], dict[str, Real], dict[str, Real]]:
    """Edges and probabilities of the molecules that have an edge by every way."""
    ways = {level: [_predicted(one, p, one.lowest_ev) for p in chosen] for level, one in fixed.items()}
    errors_ev = {level: normal_scale(one.left_out_ev) for level, one in fixed.items()}
    if len(fixed) > 1:
        first, second = fixed.values()
        middle = {name: 0.5 * (ev + second.lowest_ev[name]) for name, ev in first.lowest_ev.items()}
        error_ev = normal_scale(0.5 * (first.left_out_ev + second.left_out_ev))
        for level, by in fixed.items():
            ways[f"{level}, moved to the mean of both"] = [_predicted(by, p, middle) for p in chosen]
            errors_ev[f"{level}, moved to the mean of both"] = error_ev
    kept = [i for i in range(len(chosen)) if all(some[i] is not None for some in ways.values())]
    whole = {name: [one for i in kept if (one := some[i]) is not None] for name, some in ways.items()}
    edges_ev = {name: np.array([one.edge_ev for one in some]) for name, some in whole.items()}
    probabilities = {
        name: np.array([absorbs_probability(one, errors_ev[name]) for one in some])
        for name, some in whole.items()
    }
    if len(fixed) > 1:
        for values in (edges_ev, probabilities):
            values["mean of both"] = np.mean([values[level] for level in fixed], axis=0)
    return next(iter(whole.values())), edges_ev, probabilities


def _predicted(by: _Fixed, point: AbsorptionPoint, lowest_ev: Mapping[str, float]) -> Predicted | None:
    name = point.measured.id
    return predicted_spectrum(by.points[name], lowest_ev[name], RIGID.slope, by.width_ev)
