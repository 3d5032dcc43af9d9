"""Equilibria with CO2 from the calculations shipped: real energies, not made-up ones."""

import math

import pytest

from actinic.analysis.thermochemistry import ATMOSPHERE_PA, thermal_terms
from actinic.screening.release_references import RELEASE_EXPORT, Release, release_standing, releases
from actinic.screening.shipped import Shipped
from actinic.units import BOLTZMANN_KCAL_MOL_K

ACID, PAIR, ANION = "CNC(=O)O", "C[NH3+].CNC(=O)[O-]", "CNC(=O)[O-]"


def found(smiles: str) -> Release:
    (reaction,) = releases(smiles)
    standing = release_standing(reaction, Shipped.of("barriers", RELEASE_EXPORT))
    assert standing.missing == ()
    assert standing.known.reason == ""
    return standing


def test_methylcarbamic_acid_gives_back_co2_near_room_temperature_within_a_wide_error() -> None:
    full, _ = found(ACID).temperatures_c
    assert full is not None
    assert full.value == pytest.approx(11.4, abs=1.0)
    assert full.standard_error is not None
    # 6 kcal/mol of error over 0.034 kcal/(mol K): the temperature orders carbamates, it does not predict one.
    assert 100 < full.standard_error < 200


@pytest.mark.parametrize("smiles", [ACID, PAIR, ANION])
def test_thin_co2_lowers_the_temperature_as_the_entropy_of_the_reaction_says(smiles: str) -> None:
    standing = found(smiles)
    full, thin = standing.temperatures_c
    enthalpy = standing.known.enthalpy_kcal_mol()
    assert full is not None
    assert thin is not None
    assert enthalpy is not None
    # dH/T = dS at 1 bar and dS + R ln 100 at 0.01 bar, dH and dS hardly dependent on temperature.
    in_full, in_thin = full.value + 273.15, thin.value + 273.15
    more = BOLTZMANN_KCAL_MOL_K * math.log(100.0)
    assert enthalpy.value / in_thin - enthalpy.value / in_full == pytest.approx(more, rel=0.1)


def test_the_contact_pair_lasts_longer_than_its_acid_and_than_its_ions_apart() -> None:
    pair, acid, ions = (found(smiles).temperatures_c[0] for smiles in (PAIR, ACID, ANION))
    assert pair is not None
    assert acid is not None
    assert ions is not None
    assert pair.value > max(acid.value, ions.value)
    assert pair.value == pytest.approx(97.0, abs=2.0)


def test_of_carbon_dioxide_the_standard_entropy_is_the_measured_one() -> None:
    gas = found(ACID).known.products[1]
    assert gas.species.smiles == "O=C=O"
    terms = thermal_terms(
        gas.thermal, multiplicity=1, temperature_k=298.15, pressure_pa=ATMOSPHERE_PA, saddle_order=0
    )
    assert terms is not None
    # 213.785 J/(mol K) at 1 bar: CODATA key values for thermodynamics (1989).
    assert terms.entropy_kcal_mol_k * 4184 == pytest.approx(213.8, abs=1.5)
