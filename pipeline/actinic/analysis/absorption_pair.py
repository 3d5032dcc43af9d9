"""A spectrum moved to the middle of two levels: how far off it is, and whether their distance tells it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from actinic.analysis.absorption_edges import Predicted, absorbs_probability, predicted_spectrum
from actinic.analysis.absorption_models import Points, left_out, line
from actinic.analysis.absorption_validation import (
    CoverageCheck,
    coverage_check,
    fitted_points,
    scaffolds,
    tailed_check,
)
from actinic.analysis.local_calibration import shared_share
from actinic.analysis.validation import (
    BOOTSTRAP_SAMPLES,
    Paired,
    Real,
    Summary,
    crps,
    left_out_scales,
    normal_scale,
    paired,
    summary,
    tailed_scale,
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Whether the distance of two levels tells large errors: a standard error with it against one without.

    Attributes:
        standard_error_ev: Where both agree.
        share: Of their distance, a standard error besides.
        gain_ev: Continuous ranked probability score of one error for all minus that of both, left out.
        low_ev: Lower end of its 90 % bootstrap interval, groups drawn together.
        high_ev: Its upper end.
    """

    standard_error_ev: float
    share: float
    gain_ev: float
    low_ev: float
    high_ev: float

    @property
    def is_real(self) -> bool:
        """Whether the whole interval speaks for it."""
        return self.low_ev > 0


@dataclass(frozen=True, slots=True)
class PairFit:
    """Two levels whose mean says where a spectrum of the first lies.

    Attributes:
        level: Of the spectrum.
        second: The other.
        errors: Of maxima, scaffolds left out.
        against_first: Their mean absolute error minus that of the first level alone.
        doubt: What their distance says.
        coverage: Of the errors as they are stated.
        edges: Errors of red edges of measured spectra.
        edge_coverage: Of their standard error.
        higher_ev: By how much more the second puts a raw band higher for 5 % of the molecules, and for none.
        values: What `calibration.toml` ships.
    """

    level: str
    second: str
    errors: Summary
    against_first: Paired
    doubt: Doubt
    coverage: CoverageCheck
    edges: Summary
    edge_coverage: CoverageCheck
    higher_ev: tuple[float, float]
    values: Mapping[str, float]

    def error_ev(self, apart_ev: float) -> float:
        """Stated standard error of a maximum on which the levels are so far apart."""
        return math.hypot(self.values["standard_error_ev"], self.values["doubt"] * apart_ev)


def pair_fit(
    points: tuple[Points, Points],
    spectra: tuple[Sequence[Predicted], Sequence[Predicted]],
    names: tuple[str, str],
) -> PairFit:
    """Fit and judge.

    Args:
        points: All molecules of two levels; those that one of them lacks do not count.
        spectra: The same with a measured spectrum, each by lines and a width of other scaffolds.
        names: Of the levels, that of the spectrum first.
    """
    by_id = {point.measured.id: point for point in points[1]}
    firsts = fitted_points([one for one in points[0] if one.measured.id in by_id])
    seconds = [by_id[one.measured.id] for one in firsts]
    groups = scaffolds(firsts)
    alone, beside = (left_out(some, line, groups).errors_ev for some in (firsts, seconds))
    errors, apart = 0.5 * (alone + beside), beside - alone
    doubt = error_by_distance(errors, apart, groups)
    inside = [one for one in in_the_middle(*spectra) if not one.point.measured.edge_is_bound]
    edges = np.array([one.edge_ev - (one.point.measured.band_edge_ev or 0.0) for one in inside])
    edge_groups = [one.point.scaffold for one in inside]
    edge_error_ev, edge_tail = tailed_scale(edges)
    higher = np.array(
        [by_id[one.measured.id].raw_ev - one.raw_ev for one in points[0] if one.measured.id in by_id]
    )
    return PairFit(
        level=names[0],
        second=names[1],
        errors=summary(errors),
        against_first=paired(errors, alone, groups),
        doubt=doubt,
        coverage=coverage_check(errors, _stated(errors, apart, groups, has_doubt=doubt.is_real)),
        edges=summary(edges),
        edge_coverage=tailed_check(edges, edge_groups),
        higher_ev=(float(np.quantile(higher, 0.95)), float(higher.max())),
        values={
            "standard_error_ev": doubt.standard_error_ev if doubt.is_real else normal_scale(errors),
            "mean_absolute_error_ev": float(np.abs(errors).mean()),
            "edge_error_ev": edge_error_ev,
            "edge_tail": edge_tail,
            "shared_share": shared_share(errors, [point.chromophore for point in firsts]),
            "doubt": doubt.share if doubt.is_real else 0.0,
        },
    )


def in_the_middle(firsts: Sequence[Predicted], seconds: Sequence[Predicted]) -> list[Predicted]:
    """The spectra of the first level, each moved to the mean of both calibrated positions."""
    by_id = {one.point.measured.id: one for one in seconds}
    found = []
    for one in firsts:
        other = by_id.get(one.point.measured.id)
        if other is not None:
            band_ev = 0.5 * (one.band_ev + other.band_ev)
            found.append(predicted_spectrum(one.point, band_ev, one.slope, one.width_ev))
    return [one for one in found if one is not None]


def absorbs_in_the_middle(
    firsts: Sequence[Predicted], seconds: Sequence[Predicted], fit: PairFit
) -> list[float]:
    """Probability that 365 nm is absorbed, of each of `in_the_middle`."""
    alone_ev = {one.point.measured.id: one.band_ev for one in firsts}
    # The middle lies half as far from the first level as the second does.
    return [
        absorbs_probability(one, fit.error_ev(2 * (one.band_ev - alone_ev[one.point.measured.id])))
        for one in in_the_middle(firsts, seconds)
    ]


def error_by_distance(errors_ev: Real, apart_ev: Real, groups: Sequence[str]) -> Doubt:
    """One error against two; each group is scored by errors fitted to the others.

    Args:
        errors_ev: Left-out errors of the mean of two levels, shape (n,).
        apart_ev: Distance of the two, shape (n,).
        groups: What is left out together, n names.
    """
    names = np.array(groups)
    gains = np.empty(errors_ev.size)
    for name in dict.fromkeys(groups):
        here = names == name
        one = normal_scale(errors_ev[~here])
        two = _widths(_fitted(errors_ev[~here], apart_ev[~here]), apart_ev[here])
        gains[here] = crps(errors_ev[here], np.full(two.size, one)) - crps(errors_ev[here], two)
    members = [gains[names == name] for name in dict.fromkeys(groups)]
    drawn = np.random.default_rng(20269).integers(len(members), size=(BOOTSTRAP_SAMPLES, len(members)))
    sums, sizes = np.array([m.sum() for m in members]), np.array([m.size for m in members])
    low, high = np.quantile(sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1), (0.05, 0.95))
    standard_error_ev, share = _fitted(errors_ev, apart_ev)
    return Doubt(standard_error_ev, share, float(gains.mean()), float(low), float(high))


def _fitted(errors_ev: Real, apart_ev: Real) -> tuple[float, float]:
    """Standard error where both agree and share of their distance, by the score of `normal_scale`."""
    from scipy.optimize import minimize  # noqa: PLC0415 - slow to import, needed in few commands

    top = float(np.sqrt(np.mean(errors_ev**2)))
    found = minimize(
        lambda two: float(crps(errors_ev, _widths((abs(two[0]), two[1]), apart_ev)).mean()),
        (0.7 * top, 0.5),
        method="Nelder-Mead",
    )
    return float(abs(found.x[0])), float(abs(found.x[1]))


def _widths(two: tuple[float, float], apart_ev: Real) -> Real:
    return np.maximum(np.hypot(two[0], two[1] * apart_ev), 1e-6)


def _stated(errors_ev: Real, apart_ev: Real, groups: Sequence[str], *, has_doubt: bool) -> Real:
    """Standard errors that other groups give, shape (n,)."""
    if not has_doubt:
        return left_out_scales(errors_ev, groups)
    names = np.array(groups)
    stated = np.empty(errors_ev.size)
    for name in dict.fromkeys(groups):
        here = names == name
        stated[here] = _widths(_fitted(errors_ev[~here], apart_ev[~here]), apart_ev[here])
    return stated
