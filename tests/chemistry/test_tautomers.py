"""Tautomers: what is found, what is kept, what is left out; the quick question never misses one."""

from importlib.resources import as_file, files
from pathlib import Path

import pytest

from actinic.chemistry import tautomers as module
from actinic.chemistry.candidates import Candidate, read_candidates
from actinic.chemistry.species import Species
from actinic.chemistry.tautomers import MAX_FORMS, may_tautomerise, tautomers

LISTS = Path(__file__).parents[2] / "ligands"


def species(smiles: str) -> Species:
    return Species.from_smiles(smiles, multiplicity=1)


def forms(smiles: str) -> list[str]:
    return [one.smiles for one in tautomers(species(smiles)).species]


@pytest.mark.parametrize(
    ("drawn", "other"),
    [
        ("Oc1ccccn1", "O=c1cccc[nH]1"),
        ("Oc1ccncc1", "O=c1cc[nH]cc1"),
        ("Sc1nc2ccccc2s1", "S=c1[nH]c2ccccc2s1"),
        ("Sc1nnc(S)s1", "S=c1[nH]nc(S)s1"),
        ("c1nc[nH]n1", "c1nnc[nH]1"),
        ("c1ccc2[nH]nnc2c1", "c1ccc2n[nH]nc2c1"),
        ("CC(=O)CC(C)=O", "CC(=O)C=C(C)O"),
        ("CC(O)=CC(=O)OC", "COC(=O)CC(C)=O"),
        ("O=CS", "OC=S"),
        ("CN=C(N)c1ccccc1", "CNC(=N)c1ccccc1"),
    ],
)
def test_the_other_form_is_found_from_either_side(drawn: str, other: str) -> None:
    assert species(other).smiles in forms(drawn)[1:]
    assert species(drawn).smiles in forms(other)[1:]
    assert (forms(drawn)[0], forms(other)[0]) == (species(drawn).smiles, species(other).smiles)


@pytest.mark.parametrize(
    ("drawn", "other"),
    [
        ("Oc1ccc(N=Nc2ccccc2)cc1", "O=C1C=CC(=NNc2ccccc2)C=C1"),
        ("Oc1ccc2ccccc2c1N=Nc1ccccc1", "O=C1C=Cc2ccccc2C1=NNc1ccccc1"),
        ("Oc1ccccc1C=Nc1ccccc1", "O=C1C=CC=CC1=CNc1ccccc1"),
        ("O=c1cc(O)[nH]c(=O)[nH]1", "O=C1CC(=O)NC(=O)N1"),
    ],
)
def test_forms_that_lose_an_aromatic_ring_and_exist_all_the_same_are_kept(drawn: str, other: str) -> None:
    assert species(other).smiles in forms(drawn)


@pytest.mark.parametrize(
    "smiles",
    [
        "CC(=O)Nc1ccccc1",  # an imidic acid lies far above its amide
        "NC(N)=S",
        "CC(C)(C)OC(=O)Nc1ccccn1",
        "Nc1ccccn1",
        "CC(C)=O",  # an enol beside no second carbonyl group
        "Oc1ccccc1",
        "NC(=O)c1ccccc1O",
        "OC(=O)CC(=O)O",
        "CC(C)=NO",
        "CN(C)C(=S)S",
        "CCOC(=S)[S-]",
        "N#CC(C#N)=C",
        "O=C1c2ccccc2C(=O)N1O",
        "[O-]c1ccccn1",
        "c1ccc(NN=Nc2ccccc2)cc1",  # the other form is the same molecule
    ],
)
def test_what_has_no_tautomer_worth_an_energy_stays_alone(smiles: str) -> None:
    assert forms(smiles) == [species(smiles).smiles]


def test_a_form_left_out_elsewhere_is_kept_when_it_is_drawn() -> None:
    assert forms("CC(O)=NC") == ["CN=C(C)O", "CNC(C)=O"]


def test_an_imine_beside_a_carbonyl_group_in_the_ring_is_kept() -> None:
    assert "N=c1cc[nH]c(=O)[nH]1" in forms("Nc1cc[nH]c(=O)n1")


def test_charges_and_configurations_stay_where_they_are() -> None:
    found = tautomers(species("C[C@@H](CC(=O)O)c1nc([O-])n[nH]1")).species
    assert len(found) > 1
    assert {one.charge for one in found} == {-1}
    assert all("@" in one.smiles for one in found)
    assert "/N=N/" in forms("O=[N+]([O-])c1ccc(/N=N/c2cc[nH]n2)cc1")[1]


def test_an_enol_drawn_with_its_configuration_is_not_listed_again_without() -> None:
    assert forms(r"C/C(O)=C/C(C)=O") == [species(r"C/C(O)=C/C(C)=O").smiles, "CC(=O)CC(C)=O"]


def test_so_many_forms_are_cut_and_it_is_said() -> None:
    found = tautomers(species("Oc1nc(O)nc(Nc2nc(O)nc(O)n2)n1"))
    assert len(found.species) == MAX_FORMS
    assert "more tautomers left out" in found.note


def test_the_order_does_not_depend_on_how_it_is_drawn() -> None:
    assert forms("Oc1nc(N)ccn1") == forms("n1c(O)nccc1N")


def test_the_quick_question_misses_no_tautomer_of_the_shipped_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = files("actinic").joinpath("reference", "absorption", "least_polar_maxima.csv")
    with as_file(shipped) as reference:
        lists = [reference, LISTS / "quickstart.csv", LISTS / "stimuli-responsive-ligands.csv"]
        rows = [row for path in lists for row in read_candidates(path) if isinstance(row, Candidate)]
    passed_over = [row.species for row in rows if not may_tautomerise(row.species)]
    assert len(passed_over) > 80
    monkeypatch.setattr(module, "may_tautomerise", lambda _: True)
    tautomers.cache_clear()
    missed = [one.smiles for one in passed_over if len(tautomers(one).species) > 1]
    tautomers.cache_clear()
    assert missed == []


def test_what_rdkit_cannot_enumerate_is_one_form_with_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def Enumerate(self, _: object) -> None:  # noqa: N802 - RDKit's name
            raise RuntimeError("Pre-condition Violation")

    monkeypatch.setattr(module, "_enumerator", Broken)
    drawn = species("Oc1ncccc1CCCl")
    assert tautomers(drawn).species == (drawn,)
    assert "Pre-condition Violation" in tautomers(drawn).note
    tautomers.cache_clear()
