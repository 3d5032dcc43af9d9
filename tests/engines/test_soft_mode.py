"""The softest mode: the one a full Hessian has, imaginary ones included, in fewer gradients."""

import numpy as np
import pytest

from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.engines.embedding import embed
from actinic.engines.hessian import hessian_hartree_bohr2, vibrations
from actinic.engines.optimisation import Stop, optimise
from actinic.engines.soft_mode import softest_mode
from actinic.engines.tight_binding import Theory
from actinic.level import Level

THEORY = Theory(0, 1, Level.parse("gfn2-xtb"), "tblite")


def stationary(smiles: str) -> Geometry:
    species = Species.from_smiles(smiles, multiplicity=1)
    (start, *_) = embed(species, n_conformers=1, seed=5, rmsd_angstrom=0.3)
    return optimise(start, THEORY, Stop(fmax_ev_angstrom=0.01, max_steps=500)).geometry


@pytest.mark.parametrize(
    ("smiles", "is_ridge"),
    [
        # The force field leaves them with a mirror plane, or a methyl group, as GFN2 does not want it.
        ("FC(F)(F)C1(c2ccccc2)N=N1", True),
        ("[N-]=[N+]=Nc1ccccc1", True),
        ("CC(=O)OC", True),
        ("CCOCC", False),
    ],
)
def test_it_is_the_lowest_of_the_full_hessian_in_fewer_gradients(smiles: str, is_ridge: bool) -> None:
    geometry = stationary(smiles)
    whole = vibrations(geometry, hessian_hartree_bohr2(geometry, THEORY))
    found = softest_mode(geometry, THEORY)
    assert found is not None
    assert found.wavenumber_cm == pytest.approx(whole.frequencies_cm[0], abs=6.0)
    assert (found.wavenumber_cm < -10.0) == is_ridge
    assert abs(np.vdot(found.displacements, whole.modes[0])) > 0.95
    assert found.n_gradients < 6 * len(geometry.symbols) / 1.5


def test_a_small_molecule_is_done_exactly() -> None:
    flat = Geometry.from_angstrom(
        "NHHH", np.array([[0, 0, 0], [1.0, 0, 0], [-0.5, 0.866025, 0], [-0.5, -0.866025, 0]])
    )
    whole = vibrations(flat, hessian_hartree_bohr2(flat, THEORY))
    found = softest_mode(flat, THEORY)
    assert found is not None
    assert found.n_gradients <= 12
    assert found.wavenumber_cm == pytest.approx(whole.frequencies_cm[0], rel=0.02)


def test_an_atom_has_none() -> None:
    assert softest_mode(Geometry(("He",), (0, 0, 0)), THEORY) is None


def test_the_same_geometry_gives_the_same_mode() -> None:
    geometry = stationary("COC")
    first, second = softest_mode(geometry, THEORY), softest_mode(geometry, THEORY)
    assert first is not None
    assert second is not None
    assert first.wavenumber_cm == second.wavenumber_cm
    assert np.array_equal(first.displacements, second.displacements)
