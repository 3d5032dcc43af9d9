"""How wide bands are drawn: as wide as gives their red flanks the length that measured spectra show.

The length of a flank, from the lowest maximum to where a tenth of it is left, holds no error of position: a
spectrum that is computed too far red has it all the same. So neither the line nor what is asked at an
exposure line has a part in the fit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from actinic.analysis.absorption import band_edge_ev, lowest_maximum_ev
from actinic.analysis.absorption_points import AbsorptionPoint, placed_sticks
from actinic.analysis.validation import BOOTSTRAP_SAMPLES, Line, Real

WIDTHS_EV = np.linspace(0.04, 0.40, 19)
"""Widths at which flanks are computed; their length is nearly linear in between."""

FEWEST = 10
"""As many flanks give a width."""


@dataclass(frozen=True, slots=True)
class Flanks:
    """Red flanks of the lowest bands, n molecules.

    Attributes:
        measured_ev: From maximum to edge, shape (n,); of an edge beyond the spectrum what is seen of it.
        computed_ev: The same at each of `WIDTHS_EV`, shape (n, len(WIDTHS_EV)).
        groups: What is left out together, n names.
    """

    measured_ev: Real
    computed_ev: Real
    groups: tuple[str, ...]

    def width_ev(self, without: str | None = None) -> float | None:
        """The width that makes half of the flanks too long and half too short; None where they are too few.

        Args:
            without: A group to leave out.
        """
        chosen = np.flatnonzero(np.array([name != without for name in self.groups], dtype=bool))
        return self._fitted(chosen) if chosen.size >= FEWEST else None

    def single_ev(self) -> Real:
        """The width that each molecule by itself asks for, shape (n,), within `WIDTHS_EV`."""
        return np.array([self._fitted(np.array([i])) for i in range(self.measured_ev.size)])

    def interval_ev(self) -> tuple[float, float]:
        """Ends of the 90 % bootstrap interval of the width, groups drawn together."""
        names = np.array(self.groups)
        members = [np.flatnonzero(names == name) for name in dict.fromkeys(self.groups)]
        drawn = np.random.default_rng(20268).integers(len(members), size=(BOOTSTRAP_SAMPLES, len(members)))
        found = [self._fitted(np.concatenate([members[i] for i in one])) for one in drawn]
        low, high = np.quantile(found, (0.05, 0.95))
        return float(low), float(high)

    def _fitted(self, chosen: np.ndarray) -> float:
        away = np.median(self.computed_ev[chosen] - self.measured_ev[chosen, None], axis=0)
        return float(np.interp(0.0, np.maximum.accumulate(away), WIDTHS_EV))


@dataclass(frozen=True, slots=True)
class WidthFit:
    """The width of bands and how well it is known.

    Attributes:
        n: Flanks it is fitted to.
        width_ev: Gaussian standard deviation.
        low_ev: Lower end of its 90 % bootstrap interval.
        high_ev: Its upper end.
        narrow_ev: 16 % quantile of the widths that single molecules ask for.
        wide_ev: 84 % quantile.
    """

    n: int
    width_ev: float
    low_ev: float
    high_ev: float
    narrow_ev: float
    wide_ev: float


def flanks(points: Sequence[AbsorptionPoint], fitted: Line) -> Flanks:
    """The flanks of all points with a measured edge.

    Args:
        points: Molecules.
        fitted: The line that puts them on the scale of experiment: of where they lie next to nothing is in a
            flank, but states of different kinds are moved by different amounts.
    """
    measured, computed, groups = [], [], []
    for point in points:
        if point.measured.band_edge_ev is None:
            continue
        shift_ev = float(fitted(np.array(point.raw_ev))) - point.raw_ev
        placed = placed_sticks(point, shift_ev, fitted.slope)
        maximum_ev = lowest_maximum_ev(placed)
        edges = [band_edge_ev(placed, float(width_ev)) for width_ev in WIDTHS_EV]
        if maximum_ev is not None and None not in edges:
            measured.append(point.measured.band_max_ev - point.measured.band_edge_ev)
            computed.append(maximum_ev - np.array(edges, dtype=float))
            groups.append(point.scaffold)
    return Flanks(np.array(measured), np.array(computed).reshape(len(groups), WIDTHS_EV.size), tuple(groups))


def width_fit(found: Flanks) -> WidthFit | None:
    """The width with its interval; None where there are too few flanks."""
    width_ev = found.width_ev()
    if width_ev is None:
        return None
    narrow, wide = np.quantile(found.single_ev(), (0.16, 0.84))
    return WidthFit(len(found.groups), width_ev, *found.interval_ev(), float(narrow), float(wide))
