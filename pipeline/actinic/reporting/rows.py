"""One row of the ranked table: all that does not depend on the other rows."""

from dataclasses import dataclass

import msgspec

from actinic.analysis.estimate import Estimate
from actinic.analysis.exposure import reaches_with_two_photons
from actinic.analysis.ranking import Score, score
from actinic.analysis.robustness import Desires, Judged, desires
from actinic.analysis.spectators import is_spectator
from actinic.chemistry.candidates import Candidate, UnusableRow
from actinic.reporting.column import Column
from actinic.reporting.columns_use import two_photon_name
from actinic.reporting.reactions import anchor_text, heat_cells, motif_text, reaction_cells
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


class RowCells(msgspec.Struct, frozen=True):
    """A row without its place among the others.

    Attributes:
        id: Of the row.
        status: One of `STATUS_ORDER`.
        cells: In the order of the columns it was made for; None where unknown.
        extra: Further columns of the list and their text.
        score: None unless done, and where no criterion applies.
        desires: What its firmness depends on; None with `score`.
    """

    id: str
    status: str
    cells: tuple[Cell, ...]
    extra: tuple[tuple[str, str], ...]
    score: float | None
    desires: Desires | None


def row_cells(entry: Entry, workflow: Workflow, columns: tuple[Column, ...]) -> RowCells:
    """Judge an entry by itself and write down what its row says.

    Args:
        entry: A row of the list.
        workflow: What to judge by.
        columns: Of the table, those of the list left out.
    """
    judged = _score(entry, workflow)
    quantities = entry.where.assessment.quantities if entry.where else {}
    cells: dict[str, Cell] = {
        column.name: _part(quantities.get(column.quantity), column) for column in columns if column.quantity
    }
    cells |= _identity(entry, judged) | _by_light(entry, workflow)
    wishes = None if judged is None else desires(workflow.criterion_objects(), _judged(entry))
    return RowCells(
        id=entry.row.id,
        status=entry.status,
        cells=tuple(cells.get(column.name) for column in columns),
        extra=entry.row.extra,
        score=None if judged is None else judged.value,
        desires=wishes,
    )


def _score(entry: Entry, workflow: Workflow) -> Score | None:
    if entry.where is None or entry.where.state != "done":
        return None
    return score(workflow.criterion_objects(), entry.where.assessment.quantities, entry.row.role)


def _judged(entry: Entry) -> Judged:
    assert isinstance(entry.row, Candidate)
    assert entry.where is not None
    name = f"{entry.row.species.smiles} {entry.row.target_nm}"
    return Judged(name, entry.row.role, entry.where.assessment.quantities)


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


def _identity(entry: Entry, judged: Score | None) -> dict[str, Cell]:
    row = entry.row
    cells: dict[str, Cell] = {"id": row.id, "name": row.name, "role": row.role, "status": entry.status}
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
        "spectrum_model": None if where.known.part is None else str(where.known.part),
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
    return None if value is None else float(round(value, column.decimals or 0))
