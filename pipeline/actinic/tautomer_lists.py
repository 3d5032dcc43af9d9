"""A list with every molecule as its lowest tautomer: compared, decided, and written as a list again."""

import csv
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from rich.console import Console

from actinic.analysis.tautomers import (
    CLOSE_KCAL_MOL,
    ERROR_KCAL_MOL,
    ION_ERROR_FACTOR,
    Decision,
    Outcome,
    decision,
)
from actinic.chemistry.candidates import Candidate, UnusableRow, read_candidates
from actinic.chemistry.listfile import numbered_lines
from actinic.chemistry.lists import list_rows
from actinic.chemistry.species import Species
from actinic.chemistry.tautomers import tautomers
from actinic.reporting.spreadsheet import harmless
from actinic.screening.cluster import ClusterSettings
from actinic.screening.lookup import Lookup
from actinic.screening.tautomers import Forms, FormsStanding, tautomer_standing
from actinic.screening.workflow import Workflow
from actinic.validation_run import Place, Work, recomputed

ADDED = ("smiles_drawn", "tautomer_gain_kcal_mol", "tautomer_note")
"""Columns that a chosen list has besides those of the list; `tautomer_note` also says that it was chosen."""

Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class Compared:
    """One row of a list with what its tautomers came to.

    Attributes:
        row: As read and judged.
        cells: As it stands in the file; of a line that cannot be taken apart the line as `smiles`.
        forms: The species drawn and its tautomers; a single one, or none for a broken row.
        where: Their energies; None where there is nothing to compare.
        note: What the enumeration left out.
    """

    row: Candidate | UnusableRow
    cells: Cells
    forms: tuple[Species, ...] = ()
    where: FormsStanding | None = None
    note: str = ""

    @property
    def error_kcal_mol(self) -> float:
        """Standard error of a difference; larger for ions."""
        is_ion = any(form.has_bare_charges for form in self.forms)
        return ERROR_KCAL_MOL * (ION_ERROR_FACTOR if is_ion else 1.0)

    @property
    def decision(self) -> Decision | None:
        """Which form is taken; None where there is only one."""
        return None if self.where is None else decision(self.where.gibbs_kcal_mol, self.error_kcal_mol)

    def differences_kcal_mol(self) -> list[tuple[float, ...] | None]:
        """Gibbs energy of each form minus that of the one drawn, by medium; None where unknown."""
        energies = () if self.where is None else self.where.gibbs_kcal_mol
        drawn = energies[0] if energies else None
        if drawn is None:
            return [None] * len(energies)
        return [
            None if one is None else tuple(e - d for e, d in zip(one, drawn, strict=True)) for one in energies
        ]

    def sentence(self) -> str:
        """The decision in words; empty where there is only one form."""
        found = self.decision
        if found is None or self.where is None:
            return ""
        if found.outcome is Outcome.UNKNOWN:
            why = self.where.reason or next(filter(None, self.where.reasons), "")
            return f"{found.outcome} ({why})"
        differences = self.differences_kcal_mol()
        place = found.form or min(
            (i for i in range(1, len(differences)) if differences[i] is not None),
            key=lambda i: max(differences[i] or ()),
        )
        told = " and ".join(f"{value:+.1f}" for value in differences[place] or ())
        media = "gas phase and film" if len(differences[place] or ()) > 1 else "in the solvent of ions"
        which = self.forms[place].smiles
        said = f"{found.outcome} ({which}: {told} kcal/mol, {media}, standard error {self.error_kcal_mol:g})"
        return "; ".join(filter(None, [said, self.note]))

    def record(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        found = self.decision
        return {
            "id": self.row.id,
            "tautomers": [form.smiles for form in self.forms],
            "difference_kcal_mol": self.differences_kcal_mol(),
            "error_kcal_mol": self.error_kcal_mol if found else None,
            "verdict": found.outcome.value if found else None,
            "taken": self.forms[found.form].smiles if found else None,
            "gain_kcal_mol": found.gain_kcal_mol if found else None,
            "note": self.sentence() or getattr(self.row, "reason", ""),
        }


def rows_with_forms(path: Path) -> Iterator[Compared]:
    """Rows as they stand in the file beside what is made of them, not compared yet.

    Raises:
        InputError: The list cannot be read.
    """
    lines: dict[int, str] = {}
    for raw, row in zip_longest(list_rows(path), read_candidates(path)):
        cells = dict(raw.cells)
        if raw.fault:
            lines = lines or {line.number: line.text for line in numbered_lines(path)}
            cells = {"smiles": lines[raw.line]}
        if isinstance(row, UnusableRow):
            yield Compared(row, cells)
            continue
        found = tautomers(row.species)
        yield Compared(row, cells, found.species, None, found.note)


def compare_tautomers(
    path: Path, workflow: Workflow, store: Path, cluster: ClusterSettings, console: Console
) -> list[Compared]:
    """Every row of a list, in order, the tautomers of those that have some computed and compared.

    Args:
        path: The list.
        workflow: How conformers are made.
        store: Where calculations are remembered; what it lacks is computed.
        cluster: Where to run.
        console: Where progress is shown.

    Raises:
        InputError: The list cannot be read.
        SchedulerLostError: Dask went away; the same call resumes.
    """
    rows = list(rows_with_forms(path))
    items = [Forms(one.row.id, one.forms) for one in rows if len(one.forms) > 1]
    if not items:
        return rows
    work = Work(tautomer_standing, workflow, items, "molecules")

    def standings(lookup: Lookup) -> dict[str, FormsStanding]:
        return {item.id: tautomer_standing(item, workflow, lookup) for item in items}

    found = recomputed(Place(store, cluster, console), [work], standings)
    return [Compared(one.row, one.cells, one.forms, found.get(one.row.id), one.note) for one in rows]


def write_chosen(compared: Sequence[Compared], path: Path, *, every: bool = False) -> None:
    """Write a list that can be screened: rows and columns as read, with another `smiles` where one is taken.

    Broken rows stay as they are. Text that a spreadsheet would run is disarmed.

    Args:
        compared: The rows.
        path: A .csv file.
        every: Every tautomer within `CLOSE_KCAL_MOL` of the lowest, as rows of their own (`id-t1`, ...).
    """
    written = [cells for one in compared for cells in (_every(one) if every else [_chosen(one)])]
    names = dict.fromkeys(name for one in compared for name in one.cells if name not in ADDED)
    columns = [*([] if "id" in names else ["id"]), *names, *ADDED]
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    with partial.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([harmless(name) for name in columns])
        writer.writerows([harmless(cells.get(name, "")) for name in columns] for cells in written)
    partial.replace(path)


def _chosen(one: Compared) -> Cells:
    found = one.decision
    if found is None or found.gain_kcal_mol is None:
        return _with(one, 0, None)
    return _with(one, found.form, found.gain_kcal_mol)


def _every(one: Compared) -> list[Cells]:
    """The forms that lie close to the lowest in any medium; the row as it is where nothing is known."""
    differences = one.differences_kcal_mol()
    known = [place for place, values in enumerate(differences) if values is not None]
    if len(known) < 2:
        return [_chosen(one)]
    media = range(len(differences[known[0]] or ()))
    lowest = [min((differences[place] or ())[medium] for place in known) for medium in media]
    near = [
        place
        for place in known
        if any((differences[place] or ())[m] - lowest[m] <= CLOSE_KCAL_MOL for m in media)
    ]
    return [
        _with(one, place, 0.0 - max(differences[place] or ())) | {"id": f"{one.row.id}-t{place + 1}"}
        for place in near
    ]


def _with(one: Compared, form: int, gain_kcal_mol: float | None) -> Cells:
    """The cells of a row with one of its forms as `smiles`."""
    cells = dict(one.cells)
    if not cells.get("id"):
        cells["id"] = one.row.id
    if isinstance(one.row, UnusableRow):
        return cells
    cells["smiles_drawn"] = cells.get("smiles_drawn") or one.row.smiles_given
    if form:
        cells["smiles"] = ".".join(filter(None, [one.forms[form].smiles, one.row.counter_ion]))
    cells["tautomer_gain_kcal_mol"] = "" if gain_kcal_mol is None else f"{gain_kcal_mol:.1f}"
    cells["tautomer_note"] = one.sentence()
    return cells
