"""What the barrier of a reaction still needs: scan, transition state, energies, by the route of a channel."""

from dataclasses import dataclass, replace
from typing import TypeVar

import msgspec

from actinic.calculations.ensemble import EnsembleResult
from actinic.calculations.kinds import Request
from actinic.calculations.path import FailedStep, ReactionPath
from actinic.calculations.path_energy import PathEnergyRequest, PathEnergyResult
from actinic.calculations.path_saddle import PathSaddleRequest, PathSaddleResult
from actinic.calculations.path_scan import PathScanRequest, PathScanResult, ScanStart, is_interior
from actinic.calculations.thermal import ThermalResult
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.reaction_places import Place
from actinic.engines.calculator import distance_angstrom
from actinic.engines.dft import ENERGIES
from actinic.engines.dft_gradient import GRADIENTS
from actinic.engines.surface import SurfaceTheory
from actinic.level import Level
from actinic.screening.lookup import Lookup, answer
from actinic.screening.participants import ensemble_request, thermal_request
from actinic.screening.path_tasks import PathTask
from actinic.screening.sections import EnsembleSection, PathsSection

T = TypeVar("T")

SURFACE_SCF = msgspec.structs.replace(GRADIENTS, grid_level=2)
"""Two thirds of the time of grid level 3; the energies that count are computed on that afterwards."""

UNSTABLE = 0.05
"""<S^2> at the summit from which the closed shell no longer describes it."""


@dataclass(frozen=True, slots=True)
class PathRecipe:
    """How the barriers of a workflow are searched for."""

    ensemble: EnsembleSection
    paths: PathsSection


@dataclass(frozen=True, slots=True)
class PathStand:
    """Where a search stands; `path` is final once nothing is missing."""

    missing: tuple[Request, ...]
    path: ReactionPath


def path_stand(task: PathTask, recipe: PathRecipe, lookup: Lookup) -> PathStand:
    """What the search misses and what it has found, stage by stage."""
    return _Search(task, recipe, lookup).stand()


class _MissingError(Exception):
    """A calculation has to run before the search goes on."""

    def __init__(self, request: Request) -> None:
        super().__init__()
        self.request = request


class _FailedError(Exception):
    """The search has come to its end without a barrier."""

    def __init__(self, step: FailedStep, reason: str) -> None:
        super().__init__(reason)
        self.step = step
        self.reason = reason


class _Search:
    """The stages of one search, each asked of what is known."""

    def __init__(self, task: PathTask, recipe: PathRecipe, lookup: Lookup) -> None:
        self._task, self._recipe, self._lookup = task, recipe, lookup
        self._species = task.model
        self._path = ReactionPath(task.reaction, task.route, self._species, Level.parse(recipe.paths.level))

    def stand(self) -> PathStand:
        try:
            self._minimum()
            self._scan()
            if self._task.route == "n2-loss":
                self._open_shell_saddle()
            else:
                self._closed_shell_saddle()
        except _MissingError as missing:
            return PathStand((missing.request,), self._path)
        except _FailedError as failed:
            return PathStand((), replace(self._path, failed_step=failed.step, failure=failed.reason))
        return PathStand((), self._path)

    def _minimum(self) -> None:
        ensemble = self._known(
            ensemble_request(self._species, self._recipe.ensemble), EnsembleResult, "conformers"
        )
        if not ensemble.conformers:
            raise _FailedError("conformers", f"{self._species.smiles} does not keep its bonds")
        self._conformers = tuple(one.geometry for one in ensemble.conformers[: self._recipe.paths.conformers])
        request = thermal_request(
            self._species,
            self._conformers[0],
            self._recipe.ensemble,
            self._recipe.paths.reactant_fmax_ev_angstrom,
        )
        reactant = self._known(request, ThermalResult, "conformers")
        self._path = replace(self._path, reactant=reactant)

    def _scan(self) -> None:
        section = self._recipe.paths
        starts = tuple(self._start(geometry) for geometry in self._conformers)
        request = PathScanRequest(
            starts, self._cheap(), section.points, section.scan_fmax_ev_angstrom, section.max_steps
        )
        scan = self._known(request, PathScanResult, "scan")
        self._path = replace(self._path, scan=scan)
        if self._task.route != "n2-loss" and not scan.is_interior:
            raise _FailedError(
                "scan", f"its summit, point {scan.highest + 1} of {section.points}, is not interior"
            )

    def _start(self, geometry: Geometry) -> ScanStart:
        """The place whose atoms that become bonded are nearest in this conformer."""
        positions = geometry.positions_angstrom

        def reach(place: Place) -> tuple[float, Place]:
            return round(sum(distance_angstrom(positions, pair) ** 2 for pair in place.formed), 3), place

        nearest = min(self._task.places, key=reach)
        if self._task.route != "n2-loss":
            return ScanStart(geometry, nearest.broken, nearest.formed)
        # N2 leaves first; what shifts afterwards shifts downhill.
        leaving = tuple(
            pair
            for pair in nearest.broken
            if "N" in (geometry.symbols[pair[0]], geometry.symbols[pair[1]])
            and "H" not in (geometry.symbols[pair[0]], geometry.symbols[pair[1]])
        )
        return ScanStart(geometry, leaving, ())

    def _closed_shell_saddle(self) -> None:
        assert self._path.scan is not None
        scan = self._path.scan
        found = self._saddle(scan.frames[scan.highest].geometry, self._cheap())
        self._accept(found)
        if self._task.route == "electrocyclic":
            self._path = replace(self._path, guess=found, saddle=None)
            found = self._saddle(found.geometry, self._dear(broken_symmetry=False))
            self._accept(found)
            self._energies_of((found.geometry,), found.backward[-1].geometry, 0, broken_symmetry=False)
        else:
            before, after = ([frame.geometry for frame in side] for side in (found.backward, found.forward))
            assert self._path.reactant is not None
            self._energies_of(
                (*reversed(before), found.geometry, *after),
                self._path.reactant.geometry,
                len(found.backward),
                broken_symmetry=False,
            )
        energies = self._path.energies
        assert energies is not None
        if energies.summit_spin_square > UNSTABLE:
            raise _FailedError(
                "acceptance",
                f"closed shell: not stable at the summit, <S^2> = {energies.summit_spin_square:.2f}",
            )

    def _open_shell_saddle(self) -> None:
        """Tight binding has no barrier for the loss of N2: the summit is looked for among DFT energies."""
        assert self._path.scan is not None
        assert self._path.reactant is not None
        frames = tuple(frame.geometry for frame in self._path.scan.frames)
        request = self._energy_request(
            frames, self._path.reactant.geometry, len(frames) // 3, broken_symmetry=True
        )
        rough = self._known(request, PathEnergyResult, "scan")
        if not is_interior(rough.highest, len(frames)):
            raise _FailedError(
                "scan", f"its DFT summit, point {rough.highest + 1} of {len(frames)}, is not interior"
            )
        found = self._saddle(frames[rough.highest], self._dear(broken_symmetry=True))
        self._accept(found)
        self._energies_of((found.geometry,), found.backward[-1].geometry, 0, broken_symmetry=True)

    def _saddle(self, guess: Geometry, theory: SurfaceTheory) -> PathSaddleResult:
        assert self._path.scan is not None
        scan, section = self._path.scan, self._recipe.paths
        cheap = self._cheap()
        is_cheap = theory == cheap
        request = PathSaddleRequest(
            species=self._species,
            guess=guess,
            broken=scan.broken,
            formed=scan.formed,
            theory=theory,
            hessian=cheap.level,
            hessian_program=cheap.program,
            fmax_ev_angstrom=section.saddle_fmax_ev_angstrom if is_cheap else section.dft_fmax_ev_angstrom,
            max_steps=section.max_saddle_steps if is_cheap else section.max_dft_steps,
        )
        found = self._known(request, PathSaddleResult, "saddle")
        self._path = replace(self._path, saddle=found)
        return found

    def _accept(self, found: PathSaddleResult) -> None:
        missed = next((check for check in found.judged if not check.passed), None)
        if missed is not None:
            raise _FailedError("acceptance", f"{missed.name}: {missed.detail}")

    def _energies_of(
        self, frames: tuple[Geometry, ...], reactant: Geometry, first: int, *, broken_symmetry: bool
    ) -> None:
        request = self._energy_request(frames, reactant, first, broken_symmetry=broken_symmetry)
        energies = self._known(request, PathEnergyResult, "energies")
        self._path = replace(self._path, energies=energies)
        if len(frames) > 1 and energies.highest in (0, len(frames) - 1):
            raise _FailedError("energies", "the energies rise to the end of the path")

    def _energy_request(
        self, frames: tuple[Geometry, ...], reactant: Geometry, first: int, *, broken_symmetry: bool
    ) -> PathEnergyRequest:
        return PathEnergyRequest(
            reactant=reactant,
            frames=frames,
            first=first,
            climb=True,
            charge=self._species.charge,
            multiplicity=self._species.multiplicity,
            broken_symmetry=broken_symmetry,
            level=self._path.level,
            scf=ENERGIES,
            program="pyscf",
        )

    def _cheap(self) -> SurfaceTheory:
        section = self._recipe.ensemble
        return SurfaceTheory(
            self._species.charge,
            self._species.multiplicity,
            Level.parse(section.level),
            section.program,
            False,
            None,
        )

    def _dear(self, *, broken_symmetry: bool) -> SurfaceTheory:
        return SurfaceTheory(
            self._species.charge,
            self._species.multiplicity,
            self._path.level,
            "pyscf",
            broken_symmetry,
            SURFACE_SCF,
        )

    def _known(self, request: Request, kind: type[T], step: FailedStep) -> T:
        """The result; what is missing, or failed at this step, ends the search here."""
        found = answer(request, self._lookup, kind)
        if found.missing:
            raise _MissingError(request)
        if found.result is None:
            raise _FailedError(step, found.reason)
        return found.result
