"""Which motifs are found, and where.

`seed_motifs.csv`: the compounds named in two reviews (Acc. Chem. Res. 2023, 56, 2286; Mater. Chem. Front.
2023, 7, 6130) with the motif their family says, and the bond said to break, as atoms of the SMILES as drawn,
counted from 0.
`solvents_and_drugs.csv`: common molecules, and the motif where one truly has it.
"""

import csv
from pathlib import Path

import pytest
from rdkit import Chem

from actinic.chemistry.motif_page import motifs_page
from actinic.chemistry.motif_table import Motif, map_numbers, motif_named, motif_table, parsed_table
from actinic.chemistry.motifs import drawn_alike, match, n_crosslinking_sites, n_sites
from actinic.chemistry.species import Species
from actinic.errors import EngineError

HERE = Path(__file__).parent

FAMILIES = {
    "Alkene": {"alkene", "terminal-alkene", "methacrylate", "styrene"},
    "Alkane": {"thiol"},
    "Bisazide": {"perfluoroaryl-azide", "aryl-azide"},
    "Azide/triphenylamine copolymer ligand": {"aryl-azide"},
    "Diazarine": {"aryl-trifluoromethyl-diazirine"},
    "Benzophenone derivatives": {"benzophenone"},
    "Benzophenone cross-linker": {"benzophenone"},
    "Benzophenone cross-linkable polymeric HTM": {"benzophenone"},
    "Oxime sulfonate": {"oxime-sulfonate"},
    "Ammonium carbamate": {"ammonium-carbamate", "carbamate-anion", "carbamic-acid"},
    "BOC-protected amine": {"tert-alkyl-carbamate"},
    "ortho-nitrobenzyl ester": {"o-nitrobenzyl"},
    "Photoacid generator (PAG)": {"trichloromethyl-triazine", "trityl-halide"},
    "Aryl sulfonium/iodonium triflate": {"triaryl-sulfonium", "diaryl-iodonium"},
    "Nonionic PAG": {"imide-sulfonate"},
    "1,3,4-thiadiazole-2,5-dithiol": {"thiol", "thiolate", "disulfide"},
    "Thiocarbamate": {"dithiocarbamate"},
    "Xanthate": {"xanthate"},
    "Azole/Thiazole": {"thiatriazole", "azidodithioformate", "tetrazole-1h", "thiolate"},
    "Dithiooxalate": {"dithiooxalate"},
    "Thiostannate": {"thiostannate"},
    "Sulfide (inorganic ligand)": {"thiolate"},
    "Methacrylate": {"methacrylate"},
    "Mercaptocarboxylic acid": {"thiol", "thiolate", "disulfide"},
    "Diazonaphthosulfonic acid": {"diazonaphthoquinone"},
    "Photobase generator (PBG)": {"o-nitrobenzyl-carbamate", "benzylic-carbamate", "anthracenylmethyl"},
    "Vinyl (styrene) cross-linkable HTM": {"styrene"},
    "Perfluorocyclobutane (PFCB) cross-linkable polymeric HTM": {"trifluorovinyl-ether"},
    "Diacetylene cross-linkable polymeric HTM": {"diacetylene", "terminal-alkyne"},
    "Diazo (carbene) cross-linker": {"diaryl-diazo"},
    "Thiol-ene": {"thiol"},
}
"""What the reviews' name of a family asks for; families of inert materials are not listed."""

ENTRY = """
[[motif]]
name = "a"
title = "a"
family = "a"
smarts = "[C:1]-[Cl:2]"
stimuli = ["light"]
follow_up = "-"
stays = "-"
examples = ["CCl"]
[[motif.channel]]
name = "cut"
step = "homolysis"
activation = ["light"]
template = "[C:1]-[Cl:2]>>[C:1].[Cl:2]"
multiplicity = 1
"""


PERFLUOROARYL_AZIDE = "c1c(F)c(F)c(N=[N+]=[N-])c(F)c1F"


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def closed_shell(smiles: str) -> Species:
    return Species.from_smiles(smiles, multiplicity=1)


def names(smiles: str) -> set[str]:
    return {site.motif.name for site in match(closed_shell(smiles))}


SEEDS = rows("seed_motifs.csv")
COMMON = rows("solvents_and_drugs.csv")


@pytest.mark.parametrize("row", SEEDS, ids=lambda row: row["id"])
def test_a_compound_of_the_reviews_has_the_motif_of_its_family_or_a_reason(row: dict[str, str]) -> None:
    assert closed_shell(row["smiles"]).charge == int(row["charge"])
    assert names(row["smiles"]) == set(filter(None, row["motifs"].split(";")))
    assert names(row["smiles"]) & FAMILIES.get(row["family"], set()) or row["why_none"]
    assert bool(row["motifs"]) != bool(row["why_none"])


@pytest.mark.parametrize("row", [row for row in SEEDS if row["bonds"]], ids=lambda row: row["id"])
def test_the_bond_the_reviews_say_breaks_lies_in_a_site(row: dict[str, str]) -> None:
    species = closed_shell(row["smiles"])
    drawn = Chem.MolFromSmiles(row["smiles"])
    as_drawn = drawn.GetSubstructMatch(Chem.MolFromSmiles(species.smiles), useChirality=True)
    places = [{as_drawn[atom] for atom in place} for site in match(species) for place in site.copies]
    for bond in row["bonds"].split(";"):
        assert any({int(atom) for atom in bond.split("-")} <= place for place in places), bond


def test_no_motif_is_seen_in_two_hundred_common_molecules_without_one() -> None:
    assert len({closed_shell(row["smiles"]) for row in COMMON}) == len(COMMON)
    assert sum(not row["motifs"] for row in COMMON) >= 200
    found = {row["name"]: ";".join(sorted(names(row["smiles"]))) for row in COMMON}
    assert found == {row["name"]: row["motifs"] for row in COMMON}


@pytest.mark.parametrize("motif", motif_table(), ids=lambda motif: motif.name)
def test_every_motif_is_found_in_its_examples(motif: Motif) -> None:
    assert motif.examples
    for smiles in motif.examples:
        assert motif.name in names(smiles), smiles


@pytest.mark.parametrize("winner", [m for m in motif_table() if m.beats], ids=lambda motif: motif.name)
def test_every_precedence_is_needed_by_an_example_of_the_winner(winner: Motif) -> None:
    for loser in winner.beats:
        both = winner.smarts, motif_named(loser).smarts
        assert any(raw_overlap(smiles, *both) for smiles in winner.examples), loser


def raw_overlap(smiles: str, *smarts: str) -> bool:
    """Whether two SMARTS map an atom in common, precedence left aside."""
    molecule = drawn_alike(Chem.MolFromSmiles(smiles))
    atoms = []
    for text in smarts:
        query = Chem.MolFromSmarts(text)
        mapped = [atom.GetIdx() for atom in query.GetAtoms() if atom.GetAtomMapNum()]
        hits = molecule.GetSubstructMatches(query, uniquify=False)
        atoms.append({hit[index] for hit in hits for index in mapped})
    return bool(atoms[0] & atoms[1])


@pytest.mark.parametrize(
    ("smiles", "kept", "beaten"),
    [
        ("Fc1c(F)c(F)c(N=[N+]=[N-])c(F)c1F", "perfluoroaryl-azide", "aryl-azide"),
        ("[N-]=[N+]=Nc1ccccc1", "aryl-azide", "azide"),
        ("CC(=NOS(C)(=O)=O)c1ccccc1", "oxime-sulfonate", "sulfonate-ester"),
        ("O=C(NC1CCCCC1)OCc1ccccc1[N+](=O)[O-]", "o-nitrobenzyl-carbamate", "benzylic-carbamate"),
        ("CCN(CC)C(=S)[S-]", "dithiocarbamate", "thiolate"),
        ("C#CC#CC", "diacetylene", "terminal-alkyne"),
    ],
)
def test_the_more_specific_motif_stays(smiles: str, kept: str, beaten: str) -> None:
    assert kept in names(smiles)
    assert beaten not in names(smiles)


def test_a_beaten_motif_stays_where_it_stands_alone() -> None:
    assert names("[N-]=[N+]=NCCc1c(F)c(F)c(N=[N+]=[N-])c(F)c1F") == {"perfluoroaryl-azide", "alkyl-azide"}


@pytest.mark.parametrize(
    ("smiles", "motif", "n"),
    [
        (f"O=C(OCCOC(=O){PERFLUOROARYL_AZIDE}){PERFLUOROARYL_AZIDE}", "perfluoroaryl-azide", 2),
        ("C(COC(=O)CCS)(COC(=O)CCS)(COC(=O)CCS)COC(=O)CCS", "thiol", 4),
        ("ClC(Cl)(Cl)c1ncnc(n1)C(Cl)(Cl)Cl", "trichloromethyl-triazine", 2),
        ("CCCCCCCC/C=C\\CCCCCCCC(=O)O", "alkene", 1),
        ("OC(=O)CCCCCCC/C=C\\C=C\\CCCCCC", "alkene", 2),
        ("O=C(c1ccccc1)c1ccc(cc1)C(=O)c1ccccc1", "benzophenone", 2),
        ("CC#CC#CC", "diacetylene", 1),
        ("Fc1ccccc1", "benzophenone", 0),
    ],
)
def test_reactive_groups_are_counted_once_each(smiles: str, motif: str, n: int) -> None:
    assert n_sites(match(closed_shell(smiles)), motif) == n


def test_sites_equal_by_symmetry_are_one_site() -> None:
    sites = match(closed_shell("[N-]=[N+]=Nc1cc(N=[N+]=[N-])nc(N=[N+]=[N-])c1"))
    assert sorted(site.n_equivalent for site in sites) == [1, 2]
    assert n_sites(sites, "aryl-azide") == 3


def test_both_ways_round_an_alkene_are_one_place_at_every_copy() -> None:
    (site,) = match(closed_shell("CC/C=C/CCCC/C=C/CC"))
    assert site.n_equivalent == 2


@pytest.mark.parametrize("drawing", ["C[N-][N+]#N", "CN=[N+]=[N-]", "[N-]=[N+]=NC"])
def test_an_azide_is_found_however_it_is_drawn(drawing: str) -> None:
    assert names(drawing) == {"alkyl-azide"}


def test_a_quinone_diazide_is_found_however_it_is_drawn() -> None:
    drawings = "[O-]c1c([N+]#N)ccc2ccccc12", "O=C1C(=[N+]=[N-])C=Cc2ccccc12"
    assert [names(drawing) for drawing in drawings] == [{"diazonaphthoquinone"}] * 2


def test_redrawing_keeps_the_order_of_the_atoms() -> None:
    molecule = Chem.MolFromSmiles("[Na+].[O-]S(=O)(=O)c1cccc2c([O-])c([N+]#N)ccc12")
    alike = drawn_alike(molecule)
    assert [a.GetSymbol() for a in alike.GetAtoms()] == [a.GetSymbol() for a in molecule.GetAtoms()]
    assert alike.HasSubstructMatch(Chem.MolFromSmarts("C(=[N+]=[N-])C=O"))


@pytest.mark.parametrize(
    ("smiles", "n"),
    [
        (f"O=C(OCCOC(=O){PERFLUOROARYL_AZIDE}){PERFLUOROARYL_AZIDE}", 2),
        ("SCCCCCCOc1ccc(cc1)C(=O)c1ccccc1", 2),
        ("CCCCCCCCCCCCS", 1),
        ("CC(C)(C)OC(=O)NCCS", 1),
        ("c1ccc(cc1)[I+]c1ccccc1", 0),
    ],
)
def test_a_cross_linker_has_two_groups_or_more(smiles: str, n: int) -> None:
    assert n_crosslinking_sites(match(closed_shell(smiles))) == n


def test_the_first_mapped_atom_of_a_place_carries_the_lowest_map_number() -> None:
    species = closed_shell("CC(C)(C)OC(=O)NC")
    (site,) = match(species)
    symbols = [Chem.MolFromSmiles(species.smiles).GetAtomWithIdx(atom).GetSymbol() for atom in site.atoms]
    assert (map_numbers(site.motif.smarts), "".join(symbols)) == ((1, 2, 3, 4, 7), "COCON")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('family = "a"', 'famly = "a"'), "famly"),
        (('stimuli = ["light"]', 'stimuli = ["sound"]'), "sound"),
        (("[C:1]-[Cl:2]>>[C:1].[Cl:2]", "[C:1]-[Cl:2]>>[C:1]"), "do not map the same atoms"),
        (("[C:1]-[Cl:2]>>[C:1].[Cl:2]", "[C:1]-[Cl:2]"), "do not map the same atoms"),
        (('smarts = "[C:1]-[Cl:2]"', 'smarts = "[C:3]-[Cl:2]"'), "mapped 1"),
        (('smarts = "[C:1]-[Cl:2]"', 'smarts = "[C:1]-[Cl:2"'), "cannot be read"),
        (('stays = "-"', 'stays = "-"\nbeats = ["b"]'), "beats b"),
        (("[[motif]]", "[[motif"), "motif table"),
    ],
)
def test_a_faulty_entry_is_named(change: tuple[str, str], message: str) -> None:
    assert len(parsed_table(ENTRY)) == 1
    with pytest.raises(EngineError, match=message):
        parsed_table(ENTRY.replace(*change))


def test_names_given_twice_are_refused() -> None:
    with pytest.raises(EngineError, match="given twice"):
        parsed_table(ENTRY + ENTRY)
    channel = ENTRY.partition("[[motif.channel]]")[2]
    with pytest.raises(EngineError, match="two channels"):
        parsed_table(ENTRY + "[[motif.channel]]" + channel)


def test_an_unknown_motif_is_refused() -> None:
    with pytest.raises(EngineError, match="nonsense"):
        motif_named("nonsense")


def test_every_motif_has_a_source_or_says_that_it_has_none() -> None:
    silent = [m.name for m in motif_table() if not m.dois and "not verified" not in m.note]
    assert silent == []


def test_the_page_shows_the_table() -> None:
    page = Path(__file__).parents[2] / "docs" / "motifs.md"
    assert page.read_text(encoding="utf-8") == motifs_page()
