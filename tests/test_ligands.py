"""The lists of the field that ship with the repository: every row can be computed and is what it says."""

import csv
import itertools
from collections import Counter
from pathlib import Path

import pytest
from rdkit import Chem
from rdkit.Chem.rdMolDescriptors import CalcMolFormula

from actinic.chemistry.candidates import Candidate, read_candidates

FOLDER = Path(__file__).parents[1] / "ligands"
ROLE = {
    "stimuli-responsive-ligands": "ligand",
    "cross-linkers": "crosslinker",
    "photoacid-photobase-generators": "additive",
    "hole-transport-materials": "htm",
}
ATTRIBUTIONS = {"named", "cited", "family", "model", "product", "parent", "counter-ion"}

Row = dict[str, str]


def rows(name: str) -> list[Row]:
    text = (FOLDER / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


def canonical(smiles: str) -> str:
    return str(Chem.MolToSmiles(Chem.MolFromSmiles(smiles)))


@pytest.fixture(params=sorted(ROLE))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_row_of_a_list_can_be_computed(name: str) -> None:
    found = list(read_candidates(FOLDER / f"{name}.csv"))
    assert [row for row in found if not isinstance(row, Candidate)] == []
    assert [row.id for row in found] == [row["id"] for row in rows(name)]  # none renamed: unique and safe


def test_a_row_is_the_species_drawn_with_the_charge_formula_and_role_it_says(name: str) -> None:
    for row, found in zip(rows(name), read_candidates(FOLDER / f"{name}.csv"), strict=True):
        assert isinstance(found, Candidate)
        molecule = Chem.MolFromSmiles(row["smiles"])
        assert (found.species.smiles, found.counter_ion) == (canonical(row["smiles"]), "")
        assert found.species.charge == int(row["charge"])
        assert CalcMolFormula(molecule) == row["formula"]
        assert found.role == row["role"] == ROLE[name]


def test_every_row_says_where_it_is_from_and_how_sure_its_structure_is(name: str) -> None:
    for row in rows(name):
        assert row["attribution"] in ATTRIBUTIONS, row["id"]
        assert row["confidence"] in {"high", "medium", "low"}, row["id"]
        assert row["repeat_unit"] in {"yes", "no"}, row["id"]
        assert row["reference"].startswith(
            ("Acc. Chem. Res. 2023, 56, 2286", "Mater. Chem. Front. 2023, 7, 6130")
        )
        assert all(row[column] for column in ("name", "family", "mechanism", "stimulus", "note")), row["id"]


def test_no_molecule_is_listed_twice_within_or_between_the_lists() -> None:
    listed = [row for name in ROLE for row in rows(name)]
    assert [s for s, n in Counter(canonical(row["smiles"]) for row in listed).items() if n > 1] == []
    assert [s for s, n in Counter(row["id"] for row in listed).items() if n > 1] == []


def test_the_quickstart_molecules_are_in_the_lists_and_the_same_there() -> None:
    quick = {row["id"]: row for row in rows("quickstart")}
    ours = {row["id"]: row for name in ROLE for row in rows(name)}
    assert set(quick) <= set(ours)
    for identifier, row_there in quick.items():
        drawn, counterpart = (
            Chem.MolToSmiles(Chem.MolFromSmiles(row["smiles"].partition(".")[0]), isomericSmiles=False)
            for row in (row_there, ours[identifier])
        )
        assert drawn == counterpart, identifier


def test_published_levels_are_below_zero_with_the_homo_below_the_lumo() -> None:
    levels = [row for row in rows("hole-transport-materials") if row["published_homo_ev"]]
    assert len(levels) >= 12
    for row in levels:
        assert -7 < float(row["published_homo_ev"]) < float(row["published_lumo_ev"]) < 0, row["id"]


@pytest.mark.parametrize(
    ("identifier", "formula"),
    [
        ("oleic-acid", "C18H34O2"),
        ("oleylamine", "C18H37N"),
        ("trioctylphosphine-oxide", "C24H51OP"),
        ("petmp", "C17H28O8S4"),
        ("benzophenone", "C13H10O"),
        ("bamc", "C21H18N6O"),
        ("pag103", "C16H16N2O3S2"),
        ("nhn-tf", "C13H6F3NO5S"),
        ("triphenylsulfonium", "C18H15S+"),
        ("tpd-htm", "C38H32N2"),
        ("npb", "C44H32N2"),
        ("cbp", "C36H24N2"),
        ("tcta", "C54H36N4"),
    ],
)
def test_well_known_compounds_have_the_formula_of_the_catalogues(identifier: str, formula: str) -> None:
    (row,) = (row for name in ROLE for row in rows(name) if row["id"] == identifier)
    assert CalcMolFormula(Chem.MolFromSmiles(row["smiles"])) == formula


def test_oleic_acid_is_cis_and_the_conjugated_diene_is_cis_trans() -> None:
    listed = {row["id"]: row["smiles"] for row in rows("stimuli-responsive-ligands")}
    for identifier, expected in (
        ("oleic-acid", ["STEREOZ"]),
        ("oleate", ["STEREOZ"]),
        ("oleylamine", ["STEREOZ"]),
        ("conjugated-linoleic-acid", ["STEREOE", "STEREOZ"]),
    ):
        molecule = Chem.MolFromSmiles(listed[identifier])
        kinds = (str(bond.GetStereo()) for bond in molecule.GetBonds())
        assert sorted(kind for kind in kinds if kind != "STEREONONE") == expected, identifier


@pytest.mark.parametrize(
    ("family", "smarts"),
    [
        ("Bisazide", "[#6]N=[N+]=[N-]"),
        ("Diazirine", "C1N=N1"),
        ("Benzophenone derivatives", "O=C(c)c"),
        ("Benzophenone cross-linker", "O=C(c)c"),
        ("Oxime sulfonate", "C=NOS(=O)(=O)[#6]"),
        ("BOC-protected amine", "NC(=O)OC(C)(C)C"),
        ("ortho-nitrobenzyl ester", "O=COCc:c[N+](=O)[O-]"),
        ("Nonionic PAG", "O=CN(C=O)OS(=O)(=O)C(F)(F)F"),
        ("Thiocarbamate", "NC(=S)[S-]"),
        ("Xanthate", "OC(=S)[S-]"),
        ("Diazonaphthosulfonic acid", "O=CC=[N+]=[N-]"),
        ("Photobase generator (PBG)", "[#7]C(=O)OC"),
        ("Vinyl (styrene) cross-linkable HTM", "C=Cc"),
        ("Diazo (carbene) cross-linker", "C=[N+]=[N-]"),
        ("Thiol-ene", "[SH]C"),
    ],
)
def test_every_member_of_a_family_has_its_group(family: str, smarts: str) -> None:
    members = [row for name in ROLE for row in rows(name) if row["family"] == family]
    assert members
    pattern = Chem.MolFromSmarts(smarts)
    without = [r["id"] for r in members if not Chem.MolFromSmiles(r["smiles"]).HasSubstructMatch(pattern)]
    assert without == []


def test_a_cross_linker_that_is_no_model_has_two_sites_at_least() -> None:
    sites = [Chem.MolFromSmarts(s) for s in ("N=[N+]=[N-]", "C1N=N1", "O=C(c)c", "C=[N+]=[N-]", "[SH]C")]
    for row in rows("cross-linkers"):
        if row["attribution"] in {"cited", "named", "family"} and row["id"] != "benzophenone":
            molecule = Chem.MolFromSmiles(row["smiles"])
            assert max(len(molecule.GetSubstructMatches(site)) for site in sites) >= 2, row["id"]


def test_the_readme_counts_the_rows_and_names_each_uncertain_structure() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name in ROLE:
        listed = rows(name)
        high, medium, low = (sum(r["confidence"] == c for r in listed) for c in ("high", "medium", "low"))
        models = sum(row["attribution"] == "model" for row in listed)
        assert f"| `{name}.csv` | {len(listed)} | {high}, {medium}, {low} | {models} |" in text
    low_ones = itertools.chain.from_iterable(rows(name) for name in ROLE)
    assert [
        row["id"] for row in low_ones if row["confidence"] == "low" and f"`{row['id']}`" not in text
    ] == []
