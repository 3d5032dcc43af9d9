"""Whether the distance of two levels tells large errors is found, and not made up."""

import numpy as np
import pytest

from actinic.analysis.absorption_pair import error_by_distance
from actinic.analysis.calibration import absorption_calibration, pair_name
from actinic.level import Level

APART = np.random.default_rng(1).uniform(0.0, 0.8, 120)
NORMAL = np.random.default_rng(2).standard_normal(120)
GROUPS = [f"s{i % 40}" for i in range(120)]


def test_errors_that_grow_with_the_distance_are_told_apart() -> None:
    found = error_by_distance(NORMAL * np.hypot(0.05, 0.5 * APART), APART, GROUPS)
    assert found.is_real
    assert found.share == pytest.approx(0.5, abs=0.12)
    assert found.standard_error_ev < 0.12


def test_errors_that_do_not_have_one_width_for_all() -> None:
    found = error_by_distance(0.2 * NORMAL, APART, GROUPS)
    assert not found.is_real
    assert found.share < 0.3


def test_two_levels_have_the_line_of_the_first_and_an_error_of_their_own() -> None:
    first, second = Level.parse("cam-b3lyp/def2-svp"), Level.parse("b3lyp/def2-svp")
    assert pair_name(first, second) == "cam-b3lyp/def2-svp and b3lyp/def2-svp"
    alone, both = absorption_calibration(first), absorption_calibration(first, second)
    assert alone is not None
    assert both is not None
    assert (both.slope, both.intercept_ev) == (alone.slope, alone.intercept_ev)
    assert both.standard_error_ev > alone.standard_error_ev  # the middle is no surer than the better one
    assert both.strong_error_ev is None
    assert absorption_calibration(second, first) is None


def test_a_solvent_in_which_spectra_were_compared_has_errors_of_its_own() -> None:
    names = ("cam-b3lyp/def2-svp", "b3lyp/def2-svp")
    alone, wet, other = (
        [Level.parse(f"{name}{solvent}") for name in names]
        for solvent in ("", "@cpcm(acetonitrile)", "@cpcm(toluene)")
    )
    dry = absorption_calibration(alone[0])
    found = absorption_calibration(wet[0])
    assert found is not None
    assert dry is not None
    assert (found.slope, found.intercept_ev) == (dry.slope, dry.intercept_ev)
    assert found.edge_error_ev != dry.edge_error_ev
    assert absorption_calibration(other[0]) == dry
    assert absorption_calibration(*wet) != absorption_calibration(*alone)
    assert absorption_calibration(*other) == absorption_calibration(*alone)
    # One in a vacuum has no say in where another in a solvent lies.
    assert absorption_calibration(wet[0], alone[1]) is None
