"""Models of large molecules: what is cut, and what stays."""

import pytest

from actinic.chemistry.motifs import match
from actinic.chemistry.species import Species
from actinic.chemistry.trimming import trimmed


@pytest.mark.parametrize(
    ("smiles", "model"),
    [
        ("CCCCCCCCCCCC(=O)OC(C)(C)C", "CCC(=O)OC(C)(C)C"),
        ("[N-]=[N+]=Nc1ccc(C(=O)OCCCCCC)cc1", "COC(=O)c1ccc(N=[N+]=[N-])cc1"),
        ("CC(C)(C)OC(=O)NCCCCCCS", "CCNC(=O)OC(C)(C)C"),
        ("Fc1c(F)c(N=[N+]=[N-])c(F)c(F)c1CCCCCC", "Cc1c(F)c(F)c(N=[N+]=[N-])c(F)c1F"),
        ("CCCCCCCCC1(CCCCO)N=N1", "CCC1(CC)N=N1"),
        ("C1Cc2cc(CCCCCCOC)ccc12", "Cc1ccc2c(c1)CC2"),
        ("CC(=O)OC(C)(C)C", "CC(=O)OC(C)(C)C"),
    ],
)
def test_what_is_near_the_site_stays_and_remote_chains_go(smiles: str, model: str) -> None:
    species = Species.from_smiles(smiles, multiplicity=1)
    site = match(species)[0]
    assert trimmed(species, site.atoms, 2) == Species.from_smiles(model, multiplicity=1)
    assert match(trimmed(species, site.atoms, 2))[0].motif == site.motif


def test_a_longer_reach_keeps_more() -> None:
    species = Species.from_smiles("CCCCCCCCN=[N+]=[N-]", multiplicity=1)
    site = match(species)[0].atoms
    sizes = [trimmed(species, site, reach).molecule().GetNumHeavyAtoms() for reach in (1, 2, 3, 20)]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[1] < sizes[2] < sizes[3] == 11


def test_a_hydrogen_of_the_site_counts_as_its_carbon() -> None:
    species = Species.from_smiles("CCCCCCC", multiplicity=1)
    assert trimmed(species, (7,), 2) == Species.from_smiles("CCC", multiplicity=1)


@pytest.mark.parametrize(
    ("smiles", "models"),
    [
        ("CCCCC=CC(=O)OC(C)(C)C", ("C=CC(=O)OC(C)(C)C", "C=CC(=O)OC(C)(C)C", "CC=CC(=O)OC(C)(C)C")),
        ("CCCC#CC(=O)OC(C)(C)C", ("C#CC(=O)OC(C)(C)C", "C#CC(=O)OC(C)(C)C", "CC#CC(=O)OC(C)(C)C")),
        ("CCCCC=CCC(=O)OC(C)(C)C", ("CC(=O)OC(C)(C)C", "C=CCC(=O)OC(C)(C)C", "C=CCC(=O)OC(C)(C)C")),
        (
            "CC[N+](C)(C)CCC(=O)OC(C)(C)C",
            ("CC(=O)OC(C)(C)C", "C[N+](C)(C)CCC(=O)OC(C)(C)C", "C[N+](C)(C)CCC(=O)OC(C)(C)C"),
        ),
        ("CCCC(=O)CC(=O)OC(C)(C)C", ("CC(=O)OC(C)(C)C", "O=CCC(=O)OC(C)(C)C", "CC(=O)CC(=O)OC(C)(C)C")),
    ],
)
def test_charge_and_unsaturation_are_never_cut_in_two(smiles: str, models: tuple[str, ...]) -> None:
    """A multiple or charged bond at the edge is kept whole, with as little beyond it as the reach allows."""
    species = Species.from_smiles(smiles, multiplicity=1)
    site = match(species)[0].atoms
    found = [trimmed(species, site, reach) for reach in (1, 2, 3)]
    assert found == [Species.from_smiles(model, multiplicity=1) for model in models]
