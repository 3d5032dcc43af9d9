"""A list file as numbered lines, and the rows its readers make of them."""

import gzip
import io
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from actinic.errors import InputError

MAX_LINE_CHARACTERS = 100_000

_FOREIGN = re.compile("[\udc80-\udcff]")
"""What `surrogateescape` makes of bytes that are not UTF-8."""


class Line(NamedTuple):
    """One line of a file.

    Attributes:
        number: Counted from 1.
        text: Without its line end.
    """

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list as it stands in the file, nothing of it judged.

    Attributes:
        line: Number of the line it starts at.
        cells: Column name and text, in the order of the file; names the package knows in lower case.
        fault: Why the row cannot be taken apart; empty when it could.
    """

    line: int
    cells: tuple[tuple[str, str], ...]
    fault: str = ""


def numbered_lines(path: Path) -> Iterator[Line]:
    """The lines of a UTF-8 text, unpacked when the name ends in .gz; holds one line at a time.

    Raises:
        InputError: The file cannot be opened or is no such text; from the line where that shows.
    """
    try:
        with _opened(path) as packed, io.TextIOWrapper(packed, "utf-8-sig", "surrogateescape") as file:
            number = 0
            while text := file.readline(MAX_LINE_CHARACTERS):
                number += 1
                _check(text, f"{path}, line {number}")
                yield Line(number, text.rstrip("\n"))
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path}: cannot be read ({error}); expected a list of candidates") from error


def refuse_no_file(path: Path) -> None:
    """Raises InputError when there is nothing at `path`, or a folder."""
    if not os.path.exists(path) or os.path.isdir(path):  # noqa: PTH110, PTH112 -- Path.exists raises on a locked folder
        what = "is a folder" if os.path.isdir(path) else "does not exist"  # noqa: PTH112
        raise InputError(f"{path}: {what}; expected a list of candidates")


def _opened(path: Path) -> BinaryIO | gzip.GzipFile:
    if path.suffix.lower() == ".gz":
        return gzip.open(path)
    return path.open("rb")


def _check(text: str, where: str) -> None:
    if "\0" in text:
        raise InputError(f"{where}: a NUL byte; expected text, saved as UTF-8 (not UTF-16, not a workbook)")
    foreign = None if text.isascii() else _FOREIGN.search(text)
    if foreign:
        byte = foreign[0].encode("utf-8", "surrogateescape").hex()
        raise InputError(f"{where}: byte 0x{byte} is not UTF-8; expected the file saved as UTF-8 (CSV UTF-8)")
    if len(text) >= MAX_LINE_CHARACTERS:
        raise InputError(f"{where}: over {MAX_LINE_CHARACTERS} characters; expected one row per line")
