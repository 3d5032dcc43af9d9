"""The ranked table: one row per candidate asked for, whatever became of it."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from actinic.analysis.estimate import Estimate
from actinic.analysis.exposure import reaches_with_two_photons
from actinic.analysis.ranking import Score, ranks, score
from actinic.analysis.robustness import Judged, counted_top, pareto_front, top_shares
from actinic.analysis.spectators import is_spectator
from actinic.chemistry.candidates import Candidate, UnusableRow
from actinic.errors import InputError
from actinic.reporting.column import Column
from actinic.reporting.columns import all_columns
from actinic.reporting.columns_use import two_photon_name
from actinic.reporting.reactions import anchor_text, heat_cells, motif_text, reaction_cells
from actinic.reporting.spreadsheet import harmless
from actinic.reporting.summary import summary
from actinic.screening.tiers import Progress
from actinic.screening.workflow import Workflow

Cell = str | float | int | None
STATUS_ORDER = ("done", "waiting", "screened_out", "failed")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the list with what became of it.

    Attributes:
        row: As read.
        where: Where the candidate stands; None for a row that cannot be used.
    """

    row: Candidate | UnusableRow
    where: Progress | None

    @property
    def status(self) -> str:
        """done, waiting, screened_out or failed."""
        return "failed" if self.where is None else self.where.state


def ranked_table(entries: Iterable[Entry], workflow: Workflow) -> pd.DataFrame:
    """Judge and order all entries.

    Returns:
        One row per entry, best first, then what is still waiting, screened out, failed; numbers rounded,
        unknown values missing. Columns as `columns.all_columns` documents them.
    """
    listed = list(entries)
    scores = [_score(entry, workflow) for entry in listed]
    places = ranks([None if s is None else s.value for s in scores])
    extra = _extra_headings(listed)
    columns = all_columns(workflow, extra)
    carried = dict(zip(extra, (c.name for c in columns[len(columns) - len(extra) :]), strict=True))
    firm = _firmness(listed, scores, workflow)
    rows = [
        _cells(entry, judged, place, columns, carried) | _by_light(entry, workflow) | firm.get(i, {})
        for i, (entry, judged, place) in enumerate(zip(listed, scores, places, strict=True))
    ]
    order = sorted(range(len(rows)), key=lambda i: _order(rows[i], listed[i]))
    table = pd.DataFrame([rows[i] for i in order], columns=[c.name for c in columns])
    return table.astype({c.name: _dtype(c) for c in columns if c.decimals is not None})


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write the table, formulas of the list disarmed; the same table gives the same bytes."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    table = table.rename(columns=harmless)
    texts = list(table.select_dtypes(exclude="number").columns)
    table[texts] = table[texts].map(lambda cell: harmless(cell) if isinstance(cell, str) else cell)
    table.to_csv(partial, index=False, lineterminator="\n")
    partial.replace(path)


def write_parquet(table: pd.DataFrame, path: Path) -> None:
    """Write the table with its types.

    Raises:
        InputError: The package that writes Parquet is not installed.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        table.to_parquet(partial, index=False)
    except ImportError as error:
        raise InputError("Parquet needs another package: pip install 'actinic[parquet]'") from error
    partial.replace(path)


def _dtype(column: Column) -> str:
    return "Int64" if column.decimals == 0 else "float64"


def _score(entry: Entry, workflow: Workflow) -> Score | None:
    if entry.where is None or entry.where.state != "done":
        return None
    return score(workflow.criterion_objects(), entry.where.assessment.quantities, entry.row.role)


def _extra_headings(entries: list[Entry]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for entry in entries for name, _ in entry.row.extra))


def _order(cells: dict[str, Cell], entry: Entry) -> tuple[int, int, str]:
    rank = cells["rank"]
    place = rank if isinstance(rank, int) else 0
    return STATUS_ORDER.index(entry.status), place, entry.row.id


def _cells(
    entry: Entry, judged: Score | None, rank: int | None, columns: tuple[Column, ...], carried: dict[str, str]
) -> dict[str, Cell]:
    quantities = entry.where.assessment.quantities if entry.where else {}
    cells: dict[str, Cell] = {
        column.name: _part(quantities.get(column.quantity), column) for column in columns if column.quantity
    }
    cells |= _identity(entry, judged, rank)
    cells |= {carried[name]: value for name, value in entry.row.extra}
    return {column.name: cells.get(column.name) for column in columns}


def _by_light(entry: Entry, workflow: Workflow) -> dict[str, Cell]:
    """The line the candidate was judged by, its own or else the workflow's, and what light does there.

    Also the summary at all lines, and what two photons reach.
    """
    exposure = workflow.exposure_for(entry.row.target_nm)
    cells: dict[str, Cell] = {
        "target_nm": exposure.target_nm,
        "summary": None if entry.where is None else summary(entry.where, exposure) or None,
    }
    spectrum = entry.where.assessment.spectrum if entry.where else None
    if entry.where is not None:
        cells["spectator"] = _yes_or_no(is_spectator(entry.where.assessment.quantities))
    if spectrum is not None:
        for line in workflow.exposure.two_photon_nm:
            cells[two_photon_name(line)] = _yes_or_no(reaches_with_two_photons(spectrum, line))
    return cells


def _yes_or_no(answer: bool | None) -> str | None:
    return None if answer is None else "yes" if answer else "no"


def _firmness(
    entries: list[Entry], scores: list[Score | None], workflow: Workflow
) -> dict[int, dict[str, Cell]]:
    """Pareto front and share of drawn rankings at the top, by place in the list."""
    criteria = workflow.criterion_objects()
    ranked = [i for i, one in enumerate(scores) if one is not None]
    judged = [_judged(entries[i]) for i in ranked]
    front = pareto_front(criteria, judged)
    shares = top_shares(criteria, judged, counted_top(workflow.ranking.top, len(judged)))
    return {
        i: {"on_pareto_front": "yes" if on else "no", "p_top": None if p is None else round(p, 3)}
        for i, on, p in zip(ranked, front, shares, strict=True)
    }


def _judged(entry: Entry) -> Judged:
    assert isinstance(entry.row, Candidate)
    assert entry.where is not None
    name = f"{entry.row.species.smiles} {entry.row.target_nm}"
    return Judged(name, entry.row.role, entry.where.assessment.quantities)


def _identity(entry: Entry, judged: Score | None, rank: int | None) -> dict[str, Cell]:
    row = entry.row
    cells: dict[str, Cell] = {
        "rank": rank,
        "id": row.id,
        "name": row.name,
        "role": row.role,
        "status": entry.status,
    }
    if judged is not None:
        cells |= {"score": judged.value, "limiting_criterion": judged.limiting}
        cells |= {
            f"desirability_{name}": None if value is None else round(value, 3)
            for name, value in judged.desirabilities.items()
        }
    if isinstance(row, UnusableRow):
        return cells | {"smiles": row.smiles_given, "reason": row.reason}
    cells |= {
        "smiles": row.species.smiles,
        "charge": row.species.charge,
        "counter_ion": row.counter_ion,
        "notes": "; ".join(row.notes),
        "anchors": anchor_text(row.species),
        "motifs": motif_text(row.species),
    }
    return cells | _from_progress(entry.where, row.counter_ion)


def _from_progress(where: Progress | None, counter_ion: str) -> dict[str, Cell]:
    if where is None:
        return {}
    ensemble = where.known.ensemble
    return {
        "reason": where.reason,
        "n_conformers": None if ensemble is None else len(ensemble.conformers),
        "caveats": "; ".join(where.assessment.caveats),
        **reaction_cells(where, counter_ion),
        **heat_cells(where),
    }


def _part(estimate: Estimate | None, column: Column) -> Cell:
    """The part of an estimate a column shows, rounded; nothing where no calibration stands behind it."""
    if estimate is None or not estimate.calibrated:
        return None
    if column.part == "value":
        value: float | None = estimate.value
    elif column.part == "error":
        value = estimate.standard_error
    else:
        interval = estimate.interval()
        value = None if interval is None else interval[0 if column.part == "low" else 1]
    return None if value is None else round(value, column.decimals or 0)
