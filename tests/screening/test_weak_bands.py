"""Sampling of weak bands: asked for where a motif and a weak lowest state promise one, and only there."""

from collections.abc import Callable

import msgspec
import numpy as np
import pytest

from actinic.analysis.exposure import dark_state_caveat
from actinic.analysis.npi_states import weak_calibration
from actinic.calculations.ensemble import Conformer, EnsembleRequest, EnsembleResult
from actinic.calculations.kinds import Request, kind_of
from actinic.calculations.outcome import Failure, Outcome, Provenance
from actinic.calculations.sampling import SamplingRequest, SamplingResult
from actinic.calculations.spectrum import SpectrumRequest, SpectrumResult, Transition
from actinic.calculations.thermal import ThermalRequest, ThermalResult
from actinic.chemistry.candidates import Candidate
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.level import Level
from actinic.screening.plan import missing, progress
from actinic.screening.sections import GateSection
from actinic.screening.workflow import Workflow

FLOW = Workflow.load("photo-ligand").model_copy(update={"reactions": None})
NOW = Provenance({}, "here", "", 1.0, 1.0, 1.0)
COORDINATES = """-1.40 0.45 0.02  -0.36 -0.58 -0.03  0.80 -0.15 0.01  1.91 0.09 0.05
    -1.33 1.10 -0.86  -2.36 -0.08 0.01  -1.31 1.05 0.93"""
METHYL_AZIDE = Geometry.from_angstrom(list("CNNNHHH"), np.fromstring(COORDINATES, sep=" ").reshape(-1, 3))

Answer = Callable[[Request], Outcome | None]


def candidate(smiles: str = "CN=[N+]=[N-]") -> Candidate:
    species = Species.from_smiles(smiles, multiplicity=1)
    return Candidate(
        id="x", name="", smiles_given=smiles, species=species, counter_ion="", role="", target_nm=None,
        extra=(), row=2, notes=(),
    )  # fmt: skip


def answering(
    *, lowest: float = 1e-4, thermal: Outcome | None = None, sampling: Outcome | None = None
) -> Answer:
    """A store in which ensemble and spectrum are known, and of the other kinds those that are given."""
    conformer = Conformer(METHYL_AZIDE, -1.0, 1, 1.0, -9.0, 1.0, 1.0)
    transitions = (Transition(4.3, lowest), Transition(5.5, 0.3))
    known: dict[type, Outcome | None] = {
        EnsembleRequest: Outcome(EnsembleResult((conformer,), 5, 0, 0, None, None), None, NOW),
        SpectrumRequest: Outcome(
            SpectrumResult(-1.0, -6.0, -1.0, 2.0, transitions, 6.5, False, "diis"), None, NOW
        ),
        ThermalRequest: thermal,
        SamplingRequest: sampling,
    }
    return lambda request: known[type(request)]


def minimum(geometry: Geometry = METHYL_AZIDE) -> Outcome:
    return Outcome(ThermalResult(geometry, -1.0, 0.0, (), (), 1, 57.0, 0), None, NOW)


def sampled() -> Outcome:
    generator = np.random.default_rng(1)
    geometries = tuple((Transition(float(e), 1e-3),) for e in generator.normal(3.5, 0.2, 30))
    return Outcome(SamplingResult((Transition(4.3, 1e-4),), 5.5, geometries, 5.5, 2, 0, 0), None, NOW)


def failed() -> Outcome:
    return Outcome(None, Failure("ConvergenceError", "too many geometries were lost", ""), NOW)


def kinds_missing(smiles: str, answer: Answer) -> list[str]:
    return [kind_of(request).name for request in missing(candidate(smiles), FLOW, answer)]


def test_the_minimum_comes_first_then_the_ensemble_around_it() -> None:
    assert kinds_missing("CN=[N+]=[N-]", answering()) == ["thermal"]
    (request,) = missing(candidate(), FLOW, answering(thermal=minimum()))
    assert isinstance(request, SamplingRequest)
    assert request.geometry == METHYL_AZIDE
    assert FLOW.sampling is not None
    wanted = (FLOW.sampling.geometries, "full", 0)
    assert (request.n_geometries, request.response.tier, request.scf.grid_level) == wanted
    assert FLOW.spectrum is not None
    assert request.level == Level.parse(FLOW.spectrum.level).in_gas_phase != Level.parse(FLOW.spectrum.level)


def test_nothing_is_sampled_without_a_motif_or_without_a_weak_lowest_state() -> None:
    assert kinds_missing("CCO", answering()) == []
    assert kinds_missing("CN=[N+]=[N-]", answering(lowest=0.2)) == []


def test_nothing_is_sampled_when_the_workflow_does_not_ask() -> None:
    silent = FLOW.model_copy(update={"sampling": None})
    assert missing(candidate(), silent, answering()) == ()


def test_nothing_is_sampled_at_a_level_whose_weak_states_have_no_correction() -> None:
    assert FLOW.spectrum is not None
    other = FLOW.model_copy(update={"spectrum": FLOW.spectrum.model_copy(update={"level": "pbe0/def2-svp"})})
    assert missing(candidate(), other, answering()) == ()
    calibrated = FLOW.model_copy(update={"spectrum": FLOW.spectrum})
    assert missing(candidate(), calibrated, answering()) != ()


def test_an_ensemble_lights_a_line_that_its_states_left_dark() -> None:
    name = "absorptivity_365_nm_l_mol_cm"
    before = progress(candidate(), FLOW, answering(thermal=failed()))
    after = progress(candidate(), FLOW, answering(thermal=minimum(), sampling=sampled()))
    assert before.state == after.state == "done"
    assert before.assessment.quantities[name].value < 1
    assert 20 < after.assessment.quantities[name].value < 200
    assert after.assessment.spectrum is not None
    said = dark_state_caveat(after.assessment.spectrum) or ""
    assert "30 sampled geometries, 2 soft modes left out" in said


def test_no_gate_shuts_on_a_line_before_the_ensemble_is_known() -> None:
    gate = GateSection(
        quantity="absorptivity_365_nm_l_mol_cm", at_least=20.0, min_probability=0.5, reason="dark at 365 nm"
    )
    flow = FLOW.model_copy(update={"gates": (gate,)})
    states = [
        progress(candidate(), flow, one).state
        for one in (
            answering(),
            answering(thermal=minimum()),
            answering(thermal=minimum(), sampling=sampled()),
            answering(thermal=failed()),
        )
    ]
    assert states == ["waiting", "waiting", "done", "screened_out"]


def test_the_response_edge_sees_the_ensemble() -> None:
    bright = msgspec.structs.replace(
        sampled().result,  # type: ignore[type-var]
        geometries=tuple((Transition(3.5, 5e-3),) for _ in range(30)),
    )
    answer = answering(thermal=minimum(), sampling=Outcome(bright, None, NOW))
    edges = [
        progress(candidate(), FLOW, one).assessment.quantities["response_edge_nm"]
        for one in (answering(thermal=failed()), answer)
    ]
    assert edges[1].value > 365 > edges[0].value
    assert (edges[1].standard_error or 0) > 5


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("thermal", answering(thermal=failed())),
        ("sampling", answering(thermal=minimum(), sampling=failed())),
    ],
)
def test_what_cannot_be_sampled_is_said_and_ends_no_candidate(kind: str, answer: Answer) -> None:
    here = progress(candidate(), FLOW, answer)
    assert here.state == "done"
    said = f"weak bands not sampled: {kind}: ConvergenceError: too many geometries were lost"
    assert said in here.assessment.caveats


def test_a_minimum_with_other_bonds_is_not_sampled() -> None:
    positions = METHYL_AZIDE.positions_angstrom
    positions[2:4] += np.array([3.0, 0.0, 0.0])
    apart = Geometry.from_angstrom(METHYL_AZIDE.symbols, positions)
    here = progress(candidate(), FLOW, answering(thermal=minimum(apart)))
    assert any("does not keep its bonds when optimised tightly" in c for c in here.assessment.caveats)


def test_states_that_an_ensemble_replaces_are_placed_by_its_correction_in_the_band_position_too() -> None:
    """Methyl azide's lowest state bears no hole here: its motif alone says that it is n-pi*."""
    assert FLOW.spectrum is not None
    known = weak_calibration(Level.parse(FLOW.spectrum.level))
    assert known is not None
    spectra = [
        progress(candidate(), FLOW, one).assessment.spectrum
        for one in (answering(thermal=minimum(), sampling=sampled()), answering(thermal=failed()))
    ]
    with_it, without = spectra
    assert with_it is not None
    assert without is not None
    assert with_it.sticks.energies_ev[0] == pytest.approx(4.3 + known.shift_ev)
    assert without.sticks.energies_ev[0] != pytest.approx(4.3 + known.shift_ev, abs=0.05)
    assert with_it.sticks.energies_ev[1] == pytest.approx(without.sticks.energies_ev[1])
