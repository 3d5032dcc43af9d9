"""Which tautomer is taken: only one that is lower in every medium by more than the error."""

import pytest

from actinic.analysis.tautomers import Decision, Outcome, decision

DRAWN = (0.0, 0.0)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([(-4.0, -5.0)], Decision(Outcome.TAKEN, 1, 4.0)),
        ([(-4.0, -5.0), (-6.0, -4.5)], Decision(Outcome.TAKEN, 2, 4.5)),
        ([(2.0, 3.0)], Decision(Outcome.LOWEST, 0, -3.0)),
        ([(0.5, -0.9)], Decision(Outcome.UNDECIDED, 0, -0.5)),
        ([(-0.5, -2.0)], Decision(Outcome.UNDECIDED, 0, 0.5)),
        ([(2.0, -2.0)], Decision(Outcome.MEDIUM, 0, -2.0)),
        ([None, (-3.0, -3.0)], Decision(Outcome.TAKEN, 2, 3.0)),
        ([None], Decision(Outcome.UNKNOWN, 0, None)),
        ([(-4.0,)], Decision(Outcome.TAKEN, 1, 4.0)),
    ],
)
def test_decisions(others: list[tuple[float, ...] | None], expected: Decision) -> None:
    media = len(next((one for one in others if one is not None), DRAWN))
    assert decision([DRAWN[:media], *others], 1.0) == expected


def test_without_the_drawn_form_nothing_is_decided() -> None:
    assert decision([None, (-5.0, -5.0)], 1.0).outcome is Outcome.UNKNOWN


def test_a_larger_error_keeps_the_drawing() -> None:
    assert decision([DRAWN, (-2.0, -2.5)], 3.0) == Decision(Outcome.UNDECIDED, 0, 2.0)
