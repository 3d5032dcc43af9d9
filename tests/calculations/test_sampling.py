"""The stored ensemble of a weak band: what is forbidden at the minimum is allowed around it."""

import msgspec
import numpy as np
import pytest

from actinic.calculations import sampling
from actinic.calculations.sampling import SamplingRequest, SamplingResult, compute
from actinic.chemistry.geometry import Geometry
from actinic.engines.dft import GroundState, ScfSettings, ground_state
from actinic.engines.optimisation import Stop, optimise
from actinic.engines.response import ResponseSettings
from actinic.engines.tight_binding import Theory
from actinic.errors import ConvergenceError, InputError
from actinic.level import Level

GFN2 = Level.parse("gfn2-xtb")


def geometry(symbols: str, coordinates: str) -> Geometry:
    return Geometry.from_angstrom(symbols.split(), np.array(coordinates.split(), dtype=float).reshape(-1, 3))


def minimum(symbols: str, coordinates: str) -> Geometry:
    start = geometry(symbols, coordinates)
    return optimise(start, Theory(0, 1, GFN2, "tblite"), Stop(0.002, 200)).geometry


FORMALDEHYDE = minimum("C O H H", "0 0 0  0 0 1.20  0 0.94 -0.58  0 -0.94 -0.58")
METHANE = minimum("C H H H H", "0 0 0  0.63 0.63 0.63  -0.63 -0.63 0.63  -0.63 0.63 -0.63  0.63 -0.63 -0.63")
WATER = minimum("O H H", "0 0 0  0 0.757 0.586  0 -0.757 0.586")
FLAT_PEROXIDE = geometry("O O H H", "0 0 0.72  0 0 -0.72  0 0.95 0.90  0 0.95 -0.90")


def request(start: Geometry, **changes: object) -> SamplingRequest:
    plain = SamplingRequest(
        geometry=start,
        charge=0,
        multiplicity=1,
        surface=GFN2,
        surface_program="tblite",
        n_geometries=6,
        temperature_k=298.15,
        lowest_cm=100.0,
        level=Level.parse("b3lyp/def2-svp"),
        scf=ScfSettings(grid_level=0),
        response=ResponseSettings(cover_ev=6.0),
        program="pyscf",
    )
    return msgspec.structs.replace(plain, **changes)


@pytest.fixture(scope="module")
def formaldehyde() -> SamplingResult:
    return compute(request(FORMALDEHYDE), 1)


def test_a_forbidden_state_gets_intensity_from_vibrations(formaldehyde: SamplingResult) -> None:
    # 1A2 of C2v: no dipole at all at the minimum.
    assert [t.oscillator_strength for t in formaldehyde.minimum] == pytest.approx([0.0], abs=1e-5)
    strengths = [spectrum[0].oscillator_strength for spectrum in formaldehyde.geometries]
    # Measured, acetone's band has 13 L mol-1 cm-1 and 0.6 eV, f = 3e-4 (doi:10.1016/S0301-0104(98)00006-8).
    assert 5e-5 < np.mean(strengths) < 1e-3


def test_vibrations_widen_the_band(formaldehyde: SamplingResult) -> None:
    energies = [spectrum[0].energy_ev for spectrum in formaldehyde.geometries]
    assert len(energies) == 6
    # Bands of 28 small organic molecules in nuclear ensembles: 0.32 +- 0.14 eV wide, the maximum 0.11 +- 0.08
    # eV below the vertical excitation (doi:10.1007/s00894-020-04355-y).
    assert 0.1 < np.std(energies) < 0.5
    assert abs(np.mean(energies) - formaldehyde.minimum[0].energy_ev) < 0.25


def test_the_seed_alone_decides_the_geometries(formaldehyde: SamplingResult) -> None:
    assert compute(request(FORMALDEHYDE), 1) == formaldehyde
    assert compute(request(FORMALDEHYDE), 2).geometries != formaldehyde.geometries


def test_a_molecule_whose_lowest_state_is_bright_costs_one_spectrum(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def counted(*args: object, **options: object) -> GroundState:
        calls.append(1)
        return ground_state(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(sampling, "ground_state", counted)
    found = compute(request(METHANE, response=ResponseSettings(cover_ev=13.0)), 1)
    assert found.bright_ev is not None
    assert (found.minimum, found.geometries) == ((), ())
    assert len(calls) == 1


def test_a_state_that_leaves_a_lone_pair_is_weak_though_it_borrows_some_intensity() -> None:
    found = compute(request(WATER, n_geometries=2, response=ResponseSettings(cover_ev=9.0)), 1)
    assert 0.01 < found.minimum[0].oscillator_strength < 0.03
    assert len(found.geometries) == 2


def test_a_saddle_point_is_no_place_to_vibrate_around() -> None:
    with pytest.raises(InputError, match="not a minimum of gfn2-xtb"):
        compute(request(FLAT_PEROXIDE, response=ResponseSettings(cover_ev=8.0)), 1)


def test_a_few_failed_geometries_are_counted_and_many_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(n_failures: int) -> None:
        calls = []

        def fails(*args: object, **options: object) -> GroundState:
            calls.append(1)
            if 2 <= len(calls) < 2 + n_failures:
                raise ConvergenceError("the SCF did not converge")
            return ground_state(*args, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(sampling, "ground_state", fails)

    failing(1)
    found = compute(request(FORMALDEHYDE), 1)
    assert (found.n_failed, len(found.geometries)) == (1, 5)
    failing(2)
    with pytest.raises(ConvergenceError, match="2 did not converge: at most 25% may be lost"):
        compute(request(FORMALDEHYDE), 1)


def test_a_geometry_outside_the_harmonic_valley_is_refused() -> None:
    # So hot, the harmonic field sends atoms into one another.
    with pytest.raises(ConvergenceError, match="lie outside the harmonic valley"):
        compute(request(FORMALDEHYDE, temperature_k=1e6), 1)
