"""Vibrations: their number, their invariances, and the wavenumbers xtb and experiments report."""

import numpy as np
import pytest
from numpy.typing import NDArray

from actinic.chemistry.geometry import Geometry
from actinic.engines.hessian import Vibrations, atomic_masses_dalton, hessian_hartree_bohr2, vibrations
from actinic.engines.optimisation import Stop, optimise
from actinic.engines.tight_binding import Theory, single_point
from actinic.level import Level
from actinic.units import BOHR_ANGSTROM


def theory(multiplicity: int = 1, program: str = "tblite") -> Theory:
    return Theory(0, multiplicity, Level.parse("gfn2-xtb"), program)


def placed(symbols: str, coordinates: str) -> Geometry:
    positions = np.array(coordinates.split(), dtype=float).reshape(-1, 3)
    return Geometry.from_angstrom(symbols.split(), positions)


def minimum(symbols: str, coordinates: str) -> Geometry:
    return optimise(
        placed(symbols, coordinates), theory(), Stop(fmax_ev_angstrom=0.002, max_steps=200)
    ).geometry


def of(geometry: Geometry, multiplicity: int = 1, program: str = "tblite") -> Vibrations:
    return vibrations(geometry, hessian_hartree_bohr2(geometry, theory(multiplicity, program)))


WATER = minimum("O H H", "0 0 0  0 0.757 0.586  0 -0.757 0.586")
NITROGEN = minimum("N N", "0 0 0  0 0 1.1")
CARBON_DIOXIDE = minimum("C O O", "0 0 0  0 0 1.16  0 0 -1.16")
METHYL_AZIDE = minimum(
    "C N N N H H H",
    """-1.40 0.45 0.02  -0.36 -0.58 -0.03  0.80 -0.15 0.01  1.91 0.09 0.05
       -1.33 1.10 -0.86  -2.36 -0.08 0.01  -1.31 1.05 0.93""",
)
# xtb's documentation, page "Calculation of Vibrational Frequencies": methane and the hydroxyl radical.
METHANE_AND_HYDROXYL = placed(
    "C H H H H O H",
    """-0.12888 -0.00640 -0.00997  1.44012 0.12230 -0.02854
           -0.41612 1.02695 -0.04939  -0.26307 -0.58287 -0.90445
           -0.26440 -0.51708 0.92387  2.45009 0.26032 0.01134
            2.61210 0.98358 0.62026""",
)


def test_wavenumbers_are_those_of_xtb() -> None:
    found = of(METHANE_AND_HYDROXYL, multiplicity=2).frequencies_cm
    # As printed there; 40.69 as the lowest, which forces left over move by 20 cm-1.
    printed = [
        211.99, 360.40, 405.89, 601.08, 759.17, 829.07, 1371.91, 1375.70, 1477.42, 2297.37, 3115.69, 3190.88,
        3197.05, 3648.64,
    ]  # fmt: skip
    assert found[1:] == pytest.approx(printed, abs=2.5)
    assert 20.0 < found[0] < 70.0


@pytest.mark.parametrize(
    ("geometry", "n_modes", "n_constants"),
    [(Geometry(("I",), (0, 0, 0)), 0, 0), (NITROGEN, 1, 1), (CARBON_DIOXIDE, 4, 1), (WATER, 3, 3)],
)
def test_overall_motion_is_no_vibration(geometry: Geometry, n_modes: int, n_constants: int) -> None:
    found = vibrations(geometry, np.eye(3 * len(geometry.symbols)))
    assert found.frequencies_cm.shape == (n_modes,)
    assert found.modes.shape == (n_modes, len(geometry.symbols), 3)
    assert len(found.rotational_constants_cm) == n_constants
    masses = atomic_masses_dalton(geometry.symbols)
    positions = geometry.positions_angstrom - masses @ geometry.positions_angstrom / masses.sum()
    for mode in found.modes:
        assert np.linalg.norm(mode) == pytest.approx(1.0)
        assert masses @ mode == pytest.approx(np.zeros(3), abs=1e-9)
        spin = np.cross(positions, masses[:, None] * mode).sum(axis=0)
        assert spin == pytest.approx(np.zeros(3), abs=1e-4)


def test_a_diatomic_vibrates_as_its_energies_say() -> None:
    length_bohr = np.linalg.norm(np.diff(NITROGEN.positions_angstrom, axis=0)) / BOHR_ANGSTROM
    step_bohr = 0.02

    def energy(stretch_bohr: float) -> float:
        positions = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, (length_bohr + stretch_bohr) * BOHR_ANGSTROM]])
        return single_point(Geometry.from_angstrom(["N", "N"], positions), theory()).energy_hartree

    stiffness = (energy(step_bohr) - 2 * energy(0.0) + energy(-step_bohr)) / step_bohr**2
    # sqrt(k / mu) in atomic units, 1822.89 electron masses per dalton, 219474.63 cm-1 per hartree.
    expected_cm = np.sqrt(stiffness / (14.007 / 2 * 1822.8885)) * 219474.63
    assert of(NITROGEN).frequencies_cm[0] == pytest.approx(expected_cm, rel=2e-3)


def test_rotational_constants_are_near_the_measured_ones() -> None:
    # Herzberg: N2 1.998 and CO2 0.390 cm-1, H2O 27.88, 14.51, 9.28 cm-1.
    identity = {g: np.eye(3 * len(g.symbols)) for g in (NITROGEN, CARBON_DIOXIDE, WATER)}
    measured = {NITROGEN: (1.998,), CARBON_DIOXIDE: (0.390,), WATER: (27.88, 14.51, 9.28)}
    for geometry, hessian in identity.items():
        found = vibrations(geometry, hessian)
        assert found.rotational_constants_cm == pytest.approx(measured[geometry], rel=0.05)
    assert vibrations(WATER, identity[WATER]).mass_dalton == pytest.approx(18.015, abs=1e-3)


def test_moving_everything_costs_nothing() -> None:
    hessian = hessian_hartree_bohr2(METHYL_AZIDE, theory())
    assert hessian == pytest.approx(hessian.T)
    pushes: NDArray[np.float64] = hessian.reshape(21, 7, 3).sum(axis=1)
    assert np.abs(pushes).max() < 1e-4


def test_turning_and_renumbering_the_molecule_changes_nothing() -> None:
    angle, order = 0.7, [4, 2, 0, 6, 1, 5, 3]
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    turned = Geometry.from_angstrom(
        [METHYL_AZIDE.symbols[i] for i in order], (METHYL_AZIDE.positions_angstrom @ turn.T)[order]
    )
    assert of(turned).frequencies_cm == pytest.approx(of(METHYL_AZIDE).frequencies_cm, abs=0.5)


def test_both_programs_find_the_same_vibrations() -> None:
    pytest.importorskip("xtb")
    theirs = of(METHYL_AZIDE, program="xtb-python").frequencies_cm
    assert of(METHYL_AZIDE).frequencies_cm == pytest.approx(theirs, abs=1.0)


def test_half_the_step_gives_the_same_wavenumbers(monkeypatch: pytest.MonkeyPatch) -> None:
    full = of(METHYL_AZIDE).frequencies_cm
    monkeypatch.setattr("actinic.engines.hessian.STEP_BOHR", 0.0025)
    assert of(METHYL_AZIDE).frequencies_cm == pytest.approx(full, abs=0.5)
