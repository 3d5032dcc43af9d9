"""The driver: equal calculations once, a bounded number in flight, every candidate brought to its end."""

from collections.abc import Iterator
from pathlib import Path

from actinic.calculations.ensemble import EnsembleRequest
from actinic.chemistry.candidates import Candidate
from actinic.screening.plan import progress
from actinic.screening.run import Driver
from actinic.screening.store import Store
from support.driving import FLOW, NOW, REFUSED, InstantPool, Witness, candidate, drive


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


def test_a_calculation_may_use_the_limit_of_its_kind_or_its_share_if_that_is_less() -> None:
    for limit_mb, allowed_mb in ((600.0, 600.0), (3000.0, 1000.0)):
        limits = FLOW.limits.model_copy(update={"ensemble_mb": limit_mb, "ensemble_s": 7.0})
        pool = InstantPool(fails=lambda _: REFUSED)
        flow = FLOW.model_copy(update={"limits": limits})
        with Store(Path(":memory:")) as scratch:
            driver = Driver(progress, flow, scratch, pool, Witness(), retry_failed=False)
            driver.run(iter([candidate("a", "CCO")]))
        assert (pool.walls_s, pool.memories_mb) == ([7.0], [allowed_mb])


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
