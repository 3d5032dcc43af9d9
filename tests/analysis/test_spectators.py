"""Light that a chromophore absorbs which is not the group that reacts is called a spectator's."""

from dataclasses import replace

import numpy as np
import pytest
from rdkit.Chem import AllChem

from actinic.analysis.absorption import Sticks, molar_absorptivity_l_mol_cm
from actinic.analysis.assessment import Assessment, assess
from actinic.analysis.calibrated_spectrum import calibrated
from actinic.analysis.calibration import absorption_calibration
from actinic.analysis.ensemble_spectrum import WeakBand, WeakBands, bright_part
from actinic.analysis.exposure import Exposure
from actinic.analysis.heat import HeatConditions
from actinic.analysis.known import Known
from actinic.analysis.merging import merged_sticks
from actinic.analysis.spectators import SITE_SHARE, SPECTATOR_SHARE, is_spectator, reactive_atoms, site_share
from actinic.calculations.ensemble import Conformer, EnsembleResult
from actinic.calculations.sampling import SamplingResult
from actinic.calculations.spectrum import SpectrumRequest, SpectrumResult, Transition, compute
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.engines.dft import ScfSettings
from actinic.engines.response import ResponseSettings
from actinic.level import Level
from actinic.units import nm_from_ev

LEVEL = Level.parse("b3lyp/def2-svp")
LAMPS = Exposure((254.0, 365.0), 254.0, 100.0, 10.0)
BAKE = HeatConditions(80.0, 30.0, (100.0, 250.0), (1.0, 0.01))
BUTYL_AZIDE = Species.from_smiles("CCCCN=[N+]=[N-]", multiplicity=1)
"""Atoms 3 to 6 are the azide and the carbon it is bound to."""


def molecule(smiles: str) -> Species:
    return Species.from_smiles(smiles, multiplicity=1)


def result(*transitions: Transition) -> SpectrumResult:
    return SpectrumResult(-1.0, -6.0, 0.5, 2.0, transitions, 6.8, False, "diis")


def on(atoms: tuple[int, ...], energy_ev: float, strength: float) -> Transition:
    """An excitation shared evenly by these atoms of butyl azide."""
    shares = tuple(1000 // len(atoms) if i in atoms else 0 for i in range(7))
    return Transition(energy_ev, strength, shares, shares)


def assessed(spectrum: SpectrumResult, exposure: Exposure = LAMPS) -> Assessment:
    symbols = tuple(atom.GetSymbol() for atom in BUTYL_AZIDE.molecule().GetAtoms())
    geometry = Geometry(symbols, (0,) * 3 * len(symbols))
    ensemble = EnsembleResult((Conformer(geometry, -1.0, 1, 1.0, -9.4, 1.0, 1.0),), 1, 0, 0, None, None)
    known = Known(BUTYL_AZIDE, ensemble, (spectrum,), Level.parse("gfn2-xtb"), LEVEL)
    return assess(known, exposure, BAKE)


def test_the_reactive_site_is_the_group_that_light_drives_and_what_its_bond_is_bonded_to() -> None:
    assert reactive_atoms(molecule("CCCCN=[N+]=[N-]")) == (3, 4, 5, 6)
    assert reactive_atoms(molecule("CCCCO")) == ()
    nitrobenzyl = molecule("CC(=O)OCc1ccccc1[N+](=O)[O-]")
    assert {11, 12, 13} <= set(reactive_atoms(nitrobenzyl))  # the nitro group takes the hydrogen
    two = reactive_atoms(molecule("[N-]=[N+]=NCCCCN=[N+]=[N-]"))
    assert len(two) == 8


def test_an_excitation_beside_the_site_is_a_spectators_and_the_row_says_so() -> None:
    found = assessed(result(on((0, 1), 4.9, 0.3)))
    assert found.quantities[SITE_SHARE].value == 0.0
    assert is_spectator(found.quantities) is True
    assert any(caveat.startswith("spectator absorption: 0.0 %") for caveat in found.caveats)


def test_an_excitation_of_the_site_is_none() -> None:
    found = assessed(result(on((4, 5), 4.9, 0.3)))
    assert found.quantities[SITE_SHARE].value == pytest.approx(1.0)
    assert is_spectator(found.quantities) is False
    assert not any("spectator" in caveat for caveat in found.caveats)


def test_bands_count_by_what_they_absorb_at_the_line() -> None:
    two = result(on((0, 1), 4.9, 0.1), on((4, 5), 4.9, 0.3))
    assert assessed(two).quantities[SITE_SHARE].value == pytest.approx(0.75)
    far = result(on((0, 1), 4.9, 0.3), on((4, 5), 6.7, 0.3))
    assert assessed(far).quantities[SITE_SHARE].value < SPECTATOR_SHARE


def test_where_shares_were_not_stored_nothing_is_known_rather_than_no() -> None:
    found = assessed(result(Transition(4.9, 0.3)))
    assert SITE_SHARE not in found.quantities
    assert is_spectator(found.quantities) is None


def test_what_is_silent_at_its_target_is_not_judged() -> None:
    found = assessed(result(on((0, 1), 4.9, 0.3)), replace(LAMPS, target_nm=365.0))
    assert is_spectator(found.quantities) is None


def test_states_of_an_ensemble_have_the_shares_they_have_at_the_minimum() -> None:
    weak, bright = on((4, 5), 4.3, 0.0), on((0, 1), 5.8, 0.3)
    spectrum = result(weak, bright)
    sampling = SamplingResult((Transition(4.3, 0.0),), 5.5, ((Transition(4.3, 0.01),),), 5.5, 2, 0, 0)
    calibration = absorption_calibration(LEVEL)
    assert calibration is not None
    rest = merged_sticks((bright_part(spectrum, sampling, ()),), (1.0,))
    raw = calibrated(merged_sticks((spectrum,), (1.0,)), calibration, is_ion=False)
    bands = WeakBands(
        (WeakBand(Sticks((4.4,), (0.01,), 5.5), 0.1),), 0.1, 1, 0, (2.0, 7.0), (0.0, 0.0), 1e6, 0.0
    )
    lit = raw.with_weak_bands(bands, rest)
    assert site_share(BUTYL_AZIDE, (spectrum,), lit, sampling, nm_from_ev(4.4)) == pytest.approx(1, abs=0.02)


def computed_share(smiles: str, embed_seed: int = 7) -> float:
    """On the reactive site, at the maximum of the brightest band below the end of the roots."""
    species = molecule(smiles)
    drawn = species.molecule()
    assert AllChem.EmbedMolecule(drawn, randomSeed=embed_seed) == 0  # type: ignore[attr-defined]
    AllChem.MMFFOptimizeMolecule(drawn)  # type: ignore[attr-defined]
    symbols = [atom.GetSymbol() for atom in drawn.GetAtoms()]
    found = compute(
        SpectrumRequest(
            geometry=Geometry.from_angstrom(symbols, drawn.GetConformer().GetPositions()),
            charge=0,
            multiplicity=1,
            level=Level.parse("b3lyp/sto-3g"),
            scf=ScfSettings(),
            response=ResponseSettings(cover_ev=5.5),
            program="pyscf",
        ),
        1,
    )
    calibration = absorption_calibration(LEVEL)
    assert calibration is not None
    spectrum = calibrated(merged_sticks((found,), (1.0,)), calibration, is_ion=False)
    grid = np.arange(2.0, spectrum.sticks.covered_ev, 0.01)
    highest = grid[molar_absorptivity_l_mol_cm(spectrum.sticks, grid, spectrum.width_ev).argmax()]
    share = site_share(species, (found,), spectrum, None, nm_from_ev(float(highest)))
    assert share is not None
    return share


def test_an_arene_on_a_saturated_chain_is_a_spectator_and_an_aryl_azide_is_not() -> None:
    assert computed_share("c1ccc2ccccc2c1CCCN=[N+]=[N-]") < SPECTATOR_SHARE
    assert computed_share("c1ccccc1N=[N+]=[N-]") > 0.3
