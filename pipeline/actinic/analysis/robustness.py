"""How firm a ranking stands: who is beaten in everything, and who stays on top when errors are drawn."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from actinic.analysis.criteria import FLOOR, Criterion
from actinic.analysis.estimate import Estimate

N_SAMPLES = 1000
"""Rankings drawn; a share of them is right to 1.6 % (one standard error) at worst."""

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


def pareto_front(criteria: Sequence[Criterion], candidates: Sequence[Judged]) -> list[bool]:
    """Which candidates no other one beats: as good in every expected desirability, and better in one.

    Unknown counts as the worst. Candidates are compared with those to which the same criteria apply.
    """
    on_front = [False] * len(candidates)
    for applying, members in _by_criteria(criteria, candidates):
        values = np.array([_expected(applying, candidates[i]) for i in members]).round(6)
        for i, own in zip(members, values, strict=True):
            beaten = ((values >= own).all(axis=1) & (values > own).any(axis=1)).any()
            on_front[i] = not beaten
    return on_front


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
    shares: list[float | None] = [None] * len(candidates)
    scored: list[tuple[int, Array]] = []
    for applying, members in _by_criteria(criteria, candidates):
        scored += [(i, _drawn_scores(applying, candidates[i])) for i in members if applying]
    if not scored:
        return shares
    scores = np.stack([one for _, one in scored]).round(4)
    threshold = np.array([_threshold(column, top) for column in scores.T])
    for (i, _), row in zip(scored, scores, strict=True):
        shares[i] = float((row >= threshold).mean())
    return shares


def _threshold(column: Array, top: int) -> float:
    """The `top`-th best of the different scores."""
    different = np.unique(column)
    return float(different[-min(top, different.size)])


def _drawn_scores(criteria: Sequence[Criterion], one: Judged) -> Array:
    """Scores of one candidate, shape (N_SAMPLES,)."""
    logarithm, total = np.zeros(N_SAMPLES), sum(c.weight for c in criteria)
    for criterion in criteria:
        estimate = one.quantities.get(criterion.quantity)
        if estimate is None or not estimate.calibrated:
            values = np.array([FLOOR])
        else:
            values = np.array([0.0 if d is None else criterion.desirability(d) for d in estimate.draws])
        picked = np.maximum(FLOOR, values)[_picks(one.name, criterion.quantity, values.size)]
        logarithm += criterion.weight * np.log(picked)
    return np.asarray(np.exp(logarithm / total))


def _picks(name: str, quantity: str, n_draws: int) -> NDArray[np.int_]:
    """Which draws are taken; seeded by molecule and quantity, so that other candidates do not matter."""
    if n_draws == 1:
        return np.zeros(N_SAMPLES, dtype=int)
    seed = hashlib.sha256(f"{name}\n{quantity}".encode()).digest()[:8]
    return np.random.default_rng(int.from_bytes(seed, "big")).integers(n_draws, size=N_SAMPLES)


def _by_criteria(
    criteria: Sequence[Criterion], candidates: Sequence[Judged]
) -> list[tuple[tuple[Criterion, ...], list[int]]]:
    """Candidates to which the same criteria apply, with these."""
    groups: dict[tuple[str, ...], tuple[tuple[Criterion, ...], list[int]]] = {}
    for i, one in enumerate(candidates):
        applying = tuple(c for c in criteria if c.applies_to(one.role))
        groups.setdefault(tuple(c.name for c in applying), (applying, []))[1].append(i)
    return list(groups.values())


def _expected(criteria: Sequence[Criterion], one: Judged) -> list[float]:
    found = (c.expected_desirability(one.quantities.get(c.quantity)) for c in criteria)
    return [FLOOR if desirability is None else desirability for desirability in found]
