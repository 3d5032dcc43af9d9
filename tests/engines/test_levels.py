"""Levels that do not exist are refused before anything runs."""

import numpy as np
import pytest

from actinic.chemistry.geometry import Geometry
from actinic.engines.dft_molecule import molecule
from actinic.engines.levels import check_energy
from actinic.errors import InputError
from actinic.level import Level


@pytest.mark.parametrize(
    "text", ["wb97x-d3/def2-svp+s(def2-tzvp)", "b3lyp/6-31+g(d,p)", "r2scan-3c", "r2scan-3c@cpcm(water)"]
)
def test_levels_that_exist(text: str) -> None:
    check_energy(Level.parse(text))


@pytest.mark.parametrize(
    "text",
    [
        "wb97x-d3/def2-svp+s(no-such)",
        "wb97x-d3/def2-svp+xx(def2-tzvp)",
        "b3lyp-d4/def2-svp",
        "r2scan-3c/def2-svp",
    ],
)
def test_levels_that_do_not(text: str) -> None:
    with pytest.raises(InputError):
        check_energy(Level.parse(text))


def test_one_element_has_a_basis_of_its_own() -> None:
    thioether = Geometry.from_angstrom(
        ["S", "C", "H"], np.array([[0.0, 0.0, 0.0], [1.8, 0.0, 0.0], [0.0, 1.3, 0.0]])
    )
    sizes = {}
    for basis in ("def2-svp", "def2-tzvp", "def2-svp+s(def2-tzvp)"):
        mol = molecule(thioether, charge=0, multiplicity=2, basis=basis)
        starts = mol.aoslice_by_atom()
        sizes[basis] = (starts[:, 3] - starts[:, 2]).tolist()
    mixed = sizes["def2-svp+s(def2-tzvp)"]
    assert mixed[0] == sizes["def2-tzvp"][0] > sizes["def2-svp"][0]
    assert mixed[1:] == sizes["def2-svp"][1:]
