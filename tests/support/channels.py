"""Reactions of a molecule by motif and channel, and what holds for each of them."""

from collections import Counter
from functools import cache

from rdkit import Chem, rdBase

from actinic.chemistry.motifs import match
from actinic.chemistry.reactions import Reaction, reactions
from actinic.chemistry.species import Species


def closed_shell(smiles: str) -> Species:
    return Species.from_smiles(smiles, multiplicity=1)


@cache
def reactions_of(smiles: str, motif: str) -> tuple[Reaction, ...]:
    species = closed_shell(smiles)
    sites = [site for site in match(species) if site.motif.name == motif]
    return tuple(reaction for site in sites for reaction in reactions(species, site))


def by_channel(smiles: str, motif: str) -> dict[str, Reaction]:
    return {reaction.channel: reaction for reaction in reactions_of(smiles, motif)}


def products(reaction: Reaction) -> list[tuple[str, int]]:
    return sorted((p.species.smiles, p.species.multiplicity) for p in reaction.products)


def check(reaction: Reaction) -> None:
    """Atoms, charge, spin and validity, counted afresh from the SMILES."""
    sides = reaction.reactants, tuple(product.species for product in reaction.products)
    with rdBase.BlockLogs():
        mols = [[Chem.AddHs(Chem.MolFromSmiles(s.smiles)) for s in side] for side in sides]
        for made in sides[1]:
            assert Species.from_smiles(made.smiles, multiplicity=made.multiplicity) == made
    atoms = [Counter(atom.GetAtomicNum() for mol in side for atom in mol.GetAtoms()) for side in mols]
    assert atoms[0] == atoms[1]
    charges = [sum(Chem.GetFormalCharge(mol) for mol in side) for side in mols]
    assert charges[0] == charges[1] == sum(s.charge for s in sides[1])
    unpaired = [s.multiplicity - 1 for s in sides[1]]
    least = max(0, 2 * max(unpaired) - sum(unpaired))
    assert least <= reaction.multiplicity - 1 <= sum(unpaired)
    assert (sum(unpaired) - reaction.multiplicity + 1) % 2 == 0
    for product in reaction.products:
        atoms_of_it = Chem.MolFromSmiles(product.species.smiles).GetAtoms()
        radicals = sum(atom.GetNumRadicalElectrons() for atom in atoms_of_it)
        assert (radicals, product.species.multiplicity) in {(0, 1), (1, 2), (2, 1), (2, 3)}
        assert not product.open_shell or (radicals, product.species.multiplicity) == (2, 1)
