"""What a handful of own measurements say about the shipped calibration: a shift, drawn towards none.

The error of the shipped calibration has two parts: one that molecules of a kind, or measurements made in
one way, have in common, and one of each molecule alone. Own measurements tell the first and leave the second.
With few of them the shift stays near 0, so that they do little harm (Gelman and others, Bayesian Data
Analysis, 3rd edition, sections 2.5 and 3.3: normal mean, and scaled inverse chi-square variance).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from actinic.analysis.calibration import AbsorptionCalibration, FilmCalibration
from actinic.analysis.validation import Real

PRIOR_WEIGHT = 10
"""As many molecules as the shipped error of a single molecule counts for against the scatter of own ones."""


@dataclass(frozen=True, slots=True)
class LocalShift:
    """A correction from own measurements.

    Attributes:
        shift_ev: Added to a calibrated energy.
        standard_error_ev: Of a molecule like those measured, after the correction.
        n: Molecules measured.
    """

    shift_ev: float
    standard_error_ev: float
    n: int


@dataclass(frozen=True, slots=True)
class LocalBarrier:
    """A correction of barriers of heat from own decomposition temperatures.

    Attributes:
        shift_kcal_mol: Added to a barrier.
        error_ratio: Standard error of a barrier after the correction over that before it.
        n: Molecules measured.
    """

    shift_kcal_mol: float
    error_ratio: float
    n: int


@dataclass(frozen=True, slots=True)
class LocalCalibration:
    """Corrections of one workflow; None where nothing was measured.

    Attributes:
        absorption: Of the position of spectra.
        film: Of film levels.
        heat: Of barriers of heat.
        source: The file the measurements are from.
    """

    absorption: LocalShift | None = None
    film: LocalShift | None = None
    heat: LocalBarrier | None = None
    source: str = ""

    def on_absorption(self, shipped: AbsorptionCalibration) -> AbsorptionCalibration:
        """The shipped line with the correction on top."""
        if self.absorption is None:
            return shipped
        ratio = self.absorption.standard_error_ev / shipped.standard_error_ev
        strong, weak, edge = shipped.strong_error_ev, shipped.weak_error_ev, shipped.edge_error_ev
        return replace(
            shipped,
            intercept_ev=shipped.intercept_ev + self.absorption.shift_ev,
            standard_error_ev=self.absorption.standard_error_ev,
            edge_error_ev=None if edge is None else ratio * edge,
            strong_error_ev=None if strong is None else ratio * strong,
            weak_error_ev=None if weak is None else ratio * weak,
        )

    def on_film(self, shipped: FilmCalibration) -> FilmCalibration:
        """The shipped shift with the correction on top."""
        if self.film is None:
            return shipped
        return replace(
            shipped,
            shift_ev=shipped.shift_ev + self.film.shift_ev,
            standard_error_ev=self.film.standard_error_ev,
        )


def local_shift(residuals_ev: Sequence[float], standard_error_ev: float, shared_share: float) -> LocalShift:
    """The shift that residuals (measured minus predicted) of n molecules, n at least 1, ask for.

    Args:
        residuals_ev: One per molecule.
        standard_error_ev: Of the shipped calibration.
        shared_share: Part of its variance that molecules of a kind have in common, between 0 and 1.
    """
    values = np.asarray(residuals_ev, dtype=float)
    n = values.size
    shared = shared_share * standard_error_ev**2
    own = standard_error_ev**2 - shared
    scatter = float(np.square(values - values.mean()).sum())
    single = (PRIOR_WEIGHT * own + scatter) / (PRIOR_WEIGHT + n - 1)
    left = 1 / (1 / shared + n / single)
    shift_ev = left * n * float(values.mean()) / single
    return LocalShift(shift_ev, float(np.sqrt(single + left)), n)


def local_caveat(what: str, found: LocalShift | None) -> tuple[str, ...]:
    """What the row of a candidate says about a correction; nothing without one."""
    if found is None:
        return ()
    return (f"{what} moved by {found.shift_ev:+.2f} eV after {found.n} own measurements",)


def barrier_caveat(found: LocalBarrier | None) -> tuple[str, ...]:
    """What the row of a candidate says about a correction of barriers; nothing without one."""
    if found is None:
        return ()
    return (f"heat: barriers moved by {found.shift_kcal_mol:+.1f} kcal/mol after {found.n} own measurements",)


def shared_share(errors: Real, groups: Sequence[str]) -> float:
    """Part of the variance of errors, shape (n,), that members of a group have in common; 0.1 to 0.9.

    From the mean squares of a one-way analysis of variance with random effects (Searle, Casella, McCulloch,
    Variance Components, 1992, section 3.6). The bounds keep a small set from claiming all or nothing.
    """
    labels = np.array(groups)
    names = sorted(set(groups))
    sizes = np.array([float((labels == name).sum()) for name in names])
    means = np.array([errors[labels == name].mean() for name in names])
    within = float(np.square(errors - means[np.searchsorted(names, labels)]).sum())
    n = errors.size
    if len(names) < 2 or n == len(names):
        return 0.5
    mean_within = within / (n - len(names))
    mean_between = float(sizes @ np.square(means - errors.mean())) / (len(names) - 1)
    typical = (n - float(np.square(sizes).sum()) / n) / (len(names) - 1)
    between = max(mean_between - mean_within, 0.0) / typical
    return min(max(between / (between + mean_within), 0.1), 0.9)


@dataclass(frozen=True, slots=True)
class LocalTrial:
    """What measuring a few molecules of a set does for the others of it, tried on the reference molecules.

    Attributes:
        name: The set.
        n_measured: Molecules measured.
        before_ev: Mean absolute error of the others with the shipped calibration.
        after_ev: The same with the correction, mean over random choices.
        worse: Share of the choices that made it worse by more than 0.01 eV.
    """

    name: str
    n_measured: int
    before_ev: float
    after_ev: float
    worse: float


def local_trial(
    name: str, errors_ev: Real, standard_error_ev: float, share: float, n_measured: int
) -> LocalTrial:
    """Measure some molecules with these left-out errors (predicted minus measured), judge on the rest."""
    generator = np.random.default_rng(20266)
    before, after = [], []
    for _ in range(300):
        chosen = np.zeros(errors_ev.size, dtype=bool)
        chosen[generator.choice(errors_ev.size, n_measured, replace=False)] = True
        found = local_shift((-errors_ev[chosen]).tolist(), standard_error_ev, share)
        before.append(float(np.abs(errors_ev[~chosen]).mean()))
        after.append(float(np.abs(errors_ev[~chosen] + found.shift_ev).mean()))
    worse = np.array(after) > np.array(before) + 0.01
    return LocalTrial(name, n_measured, float(np.mean(before)), float(np.mean(after)), float(worse.mean()))
