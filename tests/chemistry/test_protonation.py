"""Acids that lose their proton on a nanocrystal say that they were computed with it."""

import pytest

from actinic.chemistry.protonation import protonation_caveat
from actinic.chemistry.species import Species


def said(smiles: str) -> str:
    return protonation_caveat(Species.from_smiles(smiles, multiplicity=1))


@pytest.mark.parametrize(
    ("smiles", "acid", "bound"),
    [
        ("CCCCCCCC(=O)O", "carboxylic acid", "carboxylate"),
        ("CCCCCCS", "thiol", "thiolate"),
        ("Sc1nc2ccccc2s1", "thiol", "thiolate"),
        ("CCCCP(=O)(O)O", "phosphonic acid", "phosphonate"),
        ("CN(C)C(=S)S", "dithiocarbamic acid", "dithiocarbamate"),
        ("CC(=O)S", "thiocarboxylic acid", "thiocarboxylate"),
    ],
)
def test_an_acid_names_what_it_is_on_the_surface(smiles: str, acid: str, bound: str) -> None:
    found = said(smiles)
    assert f"its {acid};" in found
    assert f"it is a {bound}" in found
    assert ("CS2" in found) == (acid == "dithiocarbamic acid")


def test_two_acids_share_one_sentence() -> None:
    assert said("OC(=O)CCS") == (
        "computed with the proton of its thiol and carboxylic acid; "
        "on a nanocrystal it is a thiolate and carboxylate"
    )


@pytest.mark.parametrize(
    "smiles", ["CCCC(=O)[O-]", "CCC[S-]", "CN(C)C(=S)[S-]", "CC(=O)OC", "CSC", "CCO", "CCCCN", "COP(C)(=O)OC"]
)
def test_anions_esters_and_other_anchors_need_no_sentence(smiles: str) -> None:
    assert said(smiles) == ""
