"""Tiers that need nothing of each other are computed together, and the end is the same in any order."""

import random
from collections.abc import Callable

import pytest

from actinic.calculations import kinds
from actinic.calculations.energy import EnergyRequest, EnergyResult
from actinic.calculations.ensemble import Conformer, EnsembleRequest, EnsembleResult
from actinic.calculations.frontier import FrontierRequest, FrontierResult
from actinic.calculations.kinds import Request, Result
from actinic.calculations.outcome import Failure, Outcome, Provenance
from actinic.calculations.path_energy import PathEnergyRequest
from actinic.calculations.path_saddle import PathSaddleRequest
from actinic.calculations.path_scan import PathScanRequest
from actinic.calculations.relaxation import RelaxationRequest, RelaxationResult
from actinic.calculations.reorganisation import ReorganisationRequest, ReorganisationResult
from actinic.calculations.sampling import SamplingRequest, SamplingResult
from actinic.calculations.spectrum import SpectrumRequest, SpectrumResult, Transition
from actinic.calculations.thermal import ThermalRequest, ThermalResult
from actinic.chemistry.candidates import Candidate
from actinic.chemistry.species import Species
from actinic.engines.embedding import embed
from actinic.screening.path_stand_ins import stage_stand_in
from actinic.screening.plan import missing, progress
from actinic.screening.sections import GateSection
from actinic.screening.workflow import Workflow

FLOW = Workflow.load("photo-ligand")
NOW = Provenance({}, "here", "", 1.0, 1.0, 1.0)
Answer = Callable[[Request], Outcome | None]

SPECIES = Species.from_smiles("CN=[N+]=[N-]", multiplicity=1)
METHYL_AZIDE = Candidate(
    id="x", name="", smiles_given="CN=[N+]=[N-]", species=SPECIES, counter_ion="", role="", target_nm=None,
    extra=(), row=2, notes=(),
)  # fmt: skip


def made_up(request: Request) -> Result:  # noqa: PLR0911 - one return a kind
    weak = (Transition(4.3, 1e-4), Transition(5.5, 0.3))
    match request:
        case EnsembleRequest():
            geometry = embed(request.species, n_conformers=1, seed=1, rmsd_angstrom=0.1)[0]
            return EnsembleResult((Conformer(geometry, -1.0, 1, 1.0, -9.0, 1.0, 1.0),), 1, 0, 0, None, None)
        case ThermalRequest():
            return ThermalResult(request.geometry, -1.0, 0.0, (900.0,), (1.0, 1.0, 1.0), 1, 30.0, 0)
        case SamplingRequest():
            return SamplingResult(weak[:1], 5.5, (weak[:1],) * 5, 5.5, 0, 0, 0)
        case FrontierRequest():
            return FrontierResult(-9.0, 1.0, 8.0, -1.0)
        case EnergyRequest():
            spin = (request.multiplicity - 1) / 2
            return EnergyResult(-50.0, 0.0, spin * (spin + 1), -9.0, 1.0, "diis")
        case RelaxationRequest():
            return RelaxationResult(request.geometry, -50.0, 0.0, 0.75, 5)
        case ReorganisationRequest():
            return ReorganisationResult(request.geometry, request.geometry, 0.1, 0.1)
        case SpectrumRequest():
            return SpectrumResult(-1.0, -6.0, -1.0, 2.0, weak, 6.5, False, "diis")
        case PathScanRequest() | PathSaddleRequest() | PathEnergyRequest():
            return stage_stand_in(request)


def outcome_of(request: Request) -> Outcome:
    return Outcome(made_up(request), None, NOW)


def knowing(*known: type) -> Answer:
    return lambda request: outcome_of(request) if isinstance(request, known) else None


def names(requests: tuple[Request, ...]) -> set[str]:
    return {kinds.kind_of(request).name for request in requests}


def gated(quantity: str) -> Workflow:
    gate = GateSection(quantity=quantity, at_least=-1e9, min_probability=0.05, reason="no")
    return FLOW.model_copy(update={"gates": (gate,)})


def test_reactions_do_not_wait_for_spectra_nor_for_sampled_bands() -> None:
    assert names(missing(METHYL_AZIDE, FLOW, knowing())) == {"ensemble"}
    assert names(missing(METHYL_AZIDE, FLOW, knowing(EnsembleRequest))) >= {"spectrum", "thermal"}
    sampling = missing(METHYL_AZIDE, FLOW, knowing(EnsembleRequest, SpectrumRequest, ThermalRequest))
    assert names(sampling) == {"sampling", "energy"}


def test_the_first_missing_calculations_are_those_of_the_first_tier() -> None:
    wanted = missing(METHYL_AZIDE, FLOW, knowing(EnsembleRequest))
    assert isinstance(wanted[0], SpectrumRequest)


@pytest.mark.parametrize("quantity", ["band_edge_nm", "absorptivity_365_nm_l_mol_cm"])
def test_reactions_wait_for_light_where_a_gate_looks_at_it(quantity: str) -> None:
    for known in ((EnsembleRequest,), (EnsembleRequest, SpectrumRequest, ThermalRequest)):
        assert "energy" not in names(missing(METHYL_AZIDE, gated(quantity), knowing(*known)))
    first = missing(METHYL_AZIDE, gated(quantity), knowing(EnsembleRequest))
    assert names(first) == {"spectrum"}


@pytest.mark.parametrize("quantity", ["heavy_atoms", "film_homo_ev", "reaction_enthalpy_kcal_mol"])
def test_other_gates_hold_nothing_back(quantity: str) -> None:
    assert "thermal" in names(missing(METHYL_AZIDE, gated(quantity), knowing(EnsembleRequest)))


def arriving(seed: int, fails: type | None) -> tuple[object, ...]:
    """Bring the candidate to its end, one outcome at a time in the order of this seed; how it ended."""
    draw, store = random.Random(seed), dict[str, Outcome]()
    while wanted := missing(METHYL_AZIDE, FLOW, lambda request: store.get(kinds.key(request))):
        one = draw.choice(wanted)
        failed = Outcome(None, Failure("EngineError", "it went wrong", ""), NOW)
        store[kinds.key(one)] = failed if fails and isinstance(one, fails) else outcome_of(one)
    where = progress(METHYL_AZIDE, FLOW, lambda request: store.get(kinds.key(request)))
    return where.state, where.reason, where.known, where.assessment.quantities


@pytest.mark.parametrize("fails", [None, SpectrumRequest, EnergyRequest, SamplingRequest])
def test_the_end_does_not_depend_on_which_outcome_came_first(fails: type | None) -> None:
    ends = [arriving(seed, fails) for seed in range(6)]
    assert ends == [ends[0]] * len(ends)
