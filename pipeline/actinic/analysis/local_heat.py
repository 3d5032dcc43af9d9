"""What own decomposition temperatures say about predicted barriers: a shift, drawn towards none."""

import math
from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean

from actinic.analysis.calibration import UNFITTED_SHARE
from actinic.analysis.estimate import Estimate, standard_quantiles
from actinic.analysis.heat import ON_BARRIERS, Heat, HeatChannel
from actinic.analysis.heat_classes import HALF_HOUR_S
from actinic.analysis.kinetics import CELSIUS_K, law_from_scan
from actinic.analysis.local_calibration import LocalBarrier, local_shift


def measurable(found: Heat) -> HeatChannel | None:
    """The channel that a scan of the candidate sees: the first one, where it rests on a barrier."""
    first = found.first
    return first if first is not None and first.law is not None and first.how in ON_BARRIERS else None


def half_hour_c(channel: HeatChannel, peak_c: float, heating_k_min: float) -> float:
    """Temperature at which half has reacted in 30 min, by a scan's peak and the entropy of the channel.

    Raises:
        InputError: The heating rate is not positive.
    """
    assert channel.law is not None
    law = law_from_scan(peak_c, heating_k_min, channel.law.entropy_kcal_mol_k)
    return law.temperature_k(HALF_HOUR_S) - CELSIUS_K


def barrier_pair(channel: HeatChannel, peak_c: float, heating_k_min: float) -> tuple[float, float]:
    """Gibbs energies of activation at the predicted temperature: from the scan, and predicted; kcal/mol.

    Raises:
        InputError: The heating rate is not positive.
    """
    assert channel.law is not None
    measured = law_from_scan(peak_c, heating_k_min, channel.law.entropy_kcal_mol_k)
    temperature_k = channel.law.temperature_k(HALF_HOUR_S)
    return measured.gibbs_kcal_mol(temperature_k), channel.law.gibbs_kcal_mol(temperature_k)


def barrier_error_kcal_mol(channel: HeatChannel) -> float:
    """Standard error of the channel's barrier, from its draws."""
    assert channel.law is not None
    squares = fmean((one.enthalpy_kcal_mol - channel.law.enthalpy_kcal_mol) ** 2 for one in channel.laws)
    return math.sqrt(squares / fmean(q * q for q in standard_quantiles()))


def local_barrier(residuals_kcal_mol: Sequence[float], errors_kcal_mol: Sequence[float]) -> LocalBarrier:
    """The shift of barriers that own measurements ask for.

    Args:
        residuals_kcal_mol: Measured minus predicted barrier, one per molecule.
        errors_kcal_mol: Standard errors of the predictions, above 0.
    """
    shipped = math.sqrt(fmean(error * error for error in errors_kcal_mol))
    found = local_shift(residuals_kcal_mol, shipped, UNFITTED_SHARE)
    return LocalBarrier(found.shift_ev, found.standard_error_ev / shipped, found.n)


def moved(found: Heat, local: LocalBarrier | None) -> Heat:
    """What heat does with the correction on top of every barrier, lowest temperature first again."""
    if local is None:
        return found
    channels = [_moved(one, local) if one.how in ON_BARRIERS else one for one in found.channels]
    return replace(found, channels=tuple(sorted(channels, key=lambda one: one.temperature_c.value)))


def _moved(channel: HeatChannel, local: LocalBarrier) -> HeatChannel:
    assert channel.law is not None
    law = channel.law.shifted(local.shift_kcal_mol)
    apart = [one.enthalpy_kcal_mol - channel.law.enthalpy_kcal_mol for one in channel.laws]
    laws = tuple(law.shifted(local.error_ratio * kcal_mol) for kcal_mol in apart)
    temperatures = tuple(one.temperature_k(HALF_HOUR_S) - CELSIUS_K for one in laws)
    value = law.temperature_k(HALF_HOUR_S) - CELSIUS_K
    return replace(channel, law=law, laws=laws, temperature_c=Estimate(value, temperatures))
