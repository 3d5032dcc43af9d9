"""The stored vibrations of one geometry: minima are minima, saddle points are left or kept as asked."""

from typing import get_args

import msgspec
import numpy as np
import pytest

from actinic.calculations import kinds
from actinic.calculations.thermal import IMAGINARY_CM, ThermalRequest, ThermalResult, compute
from actinic.chemistry.geometry import Geometry
from actinic.engines.optimisation import Algorithm
from actinic.engines.tight_binding import Theory, single_point
from actinic.errors import ConvergenceError, InputError
from actinic.level import Level


def geometry(symbols: str, coordinates: str) -> Geometry:
    positions = np.array(coordinates.split(), dtype=float).reshape(-1, 3)
    return Geometry.from_angstrom(symbols.split(), positions)


WATER = geometry("O H H", "0 0 0  0 0.757 0.586  0 -0.757 0.586")
FLAT_AMMONIA = geometry("N H H H", "0 0 0  1.0 0 0  -0.5 0.866025 0  -0.5 -0.866025 0")
LINEAR_WATER = geometry("O H H", "0 0 0  0 0 0.93  0 0 -0.93")


def request(start: Geometry, *, multiplicity: int = 1, **changes: object) -> ThermalRequest:
    plain = ThermalRequest(
        geometry=start,
        charge=0,
        multiplicity=multiplicity,
        level=Level.parse("gfn2-xtb"),
        program="tblite",
        fmax_ev_angstrom=0.004,
        max_steps=200,
    )
    return msgspec.structs.replace(plain, **changes)


@pytest.fixture(scope="module")
def water() -> ThermalResult:
    return compute(request(WATER), 0)


def test_every_number_belongs_to_the_geometry_that_is_stored(water: ThermalResult) -> None:
    assert water.force_ev_angstrom < 0.004 + 1e-3
    assert (
        water.energy_hartree
        == single_point(water.geometry, Theory(0, 1, Level.parse("gfn2-xtb"), "tblite")).energy_hartree
    )
    again = compute(request(water.geometry, max_steps=0), 0)
    assert again == water


@pytest.mark.parametrize("algorithm", get_args(Algorithm))
def test_every_way_downhill_ends_in_the_same_minimum(water: ThermalResult, algorithm: Algorithm) -> None:
    other = compute(request(WATER, algorithm=algorithm), 0)
    assert other.energy_hartree == pytest.approx(water.energy_hartree, abs=2e-7)
    assert other.frequencies_cm == pytest.approx(water.frequencies_cm, abs=3.0)


def test_water_has_not_moved_since_version_2(water: ThermalResult) -> None:
    # Printed by this very code: when it moves, VERSION moves with it. xtb prints -5.070544 hartree and
    # 1539.03, 3642.76, 3651.17 cm-1 at its own optimum.
    assert kinds.kind_of(request(WATER)).version == 2
    assert water.energy_hartree == pytest.approx(-5.0705443, abs=2e-6)
    assert water.frequencies_cm == pytest.approx((1539.4, 3643.1, 3651.3), abs=1.5)
    assert water.rotational_constants_cm == pytest.approx((29.080, 14.024, 9.461), rel=1e-3)
    assert (water.symmetry_number, water.n_imaginary, water.n_descents) == (2, 0, 0)


def test_an_atom_has_neither_vibrations_nor_rotations() -> None:
    iodine = compute(request(Geometry(("I",), (0, 0, 0)), multiplicity=2), 0)
    assert iodine.frequencies_cm == ()
    assert iodine.rotational_constants_cm == ()
    assert iodine.symmetry_number == 1
    assert iodine.mass_dalton == pytest.approx(126.904, abs=1e-3)


@pytest.mark.parametrize("start", [FLAT_AMMONIA, LINEAR_WATER])
def test_a_saddle_point_is_left_where_a_minimum_is_asked_for(start: Geometry) -> None:
    saddle = compute(request(start, max_steps=0), 0)
    assert saddle.geometry == start
    assert saddle.frequencies_cm[0] < -IMAGINARY_CM
    found = compute(request(start), 0)
    assert found.n_descents == 1
    assert found.frequencies_cm[0] > 0
    assert found.energy_hartree < saddle.energy_hartree - 1e-3


def test_bent_water_is_found_from_a_straight_one(water: ThermalResult) -> None:
    found = compute(request(LINEAR_WATER), 0)
    assert found.frequencies_cm == pytest.approx(water.frequencies_cm, abs=5.0)
    assert len(found.rotational_constants_cm) == 3


def test_ammonia_is_a_pyramid() -> None:
    positions = compute(request(FLAT_AMMONIA), 0).geometry.positions_angstrom
    assert abs(positions[0, 2] - positions[1:, 2].mean()) == pytest.approx(0.38, abs=0.08)


def test_a_transition_state_stays_where_it_is() -> None:
    found = compute(request(FLAT_AMMONIA, max_steps=0), 0)
    assert found.n_imaginary == 1
    assert found.symmetry_number == 6
    assert found.n_descents == 0


def test_the_same_request_gives_the_same_bytes_and_survives_json(water: ThermalResult) -> None:
    again = kinds.compute(request(WATER))
    assert kinds.encode(again) == kinds.encode(water)
    assert kinds.decode_request(kinds.encode(request(WATER))) == request(WATER)
    assert kinds.decode_result(kinds.encode(water)) == water


def test_every_setting_enters_the_key() -> None:
    changed: list[dict[str, object]] = [
        {"charge": 1, "multiplicity": 2},
        {"level": Level.parse("gfn1-xtb")},
        {"program": "xtb-python"},
        {"fmax_ev_angstrom": 0.01},
        {"max_steps": 0},
        {"geometry": FLAT_AMMONIA},
    ]
    keys = {kinds.key(request(WATER, **change)) for change in changed}  # type: ignore[arg-type]
    assert len(keys | {kinds.key(request(WATER))}) == len(changed) + 1


def test_too_few_steps_are_an_error() -> None:
    with pytest.raises(ConvergenceError, match=r"not optimised to 1e-06 eV/angstrom within 1 steps"):
        compute(request(WATER, max_steps=1, fmax_ev_angstrom=1e-6), 0)


def test_a_saddle_point_that_cannot_be_left_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actinic.calculations.minima.PUSH_ANGSTROM", 0.0)
    with pytest.raises(ConvergenceError, match=r"still a saddle point \(-\d+ cm-1\) after leaving 3"):
        compute(request(FLAT_AMMONIA), 0)


@pytest.mark.parametrize("wrong", [{"fmax_ev_angstrom": 0.0}, {"max_steps": -1}])
def test_numbers_that_make_no_sense_are_named(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError, match=r"expected more than 0 and at least 0"):
        compute(msgspec.structs.replace(request(WATER), **wrong), 0)
