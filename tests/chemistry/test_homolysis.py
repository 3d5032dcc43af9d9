"""Homolysis: every single bond once, the weakest first, and what cannot be cut."""

import csv
from pathlib import Path

import pytest
from rdkit import Chem

from actinic.chemistry.homolysis import _estimates as estimates
from actinic.chemistry.homolysis import _table as bond_table
from actinic.chemistry.homolysis import breakable_bonds, homolysis
from actinic.chemistry.species import Species
from actinic.errors import InputError
from support.channels import check, closed_shell

HERE = Path(__file__).parent


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


def test_a_radical_is_not_cut() -> None:
    with pytest.raises(InputError, match="closed shell"):
        homolysis(Species.from_smiles("C[CH2]", multiplicity=2), (0, 1))
