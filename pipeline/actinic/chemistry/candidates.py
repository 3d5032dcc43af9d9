"""Candidates: the rows of a list, each read, judged, and named; a broken row is a record, not a crash."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from actinic.chemistry.admission import Admitted, admitted
from actinic.chemistry.delimited import COLUMNS
from actinic.chemistry.elements import SUPPORTED_ELEMENTS
from actinic.chemistry.identifiers import Identifiers, safe_id
from actinic.chemistry.listfile import Row
from actinic.chemistry.lists import list_rows
from actinic.chemistry.species import Species
from actinic.chemistry.tautomers import tautomers
from actinic.errors import InputError

__all__ = ["ROLES", "SUPPORTED_ELEMENTS", "Candidate", "UnusableRow", "read_candidates"]

ROLES = ("ligand", "additive", "crosslinker", "htm")
"""What a candidate may be for; htm is a hole-transport material."""

TARGET_RANGE_NM = (100.0, 2000.0)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that can be computed.

    Attributes:
        id: Unique in the list and safe as a file name.
        name: As given, blanks and unprintable characters made single blanks; may be empty.
        smiles_given: As given.
        species: What is computed: the molecule, the ion of a salt, or an ion pair.
        counter_ion: SMILES of the ions set aside; empty when there were none.
        role: One of `ROLES`; empty when not given.
        target_nm: Wavelength in nm the candidate is meant to answer to; None when not given.
        extra: Further columns and their text, in the order of the file.
        row: Number of the line in the file.
        notes: What was decided while reading.
    """

    id: str
    name: str
    smiles_given: str
    species: Species
    counter_ion: str
    role: str
    target_nm: float | None
    extra: tuple[tuple[str, str], ...]
    row: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnusableRow:
    """A row that cannot be computed; fields as in `Candidate`, empty where they could not be read.

    Attributes:
        reason: File, line, the offending value and what was expected, all faults of the row.
    """

    id: str
    name: str
    smiles_given: str
    role: str
    target_nm: float | None
    extra: tuple[tuple[str, str], ...]
    row: int
    reason: str


def read_candidates(path: str | Path) -> Iterator[Candidate | UnusableRow]:
    """Read a list row by row; only the identifiers given out are kept in memory.

    Every row of the list comes back, in order; equal molecules are not merged.

    Args:
        path: A .csv, .tsv, .smi or .sdf file, or one of these packed as .gz.

    Raises:
        InputError: The file as a whole cannot be read; when the first row is asked for, or at the line where
            it shows (bytes that are not UTF-8, NUL bytes).
    """
    identifiers = Identifiers()
    source = (
        str(path).encode("utf-8", "backslashreplace").decode()
    )  # a name that is not UTF-8 goes in no file
    for row in list_rows(Path(path)):
        yield _judged(row, source, identifiers)


def _judged(row: Row, source: str, identifiers: Identifiers) -> Candidate | UnusableRow:
    cells = {_one_line(name): _one_line(text) for name, text in row.cells}
    identifier, notes = _identified(cells, row.line, identifiers)
    problems = [row.fault] if row.fault else []
    role, target_nm, chosen = "", None, None
    if not row.fault:
        role = _tried(_role, cells.get("role", ""), problems) or ""
        target_nm = _tried(_target_nm, cells.get("target_nm", ""), problems)
        chosen = _tried(admitted, cells.get("smiles", ""), problems)
    if chosen is not None:
        _check_charge(cells.get("charge", ""), chosen, problems)
    name, smiles = cells.get("name", ""), cells.get("smiles", "")
    extra = tuple((key, text) for key, text in cells.items() if key not in COLUMNS)
    if problems or chosen is None:
        reason = f"{source}, line {row.line}: {'; '.join([*problems, *notes])}"
        return UnusableRow(identifier, name, smiles, role, target_nm, extra, row.line, reason)
    return Candidate(
        id=identifier,
        name=name,
        smiles_given=smiles,
        species=chosen.species,
        counter_ion=chosen.counter_ion,
        role=role,
        target_nm=target_nm,
        extra=extra,
        row=row.line,
        notes=(*chosen.notes, *notes, *_tautomer_notes(chosen.species, cells)),
    )


def _tautomer_notes(species: Species, cells: dict[str, str]) -> list[str]:
    """That there are other forms; not in a list in which `actinic tautomers` has chosen."""
    if cells.get("tautomer_note"):
        return []
    n = len(tautomers(species).species) - 1
    many = f"{n} other tautomers" if n > 1 else "another tautomer"
    return [f"computed as drawn, has {many}: `actinic tautomers` compares them"] if n else []


def _one_line(text: str) -> str:
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _identified(cells: dict[str, str], line: int, identifiers: Identifiers) -> tuple[str, list[str]]:
    """A unique identifier, and what had to be changed to make it one."""
    given = cells.get("id", "")
    wanted = safe_id(given) or safe_id(cells.get("name", "").lower()) or f"row-{line}"
    identifier = identifiers.claim(wanted)
    notes = []
    if given and wanted != given:
        notes.append(f"id {given!r} written as {wanted!r}")
    if identifier != wanted:
        notes.append(f"id {wanted!r} is taken by an earlier row: {identifier!r} here")
    return identifier, notes


def _tried(read: Callable[[str], T], text: str, problems: list[str]) -> T | None:
    """`read(text)`; None, and its message among the problems, when the text cannot be used."""
    try:
        return read(text)
    except InputError as error:
        problems.append(error.message)
        return None


def _role(text: str) -> str:
    if text and text.lower() not in ROLES:
        raise InputError(f"role {text!r}; expected {', '.join(ROLES)} or nothing")
    return text.lower()


def _target_nm(text: str) -> float | None:
    if not text:
        return None
    low, high = TARGET_RANGE_NM
    if not re.fullmatch(r"[0-9]+(\.[0-9]*)?", text) or not low <= float(text) <= high:
        raise InputError(f"target_nm {text!r}; expected a number in {low:g}-{high:g} nm, such as 365")
    return float(text)


def _check_charge(text: str, chosen: Admitted, problems: list[str]) -> None:
    """A charge given beside the SMILES has to be that of the candidate or of the whole SMILES."""
    if not text:
        return
    charges = {chosen.species.charge, chosen.drawn_charge}
    if not re.fullmatch(r"[+-]?[0-9]{1,3}(\.0*)?", text) or float(text) not in charges:
        expected = " or ".join(f"{charge:+d}" if charge else "0" for charge in sorted(charges))
        problems.append(f"charge {text!r} is not that of '{chosen.species.smiles}'; expected {expected}")
