"""What a reaction still needs: one kind after the other, shared species once, failures named."""

from collections.abc import Callable

import pytest

from actinic.calculations import kinds
from actinic.calculations.energy import EnergyRequest, EnergyResult
from actinic.calculations.ensemble import Conformer, EnsembleRequest, EnsembleResult
from actinic.calculations.kinds import Request, Result
from actinic.calculations.outcome import Failure, Outcome, Provenance
from actinic.calculations.relaxation import RelaxationRequest, RelaxationResult
from actinic.calculations.spectrum import SpectrumRequest, SpectrumResult, Transition
from actinic.calculations.thermal import ThermalRequest, ThermalResult
from actinic.chemistry.candidates import Candidate
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.homolysis import homolysis
from actinic.chemistry.misshapen import misshapen
from actinic.chemistry.reaction_choice import considered
from actinic.chemistry.reactions import Reaction
from actinic.chemistry.species import Species
from actinic.engines.embedding import embed
from actinic.screening.participants import Recipe, ensemble_request, standing_of
from actinic.screening.plan import progress
from actinic.screening.sections import GateSection
from actinic.screening.workflow import Workflow

FLOW = Workflow.load("photo-ligand")
assert FLOW.reactions is not None
RECIPE = Recipe(FLOW.ensemble, FLOW.reactions)
SHIFT = 10_000_000
NOW = Provenance({}, "here", "", 1.0, 1.0, 1.0)
Answer = Callable[[Request], Outcome | None]


def species_of(smiles: str) -> Species:
    return Species.from_smiles(smiles, multiplicity=1)


def disulfide() -> Reaction:
    return homolysis(species_of("CSSC"), (1, 2))


def shifted(geometry: Geometry) -> Geometry:
    """The same molecule elsewhere, to tell the minimum of the vibrations from the conformer."""
    return Geometry(geometry.symbols, tuple(point + SHIFT for point in geometry.grid_points))


@pytest.mark.parametrize(
    ("smiles", "solvent"),
    [
        ("CN", None),
        ("C[NH3+]", "acetonitrile"),
        ("C[NH2+]CC(=O)[O-]", "acetonitrile"),
        ("CC(=O)[O-].C[NH3+]", "water"),
    ],
)
def test_a_contact_pair_is_relaxed_in_a_better_solvent_than_an_ion(smiles: str, solvent: str | None) -> None:
    species = species_of(smiles)
    assert ensemble_request(species, FLOW.ensemble).level.solvent == solvent
    without = FLOW.ensemble.model_copy(update={"pair_level": None})
    expected = "acetonitrile" if solvent else None
    assert ensemble_request(species, without).level.solvent == expected


def made_up(request: Request) -> Result:
    if isinstance(request, EnsembleRequest):
        geometry = embed(request.species, n_conformers=1, seed=1, rmsd_angstrom=0.1)[0]
        return EnsembleResult((Conformer(geometry, -1.0, 1, 1.0, -9.0, 1.0, 1.0),), 1, 0, 0, None, None)
    if isinstance(request, ThermalRequest):
        moved = shifted(request.geometry)
        return ThermalResult(moved, -1.0, 0.0, (900.0,), (1.0, 1.0, 1.0), 1, 30.0, 0)
    if isinstance(request, RelaxationRequest):
        return RelaxationResult(request.geometry, -50.0, 0.0, 0.75, 5)
    if isinstance(request, EnergyRequest):
        spin = (request.multiplicity - 1) / 2
        return EnergyResult(-50.0, 0.0, spin * (spin + 1), -9.0, 1.0, "diis")
    assert isinstance(request, SpectrumRequest)
    return SpectrumResult(-1.0, -6.0, -1.0, 2.0, (Transition(4.5, 0.1),), 6.5, False, "diis")


def knowing(*known: type) -> Answer:
    return lambda r: Outcome(made_up(r), None, NOW) if isinstance(r, known) else None


def names(requests: tuple[Request, ...]) -> list[str]:
    return [kinds.kind_of(request).name for request in requests]


def test_conformers_then_vibrations_then_single_points() -> None:
    stages: list[tuple[type, ...]] = [(), (EnsembleRequest,), (EnsembleRequest, ThermalRequest)]
    seen = [names(standing_of(disulfide(), RECIPE, knowing(*known), second=False)[0]) for known in stages]
    assert [set(stage) for stage in seen] == [{"ensemble"}, {"thermal"}, {"energy"}]


def test_two_equal_fragments_are_one_calculation() -> None:
    missing, _ = standing_of(disulfide(), RECIPE, knowing(), second=False)
    assert len({kinds.key(request) for request in missing}) == 2


def test_single_points_stand_at_the_minimum_of_the_vibrations() -> None:
    missing, _ = standing_of(disulfide(), RECIPE, knowing(EnsembleRequest, ThermalRequest), second=False)
    assert all(min(r.geometry.grid_points) > SHIFT // 2 for r in missing if isinstance(r, EnergyRequest))
    assert {r.multiplicity for r in missing if isinstance(r, EnergyRequest)} == {1, 2}


def test_a_complete_reaction_has_an_enthalpy_and_misses_nothing() -> None:
    everything = knowing(EnsembleRequest, ThermalRequest, EnergyRequest)
    missing, known = standing_of(disulfide(), RECIPE, everything, second=False)
    assert (missing, known.reason) == ((), "")
    assert len(known.raw_enthalpy_kcal_mol()) == 1


def test_an_open_shell_singlet_needs_its_triplet_too() -> None:
    reaction = next(r for r in considered(species_of("[N-]=[N+]=Nc1ccccc1"), 4) if r.products[1].open_shell)
    missing, _ = standing_of(reaction, RECIPE, knowing(EnsembleRequest, ThermalRequest), second=False)
    wanted = [(r.multiplicity, r.broken_symmetry) for r in missing if isinstance(r, EnergyRequest)]
    assert (1, True) in wanted
    assert (3, False) in wanted


def test_where_a_species_bears_a_charge_all_are_computed_in_the_solvent() -> None:
    reaction = next(
        r for r in considered(species_of("ClC(c1ccccc1)(c1ccccc1)c1ccccc1"), 4) if r.step == "heterolysis"
    )
    levels = RECIPE.levels(reaction, second=True)
    assert [level.solvent for level in levels] == ["acetonitrile"]
    assert [level.solvent for level in RECIPE.levels(disulfide(), second=False)] == [None]


def test_what_tight_binding_misshapes_is_relaxed_before_its_single_points() -> None:
    mesylate = species_of("CC(C)=NOS(C)(=O)=O")
    reaction = next(r for r in considered(mesylate, 4) if any(misshapen(p.species) for p in r.products))
    known = (EnsembleRequest, ThermalRequest)
    missing, _ = standing_of(reaction, RECIPE, knowing(*known), second=False)
    (wanted,) = [request for request in missing if isinstance(request, RelaxationRequest)]
    assert (wanted.multiplicity, str(wanted.level)) == (2, "wb97x-d3/def2-svp")
    assert sorted(names(missing)) == ["energy", "energy", "relaxation"]
    missing, _ = standing_of(reaction, RECIPE, knowing(*known, RelaxationRequest), second=False)
    assert wanted.geometry in {r.geometry for r in missing if isinstance(r, EnergyRequest)}
    everything = knowing(*known, RelaxationRequest, EnergyRequest)
    _, done = standing_of(reaction, RECIPE, everything, second=False)
    assert sorted(product.is_relaxed for product in done.products) == [False, True]
    assert done.caveat == ""
    without = Recipe(RECIPE.ensemble, RECIPE.reactions.model_copy(update={"relax_level": None}))
    _, unrelaxed = standing_of(reaction, without, everything, second=False)
    assert unrelaxed.caveat.endswith("the enthalpy of making one is an upper bound")


def test_a_fragment_that_fails_ends_its_reaction_with_a_reason() -> None:
    def failing(request: Request) -> Outcome | None:
        if isinstance(request, EnsembleRequest) and request.species.multiplicity == 2:
            return Outcome(None, Failure("EngineError", "no charges", ""), NOW)
        return Outcome(made_up(request), None, NOW)

    missing, known = standing_of(disulfide(), RECIPE, failing, second=False)
    assert missing == ()
    assert known.reason == "ensemble of C[S]: EngineError: no charges"


def test_a_fragment_that_falls_apart_is_a_finding() -> None:
    def falling(request: Request) -> Outcome | None:
        if isinstance(request, EnsembleRequest) and request.species.multiplicity == 2:
            return Outcome(EnsembleResult((), 4, 0, 4, "CH2 + SH", None), None, NOW)
        return Outcome(made_up(request), None, NOW)

    _, known = standing_of(disulfide(), RECIPE, falling, second=False)
    assert "C[S] does not keep its bonds; becomes CH2 + SH" in known.reason


def candidate(smiles: str) -> Candidate:
    return Candidate(
        id="x", name="", smiles_given=smiles, species=species_of(smiles), counter_ion="", role="",
        target_nm=None, extra=(), row=2, notes=(),
    )  # fmt: skip


def test_reactions_come_after_the_spectrum_and_failures_in_them_leave_the_candidate_done() -> None:
    before = progress(candidate("CSSC"), FLOW, knowing(EnsembleRequest, SpectrumRequest))
    assert (before.state, set(names(before.missing))) == ("waiting", {"thermal"})

    def failing(request: Request) -> Outcome | None:
        if isinstance(request, ThermalRequest):
            return Outcome(None, Failure("ConvergenceError", "flat", ""), NOW)
        return knowing(EnsembleRequest, SpectrumRequest)(request)

    after = progress(candidate("CSSC"), FLOW, failing)
    assert after.state == "done"
    assert [known.reason[:7] for known in after.known.reactions] == ["thermal"] * len(after.known.reactions)
    assert after.known.reactions


def test_the_same_request_is_asked_for_once() -> None:
    missing = progress(candidate("CSSC"), FLOW, knowing(EnsembleRequest, SpectrumRequest)).missing
    assert len({kinds.key(request) for request in missing}) == len(missing)


def test_the_second_level_is_for_the_reaction_that_gives_way_first_and_for_who_passed_the_gates() -> None:
    assert FLOW.reactions is not None
    two = FLOW.reactions.model_copy(update={"second_level": "r2scan-3c"})
    flow = FLOW.model_copy(update={"reactions": two})

    def first_level_known(request: Request) -> Outcome | None:
        if isinstance(request, EnergyRequest) and request.level.method == "r2scan-3c":
            return None
        return Outcome(made_up(request), None, NOW)

    ethanol = candidate("CCO")
    where = progress(ethanol, flow, first_level_known)
    wanted = [r for r in where.missing if isinstance(r, EnergyRequest)]
    assert where.state == "waiting"
    assert {r.level.method for r in wanted} == {"r2scan-3c"}
    assert len(wanted) == 3  # one reaction of three, its parent and two fragments
    done = progress(ethanol, flow, lambda request: Outcome(made_up(request), None, NOW))
    assert done.assessment.reaction is not None
    assert len(done.assessment.reaction.levels) == 2
    assert sorted(len(known.levels) for known in done.known.reactions) == [1, 1, 2]
    gate = GateSection(quantity="reaction_enthalpy_kcal_mol", at_least=0.0, min_probability=0.5, reason="no")
    gated = flow.model_copy(update={"gates": (*flow.gates, gate)})
    assert progress(ethanol, gated, first_level_known).state == "screened_out"
