"""Which molecules the calibration of absorption holds for, and which it does not."""

from collections import Counter

import pytest

from actinic.analysis.absorption_domain import CHROMOPHORES, FEWEST, chromophore, outside, scaffold
from actinic.analysis.absorption_validation import FITTED
from actinic.analysis.calibration import absorption_calibration
from actinic.chemistry.species import Species
from actinic.level import Level
from actinic.screening.absorption_references import absorption_references, absorption_workflow

LINE = absorption_calibration(Level.parse("b3lyp/def2-svp"))
assert LINE is not None
MEMBERS = LINE.members


def _species(smiles: str) -> Species:
    return Species.from_smiles(smiles, multiplicity=1)


@pytest.mark.parametrize(
    ("smiles", "name"),
    [
        ("[N-]=[N+]=Nc1ccccc1", "azides"),
        ("FC(F)(F)C1(c2ccccc2)N=N1", "diazirines"),
        ("O=C1C(=[N+]=[N-])C=Cc2ccccc12", "diazo compounds"),
        ("CS(=O)(=O)ON=C(C)c1ccccc1", "sulfonate esters"),
        ("CCOC(=S)SC", "thiocarbonyls"),
        ("CCN(CC)C(=S)[S-]", "thiocarbonyls"),
    ],
)
def test_photolabile_groups_of_the_field_lie_outside(smiles: str, name: str) -> None:
    assert outside(_species(smiles), {}) == (f"{name}: none among the molecules calibrated on",)


@pytest.mark.parametrize(
    "smiles", ["O=C(c1ccccc1)c1ccccc1", "Cc1ccccc1S(=O)(=O)N(C)C", "C(=Cc1ccccc1)c1ccccc1"]
)
def test_what_the_line_is_fitted_to_does_not(smiles: str) -> None:
    assert outside(_species(smiles), MEMBERS) == ()


@pytest.mark.parametrize(
    ("smiles", "said"),
    [
        ("c1ccc(/N=N/c2ccccc2)cc1", "class azo: none among the molecules calibrated on, fewer than 3"),
        (
            "CC=CCCC(=O)O",
            "class neither arene nor conjugated carbonyl: 1 among the molecules calibrated on, fewer than 3",
        ),
    ],
)
def test_a_class_with_few_molecules_behind_the_shipped_line_lies_outside(smiles: str, said: str) -> None:
    assert outside(_species(smiles), MEMBERS) == (said,)


def test_a_class_lies_inside_from_three_molecules_on() -> None:
    azobenzene = _species("c1ccc(/N=N/c2ccccc2)cc1")
    assert outside(azobenzene, {"azo": FEWEST - 1, "arene": 60})
    assert not outside(azobenzene, {"azo": FEWEST, "arene": 60})


def test_the_shipped_line_counts_the_molecules_it_is_fitted_to() -> None:
    fitted = [one for one in absorption_references() if one.collection in FITTED]
    assert len(fitted) == 144
    assert Counter(chromophore(one.candidate.species) for one in fitted) == MEMBERS


def test_no_molecule_the_line_is_fitted_to_is_outside_but_those_of_small_classes() -> None:
    fitted = [one.candidate.species for one in absorption_references() if one.collection in FITTED]
    small = {"neither arene nor conjugated carbonyl"}
    assert {chromophore(one) for one in fitted if outside(one, MEMBERS)} == small


@pytest.mark.parametrize(
    ("smiles", "name"),
    [
        ("c1ccc(/N=N/c2ccccc2)cc1", "azo"),
        ("O=[N+]([O-])c1ccccc1", "nitro"),
        ("O=C(c1ccccc1)c1ccccc1", "aryl ketone or quinone"),
        ("O=C1c2ccccc2-c2ccccc21", "aryl ketone or quinone"),
        ("O=c1ccc2ccccc2o1", "conjugated carbonyl"),
        ("C(=Cc1ccccc1)c1ccccc1", "aryl alkene, alkyne or imine"),
        ("c1ccc2[nH]ccc2c1", "heteroarene"),
        ("Cc1ccccc1", "arene"),
        ("CC=CCCC(=O)O", "neither arene nor conjugated carbonyl"),
    ],
)
def test_classes_are_those_of_the_chromophore(smiles: str, name: str) -> None:
    assert chromophore(_species(smiles)) == name


def test_every_class_has_reference_molecules() -> None:
    found = {chromophore(one.candidate.species) for one in absorption_references()}
    assert found == {name for name, _ in CHROMOPHORES}


def test_roots_reach_further_than_those_of_b3lyp_at_any_other_level() -> None:
    reaches = []
    for level in (None, "b3lyp/def2-svp", "cam-b3lyp/def2-svp", "pbe0/def2-svp"):
        section = absorption_workflow("nonpolar", level).spectrum
        assert section is not None
        reaches.append(section.cover_ev)
    assert reaches == [pytest.approx(6.6), 5.8, pytest.approx(6.6), pytest.approx(6.6)]


def test_substituents_do_not_make_a_scaffold() -> None:
    assert scaffold(_species("Cc1ccccc1O")) == scaffold(_species("c1ccccc1")) == "c1ccccc1"
    assert scaffold(_species("C/C=C/C")) == scaffold(_species("C/C=C\\C"))
