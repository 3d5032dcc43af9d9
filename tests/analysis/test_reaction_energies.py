"""Energies put together: signs, spin-orbit terms, spin projection, what the calibration applies to."""

from typing import Any

import pytest

from actinic.analysis import reaction_energies
from actinic.analysis.bond_calibration import BondCalibration
from actinic.analysis.estimate import Estimate
from actinic.analysis.reaction_energies import Computed, KnownReaction, spin_projected_hartree
from actinic.analysis.reaction_report import (
    ExcitedStates,
    main_reaction,
    reactive_sites,
    relaxed_singlet,
    relaxed_triplet,
)
from actinic.calculations.energy import EnergyResult
from actinic.calculations.thermal import ThermalResult
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.homolysis import homolysis
from actinic.chemistry.motifs import match
from actinic.chemistry.reaction_choice import considered, to_triplet
from actinic.chemistry.reactions import Reaction
from actinic.chemistry.species import Species
from actinic.level import Level
from actinic.units import HARTREE_KCAL_MOL

LEVEL = Level.parse("wb97x-d3/def2-svp")


def energy(hartree: float, spin_square: float = 0.0) -> EnergyResult:
    return EnergyResult(hartree, 0.0, spin_square, -9.0, 1.0, "diis")


def computed(species: Species, *hartree: float, frequencies: tuple[float, ...] = (1000.0,)) -> Computed:
    symbols = tuple(atom.GetSymbol() for atom in species.molecule().GetAtoms())
    is_atom = len(symbols) == 1
    thermal = ThermalResult(
        geometry=Geometry(symbols, (0,) * 3 * len(symbols)),
        energy_hartree=-1.0,
        force_ev_angstrom=0.0,
        frequencies_cm=() if is_atom else frequencies,
        rotational_constants_cm=() if is_atom else (1.0, 1.0, 1.0),
        symmetry_number=1,
        mass_dalton=30.0,
        n_descents=0,
    )
    return Computed(species, thermal, tuple(energy(value) for value in hartree))


def methyl_iodide(*parts: tuple[float, ...], levels: tuple[Level, ...] = (LEVEL,)) -> KnownReaction:
    reaction = homolysis(Species.from_smiles("CI", multiplicity=1), (0, 1))
    species = [*reaction.reactants, *(product.species for product in reaction.products)]
    parent, *fragments = (computed(one, *hartree) for one, hartree in zip(species, parts, strict=True))
    return KnownReaction(reaction, levels, (parent,), tuple(fragments))


@pytest.fixture(autouse=True)
def _a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    line = BondCalibration(slope=0.9, intercept_kcal_mol=6.0, standard_error_kcal_mol=3.0, n=70)
    monkeypatch.setattr(reaction_energies, "bond_calibration", lambda _: line)


def test_breaking_a_bond_costs_what_the_fragments_lie_above_the_parent() -> None:
    known = methyl_iodide((-10.0,), (-4.0,), (-5.9,))
    assert known.energy_kcal_mol(0) == pytest.approx(0.1 * HARTREE_KCAL_MOL)


def test_the_enthalpy_counts_heat_and_the_spin_orbit_energy_of_the_atom() -> None:
    known = methyl_iodide((-10.0,), (-4.0,), (-5.9,))
    (raw,) = known.raw_enthalpy_kcal_mol()
    # Vibrations and rotations are equal on both sides by construction; one particle becomes two.
    translation_and_pv = 2.5 * 1.987204259e-3 * 298.15
    assert raw - known.energy_kcal_mol(0) == pytest.approx(translation_and_pv - 7.25, abs=1e-6)


def test_a_homolysis_is_calibrated_and_keeps_the_error_of_the_line() -> None:
    known = methyl_iodide((-10.0,), (-4.0,), (-5.9,))
    enthalpy = known.enthalpy_kcal_mol()
    assert enthalpy is not None
    assert enthalpy.value == pytest.approx(0.9 * known.raw_enthalpy_kcal_mol()[0] + 6.0)
    assert enthalpy.standard_error == pytest.approx(3.0)


def test_two_levels_are_averaged_before_the_line() -> None:
    two = (LEVEL, Level.parse("r2scan-3c"))
    known = methyl_iodide((-10.0, -11.0), (-4.0, -4.5), (-5.9, -6.38), levels=two)
    first, second = known.raw_enthalpy_kcal_mol()
    enthalpy = known.enthalpy_kcal_mol()
    assert second - first == pytest.approx(0.02 * HARTREE_KCAL_MOL)
    assert enthalpy is not None
    assert enthalpy.value == pytest.approx(0.9 * (first + second) / 2 + 6.0)


def test_another_step_is_left_as_computed_with_a_wider_error() -> None:
    azide = Species.from_smiles("CN=[N+]=[N-]", multiplicity=1)
    reaction = next(r for r in considered(azide, 4) if r.step == "n2_loss")
    products = tuple(computed(product.species, -5.0) for product in reaction.products)
    known = KnownReaction(reaction, (LEVEL,), (computed(azide, -10.1),), products)
    enthalpy = known.enthalpy_kcal_mol()
    assert enthalpy is not None
    assert enthalpy.value == pytest.approx(known.raw_enthalpy_kcal_mol()[0])
    assert enthalpy.standard_error == pytest.approx(6.0)


def test_a_species_that_is_no_minimum_leaves_no_enthalpy() -> None:
    known = methyl_iodide((-10.0,), (-4.0,), (-5.9,))
    saddle = computed(known.reaction.reactants[0], -10.0, frequencies=(-300.0, 900.0))
    broken = KnownReaction(known.reaction, known.levels, (saddle,), known.products)
    assert broken.raw_enthalpy_kcal_mol() == ()
    assert broken.enthalpy_kcal_mol() is None


def test_spin_projection_takes_the_triplet_out() -> None:
    half = spin_projected_hartree(energy(-1.00, 1.0), energy(-1.02, 2.0))
    assert half == pytest.approx(-0.98)
    assert spin_projected_hartree(energy(-1.0, 0.0), energy(-1.02, 2.0)) == -1.0


def lowered(reaction: Reaction, species: Species, depth: float) -> KnownReaction:
    products = tuple(computed(product.species, -5.0 - depth) for product in reaction.products)
    return KnownReaction(reaction, (LEVEL,), (computed(species, -10.0),), products)


def test_what_gives_way_first_is_the_lowest_reaction_that_keeps_the_spin() -> None:
    diazirine = Species.from_smiles("CC1(C)N=N1", multiplicity=1)
    found = considered(diazirine, 10)
    singlets = [r for r in found if r.multiplicity == 1 and len(r.reactants) == 1]
    triplets = [r for r in found if r.multiplicity == 3]
    assert len(singlets) >= 2
    assert triplets
    known = [
        lowered(singlets[0], diazirine, 0.0),
        lowered(singlets[1], diazirine, 0.1),
        lowered(triplets[0], diazirine, 0.5),
    ]
    main = main_reaction(diazirine, known)
    assert main is not None
    assert main.reaction == singlets[1]


def test_a_reaction_without_energy_cannot_be_the_first() -> None:
    known = methyl_iodide((-10.0,), (-4.0,), (-5.9,))
    unknown = KnownReaction(known.reaction, known.levels, (), (), reason="its fragment fell apart")
    assert main_reaction(known.reaction.reactants[0], [unknown]) is None


def test_the_driving_force_is_what_the_photon_leaves() -> None:
    known = methyl_iodide((-10.0,), (-4.0,), (-5.9,))
    enthalpy = known.enthalpy_kcal_mol()
    assert enthalpy is not None
    excited = ExcitedStates(relaxed_singlet(None, Estimate.exact(365.0), 0.2), Estimate.exact(60.0))
    left = excited.driving_force_kcal_mol(known)
    assert left is not None
    assert left.value == pytest.approx(78.33 - enthalpy.value, abs=0.02)  # 365 nm is 78.3 kcal/mol
    assert left.standard_error == pytest.approx((9.0 + (0.2 * 23.0605) ** 2) ** 0.5, abs=1e-2)


def test_a_dark_state_below_the_band_is_the_relaxed_singlet() -> None:
    dark = relaxed_singlet(2.7, Estimate.exact(250.0), 0.2)
    bright = relaxed_singlet(5.2, Estimate.exact(250.0), 0.2)
    assert dark is not None
    assert bright is not None
    assert dark.value == pytest.approx(2.7 * 23.0605, abs=0.01)
    assert bright.value == pytest.approx(4.959 * 23.0605, abs=0.01)
    assert relaxed_singlet(None, None, 0.2) is None


def test_a_triplet_reaction_starts_from_the_triplet() -> None:
    diazirine = Species.from_smiles("CC1(C)N=N1", multiplicity=1)
    reaction = next(r for r in considered(diazirine, 10) if r.multiplicity == 3)
    known = lowered(reaction, diazirine, 0.0)
    enthalpy = known.enthalpy_kcal_mol()
    assert enthalpy is not None
    left = ExcitedStates(None, Estimate.exact(60.0)).driving_force_kcal_mol(known)
    assert left is not None
    assert left.value == pytest.approx(60.0 - enthalpy.value)
    assert ExcitedStates(Estimate.exact(80.0), None).driving_force_kcal_mol(known) is None


def test_the_relaxed_triplet_is_the_enthalpy_of_getting_there() -> None:
    ketone = Species.from_smiles("O=C(c1ccccc1)c1ccccc1", multiplicity=1)
    reaction = to_triplet(ketone)
    triplet = computed(reaction.products[0].species, -9.9)
    known = KnownReaction(reaction, (LEVEL,), (computed(ketone, -10.0),), (triplet,))
    found = relaxed_triplet(known)
    assert found is not None
    assert found.value == pytest.approx(62.75, abs=0.01)


@pytest.mark.parametrize(
    ("smiles", "sites"),
    [("[N-]=[N+]=Nc1ccc(N=[N+]=[N-])cc1", 2), ("C=Cc1ccccc1", 1), ("CCO", 0), ("CSSC", 1)],
)
def test_reactive_sites(smiles: str, sites: int) -> None:
    assert reactive_sites(match(Species.from_smiles(smiles, multiplicity=1))) == sites


def test_without_a_calibration_of_its_levels_there_is_no_enthalpy(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(reaction_energies, "bond_calibration", seen.append)
    assert methyl_iodide((-10.0,), (-4.0,), (-5.9,)).enthalpy_kcal_mol() is None
    assert seen == [(LEVEL,)]


@pytest.mark.parametrize(
    ("smiles", "atoms", "sound"),
    [("CC(C)=NOS(C)(=O)=O", (3, 4), False), ("CC(C)=NOS(C)(=O)=O", (4, 5), True), ("CSSC", (1, 2), True)],
)
def test_making_a_sulfonyloxyl_radical_is_an_upper_bound(
    smiles: str, atoms: tuple[int, int], sound: bool
) -> None:
    species = Species.from_smiles(smiles, multiplicity=1)
    known = lowered(homolysis(species, atoms), species, 0.0)
    enthalpy = known.enthalpy_kcal_mol()
    assert enthalpy is not None
    assert enthalpy.calibrated is sound
    assert (known.caveat == "") is sound
