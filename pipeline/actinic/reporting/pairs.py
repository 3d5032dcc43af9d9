"""Ordered orthogonal pairs as a file and as rows of the page."""

import csv
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from actinic.analysis.orthogonal import orthogonal_pairs
from actinic.reporting.table import Entry
from actinic.screening.workflow import Workflow

MOST_PAIRS = 500
"""So many of the likeliest are written."""

COLUMNS = ("first_id", "first_nm", "second_id", "second_nm", "probability")


@dataclass(frozen=True, slots=True)
class NamedPair:
    """Two candidates: the first exposed at the longer wavelength, then the second."""

    first: Entry
    first_nm: float
    second: Entry
    second_nm: float
    probability: float


def named_pairs(entries: Sequence[Entry], workflow: Workflow) -> tuple[NamedPair, ...]:
    """The likeliest pairs among the candidates that are done, best first."""
    if workflow.spectrum is None:
        return ()
    done = sorted((one for one in entries if one.status == "done"), key=lambda one: one.row.id)
    known = [one.where.assessment.quantities for one in done if one.where is not None]
    found = orthogonal_pairs(known, workflow.exposure_for(None), MOST_PAIRS)
    return tuple(
        NamedPair(done[pair.first], pair.first_nm, done[pair.second], pair.second_nm, pair.probability)
        for pair in found
    )


def write_pairs(pairs: Sequence[NamedPair], path: Path) -> None:
    """Write them, one row each; the file goes when there is none."""
    if not pairs:
        path.unlink(missing_ok=True)
        return
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    with partial.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for pair in pairs:
            lines = f"{pair.first_nm:g}", f"{pair.second_nm:g}"
            writer.writerow(
                (pair.first.row.id, lines[0], pair.second.row.id, lines[1], f"{pair.probability:.3f}")
            )
    partial.replace(path)
