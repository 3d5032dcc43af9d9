"""How firm a ranking stands: who is beaten in everything, and who stays on top when errors are drawn."""

import hashlib
import math
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from actinic.analysis.criteria import FLOOR, Criterion
from actinic.analysis.estimate import Estimate
from actinic.analysis.pareto import maximal

N_SAMPLES = 1000
"""Rankings drawn; a share of them is right to 1.6 % (one standard error) at worst."""

SCORE_STEP = 1e-4
"""Drawn scores are compared at four decimals, as scores are."""

MERGED_AT_ONCE = 64

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """What is known of one candidate.

    Attributes:
        name: Says which molecule it is; equal names draw equal errors.
        role: As in the list.
        quantities: Its estimates by name.
    """

    name: str
    role: str
    quantities: Mapping[str, Estimate]


class Desires(msgspec.Struct, frozen=True):
    """What one candidate's place among others depends on.

    Attributes:
        name: As in `Judged`.
        criteria: Places of the criteria that apply to it.
        expected: Its expected desirability for each of them; unknown counts as the worst.
        draws: The equally likely desirabilities for each of them, none below `FLOOR`.
    """

    name: str
    criteria: tuple[int, ...]
    expected: tuple[float, ...]
    draws: tuple[tuple[float, ...], ...]


def desires(criteria: Sequence[Criterion], one: Judged) -> Desires:
    """What the criteria make of a candidate."""
    applying = [
        (i, c, one.quantities.get(c.quantity)) for i, c in enumerate(criteria) if c.applies_to(one.role)
    ]
    expected = [criterion.expected_desirability(estimate) for _, criterion, estimate in applying]
    return Desires(
        one.name,
        tuple(i for i, _, _ in applying),
        tuple(FLOOR if value is None else float(np.round(value, 6)) for value in expected),
        tuple(_floored(criterion, estimate) for _, criterion, estimate in applying),
    )


class Firmness:
    """Places candidates among each other, one after the other; holds a few numbers of each.

    Args:
        criteria: What they are judged by.
        top: How many count as the top at most; memory for so many drawn scores a thousand times.
    """

    def __init__(self, criteria: Sequence[Criterion], top: int) -> None:
        self._criteria = tuple(criteria)
        self._groups: dict[tuple[int, ...], tuple[array[float], array[int]]] = {}
        self._number = 0
        self._best = np.full((top, N_SAMPLES), -np.inf)
        self._least = -np.inf
        self._fresh: list[Array] = []

    def add(self, one: Desires) -> bool:
        """Take a candidate; False where it certainly is at the top of no drawn ranking."""
        values, members = self._groups.setdefault(one.criteria, (array("d"), array("q")))
        values.extend(one.expected)
        members.append(self._number)
        self._number += 1
        if not one.criteria or self._at_most(one) < self._least:
            return False
        self._fresh.append(self._drawn(one))
        if len(self._fresh) == MERGED_AT_ONCE:
            self._merge()
        return True

    def front(self) -> NDArray[np.bool_]:
        """Which candidates no other one beats: as good in every expected desirability, and better in one.

        Compared are those to which the same criteria apply. Shape (candidates,), in the order they came.
        """
        found = np.zeros(self._number, dtype=bool)
        for names, (values, members) in self._groups.items():
            found[np.frombuffer(members, dtype=np.int64)] = maximal(
                np.frombuffer(values, dtype=np.float64).reshape(len(members), len(names))
            )
        return found

    def thresholds(self, top: int) -> Array:
        """The `top`-th best of the different scores of each drawn ranking; the worst of fewer."""
        self._merge()
        present = np.isfinite(self._best).sum(axis=0)
        at = np.minimum(top, present) - 1
        return np.asarray(np.take_along_axis(self._best, at[None], axis=0)[0])

    def share(self, one: Desires, thresholds: Array) -> float | None:
        """Share of drawn rankings in which it reaches the thresholds; None where no criterion applies."""
        return float((self._drawn(one) >= thresholds).mean()) if one.criteria else None

    def _at_most(self, one: Desires) -> float:
        """No drawn score lies above."""
        weights = [self._criteria[i].weight for i in one.criteria]
        losses = (w * math.log(max(values)) for w, values in zip(weights, one.draws, strict=True))
        return math.exp(sum(losses) / sum(weights)) + 2 * SCORE_STEP

    def _drawn(self, one: Desires) -> Array:
        """Scores of one candidate, shape (N_SAMPLES,)."""
        chosen = [self._criteria[i] for i in one.criteria]
        logarithm, total = np.zeros(N_SAMPLES), sum(c.weight for c in chosen)
        for criterion, values in zip(chosen, one.draws, strict=True):
            picked = np.array(values)[_picks(one.name, criterion.quantity, len(values))]
            logarithm += criterion.weight * np.log(picked)
        return np.asarray(np.exp(logarithm / total)).round(4)

    def _merge(self) -> None:
        """Take fresh scores among the best: those that differ, best first."""
        if not self._fresh:
            return
        most = len(self._best)
        scores = -np.sort(-np.vstack([self._best, *self._fresh]), axis=0)
        scores[1:][scores[1:] == scores[:-1]] = -np.inf
        self._best = -np.sort(-scores, axis=0)[:most]
        self._least = float(self._best[-1].min())
        self._fresh = []


def pareto_front(criteria: Sequence[Criterion], candidates: Sequence[Judged]) -> list[bool]:
    """Which candidates no other one beats; see `Firmness.front`."""
    firmness = Firmness(criteria, 1)
    for one in candidates:
        firmness.add(desires(criteria, one))
    return [bool(on) for on in firmness.front()]


def counted_top(top: int, n_candidates: int) -> int:
    """How many count as the top: `top`, of a short list a third.

    >>> counted_top(10, 2000), counted_top(10, 8), counted_top(10, 1)
    (10, 3, 1)
    """
    return max(1, min(top, math.ceil(n_candidates / 3)))


def top_shares(criteria: Sequence[Criterion], candidates: Sequence[Judged], top: int) -> list[float | None]:
    """Share of drawn rankings in which each candidate is among the best `top` scores.

    None where no criterion applies.

    Each ranking draws one value per quantity and candidate from its equally likely alternatives; quantities
    and molecules are independent, criteria on one quantity share its draw. Equal scores share a rank, and
    equal molecules draw alike, so that neither order nor duplicates change anything.
    """
    firmness = Firmness(criteria, top)
    wanted = [desires(criteria, one) for one in candidates]
    for one in wanted:
        firmness.add(one)
    thresholds = firmness.thresholds(top)
    return [firmness.share(one, thresholds) for one in wanted]


def _floored(criterion: Criterion, estimate: Estimate | None) -> tuple[float, ...]:
    drawn = criterion.drawn_desirabilities(estimate)
    return (FLOOR,) if drawn is None else tuple(max(FLOOR, one) for one in drawn)


def _picks(name: str, quantity: str, n_draws: int) -> NDArray[np.int_]:
    """Which draws are taken; seeded by molecule and quantity, so that other candidates do not matter."""
    if n_draws == 1:
        return np.zeros(N_SAMPLES, dtype=int)
    seed = hashlib.sha256(f"{name}\n{quantity}".encode()).digest()[:8]
    return np.random.default_rng(int.from_bytes(seed, "big")).integers(n_draws, size=N_SAMPLES)
