"""From vertical excitations to absorptivity, band maximum and edges, as `docs/method.md` defines them.

Everything here works on the energy scale of the sticks it is given; calibration shifts the sticks first.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from actinic.units import ABSORPTIVITY_AREA_L_MOL_CM2, INVERSE_CM_PER_EV

UNFITTED_WIDTH_EV = 0.15
"""Gaussian standard deviation for absorptivities and edges where no flanks of measured spectra give one.

What was used everywhere before `absorption_width` fitted it; measured flanks are wider.
"""

SIGMA_MAXIMUM_EV = 0.20
"""Gaussian standard deviation for locating the lowest maximum."""

BAND_ABSORPTIVITY_L_MOL_CM = 50.0
"""A maximum counts as a band from this molar absorptivity: an oscillator strength of about 0.001.

On the calibration set thresholds from 5 to 100 find the same bands; from 200 upwards (f = 0.01 makes 572) the
weak lowest bands of alkylbenzenes, which are the ones reported, are missed (`docs/decisions.md`).
"""

EDGE_FRACTION = 0.10
"""The band edge lies where the red flank has this fraction of the lowest maximum."""

RESPONSE_ABSORPTIVITY_L_MOL_CM = 100.0
"""A molecule answers where its molar absorptivity is at least this."""

STEP_EV = 0.005


@dataclass(frozen=True, slots=True)
class Sticks:
    """Weighted vertical excitations of an ensemble, and how far they are complete.

    Attributes:
        energies_ev: Excitation energies, any order.
        strengths: Oscillator strengths times the weight of their conformer.
        covered_ev: Up to this energy no excitation is missing.
        is_npi: Which are n-pi* states with a correction of their own; empty where none is told apart.
    """

    energies_ev: tuple[float, ...]
    strengths: tuple[float, ...]
    covered_ev: float
    is_npi: tuple[bool, ...] = ()

    def shifted(self, shift_ev: float) -> "Sticks":
        """All energies, and the reach, moved by `shift_ev`; the spectrum keeps its shape."""
        moved = tuple(e + shift_ev for e in self.energies_ev)
        return replace(self, energies_ev=moved, covered_ev=self.covered_ev + shift_ev)

    def without_npi(self) -> "Sticks":
        """The others alone."""
        if not any(self.is_npi):
            return self
        states = zip(self.energies_ev, self.strengths, self.is_npi, strict=True)
        kept = [(energy_ev, strength) for energy_ev, strength, is_npi in states if not is_npi]
        return Sticks(tuple(e for e, _ in kept), tuple(f for _, f in kept), self.covered_ev)


@dataclass(frozen=True, slots=True)
class Placement:
    """How the excitations of a molecule are put on the scale of experiment.

    The lowest band and all above it are moved alike: state by state the line would drag the far ultraviolet
    into the window. States below the band are moved as the line says for their own energy: moved with a
    band of higher energy they would come too far red. n-pi* states have a correction of their own
    (`docs/decisions.md`).

    Attributes:
        band_ev: Raw energy of the lowest band, n-pi* states left out; None without one, and all states but
            these are moved alike.
        shift_ev: What is added to it.
        slope: Of the calibration line: at so many times their distance from the band lie the states below it.
        npi_ev: What is added to n-pi* states.
    """

    band_ev: float | None
    shift_ev: float
    slope: float = 1.0
    npi_ev: float = 0.0

    def __call__(self, raw: Sticks) -> Sticks:
        """`raw` on the scale of experiment."""
        energies_ev = np.array(raw.energies_ev, dtype=float)
        placed = energies_ev + self.shift_ev
        if self.band_ev is not None:
            placed += (1 - self.slope) * np.maximum(self.band_ev - energies_ev, 0.0)
        if raw.is_npi:
            placed = np.where(raw.is_npi, energies_ev + self.npi_ev, placed)
        return replace(raw, energies_ev=tuple(placed.tolist()), covered_ev=raw.covered_ev + self.shift_ev)


def molar_absorptivity_l_mol_cm(
    sticks: Sticks, energies_ev: NDArray[np.float64], sigma_ev: float
) -> NDArray[np.float64]:
    """Molar absorptivity of the Gaussian-broadened sticks.

    Args:
        sticks: m excitations.
        energies_ev: Photon energies, shape (n,).
        sigma_ev: Standard deviation of the Gaussian.

    Returns:
        Absorptivity in L mol-1 cm-1, shape (n,). The area under one band over wavenumber is its
        oscillator strength times `units.ABSORPTIVITY_AREA_L_MOL_CM2`.
    """
    centres = np.asarray(sticks.energies_ev, dtype=float)
    strengths = np.asarray(sticks.strengths, dtype=float)
    offsets = (energies_ev[:, None] - centres[None, :]) / sigma_ev
    height = ABSORPTIVITY_AREA_L_MOL_CM2 / (sigma_ev * INVERSE_CM_PER_EV * math.sqrt(2 * math.pi))
    result: NDArray[np.float64] = height * (np.exp(-0.5 * offsets**2) @ strengths)
    return result


def lowest_maximum_ev(sticks: Sticks, at_least_l_mol_cm: float = BAND_ABSORPTIVITY_L_MOL_CM) -> float | None:
    """Energy of the lowest maximum (sigma 0.20 eV) with an absorptivity of `at_least_l_mol_cm`.

    None when no such maximum lies below the energy covered.
    """
    grid = _grid_ev(sticks)
    if grid.size < 3:
        return None
    curve = molar_absorptivity_l_mol_cm(sticks, grid, SIGMA_MAXIMUM_EV)
    inner = curve[1:-1]
    tops = np.flatnonzero((inner > curve[:-2]) & (inner >= curve[2:]) & (inner >= at_least_l_mol_cm))
    return _vertex_ev(grid, curve, int(tops[0]) + 1) if tops.size else None


def anchor_band_ev(raw: Sticks, at_least_l_mol_cm: float = BAND_ABSORPTIVITY_L_MOL_CM) -> float | None:
    """What the calibration line is for: `lowest_maximum_ev` of the states that are not n-pi*."""
    return lowest_maximum_ev(raw.without_npi(), at_least_l_mol_cm)


def band_height_l_mol_cm(sticks: Sticks, width_ev: float) -> float | None:
    """Molar absorptivity at the top of the lowest band, as computed; None without a band.

    Args:
        sticks: m excitations.
        width_ev: Gaussian standard deviation of a band.
    """
    maximum_ev = lowest_maximum_ev(sticks)
    if maximum_ev is None:
        return None
    # At another width the maximum lies elsewhere: the highest point within one width around it.
    around = np.arange(maximum_ev - SIGMA_MAXIMUM_EV, maximum_ev + SIGMA_MAXIMUM_EV, STEP_EV)
    return float(molar_absorptivity_l_mol_cm(sticks, around, width_ev).max())


def band_strength(sticks: Sticks, maximum_ev: float) -> float:
    """Oscillator strength of what makes the band at `maximum_ev`: all within one width of it."""
    pairs = zip(sticks.energies_ev, sticks.strengths, strict=True)
    return sum(strength for energy, strength in pairs if abs(energy - maximum_ev) < SIGMA_MAXIMUM_EV)


def lowest_band_strength(sticks: Sticks) -> float | None:
    """Oscillator strength of what makes the lowest band; None without one."""
    maximum_ev = lowest_maximum_ev(sticks)
    return None if maximum_ev is None else band_strength(sticks, maximum_ev)


def band_edge_ev(sticks: Sticks, width_ev: float) -> float | None:
    """Red edge: where absorptivity first reaches 10 % of the lowest maximum.

    None when `lowest_maximum_ev` is None.

    Args:
        sticks: m excitations.
        width_ev: Gaussian standard deviation of a band.
    """
    height = band_height_l_mol_cm(sticks, width_ev)
    return None if height is None else _first_reach_ev(sticks, EDGE_FRACTION * height, width_ev)


def response_edge_ev(sticks: Sticks, width_ev: float, scale: float = 1.0) -> float | None:
    """Lowest energy with an absorptivity of at least 100 L mol-1 cm-1; None when none is covered.

    Args:
        sticks: m excitations.
        width_ev: Gaussian standard deviation of a band.
        scale: Factor from observed to computed absorptivity.
    """
    return _first_reach_ev(sticks, scale * RESPONSE_ABSORPTIVITY_L_MOL_CM, width_ev)


def _grid_ev(sticks: Sticks) -> NDArray[np.float64]:
    """From well below the lowest excitation to the end of what is covered; empty without excitations."""
    if not sticks.energies_ev:
        return np.empty(0)
    start = max(min(sticks.energies_ev) - 1.2, 0.2)
    return np.arange(start, sticks.covered_ev, STEP_EV)


def _vertex_ev(grid: NDArray[np.float64], curve: NDArray[np.float64], i: int) -> float:
    """Top of the parabola through three neighbours, so that the grid does not show."""
    left, top, right = curve[i - 1], curve[i], curve[i + 1]
    return float(grid[i] + 0.5 * STEP_EV * (left - right) / (left - 2 * top + right))


def _first_reach_ev(sticks: Sticks, threshold: float, width_ev: float) -> float | None:
    grid = _grid_ev(sticks)
    if not grid.size:
        return None
    curve = molar_absorptivity_l_mol_cm(sticks, grid, width_ev)
    above = np.flatnonzero(curve >= threshold)
    if not above.size:
        return None
    i = int(above[0])
    if i == 0:
        return float(grid[0])
    fraction = (threshold - curve[i - 1]) / (curve[i] - curve[i - 1])
    return float(grid[i - 1] + fraction * STEP_EV)
