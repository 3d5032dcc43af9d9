"""Which part of a row is the candidate."""

import pytest
from rdkit import Chem

from actinic.chemistry.salts import LABILE_GROUPS, SOLVENTS, Choice, candidate_component, labile_groups
from actinic.errors import InputError

TETRAPHENYLBORATE = "[B-](c1ccccc1)(c1ccccc1)(c1ccccc1)c1ccccc1"
DIAZONAPHTHOQUINONE_SULFONATE = "[O-]S(=O)(=O)C1=CC(=[N+]=[N-])C(=O)c2ccccc12"


def choice(smiles: str) -> Choice:
    return candidate_component(Chem.MolFromSmiles(smiles))


def canonical(smiles: str) -> str:
    return str(Chem.MolToSmiles(Chem.MolFromSmiles(smiles)))


@pytest.mark.parametrize(
    ("salt", "ion"),
    [
        ("c1ccc(cc1)[I+]c1ccccc1.O=S(=O)([O-])C(F)(F)F", "c1ccc(cc1)[I+]c1ccccc1"),
        ("c1ccc(cc1)[S+](c1ccccc1)c1ccccc1.Cc1ccc(cc1)S(=O)(=O)[O-]", "c1ccc(cc1)[S+](c1ccccc1)c1ccccc1"),
        ("C[S+](C)Cc1ccccc1.[O-]S(=O)(=O)c1cccc2cc3ccccc3cc12", "C[S+](C)Cc1ccccc1"),
        ("F[B-](F)(F)F.N#[N+]c1ccccc1", "N#[N+]c1ccccc1"),
        ("[Na+].CCN(CC)C(=S)[S-]", "CCN(CC)C(=S)[S-]"),
        ("[K+].CCOC(=S)[S-]", "CCOC(=S)[S-]"),
        ("[NH4+].[S-]c1nnns1", "[S-]c1nnns1"),
        ("CCCC[N+](CCCC)(CCCC)CCCC.Cn1nnnc1[S-]", "Cn1nnnc1[S-]"),
        (f"[Na+].{DIAZONAPHTHOQUINONE_SULFONATE}", DIAZONAPHTHOQUINONE_SULFONATE),
        ("[NH3+]CCc1ccc(N=[N+]=[N-])cc1.[O-]C(=O)c1cccc2ccccc12", "[NH3+]CCc1ccc(N=[N+]=[N-])cc1"),
    ],
)  # fmt: skip
def test_the_ion_with_a_labile_group_is_the_candidate_whatever_the_other_absorbs(salt: str, ion: str) -> None:
    assert choice(salt).smiles == canonical(ion)


@pytest.mark.parametrize(
    ("salt", "ion"),
    [
        ("CCCC[N+](CCCC)(CCCC)CCCC.[O-]C(=O)c1cccc(c1)C(=O)c1ccccc1", "[O-]C(=O)c1cccc(c1)C(=O)c1ccccc1"),
        (f"C1CCC2=[NH+]CCCN2CC1.{TETRAPHENYLBORATE}", TETRAPHENYLBORATE),
        ("Cn1cc[n+](C)c1.F[P-](F)(F)(F)(F)F", "Cn1cc[n+](C)c1"),
        ("C[N+](C)(C)C.CC(=C)C(=O)[O-]", "CC(=C)C(=O)[O-]"),
    ],
)  # fmt: skip
def test_without_a_labile_group_the_larger_chromophore_is_the_candidate(salt: str, ion: str) -> None:
    assert choice(salt).smiles == canonical(ion)


def test_sulfonate_oxygens_do_not_make_a_chromophore() -> None:
    mesylate_of_pyridinium = choice("CS(=O)(=O)[O-].c1cc[nH+]cc1")
    assert mesylate_of_pyridinium.smiles == "c1cc[nH+]cc1"


@pytest.mark.parametrize(
    "pair",
    [
        "CCCCNC(=O)[O-].CCCC[NH3+]",
        "CCCCCCCCCCCCNC(=O)[O-].CCCCCCCCCCCC[NH3+]",
        "NC(=O)[O-].[NH4+]",
        "CCCCNC(=O)O.CCCCN",
    ],
)
def test_a_carbamate_and_its_amine_stay_together(pair: str) -> None:
    chosen = choice(pair)
    assert chosen.smiles == ".".join(sorted(map(canonical, pair.split("."))))
    assert chosen.counter_ion == ""
    assert "as a pair" in chosen.note


def test_a_carbamate_of_sodium_is_the_anion_alone() -> None:
    assert choice("CCCCNC(=O)[O-].[Na+]") == Choice("CCCCNC(=O)[O-]", "[Na+]", "counter-ion [Na+] set aside")


@pytest.mark.parametrize(
    ("drawn", "cation", "anions"),
    [
        ("C[NH3+].[Cl-]", "C[NH3+]", "[Cl-]"),
        ("CCN.Cl", "CC[NH3+]", "[Cl-]"),
        ("NCCN.Br.Br", "[NH3+]CC[NH3+]", "[Br-].[Br-]"),
        ("COC(=O)[C@H](CS)N.Cl", "COC(=O)[C@H](CS)[NH3+]", "[Cl-]"),
    ],
)
def test_of_a_hydrohalide_the_ammonium_is_computed_however_it_is_drawn(
    drawn: str, cation: str, anions: str
) -> None:
    chosen = choice(drawn)
    assert (chosen.smiles, chosen.counter_ion) == (canonical(cation), anions)


@pytest.mark.parametrize("metal", ["Li", "Na", "K", "Cs"])
def test_a_bond_drawn_to_an_alkali_metal_is_a_salt_bond(metal: str) -> None:
    assert choice(f"CCOC(=S)S[{metal}]")[:2] == ("CCOC(=S)[S-]", f"[{metal}+]")


def test_an_organolithium_is_no_salt() -> None:
    assert choice("[Li]CCCC") == Choice("[Li][CH2]CCC", "", "")


def test_an_impossible_alkali_bond_is_left_as_drawn() -> None:
    assert choice("[Na]BrF").smiles == canonical("[Na]BrF")


@pytest.mark.parametrize("solvent", SOLVENTS)
def test_a_solvent_of_crystallisation_is_dropped_with_a_note(solvent: str) -> None:
    assert canonical(solvent) == solvent
    chosen = choice(f"O=C(c1ccccc1)c1ccccc1.{solvent}")
    assert chosen == Choice("O=C(c1ccccc1)c1ccccc1", "", f"{SOLVENTS[solvent]} dropped")


def test_a_solvent_alone_is_a_candidate() -> None:
    assert choice("CN(C)C=O") == Choice("CN(C)C=O", "", "")


def test_a_dianion_keeps_its_charge_and_names_both_counter_ions() -> None:
    assert choice("[K+].[K+].[S-]c1nnc([S-])s1")[:2] == ("[S-]c1nnc([S-])s1", "[K+].[K+]")


def test_a_metal_that_binds_is_set_aside_with_a_warning() -> None:
    chosen = choice("CCN(CC)C(=S)[S-].CCN(CC)C(=S)[S-].[Zn+2]")
    assert chosen.smiles == "CCN(CC)C(=S)[S-]"
    assert "Zn may bind to the ion: draw the bonds" in chosen.note
    assert "may bind" not in choice("CC(=O)[O-].CC(=O)[O-].[Mg+2]").note


def test_ions_that_do_not_balance_are_said() -> None:
    assert "do not balance (sum of charges +1)" in choice("CC(=O)[O-].[Na+].[Na+]").note


def test_a_molecule_drawn_twice_is_computed_once() -> None:
    assert choice("CCO.OCC") == Choice("CCO", "", "drawn 2 times, computed once")


@pytest.mark.parametrize(
    "mixture",
    [
        "c1ccccc1N.CCN",
        "CC(=O)O.CCN",
        "CCO.O",
        "O=C(c1ccccc1)c1ccccc1.[Na+].[Cl-]",
        "[H+].CC(=O)[O-]",
        "NCCN.Cl",
    ],
)
def test_a_mixture_is_refused(mixture: str) -> None:
    with pytest.raises(
        InputError, match=r"a mixture of .*; expected one molecule per row, or a salt drawn as"
    ):
        choice(mixture)


def test_two_labile_ions_are_refused() -> None:
    with pytest.raises(InputError, match=r"carry a labile group; expected each in a row of its own"):
        choice("c1ccc(cc1)[I+]c1ccccc1.CCN(CC)C(=S)[S-]")


def test_two_ions_without_anything_to_choose_by_are_refused() -> None:
    with pytest.raises(InputError, match=r"none carries a labile group or the larger chromophore; expected"):
        choice("C[N+](C)(C)C.F[B-](F)(F)F")


@pytest.mark.parametrize("atoms", ["[S-2]", "[I-]", "[K+].[Cl-]", "[Zn]", "[Na+].[Na+].[S-2]"])
def test_single_atoms_are_refused_because_they_have_no_bond(atoms: str) -> None:
    with pytest.raises(
        InputError, match=r"is a single atom: it has no bond .* expected a molecule or a poly"
    ):
        choice(atoms)


def test_hydrosulfide_is_no_single_atom() -> None:
    assert choice("[SH-].[Na+]").smiles == "[SH-]"


@pytest.mark.parametrize(
    ("group", "smiles"),
    [
        ("azide", "[N-]=[N+]=Nc1ccccc1"),
        ("diazirine", "c1ccccc1C1(N=N1)C(F)(F)F"),
        ("diazo", "[N-]=[N+]=C(c1ccccc1)c1ccccc1"),
        ("diazonium", "N#[N+]c1ccccc1"),
        ("sulfonium", "c1ccc(cc1)[S+](c1ccccc1)c1ccccc1"),
        ("iodonium", "c1ccc(cc1)[I+]c1ccccc1"),
        ("oxime ester or sulfonate", "CC(=NOS(C)(=O)=O)c1ccccc1"),
        ("imide sulfonate", "O=C1c2ccccc2C(=O)N1OS(=O)(=O)C(F)(F)F"),
        ("o-nitrobenzyl", "CC(=O)OCc1ccccc1[N+](=O)[O-]"),
        ("tert-alkyl carbamate or carbonate", "CNC(=O)OC(C)(C)C"),
        ("carbamate anion", "CNC(=O)[O-]"),
        ("thiolate", "[S-]c1nc2ccccc2s1"),
        ("dithiocarbamate, xanthate or trithiocarbonate", "CCSC(=S)SCC"),
        ("thiatriazole", "Sc1nnns1"),
        ("tetrazole", "Cn1nnnc1S"),
        ("peroxide", "CC(C)(C)OOC(C)(C)C"),
        ("azo", "CC(C)(C#N)N=NC(C)(C)C#N"),
        ("trihalomethyl", "c1nc(C(Cl)(Cl)Cl)nc(n1)C(Cl)(Cl)Cl"),
    ],
)
def test_each_labile_group_is_found(group: str, smiles: str) -> None:
    assert group in labile_groups(smiles)


@pytest.mark.parametrize(
    "spectator",
    [
        "O=S(=O)([O-])C(F)(F)F",
        "OC(=O)C(F)(F)F",
        "Cc1ccc(S(=O)(=O)[O-])cc1",
        "CC(=O)[O-]",
        "CCNC(=O)OCC",
        "CCS",
    ],
)
def test_ordinary_ions_and_groups_are_not_labile(spectator: str) -> None:
    assert labile_groups(spectator) == ()


def test_the_names_of_the_labile_groups_are_those_tested() -> None:
    assert len(LABILE_GROUPS) == 18


@pytest.mark.parametrize("metal", ["[Fe+2]", "[Ni+2]"])
def test_a_metallocene_is_no_salt_of_its_ring(metal: str) -> None:
    with pytest.raises(InputError, match="organometallic compound drawn as ions"):
        choice(f"[CH-]1C=CC=C1.[CH-]1C=CC=C1.{metal}")


def test_cyanides_and_salts_of_stabilised_carbanions_are_salts() -> None:
    assert choice("[C-]#N.[C-]#N.[Zn+2]").smiles == "[C-]#N"
    assert choice("[Na+].CCOC(=O)[CH-]C(=O)OCC").counter_ion == "[Na+]"
