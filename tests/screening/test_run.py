"""The driver: equal calculations once, a bounded number in flight, every candidate brought to its end."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from actinic.calculations import kinds
from actinic.calculations.ensemble import Conformer, EnsembleRequest, EnsembleResult
from actinic.calculations.kinds import Request, Result
from actinic.calculations.outcome import Failure, Outcome, Provenance
from actinic.calculations.spectrum import SpectrumResult, Transition
from actinic.chemistry.candidates import Candidate
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.screening.plan import Progress, progress
from actinic.screening.run import Driver, Tally
from actinic.screening.store import Store
from actinic.screening.workflow import Workflow

FLOW = Workflow.load("photo-ligand")
NOW = Provenance({}, "here", "", 2.0, 1.0, 1.0)


def candidate(name: str, smiles: str) -> Candidate:
    species = Species.from_smiles(smiles, multiplicity=1)
    return Candidate(
        id=name, name="", smiles_given=smiles, species=species, counter_ion="", role="", target_nm=None,
        extra=(), row=2, notes=(),
    )  # fmt: skip


def standing_in(request: Request) -> Result:
    """An instant stand-in: two conformers that remember their molecule, one band."""
    if isinstance(request, EnsembleRequest):
        size = len(request.species.smiles)
        points = [(size, 0, 0), (size, 1, 0)]
        made = tuple(Conformer(Geometry(("H",), p), -1.0, 1, 0.5, -9.0, 1.0, 1.0) for p in points)
        return EnsembleResult(made, 2, 0, 0, None, None)
    return SpectrumResult(-1.0, -6.0, -1.0, 2.0, (Transition(4.6, 0.1),), 6.5, False, "diis")


class InstantPool:
    """Answers at the next question; notes what was submitted and how much was in flight."""

    memory_mb = 1000.0

    def __init__(self, room: int = 4, fails: Callable[[Request], bool] = lambda _: False) -> None:
        self.room = room
        self.fails = fails
        self.submitted: list[str] = []
        self.most_in_flight = 0
        self._pending: list[tuple[str, bytes]] = []

    @property
    def has_room(self) -> bool:
        return len(self._pending) < self.room

    def submit(self, key: str, request: bytes, wall_s: float) -> None:
        assert wall_s > 0
        self.submitted.append(key)
        self._pending.append((key, request))
        self.most_in_flight = max(self.most_in_flight, len(self._pending))

    def completed(self, timeout_s: float) -> list[tuple[str, bytes | BaseException]]:
        key, text = self._pending.pop(0)
        request = kinds.decode_request(text)
        if self.fails(request):
            return [(key, RuntimeError("worker gone"))]
        return [(key, msgspec.json.encode(Outcome(standing_in(request), None, NOW)))]


class Witness:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.finished: list[tuple[str, str]] = []

    def item_finished(self, candidate: Candidate, where: Progress) -> None:
        self.finished.append((candidate.id, where.state))

    def calculation_finished(self, request: Request, outcome: Outcome, waiting: list[Candidate]) -> None:
        assert waiting

    def tick(self, in_flight: list[tuple[Request, list[Candidate]]], tally: Tally) -> None:
        assert all(waiting for _, waiting in in_flight)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "s.sqlite") as opened:
        yield opened


def drive(
    store: Store, pool: InstantPool, *candidates: Candidate, retry: bool = False
) -> tuple[Tally, Witness]:
    witness = Witness()
    driver = Driver(progress, FLOW, store, pool, witness, retry_failed=retry)
    return driver.run(iter(candidates)), witness


def test_a_candidate_passes_through_all_tiers(store: Store) -> None:
    tally, witness = drive(store, InstantPool(), candidate("a", "CCO"))
    assert witness.finished == [("a", "done")]
    assert (tally.computed, tally.reused, tally.failed) == (3, 0, 0)
    assert tally.wall_s == {"ensemble": 2.0, "spectrum": 4.0}


def test_equal_molecules_are_computed_once_and_both_finish(store: Store) -> None:
    pool = InstantPool()
    tally, witness = drive(store, pool, candidate("a", "CCO"), candidate("b", "OCC"))
    assert sorted(witness.finished) == [("a", "done"), ("b", "done")]
    assert tally.computed == len(pool.submitted) == len(set(pool.submitted)) == 3


def test_a_second_run_computes_nothing_and_says_so(store: Store) -> None:
    drive(store, InstantPool(), candidate("a", "CCO"))
    pool = InstantPool()
    tally, witness = drive(store, pool, candidate("a", "CCO"))
    assert pool.submitted == []
    assert (tally.computed, tally.reused) == (0, 3)
    assert witness.finished == [("a", "done")]


def test_no_more_than_the_pool_has_room_for_is_in_flight(store: Store) -> None:
    pool = InstantPool(room=3)
    read = []

    def listed() -> Iterator[Candidate]:
        for n in range(1, 41):
            read.append(n)
            assert n - len(witness.finished) <= 3 * pool.room  # read lazily, not all at once
            yield candidate(f"c{n}", "C" * n)

    witness = Witness()
    Driver(progress, FLOW, store, pool, witness, retry_failed=False).run(listed())
    assert len(witness.finished) == 40
    assert FLOW.spectrum is not None
    assert pool.most_in_flight <= pool.room * FLOW.spectrum.conformers


def test_a_failure_ends_its_candidate_alone_and_is_remembered(store: Store) -> None:
    first = InstantPool(fails=lambda r: isinstance(r, EnsembleRequest) and r.species.smiles == "CCO")
    tally, witness = drive(store, first, candidate("bad", "CCO"), candidate("good", "CC"))
    assert dict(witness.finished) == {"bad": "failed", "good": "done"}
    assert tally.failed == 1
    again = InstantPool()
    _, witness = drive(store, again, candidate("bad", "CCO"))
    assert (again.submitted, witness.finished) == ([], [("bad", "failed")])


def test_a_failure_is_computed_again_when_asked(store: Store) -> None:
    drive(store, InstantPool(fails=lambda _: True), candidate("a", "CCO"))
    tally, witness = drive(store, InstantPool(), candidate("a", "CCO"), retry=True)
    assert witness.finished == [("a", "done")]
    assert (tally.computed, tally.failed) == (3, 0)


def test_a_failure_of_another_version_is_tried_again(store: Store) -> None:
    request = kinds.decode_request(kinds.encode(_ensemble_of("CCO")))
    old = msgspec.structs.replace(NOW, versions={"actinic": "0.0.1"})
    store.add(request, Outcome(None, Failure("EngineError", "a bug since fixed", ""), old))
    _, witness = drive(store, InstantPool(), candidate("a", "CCO"))
    assert witness.finished == [("a", "done")]


def test_a_killed_calculation_is_tried_again_once_it_may_take_more(store: Store) -> None:
    limit_s = FLOW.limits.ensemble_s
    for wall_limit_s, memory_limit_mb, state in (
        (limit_s, 1000.0, "failed"),
        (limit_s / 2, 1000.0, "done"),
        (limit_s, 500.0, "done"),
    ):
        with Store(store.path.with_name(f"{wall_limit_s}-{memory_limit_mb}.sqlite")) as own:
            killed = Failure("ResourceError", "killed", "", wall_limit_s, memory_limit_mb)
            own.add(_ensemble_of("CCO"), Outcome(None, killed, NOW))
            _, witness = drive(own, InstantPool(), candidate("a", "CCO"))
        assert witness.finished == [("a", state)]


def _ensemble_of(smiles: str) -> Request:
    pool = InstantPool()
    seen: list[Request] = []

    def note(request: Request) -> bool:
        seen.append(request)
        return True

    pool.fails = note
    with Store(Path(":memory:")) as scratch:
        drive(scratch, pool, candidate("x", smiles))
    return seen[0]
