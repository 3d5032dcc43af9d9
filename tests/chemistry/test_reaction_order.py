"""Which reactions of a molecule are considered, in which order, and what is not even drawn."""

import pytest
from rdkit import Chem

from actinic.chemistry import reaction_choice
from actinic.chemistry.homolysis import breakable_bonds
from actinic.chemistry.motif_table import Channel
from actinic.chemistry.motifs import Site, match
from actinic.chemistry.reaction_choice import considered
from actinic.chemistry.reactions import Reaction, channel_reactions, reactions
from actinic.chemistry.species import Species
from support.channels import closed_shell


@pytest.mark.parametrize(
    "smiles",
    ["[N-]=[N+]=Nc1ccc(C=C)cc1", "CC(=O)OCc1ccccc1[N+](=O)[O-]", "O=C(c1ccccc1)c1ccc(SC)cc1", "CCO"],
)
def test_reactions_are_considered_alone_first_then_from_the_triplet_then_with_a_partner(smiles: str) -> None:
    species = closed_shell(smiles)
    every = [reaction for site in match(species) for reaction in reactions(species, site)]
    kept = [one for one in every if one.reactants != (species, species)]
    turns = {id(one): 2 if len(one.reactants) > 1 else int(one.multiplicity != 1) for one in kept}
    all_of_them = considered(species, 1000)
    if every:
        assert all_of_them == tuple(sorted(kept, key=lambda one: turns[id(one)]))
    assert all(considered(species, most) == all_of_them[:most] for most in range(1, 6))


def test_what_is_not_among_the_first_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    azide = closed_shell("[N-]=[N+]=Nc1ccc(CCC)cc1")
    drawn: list[str] = []

    def noted(species: Species, site: Site, channel: Channel) -> list[Reaction]:
        drawn.append(channel.name)
        return channel_reactions(species, site, channel)

    monkeypatch.setattr(reaction_choice, "channel_reactions", noted)
    assert len(considered(azide, 1)) == 1
    assert len(drawn) < sum(len(site.motif.channels) for site in match(azide))


def test_reading_a_shared_molecule_leaves_it_as_a_new_one() -> None:
    species = closed_shell("CC(=NOS(C)(=O)=O)c1ccccc1")
    considered(species, 10)
    breakable_bonds(species)
    shared, new = species.shared_molecule(), species.molecule()
    assert shared is species.shared_molecule() is not new
    assert (
        Chem.MolToSmiles(shared)
        == Chem.MolToSmiles(new)
        == Chem.MolToSmiles(Chem.AddHs(Chem.MolFromSmiles(species.smiles)))
    )
