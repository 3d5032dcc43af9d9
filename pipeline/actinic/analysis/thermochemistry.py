"""From vibrations to zero-point energy, enthalpy and Gibbs energy at any temperature.

Ideal gas, rigid rotor, harmonic oscillators; in the entropy, soft modes pass smoothly into free rotors
(S. Grimme, Chem. Eur. J. 18, 9955 (2012), doi:10.1002/chem.201200497), because the entropy of a harmonic
oscillator grows without limit as its frequency falls, and 10 cm-1 of noise would matter. The enthalpy stays
harmonic, as in that work: its limit, RT per mode, is 0.3 kcal/mol above that of a free rotor at 298 K.
"""

import math
from dataclasses import dataclass

from actinic.calculations.thermal import ThermalResult
from actinic.errors import InputError
from actinic.units import BOLTZMANN_KCAL_MOL_K, HARTREE_EV, HARTREE_KCAL_MOL, INVERSE_CM_PER_EV

ATMOSPHERE_PA = 101325.0

ROTOR_CM = 100.0
"""Where a mode is half vibration, half free rotor; the value of the source."""

IMAGINARY_CM = 50.0
"""Imaginary modes up to this magnitude count as real ones of the same magnitude."""

_KCAL_MOL_PER_CM = HARTREE_KCAL_MOL / (HARTREE_EV * INVERSE_CM_PER_EV)
_KELVIN_PER_CM = _KCAL_MOL_PER_CM / BOLTZMANN_KCAL_MOL_K
_FRAME_CM = 0.0279928
"""h / (8 pi2 c) over 1e-44 kg m2, the moment of inertia of the frame that a rotor turns against."""

_SOFTEST_CM = 1.0
"""Anything below is numerical noise, and at 0 there would be no entropy to compute."""

_SACKUR_TETRODE = -1.15170753
"""S/R of 1 dalton at 1 K and 100 kPa, CODATA 2022 (doi:10.1103/RevModPhys.97.025002)."""


@dataclass(frozen=True, slots=True)
class ThermalTerms:
    """What heat adds to the electronic energy of one molecule.

    Attributes:
        zero_point_kcal_mol: Energy of the vibrations at 0 K.
        enthalpy_kcal_mol: H(T) - E, zero-point energy and RT included.
        entropy_kcal_mol_k: S(T).
        gibbs_kcal_mol: G(T) - E.
    """

    zero_point_kcal_mol: float
    enthalpy_kcal_mol: float
    entropy_kcal_mol_k: float
    gibbs_kcal_mol: float


def thermal_terms(
    found: ThermalResult, *, multiplicity: int, temperature_k: float, pressure_pa: float, saddle_order: int
) -> ThermalTerms | None:
    """Thermal terms of a minimum or a transition state.

    The electronic degeneracy is that of the spin alone. The symmetry number is that of the rigid geometry:
    a conformer that stands for its mirror image, too, is counted by its degeneracy in the ensemble.

    Args:
        found: Its vibrations.
        multiplicity: 2S + 1.
        temperature_k: Absolute temperature.
        pressure_pa: Of the ideal gas, `ATMOSPHERE_PA` or `molar_pressure_pa`; the entropy depends on it.
        saddle_order: Modes that lead away from it: 0 for a minimum, 1 for a transition state.

    Returns:
        None where the geometry is something else: fewer imaginary modes than that, or one more that is larger
        than `IMAGINARY_CM`.

    Raises:
        InputError: Temperature or pressure is not positive.
    """
    if temperature_k <= 0 or pressure_pa <= 0:
        raise InputError(f"temperature {temperature_k} K, pressure {pressure_pa} Pa: expected more than 0")
    modes_cm = _bound_modes_cm(found.frequencies_cm, saddle_order)
    if modes_cm is None:
        return None
    thermal_kcal_mol = BOLTZMANN_KCAL_MOL_K * temperature_k
    zero_point = sum(modes_cm) / 2 * _KCAL_MOL_PER_CM
    n_rotations = {0: 0, 1: 2, 3: 3}[len(found.rotational_constants_cm)]
    excitations = sum(_occupation(mode, temperature_k) * mode for mode in modes_cm) * _KCAL_MOL_PER_CM
    enthalpy = zero_point + excitations + (2.5 + n_rotations / 2) * thermal_kcal_mol
    entropy = BOLTZMANN_KCAL_MOL_K * (
        _translation(found.mass_dalton, temperature_k, pressure_pa)
        + _rotation(found.rotational_constants_cm, found.symmetry_number, temperature_k)
        + sum(_soft_mode(mode, temperature_k) for mode in modes_cm)
        + math.log(multiplicity)
    )
    return ThermalTerms(zero_point, enthalpy, entropy, enthalpy - temperature_k * entropy)


def molar_pressure_pa(temperature_k: float) -> float:
    """Pressure of an ideal gas at 1 mol/L, the standard state of solutions.

    >>> round(molar_pressure_pa(298.15) / ATMOSPHERE_PA, 2)
    24.47
    """
    return BOLTZMANN_KCAL_MOL_K * 4184.0 * temperature_k * 1000.0


def _bound_modes_cm(frequencies_cm: tuple[float, ...], saddle_order: int) -> tuple[float, ...] | None:
    """Modes that count as vibrations; None where the imaginary ones are not those of the order."""
    leaving, bound = frequencies_cm[:saddle_order], frequencies_cm[saddle_order:]
    if len(leaving) < saddle_order or any(frequency >= 0 for frequency in leaving):
        return None
    if bound and bound[0] < -IMAGINARY_CM:
        return None
    return tuple(max(abs(frequency), _SOFTEST_CM) for frequency in bound)


def _occupation(mode_cm: float, temperature_k: float) -> float:
    """Mean number of quanta."""
    quantum = mode_cm * _KELVIN_PER_CM / temperature_k
    return math.exp(-quantum) / -math.expm1(-quantum)


def _soft_mode(mode_cm: float, temperature_k: float) -> float:
    """S/R of one mode, between oscillator and free rotor; equations 3 to 8 of the source."""
    quantum = mode_cm * _KELVIN_PER_CM / temperature_k
    oscillator = quantum * _occupation(mode_cm, temperature_k) - math.log(-math.expm1(-quantum))
    # The rotor's moment of inertia is the one that gives a free rotor the mode's frequency as its constant B.
    rotor = 0.5 + 0.5 * math.log(math.pi * temperature_k / ((mode_cm + _FRAME_CM) * _KELVIN_PER_CM))
    weight = 1.0 / (1.0 + (ROTOR_CM / mode_cm) ** 4)
    return weight * oscillator + (1.0 - weight) * rotor


def _translation(mass_dalton: float, temperature_k: float, pressure_pa: float) -> float:
    """S/R, Sackur and Tetrode."""
    return (
        _SACKUR_TETRODE
        + 1.5 * math.log(mass_dalton)
        + 2.5 * math.log(temperature_k)
        - math.log(pressure_pa / 1e5)
    )


def _rotation(constants_cm: tuple[float, ...], symmetry_number: int, temperature_k: float) -> float:
    """S/R of a rigid rotor far above its level spacing; H2 at 298 K is 2 % off."""
    if not constants_cm:
        return 0.0
    reduced = [temperature_k / (constant * _KELVIN_PER_CM) for constant in constants_cm]
    if len(reduced) == 1:
        return 1.0 + math.log(reduced[0] / symmetry_number)
    return 1.5 + 0.5 * math.log(math.pi * math.prod(reduced)) - math.log(symmetry_number)
