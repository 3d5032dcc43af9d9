"""Lazy readers of candidate lists: .csv, .tsv, .smi and .sdf, each also packed as .gz."""

from collections.abc import Iterator
from pathlib import Path

from actinic.chemistry.delimited import delimited_rows
from actinic.chemistry.listfile import Line, Row, numbered_lines, refuse_no_file
from actinic.chemistry.molfiles import sdf_rows
from actinic.errors import InputError

SUFFIXES = (".csv", ".tsv", ".smi", ".sdf")

MAX_COLUMNS = 1000
"""Every column is carried into ranked.csv; records of an SD file may each bring names of their own."""


def list_rows(path: Path) -> Iterator[Row]:
    """The rows of a list as they stand in the file, one at a time.

    Raises:
        InputError: The file is none of the four kinds, cannot be read, holds no row, or too many columns.
    """
    refuse_no_file(path)
    stem = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    kind = stem.suffix.lower()
    if kind not in SUFFIXES:
        raise InputError(f"{path}: suffix {kind!r}; expected {', '.join(SUFFIXES)}, or one of these with .gz")
    n_rows = 0
    names: set[str] = set()
    for row in _rows(kind, numbered_lines(path), str(path)):
        n_rows += 1
        names.update(name for name, _ in row.cells)
        if len(names) > MAX_COLUMNS:
            raise InputError(f"{path}, line {row.line}: over {MAX_COLUMNS} columns; expected fewer")
        yield row
    if n_rows == 0:
        raise InputError(f"{path}: no row; expected one per candidate")


def _rows(kind: str, lines: Iterator[Line], source: str) -> Iterator[Row]:
    if kind == ".sdf":
        return sdf_rows(lines)
    if kind == ".smi":
        return smi_rows(lines)
    return delimited_rows(lines, source, "\t" if kind == ".tsv" else ",;\t")


def smi_rows(lines: Iterator[Line]) -> Iterator[Row]:
    """A SMILES and the rest of the line as its name; empty lines, comments (#) and a header are skipped."""
    for line in lines:
        smiles, name = (*line.text.split(maxsplit=1), "", "")[:2]
        if not smiles or smiles.startswith("#") or (line.number == 1 and smiles.lower() == "smiles"):
            continue
        if name.startswith("|"):
            smiles, name = line.text.strip(), ""
        yield Row(line.number, (("smiles", smiles), ("name", name.strip())))
