"""The stored calculation `path_energy`: DFT energies along a path, climbed from a frame to a summit."""

import msgspec

from actinic.chemistry.geometry import Geometry
from actinic.engines.composite import composite, corrections_hartree
from actinic.engines.dft import ScfSettings, ground_state
from actinic.errors import InputError
from actinic.level import Level

VERSION = 1


class PathEnergyRequest(msgspec.Struct, frozen=True, tag="path_energy"):
    """Everything the result depends on.

    Attributes:
        reactant: The minimum that energies are compared with.
        frames: The path in order, the reactant's side first.
        first: Frame to start from.
        climb: Go from there to the summit next to it and leave the rest out; else compute all frames.
        charge: Total charge in e.
        multiplicity: 2S + 1.
        broken_symmetry: Look for an open-shell singlet at every frame; else at the summit alone, as a test of
            the closed shell's stability.
        level: As in `wb97x-d3/def2-svp`.
        scf: Numerical settings.
        program: The program that computes, `pyscf`.
    """

    reactant: Geometry
    frames: tuple[Geometry, ...]
    first: int
    climb: bool
    charge: int
    multiplicity: int
    broken_symmetry: bool
    level: Level
    scf: ScfSettings
    program: str

    @property
    def geometry(self) -> Geometry:
        """The reactant."""
        return self.reactant


class PathEnergyResult(msgspec.Struct, frozen=True, tag="path_energy"):
    """Energies of the reactant and of the path.

    Attributes:
        reactant_hartree: Energy of the reactant.
        energies_hartree: Of each frame; None where the climb did not come by.
        highest: Index of the highest frame computed.
        spin_squares: <S^2> of each frame; None where none was computed.
        summit_spin_square: <S^2> of the lowest singlet at the summit, open shells allowed: 0 where the closed
            shell is stable.
        summit_hartree: Energy of that singlet.
    """

    reactant_hartree: float
    energies_hartree: tuple[float | None, ...]
    highest: int
    spin_squares: tuple[float | None, ...]
    summit_spin_square: float
    summit_hartree: float

    @property
    def barrier_hartree(self) -> float:
        """Energy of the summit above the reactant, of the lowest singlet there."""
        return self.summit_hartree - self.reactant_hartree


def compute(request: PathEnergyRequest, seed: int) -> PathEnergyResult:
    """Single points, in the order of the climb.

    Args:
        request: What to compute.
        seed: Unused: nothing here is drawn at random.

    Raises:
        InputError: `first` is no frame, or the level does not exist or does not cover an element.
        ConvergenceError: An SCF did not converge.
        ResourceError: The molecule does not fit the memory budget of the settings.
        EngineError: A result lies outside what is physical.
    """
    del seed
    n = len(request.frames)
    if not 0 <= request.first < n:
        raise InputError(f"first frame {request.first}: the path has {n} frames")
    if request.climb:
        known = _climbed(request)
    else:
        known = {
            index: _energy(request, frame, broken=request.broken_symmetry)
            for index, frame in enumerate(request.frames)
        }
    highest = max(known, key=lambda index: known[index][0])
    summit = known[highest]
    if not request.broken_symmetry and request.multiplicity == 1:
        summit = _energy(request, request.frames[highest], broken=True)
    return PathEnergyResult(
        reactant_hartree=_energy(request, request.reactant, broken=False)[0],
        energies_hartree=tuple(known[index][0] if index in known else None for index in range(n)),
        highest=highest,
        spin_squares=tuple(known[index][1] if index in known else None for index in range(n)),
        summit_spin_square=summit[1],
        summit_hartree=summit[0],
    )


def _climbed(request: PathEnergyRequest) -> dict[int, tuple[float, float]]:
    """Uphill from `first`, frame by frame, until both neighbours of the summit lie lower."""
    known: dict[int, tuple[float, float]] = {}
    summit = request.first
    while True:
        for index in (summit, summit + 1, summit - 1):
            if 0 <= index < len(request.frames) and index not in known:
                known[index] = _energy(request, request.frames[index], broken=request.broken_symmetry)
        best = max(known, key=lambda index: known[index][0])
        if best == summit:
            return known
        summit = best


def _energy(request: PathEnergyRequest, geometry: Geometry, *, broken: bool) -> tuple[float, float]:
    """Energy in hartree and <S^2>."""
    ground = ground_state(
        geometry,
        charge=request.charge,
        multiplicity=request.multiplicity,
        level=composite(request.level).electronic,
        settings=request.scf,
        broken_symmetry=broken,
    )
    correction = corrections_hartree(request.level, geometry, charge=request.charge)
    return ground.energy_hartree + correction, round(ground.spin_square, 6)
