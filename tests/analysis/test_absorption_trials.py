"""What a trial changes, and that it is compared with what is shipped on the same molecules."""

from dataclasses import replace

import numpy as np
import pytest

from actinic.analysis.absorption import UNFITTED_WIDTH_EV, Sticks
from actinic.analysis.absorption_edges import Predicted
from actinic.analysis.absorption_pair import pair_fit
from actinic.analysis.absorption_points import AbsorptionPoint, Measured
from actinic.analysis.absorption_trials import (
    LEAST_STRENGTHS,
    mean_rows,
    read_off_ev,
    trial_rows,
    with_dark_states,
)
from actinic.analysis.calibration import AbsorptionCalibration
from actinic.analysis.npi_states import WEAK_CALIBRATIONS

LEVEL = "b3lyp/def2-svp"
WIDTH_EV = 0.18
EDGE_FROM_TOP_EV = WIDTH_EV * float(np.sqrt(2 * np.log(10)))
LINE = AbsorptionCalibration(0.8, 0.6, 0.1, 0.08, 0.3, 0.6, -0.4, 0.3, 22, 2.5, 5.4, 45, edge_error_ev=0.2)


def molecule(i: int, *, absorbs: bool, dark: tuple[float, float] = (3.0, 1e-6)) -> Predicted:
    """A bright band, computed where it is measured, above a dark state."""
    top_ev = 3.7 if absorbs else 4.8
    raw_ev = top_ev + 0.3 + 0.002 * i
    measured_ev = raw_ev - 0.3
    relative = {365: 0.3 if absorbs else 0.0001}
    edge_ev = measured_ev - EDGE_FROM_TOP_EV
    measured = Measured(
        f"m{i}", "spectra", measured_ev, None, edge_ev, edge_is_bound=False, relative=relative
    )
    sticks = Sticks((dark[0], raw_ev), (dark[1], 0.4), 6.5)
    smiles = "c1ccc2ccccc2c1" if i % 2 else "c1ccccc1"
    point = AbsorptionPoint(measured, smiles, "arene", f"s{i}", sticks, raw_ev, 0.4, (raw_ev,) * 8, 1.0)
    return Predicted(point, -0.3, 1.0, WIDTH_EV, edge_ev)


def molecules() -> list[Predicted]:
    return [molecule(i, absorbs=i % 3 == 0) for i in range(24)]


def test_dark_states_move_by_their_own_shift_and_bright_ones_stay() -> None:
    one = molecule(0, absorbs=False)
    moved = with_dark_states(one, 0.18, 0.005)
    assert moved.energies_ev == pytest.approx((3.18, one.sticks.energies_ev[1]))
    assert moved.strengths == pytest.approx((0.005, 0.4))
    assert moved.covered_ev == one.sticks.covered_ev


def test_without_a_bright_state_nothing_is_moved() -> None:
    one = molecule(0, absorbs=False)
    dim = replace(one, point=replace(one.point, sticks=Sticks((3.0, 4.0), (1e-4, 1e-3), 6.5)))
    assert with_dark_states(dim, 0.18, 0.0) == dim.sticks


def test_the_first_row_is_what_is_shipped_and_has_no_difference() -> None:
    rows = trial_rows(molecules(), LINE, LEVEL, ())
    first = rows[0]
    assert first.name == "shipped"
    assert first.edge_ev == pytest.approx(0.0, abs=0.01)
    assert (first.edges.difference, first.briers.difference) == (0.0, 0.0)
    assert first.balanced_accuracy == 1.0
    assert len({row.name for row in rows}) == len(rows) == 8 + len(LEAST_STRENGTHS)


def test_bands_of_another_width_have_their_edges_elsewhere() -> None:
    narrow = next(row for row in trial_rows(molecules(), LINE, LEVEL, ()) if "as before" in row.name)
    expected_ev = (WIDTH_EV - UNFITTED_WIDTH_EV) * np.sqrt(2 * np.log(10))
    assert narrow.edges.difference == pytest.approx(expected_ev, abs=0.01)


def test_a_dark_state_at_the_line_counts_once_it_is_strong_enough() -> None:
    # Moved by its own correction it lies at 365 nm, where none of these molecules absorbs in truth.
    at_line_ev = 3.397 - WEAK_CALIBRATIONS[LEVEL].shift_ev
    some = [molecule(i, absorbs=i % 3 == 0, dark=(at_line_ev, 1e-6)) for i in range(24)]
    rows = {row.name: row for row in trial_rows(some, LINE, LEVEL, ())}
    strongest = rows[f"and at least f = {max(LEAST_STRENGTHS):g} strong"]
    assert strongest.briers.low > 0
    assert strongest.balanced_accuracy < rows["dark states by their own correction"].balanced_accuracy


def test_a_level_without_a_correction_of_dark_states_has_no_trial_of_it() -> None:
    assert len(trial_rows(molecules(), LINE, "pbe/def2-svp", ())) == 7


def test_errors_of_opposite_sign_cancel_in_the_mean_of_two_levels() -> None:
    blue, red = (
        [replace(one, shift_ev=one.shift_ev + off, edge_ev=one.edge_ev + off) for one in molecules()]
        for off in (0.2, -0.2)
    )
    points = [one.point for one in blue]
    fitted = [
        replace(one, measured=replace(one.measured, collection="nonpolar", log10_absorptivity=4.0))
        for one in points
    ]
    pair = pair_fit((fitted, fitted), (blue, red), (LEVEL, "other"))
    alone, mean, middle = mean_rows((blue, LINE), (red, LINE), pair)
    assert alone.edge_ev == pytest.approx(0.2, abs=0.01)
    for both in (mean, middle):
        assert both.edge_ev == pytest.approx(0.0, abs=0.01)
        assert both.edges.is_better


def test_a_weak_band_beside_a_strong_one_is_no_peak_where_measured_ones_are_read() -> None:
    one = molecule(0, absorbs=False)
    weak = replace(one, point=replace(one.point, sticks=Sticks((4.0, one.point.raw_ev), (0.004, 0.4), 6.5)))
    assert read_off_ev(one) == pytest.approx(one.edge_ev, abs=0.02)
    assert read_off_ev(weak) == pytest.approx(one.edge_ev, abs=0.02)
    bright = replace(one, point=replace(one.point, sticks=Sticks((4.0, one.point.raw_ev), (0.3, 0.4), 6.5)))
    assert read_off_ev(bright) < one.edge_ev - 0.5
