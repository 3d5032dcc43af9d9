"""The tiers of a candidate: what each computes of it, and what it adds to what is known.

Each takes the candidate as the tiers before left it, and gives it back with more known, waiting or failed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from actinic.analysis.assessment import Assessment, assess
from actinic.analysis.known import Known
from actinic.analysis.reaction_energies import TRIPLET
from actinic.analysis.surroundings import Surroundings, in_surroundings
from actinic.calculations.ensemble import EnsembleRequest, EnsembleResult
from actinic.calculations.kinds import Request, key, kind_of
from actinic.calculations.outcome import Outcome
from actinic.calculations.reorganisation import ReorganisationRequest, ReorganisationResult
from actinic.chemistry.candidates import Candidate
from actinic.chemistry.connectivity import change
from actinic.chemistry.reaction_choice import considered, to_triplet
from actinic.chemistry.species import Species
from actinic.level import Level
from actinic.screening.lookup import Lookup, answer
from actinic.screening.participants import Recipe, ensemble_request, standing_of
from actinic.screening.path_tasks import path_tasks
from actinic.screening.paths import PathRecipe, path_stand
from actinic.screening.surroundings import listed_numbers
from actinic.screening.workflow import Workflow


@dataclass(frozen=True)
class Progress:
    """Where a candidate stands.

    Attributes:
        state: `waiting` while something is missing; the others are final.
        missing: Calculations to run now, cheapest tier first; empty unless waiting.
        reason: Why it failed, was screened out or waits; empty when done.
        known: What has been computed.
        assessed: What follows from that, or a function that says so when it is asked for the first time.
        has_failed_calculation: Whether it failed because a calculation did.
    """

    state: Literal["waiting", "done", "screened_out", "failed"]
    missing: tuple[Request, ...]
    reason: str
    known: Known
    assessed: Assessment | Callable[[], Assessment]
    has_failed_calculation: bool = False

    @cached_property
    def assessment(self) -> Assessment:
        """What follows from what has been computed; most tiers never ask."""
        return self.assessed if isinstance(self.assessed, Assessment) else self.assessed()


def with_known(candidate: Candidate, workflow: Workflow, known: Known) -> Progress:
    """The candidate with this known of it, and nothing missing."""
    exposure = workflow.exposure_for(candidate.target_nm)
    listed, unread = listed_numbers(candidate.extra, workflow.number_columns)
    around = Surroundings(workflow.device, workflow.film, listed, unread)
    made: list[Assessment] = []

    def assessed() -> Assessment:
        if not made:
            found = assess(known, exposure, workflow.heat_conditions)
            made.append(in_surroundings(found, candidate.species, exposure, around))
        return made[0]

    return Progress("done", (), "", known, assessed)


def without_repeats(requests: tuple[Request, ...]) -> tuple[Request, ...]:
    """Two tiers, or two reactions, may share what is not computed yet."""
    return tuple({key(request): request for request in requests}.values())


def ensemble_tier(here: Progress, candidate: Candidate, workflow: Workflow, lookup: Lookup) -> Progress:
    """Conformers; without one that keeps its bonds the candidate is at its end."""
    request = ensemble_request(candidate.species, workflow.ensemble)
    outcome = lookup(request)
    if outcome is None:
        return replace(here, state="waiting", missing=(request,), reason="its ensemble is not computed yet")
    if outcome.failure is not None:
        return failed(here, request, outcome)
    assert isinstance(outcome.result, EnsembleResult)
    after = with_known(candidate, workflow, replace(here.known, ensemble=outcome.result))
    if not outcome.result.conformers:
        return replace(after, state="failed", reason=_fell_apart(outcome.result, request))
    return after


def reaction_tier(here: Progress, candidate: Candidate, workflow: Workflow, lookup: Lookup) -> Progress:
    """A reaction whose species cannot be computed says so and leaves the others standing."""
    section = workflow.reactions
    if section is None:
        return here
    recipe = Recipe(workflow.ensemble, section, asked={})
    reactions = considered(candidate.species, section.max_reactions)
    if section.triplet or any(reaction.multiplicity == TRIPLET for reaction in reactions):
        reactions = (*reactions, to_triplet(candidate.species))
    stands = [standing_of(reaction, recipe, lookup, second=False) for reaction in reactions]
    absent = without_repeats(tuple(request for missing, _ in stands for request in missing))
    if absent:
        reason = "its reactions are not computed yet"
        return replace(here, state="waiting", missing=absent, reason=reason)
    found = tuple(known for _, known in stands if known.reaction.step != "excitation")
    triplet = next((known for _, known in stands if known.reaction.step == "excitation"), None)
    heat_known = workflow.paths is None
    return with_known(
        candidate, workflow, replace(here.known, reactions=found, triplet=triplet, heat_known=heat_known)
    )


def hole_tier(here: Progress, candidate: Candidate, workflow: Workflow, lookup: Lookup) -> Progress:
    """What taking an electron away does to the lowest conformer; where that is not known it ends nothing."""
    section, ensemble = workflow.hole, here.known.ensemble
    if section is None or ensemble is None or candidate.species.has_bare_charges:
        return here
    request = ReorganisationRequest(
        geometry=ensemble.conformers[0].geometry,
        charge=candidate.species.charge,
        multiplicity=candidate.species.multiplicity,
        level=Level.parse(workflow.ensemble.level),
        program=workflow.ensemble.program,
        fmax_ev_angstrom=section.fmax_ev_angstrom,
        max_steps=workflow.ensemble.max_steps,
    )
    found = answer(request, lookup, ReorganisationResult)
    if found.missing:
        return replace(here, state="waiting", missing=found.missing, reason="its hole is not computed yet")
    result, why = found.result, found.reason
    if result is not None and not _is_kept(candidate.species, result):
        result, why = None, "it does not keep its bonds as a cation"
    no_hole = f"no hole reorganisation energy: {why}" if result is None else ""
    return with_known(candidate, workflow, replace(here.known, hole=result, no_hole=no_hole))


def _is_kept(species: Species, found: ReorganisationResult) -> bool:
    return all(change(species, one).is_kept for one in (found.geometry, found.ion_geometry))


def path_tier(here: Progress, candidate: Candidate, workflow: Workflow, lookup: Lookup) -> Progress:
    """Barriers of what heat may do; a search that fails says at which step and ends no candidate."""
    section = workflow.paths
    if section is None:
        return here
    recipe = PathRecipe(workflow.ensemble, section)
    stands = [path_stand(task, recipe, lookup) for task in path_tasks(candidate.species, section)]
    absent = without_repeats(tuple(request for stand in stands for request in stand.missing))
    if absent:
        return replace(here, state="waiting", missing=absent, reason="its barriers are not computed yet")
    paths = tuple(stand.path for stand in stands)
    return with_known(candidate, workflow, replace(here.known, paths=paths, heat_known=True))


def second_level_tier(here: Progress, candidate: Candidate, workflow: Workflow, lookup: Lookup) -> Progress:
    """The shortlist: of a candidate that passed all gates, the reaction that gives way first."""
    section = workflow.reactions
    if section is None or section.second_level is None:
        return here
    first = here.assessment.reaction
    if first is None:
        return here
    recipe = Recipe(workflow.ensemble, section)
    missing, both = standing_of(first.reaction, recipe, lookup, second=True)
    if missing:
        reason = "its reaction is not computed at the second level yet"
        return replace(here, state="waiting", missing=missing, reason=reason)
    if both.reason:  # the first level stands
        return here
    reactions = tuple(both if known is first else known for known in here.known.reactions)
    return with_known(candidate, workflow, replace(here.known, reactions=reactions))


def failed(here: Progress, request: Request, outcome: Outcome) -> Progress:
    """The candidate at its end because a calculation failed."""
    assert outcome.failure is not None
    text = f"{kind_of(request).name}: {outcome.failure.error_class}: {outcome.failure.message}"
    return replace(here, state="failed", reason=text, has_failed_calculation=True)


def _fell_apart(result: EnsembleResult, request: EnsembleRequest) -> str:
    detail = f": {result.changed_bonds}" if result.changed_bonds else ""
    return f"does not keep its bonds at {request.level}; becomes {result.fell_apart_into}{detail}"
