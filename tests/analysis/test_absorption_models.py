"""The models recover what a synthetic set was made with, and claim no gain where there is none."""

import math
from dataclasses import replace

import numpy as np
import pytest

from actinic.analysis.absorption import UNFITTED_WIDTH_EV, Sticks
from actinic.analysis.absorption_edges import absorbs_probability, edge_table, predicted_spectra
from actinic.analysis.absorption_fit import absorption_fit, error_by_strength
from actinic.analysis.absorption_models import EARLIER_LEVEL, MODELS, left_out, line
from actinic.analysis.absorption_points import AbsorptionPoint, Measured, absorption_point
from actinic.analysis.absorption_second import second_level
from actinic.analysis.absorption_validation import coverage_check, learning_curve, model_rows, spread_rows
from actinic.analysis.calibration import AbsorptionCalibration
from actinic.calculations.spectrum import SpectrumResult, Transition
from actinic.chemistry.species import Species
from actinic.units import ABSORPTIVITY_AREA_L_MOL_CM2, INVERSE_CM_PER_EV

SIGMA_EV = 0.1
LINE = AbsorptionCalibration(0.8, 0.6, 0.1, 0.08, 0.3, 0.6, -0.4, 0.3, 22, 2.5, 5.4, 45)


def _points(effect_ev: float, n: int = 60, seed: int = 1) -> list[AbsorptionPoint]:
    """Maxima on a line with noise, and `effect_ev` per standard deviation of one descriptor."""
    generator = np.random.default_rng(seed)
    found = []
    for i, raw_ev in enumerate(generator.uniform(3, 5, n)):
        others = generator.normal(size=7)
        measured_ev = 0.8 * raw_ev + 0.6 + effect_ev * others[1] + SIGMA_EV * generator.normal()
        found.append(
            AbsorptionPoint(
                measured=Measured(f"m{i}", "nonpolar", measured_ev, 4.0 if i % 2 else None, None, False, {}),
                smiles="C",
                chromophore="arene" if i % 3 else "nitro",
                scaffold=f"s{i // 2}",
                sticks=Sticks((raw_ev,), (0.1,), 6.5),
                raw_ev=raw_ev,
                strength=0.2,
                descriptors=(raw_ev, *others.tolist()),
                cpu_s=1.0,
            )
        )
    return found


def test_the_fit_recovers_line_error_and_scale() -> None:
    fitted = absorption_fit(_points(0.0, n=400))
    assert fitted.slope == pytest.approx(0.8, abs=0.03)
    assert fitted.standard_error_ev == pytest.approx(SIGMA_EV, rel=0.1)
    assert fitted.log10_intensity == pytest.approx(4.0 - math.log10(_height_l_mol_cm(fitted.width_ev)))
    assert fitted.n_intensity == 200


def _height_l_mol_cm(width_ev: float) -> float:
    """Of a lone Gaussian band of f = 0.1."""
    return 0.1 * ABSORPTIVITY_AREA_L_MOL_CM2 / (width_ev * INVERSE_CM_PER_EV * math.sqrt(2 * math.pi))


def test_a_wider_band_is_lower_and_its_factor_larger() -> None:
    narrow, wide = (absorption_fit(_points(0.0), width_ev=width_ev) for width_ev in (0.15, 0.3))
    assert wide.width_ev == 0.3
    assert wide.log10_intensity - narrow.log10_intensity == pytest.approx(math.log10(2), abs=1e-3)


def test_strong_bands_with_larger_errors_are_told_apart_and_equal_ones_are_not() -> None:
    generator = np.random.default_rng(2)
    strengths = np.array([0.5, 0.01] * 30)
    noise = generator.normal(size=60)
    apart = error_by_strength(np.where(strengths > 0.1, 0.25, 0.1) * noise, strengths)
    assert apart.is_real
    assert apart.strong_ev == pytest.approx(0.25, rel=0.25)
    assert apart.weak_ev == pytest.approx(0.1, rel=0.35)
    assert not error_by_strength(0.2 * noise, strengths).is_real


@pytest.mark.parametrize("name", ["ridge on descriptors", "Gaussian process"])
def test_an_effect_of_the_state_is_found_beyond_chance(name: str) -> None:
    rows = {row.name: row for row in model_rows(_points(0.15), EARLIER_LEVEL)}
    assert rows[name].against_line.is_better


def test_no_model_is_better_where_there_is_nothing_to_find() -> None:
    assert not any(row.against_line.is_better for row in model_rows(_points(0.0), EARLIER_LEVEL))


@pytest.mark.parametrize("name", [name for name in MODELS if name != "as computed"])
def test_the_error_a_model_claims_holds(name: str) -> None:
    points = _points(0.05, n=120)
    found = left_out(points, MODELS[name], [point.scaffold for point in points])
    assert coverage_check(found.errors_ev, found.standard_errors_ev).holds


def test_a_wrong_label_pulls_the_robust_line_less() -> None:
    points = _points(0.0, n=30)
    wrong = points[0]
    bad = Measured("bad", "nonpolar", wrong.measured.band_max_ev + 3.0, None, None, False, {})
    spoiled = [AbsorptionPoint(bad, *(getattr(wrong, name) for name in AbsorptionPoint.__slots__[1:]))]
    spoiled += points[1:]
    clean = line(points[1:])(points)[0]
    pulled, robust = (np.abs(MODELS[n](spoiled)(points)[0] - clean).mean() for n in ("line", "robust line"))
    assert robust < 0.4 * pulled


def test_molecules_of_one_scaffold_do_not_predict_each_other() -> None:
    points = _points(0.0, n=10)
    twin = AbsorptionPoint(*(getattr(points[0], name) for name in AbsorptionPoint.__slots__))
    together = left_out([*points, twin], line, [point.scaffold for point in [*points, twin]])
    alone = left_out(points, line, [point.scaffold for point in points])
    assert together.errors_ev[0] == pytest.approx(alone.errors_ev[0])


def test_more_molecules_make_a_better_line() -> None:
    curve = learning_curve(_points(0.0, n=80))
    assert curve[0].mean_ev > curve[-1].mean_ev
    assert [row.n for row in curve] == [5, 10, 15, 20, 30, 40, 50, 70]


def test_what_widens_errors_is_found() -> None:
    generator = np.random.default_rng(4)
    points = []
    for i, point in enumerate(_points(0.0, n=200)):
        dark = abs(point.descriptors[3])
        measured_ev = 0.8 * point.raw_ev + 0.6 + 0.2 * dark * generator.normal()
        measured = Measured(f"m{i}", "nonpolar", measured_ev, None, None, False, {})
        descriptors = (*point.descriptors[:3], dark, *point.descriptors[4:])
        points.append(
            AbsorptionPoint(
                measured, "C", "arene", f"s{i}", point.sticks, point.raw_ev, 0.2, descriptors, 1.0
            )
        )
    rows = {row.name: row for row in spread_rows(points)}
    assert rows["a state below the band"].low > 0.1
    assert rows["heavy atoms"].low < 0 < rows["heavy atoms"].high


def _with_spectrum(edge_ev: float, raw_ev: float = 4.0, *, is_bound: bool = False) -> AbsorptionPoint:
    measured = Measured("x", "spectra", 3.8, None, edge_ev, is_bound, {365: 0.5})
    sticks, scaffold = Sticks((raw_ev,), (0.2,), 6.5), f"{raw_ev}"
    return AbsorptionPoint(measured, "C", "arene", scaffold, sticks, raw_ev, 0.2, (raw_ev,) * 8, 1.0)


def test_edges_come_from_the_spectrum_moved_by_the_line() -> None:
    (one,) = predicted_spectra([*_points(0.0, n=40), _with_spectrum(3.5)])
    half_width = UNFITTED_WIDTH_EV * np.sqrt(2 * np.log(10))
    assert one.edge_ev == pytest.approx(4.0 + one.shift_ev - half_width, abs=0.01)
    assert one.shift_ev == pytest.approx(-0.2, abs=0.05)


def test_a_bound_is_counted_and_not_averaged() -> None:
    inside = [
        _with_spectrum(3.4),
        _with_spectrum(3.6, 4.2),
        _with_spectrum(3.7, 4.4),
        _with_spectrum(3.9, 4.6),
    ]
    beyond = [_with_spectrum(3.6, 4.1, is_bound=True), _with_spectrum(3.2, 4.3, is_bound=True)]
    table = edge_table(predicted_spectra([*_points(0.0, n=40), *inside, *beyond]))
    assert (table.shifted.n, table.n_bounds, table.n_bounds_right) == (4, 2, 1)


def test_the_probability_to_absorb_follows_the_distance_of_the_line() -> None:
    (one,) = predicted_spectra([*_points(0.0, n=40), _with_spectrum(3.5)])
    sharp, wide = absorbs_probability(one, 0.01), absorbs_probability(one, 0.5)
    assert sharp == 1.0
    assert 0.5 < wide < 1.0


def test_a_strong_band_counts_for_azo_compounds_where_a_weak_one_counts_elsewhere() -> None:
    spectrum = SpectrumResult(
        energy_hartree=-1.0,
        homo_ev=-6.0,
        lumo_ev=-2.0,
        dipole_debye=1.0,
        transitions=(Transition(2.8, 0.01), Transition(3.9, 0.6)),
        covered_ev=5.0,
        capped=False,
        scf_rung="diis",
    )
    species = Species.from_smiles("c1ccc(/N=N/c2ccccc2)cc1", multiplicity=1)
    found = {}
    for collection in ("azo", "nonpolar"):
        measured = Measured("a", collection, 3.9, None, None, False, {})
        point = absorption_point(measured, species, [(1.0, spectrum)], 1.0)
        assert point is not None
        found[collection] = point.raw_ev
    assert found["azo"] == pytest.approx(3.9, abs=0.01)
    assert found["nonpolar"] == pytest.approx(2.8, abs=0.01)


def _at_second_level(points: list[AbsorptionPoint], noise_ev: float) -> list[AbsorptionPoint]:
    """The same molecules, their errors at the second level independent of those at the first."""
    generator = np.random.default_rng(11)
    second = [(p.measured.band_max_ev - 0.3) / 0.9 + noise_ev * generator.normal() for p in points]
    return [replace(point, raw_ev=ev) for point, ev in zip(points, second, strict=True)]


def test_the_mean_of_two_levels_with_errors_of_their_own_is_better() -> None:
    points = _points(0.0, n=80)
    found = second_level(points, _at_second_level(points, 0.1), "other/basis")
    rows = {row.name: row for row in found.rows}
    assert rows["line of the first"].against_line.difference == 0
    assert rows["line of the mean"].against_line.is_better
    assert rows["plane over both"].against_line.is_better
    assert found.disagreement.low > 0


def test_a_useless_second_level_is_not_better_and_a_plane_does_not_follow_it() -> None:
    points = _points(0.0, n=80)
    rows = {row.name: row for row in second_level(points, _at_second_level(points, 1.5), "other/basis").rows}
    assert not rows["line of the mean"].against_line.is_better
    assert not rows["plane over both"].against_line.is_better
    assert rows["plane over both"].against_line.difference < 0.02


def test_molecules_the_second_level_lacks_do_not_count() -> None:
    points = _points(0.0, n=30)
    found = second_level(points, _at_second_level(points, 0.1)[:20], "other/basis")
    assert {row.scaffold_out.n for row in found.rows} == {20}
