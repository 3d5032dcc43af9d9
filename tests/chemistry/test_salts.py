"""Which component of a salt is the candidate."""

import pytest
from rdkit import Chem

from actinic.chemistry.salts import LABILE_SMARTS, chosen_component, labile_groups
from actinic.errors import InputError


@pytest.mark.parametrize(
    ("given", "chosen", "set_aside"),
    [
        ("CCS", "CCS", ""),
        ("c1ccc(cc1)[I+]c1ccccc1.O=S(=O)([O-])C(F)(F)F", "c1ccc([I+]c2ccccc2)cc1", "O=S(=O)([O-])C(F)(F)F"),
        ("[Na+].CCOC(=S)[S-]", "CCOC(=S)[S-]", "[Na+]"),
        ("[S-]c1nnc([S-])s1.[K+].[K+]", "[S-]c1nnc([S-])s1", "[K+].[K+]"),
        ("[Cl-].C[NH2+]Cc1ccccc1[N+](=O)[O-]", "C[NH2+]Cc1ccccc1[N+](=O)[O-]", "[Cl-]"),
        ("CN(C)C(=S)[S-].CCCC[N+](CCCC)(CCCC)CCCC", "CN(C)C(=S)[S-]", "CCCC[N+](CCCC)(CCCC)CCCC"),
        ("[N-]=[N+]=Nc1ccccc1.O", "[N-]=[N+]=Nc1ccccc1", "O"),
        ("[O-]c1ccccc1.CC[NH+](CC)CC", "[O-]c1ccccc1", "CC[NH+](CC)CC"),
        ("O", "O", ""),
    ],
)
def test_the_photolabile_or_larger_chromophore_is_the_candidate(given: str, chosen: str, set_aside: str) -> None:
    found = chosen_component(Chem.MolFromSmiles(given))
    assert Chem.CanonSmiles(found.smiles) == Chem.CanonSmiles(chosen)
    assert found.set_aside == set_aside
    assert bool(found.notes) == bool(set_aside)


def test_an_ammonium_carbamate_stays_a_pair() -> None:
    found = chosen_component(Chem.MolFromSmiles("CCCCNC(=O)[O-].CCCC[NH3+]"))
    assert found.smiles == "CCCCNC(=O)[O-].CCCC[NH3+]"
    assert found.notes == ("ion pair computed as one",)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("c1ccccc1C=C.CC(=C)C(=O)OC", "is a mixture of 2 neutral molecules"),
        ("CCS.CCS", "repeats one molecule; give it once"),
        ("[Na+].[Cl-]", "nothing tells which of"),
    ],
)
def test_what_is_not_clear_is_not_guessed(given: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        chosen_component(Chem.MolFromSmiles(given))


def test_the_order_of_the_components_does_not_matter() -> None:
    parts = ["O=S(=O)([O-])C(F)(F)F", "c1ccc(cc1)[S+](c1ccccc1)c1ccccc1"]
    found = {chosen_component(Chem.MolFromSmiles(".".join(p))) for p in (parts, parts[::-1])}
    assert len(found) == 1


@pytest.mark.parametrize("name", LABILE_SMARTS)
def test_every_labile_pattern_is_valid(name: str) -> None:
    assert Chem.MolFromSmarts(LABILE_SMARTS[name]) is not None


@pytest.mark.parametrize("smiles", ["CCO", "c1ccccc1", "CC(=O)OCC", "CC(C)=O", "CCCCN", "CC(=O)N(C)C", "O=C(O)CCS"])
def test_what_is_not_labile_has_no_labile_group(smiles: str) -> None:
    assert labile_groups(smiles) == []
