"""Which barriers of a candidate are searched for, and in which molecule."""

from collections.abc import Iterator
from dataclasses import dataclass

from actinic.chemistry.motif_table import Route
from actinic.chemistry.reaction_choice import considered
from actinic.chemistry.reaction_places import Place, channel_of, places_of
from actinic.chemistry.reactions import Reaction
from actinic.chemistry.species import Species
from actinic.chemistry.trimming import trimmed
from actinic.screening.sections import PathsSection


@dataclass(frozen=True, slots=True)
class PathTask:
    """One barrier to search for.

    Attributes:
        reaction: The reaction.
        route: How.
        model: The molecule that is computed: the reactant, or a part of it.
        places: Atoms of the model it may happen at.
    """

    reaction: Reaction
    route: Route
    model: Species
    places: tuple[Place, ...]


def path_tasks(species: Species, section: PathsSection) -> tuple[PathTask, ...]:
    """The barriers worth a search: closed shells without bare charges, one per channel that has a route."""
    if species.has_bare_charges or species.multiplicity != 1:
        return ()
    tasks: dict[tuple[str, str], PathTask] = {}
    for reaction, route in _with_route(species):
        if (reaction.motif, reaction.channel) not in tasks:
            tasks[reaction.motif, reaction.channel] = _task(reaction, route, section.trim_reach)
    small = [t for t in tasks.values() if t.model.molecule().GetNumHeavyAtoms() <= section.max_heavy_atoms]
    return tuple(small[: section.max_paths])


def _with_route(species: Species) -> Iterator[tuple[Reaction, Route]]:
    for reaction in considered(species, at_most=1000):
        channel = channel_of(reaction)
        if channel is not None and channel.path and len(reaction.reactants) == 1:
            yield reaction, channel.path


def reacting_atoms(reaction: Reaction) -> frozenset[int]:
    """Atoms whose bonds break or form, 0-based."""
    return frozenset(atom for pair in (*reaction.broken, *reaction.formed) for atom in pair)


def _task(reaction: Reaction, route: Route, trim_reach: int | None) -> PathTask:
    """In a model of the molecule, where one is wanted and its motif is still the same."""
    (species,) = reaction.reactants
    if trim_reach is not None:
        model = trimmed(species, reacting_atoms(reaction), trim_reach)
        for small, _ in _with_route(model):
            if (small.motif, small.channel) == (reaction.motif, reaction.channel):
                return PathTask(reaction, route, model, places_of(small))
    return PathTask(reaction, route, species, places_of(reaction))
