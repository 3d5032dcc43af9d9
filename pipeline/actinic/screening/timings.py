"""What calculations cost: core-seconds by kind, level and number of electrons, from recorded ones.

The model is a power law per kind: core-seconds = c (electrons / 100)^k, per starting geometry of an ensemble
or a scan, per sampled geometry and per energy along a path; k belongs to kind and sort of surface (tight
binding or DFT), c to kind, level and shell. The shipped table is made by `workflows/fit_timings.py`; a user's
own store moves c to what his machine needs.
"""

import csv
import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import NamedTuple

from actinic.calculations.ensemble import EnsembleRequest
from actinic.calculations.kinds import Request, kind_of
from actinic.calculations.path_energy import PathEnergyRequest
from actinic.calculations.path_saddle import PathSaddleRequest
from actinic.calculations.path_scan import PathScanRequest
from actinic.calculations.sampling import SamplingRequest
from actinic.level import Level
from actinic.screening.limits import REFERENCE_ELECTRONS, n_electrons

SHIPPED = Path(__file__).parents[1] / "reference" / "timings" / "timings.csv"

ENOUGH_POINTS = 3
"""From so many calculations of its own a level is judged by them alone."""

SMALLEST_ELECTRONS = 30
"""Smaller molecules are left out of the fit and counted as having so many: they cost what starting costs."""

GRADIENTS_OF_A_SEARCH = 45.0
"""A saddle point on a DFT surface, its curvatures and both descents: what methyl azide took."""

ENERGIES_OF_A_GRADIENT = 5.5
"""Single energies that a gradient costs: 17.6 and 3.25 core-seconds for cyclopropylcyclobutene."""

FRAMES_OF_A_CLIMB = 5
"""Frames that a climb along a path comes by: three where the summit is the saddle point, more elsewhere."""

LEAST_EXPONENTS = {
    "ensemble": 2.0,
    "thermal": 2.0,
    "relaxation": 3.0,
    "energy": 2.7,
    "spectrum": 3.0,
    "sampling": 3.0,
    "reorganisation": 2.0,
    "frontier": 2.0,
    "path_scan": 2.0,
    "path_saddle": 2.0,
    "path_energy": 2.7,
}
"""Of each kind, for small molecules grow slower: what an earlier series of `benchmarks/scaling.py` gave, and
the shipped rows were fitted with. That of docs/benchmarks.md (9 to 45 heavy atoms) has 3.1 for ground
states and 3.4 for roots: at twice 100 electrons a forecast is 1.3 times too low, within its interval."""

LEAST_DEAR_EXPONENT = 2.7
"""Of kinds that are otherwise done with tight binding, on a DFT surface: as of ground states."""

UNTIMED = {
    "relaxation": ("energy", 20.0),
    "reorganisation": ("thermal", 0.5),
    "frontier": ("thermal", 0.02),
    "path_scan": ("thermal", 3.0),
    "path_saddle": ("thermal", 10.0),
    "path_energy": ("energy", 1.5),
}
"""Kinds without recorded timings: another kind, and how many of it one is assumed to cost."""

UNTIMED_DEAR = {"path_saddle": ("energy", GRADIENTS_OF_A_SEARCH * ENERGIES_OF_A_GRADIENT)}
"""Likewise of kinds that are otherwise done with tight binding, on a DFT surface."""

STRANGER_SPREAD = 2.0
"""Another factor either way for a level that was never timed."""


class Class(NamedTuple):
    """Calculations that cost the same at the same size."""

    kind: str
    level: str
    open_shell: bool

    @property
    def sort(self) -> "Sort":
        """What it shares its exponent with."""
        return Sort(self.kind, Level.parse(self.level).is_tight_binding)


class Sort(NamedTuple):
    """Calculations of one kind on one sort of surface: a DFT saddle point costs hundreds of cheap ones."""

    kind: str
    is_tight_binding: bool

    @property
    def is_unusually_dear(self) -> bool:
        """Whether a kind that is otherwise done with tight binding is done with DFT."""
        return not self.is_tight_binding and self.kind in UNTIMED_DEAR


class Point(NamedTuple):
    """One timed calculation; `core_s` is per geometry where it has many."""

    of: Class
    electrons: int
    core_s: float


class CoreSeconds(NamedTuple):
    """An estimate with the interval that holds two of three calculations."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table of timings.

    Attributes:
        kind: Kind of calculation.
        level: Level of theory.
        open_shell: Whether alpha and beta electrons have orbitals of their own.
        points: Calculations behind it.
        smallest_electrons: Of the smallest molecule among them.
        largest_electrons: Of the largest.
        core_s_at_100_electrons: The constant.
        exponent: Of the number of electrons; of the kind.
        spread: Factor either way that holds two of three of them.
    """

    kind: str
    level: str
    open_shell: bool
    points: int
    smallest_electrons: int
    largest_electrons: int
    core_s_at_100_electrons: float
    exponent: float
    spread: float

    @property
    def of(self) -> Class:
        """What it is about."""
        return Class(self.kind, self.level, self.open_shell)


class Timings:
    """Estimates of what calculations cost.

    Args:
        rows: As `fit` or `shipped_rows` makes them.
        own: Calculations of the user's machine; they count more than the rows.
    """

    def __init__(self, rows: Sequence[Row], own: Iterable[Point] = ()) -> None:
        self._rows = {row.of: row for row in rows}
        own_rows = fit(own, {row.of.sort: row.exponent for row in rows})
        shared = [r for r in own_rows if r.of in self._rows and r.points >= ENOUGH_POINTS]
        ratios = [r.core_s_at_100_electrons / self._rows[r.of].core_s_at_100_electrons for r in shared]
        self.machine_factor = statistics.median(ratios) if ratios else 1.0
        """How much longer the user's machine takes than the one of the rows."""
        self._own = {r.of: r for r in own_rows if r.points >= ENOUGH_POINTS or r.of not in self._rows}

    def core_seconds(self, request: Request) -> CoreSeconds:
        """What this calculation will cost on one core."""
        of = class_of(request)
        row, factor, spread = self._row(of)
        size = max(n_electrons(request), SMALLEST_ELECTRONS) / REFERENCE_ELECTRONS
        middle = factor * row.core_s_at_100_electrons * size**row.exponent * n_geometries(request)
        return CoreSeconds(middle / spread, middle, middle * spread)

    def _row(self, of: Class) -> tuple[Row, float, float]:
        """The row to go by, what its constant is multiplied with, and the spread."""
        if of in self._own:
            return self._own[of], 1.0, self._own[of].spread
        if of in self._rows:
            return self._rows[of], self.machine_factor, self._rows[of].spread
        every = {**self._rows, **self._own}.values()
        times, sort = 1.0, of.sort
        if all(row.of.sort != sort for row in every):
            kind, times = (UNTIMED_DEAR if sort.is_unusually_dear else UNTIMED)[sort.kind]
            sort = Sort(kind, sort.is_tight_binding)
        alike = sorted(
            (row for row in every if row.of.sort == sort),
            key=lambda row: (row.open_shell != of.open_shell, row.core_s_at_100_electrons),
        )
        same_shell = [row for row in alike if row.open_shell == of.open_shell] or alike
        row = same_shell[len(same_shell) // 2]
        return row, times * self.machine_factor, row.spread * STRANGER_SPREAD


def class_of(request: Request) -> Class:
    """Kind, level and shell of a calculation."""
    multiplicity = (
        request.species.multiplicity if isinstance(request, EnsembleRequest) else request.multiplicity
    )
    asked = request.theory if isinstance(request, PathSaddleRequest) else request
    is_open = multiplicity > 1 or bool(getattr(asked, "broken_symmetry", False))
    return Class(kind_of(request).name, str(request.level), is_open)


def n_geometries(request: Request) -> int:
    """Geometries that are computed one after the other."""
    match request:
        case EnsembleRequest():
            return request.n_embedded
        case SamplingRequest():
            return request.n_geometries
        case PathScanRequest():
            return len(request.starts)
        case PathEnergyRequest():  # and the reactant, and the test of the closed shell
            return min(len(request.frames), FRAMES_OF_A_CLIMB) + 2
        case _:
            return 1


def point(request: Request, core_s: float) -> Point:
    """A calculation that took `core_s` of processor time."""
    return Point(class_of(request), n_electrons(request), core_s / n_geometries(request))


def fit(points: Iterable[Point], exponents: Mapping[Sort, float] | None = None) -> list[Row]:
    """The table of timings of these calculations.

    Args:
        points: Timed calculations.
        exponents: By kind and sort of surface, where they are known already.
    """
    by_class: dict[Class, list[Point]] = defaultdict(list)
    for one in points:
        if one.core_s > 0 and one.electrons > 0:
            by_class[one.of].append(one)
    by_sort: dict[Sort, list[list[Point]]] = defaultdict(list)
    for of, alike in by_class.items():
        by_sort[of.sort].append(alike)
    known = exponents or {}
    found = {sort: known.get(sort) or _exponent(sort, groups) for sort, groups in by_sort.items()}
    return [_row(of, alike, found[of.sort]) for of, alike in sorted(by_class.items())]


def shipped_rows(path: Path = SHIPPED) -> list[Row]:
    """The table that comes with the package."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_parsed(line) for line in csv.DictReader(file)]


def write_rows(rows: Iterable[Row], path: Path) -> None:
    """Write the table of timings."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Row)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)


def _parsed(line: dict[str, str]) -> Row:
    n, smallest, largest = (int(line[name]) for name in ("points", "smallest_electrons", "largest_electrons"))
    numbers = (float(line[name]) for name in ("core_s_at_100_electrons", "exponent", "spread"))
    is_open = line["open_shell"] == "True"
    return Row(line["kind"], line["level"], is_open, n, smallest, largest, *numbers)


def _exponent(sort: Sort, groups: Iterable[Sequence[Point]]) -> float:
    """Slope of log time over log electrons, each group about its mean; at least that of large molecules."""
    above = below = 0.0
    for group in groups:
        large = [one for one in group if one.electrons >= SMALLEST_ELECTRONS]
        sizes, times = [math.log(p.electrons) for p in large], [math.log(p.core_s) for p in large]
        if len(large) > 1:
            centre, mean = statistics.fmean(sizes), statistics.fmean(times)
            above += sum((x - centre) * (y - mean) for x, y in zip(sizes, times, strict=True))
            below += sum((x - centre) ** 2 for x in sizes)
    least = LEAST_DEAR_EXPONENT if sort.is_unusually_dear else LEAST_EXPONENTS[sort.kind]
    return round(max(above / below if below > 0 else 0.0, least), 2)


def _row(of: Class, alike: Sequence[Point], exponent: float) -> Row:
    large = [one for one in alike if one.electrons >= SMALLEST_ELECTRONS] or list(alike)
    shapes = [(p.electrons / REFERENCE_ELECTRONS) ** exponent for p in large]
    # What they took together, not the median: a list is the sum of its calculations, and flexible molecules
    # cost so much more than rigid ones that the median ensemble foretells half of the sum.
    constant = sum(p.core_s for p in large) / sum(shapes)
    sizes = [one.electrons for one in alike]
    deviations = sorted(
        abs(math.log(p.core_s / shape / constant)) for p, shape in zip(large, shapes, strict=True)
    )
    # Two of three lie within; one or two calculations say nothing of it.
    known = len(large) >= ENOUGH_POINTS
    spread = round(math.exp(deviations[(2 * len(deviations)) // 3]), 2) if known else STRANGER_SPREAD
    return Row(*of, len(alike), min(sizes), max(sizes), float(f"{constant:.3g}"), exponent, spread)
