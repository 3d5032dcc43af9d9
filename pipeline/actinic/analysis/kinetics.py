"""First-order kinetics of heat: from a barrier to rates, half-lives, temperatures and scans, and back.

Eyring's equation with a transmission coefficient of 1 throughout; Arrhenius parameters are turned into it at
a reference temperature, where both give the same rate and the same slope.
"""

import math
from dataclasses import dataclass, replace

from actinic.errors import InputError
from actinic.units import BOLTZMANN_KCAL_MOL_K

CELSIUS_K = 273.15
ROOM_K = 298.15

BOLTZMANN_OVER_PLANCK_HZ_K = 2.083661912e10
"""k / h, exact."""

COLDEST_K, HOTTEST_K = 20.0, 3000.0
"""Between these a temperature is looked for; what would lie outside is set to the end."""

_RATE_OF_HALF_LIFE = math.log(2.0)


@dataclass(frozen=True, slots=True)
class RateLaw:
    """Rate constant of a first-order reaction at any temperature.

    Attributes:
        enthalpy_kcal_mol: Of activation.
        entropy_kcal_mol_k: Of activation.
    """

    enthalpy_kcal_mol: float
    entropy_kcal_mol_k: float

    @classmethod
    def arrhenius(cls, log10_a: float, energy_kcal_mol: float, reference_k: float) -> "RateLaw":
        """The law with the same rate and slope at `reference_k` as A exp(-E/RT), A in s-1.

        >>> law = RateLaw.arrhenius(13.0, 30.0, 400.0)
        >>> round(math.log10(law.rate_s(400.0)), 3)
        -3.391
        """
        thermal = BOLTZMANN_KCAL_MOL_K * reference_k
        entropy_r = log10_a * math.log(10.0) - 1.0 - math.log(BOLTZMANN_OVER_PLANCK_HZ_K * reference_k)
        return cls(energy_kcal_mol - thermal, BOLTZMANN_KCAL_MOL_K * entropy_r)

    @classmethod
    def through(cls, temperature_k: float, half_life_s: float, entropy_kcal_mol_k: float) -> "RateLaw":
        """The law with this entropy by which half has reacted after `half_life_s` at `temperature_k`."""
        gibbs = gibbs_kcal_mol(_RATE_OF_HALF_LIFE / half_life_s, temperature_k)
        return cls(gibbs + temperature_k * entropy_kcal_mol_k, entropy_kcal_mol_k)

    def log10_a(self, reference_k: float) -> float:
        """Decadic logarithm of the Arrhenius prefactor in s-1 at a temperature.

        >>> round(RateLaw.arrhenius(13.0, 30.0, 400.0).log10_a(400.0), 6)
        13.0
        """
        entropy_r = self.entropy_kcal_mol_k / BOLTZMANN_KCAL_MOL_K
        return (entropy_r + 1.0 + math.log(BOLTZMANN_OVER_PLANCK_HZ_K * reference_k)) / math.log(10.0)

    def gibbs_kcal_mol(self, temperature_k: float) -> float:
        """Gibbs energy of activation."""
        return self.enthalpy_kcal_mol - temperature_k * self.entropy_kcal_mol_k

    def rate_s(self, temperature_k: float) -> float:
        """Rate constant in s-1.

        Raises:
            InputError: The temperature is not positive.
        """
        if temperature_k <= 0:
            raise InputError(f"temperature {temperature_k} K: expected more than 0")
        exponent = -self.gibbs_kcal_mol(temperature_k) / (BOLTZMANN_KCAL_MOL_K * temperature_k)
        return BOLTZMANN_OVER_PLANCK_HZ_K * temperature_k * math.exp(min(exponent, 50.0))

    def half_life_s(self, temperature_k: float) -> float:
        """Time after which half has reacted; infinite where the rate is too small for a number."""
        rate = self.rate_s(temperature_k)
        return _RATE_OF_HALF_LIFE / rate if rate > 0 else math.inf

    def survival(self, temperature_k: float, seconds: float) -> float:
        """Fraction left after some seconds at a temperature."""
        return math.exp(-self.rate_s(temperature_k) * seconds)

    def temperature_k(self, half_life_s: float) -> float:
        """Temperature at which half has reacted after `half_life_s`, within `COLDEST_K` and `HOTTEST_K`.

        Raises:
            InputError: The half-life is not positive.
        """
        if half_life_s <= 0:
            raise InputError(f"half-life {half_life_s} s: expected more than 0")
        target = math.log(_RATE_OF_HALF_LIFE / half_life_s / BOLTZMANN_OVER_PLANCK_HZ_K)
        return _root_k(self, target)

    def scan_peak_k(self, heating_k_min: float) -> float:
        """Temperature of the highest rate when heated steadily: Kissinger, Anal. Chem. 29, 1702 (1957).

        For a first-order reaction, E / (R T^2) = A / b exp(-E/RT) (doi:10.1021/ac60131a045), with the
        enthalpy of activation and RT for E.

        Raises:
            InputError: The heating rate is not positive.
        """
        if heating_k_min <= 0:
            raise InputError(f"heating rate {heating_k_min} K/min: expected more than 0")
        peak_k = self.temperature_k(600.0)
        for _ in range(60):
            energy = self.enthalpy_kcal_mol + BOLTZMANN_KCAL_MOL_K * peak_k
            wanted = heating_k_min / 60.0 * energy / (BOLTZMANN_KCAL_MOL_K * peak_k**2)
            peak_k = self.temperature_k(_RATE_OF_HALF_LIFE / wanted)
        return peak_k

    def shifted(self, kcal_mol: float) -> "RateLaw":
        """The law with another enthalpy, never below 0."""
        return replace(self, enthalpy_kcal_mol=max(0.0, self.enthalpy_kcal_mol + kcal_mol))


def gibbs_kcal_mol(rate_s: float, temperature_k: float) -> float:
    """Gibbs energy of activation that a measured first-order rate constant stands for.

    >>> round(gibbs_kcal_mol(4.2e-6, 363.15), 2)
    30.33

    Raises:
        InputError: Rate or temperature is not positive.
    """
    if rate_s <= 0 or temperature_k <= 0:
        raise InputError(f"rate {rate_s} s-1 at {temperature_k} K: expected more than 0")
    ratio = BOLTZMANN_OVER_PLANCK_HZ_K * temperature_k / rate_s
    return BOLTZMANN_KCAL_MOL_K * temperature_k * math.log(ratio)


def law_from_scan(peak_c: float, heating_k_min: float, entropy_kcal_mol_k: float) -> RateLaw:
    """The law whose rate peaks at `peak_c` in a TGA or DSC run, given its entropy of activation.

    The entropy of the class stands in: 5 cal/(mol K) move a temperature of 160 C by 2 K.

    Raises:
        InputError: The heating rate is not positive, or the peak not above absolute zero.
    """
    peak_k = peak_c + CELSIUS_K
    if peak_k <= 0:
        raise InputError(f"peak {peak_c} C: expected more than {-CELSIUS_K}")
    low, high = 0.0, 400.0
    for _ in range(60):
        middle = (low + high) / 2
        below = RateLaw(middle, entropy_kcal_mol_k).scan_peak_k(heating_k_min) < peak_k
        low, high = (middle, high) if below else (low, middle)
    return RateLaw((low + high) / 2, entropy_kcal_mol_k)


def _root_k(law: RateLaw, target: float) -> float:
    """Where ln T - G(T)/RT = target, by Newton's steps in 1/T."""
    slope_k = law.enthalpy_kcal_mol / BOLTZMANN_KCAL_MOL_K
    entropy_r = law.entropy_kcal_mol_k / BOLTZMANN_KCAL_MOL_K

    def excess(inverse: float) -> float:
        return -math.log(inverse) + entropy_r - slope_k * inverse - target

    if excess(1.0 / HOTTEST_K) <= 0:
        return HOTTEST_K
    if excess(1.0 / COLDEST_K) >= 0:
        return COLDEST_K
    inverse = 1.0 / HOTTEST_K
    for _ in range(60):
        # Convex and falling: from the hot end no step goes too far.
        step = excess(inverse) / (1.0 / inverse + slope_k)
        inverse += step
        if abs(step) <= 1e-12 * inverse:
            break
    return 1.0 / inverse
