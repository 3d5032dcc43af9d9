"""Where a reaction may happen in a molecule."""

import pytest

from actinic.chemistry.motifs import match
from actinic.chemistry.reaction_places import channel_of, places, places_of
from actinic.chemistry.reactions import Reaction, reactions
from actinic.chemistry.species import Species
from actinic.errors import EngineError


def first(smiles: str, step: str) -> Reaction:
    species = Species.from_smiles(smiles, multiplicity=1)
    found = [r for site in match(species) for r in reactions(species, site)]
    return next(reaction for reaction in found if reaction.step == step)


def test_nine_hydrogens_of_a_boc_group_offer_themselves() -> None:
    reaction = first("CN(C)C(=O)OC(C)(C)C", "retro_ene")
    found = places_of(reaction)
    assert len(found) == 9
    assert all(len(place.broken) == 2 and len(place.formed) == 1 for place in found)
    molecule = reaction.reactants[0].molecule()
    hydrogens = {max(place.formed[0]) for place in found}
    assert {molecule.GetAtomWithIdx(atom).GetSymbol() for atom in hydrogens} == {"H"}


def test_the_place_of_the_reaction_itself_is_among_them() -> None:
    for smiles, step in (("CN(C)C(=O)OC(C)(C)C", "retro_ene"), ("C1Cc2ccccc12", "ring_opening")):
        reaction = first(smiles, step)
        drawn = {tuple(sorted(pair)) for pair in reaction.broken}
        assert any(drawn == set(place.broken) for place in places_of(reaction))


def test_the_route_of_a_channel_is_that_of_the_table() -> None:
    routes = {
        "CN(C)C(=O)OC(C)(C)C": ("retro_ene", "retro-ene"),
        "CC(=O)CC(=O)O": ("decarboxylation", "decarboxylation"),
        "C1Cc2ccccc12": ("ring_opening", "electrocyclic"),
        "CN=[N+]=[N-]": ("n2_loss", "n2-loss"),
    }
    for smiles, (step, route) in routes.items():
        channel = channel_of(first(smiles, step))
        assert channel is not None
        assert channel.path == route


def test_a_homolysis_without_a_motif_has_no_place() -> None:
    reaction = Reaction(
        reactants=(Species.from_smiles("CC", multiplicity=1),), products=(), multiplicity=1, broken=((0, 1),),
        formed=(), label="C1-C2", motif="", channel="", step="homolysis", activation=("heat",),
        elementary=True, n_equivalent=1,
    )  # fmt: skip
    assert channel_of(reaction) is None
    with pytest.raises(EngineError, match="C1-C2"):
        places_of(reaction)


def test_a_template_that_fits_nowhere_soundly_is_refused() -> None:
    species = Species.from_smiles("CC", multiplicity=1)
    with pytest.raises(EngineError, match="makes no sound molecule"):
        places(species, "[C:1]-[C:2]>>[C:1]$[C:2]", ())
    with pytest.raises(EngineError, match="fits nowhere"):
        places(species, "[O:1]-[C:2]>>[O:1].[C:2]", ())
