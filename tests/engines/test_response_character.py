"""Where excitations start and end, on molecules where that is known beforehand."""

from functools import cache

import msgspec
import numpy as np
import pytest

from actinic.chemistry.geometry import Geometry
from actinic.engines.dft import GroundState, ScfSettings, ground_state
from actinic.engines.response import ResponseSettings, singlet_roots
from actinic.engines.response_character import atomic_shares, natural_orbitals, participation
from actinic.errors import InputError
from actinic.level import Level
from support.molecules import FORMALDEHYDE

CARBON, OXYGEN, HYDROGENS = (0,), (1,), (2, 3)
SETTINGS = ResponseSettings(cover_ev=6.0, residual_hartree=1e-4)


def ammonia_fluorine(separation_angstrom: float) -> Geometry:
    ammonia = [[0, 0, 0.0], [0.94, 0, -0.38], [-0.47, 0.814, -0.38], [-0.47, -0.814, -0.38]]
    fluorine = [[0, 0, separation_angstrom], [0, 0, separation_angstrom + 1.41]]
    return Geometry.from_angstrom(["N", "H", "H", "H", "F", "F"], np.array(ammonia + fluorine))


@cache
def ground(geometry: Geometry, level: str) -> GroundState:
    return ground_state(geometry, charge=0, multiplicity=1, level=Level.parse(level), settings=ScfSettings())


@pytest.mark.parametrize("method", ["tda", "tddft"])
def test_the_hole_of_an_n_pi_excitation_is_on_oxygen_and_its_electron_on_the_double_bond(method: str) -> None:
    state = ground(FORMALDEHYDE, "b3lyp/def2-svp")
    vector = singlet_roots(state, msgspec.structs.replace(SETTINGS, method=method)).vectors[0]
    found = participation(state, vector, [CARBON, OXYGEN, HYDROGENS])
    assert found.hole[1] > 0.65
    assert found.electron[0] + found.electron[1] > 0.9
    assert found.electron[0] > found.electron[1]
    assert found.natural_pairs == pytest.approx(1, abs=0.02)
    assert 0.4 < found.charge_transfer < 0.9


def test_shares_sum_to_one() -> None:
    state = ground(FORMALDEHYDE, "b3lyp/def2-svp")
    for vector in singlet_roots(state, SETTINGS).vectors:
        found = participation(state, 3.7 * vector, [CARBON, OXYGEN, HYDROGENS])
        assert sum(found.hole) == pytest.approx(1, abs=1e-9)
        assert sum(found.electron) == pytest.approx(1, abs=1e-9)


def test_atoms_in_no_group_count_as_one_more() -> None:
    state = ground(FORMALDEHYDE, "b3lyp/def2-svp")
    vector = singlet_roots(state, SETTINGS).vectors[0]
    whole = participation(state, vector, [OXYGEN, CARBON + HYDROGENS])
    part = participation(state, vector, [OXYGEN])
    assert part.hole == pytest.approx(whole.hole[:1])
    assert part.charge_transfer == pytest.approx(whole.charge_transfer)
    assert participation(state, vector, []).charge_transfer == pytest.approx(0, abs=1e-9)


def test_a_distant_donor_keeps_the_hole_and_the_acceptor_takes_the_electron() -> None:
    pair = ground(ammonia_fluorine(8.0), "b3lyp/def2-svp")
    vectors = singlet_roots(pair, SETTINGS).vectors
    transfer = participation(pair, vectors[0], [range(4), range(4, 6)])
    assert transfer.hole == pytest.approx((1, 0), abs=1e-3)
    assert transfer.electron == pytest.approx((0, 1), abs=1e-3)
    assert transfer.charge_transfer == pytest.approx(1, abs=1e-3)
    local = participation(pair, vectors[1], [range(4), range(4, 6)])  # n-pi* of fluorine itself
    assert local.hole[1] == pytest.approx(1, abs=1e-3)
    assert local.charge_transfer == pytest.approx(0, abs=1e-3)


def test_a_turned_molecule_has_the_same_character() -> None:
    axis = np.array([1.0, 2.0, 3.0]) / np.sqrt(14)
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    turn = np.eye(3) + np.sin(1) * cross + (1 - np.cos(1)) * cross @ cross
    turned = Geometry.from_angstrom(FORMALDEHYDE.symbols, FORMALDEHYDE.positions_angstrom @ turn.T)
    characters = []
    for geometry in (FORMALDEHYDE, turned):
        state = ground(geometry, "b3lyp/def2-svp")
        vector = singlet_roots(state, SETTINGS).vectors[0]
        characters.append(participation(state, vector, [CARBON, OXYGEN, HYDROGENS]))
    one, other = characters
    assert one.hole == pytest.approx(other.hole, abs=1e-3)
    assert one.electron == pytest.approx(other.electron, abs=1e-3)
    assert one.charge_transfer == pytest.approx(other.charge_transfer, abs=1e-3)


def test_natural_orbitals_are_orthonormal_and_rebuild_the_amplitudes() -> None:
    state = ground(FORMALDEHYDE, "b3lyp/def2-svp")
    vector = singlet_roots(state, SETTINGS).vectors[0]
    holes, weights, electrons = natural_orbitals(state, vector)
    assert holes.T @ holes == pytest.approx(np.eye(weights.size), abs=1e-8)
    assert electrons.T @ electrons == pytest.approx(np.eye(weights.size), abs=1e-8)
    assert weights.sum() == pytest.approx(1)
    rebuilt = (holes * np.sqrt(weights)) @ electrons.T
    assert np.linalg.norm(rebuilt) == pytest.approx(1)


def test_vectors_come_with_the_roots_and_are_normalised() -> None:
    found = singlet_roots(ground(FORMALDEHYDE, "b3lyp/def2-svp"), SETTINGS)
    assert len(found.vectors) == len(found.roots)
    assert np.linalg.norm(found.vectors.reshape(len(found.roots), -1), axis=1) == pytest.approx(1)


def test_groups_and_amplitudes_that_make_no_sense_are_refused() -> None:
    state = ground(FORMALDEHYDE, "b3lyp/def2-svp")
    vector = singlet_roots(state, SETTINGS).vectors[0]
    with pytest.raises(InputError, match=r"group 2: atom 0 is in a group already"):
        participation(state, vector, [CARBON, CARBON])
    with pytest.raises(InputError, match=r"group 1: atom 4, expected 0 to 3"):
        participation(state, vector, [(4,)])
    with pytest.raises(InputError, match=r"norm 0: expected above 0"):
        participation(state, 0 * vector, [CARBON])
    with pytest.raises(InputError, match=r"amplitudes of shape \(99, 2\)"):
        participation(state, np.ones((99, 2)), [CARBON])


def test_shares_of_single_atoms_are_those_of_groups_of_one() -> None:
    state = ground(FORMALDEHYDE, "b3lyp/def2-svp")
    vectors = singlet_roots(state, SETTINGS).vectors
    holes, electrons = atomic_shares(state, 2.5 * vectors)
    for vector, hole, electron in zip(vectors, holes, electrons, strict=True):
        one_by_one = participation(state, vector, [(atom,) for atom in range(4)])
        assert hole == pytest.approx(one_by_one.hole, abs=1e-12)
        assert electron == pytest.approx(one_by_one.electron, abs=1e-12)


def test_no_excitation_has_no_shares() -> None:
    state = ground(FORMALDEHYDE, "b3lyp/def2-svp")
    holes, electrons = atomic_shares(state, np.empty((0, 2, 2)))
    assert holes.shape == electrons.shape == (0, 4)
