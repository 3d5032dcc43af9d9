"""Reactions in words."""

import pytest

from actinic.analysis.reaction_energies import KnownReaction
from actinic.chemistry.reaction_choice import considered
from actinic.chemistry.species import Species
from actinic.reporting.reactions import motif_text, released


def first(smiles: str) -> KnownReaction:
    species = Species.from_smiles(smiles, multiplicity=1)
    return KnownReaction(considered(species, 1)[0], (), (), ())


@pytest.mark.parametrize(
    ("smiles", "counter_ion", "words"),
    [
        ("CC(=NOS(C)(=O)=O)c1ccccc1", "", "sulfonic acid (sulfonic, pKa -7 to -1)"),
        (
            "c1ccc([I+]c2ccccc2)cc1",
            "O=S(=O)([O-])C(F)(F)F",
            "acid of the counter-ion (superacid: perfluoroalkanesulfonic, pKa -16 to -10)",
        ),
        ("c1ccc([I+]c2ccccc2)cc1", "", "acid of the counter-ion"),
        ("[N-]=[N+]=Nc1ccccc1", "", "N2"),
        ("CCO", "", ""),
    ],
)
def test_what_is_released_carries_its_class(smiles: str, counter_ion: str, words: str) -> None:
    assert released(first(smiles), counter_ion) == words


def test_motifs_are_counted() -> None:
    triazine = Species.from_smiles("ClC(Cl)(Cl)c1ncnc(n1)C(Cl)(Cl)Cl", multiplicity=1)
    assert motif_text(triazine) == "trichloromethyl-triazine (2)"
