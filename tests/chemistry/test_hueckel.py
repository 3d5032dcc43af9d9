"""Gaps of simple Hueckel theory are the textbook's, and unknown where there is nothing to count."""

import math

import pytest

from actinic.chemistry.hueckel import hueckel_gap
from actinic.chemistry.species import Species


def gap(smiles: str) -> float | None:
    return hueckel_gap(Species.from_smiles(smiles, multiplicity=1))


@pytest.mark.parametrize(
    ("smiles", "expected"),
    [
        ("C=C", 2.0),
        ("C=CC=C", math.sqrt(5) - 1),
        ("c1ccccc1", 2.0),
        ("c1ccc2ccccc2c1", math.sqrt(5) - 1),
        ("C=O", 2 * math.sqrt(0.97**2 / 4 + 1.06**2)),
        ("CCCCCc1ccccc1", 2.0),
    ],
)
def test_gaps_of_the_textbook(smiles: str, expected: float) -> None:
    assert gap(smiles) == pytest.approx(expected)


def test_of_several_pi_systems_the_smallest_gap_counts() -> None:
    assert gap("C=CCCc1ccc2ccccc2c1") == pytest.approx(math.sqrt(5) - 1)
    assert gap("C=CCCC=C") == pytest.approx(2.0)


def test_donors_acceptors_and_length_narrow_the_gap() -> None:
    rings = [gap(smiles) for smiles in ("c1ccccc1", "Nc1ccccc1", "Nc1ccc([N+](=O)[O-])cc1")]
    chains = [gap(f"C{'=CC' * n}=C") for n in range(1, 6)]
    for row in (rings, chains):
        assert None not in row
        assert sorted(row, key=lambda one: one or 0.0, reverse=True) == row


def test_an_azide_is_conjugated_with_its_ring() -> None:
    phenyl = gap("[N-]=[N+]=Nc1ccccc1")
    assert phenyl is not None
    assert phenyl < (gap("c1ccccc1") or 0.0)
    assert phenyl == pytest.approx(gap("N#[N+][N-]c1ccccc1"))


@pytest.mark.parametrize("smiles", ["CCCC", "CSSC", "CCBr"])
def test_without_pi_electrons_there_is_no_gap(smiles: str) -> None:
    assert gap(smiles) is None


def test_sulfonyl_groups_end_a_pi_system() -> None:
    assert gap("CS(=O)(=O)C") is None
    assert gap("C=CS(=O)(=O)c1ccccc1") == pytest.approx(2.0)
