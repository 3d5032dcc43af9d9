"""Axes of the page's figures: where a value lies in pixels, and which ticks it is read by.

The page draws its own SVG from templates: a figure of a plotting library takes 0.4 s and 26 kB, this one
milliseconds and 4 kB, and it follows the reader's light or dark colours (`docs/decisions.md`).
"""

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STRAIGHT_PIXELS = 0.1
"""Paths are written to a tenth of a pixel: what lies so near a straight line lies on it."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A straight line from values to pixels.

    Attributes:
        first: Value at the first pixel.
        last: Value at the last pixel.
        first_pixel: Where the axis starts.
        last_pixel: Where it ends.
        logarithmic: Whether equal ratios are equally far apart.
    """

    first: float
    last: float
    first_pixel: float
    last_pixel: float
    logarithmic: bool = False

    def pixel(self, value: float) -> float:
        """Where `value` lies; beyond the ends, the end.

        >>> Axis(1, 100, 200, 0, logarithmic=True).pixel(10)
        100.0
        >>> Axis(1, 100, 200, 0, logarithmic=True).pixel(0)
        200.0
        """
        low, high = sorted((self.first, self.last))
        kept = min(max(value, low), high)
        share = (self._scaled(kept) - self._scaled(self.first)) / (
            self._scaled(self.last) - self._scaled(self.first)
        )
        return round(self.first_pixel + share * (self.last_pixel - self.first_pixel), 1)

    def pixels(self, values: NDArray[np.float64]) -> list[float]:
        """Where many values lie, shape (n,); as `pixel`.

        >>> Axis(1, 100, 200, 0, logarithmic=True).pixels(np.array([0.0, 10.0]))
        [200.0, 100.0]
        """
        low, high = sorted((self.first, self.last))
        kept = np.clip(values, low, high)
        scaled = np.log10(kept) if self.logarithmic else kept
        first, last = self._scaled(self.first), self._scaled(self.last)
        share = (scaled - first) / (last - first)
        found: list[float] = np.round(
            self.first_pixel + share * (self.last_pixel - self.first_pixel), 1
        ).tolist()
        return found

    def holds(self, value: float) -> bool:
        """Whether `value` lies between the ends."""
        low, high = sorted((self.first, self.last))
        return low <= value <= high

    def _scaled(self, value: float) -> float:
        return math.log10(value) if self.logarithmic else value


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where, and what stands there."""

    pixel: float
    text: str


def decades(axis: Axis) -> tuple[Tick, ...]:
    """Ticks at the powers of ten of a logarithmic axis."""
    low, high = sorted((axis.first, axis.last))
    powers = range(math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9) + 1)
    return tuple(Tick(axis.pixel(10.0**n), f"{10**n:,}".replace(",", "\u202f")) for n in powers)


def multiples(axis: Axis, step: float) -> tuple[Tick, ...]:
    """Ticks at the multiples of `step`.

    >>> [tick.text for tick in multiples(Axis(-1.2, 1.1, 0, 10), 1)]
    ['−1', '0', '1']
    """
    low, high = sorted((axis.first, axis.last))
    values = [n * step for n in range(math.ceil(low / step), math.floor(high / step) + 1)]
    return tuple(Tick(axis.pixel(value), f"{value:g}".replace("-", "−")) for value in values)


def path(points: Iterable[tuple[float, float]]) -> str:
    """SVG path through points in pixels; those in the middle of a straight stretch are left out.

    >>> path([(0.0, 5.0), (1.0, 5.0), (2.0, 5.0), (3.0, 4.5)])
    'M0 5L2 5L3 4.5'
    """
    kept = list(_corners(list(points)))
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in kept) if kept else ""


def outline(points: Iterable[tuple[float, float]]) -> str:
    """Closed SVG path through points in pixels, in steps from one to the next: a third shorter.

    >>> outline([(10.0, 5.0), (12.5, 4.0), (12.5, 9.0)])
    'M10 5l2.5-1 0 5z'
    """
    listed = list(_corners(list(points)))
    if not listed:
        return ""
    steps = [f"{x1 - x0:.1f} {y1 - y0:.1f}" for (x0, y0), (x1, y1) in itertools.pairwise(listed)]
    short = " ".join(steps).replace(".0", "").replace("-0 ", "0 ").replace(" -", "-")
    return f"M{listed[0][0]:g} {listed[0][1]:g}l{short}z"


def rows_without_overlap(pixels: Sequence[float], width: float) -> list[int]:
    """In which row each of some labels stands so that none in a row overlap; positions ascend.

    >>> rows_without_overlap([10.0, 20.0, 60.0], 30.0)
    [0, 1, 0]
    """
    ends: list[float] = []
    rows = []
    for pixel in pixels:
        row = next((i for i, end in enumerate(ends) if pixel - end >= width), len(ends))
        ends[row : row + 1] = [pixel]
        rows.append(row)
    return rows


def apart(pixels: Sequence[float], gap: float, first: float, last: float) -> list[float]:
    """Places for labels, in their order and `gap` apart, as close to `pixels` (ascending) as that allows.

    >>> apart([10.0, 11.0, 50.0], 10.0, 0.0, 60.0)
    [10.0, 20.0, 50.0]
    >>> apart([58.0, 59.0], 10.0, 0.0, 60.0)
    [50.0, 60.0]
    """
    places: list[float] = []
    for pixel in pixels:
        places.append(max(pixel, places[-1] + gap) if places else max(pixel, first))
    limit = last
    for i in reversed(range(len(places))):
        places[i] = min(places[i], limit)
        limit = places[i] - gap
    return [round(place, 1) for place in places]


def _corners(points: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Without those in the middle of a straight stretch, to less than what a pixel shows."""
    last = 0
    for i, point in enumerate(points):
        ends = i in {0, len(points) - 1}
        if ends or not _is_straight(points[last : i + 2]):
            yield point
            last = i


def _is_straight(points: list[tuple[float, float]]) -> bool:
    """Whether all points between the first and the last lie on the line through these two."""
    (x0, y0), *between, (x1, y1) = points
    length = math.hypot(x1 - x0, y1 - y0)
    away = (abs((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)) for x, y in between)
    return all(one <= STRAIGHT_PIXELS * length for one in away)
