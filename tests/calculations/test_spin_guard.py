"""Spins: what a single point refuses, and what a reaction only says."""

from types import SimpleNamespace

import pytest

from actinic.analysis.assessment import assess
from actinic.analysis.known import Known
from actinic.analysis.reaction_energies import Computed, KnownReaction
from actinic.calculations import energy
from actinic.calculations.energy import EnergyRequest, EnergyResult
from actinic.calculations.thermal import ThermalResult
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.homolysis import homolysis
from actinic.chemistry.reaction_choice import considered
from actinic.chemistry.species import Species
from actinic.engines.dft import ScfSettings
from actinic.errors import EngineError
from actinic.level import Level
from actinic.screening.workflow import Workflow

FIRST = Workflow.load("photo-ligand").reactions
assert FIRST is not None
LEVEL = Level.parse(FIRST.level)


def single_point(
    monkeypatch: pytest.MonkeyPatch, spin_square: float, multiplicity: int, *, broken: bool = False
) -> EnergyResult:
    found = SimpleNamespace(
        energy_hartree=-1.0, spin_square=spin_square, homo_ev=-9.0, lumo_ev=1.0, rung="diis"
    )
    monkeypatch.setattr(energy, "ground_state", lambda *_, **__: found)
    monkeypatch.setattr(energy, "corrections_hartree", lambda *_, **__: 0.0)
    request = EnergyRequest(
        Geometry(("H",), (0, 0, 0)), 0, multiplicity, broken, LEVEL, ScfSettings(), "pyscf"
    )
    return energy.compute(request, 0)


@pytest.mark.parametrize(("spin_square", "multiplicity"), [(1.26, 2), (1.75, 2), (2.51, 3), (0.51, 1)])
def test_another_state_than_the_one_asked_for_is_refused(
    monkeypatch: pytest.MonkeyPatch, spin_square: float, multiplicity: int
) -> None:
    with pytest.raises(EngineError, match=f"<S\\^2> = {spin_square:.2f}, expected .* {multiplicity}"):
        single_point(monkeypatch, spin_square, multiplicity)


@pytest.mark.parametrize(("spin_square", "multiplicity"), [(0.75, 2), (1.24, 2), (2.04, 3)])
def test_a_contaminated_state_is_kept_with_its_spin(
    monkeypatch: pytest.MonkeyPatch, spin_square: float, multiplicity: int
) -> None:
    assert single_point(monkeypatch, spin_square, multiplicity).spin_square == spin_square


def test_a_broken_singlet_is_a_mixture_by_design(monkeypatch: pytest.MonkeyPatch) -> None:
    assert single_point(monkeypatch, 1.0, 1, broken=True).spin_square == 1.0


def computed(species: Species, *spins: float, triplets: tuple[float, ...] = ()) -> Computed:
    symbols = tuple(atom.GetSymbol() for atom in species.molecule().GetAtoms())
    geometry = Geometry(symbols, (0,) * 3 * len(symbols))
    thermal = ThermalResult(geometry, -1.0, 0.0, (1000.0,), (1.0, 1.0, 1.0), 1, 30.0, 0)

    def points(values: tuple[float, ...]) -> tuple[EnergyResult, ...]:
        return tuple(EnergyResult(-5.0, 0.0, spin, -9.0, 1.0, "diis") for spin in values)

    return Computed(species, thermal, points(spins), points(triplets))


def peroxide(spin_square: float) -> KnownReaction:
    reaction = homolysis(Species.from_smiles("COOC", multiplicity=1), (1, 2))
    first, second = (computed(product.species, spin_square) for product in reaction.products)
    return KnownReaction(reaction, (LEVEL,), (computed(reaction.reactants[0], 0.0),), (first, second))


def row_caveats(known: KnownReaction) -> str:
    flow = Workflow.load("photo-ligand")
    standing = Known(known.reaction.reactants[0], None, (), Level.parse("gfn2-xtb"), LEVEL, (known,))
    return "; ".join(assess(standing, flow.exposure_for(None), flow.heat_conditions).caveats)


@pytest.mark.parametrize(("spin_square", "said"), [(0.76, False), (0.84, False), (0.87, True), (1.24, True)])
def test_contamination_beyond_a_tenth_is_a_caveat_of_the_reaction(spin_square: float, said: bool) -> None:
    known = peroxide(spin_square)
    assert (f"spin contamination of C[O]: <S^2> is {spin_square - 0.75:.2f}" in known.spin_caveat) is said
    assert ("spin contamination of C[O]" in row_caveats(known)) is said


def test_a_broken_singlet_is_judged_by_its_triplet() -> None:
    azide = Species.from_smiles("[N-]=[N+]=Nc1ccccc1", multiplicity=1)
    reaction = next(r for r in considered(azide, 4) if any(p.open_shell for p in r.products))
    nitrene = next(p.species for p in reaction.products if p.open_shell)
    assert computed(nitrene, 1.0, triplets=(2.03,)).contamination == pytest.approx(0.03)
    assert computed(nitrene, 1.0, triplets=(2.30,)).contamination == pytest.approx(0.30)
