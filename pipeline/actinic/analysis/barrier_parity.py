"""Measured barriers beside predicted ones, member by member, as a parity plot shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from actinic.analysis.barrier_validation import COOL_K, HomolysisPoint, fitted, left_out_errors
from actinic.analysis.heat_classes import (
    ENOUGH_MEMBERS,
    HALF_HOUR_S,
    class_value,
    heat_classes,
    left_out_errors_kcal_mol,
    members,
)
from actinic.analysis.homolysis_rates import ALL_BONDS, HomolysisRate


@dataclass(frozen=True, slots=True)
class BarrierPair:
    """One measured Gibbs energy of activation, predicted without it.

    Attributes:
        id: Name of the molecule.
        measured_kcal_mol: At the temperature of the measurement; of a class at its members' mean temperature.
        predicted_kcal_mol: There, too.
        error_kcal_mol: Standard error that is stated.
        is_hot: Whether it was measured above the temperatures the fit is made for.
    """

    id: str
    measured_kcal_mol: float
    predicted_kcal_mol: float
    error_kcal_mol: float
    is_hot: bool = False


def barrier_pairs(
    points: Sequence[HomolysisPoint], rates: Mapping[str, HomolysisRate]
) -> tuple[BarrierPair, ...]:
    """Homolyses, those of hot gases predicted by the cooler ones, and members of classes by the others."""
    cool = [point for point in points if point.reference_k <= COOL_K]
    found = []
    for point in points:
        own = [other for other in cool if other.kind == point.kind] if point.kind in rates else cool
        log10_a = rates[point.kind].log10_a if point.kind in rates else None
        is_hot = point.reference_k > COOL_K
        error = point.error_kcal_mol(fitted(cool)) if is_hot else left_out_errors([point], own, log10_a)[0]
        stated = rates.get(point.kind, rates[ALL_BONDS]).error_kcal_mol
        measured = point.measured_kcal_mol
        found.append(BarrierPair(point.id, measured, measured + error, stated, is_hot))
    for one in heat_classes():
        known = [(m.id, m.law) for m in members(one) if m.law is not None]
        value = class_value(one)
        if value is None or len(known) < ENOUGH_MEMBERS:
            continue
        laws = [law for _, law in known]
        temperature_k = fmean(law.temperature_k(HALF_HOUR_S) for law in laws)
        errors = left_out_errors_kcal_mol(laws, temperature_k)
        for (name, law), error in zip(known, errors, strict=True):
            measured = law.gibbs_kcal_mol(temperature_k)
            found.append(BarrierPair(name, measured, measured + error, value.error_kcal_mol))
    return tuple(found)
