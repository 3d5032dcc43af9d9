"""Relaxation with DFT gradients: a bond length known from experiment, and what cannot be relaxed."""

from typing import get_args

import msgspec
import numpy as np
import pytest

from actinic.calculations import kinds
from actinic.calculations.relaxation import RelaxationRequest, compute
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.misshapen import misshapen
from actinic.chemistry.species import Species
from actinic.engines.dft_gradient import GRADIENTS
from actinic.engines.embedding import embed
from actinic.engines.optimisation import Algorithm, Stop, optimise
from actinic.engines.tight_binding import Theory
from actinic.errors import ConvergenceError, InputError
from actinic.level import Level

HYDROXYL = Geometry.from_angstrom(["O", "H"], np.array([[0, 0, 0], [0, 0, 1.1]]))


def request(geometry: Geometry, **changes: object) -> RelaxationRequest:
    plain = RelaxationRequest(
        geometry=geometry,
        charge=0,
        multiplicity=2,
        level=Level.parse("wb97x-d3/def2-svp"),
        scf=GRADIENTS,
        fmax_ev_angstrom=0.03,
        max_steps=60,
        program="pyscf",
    )
    return msgspec.structs.replace(plain, **changes)


def test_hydroxyl_gets_its_bond_length() -> None:
    found = kinds.compute(request(HYDROXYL))
    first, second = found.geometry.positions_angstrom  # type: ignore[union-attr]
    # 0.9697 angstrom (Huber and Herzberg); def2-SVP makes it some 0.01 longer.
    assert np.linalg.norm(first - second) == pytest.approx(0.9697, abs=0.02)
    assert kinds.decode_result(kinds.encode(found)) == found
    assert kinds.decode_request(kinds.encode(request(HYDROXYL))) == request(HYDROXYL)


@pytest.mark.parametrize("algorithm", get_args(Algorithm))
def test_every_way_downhill_ends_at_the_same_bond_length(algorithm: Algorithm) -> None:
    first, second = compute(request(HYDROXYL, algorithm=algorithm), 0).geometry.positions_angstrom
    usual = compute(request(HYDROXYL), 0).geometry.positions_angstrom
    assert np.linalg.norm(first - second) == pytest.approx(np.linalg.norm(usual[0] - usual[1]), abs=2e-3)


def test_too_few_steps_and_wrong_numbers_are_errors() -> None:
    with pytest.raises(ConvergenceError, match=r"not optimised to 0.03 eV/angstrom within 1 steps"):
        compute(request(HYDROXYL, max_steps=1), 0)
    with pytest.raises(InputError, match="expected more than 0"):
        compute(request(HYDROXYL, fmax_ev_angstrom=0.0), 0)


@pytest.mark.slow
def test_a_sulfonyloxyl_radical_becomes_a_pyramid() -> None:
    species = Species.high_spin("CS(=O)(=O)[O]")
    (start,) = embed(species, n_conformers=1, seed=1, rmsd_angstrom=0.3)
    theory = Theory(0, 2, Level.parse("gfn2-xtb"), "tblite")
    minimum = optimise(start, theory, Stop(fmax_ev_angstrom=0.004, max_steps=500)).geometry
    assert max(bonds(species, minimum)) < 1.45
    group = misshapen(species)
    assert group is not None
    relaxed = compute(request(group.start(minimum)), 0)
    assert bonds(species, relaxed.geometry) == pytest.approx([1.475] * 3, abs=0.01)
    assert relaxed.spin_square == pytest.approx(0.75, abs=0.05)
    assert relaxed.n_gradients < 15


def bonds(species: Species, geometry: Geometry) -> list[float]:
    """S-O distances in angstrom."""
    positions = geometry.positions_angstrom
    sulfur = geometry.symbols.index("S")
    oxygens = [n.GetIdx() for n in species.molecule().GetAtomWithIdx(sulfur).GetNeighbors()]
    return [
        float(np.linalg.norm(positions[n] - positions[sulfur])) for n in oxygens if geometry.symbols[n] == "O"
    ]
