"""What a SMILES must be to be computed."""

import pytest
from pyscf.gto import basis

from actinic.chemistry.admission import MAX_HEAVY_ATOMS, MAX_SMILES_CHARACTERS, admitted
from actinic.chemistry.candidates import SUPPORTED_ELEMENTS
from actinic.errors import InputError


@pytest.mark.parametrize(
    ("smiles", "charge"),
    [
        ("CCCCCCCC/C=C\\CCCCCCCC(=O)[O-]", -1),
        ("CCCCNC(=O)[O-].CCCC[NH3+]", 0),
        ("CC1C/C(=C\\c2ccc(cc2)N=[N+]=[N-])C(=O)/C(=C/c2ccc(cc2)N=[N+]=[N-])C1", 0),
        ("c1ccccc1C1(N=N1)C(F)(F)F", 0),
        ("CCCS(=O)(=O)ON=C1C=CC(=C(C#N)c2ccccc2C)S1", 0),
        ("COC(=O)[C@H](CS)NC(=O)OC(C)(C)C", 0),
        ("C[N+](C)(C)CCCOc1cc(COC(=O)CCCCCCCCCCS)c(cc1OC)[N+](=O)[O-]", 1),
        ("CC(C)(C)c1ccc(cc1)[I+]c1ccc(cc1)C(C)(C)C", 1),
        ("Sc1n[nH]c(=S)s1", 0),
        ("[S-]c1nnns1", -1),
        ("[S-]C(=S)N=[N+]=[N-]", -1),
        ("[S-]C#N", -1),
        ("S[Sn]1(S)S[Sn](S)(S)S1", 0),
        ("[SH-]", -1),
        ("O=C1C(=[N+]=[N-])C=Cc2c1cccc2S(=O)(=O)[O-]", -1),
        ("COc1ccc(/C=C/c2nc(C(Cl)(Cl)Cl)nc(n2)C(Cl)(Cl)Cl)cc1", 0),
        ("Cc1cccc(c1)N(c1ccccc1)c1ccc2c(c1)C1(c3ccccc3-c3ccccc13)c1cc(ccc1-2)N(c1ccccc1)c1cccc(C)c1", 0),
    ],
)
def test_molecules_of_the_field_are_usable(smiles: str, charge: int) -> None:
    assert admitted(smiles).species.charge == charge


@pytest.mark.parametrize(
    ("smiles", "charge"),
    [("O=C([S-])C(=O)[S-]", -2), ("[S-]c1nnc([S-])s1", -2), ("[S-][Sn]1([S-])S[Sn]([S-])([S-])S1", -4)],
)
def test_a_multiply_charged_anion_is_kept_and_its_levels_are_disowned(smiles: str, charge: int) -> None:
    found = admitted(smiles)
    assert found.species.charge == charge
    assert any(
        f"charge {charge}: unbound in the gas phase" in n and "levels are not" in n for n in found.notes
    )


def test_a_singly_charged_anion_needs_no_such_note() -> None:
    assert admitted("CCOC(=S)[S-]").notes == ()


def test_a_metal_is_outside_the_domain_of_the_levels() -> None:
    assert admitted("CC[Zn]CC").notes == (
        "contains Zn: outside the domain of the level calibration (no metals)",
    )


def test_isotopes_and_atom_maps_do_not_make_another_molecule() -> None:
    labelled = admitted("[13CH3:1][C@H]([2H])[OH:2]")
    assert labelled.species == admitted("CCO").species
    assert labelled.notes == ("isotopes 13C, 2H computed as the common ones",)


@pytest.mark.parametrize(
    ("smiles", "note"),
    [
        (
            "CC(OC(=O)C(C)(C)C)c1ccccc1[N+](=O)[O-]",
            "stereocentre at atom C2 not specified: one isomer computed",
        ),
        ("CC(=NOS(C)(=O)=O)c1ccccc1", "double bond C2-N3 not specified: one isomer computed"),
        ("CC(O)C(N)C", "stereocentres at atoms C2, C4 not specified: one isomer computed"),
    ],
)
def test_an_open_configuration_is_noted_at_the_atoms_of_the_species(smiles: str, note: str) -> None:
    assert admitted(smiles).notes == (note,)


@pytest.mark.parametrize(
    "smiles",
    [
        "[N-]=[N+]=Nc1ccccc1",
        "[N-]=[N+]=C(c1ccccc1)c1ccc(C)cc1",
        "C/C(=N\\OS(C)(=O)=O)c1ccccc1",
        "OC(=O)CCSC",
        "C(COCN=[N+]=[N-])(COCN=[N+]=[N-])(COCN=[N+]=[N-])COCN=[N+]=[N-]",
    ],
)
def test_azides_diazo_groups_and_equal_arms_leave_no_configuration_open(smiles: str) -> None:
    assert admitted(smiles).notes == ()


@pytest.mark.parametrize(
    ("smiles", "message"),
    [
        ("", r"no SMILES; expected one in column 'smiles'"),
        ("C1CC", r"'C1CC' is no SMILES: ring 1 is not closed; expected one molecule or salt"),
        ("C%12CC1", r"ring 12, 1 is not closed"),
        ("CC(=O", r"1 more '\(' than '\)'"),
        ("CC)=O", r"a '\)' without '\('"),
        ("CC(=O)[O-", r"bracket '\[' at position 7 is empty or not closed"),
        ("CCQ", r"'Q' at position 3 is no atom or bond \(elements but B C N"),
        ("CC[O−]", r"'−' at position 5 is not ASCII"),
        ("CCO ethanol", r"a blank inside, as before a name"),
        ("{[]CC[]}", r"polymer notation"),
        ("[Xx]", r"'\[Xx\]' is no SMILES: it cannot be parsed"),
        ("CC(C)(C)(C)C", r"is no molecule: Explicit valence for atom # 1 C, 5, is greater than"),
        ("c1ccnc1", r"is no molecule: Can't kekulize mol. *Unkekulized atoms"),
        ("CCO>>CC=O", r"'CCO>>CC=O' is a reaction; expected the SMILES of one molecule or salt"),
        ("*CC", r"'\*CC' has an open end '\*'; expected a whole molecule, capped by H or CH3"),
        ("[R]CC", r"is no SMILES"),
        ("C~C", r"has a bond of kind unspecified; expected single, double, triple, aromatic or dative"),
        ("[CH3]", r"'\[CH3\]' has 1 unpaired electron; expected a closed-shell molecule or ion"),
        ("[C](c1ccccc1)c1ccccc1", r"has 2 unpaired electrons"),
        ("CC(=O)O[Cu]OC(C)=O", r"has an odd number of electrons"),
        ("O=O", r"has a triplet ground state"),
        ("F[Xe]F", r"has Xe; expected elements with GFN2 and def2 parameters"),
        ("C[Eu](C)C", r"has Eu; expected"),
        ("O=C=[Fe](=C=O)(=C=O)(=C=O)=C=O", r"has Fe; expected .* H to Bi without noble gases, lanthan"),
        ("[S-2]", r"\[S-2\] is a single atom: .* expected a molecule or a polyatomic ion"),
        ("C" * (MAX_SMILES_CHARACTERS + 1), r"a SMILES of 2001 characters; expected at most 2000"),
        ("C" * (MAX_HEAVY_ATOMS + 1), r"^301 heavy atoms; expected at most 300"),
    ],
)  # fmt: skip
def test_what_cannot_be_computed_says_why(smiles: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        admitted(smiles)


def test_the_largest_molecule_allowed_is_allowed() -> None:
    assert admitted("C" * MAX_HEAVY_ATOMS).species.n_electrons == 8 * MAX_HEAVY_ATOMS + 2


def test_every_supported_element_has_a_basis_set_and_no_other_spin_state_to_choose() -> None:
    for name in ("def2-svp", "def2-svpd", "def2-tzvp"):
        assert all(basis.load(name, element) for element in SUPPORTED_ELEMENTS)
    assert {"H", "C", "I", "Zn", "Sn", "Bi"} <= SUPPORTED_ELEMENTS
    assert not {"He", "Xe", "La", "Eu", "Fe", "Pt", "Po", "U"} & SUPPORTED_ELEMENTS
