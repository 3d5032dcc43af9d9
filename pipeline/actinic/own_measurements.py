"""A user's own measurements against a run: the local correction they ask for, as part of a workflow file."""

import csv
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from actinic.analysis.assessment import Assessment
from actinic.analysis.calibration import film_calibration
from actinic.analysis.local_calibration import LocalCalibration, local_shift
from actinic.analysis.local_heat import (
    barrier_error_kcal_mol,
    barrier_pair,
    half_hour_c,
    local_barrier,
    measurable,
)
from actinic.chemistry.species import Species
from actinic.errors import InputError
from actinic.level import Level
from actinic.reporting.standing import standing, store_of
from actinic.reporting.table import Entry
from actinic.screening.folder import RunFolder
from actinic.screening.store import Store
from actinic.screening.workflow import Workflow
from actinic.units import ev_from_nm

ABSORPTION_COLUMNS = ("band_max_nm", "band_edge_nm")
FILM_COLUMN = "film_homo_ev"
SCAN_COLUMN, HEATING_COLUMN = "decomposition_c", "heating_k_min"
FILM_SHARED_SHARE = 0.5
"""Part of the variance of film levels that measurements made in one way share.

A convention: papers on one film differ by up to 0.4 eV, but the films calibrated on (`FilmCalibration.n`) are
few and come from too many places to tell the two parts apart.
"""

_SECTION = re.compile(r"\n?\[local_calibration(?:\.[a-z]+)?\]\n(?:[a-z_]+ *=.*\n?|\n)*")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One own measurement beside its prediction.

    Attributes:
        id: Of the candidate.
        quantity: `absorption`, `film` or `heat`.
        measured: Energy in eV; of heat the barrier in kcal/mol that the scan stands for.
        predicted: The same by the shipped calibration.
        error: Standard error of the barrier predicted, kcal/mol; None where the calibration has one for all.
        said: What was measured and predicted in the user's unit, where that is another one.
    """

    id: str
    quantity: str
    measured: float
    predicted: float
    error: float | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class OwnCalibration:
    """What own measurements came to.

    Attributes:
        comparisons: Every measurement that could be compared.
        calibration: The corrections.
        unused: What could not be compared, with the reason.
    """

    comparisons: tuple[Comparison, ...]
    calibration: LocalCalibration
    unused: tuple[str, ...]


def own_calibration(measured: Path, run: Path, store: Path | None = None) -> OwnCalibration:
    """Fit the local correction.

    Args:
        measured: CSV with `id` or `smiles`, and some of `band_max_nm`, `band_edge_nm`, `film_homo_ev` and
            `decomposition_c` (the peak of a DSC or DTG scan), this with `heating_k_min`.
        run: Folder of a run that holds these molecules.
        store: Another store than the run's own.

    Raises:
        InputError: The file lacks these columns or holds what is no number; nothing in it can be compared.
    """
    folder = RunFolder(run)
    flow = folder.read_workflow().model_copy(update={"local_calibration": None})
    with Store(store_of(folder, store), read_only=True) as opened:
        entries = list(standing(folder, flow, opened.lookup))
    comparisons: list[Comparison] = []
    unused: list[str] = []
    for number, cells in enumerate(_rows(measured), 2):
        where = f"{measured}, line {number}"
        entry = _entry(cells, entries)
        if entry is None or entry.where is None:
            unused.append(f"{where}: no such molecule in {run}")
            continue
        found = _compared(cells, entry.row.id, entry.where.assessment, where)
        comparisons += found
        if not found:
            unused.append(f"{where}: nothing measured here is predicted in {run}")
    if not comparisons:
        raise InputError(f"{measured}: nothing in it can be compared with {run}: {'; '.join(unused)}")
    return OwnCalibration(tuple(comparisons), _calibration(comparisons, flow, measured.name), tuple(unused))


def with_local_calibration(text: str, calibration: LocalCalibration) -> str:
    """A workflow file's text with these corrections in the place of those it had."""
    lines = ["", "[local_calibration]", f'source = "{calibration.source}"']
    for name, found in (("absorption", calibration.absorption), ("film", calibration.film)):
        if found is not None:
            lines += ["", f"[local_calibration.{name}]", f"shift_ev = {found.shift_ev:.4f}"]
            lines += [f"standard_error_ev = {found.standard_error_ev:.4f}", f"n = {found.n}"]
    if calibration.heat is not None:
        heat = calibration.heat
        lines += ["", "[local_calibration.heat]", f"shift_kcal_mol = {heat.shift_kcal_mol:.4f}"]
        lines += [f"error_ratio = {heat.error_ratio:.4f}", f"n = {heat.n}"]
    changed = _SECTION.sub("\n", text).rstrip("\n") + "\n" + "\n".join(lines) + "\n"
    tomllib.loads(changed)
    return changed


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 text (byte {error.start})") from error
    rows = list(csv.DictReader(text.splitlines(), restval=""))
    names = set(rows[0]) if rows else set()
    columns = (*ABSORPTION_COLUMNS, FILM_COLUMN, SCAN_COLUMN)
    if not names & {"id", "smiles"} or not names & set(columns):
        wanted = f"id or smiles, and some of {', '.join(columns)} (this with {HEATING_COLUMN})"
        raise InputError(f"{path}: expected rows with columns {wanted}; got {', '.join(map(str, names))}")
    return rows


def _entry(cells: dict[str, str], entries: list[Entry]) -> Entry | None:
    wanted, smiles = cells.get("id", "").strip(), cells.get("smiles", "").strip()
    by_id = next((e for e in entries if wanted and e.row.id == wanted), None)
    if by_id is not None or not smiles:
        return by_id
    species = Species.from_smiles(smiles, multiplicity=1)
    return next((e for e in entries if e.where is not None and e.where.known.species == species), None)


def _compared(cells: dict[str, str], name: str, found: Assessment, where: str) -> list[Comparison]:
    """What one row says, on the scale of energy; maximum and edge move together and count once."""
    pairs: list[tuple[float, float]] = []
    for column in ABSORPTION_COLUMNS:
        pairs += _pair(cells, column, found, where, ev_from_nm)
    compared = []
    if pairs:
        measured, predicted = (sum(side) / len(pairs) for side in zip(*pairs, strict=True))
        compared.append(Comparison(name, "absorption", measured, predicted))
    for measured, predicted in _pair(cells, FILM_COLUMN, found, where, float):
        compared.append(Comparison(name, "film", measured, predicted))
    return compared + _scan(cells, name, found, where)


def _scan(cells: dict[str, str], name: str, found: Assessment, where: str) -> list[Comparison]:
    """The peak of a scan as a barrier beside the predicted one; nothing where no barrier is predicted."""
    text, heating = (cells.get(column, "").strip() for column in (SCAN_COLUMN, HEATING_COLUMN))
    if not text:
        return []
    if not heating:
        raise InputError(
            f"{where}: {SCAN_COLUMN} without {HEATING_COLUMN}: the peak of a scan moves with the heating "
            "rate; give it in K/min"
        )
    peak_c, heating_k_min = _number(text, SCAN_COLUMN, where), _number(heating, HEATING_COLUMN, where)
    if not 30 <= peak_c <= 800:
        raise InputError(f"{where}: {SCAN_COLUMN} = {text}, expected a temperature of 30 to 800 C")
    if not 0.01 <= heating_k_min <= 1000:
        raise InputError(f"{where}: {HEATING_COLUMN} = {heating}, expected a rate of 0.01 to 1000 K/min")
    channel = measurable(found.heat)
    if channel is None:
        return []
    measured, predicted = barrier_pair(channel, peak_c, heating_k_min)
    said = (
        f"peak at {peak_c:g} C, {heating_k_min:g} K/min: half in 30 min at "
        f"{half_hour_c(channel, peak_c, heating_k_min):.0f} C; predicted {channel.temperature_c.value:.0f} C "
        f"({channel.what}, {channel.how})"
    )
    return [Comparison(name, "heat", measured, predicted, barrier_error_kcal_mol(channel), said)]


def _number(text: str, column: str, where: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise InputError(f"{where}: {column} = {text!r}, expected a number") from error


def _pair(
    cells: dict[str, str], column: str, found: Assessment, where: str, to_ev: Callable[[float], float]
) -> list[tuple[float, float]]:
    text = cells.get(column, "").strip()
    if not text:
        return []
    measured = _number(text, column, where)
    if column in ABSORPTION_COLUMNS and not 100 <= measured <= 2000:
        raise InputError(f"{where}: {column} = {text}, expected a wavelength of 100 to 2000 nm")
    if column == FILM_COLUMN and not -15 <= measured < 0:
        raise InputError(f"{where}: {column} = {text}, expected a level below 0 and from -15 eV on")
    estimate = found.quantities.get(column)
    if estimate is None or not estimate.calibrated:
        return []
    return [(to_ev(measured), to_ev(estimate.value))]


def _calibration(comparisons: list[Comparison], flow: Workflow, source: str) -> LocalCalibration:
    line = flow.absorption_line
    film = film_calibration(Level.parse(flow.ensemble.level))
    by_name = {
        name: [one.measured - one.predicted for one in comparisons if one.quantity == name]
        for name in ("absorption", "film", "heat")
    }
    errors = [one.error for one in comparisons if one.error is not None]
    absorption = own_film = None
    if line is not None and by_name["absorption"]:
        absorption = local_shift(by_name["absorption"], line.standard_error_ev, line.shared_share)
    if film is not None and by_name["film"]:
        own_film = local_shift(by_name["film"], film.standard_error_ev, FILM_SHARED_SHARE)
    heat = local_barrier(by_name["heat"], errors) if errors else None
    return LocalCalibration(absorption, own_film, heat, source)
