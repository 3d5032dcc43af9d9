"""What a run will still take: foreseen from timings, corrected by its own pace, down to nothing."""

from pathlib import Path

import pytest

from actinic.calculations import kinds
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Outcome, Provenance
from actinic.chemistry.candidates import Candidate, read_candidates
from actinic.screening.forecast import forecast, stand_in
from actinic.screening.remaining import TRUSTED_S, Remaining, timings_with
from actinic.screening.store import Store
from actinic.screening.timings import Timings, shipped_rows
from actinic.screening.workflow import Workflow

FLOW = Workflow.load("photo-ligand")
TIMINGS = Timings(shipped_rows())


@pytest.fixture
def candidates(tmp_path: Path) -> tuple[Candidate, ...]:
    listed = tmp_path / "list.csv"
    listed.write_text("smiles\nCSSC\nCC=O\n", encoding="utf-8")
    return tuple(row for row in read_candidates(listed) if isinstance(row, Candidate))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now_s = [1000.0]
    monkeypatch.setattr("actinic.screening.remaining.time.monotonic", lambda: now_s[0])
    return now_s


def took(request: Request, wall_s: float) -> Outcome:
    return Outcome(stand_in(request), None, Provenance({}, "", "", wall_s, wall_s, 1.0))


def remaining(
    candidates: tuple[Candidate, ...], known: dict[str, Outcome], share: float = 1.0, slots: int = 2
) -> Remaining:
    def lookup(request: Request) -> Outcome | None:
        return known.get(kinds.key(request))

    return Remaining(candidates, share, FLOW, lookup, TIMINGS, slots)


def foreseen_s(candidates: tuple[Candidate, ...]) -> list[float]:
    requests = forecast(candidates, FLOW, lambda _: None).requests()
    return [TIMINGS.core_seconds(request).middle for request in requests]


def test_at_first_it_is_what_an_estimate_says_shared_between_the_slots(
    candidates: tuple[Candidate, ...], clock: list[float]
) -> None:
    low_s, high_s = remaining(candidates, {}).left([])
    assert low_s < sum(foreseen_s(candidates)) / 2 < high_s
    one = remaining(candidates, {}, slots=1).left([])
    assert one == pytest.approx((2 * low_s, 2 * high_s))


def test_no_number_of_slots_makes_it_shorter_than_the_longest_calculation(
    candidates: tuple[Candidate, ...], clock: list[float]
) -> None:
    low_s, high_s = remaining(candidates, {}, slots=1000).left([])
    assert low_s < max(foreseen_s(candidates)) <= high_s


def test_a_sample_stands_for_the_whole_list(candidates: tuple[Candidate, ...], clock: list[float]) -> None:
    all_s = remaining(candidates, {}).left([]).high_s
    assert remaining(candidates, {}, share=0.1).left([]).high_s == pytest.approx(10 * all_s)


def test_a_run_that_takes_twice_as_long_as_foreseen_is_believed_the_more_the_longer_it_goes(
    candidates: tuple[Candidate, ...], clock: list[float]
) -> None:
    one = remaining(candidates, {})
    before_s = one.left([]).high_s
    pace = []
    for _ in range(3):
        one._took_s += 2 * TRUSTED_S
        one._foreseen_s += TRUSTED_S
        pace.append(one.left([]).high_s / before_s)
    assert pace == pytest.approx([1.5, 5 / 3, 1.75])


def test_a_calculation_at_work_counts_down_but_never_to_nothing(
    candidates: tuple[Candidate, ...], clock: list[float]
) -> None:
    one = remaining(candidates[:1], {}, slots=1)
    requests = list(forecast(candidates[:1], FLOW, lambda _: None).requests())
    longest = max(requests, key=lambda request: TIMINGS.core_seconds(request).middle)
    cost_s = TIMINGS.core_seconds(longest).high
    start_s = one.left([longest]).high_s
    clock[0] += 0.5 * cost_s
    assert start_s - one.left([longest]).high_s == pytest.approx(0.5 * cost_s)
    clock[0] += 100 * cost_s
    assert start_s - one.left([longest]).high_s == pytest.approx(0.75 * cost_s)


def test_what_came_no_longer_counts_and_in_the_end_nothing_is_left(
    candidates: tuple[Candidate, ...], clock: list[float]
) -> None:
    known: dict[str, Outcome] = {}
    one = remaining(candidates, known)
    left_s = [one.left([]).high_s]
    while left_s[-1] > 0:
        for request in forecast(candidates, FLOW, one.lookup).now.values():
            known[kinds.key(request)] = took(request, TIMINGS.core_seconds(request).middle)
            one.learn(request, known[kinds.key(request)])
        clock[0] += 1000.0
        left_s.append(one.left([]).high_s)
    assert left_s == sorted(left_s, reverse=True)
    assert 3 <= len(left_s) <= 8


def test_the_users_store_has_a_say(candidates: tuple[Candidate, ...], tmp_path: Path) -> None:
    requests = [
        request
        for request in forecast(candidates, FLOW, lambda _: None).requests()
        if kinds.kind_of(request).name == "thermal"
    ]
    assert timings_with(None).core_seconds(requests[0]) == TIMINGS.core_seconds(requests[0])
    with Store(tmp_path / "s.sqlite") as store:
        for request in requests:
            store.add(request, took(request, 10 * TIMINGS.core_seconds(request).middle))
        slow = timings_with(store).core_seconds(requests[0]).middle
    assert slow > 5 * TIMINGS.core_seconds(requests[0]).middle
