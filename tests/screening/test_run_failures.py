"""The driver and what fails: tried as often as its remedy says, remembered, quarantined, released."""

import msgspec
import pytest

from actinic.calculations import kinds
from actinic.calculations.ensemble import EnsembleRequest
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Failure, Outcome
from actinic.chemistry.candidates import Candidate
from actinic.errors import InputError
from actinic.screening.limits import limit_of
from actinic.screening.plan import progress
from actinic.screening.retry import release
from actinic.screening.run import Driver, Tally
from actinic.screening.store import Store
from support.driving import (
    BUG,
    FLOW,
    LATE,
    NOW,
    REFUSED,
    Fails,
    InstantPool,
    Witness,
    candidate,
    drive,
    ensemble_of,
    of_ethanol,
)


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
    failed = store.failed(ensemble_of("CCO"))
    assert failed is not None
    assert failed.failure.message == "forces remain (the last try was with other starting geometries)"
    assert failed.attempts == {"ConvergenceError": 5}


def test_what_was_killed_for_time_gets_twice_as_much_once(store: Store) -> None:
    limit_s = limit_of(ensemble_of("CCO"), FLOW.limits).wall_s
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


def test_a_calculation_that_takes_workers_with_it_is_quarantined_and_named(store: Store) -> None:
    pool = InstantPool(fails=lambda r: RuntimeError("worker gone") if of_ethanol(r) else None)
    _, witness = drive(store, pool, candidate("bad", "CCO"), candidate("good", "CC"))
    assert dict(witness.finished) == {"bad": "failed", "good": "done"}
    assert len(pool.alone) == 1  # the third time, so that a bystander would be cleared
    failed = store.failed(ensemble_of("CCO"))
    assert failed is not None
    assert failed.failure.error_class == "WorkerLost"
    assert "quarantined, for 3 workers were lost with it" in failed.failure.message
    for retry in (False, True):
        again = InstantPool()
        drive(store, again, candidate("bad", "CCO"), retry=retry)
        assert again.submitted == []


def test_attempts_of_a_driver_that_was_killed_count(store: Store) -> None:
    store.add(ensemble_of("CCO"), Outcome(None, BUG, NOW))
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
    request = kinds.decode_request(kinds.encode(ensemble_of("CCO")))
    old = msgspec.structs.replace(NOW, versions={"actinic": "0.0.1"})
    store.add(request, Outcome(None, Failure("EngineError", "a bug since fixed", ""), old))
    _, witness = drive(store, InstantPool(), candidate("a", "CCO"))
    assert witness.finished == [("a", "done")]


def test_a_killed_calculation_is_tried_again_once_it_may_take_more(store: Store) -> None:
    limit_s = limit_of(ensemble_of("CCO"), FLOW.limits).wall_s
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
                    ensemble_of("CCO"), Outcome(None, killed, msgspec.structs.replace(NOW, wall_s=wall_s))
                )
            _, witness = drive(own, InstantPool(), candidate("a", "CCO"))
        assert witness.finished == [("a", state)]


def test_a_second_attempt_travels_alone(store: Store) -> None:
    pool = InstantPool(fails=lambda r: RuntimeError("worker gone") if of_ethanol(r) else None)
    drive(store, pool, *(candidate(f"c{n}", "C" * (n + 1)) for n in range(8)), candidate("e", "CCO"))
    hints = [hint for request, hint in zip(pool.requests, pool.hints, strict=True) if of_ethanol(request)]
    assert [hint.expected_s for hint in hints][1:] == [None] * (len(hints) - 1)
    assert len(hints) == 3


def test_what_will_be_tried_again_is_not_settled_while_it_waits(store: Store) -> None:
    """Else the time left would leave out second attempts, which are the long ones."""
    seen: list[Outcome | None] = []

    class Asking(Witness):
        def tick(self, at_work: list[tuple[Request, list[Candidate]]], tally: Tally) -> None:
            super().tick(at_work, tally)
            if store.failed(request) is not None:
                seen.append(driver.settled(request))

    request = ensemble_of("CCO")
    driver = Driver(progress, FLOW, store, InstantPool(fails=lambda _: BUG), Asking(), retry_failed=False)
    assert driver.settled(request) is None
    driver.run(iter([candidate("a", "CCO")]))
    assert seen
    assert seen[0] is None
    final = driver.settled(request)
    assert final is not None
    assert final.failure is not None
