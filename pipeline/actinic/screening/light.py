"""The tier of light: spectra, a second level's opinion of them, and the weak bands they leave out."""

from dataclasses import replace

import msgspec

from actinic.analysis.npi_states import weak_calibration
from actinic.analysis.second_opinion import lowest_band_ev
from actinic.calculations.ensemble import EnsembleResult
from actinic.calculations.kinds import Request
from actinic.calculations.spectrum import SpectrumRequest, SpectrumResult
from actinic.chemistry.absorbing_part import AbsorbingPart, absorbing_part
from actinic.chemistry.candidates import Candidate
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.level import Level
from actinic.screening.lookup import Lookup, answer
from actinic.screening.participants import ensemble_request
from actinic.screening.sections import SpectrumSection
from actinic.screening.tiers import Progress, failed, with_known
from actinic.screening.weak_bands import has_weak_bands, sampling_stand
from actinic.screening.workflow import Workflow

SECOND_REACH_EV = 1.6
"""So far above the lowest band of the first level the roots of the second reach. Of the reference molecules
B3LYP puts raw bands up to 0.6 eV higher than CAM-B3LYP for all (`actinic validate absorption`); the other way
round it is 0.9 eV for 95 %."""

SECOND_FURTHER_EV = 0.8
"""As much further than the first level's they reach where no band was found: the second may have the range
separation that puts all bands that much higher."""


def light_tier(here: Progress, candidate: Candidate, workflow: Workflow, lookup: Lookup) -> Progress:
    """Spectra of the lowest conformers, its own of a trimmed model; then the weak bands they leave out."""
    section = workflow.spectrum
    if section is None or here.known.ensemble is None:
        return here
    here = _with_part(here, candidate, workflow, lookup)
    if here.state != "done":
        return here
    absorber, conformers = here.known.absorber, here.known.absorber_conformers[: section.conformers]
    requests = [spectrum_request(absorber, c.geometry, workflow, section) for c in conformers]
    absent: list[Request] = []
    spectra: list[SpectrumResult] = []
    for request in requests:
        outcome = lookup(request)
        if outcome is None:
            absent.append(request)
        elif isinstance(outcome.result, SpectrumResult):
            spectra.append(outcome.result)
        elif absent:  # which one failed first in time must not show
            break
        else:
            return failed(here, request, outcome)
    if absent:
        reason = "its spectrum is not computed yet"
        return replace(here, state="waiting", missing=tuple(absent), reason=reason)
    # No gate in between: what one geometry leaves dark an ensemble may light.
    after = with_known(candidate, workflow, replace(here.known, spectra=tuple(spectra)))
    after = _with_second(after, candidate, workflow, lookup)
    return after if after.state != "done" else _sampling_tier(after, candidate, workflow, lookup)


def _with_second(here: Progress, candidate: Candidate, workflow: Workflow, lookup: Lookup) -> Progress:
    """With the spectrum of the lowest conformer at the second level; where that is not known it ends nothing.

    It reaches as far as its band is usually found, and as far as all roots of the first where it is not.
    """
    section, absorber = workflow.spectrum, here.known.absorber
    if section is None or section.second_level is None:
        return here
    level = Level.parse(section.second_level)
    first_ev = lowest_band_ev(here.known.spectra[0], here.known.dft, absorber)
    if absorber.has_bare_charges or first_ev is None:
        why = "an ion" if absorber.has_bare_charges else "no band at the first"
        return with_known(candidate, workflow, replace(here.known, unconfirmed=f"no second level: {why}"))
    geometry = here.known.absorber_conformers[0].geometry
    whole_ev = section.cover_ev + SECOND_FURTHER_EV
    for reach_ev in (min(round(first_ev + SECOND_REACH_EV, 1), whole_ev), whole_ev):
        request = msgspec.structs.replace(
            spectrum_request(absorber, geometry, workflow, section),
            level=level,
            response=msgspec.structs.replace(workflow.response_settings, cover_ev=reach_ev),
        )
        found = answer(request, lookup, SpectrumResult)
        if found.missing:
            reason = "its spectrum is not computed at the second level yet"
            return replace(here, state="waiting", missing=found.missing, reason=reason)
        why = f"no second level: {found.reason}"
        if found.result is None:
            break
        why = "" if lowest_band_ev(found.result, level, absorber) else "no second level: no band there"
        if not why:
            break
    known = replace(here.known, second=found.result, second_dft=level, unconfirmed=why)
    return with_known(candidate, workflow, known)


def _with_part(here: Progress, candidate: Candidate, workflow: Workflow, lookup: Lookup) -> Progress:
    """With the trimmed model and its conformers; one that has none is not used."""
    part = spectrum_part(candidate.species, workflow)
    if part is None:
        return here
    found = answer(ensemble_request(part.species, workflow.ensemble), lookup, EnsembleResult)
    if found.missing:
        reason = f"the conformers of its trimmed model {part.species.smiles} are not computed yet"
        return replace(here, state="waiting", missing=found.missing, reason=reason)
    if found.result is None or not found.result.conformers:
        return here
    return with_known(candidate, workflow, replace(here.known, part=part, part_ensemble=found.result))


def spectrum_part(species: Species, workflow: Workflow) -> AbsorbingPart | None:
    """What stands for a species in its spectrum; None where that is the species itself, or none is wanted."""
    section = workflow.spectrum
    if section is None or section.trim_reach is None:
        return None
    return absorbing_part(species, section.trim_reach)


def _sampling_tier(here: Progress, candidate: Candidate, workflow: Workflow, lookup: Lookup) -> Progress:
    """Weak bands that cannot be sampled stay lower bounds; that ends no candidate."""
    section, absorber = workflow.sampling, here.known.absorber
    if section is None or weak_calibration(here.known.dft) is None:
        return here
    if not has_weak_bands(absorber, here.known.spectra):
        return here
    lowest = here.known.absorber_conformers[0].geometry
    stand = sampling_stand(absorber, lowest, workflow, section, lookup)
    if stand.missing:
        return replace(
            here, state="waiting", missing=stand.missing, reason="its weak bands are not sampled yet"
        )
    unsampled = f"weak bands not sampled: {stand.reason}" if stand.reason else ""
    return with_known(candidate, workflow, replace(here.known, sampling=stand.result, unsampled=unsampled))


def spectrum_request(
    species: Species, geometry: Geometry, workflow: Workflow, section: SpectrumSection
) -> SpectrumRequest:
    """The spectrum of one conformer; cations and anions have levels of their own."""
    return SpectrumRequest(
        geometry=geometry,
        charge=species.charge,
        multiplicity=species.multiplicity,
        level=spectrum_level(species, section),
        scf=workflow.scf_settings,
        response=workflow.response_settings,
        program="pyscf",
    )


def spectrum_level(species: Species, section: SpectrumSection) -> Level:
    """Anions need diffuse functions and a solvent, other bare charges a solvent."""
    if species.charge < 0:
        return Level.parse(section.anion_level)
    return Level.parse(section.cation_level if species.has_bare_charges else section.level)
