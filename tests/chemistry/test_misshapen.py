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


def test_the_relaxation_starts_with_one_longer_bond() -> None:
    species = Species.high_spin("CS(=O)(=O)[O]")
    found = misshapen(species)
    assert found is not None
    symbols = [atom.GetSymbol() for atom in species.molecule().GetAtoms()]
    positions = np.random.default_rng(1).normal(size=(len(symbols), 3))
    geometry = Geometry.from_angstrom(symbols, positions)
    moved = found.start(geometry).positions_angstrom - geometry.positions_angstrom
    sulfur, oxygen = found.pair
    assert (symbols[sulfur], symbols[oxygen]) == ("S", "O")
    assert np.flatnonzero(np.abs(moved).max(axis=1) > 1e-4).tolist() == [oxygen]
    bond = found.start(geometry).positions_angstrom[[sulfur, oxygen]]
    assert np.linalg.norm(bond[1] - bond[0]) == pytest.approx(found.start_angstrom, abs=2e-5)
