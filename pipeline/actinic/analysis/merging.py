"""Excitations of several conformers, and of several equal chromophores, as those of one molecule."""

from collections.abc import Sequence

import msgspec

from actinic.analysis.absorption import Sticks
from actinic.analysis.transfer_states import placed_ev
from actinic.calculations.ensemble import Conformer
from actinic.calculations.sampling import SamplingResult
from actinic.calculations.spectrum import SpectrumResult, Transition


def merged_sticks(
    spectra: Sequence[SpectrumResult], weights: Sequence[float], transfer_ev: float = 0.0
) -> Sticks:
    """Raw excitations of several conformers, complete as far as all of them.

    Args:
        spectra: Of the conformers.
        weights: What their strengths are multiplied by.
        transfer_ev: Added to weak charge-transfer states.
    """
    pairs = [
        (placed_ev(transition, transfer_ev), weight * transition.oscillator_strength)
        for spectrum, weight in zip(spectra, weights, strict=True)
        for transition in spectrum.transitions
    ]
    return Sticks(
        tuple(energy for energy, _ in pairs),
        tuple(strength for _, strength in pairs),
        min(spectrum.covered_ev for spectrum in spectra),
    )


def conformer_weights(conformers: Sequence[Conformer], n: int, copies: int) -> list[float]:
    """Boltzmann weights of the n lowest conformers; their sum is the number of copies."""
    kept = [c.weight for c in conformers[:n]]
    return [copies * w / sum(kept) for w in kept]


def several(found: SamplingResult, copies: int) -> SamplingResult:
    """An ensemble of as many equal chromophores as one: each geometry absorbs as many times as much.

    What counts as a weak state, and its error, are those of one chromophore.
    """

    def raised(one: Transition) -> Transition:
        return msgspec.structs.replace(one, oscillator_strength=copies * one.oscillator_strength)

    geometries = tuple(tuple(raised(one) for one in geometry) for geometry in found.geometries)
    return msgspec.structs.replace(found, geometries=geometries)
