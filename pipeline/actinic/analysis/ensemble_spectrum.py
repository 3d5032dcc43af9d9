"""The weak bands of a molecule: intensity and width that vibrations lend to its lowest, nearly dark states.

Their place is not that of the calibration line, which was fitted to bright bands: on it an n-pi* state would
follow the errors of pi-pi* states, which have the other sign. They are moved by the mean error of the level
for vertical n-pi* states instead; the ensemble itself brings the step from vertical excitation to band.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from actinic.analysis.absorption import Sticks, molar_absorptivity_l_mol_cm
from actinic.analysis.npi_states import weak_calibration
from actinic.calculations.sampling import SamplingResult
from actinic.calculations.spectrum import SpectrumResult, Transition
from actinic.calculations.weak_states import n_weak
from actinic.level import Level

Array = NDArray[np.float64]

WIDTH_EV = 0.05
"""What may be added to the width of an ensemble: its own width is that of the band already."""


GRID_STEP_EV = 0.01
TAIL_EV = 1.2
"""How far beyond the outermost sticks the error of sampling is worked out; it is constant from there."""


NOTHING_L_MOL_CM = 0.01
"""Absorptivities far below this are alike; their logarithms are not."""


@dataclass(frozen=True, slots=True)
class WeakBand:
    """One weak state over the ensemble, on the scale of experiment.

    Attributes:
        sticks: One per geometry, drawn together so that `width_ev` does not widen the band.
        width_ev: Gaussian standard deviation that goes with the sticks.
    """

    sticks: Sticks
    width_ev: float


@dataclass(frozen=True, slots=True)
class WeakBands:
    """All weak states of a molecule.

    Attributes:
        bands: One per state, lowest first.
        standard_error_ev: Of the position of all of them together.
        n_geometries: Size of the ensemble.
        n_modes_left_out: Soft modes it does not move along.
        grid_ev: Energies at which `log_errors` are given.
        log_errors: Standard deviation of the natural logarithm of the absorptivity: what another draw of
            as many geometries would change.
        highest_l_mol_cm: Largest absorptivity on the grid.
        highest_log_error: The standard deviation there.
    """

    bands: tuple[WeakBand, ...]
    standard_error_ev: float
    n_geometries: int
    n_modes_left_out: int
    grid_ev: tuple[float, ...]
    log_errors: tuple[float, ...]
    highest_l_mol_cm: float
    highest_log_error: float

    @property
    def lowest_ev(self) -> float:
        """Energy of the lowest stick."""
        return min(min(band.sticks.energies_ev) for band in self.bands)

    def absorptivity_l_mol_cm(self, energies_ev: Array, sampled: float | Array = 0.0) -> Array:
        """Molar absorptivity at the energies given, shape (n,), in L mol-1 cm-1.

        Args:
            energies_ev: Photon energies, shape (n,).
            sampled: Raised by as many standard errors of the sampling, but no flank above the highest point,
                raised alike.
        """
        curve = _curve(self.bands, energies_ev)
        raised = curve * np.exp(sampled * self.log_error(energies_ev))
        highest = self.highest_l_mol_cm * np.exp(sampled * self.highest_log_error)
        found: Array = np.where(curve < self.highest_l_mol_cm, np.minimum(raised, highest), raised)
        return found

    def log_error(self, energies_ev: Array) -> Array:
        """Standard deviation of the logarithm of the absorptivity at the energies given, shape (n,)."""
        found: Array = np.interp(energies_ev, self.grid_ev, self.log_errors)
        return found


def weak_bands(found: SamplingResult, level: Level) -> WeakBands | None:
    """The weak bands of an ensemble; None without weak states or for a level without a correction.

    The k-th lowest excitations of all geometries make the k-th band. Where states cross, this keeps the order
    of energy, not the character.
    """
    calibration = weak_calibration(level)
    if calibration is None or not found.geometries:
        return None
    bands = _bands(found, calibration.shift_ev)
    if not bands:
        return None
    energies_ev = [energy_ev for band in bands for energy_ev in band.sticks.energies_ev]
    grid_ev = np.arange(min(energies_ev) - TAIL_EV, max(energies_ev) + TAIL_EV, GRID_STEP_EV)
    errors = _log_errors(found, calibration.shift_ev, grid_ev)
    curve = _curve(bands, grid_ev)
    top = int(curve.argmax())
    return WeakBands(
        bands=bands,
        standard_error_ev=calibration.standard_error_ev,
        n_geometries=len(found.geometries),
        n_modes_left_out=found.n_modes_left_out,
        grid_ev=tuple(grid_ev.tolist()),
        log_errors=tuple(errors.tolist()),
        highest_l_mol_cm=float(curve[top]),
        highest_log_error=float(errors[top]),
    )


def bright_part(
    spectrum: SpectrumResult, found: SamplingResult, lone_pairs: Sequence[bool]
) -> SpectrumResult:
    """`spectrum` without the weak states that an ensemble replaces: those below its first bright one.

    Args:
        spectrum: Of one conformer.
        found: The ensemble.
        lone_pairs: Of each heavy atom, by which n-pi* states are known; empty for none.
    """
    replaced = min(n_weak(spectrum.transitions, lone_pairs), len(found.minimum))
    return msgspec.structs.replace(spectrum, transitions=spectrum.transitions[replaced:])


def _log_errors(found: SamplingResult, shift_ev: float, grid_ev: Array) -> Array:
    """Standard deviation of the logarithm of the absorptivity on a grid, shape (n,).

    Jackknife (Efron, Stein, Ann. Stat. 1981, 9, 586) of the logarithm: what leaving out one geometry at a
    time does to the whole curve, its smoothing included. In the flanks, which rest on one or two geometries,
    the jackknife of the absorptivity itself would be too sure (`docs/decisions.md`). Of one geometry nothing
    can be left out: its error is taken to be a factor of e.
    """
    n = len(found.geometries)
    if n == 1:
        return np.ones(grid_ev.size)
    others = [found.geometries[:k] + found.geometries[k + 1 :] for k in range(n)]
    ensembles = (msgspec.structs.replace(found, geometries=rest) for rest in others)
    curves = np.array([_curve(_bands(one, shift_ev), grid_ev) for one in ensembles])
    errors: Array = np.sqrt((n - 1) * np.log(curves + NOTHING_L_MOL_CM).var(axis=0))
    return errors


def _bands(found: SamplingResult, shift_ev: float) -> tuple[WeakBand, ...]:
    states = [
        [spectrum[k] for spectrum in found.geometries if len(spectrum) > k] for k in range(len(found.minimum))
    ]
    return tuple(_band(state, found, shift_ev) for state in states if state)


def _curve(bands: Sequence[WeakBand], energies_ev: Array) -> Array:
    total: Array = np.zeros(energies_ev.size)
    for band in bands:
        total += molar_absorptivity_l_mol_cm(band.sticks, energies_ev, band.width_ev)
    return total


def _band(state: Sequence[Transition], found: SamplingResult, shift_ev: float) -> WeakBand:
    energies = np.array([transition.energy_ev for transition in state])
    strengths = np.array([transition.oscillator_strength for transition in state])
    smooth, width_ev = without_noise(energies, strengths)
    return WeakBand(
        Sticks(
            tuple((smooth + shift_ev).tolist()),
            tuple((strengths / len(found.geometries)).tolist()),
            found.covered_ev + shift_ev,
        ),
        width_ev,
    )


def without_noise(energies_ev: Array, strengths: Array) -> tuple[Array, float]:
    """Sticks and a width that give a smooth band of the same area, mean and variance as the sticks.

    Some 30 sticks broadened by 0.05 eV make a comb. A width by the rule of Silverman (Density Estimation for
    Statistics and Data Analysis, 1986, 3.4.2), 0.9 s n^(-1/5) with n the effective number of sticks, makes
    a band; drawing the sticks together by just as much (ibid., 6.4.1) keeps it from being wider than the
    ensemble by more than `WIDTH_EV`.

    Args:
        energies_ev: Excitation energies of one state, shape (n,).
        strengths: Its oscillator strengths, shape (n,).

    Returns:
        Energies, shape (n,), and the Gaussian standard deviation to broaden them with.
    """
    total = float(strengths.sum())
    weights = strengths / total if total > 0 else np.full(strengths.size, 1 / strengths.size)
    mean = float(weights @ energies_ev)
    variance = float(weights @ (energies_ev - mean) ** 2)
    n_effective = 1 / float(weights @ weights)
    width_ev = max(WIDTH_EV, 0.9 * float(np.sqrt(variance)) * n_effective**-0.2)
    if width_ev == WIDTH_EV:
        return energies_ev, WIDTH_EV
    drawn_together = np.sqrt(1 - (width_ev**2 - WIDTH_EV**2) / variance)
    return mean + drawn_together * (energies_ev - mean), width_ev
