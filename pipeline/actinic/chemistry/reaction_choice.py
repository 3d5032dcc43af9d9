"""Which reactions of a candidate are worth an energy: those of its motifs, else its weakest single bonds."""

from functools import lru_cache

from actinic.chemistry.homolysis import breakable_bonds, homolysis
from actinic.chemistry.motifs import match
from actinic.chemistry.reactions import Product, Reaction, balanced, reactions
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
    found = [reaction for site in sites for reaction in reactions(species, site)]
    alone = [reaction for reaction in found if reaction.reactants != (species, species)]
    return tuple(sorted(alone, key=lambda reaction: _turn(species, reaction))[:at_most])


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


def _turn(species: Species, reaction: Reaction) -> int:
    if len(reaction.reactants) > 1:
        return 2
    return int(reaction.multiplicity != species.multiplicity)
