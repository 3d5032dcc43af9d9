"""Classes of the acids and bases that are released."""

import pytest

from actinic.chemistry.motif_table import motif_named
from actinic.chemistry.released import acid_class, base_class
from actinic.errors import InputError
from support.channels import by_channel


@pytest.mark.parametrize(
    ("smiles", "name"),
    [
        ("O=S(=O)([O-])C(F)(F)F", "superacid: perfluoroalkanesulfonic"),
        ("O=S(=O)([O-])C(F)(F)C(F)(F)C(F)(F)C(F)(F)F", "superacid: perfluoroalkanesulfonic"),
        ("F[P-](F)(F)(F)(F)F", "superacid: hexafluorophosphoric"),
        ("Cc1ccc(S(=O)(=O)[O-])cc1", "sulfonic"),
        ("CC1(C)C2CCC1(CS(=O)(=O)[O-])C(=O)C2", "sulfonic"),
        ("CS([O])(=O)=O", "sulfonic"),
        ("[Cl-]", "hydrogen chloride"),
        ("[Cl]", "hydrogen chloride"),
        ("Cl", "hydrogen chloride"),
        ("CC(=O)O", "carboxylic"),
        ("[Na+].CC(=O)[O-]", "carboxylic"),
        ("[O-]C(=O)C(F)(F)F", "perfluorocarboxylic"),
    ],
)
def test_acids_by_class(smiles: str, name: str) -> None:
    found = acid_class(smiles)
    assert found is not None
    assert found.name == name
    assert found.pka_low < found.pka_high


@pytest.mark.parametrize(
    ("smiles", "name"),
    [
        ("NC1CCCCC1", "primary amine"),
        ("CCNCC", "secondary amine"),
        ("CCN(CC)CC", "tertiary amine"),
        ("C1CCC2=NCCCN2CC1", "amidine"),
        ("CN(C)C(=N)N(C)C", "guanidine"),
        ("CN1CCCN2CCCN=C12", "guanidine"),
        ("c1cnc[nH]1", "imidazole"),
        ("Nc1ccccc1", "aniline"),
    ],
)
def test_bases_by_class(smiles: str, name: str) -> None:
    found = base_class(smiles)
    assert found is not None
    assert found.name == name


def test_what_is_neither_acid_nor_base_has_no_class() -> None:
    assert acid_class("c1ccccc1") is None
    assert acid_class("") is None
    assert acid_class("CCl") is None
    assert base_class("CC(N)=O") is None
    with pytest.raises(InputError, match="cannot be read"):
        acid_class("C1CC")


def test_the_products_of_the_generators_have_the_class_their_motif_promises() -> None:
    photo = by_channel("O=C1c2ccccc2C(=O)N1OS(=O)(=O)C(F)(F)F", "imide-sulfonate")["N-O homolysis"]
    assert {getattr(acid_class(p.species.smiles), "name", "") for p in photo.products} >= {
        "superacid: perfluoroalkanesulfonic"
    }
    base = by_channel("O=C(NC1CCCCC1)OCc1ccccc1[N+](=O)[O-]", "o-nitrobenzyl-carbamate")
    amine = base["nitroso carbonyl, amine and CO2"]
    assert "primary amine" in {getattr(base_class(p.species.smiles), "name", "") for p in amine.products}
    assert motif_named("o-nitrobenzyl-carbamate").releases.startswith("amine")
