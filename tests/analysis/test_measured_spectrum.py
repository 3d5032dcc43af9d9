"""Peaks and edges of made-up spectra come out where they were put."""

import numpy as np
import pytest

from actinic.analysis.measured_spectrum import read_spectrum

NM = np.arange(220.0, 401.0)


def gaussian(centre_nm: float, height: float, sigma_nm: float = 10.0) -> np.ndarray:
    return height * np.exp(-0.5 * ((NM - centre_nm) / sigma_nm) ** 2)


def test_the_lowest_peak_and_its_tenth_are_found() -> None:
    found = read_spectrum(NM, gaussian(240, 2.0) + gaussian(300, 0.8), (254, 313))
    assert found is not None
    assert found.band_max_nm == 300
    assert found.band_edge_nm == pytest.approx(300 + 10 * np.sqrt(2 * np.log(10)), abs=0.05)
    assert found.relative[313] == pytest.approx(0.4 * np.exp(-0.5 * 1.3**2), abs=1e-3)


def test_noise_and_impurities_are_no_peaks() -> None:
    ripple = 0.003 * np.sin(NM)
    found = read_spectrum(NM, gaussian(240, 1.0) + gaussian(320, 0.08) + ripple, (254,))
    assert found is not None
    assert found.band_max_nm == 240


def test_a_flank_without_a_peak_is_no_reading() -> None:
    assert read_spectrum(NM, gaussian(200, 1.0), (254,)) is None


def test_an_edge_beyond_the_end_is_said_to_lie_at_the_end() -> None:
    found = read_spectrum(NM, gaussian(390, 1.0), (365,))
    assert found is not None
    assert found.band_edge_nm == NM[-1]
