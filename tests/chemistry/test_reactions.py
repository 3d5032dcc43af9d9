"""Reactions of the motif table: balance, spin, and the chemistry of known cases."""

import csv
from pathlib import Path

import msgspec
import pytest
from rdkit import Chem

from actinic.chemistry.motif_table import Motif, motif_table
from actinic.chemistry.motifs import match
from actinic.chemistry.reaction_template import redrawn
from actinic.chemistry.reactions import Reaction, balanced, can_couple, reactions
from actinic.chemistry.species import Species
from actinic.errors import EngineError, InputError
from support.channels import by_channel, check, closed_shell, products, reactions_of

HERE = Path(__file__).parent
EXAMPLES = [(motif, smiles) for motif in motif_table() for smiles in motif.examples]


@pytest.mark.parametrize(("motif", "smiles"), EXAMPLES, ids=lambda value: getattr(value, "name", value))
def test_every_reaction_of_the_table_balances_and_makes_molecules(motif: Motif, smiles: str) -> None:
    made = reactions_of(smiles, motif.name)
    assert made
    for reaction in made:
        check(reaction)


@pytest.mark.parametrize("motif", motif_table(), ids=lambda motif: motif.name)
def test_every_channel_happens_in_an_example(motif: Motif) -> None:
    made = (reactions_of(smiles, motif.name) for smiles in motif.examples)
    happened = {reaction.channel for group in made for reaction in group}
    assert happened == {channel.name for channel in motif.channels}


@pytest.mark.parametrize("file", ["seed_motifs.csv", "solvents_and_drugs.csv"])
def test_every_reaction_of_the_collected_molecules_balances(file: str) -> None:
    n_reactions = 0
    with (HERE / file).open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            species = closed_shell(row["smiles"])
            for site in match(species):
                made = reactions(species, site)
                assert made, (row["smiles"], site.motif.name)
                for reaction in made:
                    check(reaction)
                n_reactions += len(made)
    assert n_reactions > 50


@pytest.mark.parametrize(("motif", "smiles"), EXAMPLES, ids=lambda value: getattr(value, "name", value))
def test_what_breaks_was_bonded_and_what_forms_was_not(motif: Motif, smiles: str) -> None:
    for reaction in reactions_of(smiles, motif.name):
        together = Chem.MolFromSmiles("")
        for reactant in reaction.reactants:
            together = Chem.CombineMols(together, reactant.molecule())
        for pair in reaction.broken:
            assert together.GetBondBetweenAtoms(*pair)
        for pair in reaction.formed:
            assert not together.GetBondBetweenAtoms(*pair)


def test_a_singlet_surface_never_leads_to_a_triplet_nitrene() -> None:
    channels = by_channel("[N-]=[N+]=Nc1ccccc1", "aryl-azide")
    assert products(channels["singlet nitrene"]) == [("N#N", 1), ("[N]c1ccccc1", 1)]
    assert [p.open_shell for p in channels["singlet nitrene"].products] == [False, True]
    assert channels["singlet nitrene"].multiplicity == 1
    assert products(channels["triplet nitrene"]) == [("N#N", 1), ("[N]c1ccccc1", 3)]
    assert channels["triplet nitrene"].multiplicity == 3


@pytest.mark.parametrize(
    ("smiles", "motif", "channel", "made"),
    [
        ("CN=[N+]=[N-]", "alkyl-azide", "imine, 1,2-H shift", ["C=N", "N#N"]),
        ("O=C(N=[N+]=[N-])c1ccccc1", "acyl-azide", "isocyanate", ["N#N", "O=C=Nc1ccccc1"]),
        ("CC1(C)N=N1", "diazirine", "alkene, 1,2-H shift", ["C=CC", "N#N"]),
        ("O=C1C(=[N+]=[N-])C=Cc2ccccc12", "diazonaphthoquinone", "ketene, Wolff",
         ["N#N", "O=C=C1C=Cc2ccccc21"]),
        ("CNC(=O)OC(C)(C)C", "tert-alkyl-carbamate", "alkene, CO2 and amine", ["C=C(C)C", "CN", "O=C=O"]),
        ("CNC(=O)OC(C)(C)C", "tert-alkyl-carbamate", "retro-ene to the carbamic acid",
         ["C=C(C)C", "CNC(=O)O"]),
        ("CC(=O)OCc1ccccc1[N+](=O)[O-]", "o-nitrobenzyl", "nitroso carbonyl and acid",
         ["CC(=O)O", "O=Cc1ccccc1N=O"]),
        ("[S-]c1nnns1", "thiatriazole", "azide isomer", ["[N-]=[N+]=NC(=S)[S-]"]),
        ("Cn1nnnc1[S-]", "tetrazole-1h", "azide and nitrile", ["CN=[N+]=[N-]", "N#C[S-]"]),
        ("CCOC(=S)[S-]", "xanthate", "Chugaev-type elimination", ["C=C", "O=C=S", "[SH-]"]),
        ("CCCCNC(=O)[O-].CCCC[NH3+]", "ammonium-carbamate", "CO2 and amines", ["CCCCN", "CCCCN", "O=C=O"]),
        ("C1Cc2ccccc12", "benzocyclobutene", "o-xylylene", ["C=c1ccccc1=C"]),
        ("ClC(c1ccccc1)(c1ccccc1)c1ccccc1", "trityl-halide", "heterolysis",
         ["[Cl-]", "c1ccc([C+](c2ccccc2)c2ccccc2)cc1"]),
        ("OC(=O)CC(C)=O", "beta-keto-acid", "decarboxylation", ["C=C(C)O", "O=C=O"]),
        ("C1=CC2CCC1C2", "norbornene", "retro-Diels-Alder", ["C1=CCC=C1", "C=C"]),
    ],
)  # fmt: skip
def test_known_products(smiles: str, motif: str, channel: str, made: list[str]) -> None:
    reaction = by_channel(smiles, motif)[channel]
    assert products(reaction) == sorted((closed_shell(s).smiles, 1) for s in made)


@pytest.mark.parametrize(
    ("smiles", "motif", "channel", "made"),
    [
        ("c1ccc(cc1)[I+]c1ccccc1", "diaryl-iodonium", "C-I homolysis", ["[I+]c1ccccc1", "[c]1ccccc1"]),
        ("O=C([S-])C(=O)[S-]", "dithiooxalate", "C-C homolysis", ["O=[C][S-]", "O=[C][S-]"]),
        ("CON1C(C)(C)CCCC1(C)C", "alkoxyamine", "C-O homolysis", ["CC1(C)CCCC(C)(C)N1[O]", "[CH3]"]),
        ("O=C(c1ccccc1)c1ccccc1", "benzophenone", "hydrogen abstraction by the triplet",
         ["O[C](c1ccccc1)c1ccccc1", "[CH]1CCCCC1"]),
    ],
)  # fmt: skip
def test_known_radicals(smiles: str, motif: str, channel: str, made: list[str]) -> None:
    assert products(by_channel(smiles, motif)[channel]) == sorted((s, 2) for s in made)


def test_a_ring_that_opens_is_a_diradical_with_the_spin_of_the_surface() -> None:
    (singlet,) = reactions_of("C1CSSC1", "disulfide")
    assert products(singlet) == [("[S]CCC[S]", 1)]
    assert [p.open_shell for p in singlet.products] == [True]
    (triplet,) = reactions_of("COC1(C)C(=O)c2ccccc21", "norrish-one-ketone")
    assert [p.species.multiplicity for p in triplet.products] == [3]


def test_fragments_are_shared_between_candidates() -> None:
    def species_of(smiles: str, motif: str) -> set[Species]:
        return {p.species for reaction in reactions_of(smiles, motif) for p in reaction.products}

    azide, diazirine = species_of("[N-]=[N+]=Nc1ccccc1", "aryl-azide"), species_of("CC1(C)N=N1", "diazirine")
    assert azide & diazirine == {closed_shell("N#N")}
    boc = [species_of(s, "tert-alkyl-carbamate") for s in ("CN(C)C(=O)OC(C)(C)C", "O=C(NCCS)OC(C)(C)C")]
    assert boc[0] & boc[1] == {closed_shell("C=C(C)C"), closed_shell("O=C=O")}
    onium = species_of("c1ccc(cc1)[I+]c1ccccc1", "diaryl-iodonium")
    assert Species.from_smiles("[c]1ccccc1", multiplicity=2) in onium & species_of(
        "c1ccc(cc1)[S+](c1ccccc1)c1ccccc1", "triaryl-sulfonium"
    )


def test_a_hydrogen_may_come_from_either_side_of_a_retro_ene() -> None:
    both = reactions_of("CCC(C)(C)OC(C)=O", "tert-alkyl-ester")
    made = {product.species.smiles for reaction in both for product in reaction.products}
    assert made == {"C=C(C)CC", "CC=C(C)C", "CC(=O)O"}


def test_no_elimination_without_a_hydrogen_for_it() -> None:
    assert "Chugaev-type elimination" not in by_channel("COC(=S)[S-]", "xanthate")
    assert "imine, 1,2-H shift" not in by_channel("CC(C)(C)N=[N+]=[N-]", "alkyl-azide")


def test_the_aci_nitro_form_is_closed_shell_in_a_fused_ring_too() -> None:
    reaction = by_channel("CC(=O)OCc1c([N+](=O)[O-])ccc2ccccc12", "o-nitrobenzyl")["aci-nitro, 1,5-H shift"]
    assert products(reaction) == [("CC(=O)OC=C1C(=[N+]([O-])O)C=Cc2ccccc21", 1)]


def test_stereochemistry_away_from_the_site_survives() -> None:
    (boc,) = [
        reaction
        for reaction in reactions_of("COC(=O)[C@H](CS)NC(=O)OC(C)(C)C", "tert-alkyl-carbamate")
        if not reaction.elementary
    ]
    assert closed_shell("COC(=O)[C@@H](N)CS") in {p.species for p in boc.products}


@pytest.mark.parametrize(
    ("smiles", "label"),
    [("CSSC", "S2-S3"), ("CCS", "S3-H"), ("CC[S-]", "S3"), ("COC(=O)OC(C)(C)C", "C6-O5"), ("CCI", "C2-I3")],
)
def test_the_label_is_what_one_finds_in_the_drawing(smiles: str, label: str) -> None:
    species = closed_shell(smiles)
    assert {r.label for site in match(species) for r in reactions(species, site)} == {label}


def test_a_partner_comes_after_the_candidate() -> None:
    (reaction,) = reactions_of("O=C(c1ccccc1)c1ccccc1", "benzophenone")
    assert [s.smiles for s in reaction.reactants] == ["O=C(c1ccccc1)c1ccccc1", "C1CCCCC1"]
    n_ketone = reaction.reactants[0].molecule().GetNumAtoms()
    ((carbon, hydrogen),) = reaction.broken
    assert carbon >= n_ketone
    assert reaction.formed == ((0, hydrogen),)


def test_a_reaction_survives_json() -> None:
    reaction = reactions_of("[N-]=[N+]=Nc1ccccc1", "aryl-azide")[0]
    assert msgspec.json.decode(msgspec.json.encode(reaction), type=Reaction) == reaction


def test_what_does_not_balance_is_refused() -> None:
    azide = by_channel("[N-]=[N+]=Nc1ccccc1", "aryl-azide")["triplet nitrene"]
    replace = msgspec.structs.replace
    with pytest.raises(EngineError, match="atoms do not balance"):
        balanced(replace(azide, products=azide.products[:1]))
    with pytest.raises(EngineError, match="cannot have multiplicity 1"):
        balanced(replace(azide, multiplicity=1))
    anion = closed_shell("[O-]c1ccccc1"), closed_shell("Oc1ccccc1")
    oxidised = replace(azide.products[0], species=Species("[O]c1ccccc1", 0, 2))
    with pytest.raises(EngineError, match="charges"):
        balanced(replace(azide, reactants=anion[:1], products=(oxidised,)))


@pytest.mark.parametrize(
    ("multiplicities", "total", "possible"),
    [
        ((1,), 1, True),
        ((2,), 1, False),
        ((3, 3), 1, True),
        ((3, 3), 5, True),
        ((3, 2), 2, True),
        ((4, 2), 1, False),
    ],
)
def test_spins_add_like_angular_momenta(multiplicities: tuple[int, ...], total: int, possible: bool) -> None:
    assert can_couple(multiplicities, total) is possible


def test_a_template_that_makes_nonsense_is_refused() -> None:
    ethane = Chem.AddHs(Chem.MolFromSmiles("CC"))
    with pytest.raises(EngineError, match="no sound molecule"):
        redrawn(ethane, "[C:1]-[C:2]>>[C:1]#[C:2]", {1: 0, 2: 1})


def test_a_resonance_structure_that_does_not_exist_is_refused() -> None:
    pyrrole = Chem.MolFromSmiles("c1cc[nH]c1")
    nitrogen = next(atom.GetIdx() for atom in pyrrole.GetAtoms() if atom.GetSymbol() == "N")
    carbon = pyrrole.GetAtomWithIdx(nitrogen).GetNeighbors()[0].GetIdx()
    with pytest.raises(EngineError, match="no resonance structure"):
        redrawn(pyrrole, "[n:1]:[c:2]>>[N:1]-[C:2]", {1: nitrogen, 2: carbon}, [(1, 2)])


@pytest.mark.parametrize("smiles", ["c1ccccc1", "c1ccc2ccccc2c1", "c1ccc2cc3ccccc3cc2c1", "c1ccncc1"])
def test_every_bond_of_an_arene_is_double_in_some_resonance_structure(smiles: str) -> None:
    arene = Chem.AddHs(Chem.MolFromSmiles(smiles))
    for bond in arene.GetBonds():
        ends = bond.GetBeginAtom(), bond.GetEndAtom()
        if bond.GetIsAromatic() and any(atom.GetTotalNumHs(includeNeighbors=True) for atom in ends):
            pair = {1: ends[0].GetIdx(), 2: ends[1].GetIdx()}
            same = redrawn(arene, "[*:1]:[*:2]>>[*:1]=[*:2]", pair, [(1, 2)]).molecule
            assert Chem.MolToSmiles(same) == Chem.MolToSmiles(arene)


def test_a_radical_has_no_reactions_of_the_table() -> None:
    radical = Species.from_smiles("[CH2]CS", multiplicity=2)
    (thiol,) = match(radical)
    with pytest.raises(InputError, match="closed shell"):
        reactions(radical, thiol)
