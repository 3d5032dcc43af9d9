"""Rankings do not depend on order or duplicates; who is beaten never ranks above, missing is never good."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actinic.analysis.criteria import Criterion
from actinic.analysis.estimate import Estimate
from actinic.analysis.ranking import ranks, score
from actinic.analysis.robustness import Judged, pareto_front, top_shares

WISHES = (
    Criterion("bright", "answers", "a", ((10.0, 0.0), (1000.0, 1.0)), "log", 2.0, ()),
    Criterion("small", "is small", "n", ((10.0, 1.0), (40.0, 0.0)), "linear", 1.0, ("ligand", "htm")),
    Criterion("deep", "lies deep", "e", ((-6.0, 1.0), (-5.0, 0.0)), "linear", 0.5, ()),
)


def candidate(name: str, a: float | None, n: float | None, e: float | None = -5.5, role: str = "") -> Judged:
    known = {
        "a": None if a is None else Estimate(a, (a / 3, a, 3 * a)),
        "n": None if n is None else Estimate.exact(n),
        "e": None if e is None else Estimate.normal(e, 0.2),
    }
    return Judged(name, role, {key: value for key, value in known.items() if value is not None})


CANDIDATES = st.lists(
    st.builds(
        candidate,
        st.sampled_from("ABCDEFGH"),
        st.one_of(st.none(), st.floats(0.1, 1e5)),
        st.one_of(st.none(), st.floats(1, 60)),
        st.one_of(st.none(), st.floats(-7, -4)),
        st.sampled_from(["", "ligand", "crosslinker"]),
    ),
    min_size=1,
    max_size=6,
)


def scores(candidates: list[Judged]) -> list[float | None]:
    found = (score(WISHES, dict(one.quantities), one.role) for one in candidates)
    return [None if one is None else one.value for one in found]


def expected(one: Judged) -> list[float]:
    applying = [c for c in WISHES if c.applies_to(one.role)]
    return [c.expected_desirability(one.quantities.get(c.quantity)) or 0.01 for c in applying]


@given(CANDIDATES, st.randoms(use_true_random=False))
def test_neither_order_nor_duplicates_change_a_rank_a_front_or_a_share(
    candidates: list[Judged], order: random.Random
) -> None:
    unique = [Judged(f"{i}", one.role, one.quantities) for i, one in enumerate(candidates)]
    shuffled = [*unique, *unique]
    order.shuffle(shuffled)
    places = [next(i for i, one in enumerate(shuffled) if one is same) for same in unique]
    for judge in (
        lambda c: ranks(np.array(scores(c), dtype=np.float64)).tolist(),
        lambda c: pareto_front(WISHES, c),
        lambda c: top_shares(WISHES, c, 2),
    ):
        there = judge(shuffled)
        assert judge(unique) == [there[i] for i in places]


@given(CANDIDATES)
def test_who_is_beaten_in_every_expected_desirability_never_ranks_above(candidates: list[Judged]) -> None:
    places = ranks(np.array(scores(candidates), dtype=np.float64))
    front = pareto_front(WISHES, candidates)
    for i, one in enumerate(candidates):
        for j, other in enumerate(candidates):
            mine, its = expected(one), expected(other)
            same_wishes = len(mine) == len(its)
            if same_wishes and all(x <= y for x, y in zip(mine, its, strict=True)):
                assert places[i] >= places[j]
                if any(x < y - 1e-5 for x, y in zip(mine, its, strict=True)):
                    assert not front[i]


@given(CANDIDATES, st.sampled_from("ane"))
def test_forgetting_a_value_never_improves_anything(candidates: list[Judged], forgotten: str) -> None:
    first, *others = candidates
    rest = {key: value for key, value in first.quantities.items() if key != forgotten}
    poorer = [Judged(first.name, first.role, rest), *others]
    assert (scores(poorer)[0] or 0) <= (scores(candidates)[0] or 0)
    assert (top_shares(WISHES, poorer, 1)[0] or 0) <= (top_shares(WISHES, candidates, 1)[0] or 0)


def test_a_sure_winner_is_always_on_top_and_twins_share_its_place() -> None:
    best, worst = candidate("best", 1e4, 5, -6.5), candidate("worst", 1.0, 50, -4.0)
    assert top_shares(WISHES, [worst, best, best], 1) == [0.0, 1.0, 1.0]
    assert pareto_front(WISHES, [worst, best, best]) == [False, True, True]


def test_two_alike_but_for_their_errors_share_the_top() -> None:
    pair = [candidate("x", 100.0, 20), candidate("y", 100.0, 20)]
    one, other = top_shares(WISHES, pair, 1)
    assert one is not None
    assert other is not None
    assert one + other == pytest.approx(1.0, abs=0.1)
    assert 0.3 < one < 0.7


def test_who_wins_in_one_wish_alone_stays_on_the_front() -> None:
    bright, small = candidate("bright", 1e4, 50), candidate("small", 1.0, 5)
    assert pareto_front(WISHES, [bright, small]) == [True, True]


def test_without_a_criterion_there_is_no_top() -> None:
    assert top_shares((), [candidate("x", 1.0, 1)], 3) == [None]
