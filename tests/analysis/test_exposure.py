"""Calibration shift, absorptivity at the lines, selectivity."""

from dataclasses import replace

import numpy as np
import pytest

from actinic.analysis.absorption import Placement, Sticks, lowest_maximum_ev
from actinic.analysis.calibrated_spectrum import OUTSIDE_ERROR_FACTOR, CalibratedSpectrum, calibrated
from actinic.analysis.calibration import AbsorptionCalibration, absorption_calibration, film_calibration
from actinic.analysis.ensemble_spectrum import weak_bands
from actinic.analysis.exposure import (
    Exposure,
    band_quantities,
    coverage_caveats,
    dark_state_caveat,
    line_quantities,
)
from actinic.analysis.npi_states import WEAK_CALIBRATIONS
from actinic.analysis.second_opinion import SecondOpinion
from actinic.calculations.sampling import SamplingResult
from actinic.calculations.spectrum import Transition
from actinic.level import Level
from actinic.units import ev_from_nm

WIDTH_EV = 0.15
LINE = AbsorptionCalibration(
    slope=0.7,
    intercept_ev=0.8,
    standard_error_ev=0.2,
    mean_absolute_error_ev=0.16,
    raw_error_ev=0.3,
    baseline_error_ev=0.5,
    log10_intensity=0.0,
    log10_intensity_error=0.0,
    n_intensity=9,
    valid_from_ev=3.0,
    valid_to_ev=6.0,
    n=20,
)
STILL = Placement(None, 0.0)
LAMPS = Exposure(lines_nm=(254.0, 365.0, 405.0), target_nm=365.0, answers_l_mol_cm=100, silent_l_mol_cm=10)


def sharp(wavelength_nm: float, strength: float, error_ev: float = 0.0) -> CalibratedSpectrum:
    sticks = Sticks((ev_from_nm(wavelength_nm),), (strength,), 8.0)
    return CalibratedSpectrum(sticks, STILL, error_ev, 1.5 * error_ev, 1.0, 0.0, WIDTH_EV, ())


def test_the_whole_spectrum_moves_by_the_correction_of_its_lowest_band() -> None:
    raw = Sticks((4.0, 6.0), (0.3, 0.5), 6.5)
    moved = calibrated(raw, LINE, is_ion=False)
    shift_ev = 0.7 * 4.0 + 0.8 - 4.0
    assert moved.sticks.energies_ev == pytest.approx((4.0 + shift_ev, 6.0 + shift_ev), abs=2e-3)
    assert lowest_maximum_ev(moved.sticks) == pytest.approx(3.6, abs=2e-3)
    assert moved.caveats == ()


def test_far_ultraviolet_states_are_not_dragged_to_254_nm() -> None:
    # State by state the slope would move 6.4 eV to 5.28; the rigid shift of a band at 4.0 leaves it at 6.0.
    raw = Sticks((4.0, 6.4), (0.05, 1.0), 6.9)
    quantities = line_quantities(calibrated(raw, LINE, is_ion=False), LAMPS)
    assert quantities["absorptivity_254_nm_l_mol_cm"].value < 10


@pytest.mark.parametrize(("energy_ev", "is_ion"), [(4.0, True), (2.5, False)])
def test_outside_the_calibration_the_error_grows_and_says_why(energy_ev: float, is_ion: bool) -> None:
    spectrum = calibrated(Sticks((energy_ev,), (0.3,), 6.5), LINE, is_ion=is_ion)
    assert spectrum.standard_error_ev == OUTSIDE_ERROR_FACTOR * LINE.standard_error_ev
    assert "error doubled" in spectrum.caveats[0]


def test_a_class_the_calibration_lacks_doubles_the_error_and_is_named() -> None:
    raw = Sticks((4.0,), (0.3,), 6.5)
    spectrum = calibrated(
        raw, LINE, is_ion=False, strange=("azides: none among the molecules calibrated on",)
    )
    assert spectrum.standard_error_ev == OUTSIDE_ERROR_FACTOR * LINE.standard_error_ev
    assert spectrum.caveats == (
        "absorption of azides: none among the molecules calibrated on, error doubled",
    )


def test_strong_and_weak_bands_have_errors_of_their_own_where_the_data_tell_them_apart() -> None:
    apart = replace(LINE, strong_error_ev=0.3, weak_error_ev=0.1)
    errors = [
        calibrated(Sticks((4.0, 5.5), (f, 0.5), 6.5), apart, is_ion=False).standard_error_ev
        for f in (0.02, 0.4)
    ]
    assert errors == [0.1, 0.3]
    nothing = calibrated(Sticks((), (), 6.5), apart, is_ion=False)
    assert nothing.standard_error_ev == LINE.standard_error_ev


def test_a_line_beyond_the_computed_roots_is_unknown_not_dark() -> None:
    raw = Sticks((3.9,), (0.3,), 4.5)
    quantities = line_quantities(calibrated(raw, LINE, is_ion=False), LAMPS)
    assert "absorptivity_254_nm_l_mol_cm" not in quantities
    assert "p_answers_254_nm" not in quantities
    assert "absorptivity_405_nm_l_mol_cm" in quantities


def test_a_molecule_without_any_band_is_dark_where_the_roots_reach() -> None:
    quantities = line_quantities(calibrated(Sticks((), (), 6.5), LINE, is_ion=False), LAMPS)
    assert quantities["absorptivity_365_nm_l_mol_cm"].value == 0.0
    assert quantities["p_answers_365_nm"].value == 0.0
    assert "absorptivity_254_nm_l_mol_cm" not in quantities  # 254 nm plus 3 errors lies beyond them


def test_an_error_of_the_position_turns_a_yes_into_a_probability() -> None:
    certain = line_quantities(sharp(365.0, 0.3), LAMPS)
    unsure = line_quantities(sharp(365.0, 0.3, error_ev=0.4), LAMPS)
    assert certain["p_answers_365_nm"].value == 1.0
    assert 0.5 < unsure["p_answers_365_nm"].value < 1.0
    low, high = unsure["absorptivity_365_nm_l_mol_cm"].interval() or (0.0, 0.0)
    assert low < certain["absorptivity_365_nm_l_mol_cm"].value
    assert low < high


def test_selectivity_asks_for_silence_at_longer_lines_only() -> None:
    at_365 = line_quantities(sharp(365.0, 0.3), LAMPS)
    assert at_365["p_selective_target"].value == 0.0  # its red flank still absorbs at 405 nm
    at_335 = line_quantities(sharp(335.0, 0.3), LAMPS)
    assert at_335["absorptivity_254_nm_l_mol_cm"].value < 1
    assert at_335["p_selective_target"].value == 1.0


def test_a_band_at_the_target_that_shines_through_at_a_longer_line_is_not_selective() -> None:
    both = CalibratedSpectrum(
        Sticks((ev_from_nm(365), ev_from_nm(405)), (0.3, 0.3), 8.0), STILL, 0.0, 0.0, 1.0, 0.0, WIDTH_EV, ()
    )
    assert line_quantities(both, LAMPS)["p_selective_target"].value == 0.0


def test_edges_in_nm_have_errors_in_nm() -> None:
    edge = band_quantities(sharp(365.0, 0.3, error_ev=0.2))["band_max_nm"]
    assert edge.value == pytest.approx(365.0, abs=0.5)
    assert edge.standard_error == pytest.approx(0.2 * 365.0 / ev_from_nm(365.0), rel=0.02)


def test_the_shipped_calibration_knows_its_levels_and_ignores_the_solvent() -> None:
    line = absorption_calibration(Level.parse("b3lyp/def2-svp@cpcm(toluene)"))
    assert line is not None
    assert 0.1 < line.standard_error_ev < 0.4
    assert absorption_calibration(Level.parse("b3lyp/sto-3g")) is None
    assert film_calibration(Level.parse("gfn2-xtb")) is not None
    assert film_calibration(Level.parse("pbe/sto-3g")) is None


def test_computed_intensities_are_scaled_and_their_error_blurs_a_threshold() -> None:
    at_top = sharp(365.0, 0.0017)  # about 130 L mol-1 cm-1: just answers
    scaled = replace(at_top, intensity=10**-0.43, log10_intensity_error=0.29)
    plain, found = (line_quantities(s, LAMPS) for s in (at_top, scaled))
    assert found["absorptivity_365_nm_l_mol_cm"].value == pytest.approx(
        0.3715 * plain["absorptivity_365_nm_l_mol_cm"].value, rel=1e-3
    )
    assert plain["p_answers_365_nm"].value == 1.0
    assert 0.0 < found["p_answers_365_nm"].value < 0.5
    low, high = found["absorptivity_365_nm_l_mol_cm"].interval() or (0.0, 0.0)
    assert low < found["absorptivity_365_nm_l_mol_cm"].value < high


def test_what_lies_beyond_the_roots_is_said_with_how_far_they_would_have_to_reach() -> None:
    spectrum = calibrated(Sticks((3.9,), (0.3,), 4.5), LINE, is_ion=False)
    (said,) = [c for c in coverage_caveats(spectrum, LAMPS) if c.startswith("254 nm")]
    assert said == "254 nm lies beyond the computed roots: raise cover_ev to 5.9"
    enough = calibrated(Sticks((3.9,), (0.3,), 5.9), LINE, is_ion=False)
    assert coverage_caveats(enough, LAMPS) == ()


def test_a_dark_state_below_the_band_is_said() -> None:
    acetone_like = CalibratedSpectrum(
        Sticks((4.4, 6.0), (0.0, 0.1), 8.0), STILL, 0.2, 0.2, 1.0, 0.0, WIDTH_EV, ()
    )
    assert "a nearly dark state at about 282 nm" in (dark_state_caveat(acetone_like) or "")
    weak_but_seen = replace(acetone_like, sticks=Sticks((4.4, 6.0), (0.002, 0.1), 8.0))
    assert dark_state_caveat(weak_but_seen) is None
    assert dark_state_caveat(sharp(365.0, 0.3)) is None


def with_ensemble(n: int) -> CalibratedSpectrum:
    """A weak band at 365 nm of `n` sampled geometries and nothing else; its place is known exactly."""
    generator = np.random.default_rng(3)
    raw_ev = ev_from_nm(365.0) - WEAK_CALIBRATIONS["b3lyp/def2-svp"].shift_ev
    energies, strengths = generator.normal(raw_ev, 0.2, n), generator.uniform(0, 1.6e-2, n)
    geometries = tuple(
        (Transition(e, f),) for e, f in zip(energies.tolist(), strengths.tolist(), strict=True)
    )
    found = SamplingResult((Transition(3.2, 0.0),), 5.0, geometries, 5.0, 0, 0, 0)
    weak = weak_bands(found, Level.parse("b3lyp/def2-svp"))
    assert weak is not None
    return sharp(200.0, 0.1).with_weak_bands(replace(weak, standard_error_ev=0.0), Sticks((), (), 8.0))


def test_few_sampled_geometries_make_an_absorptivity_less_certain() -> None:
    errors = []
    for n in (15, 240):
        at_line = line_quantities(with_ensemble(n), LAMPS)["absorptivity_365_nm_l_mol_cm"]
        assert at_line.standard_error is not None
        errors.append(at_line.standard_error / at_line.value)
    assert errors[0] == pytest.approx(0.25, abs=0.1)  # strengths between 0 and 2 of their mean, 15 of them
    assert errors[0] > 3 * errors[1] > 0


def test_the_response_edge_knows_how_few_geometries_were_sampled() -> None:
    few, many = (band_quantities(with_ensemble(n))["response_edge_nm"].standard_error for n in (15, 240))
    assert few is not None
    assert many is not None
    assert few > 2 * many > 0


def test_alternatives_start_with_the_best_value_and_are_those_of_the_lines() -> None:
    spectrum = with_ensemble(15)
    line_ev = np.array([ev_from_nm(365.0), ev_from_nm(405.0)])
    table = spectrum.alternatives_l_mol_cm(line_ev)
    assert table[:, 0] == pytest.approx(spectrum.absorptivity_l_mol_cm(line_ev), rel=1e-12)
    at_line = line_quantities(spectrum, LAMPS)["absorptivity_405_nm_l_mol_cm"]
    assert at_line.draws == pytest.approx(tuple(table[1, 1:]), rel=1e-12)


def test_long_tails_of_edges_are_drawn_and_a_doubled_error_has_none() -> None:
    tailed = replace(LINE, edge_error_ev=0.2, edge_tail=1.6)
    raw = Sticks((4.0, 6.0), (0.3, 0.5), 6.5)
    plain, long, ion = (
        calibrated(raw, line, is_ion=is_ion)
        for line, is_ion in ((replace(tailed, edge_tail=1.0), False), (tailed, False), (tailed, True))
    )
    assert (plain.edge_tail, long.edge_tail, ion.edge_tail) == (1.0, 1.6, 1.0)
    doubted = calibrated(raw, tailed, is_ion=False, opinion=SecondOpinion(0.5))
    assert doubted.caveats
    assert doubted.edge_tail == 1.6
    near, far = (band_quantities(one)["band_edge_nm"] for one in (plain, long))
    assert far.value == near.value
    assert far.interval() == pytest.approx(near.interval(), rel=0.01)
    assert (far.standard_error or 0) > 1.2 * (near.standard_error or 0)
    maxima = [band_quantities(one)["band_max_nm"] for one in (plain, long)]
    assert maxima[0] == maxima[1]
