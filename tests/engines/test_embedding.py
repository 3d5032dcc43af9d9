"""Starting geometries: all kinds of species get one, the same one every time."""

import signal

import numpy as np
import pytest
from rdkit import Chem

from actinic.chemistry.connectivity import change
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.engines.embedding import CONTACT_ANGSTROM, embed, embed_loosely
from actinic.errors import EmbeddingError


def embedded(smiles: str, n_conformers: int = 3, seed: int = 11, multiplicity: int = 1) -> list[Geometry]:
    species = Species.from_smiles(smiles, multiplicity=multiplicity)
    return embed(species, n_conformers=n_conformers, seed=seed, rmsd_angstrom=0.3)


def test_an_interrupt_after_a_geometry_was_drawn_is_heard() -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        embedded("CCO")
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize(
    ("smiles", "multiplicity"),
    [
        ("[I-]", 1),
        ("N#N", 1),
        ("[OH-]", 1),
        ("O=O", 3),
        ("[CH3]", 2),
        ("[H][H]", 1),
        ("c1ccc([I+]c2ccccc2)cc1", 1),
        ("c1ccc([S+](c2ccccc2)c2ccccc2)cc1", 1),
        ("[S-][Sn]1([S-])S[Sn]([S-])([S-])S1", 1),
        ("CC(=O)OI(OC(C)=O)c1ccccc1", 1),
        ("CC1(C(F)(F)F)N=N1", 1),
        ("[N-]=[N+]=Nc1ccccc1", 1),
        ("[O-]S(=O)(=O)C(F)(F)F.c1ccc([I+]c2ccccc2)cc1", 1),
        ("[Zn+2].[O-]C(C)=O.[O-]C(C)=O", 1),
        ("C12C3C4C1C5C2C3C45", 1),
    ],
)
def test_every_kind_of_species_gets_its_own_bonds_in_its_own_order(smiles: str, multiplicity: int) -> None:
    species = Species.from_smiles(smiles, multiplicity=multiplicity)
    starts = embedded(smiles, multiplicity=multiplicity)
    assert starts
    for start in starts:
        assert list(start.symbols) == [atom.GetSymbol() for atom in species.molecule().GetAtoms()]
        assert change(species, start).is_kept


def test_the_same_seed_gives_the_same_geometries_whatever_came_before() -> None:
    first = embedded("NCCCCO")
    embedded("CCCCCC", seed=99)
    assert embedded("NCCCCO") == first
    assert embedded("NCCCCO", seed=12) != first


def test_the_order_of_the_input_smiles_does_not_matter() -> None:
    assert embedded("OCCCCN") == embedded("C(CN)CCO")


@pytest.mark.parametrize(
    "smiles", ["C[C@H](N)C(=O)O", "C[C@@H](N)C(=O)O", "F/C=C\\F", "F/C=C/F", "C[S@](=O)CC"]
)
def test_named_stereochemistry_is_kept(smiles: str) -> None:
    species = Species.from_smiles(smiles, multiplicity=1)
    for start in embedded(smiles):
        molecule = species.molecule()
        conformer = Chem.Conformer(molecule.GetNumAtoms())
        conformer.SetPositions(start.positions_angstrom)
        molecule.AddConformer(conformer)
        Chem.AssignStereochemistryFrom3D(molecule)
        assert Chem.MolToSmiles(Chem.RemoveHs(molecule)) == species.smiles


def test_equal_geometries_are_kept_once() -> None:
    assert len(embedded("c1ccccc1", n_conformers=10)) == 1


def test_the_parts_of_a_salt_stand_side_by_side_in_more_than_one_way() -> None:
    species = Species.from_smiles("C[N+](C)(C)C.[O-]Cl(=O)(=O)=O", multiplicity=1)
    starts = embed(species, n_conformers=6, seed=11, rmsd_angstrom=0.3)
    first, second = (list(part) for part in Chem.GetMolFrags(species.molecule()))
    for start in starts:
        positions = start.positions_angstrom
        distances = np.linalg.norm(positions[first][:, None] - positions[second][None], axis=2)
        assert 1.5 < distances.min() < CONTACT_ANGSTROM + 1.0
    assert len(starts) > 1


def test_what_cannot_be_built_is_named() -> None:
    message = r"^F\[C@\]12C\[C@@\]1\(F\)C2: no geometry could be embedded in 1 tries of 100 attempts"
    with pytest.raises(EmbeddingError, match=message):
        embedded("F[C@]12C[C@@]1(F)C2", n_conformers=1)


PARACYCLOPHANE = "c1cc2ccc1CCc1ccc(cc1)CC2"
TRANS_BICYCLOHEXANE = "C1C[C@H]2C[C@@H]2C1"


@pytest.mark.parametrize("smiles", [PARACYCLOPHANE, TRANS_BICYCLOHEXANE, "C[C@H](N)C(=O)O", "[Na+].[Cl-]"])
def test_with_few_constraints_bonds_and_stereochemistry_are_still_those_of_the_species(smiles: str) -> None:
    species = Species.from_smiles(smiles, multiplicity=1)
    starts = embed_loosely(species, n_conformers=3, seed=11, rmsd_angstrom=0.3)
    assert starts
    assert all(change(species, start).is_kept for start in starts)


def test_what_cannot_be_built_with_few_constraints_either_is_named() -> None:
    species = Species.from_smiles("F[C@]12C[C@@]1(F)C2", multiplicity=1)
    with pytest.raises(EmbeddingError, match=r"in 2 tries of 100 attempts, with few constraints either"):
        embed_loosely(species, n_conformers=2, seed=11, rmsd_angstrom=0.3)
