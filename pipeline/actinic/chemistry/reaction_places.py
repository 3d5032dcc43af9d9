"""The atoms of a reaction in every way a template may be laid over a molecule.

Three methyl groups of a tert-butyl ester offer nine hydrogens to the same retro-ene reaction; which of them
is near the oxygen depends on the conformer.
"""

from dataclasses import dataclass

from actinic.chemistry.motif_table import Channel, motif_named
from actinic.chemistry.motifs import drawn_with_hydrogens
from actinic.chemistry.reaction_template import Pair, placements, redrawn
from actinic.chemistry.reactions import Reaction
from actinic.chemistry.species import Species
from actinic.errors import EngineError


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Bonds that break and atoms that become bonded, 0-based with hydrogens, lower atom first."""

    broken: tuple[Pair, ...]
    formed: tuple[Pair, ...]


def channel_of(reaction: Reaction) -> Channel | None:
    """The channel of the motif table that a reaction is of; None without a motif."""
    if not reaction.motif:
        return None
    channels = motif_named(reaction.motif).channels
    return next((channel for channel in channels if channel.name == reaction.channel), None)


def places(species: Species, template: str, kekule: tuple[Pair, ...]) -> tuple[Place, ...]:
    """Every place of a template in a molecule, sorted; those of one site and of others alike.

    A template may also be laid over a ring the other way round, or over another one, where it leaves no sound
    valence: the nitrogens of a 2H-tetrazole counted from the wrong end. Nothing can happen there.

    Args:
        species: The reactant.
        template: Reaction SMARTS of one reactant.
        kekule: Map numbers of aromatic bonds to be taken as double before.

    Raises:
        EngineError: What comes out is nowhere a molecule of sound valence, or the template fits nowhere.

    >>> ester = Species.from_smiles("CC(=O)OC(C)(C)C", multiplicity=1)
    >>> template = "[#1:5][CX4:6][C:1][O:2][C:3]=[O:4]>>[C:6]=[C:1].[O:2]=[C:3]-[O:4][#1:5]"
    >>> len(places(ester, template, ()))
    9
    """
    molecule = drawn_with_hydrogens(species)
    found: set[Place] = set()
    reason = f"{template} fits nowhere"
    for atoms in placements(template, [molecule], {}):
        try:
            edit = redrawn(molecule, template, atoms, kekule)
        except EngineError as error:
            reason = error.message
            continue
        found.add(Place(_sorted(edit.broken), _sorted(edit.formed)))
    if not found:
        raise EngineError(f"{species.smiles}: {reason}")
    return tuple(sorted(found))


def places_of(reaction: Reaction) -> tuple[Place, ...]:
    """Where the reaction may happen in its reactant, with the same bonds of heavy atoms breaking.

    Raises:
        EngineError: It is of no channel of the motif table.
    """
    channel = channel_of(reaction)
    if channel is None or len(reaction.reactants) != 1:
        raise EngineError(f"{reaction.label}: no channel of one reactant")
    return places(reaction.reactants[0], channel.template, channel.kekule)


def _sorted(pairs: tuple[Pair, ...]) -> tuple[Pair, ...]:
    return tuple(sorted((min(pair), max(pair)) for pair in pairs))
