"""Ordered orthogonal pairs: two candidates in one film, exposed one after the other at two lines."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from actinic.analysis.best import Smallest
from actinic.analysis.estimate import Estimate
from actinic.analysis.exposure import Exposure

LIKELIER_THAN = 0.5

Chances = tuple[tuple[float, ...], tuple[float, ...]]
"""Probabilities to answer at each line, and to be silent at one line and answer at a shorter one."""

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Pair(Generic[K]):
    """Two candidates and the lines they are exposed at.

    Attributes:
        first: Key of the candidate exposed first, at the longer wavelength.
        second: Key of the other.
        first_nm: Line the first answers to and the second does not.
        second_nm: Shorter line the second answers to.
        probability: That all of it holds; errors of two candidates are taken as independent.
    """

    first: K
    second: K
    first_nm: float
    second_nm: float
    probability: float


class PairFinder(Generic[K]):
    """Finds the likeliest pairs of many candidates, of which it holds only those that may be in one.

    The one that answers at the longer wavelength goes first, while the other is silent there; what the second
    exposure does to the first candidate is of no concern, it has reacted.

    Args:
        exposure: Lines and thresholds.
        most: So many pairs at most; only pairs likelier than not.
    """

    def __init__(self, exposure: Exposure, most: int) -> None:
        self._exposure = exposure
        self._most = most
        self._lines = sorted(exposure.lines_nm, reverse=True)
        self._choices = list(itertools.combinations(self._lines, 2))
        # A pair whose partners are not among the best so many at its lines has that many pairs before it.
        self._firsts = {long: self._kept() for long in self._lines}
        self._seconds = {choice: self._kept() for choice in self._choices}

    def chances(self, quantities: Mapping[str, Estimate]) -> Chances:
        """What a candidate may bring to a pair.

        Args:
            quantities: `absorptivity_<line>_nm_l_mol_cm` among them; a line that is unknown makes no pair.
        """
        draws = {line: _draws(quantities, line) for line in self._lines}
        answers = {line: draws[line] >= self._exposure.answers_l_mol_cm for line in self._lines}
        silent = {line: draws[line] <= self._exposure.silent_l_mol_cm for line in self._lines}
        return (
            tuple(float(answers[line].mean()) for line in self._lines),
            tuple(float((silent[long] & answers[short]).mean()) for long, short in self._choices),
        )

    def add(self, key: K, chances: Chances) -> None:
        """Take a candidate.

        Args:
            key: Different for each; of equally likely pairs those with the smaller keys go first.
            chances: What `chances` says of it.
        """
        firsts, seconds = chances
        for kept, probability in (
            *zip(self._firsts.values(), firsts, strict=True),
            *zip(self._seconds.values(), seconds, strict=True),
        ):
            if probability > LIKELIER_THAN:
                kept.add((probability, key))

    def pairs(self) -> tuple[Pair[K], ...]:
        """The likeliest, best first; each ordered pair at the two lines where it works best."""
        best: dict[tuple[K, K], Pair[K]] = {}
        for choice in self._choices:
            for pair in self._at(*choice):
                there = best.get((pair.first, pair.second))
                if there is None or pair.probability > there.probability:
                    best[pair.first, pair.second] = pair
        found: list[Any] = list(best.values())
        return tuple(
            sorted(found, key=lambda one: (-round(one.probability, 6), one.first, one.second))[: self._most]
        )

    def _at(self, long: float, short: float) -> list[Pair[K]]:
        """The likeliest at two lines; a pair behind them has as many before it, wherever it works best."""
        firsts, seconds = self._firsts[long].ordered(), self._seconds[long, short].ordered()
        keys: list[Any] = sorted({key for _, key in (*firsts, *seconds)})
        place = {key: number for number, key in enumerate(keys)}
        a, b = (np.array([place[key] for _, key in kept], dtype=np.int64) for kept in (firsts, seconds))
        p, q = (np.array([chance for chance, _ in kept]) for kept in (firsts, seconds))
        together = np.outer(p, q)
        i, j = np.nonzero((together > LIKELIER_THAN) & (a[:, None] != b[None]))
        likely = together[i, j]
        order = np.lexsort((b[j], a[i], -likely.round(6)))[: self._most]
        return [Pair(keys[a[i[n]]], keys[b[j[n]]], long, short, float(likely[n])) for n in order]

    def _kept(self) -> Smallest[tuple[float, K]]:
        return Smallest(self._most + 1, key=lambda one: (-one[0], one[1]))


def orthogonal_pairs(
    candidates: Sequence[Mapping[str, Estimate]], exposure: Exposure, most: int
) -> tuple[Pair[int], ...]:
    """The likeliest pairs of a few candidates by their places; see `PairFinder`."""
    finder: PairFinder[int] = PairFinder(exposure, most)
    for place, quantities in enumerate(candidates):
        finder.add(place, finder.chances(quantities))
    return finder.pairs()


def _draws(quantities: Mapping[str, Estimate], line_nm: float) -> NDArray[np.float64]:
    """Not a number where unknown, which neither answers nor is silent."""
    estimate = quantities.get(f"absorptivity_{line_nm:g}_nm_l_mol_cm")
    if estimate is None or not estimate.calibrated:
        return np.array([np.nan])
    return np.array([np.nan if draw is None else draw for draw in estimate.draws])
