"""Levels against a device: signs, errors and traps; every shipped material says where it is from."""

import math

import pytest

from actinic.analysis.alignment import (
    Layer,
    Stack,
    alignment_names,
    alignment_quantities,
    materials,
    shipped_layer,
)
from actinic.analysis.estimate import Estimate
from actinic.errors import InputError

DEVICE = Stack(
    (
        Layer("hil", "injects", -5.1, -5.1, 0.1, "test"),
        Layer("htl", "carries", -5.4, -2.5, 0.1, "test"),
        Layer("emitter", "dots", -6.0, -4.0, 0.3, "test"),
    ),
    trap_depth_ev=0.1,
)


def at(homo: float, lumo: float, error: float = 0.15) -> dict[str, Estimate]:
    return alignment_quantities(DEVICE, Estimate.normal(homo, error), Estimate.normal(lumo, error))


def test_barriers_are_counted_downhill_for_holes_and_uphill_for_electrons() -> None:
    found = at(-5.5, -2.6)
    assert found["hole_injection_barrier_ev"].value == pytest.approx(0.4)
    assert found["hole_barrier_to_emitter_ev"].value == pytest.approx(0.5)
    assert found["electron_block_ev"].value == pytest.approx(1.4)


def test_the_errors_of_candidate_and_layer_add_up() -> None:
    found = at(-5.5, -2.6)
    assert found["hole_injection_barrier_ev"].standard_error == pytest.approx(math.hypot(0.15, 0.1))
    assert found["electron_block_ev"].standard_error == pytest.approx(math.hypot(0.15, 0.3))


@pytest.mark.parametrize(
    ("homo", "lumo", "trap"),
    [
        (-5.2, -1.0, "p_traps_holes_emitter"),
        (-7.5, -4.9, "p_traps_electrons_emitter"),
        (-4.8, -1.0, "p_traps_holes_htl"),
        (-7.0, -3.5, "p_traps_electrons_htl"),
    ],
)
def test_a_level_well_inside_the_gap_traps(homo: float, lumo: float, trap: str) -> None:
    assert at(homo, lumo)[trap].value > 0.9


def test_levels_outside_the_gap_of_every_layer_trap_nothing() -> None:
    found = at(-7.5, -1.0)
    assert max(found[name].value for name in found if name.startswith("p_traps")) < 0.01


def test_a_level_at_the_depth_of_a_trap_is_a_toss_up() -> None:
    assert at(-5.9, -1.0)["p_traps_holes_emitter"].value == pytest.approx(0.5)


def test_what_is_unknown_or_outside_the_calibration_stays_so() -> None:
    assert set(alignment_quantities(DEVICE, None, Estimate.exact(-2.0))) == {
        "electron_block_ev",
        "p_traps_electrons_emitter",
        "p_traps_electrons_htl",
    }
    small = alignment_quantities(DEVICE, Estimate.normal(-6.0, 0.1, calibrated=False), None)
    assert small
    assert not any(one.calibrated for one in small.values())


def test_only_what_the_device_has_is_reported() -> None:
    anode_alone = Stack((Layer("anode", "metal", -4.7, -4.7, 0.1, "test"),), 0.1)
    assert alignment_names(anode_alone) == ("hole_injection_barrier_ev",)
    assert set(alignment_quantities(DEVICE, Estimate.exact(-5.0), Estimate.exact(-2.0))) == set(
        alignment_names(DEVICE)
    )


def test_every_shipped_material_has_a_source_an_error_and_a_gap_that_is_none_or_positive() -> None:
    assert {"TFB", "CdSe/ZnS", "InP/ZnS", "CsPbBr3", "ZnO", "PEDOT:PSS"} <= set(materials())
    for name in materials():
        layer = shipped_layer("htl", name)
        assert layer.source
        assert layer.error_ev > 0
        assert layer.homo_ev <= layer.lumo_ev < 0
    assert shipped_layer("htl", "TFB").homo_ev == -5.4
    with pytest.raises(InputError, match="no such material"):
        shipped_layer("htl", "unobtainium")
