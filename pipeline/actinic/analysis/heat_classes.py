"""What is known of each class of thermally labile groups, read from heat_classes.toml."""

import math
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from statistics import fmean
from typing import Literal

import msgspec

from actinic.analysis.kinetics import CELSIUS_K, RateLaw, law_from_scan
from actinic.analysis.measured_barriers import MeasuredBarrier, measured_barriers
from actinic.chemistry.motifs import match
from actinic.chemistry.species import Species
from actinic.errors import EngineError

Treatment = Literal["measured", "stated", "equilibrium", "range"]

HALF_HOUR_S = 1800.0
ENOUGH_MEMBERS = 3
LEAST_ERROR_KCAL_MOL = 1.0
"""A class value is never said to be better than this, however well its members agree: media differ."""


class HeatClass(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One class; the fields are explained at the top of the file."""

    name: str
    what: str
    treatment: Treatment
    motifs: tuple[str, ...]
    partners: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    error_kcal_mol: float | None = None
    temperature_c: float | None = None
    scan_c: float | None = None
    heating_k_min: float | None = None
    error_c: float | None = None
    low_c: float | None = None
    high_c: float | None = None
    upper_limit: bool = False
    source: str = ""
    note: str = ""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    classes: tuple[HeatClass, ...] = msgspec.field(name="class")
    left_out: dict[str, str]


@dataclass(frozen=True, slots=True)
class ClassValue:
    """Rate of an average member of a class.

    Attributes:
        law: Its rate.
        error_kcal_mol: Standard error of its Gibbs energy of activation for another member.
        n: Measured members behind it; 0 where a temperature is stated.
    """

    law: RateLaw
    error_kcal_mol: float
    n: int


def heat_classes() -> tuple[HeatClass, ...]:
    """All classes, in the order of the file.

    Raises:
        EngineError: The file is not what it should be.
    """
    return _table().classes


def left_out() -> dict[str, str]:
    """Measured barriers that stand for no class, with the reason."""
    return _table().left_out


def class_of(motif: str, beside: Collection[str] = ()) -> HeatClass | None:
    """The class a motif belongs to; None where there is none.

    Args:
        motif: Its name.
        beside: Motifs of the molecule, for classes that need a partner.
    """
    one = next((one for one in heat_classes() if motif in one.motifs), None)
    return one if one is None or not one.partners or set(one.partners) & set(beside) else None


@cache
def members(one: HeatClass) -> tuple[MeasuredBarrier, ...]:
    """Measured barriers of a class: of one of its families, carrying one of its motifs, and with a slope."""
    return tuple(
        measured
        for measured in measured_barriers()
        if measured.family in one.families and measured.id not in left_out() and _carries(measured, one)
    )


@cache
def class_value(one: HeatClass) -> ClassValue | None:
    """Mean over the members, or what is stated; None for an equilibrium, a range, or without any member.

    The mean is that of the Gibbs energies at the members' mean temperature and of the entropies. Its error is
    the root mean square error of members left out one at a time, with three members or more.
    """
    if one.treatment == "stated":
        return _stated(one)
    laws = [measured.law for measured in members(one) if measured.law is not None]
    if one.treatment != "measured" or not laws:
        return None
    temperature_k = fmean(law.temperature_k(HALF_HOUR_S) for law in laws)
    law = mean_law(laws, temperature_k)
    if len(laws) < ENOUGH_MEMBERS:
        if one.error_kcal_mol is None:
            raise EngineError(f"heat_classes.toml: {one.name} has {len(laws)} members and no error_kcal_mol")
        return ClassValue(law, one.error_kcal_mol, len(laws))
    errors = left_out_errors_kcal_mol(laws, temperature_k)
    error = math.sqrt(fmean(e * e for e in errors))
    return ClassValue(law, max(error, LEAST_ERROR_KCAL_MOL), len(laws))


def mean_law(laws: list[RateLaw], temperature_k: float) -> RateLaw:
    """The law with the mean Gibbs energy at a temperature and the mean entropy."""
    entropy = fmean(law.entropy_kcal_mol_k for law in laws)
    gibbs = fmean(law.gibbs_kcal_mol(temperature_k) for law in laws)
    return RateLaw(gibbs + temperature_k * entropy, entropy)


def left_out_errors_kcal_mol(laws: list[RateLaw], temperature_k: float) -> list[float]:
    """Mean Gibbs energy of the others minus one's own, for each in turn; at least two laws."""
    gibbs = [law.gibbs_kcal_mol(temperature_k) for law in laws]
    return [fmean(gibbs[:i] + gibbs[i + 1 :]) - own for i, own in enumerate(gibbs)]


def _stated(one: HeatClass) -> ClassValue:
    """No prefactor is known: no entropy of activation, 10^13.4 s-1 at 400 K, stands in."""
    if one.error_c is None:
        raise EngineError(f"heat_classes.toml: {one.name} states no error_c")
    if one.scan_c is not None and one.heating_k_min is not None:
        law = law_from_scan(one.scan_c, one.heating_k_min, 0.0)
    elif one.temperature_c is not None:
        law = RateLaw.through(one.temperature_c + CELSIUS_K, HALF_HOUR_S, 0.0)
    else:
        raise EngineError(f"heat_classes.toml: {one.name} states no temperature")
    temperature_k = law.temperature_k(HALF_HOUR_S)
    higher = RateLaw.through(temperature_k + one.error_c, HALF_HOUR_S, 0.0)
    return ClassValue(law, higher.enthalpy_kcal_mol - law.enthalpy_kcal_mol, 0)


def _carries(measured: MeasuredBarrier, one: HeatClass) -> bool:
    sites = match(Species.from_smiles(measured.reactant_smiles, multiplicity=1))
    return any(site.motif.name in one.motifs for site in sites)


@cache
def _table() -> _Table:
    text = files("actinic.analysis").joinpath("heat_classes.toml").read_text(encoding="utf-8")
    try:
        table = msgspec.convert(tomllib.loads(text), _Table)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise EngineError(f"heat_classes.toml: {error}") from error
    names = [motif for one in table.classes for motif in one.motifs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise EngineError(f"heat_classes.toml: {', '.join(twice)} in two classes")
    return table
