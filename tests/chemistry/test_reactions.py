"""Reactions of the motif table and homolysis: balance, spin, and the chemistry of known cases."""

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import msgspec
import pytest
from rdkit import Chem, rdBase

from actinic.chemistry.homolysis import _estimates as estimates
from actinic.chemistry.homolysis import _table as bond_table
from actinic.chemistry.homolysis import breakable_bonds, homolysis
from actinic.chemistry.motif_table import Motif, motif_named, motif_table
from actinic.chemistry.motifs import match
from actinic.chemistry.reaction_template import redrawn
from actinic.chemistry.reactions import Reaction, balanced, can_couple, reactions
from actinic.chemistry.released import acid_class, base_class
from actinic.chemistry.species import Species
from actinic.errors import EngineError, InputError

HERE = Path(__file__).parent
EXAMPLES = [(motif, smiles) for motif in motif_table() for smiles in motif.examples]


def closed_shell(smiles: str) -> Species:
    return Species.from_smiles(smiles, multiplicity=1)


@cache
def reactions_of(smiles: str, motif: str) -> tuple[Reaction, ...]:
    species = closed_shell(smiles)
    sites = [site for site in match(species) if site.motif.name == motif]
    return tuple(reaction for site in sites for reaction in reactions(species, site))


def by_channel(smiles: str, motif: str) -> dict[str, Reaction]:
    return {reaction.channel: reaction for reaction in reactions_of(smiles, motif)}


def products(reaction: Reaction) -> list[tuple[str, int]]:
    return sorted((p.species.smiles, p.species.multiplicity) for p in reaction.products)


def check(reaction: Reaction) -> None:
    """Atoms, charge, spin and validity, counted afresh from the SMILES."""
    sides = reaction.reactants, tuple(product.species for product in reaction.products)
    with rdBase.BlockLogs():
        mols = [[Chem.AddHs(Chem.MolFromSmiles(s.smiles)) for s in side] for side in sides]
        for made in sides[1]:
            assert Species.from_smiles(made.smiles, multiplicity=made.multiplicity) == made
    atoms = [Counter(atom.GetAtomicNum() for mol in side for atom in mol.GetAtoms()) for side in mols]
    assert atoms[0] == atoms[1]
    charges = [sum(Chem.GetFormalCharge(mol) for mol in side) for side in mols]
    assert charges[0] == charges[1] == sum(s.charge for s in sides[1])
    unpaired = [s.multiplicity - 1 for s in sides[1]]
    least = max(0, 2 * max(unpaired) - sum(unpaired))
    assert least <= reaction.multiplicity - 1 <= sum(unpaired)
    assert (sum(unpaired) - reaction.multiplicity + 1) % 2 == 0
    for product in reaction.products:
        atoms_of_it = Chem.MolFromSmiles(product.species.smiles).GetAtoms()
        radicals = sum(atom.GetNumRadicalElectrons() for atom in atoms_of_it)
        assert (radicals, product.species.multiplicity) in {(0, 1), (1, 2), (2, 1), (2, 3)}
        assert not product.open_shell or (radicals, product.species.multiplicity) == (2, 1)


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


# --- homolysis ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("smiles", ["c1ccccc1CC1CC1", "CC(C)(C)OC(=O)NC", "[O-]C(=O)CCS", "C[N+](C)(C)CCO"])
def test_every_acyclic_single_bond_between_heavy_atoms_is_offered_once(smiles: str) -> None:
    species = closed_shell(smiles)
    molecule = Chem.MolFromSmiles(species.smiles)
    single = [b for b in molecule.GetBonds() if b.GetBondType() == Chem.BondType.SINGLE and not b.IsInRing()]
    offered = [bond for bond in breakable_bonds(species) if not bond.label.endswith("H")]
    assert sum(bond.n_equivalent for bond in offered) == len(single)
    for bond in breakable_bonds(species):
        reaction = homolysis(species, bond.atoms)
        check(reaction)
        assert (reaction.label, reaction.n_equivalent) == (bond.label, bond.n_equivalent)
        assert sorted(p.species.multiplicity for p in reaction.products) == [2, 2]


@pytest.mark.parametrize(
    ("smiles", "weakest"),
    [
        ("CCOOCC", "O3-O4"),
        ("C=CCCC=C", "C3-C4"),
        ("CCSCc1ccccc1", "S3-C4"),
        ("ClCCBr", "C3-Br4"),
        ("CCCON=O", "O4-N5"),
        ("OCCc1ccccc1", "C2-C3"),
        ("COc1ccccc1", "C1-O2"),
        ("CC[Si](C)(C)C", "C2-Si3"),
    ],
)
def test_the_weakest_bond_by_type_is_the_one_a_chemist_would_name(smiles: str, weakest: str) -> None:
    first, *_ = breakable_bonds(closed_shell(smiles))
    assert set(first.label.split("-")) == set(weakest.split("-"))


def test_homolysis_of_common_molecules_balances() -> None:
    with (HERE / "solvents_and_drugs.csv").open(encoding="utf-8", newline="") as rows:
        for row in list(csv.DictReader(rows))[::9]:
            species = closed_shell(row["smiles"])
            for bond in breakable_bonds(species):
                check(homolysis(species, bond.atoms))


def test_bonds_of_untabulated_types_come_first_and_say_so() -> None:
    first, *_, last = breakable_bonds(closed_shell("CC[Si](C)(C)C"))
    assert first.estimate_kcal_mol is None
    assert last.estimate_kcal_mol is not None


def test_every_bond_type_is_found_in_the_molecule_it_was_measured_on() -> None:
    table = bond_table()
    for kind in table.type:
        molecule = Chem.AddHs(Chem.MolFromSmiles(kind.reference))
        query = Chem.MolFromSmarts(kind.smarts)
        if "stands for" not in kind.source:
            assert molecule.HasSubstructMatch(query), kind
        pairs = {(min(b.GetBeginAtomIdx(), b.GetEndAtomIdx()), max(b.GetBeginAtomIdx(), b.GetEndAtomIdx()))
                 for b in molecule.GetBonds()}  # fmt: skip
        assert all(0 < energy < 170 for energy in estimates(molecule, pairs).values())


@pytest.mark.parametrize(
    ("smiles", "atoms", "message"),
    [
        ("C1CCCCC1", (0, 1), "in a ring"),
        ("C=C", (0, 1), "no single bond"),
        ("CCC", (0, 2), "no bond between atoms 1 and 3"),
        ("CC", (0, 99), "no bond between atoms 1 and 100"),
    ],
)
def test_a_bond_that_cannot_be_cut_is_refused(smiles: str, atoms: tuple[int, int], message: str) -> None:
    with pytest.raises(InputError, match=message):
        homolysis(closed_shell(smiles), atoms)


def test_a_radical_has_no_reactions_of_the_table() -> None:
    radical = Species.from_smiles("[CH2]CS", multiplicity=2)
    (thiol,) = match(radical)
    with pytest.raises(InputError, match="closed shell"):
        reactions(radical, thiol)


def test_a_radical_is_not_cut() -> None:
    with pytest.raises(InputError, match="closed shell"):
        homolysis(Species.from_smiles("C[CH2]", multiplicity=2), (0, 1))


# --- what is released --------------------------------------------------------------------------------------


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
