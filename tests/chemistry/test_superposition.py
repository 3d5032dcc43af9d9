"""Which geometries of a species are one conformer."""

import numpy as np
import pytest

from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.chemistry.superposition import Superposition, distinct
from actinic.engines.embedding import embed


def species(smiles: str) -> Species:
    return Species.from_smiles(smiles, multiplicity=1)


def geometries(smiles: str, n: int) -> list[Geometry]:
    return embed(species(smiles), n_conformers=n, seed=7, rmsd_angstrom=0.1)


def mirrored(start: Geometry) -> Geometry:
    return Geometry.from_angstrom(start.symbols, -start.positions_angstrom)


def turned(start: Geometry) -> Geometry:
    matrix = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
    matrix[:, 0] *= np.linalg.det(matrix)
    return Geometry.from_angstrom(
        start.symbols, start.positions_angstrom @ matrix + np.array([3.0, -1.0, 2.0])
    )


def rmsd(smiles: str, one: Geometry, other: Geometry) -> float:
    return Superposition(species(smiles)).rmsd_angstrom(one, other, below_angstrom=100.0)


@pytest.mark.parametrize("smiles", ["CCCCN", "O=C([O-])CCC", "CC(C)(C)OC(C)=O", "[I-]", "[H][H]"])
def test_a_turned_geometry_is_the_same(smiles: str) -> None:
    start = geometries(smiles, 1)[0]
    assert rmsd(smiles, start, turned(start)) < 1e-3


def test_the_methyl_groups_of_tert_butyl_are_interchangeable() -> None:
    start = geometries("CC(C)(C)O", 1)[0]
    positions = start.positions_angstrom
    positions[[0, 2, 3]] = positions[[2, 3, 0]]
    assert rmsd("CC(C)(C)O", start, Geometry.from_angstrom(start.symbols, positions)) < 1e-3


def test_the_oxygens_of_a_carboxylate_are_interchangeable() -> None:
    start = geometries("CC(=O)[O-]", 1)[0]
    oxygens = [i for i, symbol in enumerate(start.symbols) if symbol == "O"]
    positions = start.positions_angstrom
    positions[oxygens] = positions[oxygens[::-1]]
    assert rmsd("CC(=O)[O-]", start, Geometry.from_angstrom(start.symbols, positions)) < 1e-3


def test_mirror_images_are_one_unless_the_smiles_names_a_handedness() -> None:
    open_centre, named = geometries("CC(N)C(=O)O", 1)[0], geometries("C[C@H](N)C(=O)O", 1)[0]
    assert rmsd("CC(N)C(=O)O", open_centre, mirrored(open_centre)) < 1e-3
    assert rmsd("C[C@H](N)C(=O)O", named, mirrored(named)) > 0.3


def test_gauche_butane_is_handed_and_anti_butane_is_not() -> None:
    superposition = Superposition(species("CCCC"))
    handed = {
        superposition.is_handed(conformer, rmsd_angstrom=0.3)
        for conformer in embed(species("CCCC"), n_conformers=10, seed=7, rmsd_angstrom=0.3)
    }
    assert handed == {True, False}


def test_the_rotamers_of_a_hydroxyl_are_two_and_those_of_a_methyl_one() -> None:
    assert len(embed(species("OCC"), n_conformers=10, seed=7, rmsd_angstrom=0.3)) == 2
    assert len(embed(species("CCC"), n_conformers=10, seed=7, rmsd_angstrom=0.3)) == 1


def test_the_bound_that_spares_the_alignment_is_never_above_the_rmsd() -> None:
    superposition = Superposition(species("NCCCCO"))
    conformers = geometries("NCCCCO", 8)
    for one in conformers:
        for other in conformers:
            bound = superposition.rmsd_angstrom(one, other, below_angstrom=0.0)
            assert bound <= superposition.rmsd_angstrom(one, other, below_angstrom=100.0) + 1e-6


def test_many_equal_groups_do_not_explode() -> None:
    crowded = "CC(C)(C)c1cc(C(C)(C)C)c(O)c(C(C)(C)C)c1C(C)(C)C"
    start = geometries(crowded, 1)[0]
    assert rmsd(crowded, start, turned(start)) < 1e-3


def test_of_equal_geometries_the_first_is_kept() -> None:
    first, second = geometries("CCCCN", 2)
    assert distinct(species("CCCCN"), [first, turned(first), second], rmsd_angstrom=0.05) == [first, second]
