"""Absorption against experiment: from the shipped calculations, or from those of a store."""

from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from actinic.analysis.absorption import UNFITTED_WIDTH_EV
from actinic.analysis.absorption_blind import BlindTest, blind_test
from actinic.analysis.absorption_compared import SetTable, TrialRow
from actinic.analysis.absorption_edges import (
    EdgeTable,
    Predicted,
    edge_records,
    edge_table,
    line_forecast,
    predicted_spectra,
)
from actinic.analysis.absorption_fit import ErrorByStrength, absorption_fit, error_by_strength
from actinic.analysis.absorption_models import fitted_line, left_out, line
from actinic.analysis.absorption_npi import NpiRow, npi_rows
from actinic.analysis.absorption_pair import PairFit, pair_fit
from actinic.analysis.absorption_placing import bound_rows, placing_tables
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
from actinic.level import Level
from actinic.screening.absorption_references import (
    absorption_level,
    absorption_references,
    absorption_standing,
    absorption_workflow,
    level_beside,
)
from actinic.screening.cluster import ClusterSettings
from actinic.screening.lookup import Lookup
from actinic.screening.shipped import Shipped
from actinic.validation_absorption_otherwise import Otherwise, otherwise, otherwise_works
from actinic.validation_absorption_points import absorption_points, local_trials
from actinic.validation_run import Place, Work, recomputed

EXPORT = "absorption.jsonl.gz"

FEWEST = 10


@dataclass(frozen=True, slots=True)
class AbsorptionValidation:
    """Reference molecules against their measurements.

    Attributes:
        level: Functional and basis, and the solvent of the measured spectra.
        points: Molecules with a computed band, all sets.
        dry: The same with the measured spectra computed without a solvent.
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
        bounds: The same by other bounds of what counts as an n-pi* state; empty likewise.
        placing: How states beside the lowest band were placed before, and are now; empty likewise.
        transfer: What moving weak charge-transfer states does to the first sets, and to the further ones.
        otherwise: Measured spectra in a solvent, from several conformers and as other tautomers.
        strength: Whether strong bands have other errors than weak ones.
        local: What measuring three molecules of a set does for the others of it.
        outdated: Versions of kinds of calculation that have another one now.
        without: Molecules without a value, with the reason.
        second: How another level does beside this one; None where none was asked for.
        beside: All of this at `SECOND_LEVEL` in the same solvent; None where that was not asked for.
        pair: A spectrum of this level in the middle of both; None likewise.
    """

    level: str
    points: tuple[AbsorptionPoint, ...]
    dry: tuple[AbsorptionPoint, ...]
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
    bounds: tuple[TrialRow, ...]
    placing: tuple[SetTable, ...]
    transfer: tuple[tuple[TransferRow, ...], tuple[TransferRow, ...]]
    otherwise: Otherwise
    strength: ErrorByStrength
    local: tuple[LocalTrial, ...]
    outdated: dict[str, int]
    without: dict[str, str]
    second: SecondLevel | None = None
    beside: "AbsorptionValidation | None" = None
    pair: PairFit | None = None

    @property
    def maxima_level(self) -> str:
        """Of maxima in solvents of little polarity: the same in the gas phase."""
        return str(Level.parse(self.level).in_gas_phase)

    @property
    def errors_ev(self) -> Real:
        """Predicted minus measured maximum of each of `points`, by a line fitted to other scaffolds."""
        return errors_elsewhere(self.points)

    def record(self) -> dict[str, Any]:
        """Everything as plain values, for JSON; of the molecules what was measured and predicted."""
        plain = asdict(replace(self, points=(), dry=(), spectra=(), beside=None))
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


@cache
def validate_absorption(level: str | None = None) -> AbsorptionValidation:
    """The tables from the calculations shipped with the package; seconds, once a process.

    Args:
        level: That of the presets or `SECOND_LEVEL`, in the solvent of the presets or in none; None for that
            of the presets. The former stands beside the latter.

    Raises:
        InputError: Another level, or too few molecules are known for a table.
    """
    shipped = Shipped.of("absorption", EXPORT)
    found = validated(shipped, level, shipped.outdated)
    second = level_beside(found.level)
    return found if second is None else _with_second(found, shipped, second)


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
            `SECOND_LEVEL` on all of them beside the functional of the preset, and for none beside another.

    Raises:
        InputError: The level does not exist.
        SchedulerLostError: Dask went away; the same call resumes.
    """
    references = absorption_references()
    fitted = tuple(one for one in references if one.collection in FITTED)
    first = level or absorption_level()
    known = level_beside(first)
    beside = second or known
    wanted = [(first, references)]
    if beside is not None:
        wanted.append((beside, references if beside == known else fitted))
    works = [
        Work(absorption_standing, absorption_workflow("spectra", n), ones, "molecules") for n, ones in wanted
    ]
    works += otherwise_works([Level.parse(one) for one, _ in wanted]) if level is None else []

    def tables(lookup: Lookup) -> AbsorptionValidation:
        found = validated(lookup, level)
        return found if beside is None else _with_second(found, lookup, beside)

    return recomputed(Place(store, cluster, console, ship), works, tables)


def _with_second(found: AbsorptionValidation, lookup: Lookup, level: str) -> AbsorptionValidation:
    """The tables with those of another level; all its calculations are asked for, to be shipped with them."""
    beside = validated(lookup, level) if level == level_beside(found.level) else None
    others = beside.points if beside else absorption_points(absorption_references(), lookup, level)[0]
    gas_phase = str(Level.parse(level).in_gas_phase)
    second = second_level(fitted_points(found.points), fitted_points(others), gas_phase)
    if beside is None:
        return replace(found, second=second)
    names, spectra = (found.level, level), (found.spectra, beside.spectra)
    pair = pair_fit((found.points, beside.points), spectra, names) if all(spectra) else None
    trials = found.trials
    if trials and pair and len(beside.spectra) == len(found.spectra):
        trials += mean_rows((found.spectra, found.calibration), (beside.spectra, beside.calibration), pair)
    blind = blind_test({found.maxima_level: found.dry, beside.maxima_level: beside.dry})
    return replace(found, second=second, beside=beside, trials=trials, blind=blind, pair=pair)


def validated(
    lookup: Lookup, level: str | None = None, outdated: dict[str, int] | None = None
) -> AbsorptionValidation:
    """The tables from whatever `lookup` knows.

    Raises:
        InputError: Too few molecules are known for a table.
    """
    used = Level.parse(level or absorption_level())
    gas_phase = str(used.in_gas_phase)
    points, without = absorption_points(absorption_references(), lookup, level)
    dry = absorption_points(absorption_references(), lookup, gas_phase)[0] if used.solvent else points
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
        level=str(used),
        points=tuple(points),
        dry=tuple(dry),
        calibration=calibration,
        models=model_rows(fitted, gas_phase),
        collections=group_rows(points, error_ev, lambda point: point.measured.collection),
        chromophores=group_rows(fitted, fitted_ev, lambda point: point.chromophore),
        coverage=coverage_check(left.errors_ev, left.standard_errors_ev),
        curve=learning_curve(fitted),
        spread=spread_rows(fitted),
        edges=edges,
        absorbs=line_forecast(spectra, calibration) if enough else None,
        spectra=tuple(spectra),
        width=width,
        trials=trial_rows(spectra, calibration, gas_phase, fitted) if enough else (),
        npi=npi_rows(points, gas_phase),
        blind=blind_test({gas_phase: dry}),
        bounds=bound_rows(points, calibration) if enough else (),
        placing=placing_tables(points, calibration) if enough else (),
        transfer=transfer_rows(points, calibration),
        otherwise=otherwise((points, dry), calibration, lookup, used),
        strength=error_by_strength(left.errors_ev, np.array([p.strength for p in fitted])),
        local=local_trials(points, calibration),
        outdated=outdated or {},
        without=without,
    )
