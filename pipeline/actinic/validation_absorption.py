"""Absorption against experiment: from the shipped calculations, or from those of a store."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from actinic.analysis.absorption import UNFITTED_WIDTH_EV
from actinic.analysis.absorption_blind import FIRST_SPECTRA, BlindTest, blind_test
from actinic.analysis.absorption_compared import TrialRow
from actinic.analysis.absorption_edges import (
    EdgeTable,
    Predicted,
    edge_records,
    edge_table,
    line_forecast,
    predicted_spectra,
)
from actinic.analysis.absorption_fit import ErrorByStrength, absorption_fit, error_by_strength
from actinic.analysis.absorption_medium import medium_rows
from actinic.analysis.absorption_models import fitted_line, left_out, line
from actinic.analysis.absorption_npi import NpiRow, npi_rows
from actinic.analysis.absorption_pair import PairFit, pair_fit
from actinic.analysis.absorption_placing import PlacingTable, placing_tables
from actinic.analysis.absorption_points import AbsorptionPoint
from actinic.analysis.absorption_second import SecondLevel, second_level
from actinic.analysis.absorption_transfer import TransferRow, transfer_rows
from actinic.analysis.absorption_trials import mean_rows, trial_rows
from actinic.analysis.absorption_validation import (
    FITTED,
    CoverageCheck,
    CurveRow,
    GroupRow,
    ModelRow,
    SpreadRow,
    coverage_check,
    errors_elsewhere,
    fitted_points,
    group_rows,
    learning_curve,
    model_rows,
    scaffolds,
    spread_rows,
)
from actinic.analysis.absorption_width import WidthFit, flanks, width_fit
from actinic.analysis.calibration import AbsorptionCalibration
from actinic.analysis.forecast import Forecast
from actinic.analysis.local_calibration import LocalTrial
from actinic.analysis.validation import Real
from actinic.errors import InputError
from actinic.screening.absorption_references import (
    AbsorptionReference,
    absorption_references,
    absorption_standing,
    absorption_workflow,
)
from actinic.screening.cluster import ClusterSettings
from actinic.screening.lookup import Lookup
from actinic.screening.shipped import Shipped
from actinic.validation_absorption_points import absorption_points, local_trials
from actinic.validation_run import Place, Work, recomputed

EXPORT = "absorption.jsonl.gz"
SECOND_LEVEL = "b3lyp/def2-svp"
"""Shipped and calibrated beside the level of the presets: what was theirs before."""
MEDIUM = "@cpcm(acetonitrile)"
"""What the first measured spectra were computed in besides, at `SECOND_LEVEL`: their solvent is unknown."""

FEWEST = 10


@dataclass(frozen=True, slots=True)
class AbsorptionValidation:
    """Reference molecules against their measurements.

    Attributes:
        level: Functional and basis.
        points: Molecules with a computed band, all sets.
        calibration: The line fitted to them, as shipped.
        models: Ways to calibrate, on the molecules the line is fitted to.
        collections: Errors of the line by set.
        chromophores: Errors of the line by chromophore class, sets it is fitted to.
        coverage: Whether its standard error holds there.
        curve: How the error falls with the number of molecules.
        spread: Whether anything known beforehand tells large errors.
        edges: Red edges of measured spectra; None where too few are computed.
        absorbs: Whether 365 nm is absorbed; None likewise.
        spectra: Molecules behind those two.
        width: How wide bands are drawn; None where too few flanks are computed.
        trials: What else was tried for edges and at 365 nm; empty likewise.
        npi: Whether measured n-pi* bands follow the line; empty likewise.
        blind: Molecules computed when everything was fixed; None where none are.
        placing: How states beside the lowest band were placed before, and are now; empty likewise.
        transfer: What moving weak charge-transfer states does to the first sets, and to the further ones.
        medium: The first measured spectra in a vacuum and in `MEDIUM`; empty where not computed.
        strength: Whether strong bands have other errors than weak ones.
        local: What measuring three molecules of a set does for the others of it.
        outdated: Versions of kinds of calculation that have another one now.
        without: Molecules without a value, with the reason.
        second: How another level does beside this one; None where none was asked for.
        beside: All of this at `SECOND_LEVEL`; None where that was not asked for.
        pair: A spectrum of this level in the middle of both; None likewise.
    """

    level: str
    points: tuple[AbsorptionPoint, ...]
    calibration: AbsorptionCalibration
    models: tuple[ModelRow, ...]
    collections: tuple[GroupRow, ...]
    chromophores: tuple[GroupRow, ...]
    coverage: CoverageCheck
    curve: tuple[CurveRow, ...]
    spread: tuple[SpreadRow, ...]
    edges: EdgeTable | None
    absorbs: Forecast | None
    spectra: tuple[Predicted, ...]
    width: WidthFit | None
    trials: tuple[TrialRow, ...]
    npi: tuple[NpiRow, ...]
    blind: BlindTest | None
    placing: tuple[PlacingTable, ...]
    transfer: tuple[tuple[TransferRow, ...], tuple[TransferRow, ...]]
    medium: tuple[TrialRow, ...]
    strength: ErrorByStrength
    local: tuple[LocalTrial, ...]
    outdated: dict[str, int]
    without: dict[str, str]
    second: SecondLevel | None = None
    beside: "AbsorptionValidation | None" = None
    pair: PairFit | None = None

    @property
    def errors_ev(self) -> Real:
        """Predicted minus measured maximum of each of `points`, by a line fitted to other scaffolds."""
        return errors_elsewhere(self.points)

    def record(self) -> dict[str, Any]:
        """Everything as plain values, for JSON; of the molecules what was measured and predicted."""
        plain = asdict(replace(self, points=(), spectra=(), beside=None))
        plain["beside"] = None if self.beside is None else self.beside.record()
        plain["spectra"] = edge_records(self.spectra)
        plain["points"] = [
            {
                "id": point.measured.id,
                "smiles": point.smiles,
                "chromophore": point.chromophore,
                "scaffold": point.scaffold,
                "raw_ev": point.raw_ev,
                "measured_ev": point.measured.band_max_ev,
                "error_ev": float(error),
            }
            for point, error in zip(self.points, self.errors_ev, strict=True)
        ]
        return plain


def validate_absorption(level: str | None = None) -> AbsorptionValidation:
    """The tables from the calculations shipped with the package; seconds.

    Args:
        level: `SECOND_LEVEL`, by itself; None for the level of the presets, with the other beside it.

    Raises:
        InputError: Another level, or too few molecules are known for a table.
    """
    shipped = Shipped.of("absorption", EXPORT)
    found = validated(shipped, level, shipped.outdated)
    return found if level else _with_second(found, shipped, SECOND_LEVEL)


def recompute_absorption(
    store: Path,
    cluster: ClusterSettings,
    console: Console,
    ship: Path | None = None,
    *,
    level: str | None = None,
    second: str | None = None,
) -> AbsorptionValidation:
    """The tables from the calculations of a store; what it lacks is computed.

    Args:
        store: Where calculations are remembered.
        cluster: Where to run.
        console: Where progress is shown.
        ship: Write the calculations behind the tables there, as the package ships them; None for no file.
        level: Another functional and basis than those of the preset.
        second: A functional and basis to compare with it on the molecules the line is fitted to; None for
            `SECOND_LEVEL` on all of them beside the level of the preset, and for none beside another.

    Raises:
        InputError: The level does not exist.
        SchedulerLostError: Dask went away; the same call resumes.
    """
    references = absorption_references()
    fitted = tuple(one for one in references if one.collection in FITTED)
    beside = second or (None if level else SECOND_LEVEL)
    wanted = [(level, references)]
    if beside is not None:
        wanted.append((beside, references if beside == SECOND_LEVEL else fitted))
    if level is None:
        wanted.append((f"{SECOND_LEVEL}{MEDIUM}", _first_spectra()))
    works = [
        Work(absorption_standing, absorption_workflow("spectra", n), ones, "molecules") for n, ones in wanted
    ]

    def tables(lookup: Lookup) -> AbsorptionValidation:
        found = validated(lookup, level)
        return found if beside is None else _with_second(found, lookup, beside)

    return recomputed(Place(store, cluster, console, ship), works, tables)


def _with_second(found: AbsorptionValidation, lookup: Lookup, level: str) -> AbsorptionValidation:
    """The tables with those of another level; all its calculations are asked for, to be shipped with them."""
    beside = validated(lookup, level) if level == SECOND_LEVEL else None
    others = beside.points if beside else absorption_points(absorption_references(), lookup, level)[0]
    second = second_level(fitted_points(found.points), fitted_points(others), level)
    if beside is None:
        return replace(found, second=second)
    names, spectra = (found.level, level), (found.spectra, beside.spectra)
    pair = pair_fit((found.points, beside.points), spectra, names) if all(spectra) else None
    trials = found.trials
    if trials and pair and len(beside.spectra) == len(found.spectra):
        trials += mean_rows((found.spectra, found.calibration), (beside.spectra, beside.calibration), pair)
    blind = blind_test({found.level: found.points, level: beside.points})
    return replace(found, second=second, beside=beside, trials=trials, blind=blind, pair=pair)


def validated(
    lookup: Lookup, level: str | None = None, outdated: dict[str, int] | None = None
) -> AbsorptionValidation:
    """The tables from whatever `lookup` knows.

    Raises:
        InputError: Too few molecules are known for a table.
    """
    flow = absorption_workflow("spectra", level)
    assert flow.spectrum is not None
    points, without = absorption_points(absorption_references(), lookup, level)
    fitted = fitted_points(points)
    if len(fitted) < FEWEST:
        raise InputError(f"{len(fitted)} reference molecules are computed: too few for a table")
    spectra = predicted_spectra(points)
    enough = len(spectra) >= FEWEST
    edges = edge_table(spectra) if enough else None
    width = width_fit(flanks(points, fitted_line(fitted)))
    width_ev = UNFITTED_WIDTH_EV if width is None else width.width_ev
    calibration = absorption_fit(fitted, None if edges is None else edges.error_ev, width_ev)
    error_ev = np.array([calibration.error_ev(point.strength) for point in points])
    fitted_ev = np.array([calibration.error_ev(point.strength) for point in fitted])
    left = left_out(fitted, line, scaffolds(fitted))
    return AbsorptionValidation(
        level=flow.spectrum.level,
        points=tuple(points),
        calibration=calibration,
        models=model_rows(fitted, flow.spectrum.level),
        collections=group_rows(points, error_ev, lambda point: point.measured.collection),
        chromophores=group_rows(fitted, fitted_ev, lambda point: point.chromophore),
        coverage=coverage_check(left.errors_ev, left.standard_errors_ev),
        curve=learning_curve(fitted),
        spread=spread_rows(fitted),
        edges=edges,
        absorbs=line_forecast(spectra, calibration) if enough else None,
        spectra=tuple(spectra),
        width=width,
        trials=trial_rows(spectra, calibration, flow.spectrum.level, fitted) if enough else (),
        npi=npi_rows(points, flow.spectrum.level),
        blind=blind_test({flow.spectrum.level: points}),
        placing=placing_tables(points, calibration) if enough else (),
        transfer=transfer_rows(points, calibration),
        medium=medium_rows(points, _dissolved(lookup, flow.spectrum.level), calibration),
        strength=error_by_strength(left.errors_ev, np.array([p.strength for p in fitted])),
        local=local_trials(points, calibration),
        outdated=outdated or {},
        without=without,
    )


def _dissolved(lookup: Lookup, level: str) -> list[AbsorptionPoint]:
    """The first measured spectra in a continuum; only those of `SECOND_LEVEL` are shipped."""
    return absorption_points(_first_spectra(), lookup, f"{level}{MEDIUM}")[0]


def _first_spectra() -> tuple[AbsorptionReference, ...]:
    return tuple(one for one in absorption_references() if one.collection == FIRST_SPECTRA)
