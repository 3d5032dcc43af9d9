"""Which quantities follow from what is known, and what the caveats say."""

import pytest

from actinic.analysis.assessment import assess, quantity_names
from actinic.analysis.exposure import Exposure
from actinic.analysis.heat import HeatConditions
from actinic.analysis.heat_report import HEAT_QUANTITIES
from actinic.analysis.known import Known
from actinic.analysis.merging import merged_sticks
from actinic.calculations.ensemble import Conformer, EnsembleResult
from actinic.calculations.spectrum import SpectrumResult, Transition
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.level import Level

LAMPS = Exposure((254.0, 365.0), 365.0, 100.0, 10.0)
BAKE = HeatConditions(80.0, 30.0, (100.0, 250.0), (1.0, 0.01))


def result(
    energy_ev: float, strength: float = 0.2, homo_ev: float = -6.0, capped: bool = False
) -> SpectrumResult:
    return SpectrumResult(-1.0, homo_ev, 0.5, 2.0, (Transition(energy_ev, strength),), 6.5, capped, "diis")


def known(
    smiles: str, *spectra: SpectrumResult, dft: str = "b3lyp/def2-svp", tight: str = "gfn2-xtb"
) -> Known:
    species = Species.from_smiles(smiles, multiplicity=1)
    symbols = tuple(a.GetSymbol() for a in species.molecule().GetAtoms())
    geometry = Geometry(symbols, (0,) * 3 * len(symbols))
    weights = (0.75, 0.25)
    conformers = tuple(Conformer(geometry, -1.0, 1, w, -9.4, 1.0, 1.0) for w in weights)
    ensemble = EnsembleResult(conformers, 2, 0, 0, None, None)
    return Known(species, ensemble, spectra, Level.parse(tight), Level.parse(dft))


def test_every_quantity_has_a_documented_name() -> None:
    found = assess(known("c1ccccc1", result(4.6), result(4.7)), LAMPS, BAKE).quantities
    assert set(found) <= set(quantity_names(LAMPS.lines_nm, with_spectrum=True, with_reactions=True))
    assert len(found) >= 15


def test_conformers_add_up_by_their_weights() -> None:
    sticks = merged_sticks((result(4.0, 0.4), result(4.2, 0.8)), (0.75, 0.25))
    assert sticks.energies_ev == (4.0, 4.2)
    assert sticks.strengths == pytest.approx((0.3, 0.2))


def test_a_molecule_of_two_equal_conformers_is_one_molecule() -> None:
    one = assess(known("c1ccccc1", result(4.6)), LAMPS, BAKE).quantities
    two = assess(known("c1ccccc1", result(4.6), result(4.6)), LAMPS, BAKE).quantities
    assert two["absorptivity_254_nm_l_mol_cm"].value == pytest.approx(
        one["absorptivity_254_nm_l_mol_cm"].value
    )


def test_the_optical_lumo_lies_one_edge_above_the_film_homo() -> None:
    found = assess(known("c1ccccc1", result(4.6)), LAMPS, BAKE).quantities
    edge_ev = 1239.84198 / found["band_edge_nm"].value
    assert found["lumo_optical_ev"].value == pytest.approx(found["film_homo_ev"].value + edge_ev, abs=1e-4)


def test_a_small_molecule_has_a_film_level_but_no_error_and_is_told_so() -> None:
    small = assess(known("c1ccccc1"), LAMPS, BAKE)
    assert not small.quantities["film_homo_ev"].calibrated
    assert any("film levels not given" in c for c in small.caveats)
    large = assess(known("c1ccccc1" + "-c1ccccc1" * 7), LAMPS, BAKE)
    assert large.quantities["film_homo_ev"].calibrated
    assert large.caveats == ()


def test_an_ion_has_no_film_level() -> None:
    ion = assess(known("[S-]c1ccccc1", result(4.0)), LAMPS, BAKE)
    assert "film_homo_ev" not in ion.quantities
    assert "lumo_optical_ev" not in ion.quantities
    assert any("absorption of an ion" in c for c in ion.caveats)


def test_a_class_too_small_in_the_calibration_is_said_of_a_band_and_of_nothing_else() -> None:
    azo, inside = "c1ccc(/N=N/c2ccccc2)cc1", "c1ccc2[nH]ccc2c1"
    few, many = (assess(known(smiles, result(4.6)), LAMPS, BAKE).spectrum for smiles in (azo, inside))
    assert few is not None
    assert many is not None
    assert few.standard_error_ev == pytest.approx(2 * many.standard_error_ev)
    assert any("class azo: none among" in c for c in assess(known(azo, result(4.6)), LAMPS, BAKE).caveats)
    alkane = assess(known("CCCC", result(6.4, 0.0)), LAMPS, BAKE)
    assert not any("class " in caveat for caveat in alkane.caveats)


def test_an_unbound_electron_and_a_reached_cap_are_said() -> None:
    caveats = assess(known("[S-]c1ccccc1", result(4.0, homo_ev=0.3, capped=True)), LAMPS, BAKE).caveats
    assert any("unbound: the highest electron lies at +0.30 eV" in c for c in caveats)
    assert any("complete to raw 6.50 eV only" in c for c in caveats)


def test_a_level_without_calibration_reports_no_wavelength() -> None:
    found = assess(known("c1ccccc1", result(4.6), dft="pbe/sto-3g", tight="gfn9-xtb"), LAMPS, BAKE)
    assert not {"band_max_nm", "film_homo_ev"} & set(found.quantities)
    light = [caveat for caveat in found.caveats if not caveat.startswith("heat: ")]
    assert len(light) == 2
    assert all("calibration for" in caveat for caveat in light)


def test_with_nothing_computed_only_what_follows_from_the_formula_is_known() -> None:
    species = Species.from_smiles("CCO", multiplicity=1)
    bare = Known(species, None, (), Level.parse("gfn2-xtb"), Level.parse("b3lyp/def2-svp"))
    found = {n: q.value for n, q in assess(bare, LAMPS, BAKE).quantities.items()}
    assert {n: value for n, value in found.items() if n not in HEAT_QUANTITIES} == {
        "heavy_atoms": 3.0,
        "charge": 0.0,
        "reactive_sites": 0.0,
    }
    assert found["activation_temperature_c"] == 300.0
