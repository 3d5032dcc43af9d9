"""The live line: what runs, what waits, and a time left once there is a pace."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import pytest
from rich.console import Console

from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Failure, Outcome, Provenance
from actinic.chemistry.species import Species
from actinic.reporting.progress import LINE_EVERY_S, Display
from actinic.screening.participants import ensemble_request
from actinic.screening.remaining import Left, Remaining
from actinic.screening.run import Item, Tally
from actinic.screening.workflow import Workflow


@dataclass
class Candidate:
    id: str


@dataclass
class Done:
    state: str = "done"
    reason: str = ""


def ensemble() -> Request:
    return ensemble_request(
        Species.from_smiles("CCO", multiplicity=1), Workflow.load("photo-ligand").ensemble
    )


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, to be moved by the test."""
    now_s = [0.0]
    monkeypatch.setattr("actinic.reporting.progress.time.monotonic", lambda: now_s[0])
    return now_s


def lines(display: Display, clock: list[float], *, finished: int, tally: Tally) -> str:
    """What is printed when so many candidates have finished, ten seconds each."""
    at_work: list[tuple[Request, list[Item]]] = [(ensemble(), [Candidate("ethanol")])]
    display.tick(at_work, tally)
    for n in range(finished):
        clock[0] += 10.0
        display.item_finished(Candidate(f"c{n}"), Done())
    clock[0] += LINE_EVERY_S
    display.tick(at_work, tally)
    assert isinstance(display.console.file, io.StringIO)
    return display.console.file.getvalue().splitlines()[-1]


def display(total: int) -> Display:
    return Display(Console(file=io.StringIO(), width=200), total, lambda *_: None)


def test_running_and_queued_calculations_are_told_apart(clock: list[float]) -> None:
    said = lines(display(4), clock, finished=0, tally=Tally(computed=3, queued=2))
    assert "3 computed, 0 cached, 0 failed, 1 running, 2 queued" in said
    assert "ethanol (ensemble)" in said


def test_a_time_left_is_said_once_enough_candidates_have_finished(clock: list[float]) -> None:
    assert "left" not in lines(display(100), clock, finished=4, tally=Tally())
    clock[0] = 0.0
    # 20 candidates in 230 s leave 80 more at that pace.
    assert "about 15:20 left" in lines(display(100), clock, finished=20, tally=Tally())


class Foresight:
    """Foresees the same whenever it is asked."""

    def __init__(self, high_s: float) -> None:
        self.learnt = 0
        self.high_s = high_s

    def learn(self, *_: object) -> None:
        self.learnt += 1

    def left(self, at_work: Iterable[Request]) -> Left:
        assert list(at_work) == [ensemble()]
        return Left(self.high_s - 10.0, self.high_s)


@pytest.mark.parametrize(
    ("total", "finished", "high_s", "said"),
    [
        (4, 0, 190.0, "3:00 to 3:10 left"),
        (4, 0, 59.0, "under a minute left"),
        (20, 19, 190.0, "3:00 to 3:10 left"),
        (100, 4, 190.0, "3:00 to 3:10 left"),
        (100, 20, 190.0, "about 15:20 left"),
    ],
)
def test_what_is_left_is_foreseen_until_many_candidates_have_a_pace(
    clock: list[float], total: int, finished: int, high_s: float, said: str
) -> None:
    shown, foreseen = display(total), Foresight(high_s)
    shown.remaining = cast("Remaining", foreseen)
    assert said in lines(shown, clock, finished=finished, tally=Tally())
    provenance = Provenance({}, "", "", 1.0, 1.0, 1.0)
    shown.calculation_finished(ensemble(), Outcome(None, Failure("EngineError", "", ""), provenance), [])
    assert foreseen.learnt == 1


def test_no_time_is_left_when_all_have_finished(clock: list[float]) -> None:
    assert "left" not in lines(display(6), clock, finished=6, tally=Tally())
