"""The stored calculation `path_scan`: a reaction driven by hand, the first guess of its path."""

import msgspec

from actinic.chemistry.geometry import Geometry
from actinic.engines.optimisation import Stop
from actinic.engines.restrained_scan import ScanPoint, restrained_scan
from actinic.engines.surface import SurfaceTheory, surface
from actinic.errors import ConvergenceError, InputError
from actinic.level import Level

VERSION = 1

Pair = tuple[int, int]


class Frame(msgspec.Struct, frozen=True):
    """One geometry of a path and its energy at the level of the request, in hartree."""

    geometry: Geometry
    energy_hartree: float


class ScanStart(msgspec.Struct, frozen=True):
    """A conformer and the atoms that react in it.

    Attributes:
        geometry: The conformer.
        broken: Bonds that break.
        formed: Atoms that become bonded.
    """

    geometry: Geometry
    broken: tuple[Pair, ...]
    formed: tuple[Pair, ...]


class PathScanRequest(msgspec.Struct, frozen=True, tag="path_scan"):
    """Everything the result depends on, next to the seed.

    Attributes:
        starts: Conformers to start from, at least one; that with the lowest summit wins.
        theory: The surface.
        n_points: Geometries along the scan, at least 5.
        fmax_ev_angstrom: Largest force on an atom at which a geometry counts as relaxed.
        max_steps: Steps after which a geometry is left as it is: a scan is a guess.
    """

    starts: tuple[ScanStart, ...]
    theory: SurfaceTheory
    n_points: int
    fmax_ev_angstrom: float
    max_steps: int

    @property
    def geometry(self) -> Geometry:
        """The first start."""
        return self.starts[0].geometry

    @property
    def charge(self) -> int:
        """Total charge in e."""
        return self.theory.charge

    @property
    def multiplicity(self) -> int:
        """2S + 1."""
        return self.theory.multiplicity

    @property
    def level(self) -> Level:
        """Level of the surface."""
        return self.theory.level

    @property
    def program(self) -> str:
        """Program of the surface."""
        return self.theory.program


class PathScanResult(msgspec.Struct, frozen=True, tag="path_scan"):
    """The scan with the lowest summit.

    Attributes:
        frames: From the reactant on.
        start: Which of the starts it is.
        broken: Bonds that break in it.
        formed: Atoms that become bonded in it.
    """

    frames: tuple[Frame, ...]
    start: int
    broken: tuple[Pair, ...]
    formed: tuple[Pair, ...]

    @property
    def highest(self) -> int:
        """Index of the summit."""
        return max(range(len(self.frames)), key=lambda index: self.frames[index].energy_hartree)

    @property
    def is_interior(self) -> bool:
        """Whether the summit is neither end nor next to one."""
        return is_interior(self.highest, len(self.frames))


def is_interior(index: int, n: int) -> bool:
    """Whether a point of `n` has at least two others on either side."""
    return 2 <= index <= n - 3


def compute(request: PathScanRequest, seed: int) -> PathScanResult:
    """Scan from each start; a start whose surface fails on the way is left out.

    Args:
        request: What to compute.
        seed: Seed of the small kick that lets symmetric molecules leave their symmetry.

    Raises:
        InputError: A number of the request makes no sense, or a name, an element or the spin is unknown to
            the program.
        ConvergenceError: The surface failed from every start.
        EngineError: The program fails otherwise.
    """
    if not request.starts or request.n_points < 5 or request.fmax_ev_angstrom <= 0:
        raise InputError(
            f"{len(request.starts)} starts, {request.n_points} points, "
            f"{request.fmax_ev_angstrom} eV/angstrom: expected at least 1, at least 5 and more than 0"
        )
    scans: list[tuple[float, int, list[ScanPoint]]] = []
    reason = ""
    for number, start in enumerate(request.starts):
        try:
            points = restrained_scan(
                surface(start.geometry.symbols, request.theory),
                start.geometry,
                (start.broken, start.formed),
                n_points=request.n_points,
                stop=Stop(request.fmax_ev_angstrom, request.max_steps),
                seed=seed,
            )
        except ConvergenceError as error:
            reason = error.message
            continue
        scans.append((max(point.energy_hartree for point in points), number, points))
    if not scans:
        raise ConvergenceError(f"no scan from {len(request.starts)} conformers came to its end: {reason}")
    _, number, points = min(scans, key=lambda scan: scan[:2])
    start = request.starts[number]
    return PathScanResult(frames_of(points), number, start.broken, start.formed)


def frames_of(points: list[ScanPoint]) -> tuple[Frame, ...]:
    """Points of an engine as frames of a result."""
    return tuple(Frame(point.geometry, point.energy_hartree) for point in points)
