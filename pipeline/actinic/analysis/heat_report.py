"""What a chemist asks of heat: the temperature, the soft bake, the shelf; as quantities and in words."""

import math
from statistics import fmean

from actinic.analysis.estimate import Estimate
from actinic.analysis.heat import Heat, HeatChannel, HeatConditions
from actinic.analysis.kinetics import CELSIUS_K, ROOM_K, RateLaw

HIGHEST_C = 300.0
"""Activation temperatures from here on are all the same to a film, and beyond what the classes cover."""

YEAR_S = 365.25 * 86400.0
SHELF_CLASSES = ((30 * 86400.0, "days"), (YEAR_S, "months"), (10 * YEAR_S, "years"), (math.inf, "stable"))
"""Half-lives at 25 C, upper ends: 30 days, a year, ten years."""

HEAT_QUANTITIES = (
    "activation_temperature_c",
    "activation_temperature_error_c",
    "activation_enthalpy_kcal_mol",
    "activation_entropy_cal_mol_k",
    "bake_survival",
    "p_survives",
    "p_activates_in_window",
)


def heat_quantities(found: Heat, conditions: HeatConditions) -> dict[str, Estimate]:
    """Quantities of `HEAT_QUANTITIES` that are known; nothing of a candidate without a channel."""
    first = found.first
    if first is None:
        return {}
    temperature = first.temperature_c
    low, high = conditions.window_c
    inside = fmean(float(draw is not None and low <= draw <= high) for draw in temperature.draws)
    quantities = {
        "activation_temperature_c": _capped(temperature),
        "p_activates_in_window": Estimate.exact(inside),
    }
    error = temperature.standard_error
    if temperature.value < HIGHEST_C and error is not None:
        quantities["activation_temperature_error_c"] = Estimate.exact(error)
    if first.law is not None and first.how != "class range, Tg-limited":
        quantities["activation_enthalpy_kcal_mol"] = Estimate.exact(first.law.enthalpy_kcal_mol)
        quantities["activation_entropy_cal_mol_k"] = Estimate.exact(1000 * first.law.entropy_kcal_mol_k)
    # A molecule with an equilibrium or an unknown channel beside it has no rate of its own.
    if all(channel.law is not None for channel in found.channels) and not found.unknown:
        quantities |= _of_the_bake(found.channels, conditions)
    return quantities


def activation_label(found: Heat) -> str:
    """Where the activation temperature comes from, and what it is not."""
    first = found.first
    if first is None:
        return "unknown" if found.unknown else ""
    limit = ", unimolecular upper limit" if first.upper_limit else ""
    beyond = f"; above {HIGHEST_C:g} C" if first.temperature_c.value >= HIGHEST_C else ""
    return f"{first.how}{limit}{beyond}"


def shelf_life(found: Heat) -> str:
    """Half-life at 25 C as a class, with the classes of its 68 % interval; empty where there is no rate.

    Curing groups have none: what keeps them is the want of radicals, not a barrier.
    """
    if not found.channels or found.unknown or any(c.law is None for c in found.channels):
        return ""
    if found.channels[0].how == "class range, Tg-limited":
        return ""
    best = _shelf_class(_rate_s([c.law for c in found.channels], ROOM_K))
    rates = sorted(_rate_s(laws, ROOM_K) for laws in _draws(found.channels))
    skipped = round(0.16 * (len(rates) - 1))
    ends = [_shelf_class(rates[-1 - skipped]), _shelf_class(rates[skipped])]
    return best if ends[0] == ends[1] else f"{best} ({ends[0]} to {ends[1]})"


def heat_caveats(found: Heat) -> list[str]:
    """What to know before believing the activation temperature."""
    said = [f"heat: {sentence}" for sentence in found.unknown]
    first = found.first
    if first is None:
        return said
    if first.upper_limit:
        said.append(
            "heat: the barrier is that of the molecule alone; acid, amine or water in a film let it react at "
            "lower temperatures"
        )
    if first.how == "class range, Tg-limited":
        said.append("heat: cures when the film softens, hence one range for all of its class")
    if first.note:
        said.append(f"heat: {first.note[0].lower()}{first.note[1:]}")
    return said


def _capped(temperature: Estimate) -> Estimate:
    if temperature.value < HIGHEST_C:
        return temperature
    draws = tuple(None if draw is None else min(draw, HIGHEST_C) for draw in temperature.draws)
    return Estimate(HIGHEST_C, draws, temperature.calibrated)


def _of_the_bake(channels: tuple[HeatChannel, ...], conditions: HeatConditions) -> dict[str, Estimate]:
    bake_k, seconds = conditions.bake_c + CELSIUS_K, 60.0 * conditions.bake_min
    draws = list(_draws(channels))
    left = tuple(math.exp(-seconds * _rate_s(laws, bake_k)) for laws in draws)
    best = math.exp(-seconds * _rate_s([c.law for c in channels], bake_k))
    rate_of_a_year_s = math.log(2.0) / YEAR_S
    lasting = [
        survives > 0.5 and _rate_s(laws, ROOM_K) < rate_of_a_year_s
        for survives, laws in zip(left, draws, strict=True)
    ]
    return {"bake_survival": Estimate(best, left), "p_survives": Estimate.exact(fmean(map(float, lasting)))}


def _draws(channels: tuple[HeatChannel, ...]) -> list[tuple[RateLaw, ...]]:
    """One set of laws per draw: channels share what makes barriers too high or too low."""
    return list(zip(*(channel.laws for channel in channels), strict=True))


def _rate_s(laws: list[RateLaw | None] | tuple[RateLaw, ...], temperature_k: float) -> float:
    """Parallel first-order reactions add."""
    return math.fsum(law.rate_s(temperature_k) for law in laws if law is not None)


def _shelf_class(rate_s: float) -> str:
    half_life_s = math.log(2.0) / rate_s if rate_s > 0 else math.inf
    return next(name for end_s, name in SHELF_CLASSES if half_life_s <= end_s)
