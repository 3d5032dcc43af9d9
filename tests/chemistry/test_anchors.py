"""Anchors: which surface groups a molecule offers, and which nanocrystal surfaces they suit."""

import itertools
import tomllib
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem

from actinic.chemistry.anchors import SURFACES, Affinity, Anchor, anchors, surface_of, verdict
from actinic.chemistry.species import Species
from actinic.errors import InputError

EXAMPLES = [
    ("CCCCCCCCCCCCS", ["thiol"]),
    ("CCCC[S-]", ["thiolate"]),
    ("S=c1[nH]ncs1", ["thiol"]),
    ("CCN(CC)C(=S)[S-]", ["dithiocarbamate"]),
    ("CCOC(=S)[S-]", ["xanthate"]),
    ("O=C([S-])C(=O)[S-]", ["thiocarboxylate", "thiocarboxylate"]),
    ("[S-]C#N", ["thiocyanate"]),
    ("S=C=[N-]", ["thiocyanate"]),
    ("[SH-]", ["sulfide"]),
    ("S", ["sulfide"]),
    ("[S-][Sn]([S-])([S-])[S-]", ["metal chalcogenide"] * 4),
    ("[S-][Sn]1([S-])S[Sn]([S-])([S-])S1", ["metal chalcogenide"] * 4),
    (r"CCCCCCCC/C=C\CCCCCCCC(=O)O", ["carboxylate"]),
    ("O=C[O-]", ["carboxylate"]),
    ("CCNC(=O)[O-]", ["carbamate"]),
    ("CCNC(=O)[O-].CC[NH3+]", ["carbamate", "ammonium"]),
    ("CCCCCCP(=O)(O)O", ["phosphonate"]),
    ("CCCCP(=O)([O-])O", ["phosphonate"]),
    ("CCCCP(CCCC)CCCC", ["phosphine"]),
    ("CCCCP(=O)(CCCC)CCCC", ["phosphine oxide"]),
    ("CCCCN", ["amine"]),
    ("CCNCC", ["amine"]),
    ("CCCC[NH3+]", ["ammonium"]),
    ("CCCC[N+](C)(C)C", ["quaternary ammonium"]),
    ("c1ccncc1", ["pyridine"]),
    ("Oc1ccccc1O", ["catechol"]),
    ("CC(=O)NO", ["hydroxamate"]),
    ("Cc1ccc(S(=O)(=O)[O-])cc1", ["sulfonate"]),
    ("CN(C)C=O", ["amide"]),
]


def groups(smiles: str) -> list[str]:
    return [anchor.group for anchor in anchors(Species.from_smiles(smiles, multiplicity=1))]


def table() -> dict[str, Any]:
    return tomllib.loads(files("actinic.chemistry").joinpath("anchors.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("smiles", "expected"), EXAMPLES)
def test_every_group_is_found_once_and_under_its_own_name(smiles: str, expected: list[str]) -> None:
    assert groups(smiles) == expected


def test_every_group_of_the_table_is_tried_above() -> None:
    tried = {group for _, expected in EXAMPLES for group in expected}
    assert {group["name"] for group in table()["group"]} - tried == {"halide"}  # single ions are refused


@pytest.mark.parametrize(
    "smiles",
    [
        "CCCCCC",
        "CC(=O)OCC",  # ester
        "CC(C)(C)OC(=O)NC",  # Boc amine: no free end
        "c1ccc(N(c2ccccc2)c2ccccc2)cc1",  # triarylamine of a hole-transport material
        "Nc1ccccc1",  # aniline
        "CC(=O)N(C)C(C)=O",  # imide
        "CCSSCC",
        "CCSCC",
        "CS(C)(=O)=O",
        "[N-]=[N+]=Nc1ccccc1",
        "Oc1ccccc1",  # phenol alone is no catechol
        "Oc1cccc(O)c1",  # resorcinol neither
        "c1ccc([I+]c2ccccc2)cc1",
    ],
)
def test_groups_that_hold_no_ligand_are_no_anchors(smiles: str) -> None:
    assert groups(smiles) == []


def test_a_mercapto_acid_has_both_ends_and_a_dithiol_two() -> None:
    assert groups("OC(=O)CCS") == ["thiol", "carboxylate"]
    assert groups("Sc1nnc(S)s1") == ["thiol", "thiol"]


@pytest.mark.parametrize("smiles", ["OC(=O)CCS", "CCN(CC)C(=S)[S-]", "CCCCP(=O)(O)O", "Oc1ccccc1O"])
def test_anchors_name_the_atoms_that_bind_in_the_order_of_the_geometry(smiles: str) -> None:
    species = Species.from_smiles(smiles, multiplicity=1)
    molecule = species.molecule()
    found = anchors(species)
    atoms = [atom for anchor in found for atom in anchor.atoms]
    assert len(set(atoms)) == len(atoms)
    assert {molecule.GetAtomWithIdx(atom).GetSymbol() for atom in atoms} <= {"S", "O", "P"}


@settings(max_examples=30, deadline=None)
@given(order=st.permutations(range(6)))
def test_the_order_of_the_atoms_in_the_smiles_does_not_matter(order: list[int]) -> None:
    molecule = Chem.MolFromSmiles("OC(=O)CCS")
    shuffled = Chem.MolToSmiles(Chem.RenumberAtoms(molecule, list(order)), canonical=False)
    assert groups(shuffled) == ["thiol", "carboxylate"]


@pytest.mark.parametrize("thiol", ["CCCCCCS", "CCCCCC[S-]"])
def test_thiols_and_thiolates_suit_ii_vi_iii_v_and_gold_not_oxides_and_harm_perovskites(thiol: str) -> None:
    found = anchors(Species.from_smiles(thiol, multiplicity=1))
    said = {surface: verdict(found, surface) for surface in SURFACES}
    assert all(said[surface].affinity is Affinity.BINDS for surface in ("II-VI", "III-V", "IV-VI", "gold"))
    assert said["oxide"].affinity is Affinity.NONE
    assert said["halide perovskite"].affinity is Affinity.HARMS
    assert {surface for surface in SURFACES if said[surface].suits} == {"II-VI", "III-V", "IV-VI", "gold"}


@pytest.mark.parametrize(
    ("smiles", "suited"),
    [
        ("CCCCCC(=O)O", {"II-VI", "III-V", "IV-VI", "oxide", "halide perovskite"}),
        ("CCCCCCP(=O)(O)O", {"II-VI", "III-V", "IV-VI", "oxide", "halide perovskite"}),
        ("CCCCCCN", {"II-VI", "III-V", "IV-VI", "gold", "oxide"}),
        ("Oc1ccccc1O", {"oxide"}),
    ],
)
def test_carboxylates_phosphonates_amines_and_catechols_have_their_surfaces(
    smiles: str, suited: set[str]
) -> None:
    found = anchors(Species.from_smiles(smiles, multiplicity=1))
    assert {surface for surface in SURFACES if verdict(found, surface).suits} == suited


def test_one_group_that_harms_outweighs_one_that_binds() -> None:
    found = anchors(Species.from_smiles("OC(=O)CCS", multiplicity=1))
    assert verdict(found, "oxide").group == "carboxylate"
    said = verdict(found, "halide perovskite")
    assert (said.affinity, said.group, said.suits) == (Affinity.HARMS, "thiol", False)


def test_the_group_that_binds_best_decides_whatever_the_order() -> None:
    pair = (Anchor("amine", (0,)), Anchor("carboxylate", (1,)))
    for found in itertools.permutations(pair):
        said = verdict(tuple(found), "oxide")
        assert (said.affinity, said.group) == (Affinity.BINDS, "carboxylate")


def test_a_molecule_without_an_anchor_suits_no_surface() -> None:
    said = verdict((), "II-VI")
    assert (said.affinity, said.suits) == (Affinity.NONE, False)
    assert said.reason == "it has no group that binds to a surface"


def test_what_is_not_on_record_is_neither_yes_nor_no() -> None:
    said = verdict((Anchor("catechol", (0, 1)),), "II-VI")
    assert (said.affinity, said.suits, said.source) == (Affinity.UNKNOWN, None, "")
    assert said.reason == "nothing on record about catechol on II-VI"


@pytest.mark.parametrize(
    ("nanocrystal", "surface"),
    [
        ("CdSe", "II-VI"),
        ("CdSe/ZnS", "II-VI"),
        ("InP/ZnSe/ZnS", "II-VI"),
        ("InP @ ZnS", "II-VI"),
        ("CdSe0.5S0.5", "II-VI"),
        ("CuInS2/ZnS", "II-VI"),
        ("InP", "III-V"),
        ("In(Zn)P", "III-V"),
        ("InAs", "III-V"),
        ("PbS", "IV-VI"),
        ("Au", "gold"),
        ("ZnO", "oxide"),
        ("ITO", "oxide"),
        ("ZnMgO", "oxide"),
        ("HfO2", "oxide"),
        ("CsPbBr3", "halide perovskite"),
        ("CsPbBr1.5I1.5", "halide perovskite"),
        ("FA0.8Cs0.2PbI3", "halide perovskite"),
        ("MAPbI3", "halide perovskite"),
    ],
)
def test_the_outermost_shell_is_the_surface(nanocrystal: str, surface: str) -> None:
    assert surface_of(nanocrystal) == surface


@pytest.mark.parametrize(
    "nanocrystal", ["", "CuInS2", "Zn", "quantum dots", "InP/", "Xx2S", "O2", "CdSe ZnS"]
)
def test_a_nanocrystal_without_rules_is_refused_with_its_name(nanocrystal: str) -> None:
    with pytest.raises(InputError, match=r"no rule for the surface .* the outermost shell last") as error:
        surface_of(nanocrystal)
    assert repr(nanocrystal) in error.value.message


def test_an_unknown_surface_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="surface 'glass'; expected II-VI, III-V"):
        verdict((), "glass")


def test_the_rules_name_known_groups_surfaces_and_sources_and_no_pair_twice() -> None:
    names = [group["name"] for group in table()["group"]]
    rules = table()["rule"]
    pairs = [(group, rule["surface"]) for rule in rules for group in rule["groups"]]
    assert len(set(names)) == len(names)
    assert len(set(pairs)) == len(pairs)
    assert {group for group, _ in pairs} == set(names)
    assert {surface for _, surface in pairs} == set(SURFACES)
    for rule in rules:
        assert Affinity(rule["affinity"]) is not Affinity.UNKNOWN
        assert rule["reason"]
        assert rule["source"]


def test_every_pattern_says_which_atoms_bind() -> None:
    for group in table()["group"]:
        for smarts in group["smarts"]:
            pattern = Chem.MolFromSmarts(smarts)
            assert pattern is not None, smarts
            assert any(atom.GetAtomMapNum() == 1 for atom in pattern.GetAtoms()), smarts
