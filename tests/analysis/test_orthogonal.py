"""Ordered pairs: the longer line first, silence of the other there, nothing made of the unknown."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actinic.analysis import best
from actinic.analysis.estimate import Estimate
from actinic.analysis.exposure import Exposure
from actinic.analysis.orthogonal import orthogonal_pairs

LIGHT = Exposure((254.0, 365.0, 405.0), 365.0, 100.0, 10.0)
Draws = float | tuple[float, ...]


def at(**lines: Draws) -> dict[str, Estimate]:
    return {
        f"absorptivity_{name[1:]}_nm_l_mol_cm": Estimate(
            one[1] if isinstance(one, tuple) else one, one if isinstance(one, tuple) else (one,) * 3
        )
        for name, one in lines.items()
    }


RED = at(n254=5000.0, n365=2000.0, n405=500.0)
BLUE = at(n254=3000.0, n365=2.0, n405=0.0)


def test_the_one_that_answers_at_the_longer_line_goes_first() -> None:
    (pair,) = orthogonal_pairs([BLUE, RED], LIGHT, 10)
    assert (pair.first, pair.second) == (1, 0)
    assert pair.first_nm > pair.second_nm == 254.0
    assert pair.probability == 1.0


def test_the_second_has_to_be_silent_at_the_first_line() -> None:
    loud = at(n254=3000.0, n365=500.0, n405=500.0)
    assert orthogonal_pairs([loud, RED], LIGHT, 10) == ()


def test_what_is_unknown_makes_no_pair() -> None:
    assert orthogonal_pairs([at(n254=3000.0), RED], LIGHT, 10) == ()


def test_probabilities_of_two_candidates_multiply_and_those_of_one_go_draw_by_draw() -> None:
    unsure = at(n254=(500.0, 500.0, 500.0), n365=(200.0, 200.0, 50.0), n405=0.0)
    dim = at(n254=(50.0, 500.0, 500.0), n365=(1.0, 1.0, 20.0), n405=0.0)
    found = orthogonal_pairs([unsure, dim], Exposure((254.0, 365.0), 365.0, 100.0, 10.0), 10)
    assert found == ()
    sure = orthogonal_pairs([RED, dim], Exposure((254.0, 365.0), 365.0, 100.0, 1.0), 10)
    assert sure == ()
    (pair,) = orthogonal_pairs([unsure, BLUE], LIGHT, 10)
    assert pair.probability == pytest.approx(2 / 3)


def test_no_more_than_asked_for_and_the_likeliest_first() -> None:
    many = [RED, BLUE, RED, BLUE, at(n254=3000.0, n365=(2.0, 2.0, 50.0), n405=(0.0, 0.0, 50.0))]
    found = orthogonal_pairs(many, LIGHT, 3)
    assert len(found) == 3
    assert all(a.probability >= b.probability for a, b in itertools.pairwise(found))
    assert all(pair.first != pair.second for pair in orthogonal_pairs(many, LIGHT, 100))


@given(
    st.lists(st.lists(st.sampled_from([0.0, 5.0, 50.0, 500.0]), min_size=9, max_size=9), max_size=9),
    st.integers(1, 12),
)
def test_what_is_not_held_is_in_none_of_the_likeliest_pairs(rows: list[list[float]], most: int) -> None:
    many = [at(n254=tuple(row[:3]), n365=tuple(row[3:6]), n405=tuple(row[6:])) for row in rows]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(best, "SLACK", 0)
        found = orthogonal_pairs(many, LIGHT, most)
    held_all = orthogonal_pairs(many, LIGHT, 1000)
    assert found == held_all[:most]
    assert len({(pair.first, pair.second) for pair in held_all}) == len(held_all)


@given(st.lists(st.lists(st.sampled_from([0.0, 5.0, 50.0, 500.0]), min_size=9, max_size=9), max_size=7))
def test_every_pair_likelier_than_not_is_found_at_the_lines_where_it_works_best(
    rows: list[list[float]],
) -> None:
    many = [at(n254=tuple(row[:3]), n365=tuple(row[3:6]), n405=tuple(row[6:])) for row in rows]
    likeliest: dict[tuple[int, int], float] = {}
    for (i, first), (j, second) in itertools.permutations(enumerate(rows), 2):
        for long, short in ((2, 1), (2, 0), (1, 0)):
            answers = sum(one >= 100 for one in first[3 * long : 3 * long + 3]) / 3
            drawn = zip(second[3 * long : 3 * long + 3], second[3 * short : 3 * short + 3], strict=True)
            both = answers * sum(there <= 10 and here >= 100 for there, here in drawn) / 3
            if both > 0.5:
                likeliest[i, j] = max(both, likeliest.get((i, j), 0.0))
    found = {(one.first, one.second): one.probability for one in orthogonal_pairs(many, LIGHT, 1000)}
    assert found == pytest.approx(likeliest)
