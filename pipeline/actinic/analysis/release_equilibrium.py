"""Ammonium carbamates and their kin: an equilibrium with CO2, hence a temperature and no rate."""

import math

import numpy as np

from actinic.analysis.estimate import Estimate, standard_quantiles
from actinic.analysis.kinetics import CELSIUS_K
from actinic.analysis.reaction_energies import Computed, KnownReaction
from actinic.analysis.thermochemistry import molar_pressure_pa, thermal_terms
from actinic.units import BOLTZMANN_KCAL_MOL_K

CARBON_DIOXIDE = "O=C=O"
BAR_PA = 1e5
GRID_K = tuple(float(temperature) for temperature in range(100, 1001, 25))
"""Between these the Gibbs energy, nearly straight in temperature, is interpolated."""


def equilibrium_c(known: KnownReaction, co2_bar: float) -> Estimate | None:
    """Temperature at which dG = 0 with CO2 at `co2_bar` and everything else at 1 mol/L, in C.

    Electronic energies of the reaction with the calibrated error of its enthalpy; rotations and vibrations at
    each temperature. An end of `GRID_K` stands for anything beyond.

    Returns:
        None without energies, and where a species is no minimum.
    """
    enthalpy = known.enthalpy_kcal_mol()
    raw = known.raw_enthalpy_kcal_mol()
    if enthalpy is None or not raw:
        return None
    curve = [_gibbs_kcal_mol(known, temperature) for temperature in GRID_K]
    n_co2 = sum(one.species.smiles == CARBON_DIOXIDE for one in known.products)
    falling = [
        gibbs + n_co2 * BOLTZMANN_KCAL_MOL_K * temperature * math.log(co2_bar)
        for gibbs, temperature in zip(curve, GRID_K, strict=True)
        if gibbs is not None
    ]
    if len(falling) < len(GRID_K):
        return None
    # The calibrated enthalpy replaces the raw one at 298 K; what depends on temperature stays as computed.
    correction = enthalpy.value - math.fsum(raw) / len(raw)
    error = enthalpy.standard_error or 0.0
    value, *draws = (
        float(np.interp(correction + error * quantile, np.negative(falling), GRID_K)) - CELSIUS_K
        for quantile in (0.0, *standard_quantiles())
    )
    return Estimate(value, tuple(draws), calibrated=enthalpy.calibrated)


def _gibbs_kcal_mol(known: KnownReaction, temperature_k: float) -> float | None:
    """With CO2 at 1 bar."""
    n = len(known.levels)
    electronic = math.fsum(known.energy_kcal_mol(level) for level in range(n)) / n
    after = [_thermal(one, temperature_k) for one in known.products]
    before = [_thermal(one, temperature_k) for one in known.reactants]
    if None in after or None in before:
        return None
    return electronic + math.fsum(t for t in after if t) - math.fsum(t for t in before if t)


def _thermal(one: Computed, temperature_k: float) -> float | None:
    is_gas = one.species.smiles == CARBON_DIOXIDE
    terms = thermal_terms(
        one.thermal,
        multiplicity=one.species.multiplicity,
        temperature_k=temperature_k,
        pressure_pa=BAR_PA if is_gas else molar_pressure_pa(temperature_k),
        saddle_order=0,
    )
    return None if terms is None else terms.gibbs_kcal_mol
