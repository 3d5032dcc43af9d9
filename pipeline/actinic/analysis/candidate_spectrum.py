"""The spectrum of a candidate on the scale of experiment, and what its ground state says beside it."""

from collections.abc import Sequence
from dataclasses import replace

from actinic.analysis.absorption import Sticks, anchor_band_ev
from actinic.analysis.absorption_domain import outside
from actinic.analysis.calibrated_spectrum import CalibratedSpectrum, calibrated
from actinic.analysis.calibration import absorption_calibration
from actinic.analysis.ensemble_spectrum import bright_part, weak_bands
from actinic.analysis.estimate import Estimate
from actinic.analysis.exposure import dark_state_caveat, part_caveats
from actinic.analysis.known import Known
from actinic.analysis.local_calibration import local_caveat
from actinic.analysis.merging import merged_sticks, several
from actinic.analysis.npi_states import lone_pair_atoms
from actinic.analysis.second_opinion import SecondOpinion, lowest_band_ev, second_opinion
from actinic.analysis.state_rules import state_rules
from actinic.analysis.transfer_states import transfer_caveat
from actinic.calculations.spectrum import SpectrumResult
from actinic.chemistry.absorbing_part import AbsorbingPart


def add_ground_state(quantities: dict[str, Estimate], caveats: list[str], lowest: SpectrumResult) -> None:
    """Levels, dipole and lowest excitation of the lowest conformer, as computed."""
    for name, value in (
        ("homo_dft_ev", lowest.homo_ev),
        ("lumo_dft_ev", lowest.lumo_ev),
        ("gap_dft_ev", lowest.lumo_ev - lowest.homo_ev),
        ("dipole_debye", lowest.dipole_debye),
    ):
        quantities[name] = Estimate.exact(value)
    if lowest.transitions:
        quantities["s1_raw_ev"] = Estimate.exact(lowest.transitions[0].energy_ev)
        quantities["s1_oscillator_strength"] = Estimate.exact(lowest.transitions[0].oscillator_strength)
        moved = lowest.transitions[0].charge_transfer_permille
        quantities |= {} if moved is None else {"s1_charge_transfer": Estimate.exact(moved / 1000)}
    if lowest.homo_ev >= 0:
        caveats.append(f"unbound: the highest electron lies at {lowest.homo_ev:+.2f} eV")
    if lowest.capped:
        caveats.append(f"roots complete to raw {lowest.covered_ev:.2f} eV only (cap reached)")


def mark_part(quantities: dict[str, Estimate], caveats: list[str], part: AbsorbingPart | None) -> None:
    """The dipole of a part is not that of the candidate, and the row says what was left out."""
    if part is not None:
        del quantities["dipole_debye"]
        strength = quantities.get("s1_oscillator_strength")
        caveats.extend(part_caveats(part, None if strength is None else strength.value))


def candidate_spectrum(caveats: list[str], known: Known, weights: list[float]) -> CalibratedSpectrum | None:
    """The calibrated spectrum of what is known; None where the level has no calibration.

    Args:
        caveats: Added to.
        known: With spectra.
        weights: Of each spectrum.
    """
    opinion = _second_opinion(known)
    calibration = absorption_calibration(known.dft, known.second_dft if opinion else None)
    if calibration is None:
        caveats.append(f"no absorption calibration for {known.dft.in_gas_phase}: wavelengths not reported")
        return None
    species = known.absorber
    rules = state_rules(known.dft, species)
    raw = merged_sticks(known.spectra, weights, rules)
    weak = None if known.sampling is None else weak_bands(several(known.sampling, known.copies), known.dft)
    rest: list[SpectrumResult] = []
    if known.sampling is not None and weak is not None:
        rest = [bright_part(one, known.sampling, lone_pair_atoms(species)) for one in known.spectra]
        raw = _with_sampled(raw, known.spectra, rest)
    band_ev = anchor_band_ev(raw)
    line = known.local.on_absorption(calibration)
    # A class says how far its lowest band is off; without a band in the window there is none to move.
    members = line.members if band_ev is not None else {}
    strange = outside(species, members)
    spectrum = calibrated(
        raw,
        line,
        is_ion=species.has_bare_charges,
        strange=strange,
        opinion=opinion,
        npi_ev=rules.npi_ev,
    )
    if weak is not None:
        spectrum = spectrum.with_weak_bands(weak, merged_sticks(rest, weights, rules))
    caveats.extend(spectrum.caveats)
    caveats.extend(local_caveat("absorption", known.local.absorption))
    transferred = transfer_caveat(known.spectra, rules.transfer_ev, band_ev)
    caveats.extend(filter(None, (transferred, known.unconfirmed, known.unsampled)))
    dark = dark_state_caveat(spectrum)
    caveats.extend([dark] if dark else [])
    return spectrum


def _with_sampled(raw: Sticks, spectra: Sequence[SpectrumResult], rest: Sequence[SpectrumResult]) -> Sticks:
    """States that an ensemble replaces are n-pi* states: their motif says so where their hole does not."""
    replaced = [
        i < len(one.transitions) - len(bright.transitions)
        for one, bright in zip(spectra, rest, strict=True)
        for i in range(len(one.transitions))
    ]
    marks = tuple(mark or one for mark, one in zip(raw.is_npi, replaced, strict=True))
    return replace(raw, is_npi=marks)


def _second_opinion(known: Known) -> SecondOpinion | None:
    """Of the second level on the lowest conformer; None where it is not known or has no line."""
    if known.second is None or known.second_dft is None:
        return None
    first, second = absorption_calibration(known.dft), absorption_calibration(known.second_dft)
    if first is None or second is None or absorption_calibration(known.dft, known.second_dft) is None:
        return None
    bands_ev = (
        lowest_band_ev(known.spectra[0], known.dft, known.absorber),
        lowest_band_ev(known.second, known.second_dft, known.absorber),
    )
    return second_opinion(bands_ev, (first, second))
