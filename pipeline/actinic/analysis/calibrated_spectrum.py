"""A computed spectrum on the scale of experiment, with the error of its place and of its intensity."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from actinic.analysis.absorption import (
    Placement,
    Sticks,
    anchor_band_ev,
    lowest_band_strength,
    molar_absorptivity_l_mol_cm,
)
from actinic.analysis.calibration import AbsorptionCalibration
from actinic.analysis.ensemble_spectrum import WeakBands
from actinic.analysis.estimate import fourth_quantiles, independent_quantiles, standard_quantiles
from actinic.analysis.second_opinion import DISAGREE_EV, SecondOpinion

OUTSIDE_ERROR_FACTOR = 2.0
"""Outside the molecules behind the line (ions, classes it lacks, bands beyond its range) the error is larger.

A convention, not a measurement: the calibration set holds none of them.
"""


@dataclass(frozen=True, slots=True)
class CalibratedSpectrum:
    """A spectrum moved by the correction of its lowest band, and the error of that move.

    Attributes:
        sticks: Energies on the scale of experiment, strengths as computed.
        placement: How the energies were moved.
        standard_error_ev: Of the position of the whole spectrum.
        edge_error_ev: Of its edges.
        intensity: Factor from computed to observed absorptivity.
        log10_intensity_error: Standard deviation of the decadic logarithm of that factor.
        width_ev: Gaussian standard deviation of a band, but for those of `weak`.
        caveats: Why the calibration may not hold for this molecule; empty when it does.
        weak: Weak bands of sampled geometries, for absorptivities; None without an ensemble.
        rest: `sticks` without the states that `weak` replaces; None without an ensemble.
        edge_tail: How much longer than normal the tails of the error of edges are; a doubled one has none.
    """

    sticks: Sticks
    placement: Placement
    standard_error_ev: float
    edge_error_ev: float
    intensity: float
    log10_intensity_error: float
    width_ev: float
    caveats: tuple[str, ...]
    weak: WeakBands | None = None
    rest: Sticks | None = None
    edge_tail: float = 1.0

    @property
    def shift_ev(self) -> float:
        """By how much the lowest band and all above it were moved."""
        return self.placement.shift_ev

    def absorptivity_l_mol_cm(
        self,
        energies_ev: NDArray[np.float64],
        quantile: float | NDArray[np.float64] = 0.0,
        sampled: float | NDArray[np.float64] = 0.0,
    ) -> NDArray[np.float64]:
        """On the scale of experiment, every band moved up by `quantile` of its own standard errors.

        Sampled bands are raised by `sampled` standard errors of the sampling. Strengths lent by vibrations
        are taken as computed: the factor of bright bands corrects for the width of one stick as well, which
        an ensemble has right. Of measured n-pi* bands it comes within a factor of two (docs/method.md).
        """
        sticks = self.sticks if self.rest is None else self.rest
        moved = energies_ev - quantile * self.standard_error_ev
        bright = self.intensity * molar_absorptivity_l_mol_cm(sticks, moved, self.width_ev)
        if self.weak is None:
            return bright
        in_band = energies_ev - quantile * self.weak.standard_error_ev
        return bright + self.weak.absorptivity_l_mol_cm(in_band, sampled)

    def alternatives_l_mol_cm(self, energies_ev: NDArray[np.float64]) -> NDArray[np.float64]:
        """Absorptivity and its equally likely alternatives, in L mol-1 cm-1.

        Position, factor of intensity and sampling err independently.

        Args:
            energies_ev: Photon energies, shape (n,).

        Returns:
            Shape (n, 1 + N_DRAWS), best values first.
        """
        position, factor, sampled = (
            np.array([0.0, *quantiles])
            for quantiles in (standard_quantiles(), independent_quantiles(), fourth_quantiles())
        )
        shape = (energies_ev.size, position.size)
        at = np.broadcast_to(energies_ev[:, None], shape).ravel()
        drawn = (np.broadcast_to(one, shape).ravel() for one in (position, sampled))
        computed = self.absorptivity_l_mol_cm(at, *drawn).reshape(shape)
        alternatives: NDArray[np.float64] = computed * 10 ** (factor * self.log10_intensity_error)
        return alternatives

    def with_weak_bands(self, weak: WeakBands, rest: Sticks) -> "CalibratedSpectrum":
        """The same with an ensemble in the place of the weak states; `rest` are the other ones, raw."""
        return replace(self, weak=weak, rest=self.placement(rest))


def calibrated(
    raw: Sticks,
    calibration: AbsorptionCalibration,
    *,
    is_ion: bool,
    strange: tuple[str, ...] = (),
    opinion: SecondOpinion | None = None,
    npi_ev: float = 0.0,
) -> CalibratedSpectrum:
    """Move the spectrum by the correction of its lowest band, see `Placement`.

    Where no band lies in the window the correction at the end of the window is used: it is the largest,
    so that absorption is rather called unknown than absent.

    Args:
        raw: Excitations as computed.
        calibration: The line.
        is_ion: Whether the molecule bears a charge.
        strange: What of the molecule the line was not made on, as `absorption_domain.outside` says it.
        opinion: Of a second level, with `calibration` that of both; None without one.
        npi_ev: Added to n-pi* states, where `raw` tells them apart.
    """
    anchor_ev = anchor_band_ev(raw)
    caveats = _outside(anchor_ev, calibration, is_ion=is_ion, strange=strange)
    shift_ev = calibration.shift_ev(raw.covered_ev if anchor_ev is None else anchor_ev)
    if opinion is not None:
        shift_ev += opinion.shift_ev
    placement = Placement(anchor_ev, shift_ev, calibration.slope, npi_ev)
    placed = placement(raw)
    is_inside = not caveats
    error_ev = calibration.error_ev(lowest_band_strength(placed))
    error_ev *= 1.0 if is_inside else OUTSIDE_ERROR_FACTOR
    if opinion is not None:
        error_ev = math.hypot(error_ev, calibration.doubt * opinion.apart_ev)
        caveats += _disagreement(opinion)
    return CalibratedSpectrum(
        sticks=placed,
        placement=placement,
        standard_error_ev=error_ev,
        edge_error_ev=error_ev * calibration.edge_ratio,
        edge_tail=calibration.edge_tail if is_inside else 1.0,
        intensity=10**calibration.log10_intensity,
        log10_intensity_error=calibration.log10_intensity_error,
        width_ev=calibration.width_ev,
        caveats=caveats,
    )


def _disagreement(opinion: SecondOpinion) -> tuple[str, ...]:
    """Names levels that are far apart."""
    if abs(opinion.apart_ev) <= DISAGREE_EV:
        return ()
    side = "higher" if opinion.apart_ev > 0 else "lower"
    return (f"the second level puts the lowest band {abs(opinion.apart_ev):.2f} eV {side} than the first",)


def _outside(
    anchor_ev: float | None, calibration: AbsorptionCalibration, *, is_ion: bool, strange: tuple[str, ...]
) -> tuple[str, ...]:
    caveats = [f"absorption of {what}, error doubled" for what in strange]
    if is_ion:
        caveats.append("absorption of an ion: calibrated on neutral molecules, error doubled")
    if anchor_ev is not None and not calibration.holds_at(anchor_ev):
        limits = f"{calibration.valid_from_ev:.2f}-{calibration.valid_to_ev:.2f} eV"
        caveats.append(f"lowest band at raw {anchor_ev:.2f} eV, calibrated for {limits}: error doubled")
    return tuple(caveats)
