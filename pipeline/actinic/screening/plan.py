"""What is still to be computed for a candidate: the one place that decides what runs.

Resuming, the funnel from tight binding to TD-DFT, and the sharing of equal calculations all follow from
asking again with more known.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from actinic.analysis.assessment import quantity_names
from actinic.analysis.criteria import Gate
from actinic.analysis.heat_report import HEAT_QUANTITIES
from actinic.analysis.known import Known
from actinic.analysis.species_quantities import SPECIES_QUANTITIES, species_quantity
from actinic.analysis.surroundings import surrounding_names
from actinic.calculations.kinds import Request
from actinic.chemistry.anchors import Affinity, anchors, surface_of, verdict
from actinic.chemistry.candidates import Candidate
from actinic.errors import EngineError
from actinic.level import Level
from actinic.screening.electrons import electron_tier
from actinic.screening.light import light_tier
from actinic.screening.lookup import Doubting, Lookup
from actinic.screening.prescreen import set_aside_by_drawing, set_aside_by_gap
from actinic.screening.tiers import (
    Progress,
    ensemble_tier,
    hole_tier,
    path_tier,
    reaction_tier,
    second_level_tier,
    with_known,
    without_repeats,
)
from actinic.screening.workflow import Workflow


def missing(candidate: Candidate, workflow: Workflow, lookup: Lookup) -> tuple[Request, ...]:
    """Calculations still to run for `candidate`; empty when it is done, failed or screened out."""
    return progress(candidate, workflow, lookup).missing


def progress(candidate: Candidate, workflow: Workflow, lookup: Lookup) -> Progress:
    """Where `candidate` stands, stage by stage; a gate is applied as soon as its quantity is known."""
    doubting = Doubting(lookup)
    here = _progress(candidate, workflow, doubting)
    if not doubting.doubts:
        return here
    doubtful = with_known(candidate, workflow, replace(here.known, doubts=tuple(doubting.doubts)))
    return replace(here, known=doubtful.known, assessed=doubtful.assessed)


def _progress(candidate: Candidate, workflow: Workflow, lookup: Lookup) -> Progress:
    here = _on_surface(_start(candidate, workflow), candidate, workflow)
    if here.state != "done":
        return here
    for stage in STAGES:
        here = _through_prescreen(_through_gates(here, workflow), candidate, workflow)
        if here.state != "done":
            return here
        here = _through_stage(stage, here, candidate, workflow, lookup)
        if here.state != "done":
            return here
    return _through_gates(here, workflow)


def _through_stage(
    stage: tuple["Tier", ...], here: Progress, candidate: Candidate, workflow: Workflow, lookup: Lookup
) -> Progress:
    """One tier after the other; those behind one that waits are asked what they miss, unless it feeds a gate.

    Nothing else of them is used: how a candidate ends must not depend on which outcome came first.
    """
    waiting: Progress | None = None
    for tier in stage:
        after = _stood(tier, here, candidate, workflow, lookup)
        if waiting is not None:
            waiting = replace(waiting, missing=without_repeats(waiting.missing + after.missing))
        elif after.state == "waiting":
            waiting = after
        if waiting is not None and _feeds_a_gate(tier, workflow):
            return waiting
        if waiting is None:
            here = _through_gates(after, workflow) if after.state == "done" else after
            if here.state != "done":
                return here
    return waiting or here


def _stood(
    tier: "Tier", here: Progress, candidate: Candidate, workflow: Workflow, lookup: Lookup
) -> Progress:
    """A tier that cannot plan for a candidate ends that candidate, not the run; what is known of it stays."""
    try:
        return tier.stand(here, candidate, workflow, lookup)
    except EngineError as error:
        return replace(here, state="failed", reason=f"planning: EngineError: {error.message}")


def _feeds_a_gate(tier: "Tier", workflow: Workflow) -> bool:
    return not tier.brings(workflow).isdisjoint(gate.quantity for gate in workflow.gates)


def _start(candidate: Candidate, workflow: Workflow) -> Progress:
    # The calibration of the neutral level serves ions too; assess() widens their error and says so.
    dft = workflow.spectrum.level if workflow.spectrum else workflow.ensemble.level
    known = Known(
        species=candidate.species,
        ensemble=None,
        spectra=(),
        tight_binding=Level.parse(workflow.ensemble.level),
        dft=Level.parse(dft),
        heat_known=workflow.reactions is None and workflow.paths is None,
        local=workflow.local,
    )
    return with_known(candidate, workflow, known)


def _on_surface(here: Progress, candidate: Candidate, workflow: Workflow) -> Progress:
    """Screen out what cannot stay on the nanocrystal; only ligands, and rows without a role, have to.

    What is unknown passes, and the row says so.
    """
    section = workflow.surface
    if section is None or candidate.role not in ("", "ligand"):
        return here
    found = verdict(anchors(candidate.species), surface_of(section.nanocrystal))
    stays = found.suits is not False and (section.allow_labile or found.affinity is not Affinity.LABILE)
    if found.suits is None:
        unanchored = f"{section.nanocrystal}: {found.reason}"
        return with_known(candidate, workflow, replace(here.known, unanchored=unanchored))
    if stays:
        return here
    reason = f"{found.group or 'no anchor'} on {section.nanocrystal}: {found.reason}"
    return replace(here, state="screened_out", reason=reason)


def _through_prescreen(here: Progress, candidate: Candidate, workflow: Workflow) -> Progress:
    """Before the conformers and before the spectra; a candidate set aside keeps what is known of it."""
    if here.state != "done" or here.known.spectra:
        return here
    ensemble = here.known.ensemble
    if ensemble is None:
        reason = set_aside_by_drawing(candidate, workflow)
    else:
        reason = set_aside_by_gap(candidate, ensemble, workflow)
    return replace(here, state="screened_out", reason=reason) if reason else here


def _through_gates(here: Progress, workflow: Workflow) -> Progress:
    verdicts = (_verdict(gate, here) for gate in workflow.gate_objects())
    reason = next((verdict for verdict in verdicts if verdict), None)
    return here if reason is None else replace(here, state="screened_out", reason=reason)


def _verdict(gate: Gate, here: Progress) -> str | None:
    if gate.quantity not in SPECIES_QUANTITIES:
        return gate.verdict(here.assessment.quantities)
    if here.known.ensemble is not None:  # judged before anything was computed
        return None
    # Without an assessment of everything: on long lists this is asked of every row, twice.
    return gate.verdict({gate.quantity: species_quantity(here.known.species, gate.quantity)})


def _nothing(_: Workflow) -> set[str]:
    return set()


def _light_quantities(workflow: Workflow) -> set[str]:
    around = surrounding_names(workflow.device, workflow.film, workflow.exposure.lines_nm, ())
    return (_quantities(workflow, spectrum=True) - _quantities(workflow)).union(around)


def _reaction_quantities(workflow: Workflow) -> set[str]:
    every = _quantities(workflow, spectrum=True, reactions=True)
    heat = set() if workflow.reactions is None else set(HEAT_QUANTITIES)
    return (every - _quantities(workflow, spectrum=True)) | heat | {"t1_above_host_ev"}


def _hole_quantities(_: Workflow) -> set[str]:
    return {"hole_reorganisation_ev"}


def _electron_quantities(workflow: Workflow) -> set[str]:
    return set(workflow.electron_names)


def _path_quantities(workflow: Workflow) -> set[str]:
    return set() if workflow.paths is None else set(HEAT_QUANTITIES)


def _quantities(workflow: Workflow, *, spectrum: bool = False, reactions: bool = False) -> set[str]:
    lines_nm = workflow.exposure.lines_nm
    return set(quantity_names(lines_nm, with_spectrum=spectrum, with_reactions=reactions))


class Tier(NamedTuple):
    """One thing that is computed of a candidate.

    Attributes:
        stand: The candidate with what is known of it, or what that still misses.
        brings: Names of the quantities that are only final once it is known.
    """

    stand: Callable[[Progress, Candidate, Workflow, Lookup], Progress]
    brings: Callable[[Workflow], set[str]] = _nothing


STAGES = (
    (Tier(ensemble_tier),),
    (
        Tier(hole_tier, _hole_quantities),
        Tier(electron_tier, _electron_quantities),
        Tier(light_tier, _light_quantities),
        Tier(reaction_tier, _reaction_quantities),
    ),
    (Tier(second_level_tier), Tier(path_tier, _path_quantities)),
)
"""A stage needs all of the one before; the tiers of one stage need nothing of each other."""
