"""Predicted barriers against measured ones: homolyses and class values."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import NamedTuple

import numpy as np

from actinic.analysis.heat_classes import (
    ENOUGH_MEMBERS,
    HALF_HOUR_S,
    HeatClass,
    class_value,
    heat_classes,
    left_out_errors_kcal_mol,
    members,
)
from actinic.analysis.homolysis_rates import ALL_BONDS, HomolysisRate
from actinic.analysis.kinetics import BOLTZMANN_OVER_PLANCK_HZ_K
from actinic.analysis.validation import Summary, summary
from actinic.units import BOLTZMANN_KCAL_MOL_K

ENOUGH_BONDS = 3
"""Measured homolyses a kind of bond needs for a fit of its own."""

COOL_K = 700.0
"""Bonds whose rates are measured up to here matter to films."""


@dataclass(frozen=True, slots=True)
class HomolysisPoint:
    """One measured homolysis with its calculated bond.

    Attributes:
        id: Its name.
        kind: Kind of bond, `C-O`.
        reference_k: Temperature of the measurement.
        measured_kcal_mol: Gibbs energy of activation there.
        log10_a: Measured prefactor; None where only one rate is measured.
        enthalpy_kcal_mol: Calibrated bond dissociation enthalpy.
    """

    id: str
    kind: str
    reference_k: float
    measured_kcal_mol: float
    log10_a: float | None
    enthalpy_kcal_mol: float

    def shift_kcal_mol(self, log10_a: float) -> float:
        """What takes the enthalpy to the energy of activation that gives the measured rate with this A."""
        thermal = BOLTZMANN_KCAL_MOL_K * self.reference_k
        gap = log10_a * math.log(10.0) - math.log(BOLTZMANN_OVER_PLANCK_HZ_K * self.reference_k)
        return self.measured_kcal_mol + thermal * gap - self.enthalpy_kcal_mol

    def error_kcal_mol(self, fit: "Fit") -> float:
        """Predicted minus measured Gibbs energy."""
        return fit.shift_kcal_mol - self.shift_kcal_mol(fit.log10_a)


class Fit(NamedTuple):
    """A and shift of `HomolysisRate`."""

    log10_a: float
    shift_kcal_mol: float


@dataclass(frozen=True, slots=True)
class FamilyTable:
    """How the predictions of one family do.

    Attributes:
        family: Its name.
        how: What predicts.
        errors: Predicted minus measured Gibbs energy of activation, kcal/mol, members left out one at a time.
        errors_c: The same of the activation temperature, C, of members whose law is measured; None without.
        coverage: Shares within one and 1.96 of the standard errors stated.
    """

    family: str
    how: str
    errors: Summary
    errors_c: Summary | None
    coverage: tuple[float, float]


def fitted(points: Sequence[HomolysisPoint], log10_a: float | None = None) -> Fit:
    """Median of the measured prefactors, unless one is given, and the median shift that goes with it.

    Medians, because single radicals are described badly and stand for no other. Not fitted together: over the
    few temperatures of the measurements they could not be told apart.
    """
    if log10_a is None:
        log10_a = median(point.log10_a for point in points if point.log10_a is not None)
    return Fit(log10_a, median(point.shift_kcal_mol(log10_a) for point in points))


def homolysis_rates(points: Sequence[HomolysisPoint]) -> dict[str, HomolysisRate]:
    """What is shipped: one for all bonds, and a shift of its own for each kind predicted better by it.

    Fitted to rates up to `COOL_K`: a factor of ten in A is worth 6 kcal/mol at 1400 K and not 2 at 400 K.
    Judged by bonds left out one at a time.
    """
    cool = _cool(points)
    found = {ALL_BONDS: _rate(fitted(cool), left_out_errors(cool, cool))}
    for kind in sorted({point.kind for point in cool}):
        own = [point for point in cool if point.kind == kind]
        if len(own) < ENOUGH_BONDS:
            continue
        log10_a = found[ALL_BONDS].log10_a
        alone, together = left_out_errors(own, own, log10_a), left_out_errors(own, cool)
        if _root_mean_square(alone) < _root_mean_square(together):
            found[kind] = _rate(fitted(own, log10_a), alone)
    return found


def left_out_errors(
    points: Sequence[HomolysisPoint], fitted_to: Sequence[HomolysisPoint], log10_a: float | None = None
) -> list[float]:
    """Error of each with the fit to all the others of `fitted_to`."""
    return [
        point.error_kcal_mol(fitted([other for other in fitted_to if other is not point], log10_a))
        for point in points
    ]


def homolysis_tables(
    points: Sequence[HomolysisPoint], rates: dict[str, HomolysisRate]
) -> tuple[FamilyTable, ...]:
    """Homolyses at temperatures of films, with kinds never seen and by kind, then those of hot gases."""
    cool = _cool(points)
    hot = [point for point in points if point.reference_k > COOL_K]
    kinds = sorted({point.kind for point in cool})
    errors: dict[str, float] = {}
    for kind in kinds:
        own = [point for point in cool if point.kind == kind]
        log10_a = rates[kind].log10_a if kind in rates else None
        served = left_out_errors(own, own if kind in rates else cool, log10_a)
        errors |= {point.id: error for point, error in zip(own, served, strict=True)}
    never_fitted = [point.error_kcal_mol(fitted(cool)) for point in hot]

    def table(
        family: str, chosen: Sequence[HomolysisPoint], own_errors: Sequence[float], how: str
    ) -> FamilyTable:
        stated = [rates.get(point.kind, rates[ALL_BONDS]).error_kcal_mol for point in chosen]
        covered = _coverage(own_errors, stated)
        return FamilyTable(family, how, summary(np.array(own_errors)), None, covered)

    found = [table(f"homolysis, up to {COOL_K:g} K", cool, [errors[point.id] for point in cool], "others")]
    if len(kinds) > 1:
        unseen = [p.error_kcal_mol(fitted([q for q in cool if q.kind != p.kind])) for p in cool]
        found.append(table("the same, kind never seen", cool, unseen, "other kinds"))
    for kind in kinds:
        chosen = [point for point in cool if point.kind == kind]
        how = "others of its kind" if kind in rates else "others"
        found.append(table(f"homolysis {kind}", chosen, [errors[point.id] for point in chosen], how))
    hotter = f"those up to {COOL_K:g} K"
    found += [table(f"homolysis, above {COOL_K:g} K", hot, never_fitted, hotter)] if hot else []
    return tuple(found)


def class_tables() -> tuple[FamilyTable, ...]:
    """Classes with enough measured members, each left out of the mean of the others."""
    found = []
    for one in heat_classes():
        laws = [measured.law for measured in members(one) if measured.law is not None]
        value = class_value(one)
        if value is None or len(laws) < ENOUGH_MEMBERS:
            continue
        temperatures = [law.temperature_k(HALF_HOUR_S) for law in laws]
        errors = left_out_errors_kcal_mol(laws, fmean(temperatures))
        errors_c = [fmean(temperatures[:i] + temperatures[i + 1 :]) - t for i, t in enumerate(temperatures)]
        found.append(
            FamilyTable(
                one.name,
                "mean of the other members",
                summary(np.array(errors)),
                summary(np.array(errors_c)),
                _coverage(errors, [value.error_kcal_mol] * len(errors)),
            )
        )
    return tuple(found)


def shift_table(one: HeatClass, enthalpies: dict[str, float]) -> FamilyTable | None:
    """The class mean shifted by a line through the reaction enthalpies, each member left out of it.

    Args:
        one: The class.
        enthalpies: Reaction enthalpies in kcal/mol by name of the measured barrier.

    Returns:
        None with fewer than four members that have one: a line through three leaves nothing to judge it by.
    """
    known = [m for m in members(one) if m.law is not None and m.id in enthalpies]
    if len(known) <= ENOUGH_MEMBERS:
        return None
    laws = [measured.law for measured in known if measured.law is not None]
    temperature_k = fmean(law.temperature_k(HALF_HOUR_S) for law in laws)
    x = np.array([enthalpies[measured.id] for measured in known])
    y = np.array([law.gibbs_kcal_mol(temperature_k) for law in laws])
    errors = []
    for i in range(len(known)):
        rest = np.arange(len(known)) != i
        slope, intercept = np.polyfit(x[rest], y[rest], 1)
        errors.append(float(slope * x[i] + intercept - y[i]))
    spread = _root_mean_square(errors)
    return FamilyTable(
        f"{one.name}, shifted",
        "mean shifted by the reaction enthalpy",
        summary(np.array(errors)),
        None,
        _coverage(errors, [spread] * len(errors)),
    )


def _cool(points: Sequence[HomolysisPoint]) -> list[HomolysisPoint]:
    return [point for point in points if point.reference_k <= COOL_K]


def _rate(fit: Fit, errors: Sequence[float]) -> HomolysisRate:
    return HomolysisRate(*fit, _root_mean_square(errors), len(errors))


def _root_mean_square(errors: Sequence[float]) -> float:
    return math.sqrt(fmean(error * error for error in errors))


def _coverage(errors: Sequence[float], stated: Sequence[float]) -> tuple[float, float]:
    sizes = [abs(error) / sigma for error, sigma in zip(errors, stated, strict=True)]
    return fmean(float(s <= 1.0) for s in sizes), fmean(float(s <= 1.96) for s in sizes)
