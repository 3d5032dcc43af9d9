"""Weak bands: their area and width are those of the ensemble, their place that of n-pi* states."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from actinic.analysis.absorption import Sticks, molar_absorptivity_l_mol_cm
from actinic.analysis.ensemble_spectrum import (
    WIDTH_EV,
    WeakBands,
    bright_part,
    weak_bands,
    without_noise,
)
from actinic.analysis.npi_states import WEAK_CALIBRATIONS
from actinic.calculations.sampling import SamplingResult
from actinic.calculations.spectrum import SpectrumResult, Transition
from actinic.level import Level
from actinic.units import ABSORPTIVITY_AREA_L_MOL_CM2, INVERSE_CM_PER_EV

Array = NDArray[np.float64]

B3LYP = Level.parse("b3lyp/def2-svp")
SHIFT_EV = WEAK_CALIBRATIONS["b3lyp/def2-svp"].shift_ev
GRID_EV = np.arange(1.0, 8.0, 0.002)


def sampled(geometries: list[list[tuple[float, float]]], n_weak: int = 1) -> SamplingResult:
    return SamplingResult(
        minimum=tuple(Transition(4.0 + k, 0.0) for k in range(n_weak)),
        bright_ev=5.5,
        geometries=tuple(tuple(Transition(*pair) for pair in spectrum) for spectrum in geometries),
        covered_ev=5.5,
        n_modes_left_out=2,
        n_refused=0,
        n_failed=0,
    )


def drawn(n: int = 30) -> list[list[tuple[float, float]]]:
    generator = np.random.default_rng(5)
    energies, strengths = generator.normal(4.0, 0.25, n), generator.uniform(0, 2e-3, n)
    return [[pair] for pair in zip(energies.tolist(), strengths.tolist(), strict=True)]


def broadened(energies: Array, strengths: Array, width_ev: float) -> Array:
    sticks = Sticks(tuple(energies.tolist()), tuple((strengths / strengths.size).tolist()), 8.0)
    return molar_absorptivity_l_mol_cm(sticks, GRID_EV, width_ev)


def test_the_area_of_the_band_is_the_mean_strength() -> None:
    geometries = drawn()
    bands = weak_bands(sampled(geometries), B3LYP)
    assert bands is not None
    area = bands.absorptivity_l_mol_cm(GRID_EV).sum() * 0.002 * INVERSE_CM_PER_EV
    mean = np.mean([pair[1] for spectrum in geometries for pair in spectrum])
    assert area == pytest.approx(mean * ABSORPTIVITY_AREA_L_MOL_CM2, rel=1e-4)


def test_the_band_is_not_broadened_twice() -> None:
    geometries = drawn()
    energies, strengths = np.array([spectrum[0] for spectrum in geometries]).T
    bands = weak_bands(sampled(geometries), B3LYP)
    assert bands is not None
    curve = bands.absorptivity_l_mol_cm(GRID_EV)
    mean = np.average(GRID_EV, weights=curve)
    variance = np.average((GRID_EV - mean) ** 2, weights=curve)
    of_sticks = np.average(energies, weights=strengths)
    assert mean == pytest.approx(of_sticks + SHIFT_EV, abs=1e-3)
    expected = np.average((energies - of_sticks) ** 2, weights=strengths) + WIDTH_EV**2
    assert variance == pytest.approx(expected, rel=1e-3)


@given(
    st.lists(
        st.tuples(st.floats(2.0, 6.0), st.floats(0.0, 0.05)),
        min_size=1,
        max_size=30,
    )
)
def test_smoothing_adds_the_same_small_width_to_any_band(pairs: list[tuple[float, float]]) -> None:
    energies, strengths = np.array(pairs).T
    weights = strengths if strengths.sum() > 0 else np.ones_like(strengths)
    smooth, width_ev = without_noise(energies, strengths)
    means = [np.average(values, weights=weights) for values in (energies, smooth)]
    variances = [
        np.average((values - mean) ** 2, weights=weights)
        for values, mean in zip((energies, smooth), means, strict=True)
    ]
    assert means[1] == pytest.approx(means[0], abs=1e-9)
    assert variances[1] + width_ev**2 == pytest.approx(variances[0] + WIDTH_EV**2, abs=1e-9)


def test_more_geometries_make_a_narrower_kernel() -> None:
    widths = []
    for n in (20, 2000):
        energies, strengths = np.array([spectrum[0] for spectrum in drawn(n)]).T
        widths.append(without_noise(energies, strengths)[1])
    assert WIDTH_EV < widths[1] < widths[0] < 0.25


def test_a_smooth_band_is_nearer_to_the_large_ensemble_than_a_comb() -> None:
    pairs = np.array([spectrum[0] for spectrum in drawn(3000)])
    drawn_together, kernel_ev = without_noise(*pairs.T)
    reference = broadened(drawn_together, pairs[:, 1], kernel_ev)
    smooth, comb = [], []
    for small in np.split(pairs, 100):
        energies, strengths = small.T
        sticks, width_ev = without_noise(energies, strengths)
        smooth.append(np.linalg.norm(broadened(sticks, strengths, width_ev) - reference))
        comb.append(np.linalg.norm(broadened(energies, strengths, WIDTH_EV) - reference))
    assert np.mean(smooth) < np.mean(comb)


def test_a_state_that_some_geometries_push_out_of_reach_keeps_its_weight() -> None:
    bands = weak_bands(sampled([[(4.0, 1e-3), (5.0, 2e-3)], [(4.1, 1e-3)]], n_weak=2), B3LYP)
    assert bands is not None
    assert [sum(band.sticks.strengths) for band in bands.bands] == pytest.approx([1e-3, 1e-3])
    assert bands.lowest_ev == pytest.approx(4.0 + SHIFT_EV)


def test_without_weak_states_or_a_correction_there_is_no_weak_band() -> None:
    assert weak_bands(sampled([], n_weak=0), B3LYP) is None
    assert weak_bands(sampled(drawn()), Level.parse("pbe0/def2-svp")) is None


def test_the_correction_of_a_level_holds_in_any_solvent() -> None:
    assert weak_bands(sampled(drawn()), Level.parse("b3lyp/def2-svp@cpcm(toluene)")) is not None


def spectrum(*pairs: tuple[float, float]) -> SpectrumResult:
    return SpectrumResult(
        energy_hartree=-1.0,
        homo_ev=-6.0,
        lumo_ev=-1.0,
        dipole_debye=0.0,
        transitions=tuple(Transition(*pair) for pair in pairs),
        covered_ev=6.0,
        capped=False,
        scf_rung="diis",
    )


def test_the_ensemble_replaces_weak_states_and_no_bright_one() -> None:
    found = sampled(drawn(), n_weak=2)
    weak_first = spectrum((4.0, 1e-4), (4.5, 2e-3), (5.0, 0.2), (5.5, 1e-4))
    assert [t.energy_ev for t in bright_part(weak_first, found, ()).transitions] == [5.0, 5.5]
    # Another conformer may have its bright state first.
    bright_first = spectrum((4.0, 1e-4), (4.5, 0.2), (5.0, 1e-4))
    assert [t.energy_ev for t in bright_part(bright_first, found, ()).transitions] == [4.5, 5.0]
    all_weak = spectrum((4.0, 1e-4), (4.5, 1e-4), (5.0, 1e-4))
    assert [t.energy_ev for t in bright_part(all_weak, found, ()).transitions] == [5.0]


def ensembles(n: int, n_ensembles: int) -> list[WeakBands]:
    pairs = np.array([geometry[0] for geometry in drawn(n * n_ensembles)])
    found = []
    for part in np.split(pairs, n_ensembles):
        bands = weak_bands(sampled([[(float(e), float(f))] for e, f in part]), B3LYP)
        assert bands is not None
        found.append(bands)
    return found


@pytest.mark.parametrize("sigmas", [-2.0, -1.0, 0.0, 1.5])
def test_the_error_of_sampling_covers_what_another_draw_changes(sigmas: float) -> None:
    # drawn() has a band of 0.25 eV around 4.0 eV; from its middle to flanks that one or two geometries make.
    at = np.array([4.0 + SHIFT_EV + sigmas * 0.25])
    pairs = np.array([geometry[0] for geometry in drawn(3000)])
    smooth, width_ev = without_noise(*pairs.T)
    many = Sticks(tuple(smooth + SHIFT_EV), tuple(pairs[:, 1] / len(pairs)), 8.0)
    reference = molar_absorptivity_l_mol_cm(many, at, width_ev)
    few = ensembles(15, 150)
    off = [float(np.log(b.absorptivity_l_mol_cm(at) / reference)[0]) for b in few]
    stated = [float(b.log_error(at)[0]) for b in few]
    within = np.abs(off) / stated
    assert np.mean(within < 1.0) == pytest.approx(0.72, abs=0.1)
    assert np.mean(within < 1.96) == pytest.approx(0.95, abs=0.05)


def test_four_times_as_many_geometries_halve_the_error_of_sampling() -> None:
    at = np.array([4.0 + SHIFT_EV])
    few, many = (np.mean([float(b.log_error(at)[0]) for b in ensembles(n, 40)]) for n in (15, 60))
    assert few / many == pytest.approx(2.0, rel=0.25)


def test_of_one_geometry_the_error_of_sampling_is_a_factor_of_e() -> None:
    bands = weak_bands(sampled([[(4.0, 1e-3)]]), B3LYP)
    assert bands is not None
    at = np.array([4.0 + SHIFT_EV])
    assert bands.absorptivity_l_mol_cm(at, 1.0) == pytest.approx(np.e * bands.absorptivity_l_mol_cm(at))


def test_geometries_that_agree_leave_no_error_of_sampling_where_the_band_is() -> None:
    bands = weak_bands(sampled([[(4.0, 1e-3)]] * 15), B3LYP)
    assert bands is not None
    assert float(bands.log_error(np.array([4.0 + SHIFT_EV]))[0]) == pytest.approx(0.0, abs=1e-6)


def test_a_flank_of_one_stray_geometry_is_never_drawn_above_the_band() -> None:
    stray = [(3.2, 2e-4), *((4.0 + 0.02 * k, 1e-3) for k in range(14))]
    bands = weak_bands(sampled([[pair] for pair in stray]), B3LYP)
    assert bands is not None
    flank, drawn_up = np.array([3.2 + SHIFT_EV]), 2.0
    assert float(bands.log_error(flank)[0]) > 2.0
    top = bands.absorptivity_l_mol_cm(GRID_EV, drawn_up).max()
    assert float(bands.absorptivity_l_mol_cm(flank, drawn_up)[0]) <= top
    assert bands.absorptivity_l_mol_cm(flank, -1.0) < 0.2 * bands.absorptivity_l_mol_cm(flank)
