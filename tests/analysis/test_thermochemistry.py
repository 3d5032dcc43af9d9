"""Thermal terms against measured ones, xtb's own, and the equations in SI units."""

import math

import numpy as np
import pytest

from actinic.analysis.thermochemistry import (
    ATMOSPHERE_PA,
    IMAGINARY_CM,
    ThermalTerms,
    molar_pressure_pa,
    thermal_terms,
)
from actinic.calculations.thermal import ThermalRequest, ThermalResult, compute
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.engines.embedding import embed
from actinic.errors import InputError
from actinic.level import Level
from actinic.units import BOLTZMANN_KCAL_MOL_K, HARTREE_KCAL_MOL

ROOM_K = 298.15


def found(smiles: str) -> ThermalResult:
    species = Species.from_smiles(smiles, multiplicity=1)
    (start,) = embed(species, n_conformers=1, seed=7, rmsd_angstrom=0.1)
    level = Level.parse("gfn2-xtb")
    return compute(ThermalRequest(start, species.charge, 1, level, "tblite", 0.004, 300), 0)


def bare(*frequencies_cm: float) -> ThermalResult:
    """A heavy atom that vibrates, so that vibrations can be looked at alone."""
    return ThermalResult(Geometry(("I",), (0, 0, 0)), 0.0, 0.0, frequencies_cm, (), 1, 100.0, 0)


def terms(
    result: ThermalResult, *, multiplicity: int = 1, temperature_k: float = ROOM_K, saddle_order: int = 0
) -> ThermalTerms:
    all_terms = thermal_terms(
        result,
        multiplicity=multiplicity,
        temperature_k=temperature_k,
        pressure_pa=ATMOSPHERE_PA,
        saddle_order=saddle_order,
    )
    assert all_terms is not None
    return all_terms


def refused(result: ThermalResult, *, saddle_order: int) -> bool:
    return (
        thermal_terms(
            result,
            multiplicity=1,
            temperature_k=ROOM_K,
            pressure_pa=ATMOSPHERE_PA,
            saddle_order=saddle_order,
        )
        is None
    )


@pytest.mark.parametrize(
    ("smiles", "heating_kcal_mol", "entropy_cal_mol_k"),
    [
        # H(298.15 K) - H(0 K) and S at 1 bar less 0.026 cal/(mol K), CODATA key values; methane NIST-JANAF.
        ("N#N", 2.072, 45.77),
        ("O", 2.367, 45.11),
        ("O=C=O", 2.238, 51.07),
        ("C", 2.396, 44.49),
    ],
)
def test_heating_and_entropy_are_the_measured_ones(
    smiles: str, heating_kcal_mol: float, entropy_cal_mol_k: float
) -> None:
    here = terms(found(smiles))
    heating = here.enthalpy_kcal_mol - here.zero_point_kcal_mol
    assert heating == pytest.approx(heating_kcal_mol, abs=0.06)
    assert 1000 * here.entropy_kcal_mol_k == pytest.approx(entropy_cal_mol_k, abs=0.2)
    assert here.gibbs_kcal_mol == pytest.approx(here.enthalpy_kcal_mol - ROOM_K * here.entropy_kcal_mol_k)


def test_benzene_is_that_of_xtb_at_every_temperature() -> None:
    # xtb's documentation, page "Thermo Submodule", rotor cutoff 100 cm-1:
    # T, H(T) - H(0), H(T) - E, T S, G(T) - E.
    table_hartree = """
         50  0.633464e-03  0.981387e-01  0.362609e-02  0.945126e-01
        100  0.128528e-02  0.987905e-01  0.815319e-02  0.906373e-01
        150  0.203561e-02  0.995409e-01  0.131373e-01  0.864036e-01
        200  0.296494e-02  0.100470e+00  0.185801e-01  0.818901e-01
        250  0.413423e-02  0.101639e+00  0.245239e-01  0.771156e-01
        300  0.558192e-02  0.103087e+00  0.310070e-01  0.720801e-01
    """
    benzene = found("c1ccccc1")
    assert benzene.symmetry_number == 12
    for temperature_k, heating, enthalpy, heat, gibbs in np.array(table_hartree.split(), float).reshape(
        -1, 5
    ):
        here = terms(benzene, temperature_k=temperature_k)
        ours = (
            here.enthalpy_kcal_mol - here.zero_point_kcal_mol,
            here.enthalpy_kcal_mol,
            temperature_k * here.entropy_kcal_mol_k,
            here.gibbs_kcal_mol,
        )
        theirs = np.array([heating, enthalpy, heat, gibbs]) * HARTREE_KCAL_MOL
        assert ours == pytest.approx(theirs, abs=0.02)


def test_water_is_that_of_xtb() -> None:
    # xtb prints zero point energy 0.020112815 and G(RRHO) contrib. 0.002493864 hartree.
    water = terms(found("O"))
    assert water.zero_point_kcal_mol == pytest.approx(0.020112815 * HARTREE_KCAL_MOL, abs=0.02)
    assert water.gibbs_kcal_mol == pytest.approx(0.002493864 * HARTREE_KCAL_MOL, abs=0.02)


def rotor_entropy_cal_mol_k(mode_cm: float) -> float:
    """Equations 4 to 6 of doi:10.1002/chem.201200497 in SI units."""
    h, c, k = 6.62607015e-34, 2.99792458e10, 1.380649e-23
    inertia = h / (8 * math.pi**2 * mode_cm * c)
    effective = inertia * 1e-44 / (inertia + 1e-44)
    return 8.314462618 / 4.184 * (0.5 + math.log(math.sqrt(8 * math.pi**3 * effective * k * ROOM_K / h**2)))


def oscillator_entropy_cal_mol_k(mode_cm: float) -> float:
    x = 1.438776877 * mode_cm / ROOM_K
    return 8.314462618 / 4.184 * (x / math.expm1(x) - math.log(1 - math.exp(-x)))


@pytest.mark.parametrize("mode_cm", [5.0, 40.0, 100.0, 250.0, 2000.0])
def test_a_soft_mode_passes_from_oscillator_to_rotor(mode_cm: float) -> None:
    weight = 1 / (1 + (100 / mode_cm) ** 4)
    expected = weight * oscillator_entropy_cal_mol_k(mode_cm) + (1 - weight) * rotor_entropy_cal_mol_k(
        mode_cm
    )
    alone = terms(bare(mode_cm)).entropy_kcal_mol_k - terms(bare()).entropy_kcal_mol_k
    assert 1000 * alone == pytest.approx(expected, abs=1e-4)


def test_ten_wavenumbers_of_noise_do_not_matter_in_a_soft_mode() -> None:
    softest, softer = terms(bare(5.0)), terms(bare(15.0))
    assert abs(softest.gibbs_kcal_mol - softer.gibbs_kcal_mol) < 0.35
    harmonic = BOLTZMANN_KCAL_MOL_K * ROOM_K * math.log(15.0 / 5.0)
    assert harmonic > 0.6


def test_an_atom_has_the_entropy_of_sackur_and_tetrode() -> None:
    # NIST-JANAF, argon at 1 bar: 154.845 J/(mol K).
    argon = ThermalResult(Geometry(("Ar",), (0, 0, 0)), 0.0, 0.0, (), (), 1, 39.948, 0)
    at_one_bar = thermal_terms(argon, multiplicity=1, temperature_k=ROOM_K, pressure_pa=1e5, saddle_order=0)
    assert at_one_bar is not None
    assert 4184 * at_one_bar.entropy_kcal_mol_k == pytest.approx(154.845, abs=0.01)
    assert at_one_bar.enthalpy_kcal_mol == pytest.approx(2.5 * BOLTZMANN_KCAL_MOL_K * ROOM_K)
    assert at_one_bar.zero_point_kcal_mol == 0.0


def test_one_mole_per_litre_lies_1_89_kcal_above_one_atmosphere() -> None:
    gas = terms(bare())
    solution = thermal_terms(
        bare(), multiplicity=1, temperature_k=ROOM_K, pressure_pa=molar_pressure_pa(ROOM_K), saddle_order=0
    )
    assert solution is not None
    assert solution.gibbs_kcal_mol - gas.gibbs_kcal_mol == pytest.approx(1.894, abs=1e-3)
    assert solution.enthalpy_kcal_mol == gas.enthalpy_kcal_mol


def test_spin_and_symmetry_count_states() -> None:
    doublet, singlet = terms(bare(), multiplicity=2), terms(bare())
    gained = doublet.entropy_kcal_mol_k - singlet.entropy_kcal_mol_k
    assert gained == pytest.approx(BOLTZMANN_KCAL_MOL_K * math.log(2))
    for constants in ((2.0,), (5.0, 4.0, 3.0)):
        one, twelve = (
            terms(ThermalResult(Geometry(("I",), (0, 0, 0)), 0.0, 0.0, (), constants, sigma, 50.0, 0))
            for sigma in (1, 12)
        )
        lost = one.entropy_kcal_mol_k - twelve.entropy_kcal_mol_k
        assert lost == pytest.approx(BOLTZMANN_KCAL_MOL_K * math.log(12))


def test_nothing_is_left_at_absolute_zero_but_the_zero_point() -> None:
    cold = terms(bare(500.0, 1000.0), temperature_k=0.5)
    assert cold.zero_point_kcal_mol == pytest.approx(750 * 2.8591e-3, rel=1e-4)
    assert cold.enthalpy_kcal_mol == pytest.approx(cold.zero_point_kcal_mol, abs=0.003)


def test_a_small_imaginary_mode_counts_as_a_soft_one_and_a_large_one_not_at_all() -> None:
    assert terms(bare(-20.0, 300.0)) == terms(bare(20.0, 300.0))
    assert refused(bare(-IMAGINARY_CM - 1, 300.0), saddle_order=0)


def test_a_transition_state_loses_the_mode_that_leads_away() -> None:
    assert terms(bare(-800.0, 300.0), saddle_order=1) == terms(bare(300.0))
    for no_transition_state in ((), (300.0,), (-800.0, -400.0, 300.0)):
        assert refused(bare(*no_transition_state), saddle_order=1)


@pytest.mark.parametrize(("temperature_k", "pressure_pa"), [(0.0, ATMOSPHERE_PA), (ROOM_K, 0.0)])
def test_conditions_that_make_no_sense_are_named(temperature_k: float, pressure_pa: float) -> None:
    with pytest.raises(InputError, match=r"temperature .* K, pressure .* Pa: expected more than 0"):
        thermal_terms(
            bare(), multiplicity=1, temperature_k=temperature_k, pressure_pa=pressure_pa, saddle_order=0
        )
