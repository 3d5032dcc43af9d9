"""Levels against measured ionisation energies: from the shipped calculations, or from those of a store."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from actinic.analysis.absorption_domain import scaffold
from actinic.analysis.absorption_validation import CoverageCheck
from actinic.analysis.calibration import AffinityCalibration, FilmCalibration, IonisationCalibration
from actinic.analysis.level_validation import (
    AffinityPoint,
    LevelPoint,
    LevelRow,
    affinity_fit,
    film_coverage,
    film_fit,
    ionisation_fit,
    level_rows,
)
from actinic.errors import InputError
from actinic.screening.affinity_references import (
    AFFINITY_LEVELS,
    AffinityReference,
    affinity_references,
    affinity_standing,
)
from actinic.screening.cluster import ClusterSettings
from actinic.screening.level_references import (
    FILM_DFT,
    IONISATION_LEVEL,
    TIGHT_BINDING,
    LevelReference,
    LevelStanding,
    charged_predictors,
    level_references,
    level_standing,
    levels_workflow,
)
from actinic.screening.lookup import Lookup
from actinic.screening.shipped import Shipped
from actinic.validation_run import Place, Work, recomputed

EXPORT = "levels.jsonl.gz"
FEWEST = 5

FILM_PREDICTORS = (*TIGHT_BINDING, *charged_predictors("films"))
"""Of the level in a film; the first is shipped."""

GAS_PREDICTORS = (*TIGHT_BINDING, *charged_predictors("vertical"), IONISATION_LEVEL)

FILM_FITS, GAS_FITS = ("shift", "line"), ("as computed", "shift", "line")
"""No orbital of a molecule alone is a level of a film as computed."""


@dataclass(frozen=True, slots=True)
class LevelValidation:
    """Reference molecules against their ionisation energies.

    Attributes:
        films: Molecules measured in films.
        gas: Molecules measured in the gas phase.
        film_rows: Predictors of the film level, known of all films.
        dft_rows: Those known of films small enough for a DFT ground state, and the first again on the same
            films; empty without one.
        dft_without: Names of the films that are too large for it.
        gas_rows: Predictors of the vertical ionisation energy: the check of the physics.
        theory: Errors of the best theory for the gas phase against the same measurements, mean absolute, eV.
        acceptors: Molecules with measured electron affinities of their films.
        anions: Anions with measured detachment energies.
        calibrations: The shift to the film level as shipped, by tight-binding level.
        ionisation: The shift of vertical ionisation energies, by level.
        affinity: The shift to the affinity in a film, by level; empty without acceptors.
        coverage: Whether the error of the first of them holds.
        outdated: Versions of kinds of calculation that have another one now.
        without: Molecules without a value, with the reason.
    """

    films: tuple[LevelPoint, ...]
    gas: tuple[LevelPoint, ...]
    film_rows: tuple[LevelRow, ...]
    dft_rows: tuple[LevelRow, ...]
    dft_without: tuple[str, ...]
    gas_rows: tuple[LevelRow, ...]
    theory: float
    acceptors: tuple[AffinityPoint, ...]
    anions: tuple[AffinityPoint, ...]
    calibrations: dict[str, FilmCalibration]
    ionisation: dict[str, IonisationCalibration]
    affinity: dict[str, AffinityCalibration]
    coverage: CoverageCheck
    outdated: dict[str, int]
    without: dict[str, str]

    def record(self) -> dict[str, Any]:
        """Everything as plain values, for JSON."""
        return asdict(self)


def validate_levels() -> LevelValidation:
    """The tables from the calculations shipped with the package; seconds."""
    shipped = Shipped.of("film_ionisation", EXPORT)
    return validated(shipped, shipped.outdated)


def recompute_levels(
    store: Path, cluster: ClusterSettings, console: Console, ship: Path | None
) -> LevelValidation:
    """The tables from the calculations of a store; what it lacks is computed.

    Args:
        store: Where calculations are remembered.
        cluster: Where to run.
        console: Where progress is shown.
        ship: Write the calculations behind the tables there, as the package ships them; None for no file.

    Raises:
        SchedulerLostError: Dask went away; the same call resumes.
    """
    small_first = sorted(level_references(), key=_heavy_atoms)
    work = Work(level_standing, levels_workflow(), small_first, "molecules")
    apart = Work(affinity_standing, levels_workflow(), affinity_references(), "acceptors and anions")
    return recomputed(Place(store, cluster, console, ship), [apart, work], validated)


def validated(lookup: Lookup, outdated: dict[str, int] | None = None) -> LevelValidation:
    """The tables from whatever `lookup` knows.

    Raises:
        InputError: Too few molecules are known for a table.
    """
    flow = levels_workflow()
    stands = [(reference, level_standing(reference, flow, lookup)) for reference in level_references()]
    first, known = TIGHT_BINDING[0], [(r, stand) for r, stand in stands if TIGHT_BINDING[0] in stand.homo_ev]
    films = [_point(r, stand) for r, stand in known if r.collection == "films"]
    gas = [_point(r, stand) for r, stand in known if r.collection == "vertical" and stand.state == "done"]
    if min(len(films), len(gas)) < FEWEST:
        raise InputError(f"{len(films)} films and {len(gas)} molecules are computed: too few for a table")
    off = [abs(r.theory_ev - r.ionisation_ev) for r, _ in stands if r.theory_ev is not None]
    small = [film for film in films if FILM_DFT[0] in film.computed_ev]
    asked = [(reference, affinity_standing(reference, flow, lookup)) for reference in affinity_references()]
    apart: dict[str, list[AffinityPoint]] = {"acceptors": [], "anions": []}
    for r, stand in asked:
        if stand.state == "done":
            point = AffinityPoint(r.id, r.affinity_ev, stand.affinity_ev, _heavy_atoms(r))
            apart[r.collection].append(point)
    acceptors = apart["acceptors"]
    valued = {point.id for point in (*films, *gas)}
    return LevelValidation(
        films=tuple(films),
        gas=tuple(gas),
        film_rows=level_rows(films, _of_all(films, FILM_PREDICTORS), FILM_FITS),
        dft_rows=level_rows(small, (first, *_of_all(small, FILM_DFT)), FILM_FITS)
        if len(small) >= FEWEST
        else (),
        dft_without=tuple(film.id for film in films if film not in small),
        gas_rows=level_rows(gas, _of_all(gas, GAS_PREDICTORS), GAS_FITS),
        theory=sum(off) / len(off),
        acceptors=tuple(acceptors),
        anions=tuple(apart["anions"]),
        ionisation={IONISATION_LEVEL: ionisation_fit(gas, IONISATION_LEVEL)},
        affinity={AFFINITY_LEVELS[0]: affinity_fit(acceptors, AFFINITY_LEVELS[0])} if acceptors else {},
        calibrations={level: film_fit(films, level) for level in _of_all(films, TIGHT_BINDING)},
        coverage=film_coverage(films, first),
        outdated=outdated or {},
        without={r.id: stand.reason or "not computed yet" for r, stand in stands if r.id not in valued},
    )


def _point(reference: LevelReference, stand: LevelStanding) -> LevelPoint:
    computed = dict(stand.homo_ev)
    if stand.ionisation_ev is not None:
        computed[IONISATION_LEVEL] = -stand.ionisation_ev
    return LevelPoint(
        id=reference.id,
        scaffold=scaffold(reference.species),
        measured_ev=-reference.ionisation_ev,
        computed_ev=computed,
        heavy_atoms=_heavy_atoms(reference),
        cpu_s=stand.cpu_s,
    )


def _of_all(points: Sequence[LevelPoint], predictors: Sequence[str]) -> tuple[str, ...]:
    """Those of the predictors that are known of all of the molecules."""
    return tuple(name for name in predictors if all(name in point.computed_ev for point in points))


def _heavy_atoms(reference: LevelReference | AffinityReference) -> int:
    return sum(atom.GetAtomicNum() > 1 for atom in reference.species.molecule().GetAtoms())
