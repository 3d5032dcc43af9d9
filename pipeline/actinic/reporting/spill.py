"""Records that are too many for memory: on the disk, read back by number, gone with the process."""

import tempfile
import weakref
from array import array
from pathlib import Path


class Spill:
    """A file without a name, so that a killed process leaves nothing behind.

    Args:
        folder: On the disk that shall hold it.
    """

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - lives as long as this
        weakref.finalize(self, self._file.close)
        self._ends = array("q", [0])

    def append(self, record: bytes) -> None:
        """Write a record; its number is how many were written before."""
        self._file.seek(self._ends[-1])
        self._ends.append(self._ends[-1] + self._file.write(record))

    def __getitem__(self, number: int) -> bytes:
        """Read a record."""
        self._file.seek(self._ends[number])
        return self._file.read(self._ends[number + 1] - self._ends[number])

    def __len__(self) -> int:
        return len(self._ends) - 1
