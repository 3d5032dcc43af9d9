"""The exposure dose that converts half of a thin film, given a quantum yield: nobody's prediction of one."""

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from actinic.analysis.estimate import Estimate, third_quantiles
from actinic.units import AVOGADRO_PER_MOL, ELECTRONVOLT_J, ev_from_nm

LEAST_ABSORPTIVITY_L_MOL_CM = 1.0
"""Below it a film is not exposed, and the absorptivity is the far tail of a Gaussian: no dose is given."""

LEAST_LOG10_ERROR = math.log10(2)
"""A class value is not known better than within a factor of two, by convention."""


@dataclass(frozen=True, slots=True)
class QuantumYield:
    """A quantum yield somebody measured.

    Attributes:
        value: Molecules converted per photon absorbed.
        log10_error: Standard deviation of its decadic logarithm.
        origin: `list`, or `class value: ` and the motif.
    """

    value: float
    log10_error: float
    origin: str


def class_yield(motifs: tuple[str, ...]) -> QuantumYield | None:
    """The class value of the first of `motifs` that has one: geometric mean of what is on record."""
    name = next((motif for motif in motifs if motif in _table()), None)
    if name is None:
        return None
    row = _table()[name]
    spread = math.log10(row["high"] / row["low"]) / 2
    return QuantumYield(
        math.sqrt(row["low"] * row["high"]), max(spread, LEAST_LOG10_ERROR), f"class value: {name}"
    )


def half_dose_mj_cm2(absorptivity_l_mol_cm: float, quantum_yield: float, wavelength_nm: float) -> float:
    """Dose after which half of an optically thin film has reacted; infinite for a transparent one.

    ln 2 times the energy of a mole of photons over (2303 epsilon phi): one decade of absorbance per mole and
    litre and centimetre is a cross-section of 1000 ln 10 cm2 per mole.

    >>> round(half_dose_mj_cm2(1000.0, 1.0, 365.0))
    99
    """
    if absorptivity_l_mol_cm <= 0 or quantum_yield <= 0:
        return math.inf
    mole_j = AVOGADRO_PER_MOL * ELECTRONVOLT_J * ev_from_nm(wavelength_nm)
    return 1000 * math.log(2) * mole_j / (1000 * math.log(10) * absorptivity_l_mol_cm * quantum_yield)


def dose(absorptivity: Estimate, known: QuantumYield, wavelength_nm: float) -> Estimate | None:
    """The same with the errors of both; None where next to nothing is absorbed.

    Args:
        absorptivity: At the line, in L mol-1 cm-1.
        known: The quantum yield.
        wavelength_nm: Of the line.
    """
    best = half_dose_mj_cm2(absorptivity.value, known.value, wavelength_nm)
    if absorptivity.value < LEAST_ABSORPTIVITY_L_MOL_CM or len(absorptivity.draws) == 1:
        return None
    factors = (10 ** (known.log10_error * q) for q in third_quantiles())
    drawn = [
        half_dose_mj_cm2(draw or 0.0, known.value * factor, wavelength_nm)
        for draw, factor in zip(absorptivity.draws, factors, strict=True)
    ]
    return Estimate(best, tuple(None if math.isinf(one) else one for one in drawn), absorptivity.calibrated)


@cache
def _table() -> dict[str, dict[str, Any]]:
    text = files("actinic.analysis").joinpath("quantum_yields.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
