"""The ranked table: one row per candidate asked for, whatever became of it.

Rows lie on the disk; what orders them, some hundred bytes of each, lies in memory.
"""

import os
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir

import msgspec
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from actinic.analysis.ranking import ranks
from actinic.analysis.robustness import Firmness, counted_top
from actinic.errors import InputError
from actinic.reporting.column import Column
from actinic.reporting.columns import all_columns
from actinic.reporting.rows import STATUS_ORDER, Cell, Entry, RowCells, row_cells
from actinic.reporting.spill import Spill
from actinic.reporting.spreadsheet import harmless
from actinic.screening.workflow import Workflow

__all__ = ["STATUS_ORDER", "Cell", "Entry", "Ranked", "ranked_table", "write_csv", "write_parquet"]

FRONT_WORDS = ("", "no", "yes")
"""Said of the Pareto front; the first of what is not ranked."""

ROWS_AT_ONCE = 1000
"""Rows of the table that are in memory together while it is written."""


class Ranked:
    """The rows of a run; once they are all there, in their order.

    Args:
        workflow: What they are judged by.
        folder: On the disk that shall hold the rows meanwhile.

    Attributes:
        columns: Of the table, but for those of the list, which are known once all rows are there.
        counts: Rows by status.
    """

    def __init__(self, workflow: Workflow, folder: Path) -> None:
        self.columns = all_columns(workflow, ())
        self.counts: Counter[str] = Counter()
        self._workflow = workflow
        self._extra: dict[str, None] = {}
        self._rows = Spill(folder)
        self._ids: list[str] = []
        self._status = bytearray()
        self._scores = array("d")
        self._firmness = Firmness(workflow.criterion_objects(), workflow.ranking.top)
        self._judged: array[int] = array("q")
        self._placed: _Placed | None = None

    def add(self, row: RowCells) -> None:
        """Take a row."""
        if row.desires is not None:
            self._judged.append(len(self._ids))
            if not self._firmness.add(row.desires):
                row = msgspec.structs.replace(row, desires=None)
        self._rows.append(msgspec.msgpack.encode(row))
        self._ids.append(row.id)
        self._status.append(STATUS_ORDER.index(row.status))
        self._scores.append(np.nan if row.score is None else row.score)
        self.counts[row.status] += 1
        if row.extra:
            self._extra |= dict.fromkeys(name for name, _ in row.extra)

    def __len__(self) -> int:
        return len(self._ids)

    def best(self, most: int) -> list[int]:
        """Numbers, in the order they came, of the best rows that are done."""
        return [int(i) for i in self._place().order[: min(most, self.counts["done"])]]

    def tables(self) -> Iterator[pd.DataFrame]:
        """The table in parts, best first; one at least, if without rows."""
        for start in range(0, max(1, len(self)), ROWS_AT_ONCE):
            yield self.part(start, ROWS_AT_ONCE)

    def part(self, start: int, most: int) -> pd.DataFrame:
        """So many rows of the table at most, from this place on."""
        return self._part(min(start, len(self)), min(start + most, len(self)))

    def table(self) -> pd.DataFrame:
        """The whole table in memory."""
        return self._part(0, len(self))

    def _part(self, start: int, stop: int) -> pd.DataFrame:
        placed = self._place()
        rows = [self._row(int(i), placed) for i in placed.order[start:stop]]
        table = pd.DataFrame(rows, columns=[c.name for c in placed.columns])
        return table.astype({c.name: _dtype(c) for c in placed.columns if c.decimals is not None})

    def _row(self, number: int, placed: "_Placed") -> list[Cell]:
        row = msgspec.msgpack.decode(self._rows[number], type=RowCells)
        cells = dict(zip((column.name for column in self.columns), row.cells, strict=True))
        cells |= {placed.carried[name]: text for name, text in row.extra}
        cells["rank"] = int(placed.ranks[number]) or None
        if placed.front[number]:
            cells["on_pareto_front"] = FRONT_WORDS[placed.front[number]]
            share = None if row.desires is None else self._firmness.share(row.desires, placed.thresholds)
            cells["p_top"] = round(share or 0.0, 3)
        return [cells.get(column.name) for column in placed.columns]

    def _place(self) -> "_Placed":
        """The order of all rows; asked for once they are all there."""
        if self._placed is None or len(self._placed.order) != len(self):
            self._placed = self._placed_now()
        return self._placed

    def _placed_now(self) -> "_Placed":
        columns = all_columns(self._workflow, tuple(self._extra))
        headings = (column.name for column in columns[len(self.columns) :])
        places = ranks(np.frombuffer(self._scores, dtype=np.float64))
        front = np.zeros(len(self), dtype=np.uint8)
        judged = np.frombuffer(self._judged, dtype=np.int64)
        front[judged] = np.where(self._firmness.front(), FRONT_WORDS.index("yes"), FRONT_WORDS.index("no"))
        top = counted_top(self._workflow.ranking.top, len(judged))
        by_id = np.array(sorted(range(len(self)), key=self._ids.__getitem__), dtype=np.int64)
        groups = (
            np.frombuffer(bytes(self._status), dtype=np.uint8).astype(np.int64) * (len(self) + 1) + places
        )
        return _Placed(
            columns=columns,
            carried=dict(zip(self._extra, headings, strict=True)),
            order=by_id[np.argsort(groups[by_id], kind="stable")],
            ranks=places,
            front=front,
            thresholds=self._firmness.thresholds(top),
        )


@dataclass(frozen=True, slots=True)
class _Placed:
    """The order of rows.

    Attributes:
        columns: Of the table.
        carried: Column of each heading of the list.
        order: Numbers of the rows, best first, then what waits, was screened out, failed.
        ranks: By number; 0 for none.
        front: By number: whether it is on the Pareto front, a place of `FRONT_WORDS`.
        thresholds: What a drawn score has to reach to be at the top.
    """

    columns: tuple[Column, ...]
    carried: dict[str, str]
    order: NDArray[np.int64]
    ranks: NDArray[np.int64]
    front: NDArray[np.uint8]
    thresholds: NDArray[np.float64]


def ranked_table(entries: Iterable[Entry], workflow: Workflow) -> pd.DataFrame:
    """Judge and order all entries.

    Returns:
        One row per entry, best first, then what is still waiting, screened out, failed; numbers rounded,
        unknown values missing. Columns as `columns.all_columns` documents them.
    """
    ranked = Ranked(workflow, Path(gettempdir()))
    for entry in entries:
        ranked.add(row_cells(entry, workflow, ranked.columns))
    return ranked.table()


def write_csv(tables: Iterable[pd.DataFrame], path: Path) -> None:
    """Write a table that comes in parts, formulas of the list disarmed; the same rows give the same bytes."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    with partial.open("w", encoding="utf-8", newline="") as file:
        for number, part in enumerate(tables):
            table = part.rename(columns=harmless)
            texts = list(table.select_dtypes(exclude="number").columns)
            table[texts] = table[texts].map(lambda cell: harmless(cell) if isinstance(cell, str) else cell)
            table.to_csv(file, index=False, lineterminator="\n", header=number == 0)
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
