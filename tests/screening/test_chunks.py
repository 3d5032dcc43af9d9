"""Short calculations travel together; what one of them does is its own affair."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from actinic import screen
from actinic.calculations.outcome import Outcome
from actinic.screening import chunks, cluster, worker
from actinic.screening.chunks import ALONE, Chunker, Hint, Part, perform_each
from actinic.screening.cluster import LAPTOP, Pool
from actinic.screening.limits import Limit
from actinic.screening.worker import Child, Limits

MISBEHAVING = (sys.executable, str(Path(__file__).parent / "misbehaving_child.py"))
TIGHT = Path(__file__).parents[1] / "reference" / "tight.toml"
SMALL = ("O", "N", "C", "CO", "CC", "C=O", "C#N", "CN", "C=C", "C#C", "CF", "[OH3+]")
LIMITS = Limits(wall_s=3.0, memory_mb=200.0, threads=1)
SHORT = Hint(0.3)


def part(key: str, hint: Hint) -> Part:
    return Part(key, b"", LIMITS, hint)


def keys(parts: list[Part]) -> list[str]:
    return [one.key for one in parts]


def test_short_ones_wait_until_they_are_worth_a_task_and_others_do_not() -> None:
    chunker = Chunker(1.0)
    assert keys(chunker.add(part("unknown", ALONE))) == ["unknown"]
    assert keys(chunker.add(part("long", Hint(1.0)))) == ["long"]
    assert [chunker.add(part(name, SHORT)) for name in "abc"] == [[], [], []]
    assert keys(chunker.add(part("long too", Hint(5.0)))) == ["long too"]
    assert keys(chunker.add(part("d", SHORT))) == ["a", "b", "c", "d"]
    assert chunker.add(part("e", SHORT)) == []
    assert keys(chunker.rest()) == ["e"]
    assert chunker.rest() == []


@pytest.fixture
def unruly(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Children that do what they are told, whatever it is."""
    monkeypatch.setattr(worker, "Child", lambda threads: Child(threads, MISBEHAVING))
    while not worker._idle.empty():
        worker._idle.get().close()
    yield
    while not worker._idle.empty():
        worker._idle.get().close()


@pytest.mark.usefixtures("unruly")
def test_one_that_dies_or_hangs_in_a_chunk_fails_alone() -> None:
    orders = (b"nothing", b"crash", b"nothing", b"hang", b"nothing")
    answers = perform_each([(order, LIMITS) for order in orders], 60.0)
    outcomes = [msgspec.json.decode(answer, type=Outcome) for answer in answers]
    classes = [None if one.failure is None else one.failure.error_class for one in outcomes]
    assert classes == [None, "EngineError", None, "ResourceError", None]


def test_beyond_its_budget_a_chunk_begins_nothing_more_but_does_one_at_least(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(chunks, "perform", lambda request, _: request)
    calculations = [(name, LIMITS) for name in (b"a", b"b", b"c")]
    assert perform_each(calculations, 60.0) == [b"a", b"b", b"c"]
    assert perform_each(calculations, -1.0) == [b"a"]


def answers_of(pool: Pool, number: int) -> dict[str, object]:
    found: dict[str, object] = {}
    deadline_s = time.monotonic() + 60
    while len(found) < number and time.monotonic() < deadline_s:
        found |= dict(pool.completed(5.0))
    return found


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    monkeypatch.setattr(cluster, "SECONDS_PER_SLOT", 1.0)
    monkeypatch.setattr(cluster, "perform", lambda request, _: b"alone " + request)
    monkeypatch.setattr(chunks, "perform", lambda request, _: b"together " + request)
    with Pool(LAPTOP.changed(1, 1000.0)) as opened:
        yield opened


def submit(pool: Pool, *names: str, hint: Hint = SHORT) -> None:
    for name in names:
        pool.submit(name, name.encode(), Limit(60.0, 1000.0), hint)


def test_each_outcome_of_a_chunk_comes_back_with_its_own_key(pool: Pool) -> None:
    submit(pool, "a", "b", "c", "d")
    assert pool.in_flight == 4
    submit(pool, "long", hint=Hint(100.0))
    submit(pool, "e", "f")
    assert answers_of(pool, 7) == {
        **{name: f"together {name}".encode() for name in "abcdef"},
        "long": b"alone long",
    }
    assert pool.in_flight == 0
    assert pool.has_room


def test_a_chunk_lost_with_its_worker_is_sent_again_one_by_one_and_counts_for_nobody(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(calculations: object, budget_s: float) -> list[bytes]:
        raise OSError("the worker died")

    monkeypatch.setattr(cluster, "perform_each", lost)
    submit(pool, "a", "b", "c", "d")
    assert answers_of(pool, 4) == {name: f"alone {name}".encode() for name in "abcd"}


def test_what_a_chunk_did_not_begin_is_sent_again(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "perform_each", lambda *_: [b"begun"])
    submit(pool, "a", "b", "c", "d")
    assert answers_of(pool, 4) == {"a": b"begun", **{name: f"alone {name}".encode() for name in "bcd"}}


def test_room_counts_tasks_and_is_there_until_a_chunk_is_full(pool: Pool) -> None:
    submit(pool, "a", "b", "c", "d", "e", "f", "g")
    rooms = [pool.has_room]
    submit(pool, "h")
    rooms.append(pool.has_room)
    assert len(answers_of(pool, 8)) == 8
    rooms.append(pool.has_room)
    assert rooms == [True, False, True]


def test_in_chunks_or_one_by_one_the_table_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed, sent = tmp_path / "list.csv", []
    listed.write_text("smiles\n" + "\n".join(SMALL) + "\n", encoding="utf-8")
    send = Pool._send

    def noting(pool: Pool, parts: list[Part]) -> None:
        sent.append(len(parts))
        send(pool, parts)

    monkeypatch.setattr(Pool, "_send", noting)
    tables = []
    for seconds in (0.0, 100.0):
        monkeypatch.setattr(cluster, "SECONDS_PER_SLOT", seconds)
        out = tmp_path / f"out-{seconds}"
        screen(listed, TIGHT, out=out, store=out / "s.sqlite", cluster=LAPTOP.changed(2, None))
        tables.append((out / "ranked.csv").read_bytes())
        assert max(sent) == 1 if seconds == 0.0 else max(sent) > 1
    assert tables[0] == tables[1]
