"""The bonds shipped for calibration: each row balances, and the marked ones follow from the stated rule."""

import csv
import re
from collections import Counter, defaultdict
from importlib.resources import files

import pytest
from rdkit import Chem, rdBase

from actinic.chemistry.species import Species

FOLDER = files("actinic") / "reference" / "bonds"
PICKED = {"experiment": 5, "electronic": 3}
DEFINITION = {"experiment": "DH298", "electronic": "De"}

Row = dict[str, str]


def rows(name: str) -> list[Row]:
    return list(csv.DictReader((FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()))


@pytest.fixture(params=sorted(PICKED))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def parent(row: Row) -> Species:
    return Species.from_smiles(row["parent_smiles"], multiplicity=1)


def fragments(row: Row) -> list[Species]:
    with rdBase.BlockLogs():  # RDKit remarks on a hydrogen atom without neighbours
        return [Species.from_smiles(row[f"fragment{n}_smiles"], multiplicity=2) for n in (1, 2)]


def skeleton(molecule: Chem.Mol) -> str:
    """Which atoms are bound to which, without orders, charges and stereo: resonance forms are equal."""
    bare = Chem.RWMol(molecule)
    for atom in bare.GetAtoms():
        atom.SetFormalCharge(0)
        atom.SetNumRadicalElectrons(0)
        atom.SetNoImplicit(True)
        atom.SetIsAromatic(False)
        atom.SetChiralTag(Chem.ChiralType.CHI_UNSPECIFIED)
    for bond in bare.GetBonds():
        bond.SetBondType(Chem.BondType.SINGLE)
        bond.SetIsAromatic(False)
        bond.SetStereo(Chem.BondStereo.STEREONONE)
    return str(Chem.MolToSmiles(bare, isomericSmiles=False))


def test_every_species_is_neutral_and_canonical_and_the_fragments_are_doublets(name: str) -> None:
    for row in rows(name):
        assert parent(row) == Species(row["parent_smiles"], charge=0, multiplicity=1)
        for n, fragment in enumerate(fragments(row), start=1):
            assert fragment == Species(row[f"fragment{n}_smiles"], charge=0, multiplicity=2)
            radicals = (a.GetNumRadicalElectrons() for a in Chem.MolFromSmiles(fragment.smiles).GetAtoms())
            assert sum(radicals) == 1


def test_the_bond_cut_in_the_parent_leaves_the_two_fragments(name: str) -> None:
    for row in rows(name):
        atoms = int(row["atom1"]), int(row["atom2"])
        whole = parent(row).molecule()
        bond = whole.GetBondBetweenAtoms(*atoms)
        assert bond.GetBondType() == Chem.BondType.SINGLE, row
        assert sorted(whole.GetAtomWithIdx(atom).GetSymbol() for atom in atoms) == sorted(
            row["bond"].split("-")
        )
        cut = Chem.RWMol(whole)
        cut.RemoveBond(*atoms)
        parts = Chem.GetMolFrags(cut, asMols=True, sanitizeFrags=False)
        assert sorted(map(skeleton, parts)) == sorted(skeleton(f.molecule()) for f in fragments(row)), row


def test_the_fragments_have_the_atoms_of_the_parent(name: str) -> None:
    for row in rows(name):
        ours = Counter(atom.GetSymbol() for f in fragments(row) for atom in f.molecule().GetAtoms())
        assert ours == Counter(atom.GetSymbol() for atom in parent(row).molecule().GetAtoms())


def test_no_bond_is_listed_twice_and_no_file_mixes_definitions(name: str) -> None:
    listed = rows(name)
    bonds = {(r["parent_smiles"], r["fragment1_smiles"], r["fragment2_smiles"]) for r in listed}
    assert len(bonds) == len(listed)
    assert {row["definition"] for row in listed} == {DEFINITION[name]}


def test_a_family_is_the_pair_of_elements_but_for_sulfonyl_sulfur_and_what_no_carbon_holds(name: str) -> None:
    sulfonyl = Chem.MolFromSmarts("[S;$(S(=O)=O)]")
    for row in rows(name):
        hexavalent = {match[0] for match in parent(row).molecule().GetSubstructMatches(sulfonyl)}
        if hexavalent & {int(row["atom1"]), int(row["atom2"])}:
            assert row["family"] == "S(VI)-X"
        else:
            elements = set(row["bond"].split("-"))
            halogens = elements & {"F", "Br", "I"}
            odd = (halogens and "C" not in elements) or elements == {"Cl"}
            assert row["family"] == ("other" if odd else row["bond"])


def eligible(row: Row) -> bool:
    """The rule of the folder's README."""
    molecule = parent(row).molecule()
    elements = {atom.GetSymbol() for atom in molecule.GetAtoms()}
    uncertainty = row["uncertainty_kcal_mol"]
    nitro = {a for m in molecule.GetSubstructMatches(Chem.MolFromSmarts("[N+](=O)[O-]")) for a in m}
    charged = {atom.GetIdx() for atom in molecule.GetAtoms() if atom.GetFormalCharge()}
    return (
        2 <= molecule.GetNumHeavyAtoms() <= 9
        and elements <= {"H", "C", "N", "O", "F", "S", "Cl", "Br", "I"}
        and bool(elements & {"C", "N"})
        and row["family"] not in {"C-F", "other"}
        and 15 <= float(row["value_kcal_mol"]) <= 115
        and (row["definition"] == "De" or (uncertainty != "" and float(uncertainty) <= 2.5))
        and charged <= nitro
        and not any(map(has_open_double_bond, (parent(row), *fragments(row))))
    )


def has_open_double_bond(species: Species) -> bool:
    return any(
        info.type == Chem.StereoType.Bond_Double and info.specified == Chem.StereoSpecified.Unspecified
        for info in Chem.FindPotentialStereo(Chem.MolFromSmiles(species.smiles))
    )


def test_the_marked_bonds_are_those_of_the_stated_rule(name: str) -> None:
    families = defaultdict(list)
    for row in filter(eligible, rows(name)):
        families[row["family"]].append(row)
    expected = []
    for members in families.values():
        members.sort(key=lambda row: (float(row["value_kcal_mol"]), row["parent_smiles"]))
        n, k = len(members), PICKED[name]
        steps = range(n) if n <= k else [round(i * (n - 1) / (k - 1)) for i in range(k)]
        expected += [members[step] for step in steps]
    marked = [row for row in rows(name) if row["calibration"] == "yes"]
    assert {row["calibration"] for row in rows(name)} == {"yes", "no"}
    assert sorted(map(str, marked)) == sorted(map(str, expected))


def test_the_readme_counts_what_the_files_hold() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    tables = {file: rows(file) for file in PICKED}
    for family in {row["family"] for listed in tables.values() for row in listed}:
        counts = [
            sum(row["family"] == family and row["calibration"] in answers for row in tables[file])
            for file in ("experiment", "electronic")
            for answers in ({"yes", "no"}, {"yes"})
        ]
        assert f"| {family} | {' | '.join(map(str, counts))} |" in text
    totals = [n for f in ("experiment", "electronic") for n in (len(tables[f]), _marked(tables[f]))]
    assert f"| together | {' | '.join(map(str, totals))} |" in text


def _marked(listed: list[Row]) -> int:
    return sum(row["calibration"] == "yes" for row in listed)


def test_a_source_is_named_for_every_row_and_explained_in_the_readme() -> None:
    text = " ".join((FOLDER / "README.md").read_text(encoding="utf-8").split())
    for row in (row for file in PICKED for row in rows(file)):
        known = re.sub(r" via (RMG-database|chemicals|QTC|\+)+$", "", row["source"])
        assert f"`{known}`" in text, row["source"]


@pytest.mark.parametrize(
    ("smiles", "bond", "luo_kcal_mol"),
    [
        ("CC", "C-C", 90.2),
        ("CI", "C-I", 57.1),
        ("CBr", "C-Br", 70.3),
        ("C", "C-H", 105.0),
        ("N", "N-H", 107.6),
    ],
)
def test_textbook_bonds_have_their_textbook_enthalpies(smiles: str, bond: str, luo_kcal_mol: float) -> None:
    """Y.-R. Luo, Comprehensive Handbook of Chemical Bond Energies, CRC Press 2007; within 0.5 kcal/mol."""
    (row,) = (r for r in rows("experiment") if (r["parent_smiles"], r["bond"]) == (smiles, bond))
    assert float(row["value_kcal_mol"]) == pytest.approx(luo_kcal_mol, abs=0.5)
