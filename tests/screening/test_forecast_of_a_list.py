"""What a list needs is counted without computing: exact at once, estimated later, done where it is known."""

from collections import Counter

import pytest

from actinic.calculations import kinds
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Failure, Outcome, Provenance
from actinic.chemistry.candidates import Candidate
from actinic.chemistry.species import Species
from actinic.screening.forecast import Forecast, forecast, stand_in
from actinic.screening.plan import missing
from actinic.screening.workflow import Workflow

FLOW = Workflow.load("photo-ligand")
TOOK_7_S = Provenance({}, "here", "", 9.0, 7.0, 1.0)


def candidate(smiles: str) -> Candidate:
    species = Species.from_smiles(smiles, multiplicity=1)
    return Candidate(
        id=smiles, name="", smiles_given=smiles, species=species, counter_ion="", role="", target_nm=None,
        extra=(), row=2, notes=(),
    )  # fmt: skip


def nothing(_: Request) -> Outcome | None:
    return None


def kinds_of(found: Forecast) -> Counter[str]:
    return Counter(kinds.kind_of(request).name for request in found.requests())


def test_what_starts_at_once_is_what_the_plan_misses() -> None:
    found = forecast([candidate("CSSC"), candidate("CCO")], FLOW, nothing)
    wanted = {kinds.key(r) for c in ("CSSC", "CCO") for r in missing(candidate(c), FLOW, nothing)}
    assert found.now.keys() == wanted
    assert found.states == {"waiting": 2}


def test_the_forecast_is_what_a_run_then_computes() -> None:
    """The same stand-ins as results, one after the other: all that is asked for was foreseen."""
    listed = [candidate("CSSC"), candidate("CN=[N+]=[N-]")]
    found = forecast(listed, FLOW, nothing)
    store: dict[str, Outcome] = {}

    def known(request: Request) -> Outcome | None:
        return store.get(kinds.key(request))

    for one in listed:
        while wanted := missing(one, FLOW, known):
            store |= {kinds.key(r): Outcome(stand_in(r), None, TOOK_7_S) for r in wanted}
    assert {kinds.key(request) for request in found.requests()} == store.keys()
    assert {"ensemble", "spectrum", "thermal", "energy", "sampling"} == kinds_of(found).keys()


def test_what_is_shared_is_counted_once() -> None:
    twice = forecast([candidate("CSSC"), candidate("CSSC")], FLOW, nothing)
    once = forecast([candidate("CSSC")], FLOW, nothing)
    assert kinds_of(twice) == kinds_of(once)


def test_a_rigid_molecule_has_one_conformer() -> None:
    flow = FLOW.model_copy(update={"reactions": None})
    assert kinds_of(forecast([candidate("c1ccccc1")], flow, nothing))["spectrum"] == 1
    assert FLOW.spectrum is not None
    assert kinds_of(forecast([candidate("CCCCO")], flow, nothing))["spectrum"] == FLOW.spectrum.conformers


def test_what_is_known_is_done_and_its_processor_time_is_noted() -> None:
    flow = FLOW.model_copy(update={"reactions": None})
    (request,) = missing(candidate("CCO"), flow, nothing)
    known = {kinds.key(request): Outcome(stand_in(request), None, TOOK_7_S)}
    found = forecast([candidate("CCO")], flow, lambda r: known.get(kinds.key(r)))
    assert found.known == {"ensemble": {kinds.key(request): 7.0}}
    assert kinds_of(found).keys() == {"spectrum"}
    everything = {kinds.key(r): Outcome(stand_in(r), None, TOOK_7_S) for r in found.requests()} | known
    done = forecast([candidate("CCO")], flow, lambda r: everything.get(kinds.key(r)))
    assert (done.states, done.now, done.later) == ({"done": 1}, {}, {})


@pytest.mark.parametrize(("smiles", "state"), [("C" * 61, "screened_out"), ("CCO", "failed")])
def test_who_needs_nothing_is_not_counted(smiles: str, state: str) -> None:
    failed = Outcome(None, Failure("InputError", "no", ""), TOOK_7_S)
    found = forecast([candidate(smiles)], FLOW, lambda _: failed)
    assert found.states == {state: 1}
    assert list(found.requests()) == []
