"""The calibration of absorption from its points: what `calibration.toml` ships."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from actinic.analysis.absorption import UNFITTED_WIDTH_EV, band_height_l_mol_cm
from actinic.analysis.absorption_models import fitted_line, left_out, line, no_line
from actinic.analysis.absorption_points import AbsorptionPoint, measured_ev, raw_ev
from actinic.analysis.calibration import STRONG_BAND, AbsorptionCalibration
from actinic.analysis.local_calibration import shared_share
from actinic.analysis.validation import Real, normal_scale, summary

PRIOR_MOLECULES = 3
"""As many molecules the error of all counts for in that of a part: a part may be small."""


def absorption_fit(
    points: Sequence[AbsorptionPoint],
    edge_error_ev: tuple[float, float] | None = None,
    width_ev: float = UNFITTED_WIDTH_EV,
) -> AbsorptionCalibration:
    """Line, standard error (scaffolds left out) and scale of intensities.

    Args:
        points: What to fit to, of at least two scaffolds, some with a measured absorptivity.
        edge_error_ev: Standard error of red edges and their tail; None where none were compared.
        width_ev: Gaussian standard deviation of a band, on which its height depends.
    """
    x, y = raw_ev(points), measured_ev(points)
    fitted = fitted_line(points)
    errors = left_out(points, line, [point.scaffold for point in points]).errors_ev
    away = summary(errors)
    apart = error_by_strength(errors, np.array([point.strength for point in points]))
    classes = [point.chromophore for point in points]
    pairs = [(_height(point, width_ev), _reported(point)) for point in points]
    computed, reported = np.array([pair for pair in pairs if None not in pair], dtype=float).T
    return AbsorptionCalibration(
        slope=fitted.slope,
        intercept_ev=fitted.intercept,
        standard_error_ev=normal_scale(errors),
        mean_absolute_error_ev=away.mean_absolute,
        raw_error_ev=summary(left_out(points, no_line, range(len(points))).errors_ev).mean_absolute,
        baseline_error_ev=float(np.abs(mean_left_out(y)).mean()),
        log10_intensity=float(np.mean(reported - computed)),
        log10_intensity_error=float(np.sqrt(np.mean(mean_left_out(reported - computed) ** 2))),
        n_intensity=reported.size,
        valid_from_ev=float(x.min()),
        valid_to_ev=float(x.max()),
        n=len(points),
        edge_error_ev=None if edge_error_ev is None else edge_error_ev[0],
        edge_tail=1.0 if edge_error_ev is None else edge_error_ev[1],
        strong_error_ev=apart.strong_ev if apart.is_real else None,
        weak_error_ev=apart.weak_ev if apart.is_real else None,
        shared_share=shared_share(errors, classes),
        width_ev=width_ev,
        members=dict(sorted(Counter(classes).items())),
    )


@dataclass(frozen=True, slots=True)
class ErrorByStrength:
    """Whether strong bands have other errors than weak ones.

    Attributes:
        n_strong: Molecules with a strong lowest band.
        strong_ev: Their root mean square error, drawn towards that of all.
        n_weak: All others.
        weak_ev: Theirs.
        gain: Mean gain of the logarithm of the density of a left-out error over one error for all.
        low: Lower end of its 90 % bootstrap interval.
        high: Its upper end.
    """

    n_strong: int
    strong_ev: float
    n_weak: int
    weak_ev: float
    gain: float
    low: float
    high: float

    @property
    def is_real(self) -> bool:
        """Whether the whole interval speaks for two errors."""
        return self.low > 0


def error_by_strength(errors_ev: Real, strengths: Real) -> ErrorByStrength:
    """Two errors against one; each molecule's density is that of a distribution estimated without it.

    Args:
        errors_ev: Left-out errors, shape (n,).
        strengths: Oscillator strengths of the lowest bands, shape (n,).
    """
    strong = strengths >= STRONG_BAND
    gains = np.empty(errors_ev.size)
    for i in range(errors_ev.size):
        others = np.arange(errors_ev.size) != i
        two = _errors_apart(errors_ev[others], strong[others])[0 if strong[i] else 1]
        one = float(np.sqrt(np.mean(errors_ev[others] ** 2)))
        gains[i] = np.log(one / two) - 0.5 * errors_ev[i] ** 2 * (two**-2 - one**-2)
    drawn = np.random.default_rng(20267).choice(gains, (2000, gains.size)).mean(axis=1)
    low, high = np.quantile(drawn, (0.05, 0.95))
    of_strong, of_weak = _errors_apart(errors_ev, strong)
    n_strong = int(strong.sum())
    return ErrorByStrength(
        n_strong, of_strong, strong.size - n_strong, of_weak, float(gains.mean()), float(low), float(high)
    )


def _errors_apart(errors_ev: Real, strong: NDArray[np.bool_]) -> tuple[float, float]:
    """Root mean square errors of strong and weak bands, as if some molecules more had that of all."""
    squares = errors_ev**2
    of_all = PRIOR_MOLECULES * squares.mean()
    of_strong, of_weak = (
        float(np.sqrt((squares[part].sum() + of_all) / (part.sum() + PRIOR_MOLECULES)))
        for part in (strong, ~strong)
    )
    return of_strong, of_weak


def mean_left_out(values: Real) -> Real:
    """Mean of the others minus each value, shape (n,), n at least 2."""
    return np.asarray((values.sum() - values) / (values.size - 1) - values)


def _height(point: AbsorptionPoint, width_ev: float) -> float | None:
    """Decadic logarithm of the computed absorptivity of the lowest band."""
    height = band_height_l_mol_cm(point.sticks, width_ev)
    return None if height is None else float(np.log10(height))


def _reported(point: AbsorptionPoint) -> float | None:
    return point.measured.log10_absorptivity
