"""Errors that differ between kinds of bonds, as far as few bonds of a kind can say so.

Two ways in which kinds can differ are asked, and the wider answer counts:

* bonds of one kind share an offset, normal about zero over the kinds, and scatter about it (random effects;
  N. M. Laird, J. H. Ware, Biometrics 1982, 38, 963, doi:10.2307/2529876);
* each kind scatters by itself, its variance drawn from a scaled inverse chi-squared distribution about the
  mean square error of all (A. Gelman and others, Bayesian Data Analysis, third edition, section 2.6).

What both take from the data, they take by maximum likelihood over all kinds, so that how far the errors of
three bonds are believed is no choice of ours.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from actinic.analysis.validation import Real

_LOG_RATIOS = (-10.0, 5.0)
_LOG_WEIGHTS = (-2.0, 10.0)


@dataclass(frozen=True, slots=True)
class KindSpread:
    """How kinds differ; variances in the square of the unit of the errors.

    Attributes:
        between: Of the offsets of kinds; as good as 0 where kinds do not differ.
        within: Of the errors about the offset of their kind.
        pooled: Mean square error of all kinds together.
        weight: How many bonds `pooled` counts against those of one kind; thousands where kinds scatter alike.
    """

    between: float
    within: float
    pooled: float
    weight: float

    @classmethod
    def fit(cls, errors: Real, kinds: Sequence[str]) -> "KindSpread":
        """By maximum likelihood.

        Args:
            errors: Predicted minus observed, shape (n,), not all 0; of bonds left out with their kind.
            kinds: Of each.
        """
        groups = [errors[np.array(kinds) == kind] for kind in dict.fromkeys(kinds)]
        n = np.array([float(group.size) for group in groups])
        sums = np.array([group.sum() for group in groups])
        squares = np.array([(group**2).sum() for group in groups])
        between, within = _offsets(n, sums, float(squares.sum()))
        pooled = float(squares.sum()) / errors.size
        return cls(between, within, pooled, _weight(n, squares, pooled))

    def error(self, own: Real) -> float:
        """Standard error of one more bond of a kind: that of all kinds, wider where its own errors say so.

        Never narrower: five small errors of one kind are no promise for the sixth.

        Args:
            own: Errors of the bonds of this kind, shape (n,); may be empty.
        """
        share = own.size * self.between / (own.size * self.between + self.within)
        offset = share * float(own.mean()) if own.size else 0.0
        shifted = offset**2 + (1 - share) * self.between + self.within
        scattered = (float((own**2).sum()) + self.weight * self.pooled) / (own.size + self.weight)
        return float(np.sqrt(max(self.pooled, shifted, scattered)))


def _offsets(n: Real, sums: Real, total: float) -> tuple[float, float]:
    """Variances between and within kinds of `n` errors each, from their sums and the sum of all squares."""

    def within(log_ratio: float) -> float:
        ratio = np.exp(log_ratio)
        return (total - float((ratio * sums**2 / (1 + n * ratio)).sum())) / float(n.sum())

    def unlikely(log_ratio: float) -> float:
        return float(n.sum() * np.log(within(log_ratio)) + np.log1p(n * np.exp(log_ratio)).sum())

    found = _lowest(unlikely, _LOG_RATIOS)
    return float(np.exp(found)) * within(found), within(found)


def _weight(n: Real, squares: Real, pooled: float) -> float:
    """Degrees of freedom of the variances of kinds about `pooled`, from their sums of squares."""
    from scipy.special import gammaln  # noqa: PLC0415 - as below

    def unlikely(log_weight: float) -> float:
        weight = np.exp(log_weight)
        scale = weight * pooled
        terms = gammaln((weight + n) / 2) - gammaln(weight / 2) + weight / 2 * np.log(scale)
        return -float((terms - (weight + n) / 2 * np.log(scale + squares)).sum())

    return float(np.exp(_lowest(unlikely, _LOG_WEIGHTS)))


def _lowest(unlikely: Callable[[float], float], bounds: tuple[float, float]) -> float:
    from scipy.optimize import minimize_scalar  # noqa: PLC0415 - slows every command, needed in few

    return float(minimize_scalar(unlikely, bounds=bounds, method="bounded").x)


def wider_kinds(errors: Real, kinds: Sequence[str]) -> dict[str, float]:
    """Standard errors of the kinds whose own is wider than that of all together, by name."""
    labels, spread = np.array(kinds), KindSpread.fit(errors, kinds)
    found = {kind: spread.error(errors[labels == kind]) for kind in sorted(set(kinds))}
    return {kind: error for kind, error in found.items() if error > float(np.sqrt(spread.pooled))}


def unseen_errors(errors: Real, kinds: Sequence[str]) -> Real:
    """What would be stated for each bond if its kind were not in the set; shape (n,)."""
    labels = np.array(kinds)
    return np.array([np.mean(errors[labels != kind] ** 2) ** 0.5 for kind in kinds])


def seen_errors(errors: Real, kinds: Sequence[str]) -> Real:
    """What would be stated for each bond if it alone were not in the set; shape (n,).

    Variances are those of the other kinds, so that the errors judged had no part in them.
    """
    labels, found = np.array(kinds), np.empty(errors.size)
    for kind in dict.fromkeys(kinds):
        inside = labels == kind
        spread = KindSpread.fit(errors[~inside], labels[~inside].tolist())
        for index in np.flatnonzero(inside):
            found[index] = spread.error(errors[inside & (np.arange(errors.size) != index)])
    return found
