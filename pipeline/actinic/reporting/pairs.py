"""Ordered orthogonal pairs as a file and as rows of the page."""

import csv
import os
from collections.abc import Sequence
from pathlib import Path

from actinic.analysis.orthogonal import Chances, Pair, PairFinder
from actinic.reporting.rows import Entry
from actinic.screening.workflow import Workflow

MOST_PAIRS = 500
"""So many of the likeliest are written."""

COLUMNS = ("first_id", "first_nm", "second_id", "second_nm", "probability")


Key = tuple[str, str]
"""Identifier and name of a candidate."""


class NamedPairs:
    """Looks for pairs among candidates that come one after the other.

    Args:
        workflow: Whose lines they are exposed at.
    """

    def __init__(self, workflow: Workflow) -> None:
        self._has_spectra = workflow.spectrum is not None
        self._finder: PairFinder[Key] = PairFinder(workflow.exposure_for(None), MOST_PAIRS)

    def chances(self, entry: Entry) -> Chances | None:
        """What a candidate may bring to a pair; None where it is not done."""
        if not self._has_spectra or entry.where is None or entry.status != "done":
            return None
        return self._finder.chances(entry.where.assessment.quantities)

    def add(self, key: Key, chances: Chances) -> None:
        """Take a candidate and what it may bring."""
        self._finder.add(key, chances)

    def pairs(self) -> tuple[Pair[Key], ...]:
        """The likeliest, best first."""
        return self._finder.pairs()


def write_pairs(pairs: Sequence[Pair[Key]], path: Path) -> None:
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
            writer.writerow((pair.first[0], lines[0], pair.second[0], lines[1], f"{pair.probability:.3f}"))
    partial.replace(path)
