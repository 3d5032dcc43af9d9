"""Which reactions of a candidate are worth an energy: those of its motifs, else its weakest single bonds."""

import itertools
from functools import lru_cache

from actinic.chemistry.homolysis import breakable_bonds, homolysis
from actinic.chemistry.motif_table import Channel
from actinic.chemistry.motifs import match
from actinic.chemistry.reactions import Product, Reaction, balanced, channel_reactions
from actinic.chemistry.species import Species


@lru_cache(maxsize=256)  # asked for anew each time something of it was computed
def considered(species: Species, at_most: int) -> tuple[Reaction, ...]:
    """Reactions in the order they are computed in.

    What the molecule does alone from its own spin comes first, then alone from the triplet, then with a
    partner; a reaction with another copy of itself, which would double its size, is left out. Within these
    the order of the motif table holds. Without any motif: homolysis of the single bonds that tabulated bond
    types put lowest.

    Args:
        species: A closed-shell molecule or ion.
        at_most: So many.

    >>> ethane = Species.from_smiles("CCO", multiplicity=1)
    >>> [reaction.label for reaction in considered(ethane, at_most=1)]
    ['C1-C2']
    """
    sites = match(species)
    if not sites:
        return tuple(homolysis(species, bond.atoms) for bond in breakable_bonds(species)[:at_most])
    channels = [(s, channel) for s in sites for channel in s.motif.channels if channel.partner != "self"]
    in_turn = sorted(channels, key=lambda one: _turn(species, one[1]))
    found = (reaction for one in in_turn for reaction in channel_reactions(species, *one))
    alone = (reaction for reaction in found if reaction.reactants != (species, species))
    return tuple(itertools.islice(alone, at_most))  # what comes later is not drawn


def to_triplet(species: Species) -> Reaction:
    """The relaxed lowest triplet of a closed shell, as a reaction of its own: its enthalpy is that of T1."""
    triplet = Species(species.smiles, species.charge, 3)
    return balanced(
        Reaction(
            reactants=(species,),
            products=(Product(triplet, open_shell=False),),
            multiplicity=3,
            broken=(),
            formed=(),
            label="",
            motif="",
            channel="lowest triplet",
            step="excitation",
            activation=("light",),
            elementary=True,
            n_equivalent=1,
        )
    )


def _turn(species: Species, channel: Channel) -> int:
    return 2 if channel.partner else int(channel.multiplicity != species.multiplicity)
