"""The driver: equal calculations once, a bounded number in flight, every candidate brought to its end."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from actinic import __version__
from actinic.calculations import kinds
from actinic.calculations.ensemble import Conformer, EnsembleRequest, EnsembleResult
from actinic.calculations.kinds import Request, Result
from actinic.calculations.outcome import Failure, Outcome, Provenance
from actinic.calculations.spectrum import SpectrumResult, Transition
from actinic.chemistry.candidates import Candidate
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.errors import InputError
from actinic.screening.chunks import Hint
from actinic.screening.limits import Limit, limit_of
from actinic.screening.plan import progress
from actinic.screening.retry import release
from actinic.screening.run import Driver, Tally
from actinic.screening.store import Store
from actinic.screening.tiers import Progress
from actinic.screening.workflow import Workflow

FLOW = Workflow.load("photo-ligand").model_copy(update={"reactions": None})
NOW = Provenance({"actinic": __version__}, "here", "", 2.0, 1.0, 1.0)
Fails = Callable[[Request], Failure | Exception | None]


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

    slots = 2
    memory_mb = 1000.0
    most_memory_mb = 4000.0

    def __init__(self, room: int = 4, fails: Fails = lambda _: None) -> None:
        self.room = room
        self.fails = fails
        self.submitted: list[str] = []
        self.hints: list[Hint] = []
        self.requests: list[Request] = []
        self.walls_s: list[float] = []
        self.memories_mb: list[float] = []
        self.alone: list[str] = []
        self.most_in_flight = 0
        self._pending: list[tuple[str, bytes, float]] = []

    @property
    def has_room(self) -> bool:
        return len(self._pending) < self.room

    def submit(self, key: str, request: bytes, limit: Limit, hint: Hint) -> None:
        assert key not in self.submitted
        self.submitted.append(key)
        self.hints.append(hint)
        self.requests.append(kinds.decode_request(request))
        self.walls_s.append(limit.wall_s)
        self.memories_mb.append(limit.memory_mb)
        if limit.memory_mb == self.most_memory_mb:
            assert self._pending == []
            self.alone.append(key)
        self._pending.append((key, request, limit.wall_s))
        self.most_in_flight = max(self.most_in_flight, len(self._pending))

    def completed(self, timeout_s: float) -> list[tuple[str, bytes | BaseException]]:
        key, text, wall_s = self._pending.pop(0)
        request = kinds.decode_request(text)
        failure, provenance = self.fails(request), NOW
        if isinstance(failure, Exception):
            return [(key, failure)]
        if failure is LATE:
            failure = msgspec.structs.replace(failure, wall_limit_s=wall_s, memory_limit_mb=self.memory_mb)
            provenance = msgspec.structs.replace(NOW, wall_s=wall_s)
        result = None if failure else standing_in(request)
        return [(key, msgspec.json.encode(Outcome(result, failure, provenance)))]


REFUSED = Failure("InputError", "no such level", "")
BUG = Failure("EngineError", "signal SIGSEGV", "")
LATE = Failure("ResourceError", "killed for time", "")


def of_ethanol(request: Request) -> bool:
    return isinstance(request, EnsembleRequest) and request.species.smiles == "CCO"


class Witness:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.finished: list[tuple[str, str]] = []
        self.most_at_work = self.most_queued = 0

    def item_finished(self, candidate: Candidate, where: Progress) -> None:
        self.finished.append((candidate.id, where.state))

    def calculation_finished(self, request: Request, outcome: Outcome, waiting: list[Candidate]) -> None:
        assert waiting

    def tick(self, at_work: list[tuple[Request, list[Candidate]]], tally: Tally) -> None:
        assert all(waiting for _, waiting in at_work)
        self.most_at_work = max(self.most_at_work, len(at_work))
        self.most_queued = max(self.most_queued, tally.queued)


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


def test_what_waits_for_a_slot_is_queued_and_not_at_work(store: Store) -> None:
    pool = InstantPool(room=6)
    _, witness = drive(store, pool, *(candidate(f"c{n}", "C" * n) for n in range(1, 9)))
    assert witness.most_at_work == pool.slots
    assert witness.most_queued == pool.most_in_flight - pool.slots - 1  # one has just arrived
    lonely, witness = drive(store, InstantPool(room=1), candidate("x", "CO"))
    assert (lonely.queued, witness.most_queued) == (0, 0)


def test_a_failure_ends_its_candidate_alone_and_is_remembered(store: Store) -> None:
    first = InstantPool(fails=lambda r: REFUSED if of_ethanol(r) else None)
    tally, witness = drive(store, first, candidate("bad", "CCO"), candidate("good", "CC"))
    assert dict(witness.finished) == {"bad": "failed", "good": "done"}
    assert tally.failed == 1
    assert len(first.requests) == len({kinds.key(request) for request in first.requests})
    again = InstantPool()
    _, witness = drive(store, again, candidate("bad", "CCO"))
    assert (again.submitted, witness.finished) == ([], [("bad", "failed")])


def test_a_failure_is_computed_again_when_asked(store: Store) -> None:
    tally, _ = drive(store, InstantPool(fails=lambda _: BUG), candidate("a", "CCO"))
    assert tally.failed == 1
    tally, witness = drive(store, InstantPool(), candidate("a", "CCO"), retry=True)
    assert witness.finished == [("a", "done")]
    assert (tally.computed, tally.failed) == (3, 0)


def test_asking_again_repeats_each_remedy_once_more_and_no_wrong_input(store: Store) -> None:
    drive(store, InstantPool(fails=lambda _: BUG), candidate("a", "CCO"))
    pool = InstantPool(fails=lambda _: BUG)
    drive(store, pool, candidate("a", "CCO"), candidate("b", "OCC"), retry=True)
    assert len(pool.submitted) == 2
    drive(store, InstantPool(fails=lambda _: REFUSED), candidate("c", "CC"))
    pool = InstantPool()
    drive(store, pool, candidate("c", "CC"), retry=True)
    assert pool.submitted == []


@pytest.mark.parametrize(
    ("failure", "attempts"),
    [
        (REFUSED, 1),
        (BUG, 2),
        (LATE, 2),
        (RuntimeError("worker gone"), 3),
        (Failure("ConvergenceError", "forces remain", ""), 5),
        (Failure("EmbeddingError", "no geometry could be embedded", ""), 2),
    ],
)
def test_each_class_of_failure_is_tried_as_often_as_its_remedy_says(
    store: Store, failure: Failure | Exception, attempts: int
) -> None:
    pool = InstantPool(fails=lambda _: failure)
    tally, witness = drive(store, pool, candidate("a", "CCO"))
    assert len(pool.submitted) == attempts
    assert (tally.computed, tally.failed) == (0, 1)
    assert witness.finished == [("a", "failed")]


def failing_once(failure: Failure | Exception) -> Fails:
    left = [failure]
    return lambda _: left.pop() if left else None


def test_what_did_not_settle_climbs_the_ladder_and_its_rung_is_on_record(store: Store) -> None:
    pool = InstantPool(fails=failing_once(Failure("ConvergenceError", "forces remain", "")))
    tally, witness = drive(store, pool, candidate("a", "CCO"))
    first, second = pool.requests[:2]
    assert isinstance(first, EnsembleRequest)
    assert second == msgspec.structs.replace(first, max_steps=4 * first.max_steps)
    assert witness.finished == [("a", "done")]
    assert (tally.computed, tally.failed) == (3, 0)
    assert store.lookup(first) is not None
    assert store.lookup(second) is None
    assert {r.key: r.rung for r in store.records()}[kinds.key(first)] == "4 times the iterations"
    known = store.lookup(first)
    assert known is not None
    assert (known.rung, known.settings, known.doubt) == ("4 times the iterations",) * 2 + ("",)


def test_what_never_settled_says_which_rung_was_the_last(store: Store) -> None:
    pool = InstantPool(fails=lambda _: Failure("ConvergenceError", "forces remain", ""))
    drive(store, pool, candidate("a", "CCO"))
    failed = store.failed(_ensemble_of("CCO"))
    assert failed is not None
    assert failed.failure.message == "forces remain (the last try was with other starting geometries)"
    assert failed.attempts == {"ConvergenceError": 5}


def test_what_was_killed_for_time_gets_twice_as_much_once(store: Store) -> None:
    limit_s = limit_of(_ensemble_of("CCO"), FLOW.limits).wall_s
    pool = InstantPool(fails=failing_once(LATE))
    _, witness = drive(store, pool, candidate("a", "CCO"))
    assert pool.walls_s[:2] == [limit_s, 2 * limit_s]
    assert (pool.alone, witness.finished) == ([], [("a", "done")])


def test_what_was_killed_for_memory_gets_all_of_it_once_nothing_else_is_at_work(store: Store) -> None:
    greedy = Failure("ResourceError", "killed", "", wall_limit_s=3600.0, memory_limit_mb=1000.0)
    left = [greedy]
    pool = InstantPool(fails=lambda r: left.pop() if left and of_ethanol(r) else None)
    others = [candidate(f"c{n}", "C" * n) for n in range(1, 6)]
    tally, witness = drive(store, pool, candidate("a", "CCO"), *others)
    assert len(pool.alone) == 1
    assert pool.submitted.index(pool.alone[0]) == 1 + 3 * len(others)
    assert {state for _, state in witness.finished} == {"done"}
    assert tally.failed == 0


def test_a_calculation_may_use_the_limit_of_its_kind_or_its_share_if_that_is_less() -> None:
    for limit_mb, allowed_mb in ((600.0, 600.0), (3000.0, 1000.0)):
        limits = FLOW.limits.model_copy(update={"ensemble_mb": limit_mb, "ensemble_s": 7.0})
        pool = InstantPool(fails=lambda _: REFUSED)
        flow = FLOW.model_copy(update={"limits": limits})
        with Store(Path(":memory:")) as scratch:
            driver = Driver(progress, flow, scratch, pool, Witness(), retry_failed=False)
            driver.run(iter([candidate("a", "CCO")]))
        assert (pool.walls_s, pool.memories_mb) == ([7.0], [allowed_mb])


def test_a_calculation_that_takes_workers_with_it_is_quarantined_and_named(store: Store) -> None:
    pool = InstantPool(fails=lambda r: RuntimeError("worker gone") if of_ethanol(r) else None)
    _, witness = drive(store, pool, candidate("bad", "CCO"), candidate("good", "CC"))
    assert dict(witness.finished) == {"bad": "failed", "good": "done"}
    assert len(pool.alone) == 1  # the third time, so that a bystander would be cleared
    failed = store.failed(_ensemble_of("CCO"))
    assert failed is not None
    assert failed.failure.error_class == "WorkerLost"
    assert "quarantined, for 3 workers were lost with it" in failed.failure.message
    for retry in (False, True):
        again = InstantPool()
        drive(store, again, candidate("bad", "CCO"), retry=retry)
        assert again.submitted == []


def test_attempts_of_a_driver_that_was_killed_count(store: Store) -> None:
    store.add(_ensemble_of("CCO"), Outcome(None, BUG, NOW))
    pool = InstantPool(fails=lambda _: BUG)
    drive(store, pool, candidate("a", "CCO"))
    assert len(pool.submitted) == 1


def test_released_failures_are_those_that_hold_the_run_back(store: Store) -> None:
    drive(store, InstantPool(fails=lambda _: BUG), candidate("a", "CCO"), candidate("b", "CC"))
    drive(store, InstantPool(fails=lambda _: RuntimeError("gone")), candidate("c", "C"))
    listed = [candidate("a", "CCO"), candidate("c", "C")]
    with pytest.raises(InputError, match="--only Bug: no such class of failures; there are InputError"):
        release(listed, progress, FLOW, store, "Bug")
    assert release(listed, progress, FLOW, store, "ConvergenceError") == {}
    assert release(listed, progress, FLOW, store) == {"EngineError": 1}
    assert release(listed, progress, FLOW, store, "WorkerLost") == {"WorkerLost": 1}
    assert [failed.failure.error_class for _, failed in store.failures()] == ["EngineError"]  # of b


def test_a_failure_of_another_version_is_tried_again(store: Store) -> None:
    request = kinds.decode_request(kinds.encode(_ensemble_of("CCO")))
    old = msgspec.structs.replace(NOW, versions={"actinic": "0.0.1"})
    store.add(request, Outcome(None, Failure("EngineError", "a bug since fixed", ""), old))
    _, witness = drive(store, InstantPool(), candidate("a", "CCO"))
    assert witness.finished == [("a", "done")]


def test_a_killed_calculation_is_tried_again_once_it_may_take_more(store: Store) -> None:
    limit_s = limit_of(_ensemble_of("CCO"), FLOW.limits).wall_s
    for wall_s, wall_limit_s, memory_limit_mb, state in (
        (2 * limit_s, 2 * limit_s, 1000.0, "failed"),
        (limit_s / 2, limit_s / 2, 1000.0, "done"),
        (1.0, limit_s, 4000.0, "failed"),
        (1.0, limit_s, 500.0, "done"),
    ):
        with Store(store.path.with_name(f"{wall_limit_s}-{memory_limit_mb}.sqlite")) as own:
            killed = Failure("ResourceError", "killed", "", wall_limit_s, memory_limit_mb)
            for _ in range(2):
                own.add(
                    _ensemble_of("CCO"), Outcome(None, killed, msgspec.structs.replace(NOW, wall_s=wall_s))
                )
            _, witness = drive(own, InstantPool(), candidate("a", "CCO"))
        assert witness.finished == [("a", state)]


def _ensemble_of(smiles: str) -> Request:
    pool = InstantPool(fails=lambda _: REFUSED)
    with Store(Path(":memory:")) as scratch:
        drive(scratch, pool, candidate("x", smiles))
    return pool.requests[0]


def test_what_is_known_of_a_kind_and_who_came_first_goes_with_a_calculation(store: Store) -> None:
    pool = InstantPool(room=2)
    drive(store, pool, *(candidate(f"c{n}", "C" * (n + 1)) for n in range(8)))
    hints = list(zip(pool.requests, pool.hints, strict=True))
    ensembles = [hint for request, hint in hints if isinstance(request, EnsembleRequest)]
    assert [hint.expected_s for hint in ensembles[:2]] == [None, None]
    assert ensembles[-1].expected_s == NOW.wall_s
    assert [hint.priority for hint in ensembles] == [-n for n in range(8)]
    spectra = [hint.priority for request, hint in hints if not isinstance(request, EnsembleRequest)]
    assert sorted(set(spectra), reverse=True) == [-n for n in range(8)]


def test_a_second_attempt_travels_alone(store: Store) -> None:
    pool = InstantPool(fails=lambda r: RuntimeError("worker gone") if of_ethanol(r) else None)
    drive(store, pool, *(candidate(f"c{n}", "C" * (n + 1)) for n in range(8)), candidate("e", "CCO"))
    hints = [hint for request, hint in zip(pool.requests, pool.hints, strict=True) if of_ethanol(request)]
    assert [hint.expected_s for hint in hints][1:] == [None] * (len(hints) - 1)
    assert len(hints) == 3
