"""What is still to be computed for a candidate: the one place that decides what runs.

Resuming, the funnel from tight binding to TD-DFT, and the sharing of equal calculations all follow from
asking again with more known.
"""

from dataclasses import dataclass, replace
from typing import Literal

from actinic.analysis.assessment import Assessment, Known, assess
from actinic.analysis.ensemble_spectrum import weak_calibration
from actinic.analysis.reaction_report import TRIPLET
from actinic.calculations.ensemble import EnsembleRequest, EnsembleResult
from actinic.calculations.kinds import Request, key, kind_of
from actinic.calculations.outcome import Outcome
from actinic.calculations.spectrum import SpectrumRequest, SpectrumResult
from actinic.chemistry.anchors import Affinity, anchors, surface_of, verdict
from actinic.chemistry.candidates import Candidate
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.reaction_choice import considered, to_triplet
from actinic.chemistry.species import Species
from actinic.level import Level
from actinic.screening.lookup import Lookup
from actinic.screening.participants import Recipe, ensemble_request, standing_of
from actinic.screening.sections import SpectrumSection
from actinic.screening.weak_bands import has_weak_bands, sampling_stand
from actinic.screening.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a candidate stands.

    Attributes:
        state: `waiting` while something is missing; the others are final.
        missing: Calculations to run now, cheapest tier first; empty unless waiting.
        reason: Why it failed, was screened out or waits; empty when done.
        known: What has been computed.
        assessment: What follows from that.
    """

    state: Literal["waiting", "done", "screened_out", "failed"]
    missing: tuple[Request, ...]
    reason: str
    known: Known
    assessment: Assessment


def missing(candidate: Candidate, workflow: Workflow, lookup: Lookup) -> tuple[Request, ...]:
    """Calculations still to run for `candidate`; empty when it is done, failed or screened out."""
    return progress(candidate, workflow, lookup).missing


def progress(candidate: Candidate, workflow: Workflow, lookup: Lookup) -> Progress:
    """Where `candidate` stands, tier by tier; a gate is applied as soon as its quantity is known."""
    here = _on_surface(_start(candidate, workflow), candidate, workflow)
    if here.state != "done":
        return here
    for tier in (_ensemble_tier, _spectrum_tier, _reaction_tier, _second_level_tier):
        here = _through_gates(here, workflow)
        if here.state != "done":
            return here
        here = tier(here, candidate, workflow, lookup)
        if here.state != "done":
            return here
    return _through_gates(here, workflow)


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


def _start(candidate: Candidate, workflow: Workflow) -> Progress:
    # The calibration of the neutral level serves ions too; assess() widens their error and says so.
    dft = workflow.spectrum.level if workflow.spectrum else workflow.ensemble.level
    known = Known(
        species=candidate.species,
        ensemble=None,
        spectra=(),
        tight_binding=Level.parse(workflow.ensemble.level),
        dft=Level.parse(dft),
    )
    return _with(candidate, workflow, known)


def _with(candidate: Candidate, workflow: Workflow, known: Known) -> Progress:
    exposure = workflow.exposure_for(candidate.target_nm)
    return Progress("done", (), "", known, assess(known, exposure))


def _on_surface(here: Progress, candidate: Candidate, workflow: Workflow) -> Progress:
    """Screen out what cannot stay on the nanocrystal; only ligands, and rows without a role, have to."""
    section = workflow.surface
    if section is None or candidate.role not in ("", "ligand"):
        return here
    found = verdict(anchors(candidate.species), surface_of(section.nanocrystal))
    stays = found.suits is not False and (section.allow_labile or found.affinity is not Affinity.LABILE)
    if stays:
        return here
    reason = f"{found.group or 'no anchor'} on {section.nanocrystal}: {found.reason}"
    return replace(here, state="screened_out", reason=reason)


def _through_gates(here: Progress, workflow: Workflow) -> Progress:
    verdicts = (gate.verdict(here.assessment.quantities) for gate in workflow.gate_objects())
    reason = next((verdict for verdict in verdicts if verdict), None)
    return here if reason is None else replace(here, state="screened_out", reason=reason)


def _ensemble_tier(here: Progress, candidate: Candidate, workflow: Workflow, lookup: Lookup) -> Progress:
    request = ensemble_request(candidate.species, workflow.ensemble)
    outcome = lookup(request)
    if outcome is None:
        return replace(here, state="waiting", missing=(request,), reason="its ensemble is not computed yet")
    if outcome.failure is not None:
        return _failed(here, request, outcome)
    assert isinstance(outcome.result, EnsembleResult)
    after = _with(candidate, workflow, replace(here.known, ensemble=outcome.result))
    if not outcome.result.conformers:
        return replace(after, state="failed", reason=_fell_apart(outcome.result, request))
    return after


def _spectrum_tier(here: Progress, candidate: Candidate, workflow: Workflow, lookup: Lookup) -> Progress:
    section = workflow.spectrum
    if section is None or here.known.ensemble is None:
        return here
    conformers = here.known.ensemble.conformers[: section.conformers]
    requests = [spectrum_request(candidate.species, c.geometry, workflow, section) for c in conformers]
    outcomes = [lookup(request) for request in requests]
    for request, outcome in zip(requests, outcomes, strict=True):
        if outcome is not None and outcome.failure is not None:
            return _failed(here, request, outcome)
    absent = tuple(r for r, outcome in zip(requests, outcomes, strict=True) if outcome is None)
    if absent:
        return replace(here, state="waiting", missing=absent, reason="its spectrum is not computed yet")
    spectra = tuple(o.result for o in outcomes if o is not None and isinstance(o.result, SpectrumResult))
    # No gate in between: what one geometry leaves dark an ensemble may light.
    after = _with(candidate, workflow, replace(here.known, spectra=spectra))
    return _sampling_tier(after, candidate, workflow, lookup)


def _sampling_tier(here: Progress, candidate: Candidate, workflow: Workflow, lookup: Lookup) -> Progress:
    """Weak bands that cannot be sampled stay lower bounds; that ends no candidate."""
    section, ensemble = workflow.sampling, here.known.ensemble
    if section is None or ensemble is None or weak_calibration(here.known.dft) is None:
        return here
    if not has_weak_bands(candidate.species, here.known.spectra):
        return here
    stand = sampling_stand(candidate.species, ensemble.conformers[0].geometry, workflow, section, lookup)
    if stand.missing:
        return replace(
            here, state="waiting", missing=stand.missing, reason="its weak bands are not sampled yet"
        )
    unsampled = f"weak bands not sampled: {stand.reason}" if stand.reason else ""
    return _with(candidate, workflow, replace(here.known, sampling=stand.found, unsampled=unsampled))


def _reaction_tier(here: Progress, candidate: Candidate, workflow: Workflow, lookup: Lookup) -> Progress:
    """A reaction whose species cannot be computed says so and leaves the others standing."""
    section = workflow.reactions
    if section is None:
        return here
    recipe = Recipe(workflow.ensemble, section)
    reactions = considered(candidate.species, section.max_reactions)
    if any(reaction.multiplicity == TRIPLET for reaction in reactions):
        reactions = (*reactions, to_triplet(candidate.species))
    stands = [standing_of(reaction, recipe, lookup, second=False) for reaction in reactions]
    # Two reactions may share a species that is not computed yet.
    absent = {key(request): request for missing, _ in stands for request in missing}
    if absent:
        reason = "its reactions are not computed yet"
        return replace(here, state="waiting", missing=tuple(absent.values()), reason=reason)
    found = tuple(known for _, known in stands if known.reaction.step != "excitation")
    triplet = next((known for _, known in stands if known.reaction.step == "excitation"), None)
    return _with(candidate, workflow, replace(here.known, reactions=found, triplet=triplet))


def _second_level_tier(here: Progress, candidate: Candidate, workflow: Workflow, lookup: Lookup) -> Progress:
    """The shortlist: of a candidate that passed all gates, the reaction that gives way first."""
    section, first = workflow.reactions, here.assessment.reaction
    if section is None or section.second_level is None or first is None:
        return here
    recipe = Recipe(workflow.ensemble, section)
    missing, both = standing_of(first.reaction, recipe, lookup, second=True)
    if missing:
        reason = "its reaction is not computed at the second level yet"
        return replace(here, state="waiting", missing=missing, reason=reason)
    if both.reason:  # the first level stands
        return here
    reactions = tuple(both if known is first else known for known in here.known.reactions)
    return _with(candidate, workflow, replace(here.known, reactions=reactions))


def _failed(here: Progress, request: Request, outcome: Outcome) -> Progress:
    assert outcome.failure is not None
    text = f"{kind_of(request).name}: {outcome.failure.error_class}: {outcome.failure.message}"
    return replace(here, state="failed", reason=text)


def _fell_apart(result: EnsembleResult, request: EnsembleRequest) -> str:
    detail = f": {result.changed_bonds}" if result.changed_bonds else ""
    return f"does not keep its bonds at {request.level}; becomes {result.fell_apart_into}{detail}"


def spectrum_level(species: Species, section: SpectrumSection) -> Level:
    """Anions need diffuse functions and a solvent, other bare charges a solvent."""
    if species.charge < 0:
        return Level.parse(section.anion_level)
    return Level.parse(section.cation_level if species.has_bare_charges else section.level)
