"""Heat from calculations: bonds, paths, equilibria; with energies made up so that the answer is known."""

import math
from dataclasses import dataclass

import pytest

from actinic.analysis import heat as heat_module
from actinic.analysis import reaction_energies
from actinic.analysis.bond_calibration import BondCalibration
from actinic.analysis.heat import HeatConditions, heat
from actinic.analysis.heat_report import activation_label, heat_quantities
from actinic.analysis.homolysis_rates import bond_kind, homolysis_rate
from actinic.analysis.local_calibration import LocalBarrier
from actinic.analysis.local_heat import moved
from actinic.analysis.path_rates import error_from, path_error, path_law
from actinic.analysis.reaction_energies import Computed, KnownReaction
from actinic.analysis.release_equilibrium import equilibrium_c
from actinic.calculations.energy import EnergyResult
from actinic.calculations.thermal import ThermalResult
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.motifs import match
from actinic.chemistry.reactions import Reaction, reactions
from actinic.chemistry.species import Species
from actinic.level import Level
from actinic.units import BOLTZMANN_KCAL_MOL_K, HARTREE_KCAL_MOL

BAKE = HeatConditions(80.0, 30.0, (100.0, 250.0), (1.0, 0.01))
LEVEL = Level.parse("wb97x-d3/def2-svp")
BOC = Species.from_smiles("CNC(=O)OC(C)(C)C", multiplicity=1)
CARBAMATE = Species.from_smiles("CC(C)OC(=O)N(C)C", multiplicity=1)
CARBAMIC = Species.from_smiles("CNC(=O)O", multiplicity=1)
PEROXIDE = Species.from_smiles("COOC", multiplicity=1)


def vibrations(*frequencies_cm: float, smiles: str = "C") -> ThermalResult:
    symbols = tuple(a.GetSymbol() for a in Species.from_smiles(smiles, multiplicity=1).molecule().GetAtoms())
    geometry = Geometry(symbols, (0,) * 3 * len(symbols))
    return ThermalResult(geometry, -1.0, 0.0, frequencies_cm, (0.1, 0.1, 0.1), 1, 60.0, 0)


def of_motif(species: Species, channel: str) -> Reaction:
    found = [r for site in match(species) for r in reactions(species, site) if r.channel == channel]
    return found[0]


def known(reaction: Reaction, raw_energy_kcal_mol: float) -> KnownReaction:
    """Species without thermal differences but those of their number."""

    def part(species: Species, hartree: float) -> Computed:
        energy = EnergyResult(hartree, 0.0, 0.0, -9.0, 1.0, "diis")
        return Computed(species, vibrations(1000.0), (energy,))

    products = [part(p.species, 0.0) for p in reaction.products]
    reactant = part(reaction.reactants[0], -raw_energy_kcal_mol / HARTREE_KCAL_MOL)
    return KnownReaction(reaction, (LEVEL,), (reactant,), tuple(products))


@pytest.fixture(autouse=True)
def _exact(monkeypatch: pytest.MonkeyPatch) -> None:
    line = BondCalibration(slope=1.0, intercept_kcal_mol=0.0, standard_error_kcal_mol=2.0, n=70)
    monkeypatch.setattr(reaction_energies, "bond_calibration", lambda _: line)


BOTTOM, TOP = vibrations(500.0, 1000.0), vibrations(-1200.0, 500.0)


@dataclass(frozen=True)
class Path:
    reaction: Reaction
    electronic_barrier_kcal_mol: float | None = 40.0
    route: str = "retro-ene"
    failure: str = ""
    reactant: ThermalResult | None = BOTTOM
    transition_state: ThermalResult | None = TOP

    @property
    def is_accepted(self) -> bool:
        return not self.failure


def test_a_calculated_bond_breaks_at_the_rate_of_its_enthalpy_and_prefactor() -> None:
    reaction = of_motif(PEROXIDE, "O-O homolysis")
    one = known(reaction, 37.0)
    enthalpy = one.enthalpy_kcal_mol()
    assert enthalpy is not None
    first = heat(PEROXIDE, (one,), (), BAKE).first
    assert first is not None
    assert first.how == "calculated"
    assert first.law is not None
    rate = homolysis_rate(bond_kind(reaction))
    energy = enthalpy.value + rate.shift_kcal_mol
    expected = 10**rate.log10_a * math.exp(-energy / (BOLTZMANN_KCAL_MOL_K * 500.0))
    assert first.law.rate_s(500.0) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("smiles", "channel", "kind"),
    [
        ("COOC", "O-O homolysis", "O-O"),
        ("CC(=O)OOC(C)=O", "O-O homolysis", "acyloxyl"),
        ("CC(C)=NOC(C)=O", "N-O homolysis", "acyloxyl"),
        ("CC(C)(C#N)N=NC(C)(C)C#N", "one-bond homolysis", "diazenyl"),
        ("CC(C)=NOc1ccccc1", "N-O homolysis", "N-O"),
    ],
)
def test_a_bond_is_named_by_its_elements_or_by_the_radical_that_is_badly_described(
    smiles: str, channel: str, kind: str
) -> None:
    assert bond_kind(of_motif(Species.from_smiles(smiles, multiplicity=1), channel)) == kind


def test_a_bond_to_an_acyloxyl_radical_has_an_enthalpy_but_no_rate() -> None:
    acyl = Species.from_smiles("CC(=O)OOC(C)=O", multiplicity=1)
    found = heat(acyl, (known(of_motif(acyl, "O-O homolysis"), 47.0),), (), BAKE)
    assert found.channels == ()
    assert "misshapes acyloxyl radicals" in found.unknown[0]


def test_the_error_of_a_bond_is_that_of_measured_homolyses() -> None:
    reaction = of_motif(PEROXIDE, "O-O homolysis")
    found = heat(PEROXIDE, (known(reaction, 37.0),), (), BAKE)
    error_c = heat_quantities(found, BAKE)["activation_temperature_error_c"].value
    assert error_c == pytest.approx(12.5 * homolysis_rate("O-O").error_kcal_mol, rel=0.2)


def test_an_accepted_path_counts_where_its_error_is_the_smaller_one_and_stays_an_upper_limit() -> None:
    """One alkyl carbamate is measured, 4 kcal/mol by convention; Boc amines agree within 1 kcal/mol."""
    path = Path(of_motif(CARBAMATE, "retro-ene to the carbamic acid"))
    found = heat(CARBAMATE, (), (path,), BAKE)
    assert activation_label(found) == "calculated, unimolecular upper limit"
    assert len(found.channels) == 1
    boc = heat(BOC, (), (Path(of_motif(BOC, "retro-ene to the carbamic acid")),), BAKE)
    assert activation_label(boc) == "class value, unimolecular upper limit"
    assert len(boc.channels) == 1


def test_the_error_of_a_path_is_that_of_searches_for_measured_barriers() -> None:
    path = Path(of_motif(CARBAMATE, "retro-ene to the carbamic acid"))
    found = heat(CARBAMATE, (), (path,), BAKE)
    error_c = heat_quantities(found, BAKE)["activation_temperature_error_c"].value
    assert error_c == pytest.approx(13.0 * path_error("retro-ene").kcal_mol, rel=0.2)


def test_errors_of_few_searches_are_widened_and_their_mean_is_not_taken_off() -> None:
    """Student's t: 68 % of a normal variable lie within 1.20 estimated deviations of three, known mean."""
    three = error_from([2.0, 2.0, 2.0, None])
    assert three.n == 3
    assert three.kcal_mol == pytest.approx(2.0 * 1.197, rel=1e-3)
    assert error_from([2.0, -2.0]).kcal_mol > three.kcal_mol
    assert error_from([0.01, 0.01]).kcal_mol == 1.0


@pytest.mark.parametrize("errors", [[], [0.1], [None, 0.1]])
def test_a_route_that_was_not_compared_has_a_wide_error_and_says_so(
    errors: list[float | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    missed = error_from(errors)
    assert missed.kcal_mol == 8.0
    assert not missed.is_compared
    monkeypatch.setattr(heat_module, "path_error", lambda _: missed)
    diazo = Species.from_smiles("CC(C)=[N+]=[N-]", multiplicity=1)
    found = heat(diazo, (), (Path(of_motif(diazo, "singlet carbene"), route="n2-loss"),), BAKE)
    assert activation_label(found).startswith("calculated, route not compared with experiment")
    (before,), (after,) = found.channels, moved(found, LocalBarrier(2.0, 0.5, 4)).channels
    assert after.temperature_c.value > before.temperature_c.value + 10
    carbamate = heat(CARBAMATE, (), (Path(of_motif(CARBAMATE, "retro-ene to the carbamic acid")),), BAKE)
    assert activation_label(carbamate).startswith("class value, unimolecular upper limit")


def test_a_path_that_failed_leaves_the_class_value() -> None:
    path = Path(of_motif(BOC, "retro-ene to the carbamic acid"), failure="two basins: both descents meet")
    assert activation_label(heat(BOC, (), (path,), BAKE)) == "class value, unimolecular upper limit"


def test_the_barrier_of_a_path_is_its_top_with_the_vibrations_of_both_ends() -> None:
    """One real mode of 1000 cm-1 is lost: its zero-point energy, 1.43 kcal/mol, comes off."""
    law = path_law(Path(of_motif(BOC, "retro-ene to the carbamic acid")))
    assert law is not None
    quantum = 1000.0 / 8065.543937 * 23.060548  # kcal/mol
    excited = quantum / math.expm1(quantum / (BOLTZMANN_KCAL_MOL_K * 450.0))
    assert law.enthalpy_kcal_mol == pytest.approx(40.0 - quantum / 2 - excited, abs=1e-3)


@pytest.mark.parametrize("broken", [{"transition_state": vibrations(500.0)}, {"reactant": None}])
def test_without_a_saddle_or_a_minimum_there_is_no_rate(broken: dict[str, ThermalResult | None]) -> None:
    reaction = of_motif(BOC, "retro-ene to the carbamic acid")
    assert path_law(Path(reaction, **broken)) is None  # type: ignore[arg-type]


def test_less_carbon_dioxide_releases_it_at_lower_temperature() -> None:
    release = known(of_motif(CARBAMIC, "CO2 and amine"), 20.0)
    full, thin = equilibrium_c(release, 1.0), equilibrium_c(release, 0.01)
    assert full is not None
    assert thin is not None
    assert thin.value < full.value
    # dG = 0 at both: the entropies differ by R ln 100 at nearly the same enthalpy.
    ratio = (thin.value + 273.15) / (full.value + 273.15)
    assert 0.7 < ratio < 0.9


def test_an_equilibrium_has_a_temperature_and_no_rate() -> None:
    found = heat(CARBAMIC, (known(of_motif(CARBAMIC, "CO2 and amine"), 15.0),), (), BAKE)
    assert activation_label(found).startswith("equilibrium")
    quantities = heat_quantities(found, BAKE)
    assert "bake_survival" not in quantities
    assert found.first is not None
    assert "at 0.01 bar CO2" in found.first.note
