"""Ordered orthogonal pairs: two candidates in one film, exposed one after the other at two lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from actinic.analysis.estimate import Estimate
from actinic.analysis.exposure import Exposure


@dataclass(frozen=True, slots=True)
class Pair:
    """Two candidates and the lines they are exposed at.

    Attributes:
        first: Place of the candidate exposed first, at the longer wavelength, in the list handed in.
        second: Place of the other.
        first_nm: Line the first answers to and the second does not.
        second_nm: Shorter line the second answers to.
        probability: That all of it holds; errors of two candidates are taken as independent.
    """

    first: int
    second: int
    first_nm: float
    second_nm: float
    probability: float


def orthogonal_pairs(
    candidates: Sequence[Mapping[str, Estimate]], exposure: Exposure, most: int
) -> tuple[Pair, ...]:
    """The likeliest pairs, best first; each ordered pair at the two lines where it works best.

    The one that answers at the longer wavelength goes first, while the other is silent there; what the second
    exposure does to the first candidate is of no concern, it has reacted.

    Args:
        candidates: Their quantities, `absorptivity_<line>_nm_l_mol_cm` among them; a line that is unknown
            for a candidate makes no pair.
        exposure: Lines and thresholds.
        most: So many at most; only pairs likelier than not.
    """
    lines = sorted(exposure.lines_nm, reverse=True)
    draws = {line: _draws(candidates, line) for line in lines}
    answers = {line: draws[line] >= exposure.answers_l_mol_cm for line in lines}
    silent = {line: draws[line] <= exposure.silent_l_mol_cm for line in lines}
    best = np.zeros((len(candidates), len(candidates)))
    which = np.zeros(best.shape, dtype=int)
    choices = [(long, short) for i, long in enumerate(lines) for short in lines[i + 1 :]]
    for number, (long, short) in enumerate(choices):
        first = answers[long].mean(axis=1)
        second = (silent[long] & answers[short]).mean(axis=1)
        probability = np.outer(first, second)
        better = probability > best
        best[better], which[better] = probability[better], number
    np.fill_diagonal(best, 0.0)
    return _picked(best, which, choices, most)


def _picked(
    best: NDArray[np.float64], which: NDArray[np.int_], choices: Sequence[tuple[float, float]], most: int
) -> tuple[Pair, ...]:
    firsts, seconds = np.nonzero(best > 0.5)
    order = np.argsort(-best[firsts, seconds].round(6), kind="stable")[:most]
    return tuple(
        Pair(int(a), int(b), choices[which[a, b]][0], choices[which[a, b]][1], float(best[a, b]))
        for a, b in zip(firsts[order], seconds[order], strict=True)
    )


def _draws(candidates: Sequence[Mapping[str, Estimate]], line_nm: float) -> NDArray[np.float64]:
    """Shape (candidates, draws); not a number where unknown, which neither answers nor is silent."""
    estimates = [one.get(f"absorptivity_{line_nm:g}_nm_l_mol_cm") for one in candidates]
    n_draws = max((len(one.draws) for one in estimates if one is not None), default=1)
    found = np.full((len(candidates), n_draws), np.nan)
    for i, one in enumerate(estimates):
        if one is not None and one.calibrated:
            found[i] = [np.nan if draw is None else draw for draw in one.draws] * (n_draws // len(one.draws))
    return found
