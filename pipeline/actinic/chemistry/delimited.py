"""Rows of comma-, semicolon- or tab-separated lists."""

import csv
from collections import Counter, deque
from collections.abc import Iterator

from actinic.chemistry.listfile import Line, Row
from actinic.errors import InputError

COLUMNS = ("smiles", "id", "name", "role", "target_nm", "charge")
"""Columns with a meaning, whatever their case; any other is carried through."""

MAX_ROW_LINES = 20
"""A quoted cell may run over so many lines; beyond, its quote counts as forgotten."""


def delimited_rows(lines: Iterator[Line], source: str, delimiters: str) -> Iterator[Row]:
    """Read a header, then row by row.

    A row that cannot be taken apart says so and costs no other row: after a quote that is never closed,
    reading goes on at the next line. Rows of empty cells only are skipped.

    Args:
        lines: The file.
        source: Its name, for messages.
        delimiters: The characters that may separate cells; the header decides.

    Raises:
        InputError: There is no header with a column `smiles`.
    """
    header = next((line for line in lines if line.text.strip() and not line.text.startswith("#")), None)
    if header is None:
        raise InputError(
            f"{source}: empty; expected a header with a column 'smiles' and one row per candidate"
        )
    names, delimiter = _header(header, source, delimiters)
    for start, cells in _records(lines, delimiter):
        if isinstance(cells, str):
            yield Row(start.number, (), f"{start.text[:60]!r}: {cells}")
        elif any(cell.strip() for cell in cells):
            yield _row(start.number, names, cells)


def _header(header: Line, source: str, delimiters: str) -> tuple[list[str], str]:
    """Column names and delimiter."""
    where = f"{source}, line {header.number}"
    for delimiter in delimiters:
        try:
            names = [
                name.strip() for name in next(csv.reader([header.text], delimiter=delimiter, strict=True))
            ]
        except csv.Error:
            continue
        names = [name.lower() if name.lower() in COLUMNS else name for name in names]
        if "smiles" in names:
            twice = [name for name, n in Counter(names).items() if n > 1 and name]
            if twice:
                raise InputError(f"{where}: column {twice[0]!r} occurs twice; expected each name once")
            return names, delimiter
    raise InputError(
        f"{where}: {header.text[:80]!r} has no column 'smiles'; expected a header line that names it, "
        "columns separated by comma, semicolon or tab"
    )


def _row(number: int, names: list[str], cells: list[str]) -> Row:
    surplus = [cell for cell in cells[len(names) :] if cell.strip()]
    fault = ""
    if surplus or len(cells) < len(names):
        fault = (
            f"cells: {len(cells)}; expected {len(names)} ({', '.join(names)}); a cell that holds the "
            "separator has to stand in double quotes"
        )
    labelled = [
        (name or f"column {place}", cell)
        for place, (name, cell) in enumerate(zip(names, cells, strict=False), start=1)
        if name or cell.strip()
    ]
    return Row(number, tuple(labelled), fault)


def _records(lines: Iterator[Line], delimiter: str) -> Iterator[tuple[Line, list[str] | str]]:
    """Each record's first line, and its cells or why it has none."""
    feed = _Feed(lines)
    while feed.start():
        try:
            cells: list[str] | str = next(
                csv.reader(feed, delimiter=delimiter, skipinitialspace=True, strict=True)
            )
        except csv.Error as error:
            cells = f"{error}; expected double quotes in pairs around whole cells, doubled inside"
            feed.give_back()
        yield feed.taken[0], cells


class _Feed:
    """Lines for one record at a time, those of a broken record but its first given back."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self.taken: list[Line] = []
        self._lines = lines
        self._given_back: deque[Line] = deque()

    def start(self) -> bool:
        """Begin a record; False at the end of the file."""
        self.taken = []
        if not self._given_back:
            self._given_back.extend(line for line in [next(self._lines, None)] if line is not None)
        return bool(self._given_back)

    def give_back(self) -> None:
        self._given_back.extendleft(reversed(self.taken[1:]))

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = None
        if len(self.taken) < MAX_ROW_LINES:
            line = self._given_back.popleft() if self._given_back else next(self._lines, None)
        if line is None:
            raise csv.Error("a double quote is opened and not closed")
        self.taken.append(line)
        return line.text + "\n"
