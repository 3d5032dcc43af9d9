"""The files of a run, written row by row: memory for what is shown, and for what orders the rows."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TextIO

from actinic.analysis.best import Smallest
from actinic.analysis.orthogonal import Chances
from actinic.reporting.column import Column
from actinic.reporting.columns import all_columns
from actinic.reporting.entries import Entries, settled
from actinic.reporting.page import SHOWN_LEFT_OUT, Overview
from actinic.reporting.page_run import LeftOut, by_status, left_out
from actinic.reporting.pairs import NamedPairs, write_pairs
from actinic.reporting.reactions import ReactionFile, reaction_rows
from actinic.reporting.rows import Entry, RowCells, row_cells
from actinic.reporting.spectra import write_spectrum
from actinic.reporting.structures import Structure, StructureFile, structure
from actinic.reporting.table import Ranked, write_csv
from actinic.screening.folder import RunFolder
from actinic.screening.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Finished:
    """All that the files say of one row."""

    row: RowCells
    name: str
    structure: Structure | None
    reactions: tuple[dict[str, str | int], ...]
    left_out: LeftOut | None
    chances: Chances | None


def finished(entry: Entry, workflow: Workflow, columns: tuple[Column, ...], spectra: Path | None) -> Finished:
    """Work out what the files say of a row; its spectrum is written at once, if there is a folder for it."""
    if spectra is not None:
        write_spectrum(entry, spectra)
    where = entry.where
    return Finished(
        row_cells(entry, workflow, columns),
        entry.row.name,
        structure(entry),
        () if where is None else tuple(reaction_rows(entry.row.id, where)),
        left_out(entry),
        NamedPairs(workflow).chances(entry),
    )


def write_run(
    folder: RunFolder, workflow: Workflow, store: Path, *, shown: int | None, spectra: bool
) -> tuple[Ranked, Overview]:
    """Write every file of a run but the page.

    Args:
        folder: Of the run.
        workflow: What to judge by.
        store: The store to read.
        shown: So many candidates get a card; None for all.
        spectra: Whether `spectra/<id>.csv` are wanted; files of candidates that are gone are left alone.

    Returns:
        The rows, and what the page is made of.

    Raises:
        InputError: The store is missing or damaged.
    """
    if spectra:
        folder.spectra.mkdir(parents=True, exist_ok=True)
    work = partial(
        finished,
        workflow=workflow,
        columns=all_columns(workflow, ()),
        spectra=folder.spectra if spectra else None,
    )
    ranked, pairs = Ranked(workflow, folder.path), NamedPairs(workflow)
    kept: Smallest[LeftOut] = Smallest(SHOWN_LEFT_OUT, key=by_status)
    with Entries(workflow, store, work, settled) as entries:
        with ExitStack() as files:
            structures = StructureFile(files.enter_context(_replaced(folder.structures)))
            reactions = ReactionFile(files.enter_context(_replaced(folder.reactions)))
            for one in entries.each(folder.rows(), work):
                ranked.add(one.row)
                reactions.add(one.reactions)
                if one.structure is not None:
                    structures.add(one.structure)
                if one.left_out is not None:
                    kept.add(one.left_out)
                if one.chances is not None:
                    pairs.add((one.row.id, one.name), one.chances)
        best = _best(folder, ranked.best(len(ranked) if shown is None else shown), entries)
    if reactions.is_empty:
        folder.reactions.unlink()
    write_csv(ranked.tables(), folder.ranked)
    likeliest = pairs.pairs()
    write_pairs(likeliest, folder.pairs)
    return ranked, Overview(ranked.counts, best, ranked.part(0, len(best)), kept.ordered(), likeliest)


def _best(folder: RunFolder, numbers: list[int], entries: Entries) -> list[Entry]:
    """Rows by their numbers, in this order, worked out once more: they were too large to be kept."""
    wanted = sorted(numbers)
    found = entries.each(folder.rows(set(wanted)), settled)
    by_number = dict(zip(wanted, found, strict=True))
    return [by_number[number] for number in numbers]


@contextmanager
def _replaced(path: Path) -> Iterator[TextIO]:
    """A neighbour to write to, moved into place when all is written."""
    neighbour = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with neighbour.open("w", encoding="utf-8", newline="") as file:
            yield file
        neighbour.replace(path)
    finally:
        neighbour.unlink(missing_ok=True)
