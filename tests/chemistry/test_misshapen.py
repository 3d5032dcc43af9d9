"""Which species tight binding misshapes, and where their relaxation starts."""

import numpy as np
import pytest

from actinic.chemistry.geometry import Geometry
from actinic.chemistry.misshapen import misshapen
from actinic.chemistry.species import Species


@pytest.mark.parametrize("smiles", ["CS(=O)(=O)[O]", "[O]S(=O)(=O)c1ccc(C)cc1", "O=S(=O)([O])C(F)(F)F"])
def test_sulfonyloxyl_radicals_are_found(smiles: str) -> None:
    found = misshapen(Species.high_spin(smiles))
    assert found is not None
    assert found.group == "sulfonyloxyl radical"


@pytest.mark.parametrize(
    "smiles", ["CS(=O)(=O)[O-]", "CS(=O)(=O)O", "C[S](=O)=O", "COS(C)(=O)=O", "CC(=O)[O]", "C[O]", "CCO[O]"]
)
def test_ions_acids_esters_and_other_radicals_are_not(smiles: str) -> None:
    assert misshapen(Species.high_spin(smiles)) is None


def test_the_relaxation_starts_from_a_pyramid_with_one_longer_bond() -> None:
    species = Species.high_spin("CS(=O)(=O)[O]")
    found = misshapen(species)
    assert found is not None
    symbols = [atom.GetSymbol() for atom in species.molecule().GetAtoms()]
    positions = np.random.default_rng(1).normal(size=(len(symbols), 3))
    geometry = Geometry.from_angstrom(symbols, positions)
    moved = found.start(geometry).positions_angstrom
    carbon, sulfur = found.bond
    assert [symbols[atom] for atom in (carbon, sulfur, *found.outer)] == ["C", "S", "O", "O", "O"]
    changed = np.flatnonzero(np.abs(moved - geometry.positions_angstrom).max(axis=1) > 1e-4)
    assert set(changed.tolist()) <= set(found.outer)
    arms = moved[list(found.outer)] - moved[sulfur]
    axis = (moved[carbon] - moved[sulfur]) / np.linalg.norm(moved[carbon] - moved[sulfur])
    lengths = np.linalg.norm(arms, axis=1)
    assert lengths == pytest.approx(found.start_angstrom, abs=2e-5)
    assert np.degrees(np.arccos(arms @ axis / lengths)) == pytest.approx(found.start_degrees, abs=0.01)
