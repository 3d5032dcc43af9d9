"""The part of a molecule whose spectrum stands for all of it: what stays, what goes, what counts twice."""

import pytest

from actinic.chemistry.absorbing_part import FEWEST_CUT, AbsorbingPart, absorbing_part
from actinic.chemistry.motif_table import motif_table
from actinic.chemistry.motifs import match, n_sites
from actinic.chemistry.species import Species


def part_of(smiles: str, reach: int = 2) -> AbsorbingPart | None:
    return absorbing_part(Species.from_smiles(smiles, multiplicity=1), reach)


def model(smiles: str, reach: int = 2) -> str | None:
    part = part_of(smiles, reach)
    return None if part is None else str(part)


def canonical(smiles: str) -> str:
    return Species.from_smiles(smiles, multiplicity=1).smiles


@pytest.mark.parametrize(
    ("smiles", "expected"),
    [
        ("CCCCCCCCOc1ccc(N=[N+]=[N-])cc1", "CCOc1ccc(N=[N+]=[N-])cc1"),
        ("CCCCCCCC(=O)OCc1ccccc1[N+](=O)[O-]", "CCC(=O)OCc1ccccc1[N+](=O)[O-]"),
        ("CCCCCCCCc1ccc2c(c1)sc1ccccc1c2=O", "CCc1ccc2c(c1)sc1ccccc1c2=O"),
        ("CCCCCCCCCCCCN(CC)C(=S)[S-]", "CCN(CC)C(=S)[S-]"),
        ("CCCCCCCCCC=CCCCCCC", "CCC=CCC"),
        ("OCCCCCCCCCCCOc1ccccc1", "CCOc1ccccc1"),
        ("COCCOCCOCCOc1ccccc1", "COCCOc1ccccc1"),
    ],
)
def test_chains_alcohols_and_ethers_far_from_what_absorbs_go(smiles: str, expected: str) -> None:
    assert model(smiles) == canonical(expected)


@pytest.mark.parametrize(
    "smiles",
    [
        "SCCCCCCCCCCCOc1ccc(N=[N+]=[N-])cc1",  # a thiol absorbs, and an amine gives electrons
        "NCCCCCCCCCCCOc1ccc(N=[N+]=[N-])cc1",
        "OC(=O)CCCCCCCCCCOc1ccc(N=[N+]=[N-])cc1",
        "[NH3+]CCCCCCCCCCOc1ccc(N=[N+]=[N-])cc1",
        "FC(F)(F)C(F)(F)C(F)(F)C(F)(F)CCc1ccccc1",  # fluorine pulls
        "C1CCCCCCCCCCCCc2cccc1c2",  # a ring is not cut open
        "CCCCCCCCCCCCC",  # nothing to keep
        "CC(C)(C)OC(=O)NCc1ccccc1",  # nothing to cut
        "CCCCOc1ccccc1",  # two carbons are not worth conformers of their own
        "[2H]CCCCCCCCCOc1ccccc1",
        "[NH3+]CCCCCCCC.[O-]C(=O)CCCCCCCCC",
    ],
)
def test_what_cannot_be_cut_well_is_computed_whole(smiles: str) -> None:
    assert model(smiles) is None


def test_a_cut_is_made_from_three_heavy_atoms_on() -> None:
    cuts = [part_of(f"{'C' * n}Oc1ccccc1") for n in range(1, 8)]
    assert [None if cut is None else cut.n_cut for cut in cuts] == [None] * 4 + [3, 4, 5]
    assert FEWEST_CUT == 3


def test_charges_remote_lone_pairs_and_pi_systems_stay_with_what_joins_them() -> None:
    """The tail goes, the chain to the acid stays."""
    assert model("CCCCCCCCC1(CCCCCCCC(=O)O)N=N1") == canonical("CCC1(CCCCCCCC(=O)O)N=N1")


@pytest.mark.parametrize(
    ("smiles", "expected"),
    [
        ("[N-]=[N+]=Nc1ccc(OCCCCCCOc2ccc(N=[N+]=[N-])cc2)cc1", "2 x CCOc1ccc(N=[N+]=[N-])cc1"),
        ("c1ccccc1CCCCC(CCCCc1ccccc1)CCCCc1ccccc1", "3 x CCc1ccccc1"),
        ("[N-]=[N+]=Nc1ccc(OCCOc2ccc(N=[N+]=[N-])cc2)cc1", None),  # too near to each other
        ("C[N+](C)(C)CCCCCCCC[N+](C)(C)C", None),  # charges act further than any chain
        ("C=CC(=O)OCCCCCCOc1ccccc1", None),  # two different parts
    ],
)
def test_of_equal_parts_on_a_long_chain_one_stands_for_all(smiles: str, expected: str | None) -> None:
    found = model(smiles)
    if expected is None:
        assert found is None
        return
    n, _, one = expected.partition(" x ")
    part = part_of(smiles)
    assert part is not None
    assert (part.copies, part.species.smiles) == (int(n), canonical(one))
    assert len(part.kept) == part.species.molecule().GetNumHeavyAtoms()
    assert part.n_cut == part.n_heavy - len(part.kept)


def test_double_bonds_and_centres_that_are_whole_keep_their_configuration() -> None:
    for bond in ("/", "\\"):
        azo = f"CCCCCCCCOc1ccc(/N=N{bond}c2ccccc2)cc1"
        assert model(azo) == canonical(f"CCOc1ccc(/N=N{bond}c2ccccc2)cc1")
    assert model("CCCCCCCCOC(=O)[C@H](C)c1ccccc1") == canonical("CCOC(=O)[C@H](C)c1ccccc1")
    assert model("CCCCCC[C@@H](C)Oc1ccccc1") == canonical("CC(C)Oc1ccccc1")


def test_a_longer_reach_keeps_more() -> None:
    sizes = [len(part.kept) for reach in (1, 2, 3) if (part := part_of("CCCCCCCCOc1ccccc1", reach))]
    assert sizes == [8, 9, 10]


def test_a_cut_changes_no_motif_of_any_example_of_the_table() -> None:
    cut = 0
    for example in (example for motif in motif_table() for example in motif.examples):
        whole = Species.from_smiles(example, multiplicity=1)
        part = absorbing_part(whole, 1)
        if part is not None:
            cut += 1
            before, after = match(whole), match(part.species)
            names = {site.motif.name for site in before}
            assert names == {site.motif.name for site in after}
            assert all(n_sites(before, name) == part.copies * n_sites(after, name) for name in names)
    assert cut > 0
