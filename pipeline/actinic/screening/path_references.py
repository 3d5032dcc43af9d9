"""The searches for measured barriers, planned like those of a candidate."""

from dataclasses import dataclass
from typing import Literal

from actinic.analysis.path_searches import SearchedBarrier, SearchRow
from actinic.analysis.path_validation import search_row
from actinic.calculations.kinds import Request, key, kind_of
from actinic.calculations.outcome import Outcome
from actinic.calculations.path import ReactionPath
from actinic.chemistry.reaction_places import places
from actinic.chemistry.reactions import Reaction
from actinic.chemistry.species import Species
from actinic.errors import InputError
from actinic.screening.lookup import Lookup
from actinic.screening.path_tasks import PathTask
from actinic.screening.paths import PathRecipe, path_stand
from actinic.screening.workflow import Workflow


@dataclass(frozen=True, slots=True)
class PathStanding:
    """Where the search for a measured barrier stands.

    Attributes:
        state: `waiting` while something is missing.
        missing: Calculations to run now.
        reason: Why it was not accepted; empty when it was, or waits.
        path: As far as it came.
        row: What it found, next to the measured barrier; None while it waits.
    """

    state: Literal["waiting", "done"]
    missing: tuple[Request, ...]
    reason: str
    path: ReactionPath
    row: SearchRow | None


def path_standing(barrier: SearchedBarrier, workflow: Workflow, lookup: Lookup) -> PathStanding:
    """Ask what the search misses.

    Raises:
        InputError: The workflow has no `[paths]`.
    """
    if workflow.paths is None:
        raise InputError(f"{workflow.title}: has no [paths]")
    cpu_s: dict[str, tuple[str, float]] = {}

    def noting(request: Request) -> Outcome | None:
        outcome = lookup(request)
        if outcome is not None:
            cpu_s[key(request)] = kind_of(request).name, outcome.provenance.cpu_s
        return outcome

    found = path_stand(path_task(barrier), PathRecipe(workflow.ensemble, workflow.paths), noting)
    if found.missing:
        return PathStanding("waiting", found.missing, "", found.path, None)
    stages: dict[str, float] = {}
    for name, core_s in cpu_s.values():
        stages[name] = round(stages.get(name, 0.0) + core_s, 1)
    return PathStanding("done", (), found.path.failure, found.path, search_row(barrier, found.path, stages))


def path_task(barrier: SearchedBarrier) -> PathTask:
    """The search for it, at any place of its template."""
    species = Species.from_smiles(barrier.smiles, multiplicity=1)
    where = places(species, barrier.template, barrier.kekule)
    reaction = Reaction(
        reactants=(species,), products=(), multiplicity=1, broken=where[0].broken, formed=where[0].formed,
        label=barrier.id, motif="", channel="", step=barrier.route, activation=("heat",), elementary=True,
        n_equivalent=1,
    )  # fmt: skip
    return PathTask(reaction, barrier.route, species, where)
