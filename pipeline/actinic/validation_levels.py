"""Levels against measured ionisation energies: from the shipped calculations, or from those of a store."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from actinic.analysis.absorption_domain import scaffold
from actinic.analysis.absorption_validation import CoverageCheck
from actinic.analysis.calibration import FilmCalibration
from actinic.analysis.level_validation import LevelPoint, LevelRow, film_coverage, film_fit, level_rows
from actinic.errors import InputError
from actinic.screening.cluster import ClusterSettings
from actinic.screening.level_references import (
    IONISATION_LEVEL,
    TIGHT_BINDING,
    LevelReference,
    LevelStanding,
    level_references,
    level_standing,
    levels_workflow,
)
from actinic.screening.lookup import Lookup
from actinic.screening.shipped import Shipped
from actinic.validation_run import Place, Work, recomputed

EXPORT = "levels.jsonl.gz"
FEWEST = 5


@dataclass(frozen=True, slots=True)
class LevelValidation:
    """Reference molecules against their ionisation energies.

    Attributes:
        films: Molecules measured in films.
        gas: Molecules measured in the gas phase.
        film_rows: Predictors of the film level.
        gas_rows: Predictors of the vertical ionisation energy: the check of the physics.
        theory: Errors of the best theory for the gas phase against the same measurements, mean absolute, eV.
        calibrations: The shift to the film level as shipped, by tight-binding level.
        coverage: Whether the error of the first of them holds.
        outdated: Versions of kinds of calculation that have another one now.
        without: Molecules without a value, with the reason.
    """

    films: tuple[LevelPoint, ...]
    gas: tuple[LevelPoint, ...]
    film_rows: tuple[LevelRow, ...]
    gas_rows: tuple[LevelRow, ...]
    theory: float
    calibrations: dict[str, FilmCalibration]
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
    work = Work(level_standing, levels_workflow(), level_references(), "molecules")
    return recomputed(Place(store, cluster, console, ship), [work], validated)


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
    everywhere = [level for level in TIGHT_BINDING if all(level in film.computed_ev for film in films)]
    valued = {point.id for point in (*films, *gas)}
    return LevelValidation(
        films=tuple(films),
        gas=tuple(gas),
        film_rows=level_rows(films, everywhere),
        gas_rows=level_rows(gas, (*TIGHT_BINDING, IONISATION_LEVEL)),
        theory=sum(off) / len(off),
        calibrations={level: film_fit(films, level) for level in everywhere},
        coverage=film_coverage(films, first),
        outdated=outdated or {},
        without={r.id: stand.reason or "not computed yet" for r, stand in stands if r.id not in valued},
    )


def _point(reference: LevelReference, stand: LevelStanding) -> LevelPoint:
    computed = dict(stand.homo_ev)
    if stand.ionisation_ev is not None:
        computed[IONISATION_LEVEL] = -stand.ionisation_ev
    heavy = sum(atom.GetAtomicNum() > 1 for atom in reference.species.molecule().GetAtoms())
    return LevelPoint(
        id=reference.id,
        scaffold=scaffold(reference.species),
        measured_ev=-reference.ionisation_ev,
        computed_ev=computed,
        heavy_atoms=heavy,
        cpu_s=stand.cpu_s,
    )
