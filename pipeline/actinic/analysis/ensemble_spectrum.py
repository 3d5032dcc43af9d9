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
from actinic.calculations.sampling import BRIGHT_STRENGTH, SamplingResult
from actinic.calculations.spectrum import SpectrumResult, Transition
from actinic.level import Level

Array = NDArray[np.float64]

WIDTH_EV = 0.05
"""What may be added to the width of an ensemble: its own width is that of the band already."""


@dataclass(frozen=True, slots=True)
class WeakCalibration:
    """Correction of vertical n-pi* states.

    Attributes:
        shift_ev: Added to a computed energy.
        standard_error_ev: Standard deviation of what remains.
        n: States it was measured on.
    """

    shift_ev: float
    standard_error_ev: float
    n: int


WEAK_CALIBRATIONS = {"b3lyp/def2-svp": WeakCalibration(0.180, 0.175, 21)}
"""Best estimates of QUEST minus TDA of the full tier at GFN2 minima: n-pi* states of carbonyls and
thiocarbonyls (`python benchmarks/weak_states.py`). With the azines of the set it would be 0.27 +- 0.21 eV."""


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
    """

    bands: tuple[WeakBand, ...]
    standard_error_ev: float
    n_geometries: int
    n_modes_left_out: int

    @property
    def lowest_ev(self) -> float:
        """Energy of the lowest stick."""
        return min(min(band.sticks.energies_ev) for band in self.bands)

    def absorptivity_l_mol_cm(self, energies_ev: Array) -> Array:
        """Molar absorptivity at the energies given, shape (n,), in L mol-1 cm-1."""
        parts = [molar_absorptivity_l_mol_cm(band.sticks, energies_ev, band.width_ev) for band in self.bands]
        total: Array = np.sum(parts, axis=0)
        return total


def weak_calibration(level: Level) -> WeakCalibration | None:
    """The correction for `level`, its solvent ignored; None when that level was never compared."""
    return WEAK_CALIBRATIONS.get(str(Level(level.method, level.basis)))


def weak_bands(found: SamplingResult, level: Level) -> WeakBands | None:
    """The weak bands of an ensemble; None without weak states or for a level without a correction.

    The k-th lowest excitations of all geometries make the k-th band. Where states cross, this keeps the order
    of energy, not the character.
    """
    calibration = weak_calibration(level)
    if calibration is None or not found.geometries:
        return None
    states = [
        [spectrum[k] for spectrum in found.geometries if len(spectrum) > k] for k in range(len(found.minimum))
    ]
    bands = tuple(_band(state, found, calibration.shift_ev) for state in states if state)
    if not bands:
        return None
    return WeakBands(bands, calibration.standard_error_ev, len(found.geometries), found.n_modes_left_out)


def bright_part(spectrum: SpectrumResult, found: SamplingResult) -> SpectrumResult:
    """`spectrum` without the weak states that an ensemble replaces: those below its first bright one."""
    first = next(
        (k for k, t in enumerate(spectrum.transitions) if t.oscillator_strength >= BRIGHT_STRENGTH),
        len(spectrum.transitions),
    )
    rest = spectrum.transitions[min(first, len(found.minimum)) :]
    return msgspec.structs.replace(spectrum, transitions=rest)


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
