"""Further molecules are predicted from the first sets alone, by every level and by both."""

from dataclasses import replace

import numpy as np
import pytest

from actinic.analysis.absorption import Sticks
from actinic.analysis.absorption_blind import blind_test
from actinic.analysis.absorption_points import AbsorptionPoint, Measured
from actinic.units import ev_from_nm

WIDTH_EV = 0.18
FLANK_EV = WIDTH_EV * float(np.sqrt(2 * np.log(10)))
ABSORBED_BELOW_EV = ev_from_nm(365) + WIDTH_EV * float(np.sqrt(2 * np.log(100)))
GENERATOR = np.random.default_rng(5)


def point(i: int, collection: str, measured_ev: float, raw_ev: float) -> AbsorptionPoint:
    is_spectrum = collection.endswith("spectra")
    measured = Measured(
        id=f"{collection}-{i}",
        collection=collection,
        band_max_ev=measured_ev,
        log10_absorptivity=None,
        band_edge_ev=measured_ev - FLANK_EV if is_spectrum else None,
        edge_is_bound=False,
        relative={365: 0.5 if measured_ev < ABSORBED_BELOW_EV else 0.0001} if is_spectrum else {},
    )
    sticks = Sticks((raw_ev,), (0.4,), 6.5)
    return AbsorptionPoint(
        measured, "c1ccccc1", "arene", f"s{i % 7}", sticks, raw_ev, 0.4, (raw_ev,) * 8, 1.0
    )


def level(slope: float, intercept_ev: float, noise_ev: float) -> list[AbsorptionPoint]:
    """Computed energies on a line of their own, with noise; measured ones are those of every level."""
    energies = np.random.default_rng(3).uniform(3.2, 4.9, 80)
    sets = ["nonpolar"] * 20 + ["spectra"] * 20 + ["further_maxima"] * 20 + ["further_spectra"] * 20
    return [
        point(i, name, ev, (ev - intercept_ev) / slope + noise_ev * float(GENERATOR.standard_normal()))
        for i, (name, ev) in enumerate(zip(sets, energies.tolist(), strict=True))
    ]


def test_a_level_on_a_line_is_right_and_a_noisy_one_as_wrong_as_it_claims() -> None:
    found = blind_test({"noisy": level(0.8, 0.6, 0.2), "exact": level(0.9, 0.1, 0.0)})
    assert found is not None
    noisy, exact, both = found.maxima
    assert (noisy.name, exact.name, both.name) == ("noisy", "exact", "mean of both")
    assert exact.errors.mean_absolute == pytest.approx(0.0, abs=1e-9)
    assert noisy.standard_error_ev == pytest.approx(0.16, abs=0.06)
    assert both.errors.mean_absolute == pytest.approx(0.5 * noisy.errors.mean_absolute)
    assert exact.against_first.is_better
    assert [row.name for row in found.spectra][:2] == ["noisy", "exact"]
    assert found.spectra[1].edge_ev == pytest.approx(0.0, abs=0.01)
    assert found.spectra[1].balanced_accuracy == 1.0
    assert (found.n_edges, found.n_spectra) == (20, 20)
    assert found.n_absorbing == sum(p.measured.relative.get(365, 0) > 0.01 for p in level(1, 0, 0)[60:])


def test_what_further_molecules_measure_changes_no_prediction() -> None:
    points = level(0.8, 0.6, 0.2)

    def moved(one: AbsorptionPoint) -> AbsorptionPoint:
        if not one.measured.collection.startswith("further"):
            return one
        return replace(one, measured=replace(one.measured, band_max_ev=one.measured.band_max_ev + 1.0))

    before = blind_test({"a": points})
    after = blind_test({"a": [moved(one) for one in points]})
    assert before is not None
    assert after is not None
    (first,), (second,) = before.maxima, after.maxima
    assert second.errors.mean == pytest.approx(first.errors.mean - 1.0)
    assert second.standard_error_ev == first.standard_error_ev
    assert after.spectra[0].edge_ev == pytest.approx(before.spectra[0].edge_ev)


def test_without_further_molecules_there_is_no_table() -> None:
    assert blind_test({"a": level(0.8, 0.6, 0.2)[:40]}) is None


def test_a_level_without_further_spectra_is_judged_on_maxima_alone() -> None:
    both = {"a": level(0.8, 0.6, 0.2), "b": level(0.9, 0.1, 0.0)[:60]}
    found = blind_test(both)
    assert found is not None
    assert [row.name for row in found.maxima] == ["a", "b", "mean of both"]
    assert [row.name for row in found.spectra] == ["a"]
    assert found.n_spectra == 20
