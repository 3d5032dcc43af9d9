"""Holes of hole-transport materials: asked for beside the spectrum, and never the end of a candidate."""

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from actinic.calculations import kinds
from actinic.calculations.energy import EnergyRequest, EnergyResult
from actinic.calculations.ensemble import Conformer, EnsembleRequest, EnsembleResult
from actinic.calculations.frontier import FrontierRequest, FrontierResult
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Failure, Outcome, Provenance
from actinic.calculations.reorganisation import ReorganisationRequest, ReorganisationResult
from actinic.calculations.spectrum import SpectrumRequest, SpectrumResult, Transition
from actinic.calculations.thermal import ThermalRequest, ThermalResult
from actinic.chemistry.candidates import Candidate
from actinic.chemistry.species import Species
from actinic.engines.embedding import embed
from actinic.reporting.columns import all_columns
from actinic.screening.plan import progress
from actinic.screening.sections import ReactionsSection
from actinic.screening.tiers import Progress
from actinic.screening.workflow import Workflow

FLOW = Workflow.load("htm")
NOW = Provenance({}, "", "", 1.0, 1.0, 1.0)
CARBAZOLE = Candidate(
    id="c",
    name="",
    smiles_given="",
    species=Species.from_smiles("c1ccc2c(c1)[nH]c1ccccc12", multiplicity=1),
    counter_ion="",
    role="htm",
    target_nm=None,
    extra=(),
    row=2,
    notes=(),
)
Answer = Callable[[Request], Outcome | None]
T1 = ReactionsSection(
    level="wb97x-d3/def2-svp+n(def2-tzvp)+s(def2-tzvp)",
    ion_level="wb97x-d3/def2-svpd+n(def2-tzvp)+s(def2-tzvp)@cpcm(acetonitrile)",
    max_reactions=0,
    triplet=True,
    fmax_ev_angstrom=0.004,
)


def plain(request: Request) -> Outcome | None:  # noqa: PLR0911 - one return a kind
    match request:
        case EnsembleRequest():
            geometry = embed(request.species, n_conformers=1, seed=1, rmsd_angstrom=0.1)[0]
            conformer = Conformer(geometry, -1.0, 1, 1.0, -9.0, 1.0, 1.0)
            return Outcome(EnsembleResult((conformer,), 1, 0, 0, None, None), None, NOW)
        case SpectrumRequest():
            found = SpectrumResult(-1.0, -6.0, -1.0, 2.0, (Transition(4.0, 0.3),), 5.0, False, "diis")
            return Outcome(found, None, NOW)
        case ReorganisationRequest():
            found_hole = ReorganisationResult(request.geometry, request.geometry, 0.06, 0.05)
            return Outcome(found_hole, None, NOW)
        case FrontierRequest():
            return Outcome(FrontierResult(-9.0, 1.0, 12.0, 6.0), None, NOW)
        case ThermalRequest():
            found_minimum = ThermalResult(request.geometry, -1.0, 0.0, (900.0,), (1.0, 1.0, 1.0), 1, 30.0, 0)
            return Outcome(found_minimum, None, NOW)
        case EnergyRequest():
            spin = (request.multiplicity - 1) / 2
            energy = -50.0 + 0.1 * spin
            return Outcome(EnergyResult(energy, 0.0, spin * (spin + 1), -9.0, 1.0, "diis"), None, NOW)
    return None


def where(flow: Workflow, candidate: Candidate = CARBAZOLE, lookup: Answer = plain) -> Progress:
    return progress(candidate, flow, lookup)


def without(kind: type, instead: Outcome | None) -> Answer:
    return lambda request: instead if isinstance(request, kind) else plain(request)


def test_the_preset_for_hole_transport_asks_for_holes_and_reports_them() -> None:
    found = where(FLOW)
    assert found.state == "done"
    assert found.assessment.quantities["hole_reorganisation_ev"].value == pytest.approx(0.11)
    assert "hole_reorganisation_ev" in {column.name for column in all_columns(FLOW, ())}


def test_holes_and_spectra_do_not_wait_for_each_other() -> None:
    missing = where(FLOW, lookup=lambda r: plain(r) if isinstance(r, EnsembleRequest) else None).missing
    assert {kinds.kind_of(request).name for request in missing} == {"reorganisation", "frontier", "spectrum"}


def test_a_workflow_without_the_section_asks_for_none() -> None:
    flow = FLOW.model_copy(update={"hole": None})
    assert where(flow, lookup=without(ReorganisationRequest, None)).state == "done"
    assert "hole_reorganisation_ev" not in {column.name for column in all_columns(flow, ())}


def test_a_hole_that_fails_is_a_caveat_and_no_end() -> None:
    failed = Outcome(None, Failure("ConvergenceError", "does not settle", ""), NOW)
    found = where(FLOW, lookup=without(ReorganisationRequest, failed))
    assert found.state == "done"
    assert "hole_reorganisation_ev" not in found.assessment.quantities
    assert any(one.startswith("no hole reorganisation energy: reorg") for one in found.assessment.caveats)


def test_a_cation_that_falls_apart_has_no_reorganisation_energy() -> None:
    def apart(request: Request) -> Outcome | None:
        if not isinstance(request, ReorganisationRequest):
            return plain(request)
        far = tuple(point + 300_000 * (i < 3) for i, point in enumerate(request.geometry.grid_points))
        broken = msgspec.structs.replace(request.geometry, grid_points=far)
        return Outcome(ReorganisationResult(request.geometry, broken, 2.0, 2.0), None, NOW)

    found = where(FLOW, lookup=apart)
    assert found.state == "done"
    assert "no hole reorganisation energy: it does not keep its bonds as a cation" in found.assessment.caveats


def test_ions_are_not_asked_for_holes() -> None:
    ion = replace(CARBAZOLE, species=Species.from_smiles("C[N+](C)(C)C", multiplicity=1))
    assert where(FLOW, ion, without(ReorganisationRequest, None)).state == "done"


def test_t1_comes_for_every_candidate_where_it_is_asked_for() -> None:
    found = where(FLOW.model_copy(update={"reactions": T1}))
    assert found.known.reactions == ()
    # 0.1 hartree between the electronic energies; vibrations are the same in the stand-ins.
    t1 = found.assessment.quantities["t1_ev"]
    assert t1.value == pytest.approx(2.72, abs=0.05)
    assert t1.standard_error == pytest.approx(0.17, abs=0.01)
    assert "the error of T1 is set by convention" in found.assessment.caveats
    asked = FLOW.model_copy(update={"reactions": T1.model_copy(update={"triplet": False})})
    assert "t1_ev" not in where(asked).assessment.quantities
