"""Excitations of several conformers, and of several equal chromophores, as those of one molecule."""

from collections.abc import Sequence

import msgspec

from actinic.analysis.absorption import Sticks
from actinic.analysis.state_rules import StateRules
from actinic.calculations.ensemble import Conformer
from actinic.calculations.sampling import SamplingResult
from actinic.calculations.spectrum import SpectrumResult, Transition

PLAIN = StateRules()
"""No state is treated apart."""


def merged_sticks(
    spectra: Sequence[SpectrumResult], weights: Sequence[float], rules: StateRules = PLAIN
) -> Sticks:
    """Raw excitations of several conformers, complete as far as all of them.

    Args:
        spectra: Of the conformers.
        weights: What their strengths are multiplied by.
        rules: How states of some kinds are treated.
    """
    states = [
        (rules.energy_ev(transition), weight * transition.oscillator_strength, rules.is_npi(transition))
        for spectrum, weight in zip(spectra, weights, strict=True)
        for transition in spectrum.transitions
    ]
    return Sticks(
        tuple(energy for energy, _, _ in states),
        tuple(strength for _, strength, _ in states),
        min(spectrum.covered_ev for spectrum in spectra),
        tuple(is_npi for _, _, is_npi in states),
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
