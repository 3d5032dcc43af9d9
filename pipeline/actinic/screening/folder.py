"""A run's folder: snapshots of list and workflow, so that a report needs nothing else but the store."""

import json
import os
import socket
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import msgspec
import psutil

from actinic.chemistry.candidates import Candidate, UnusableRow
from actinic.chemistry.identifiers import SAFE_ID, is_safe_id
from actinic.errors import InputError
from actinic.screening.workflow import Workflow

Row = Candidate | UnusableRow


class _Made(msgspec.Struct):
    computed: int
    reused: int
    failed: int


class _Record(msgspec.Struct):
    """What is read of `run.json`: a folder that came by mail may say anything there."""

    state: str
    store: str
    pid: Annotated[int, msgspec.Meta(ge=0, lt=2**31)]
    host: str
    in_flight: list[str]
    calculations: _Made
    started: str = ""
    versions: dict[str, str] = {}


class _Line(msgspec.Struct, omit_defaults=True):
    usable: Candidate | None = None
    unusable: UnusableRow | None = None


class RunFolder:
    """Names the files of a run and reads them back.

    Args:
        path: The folder; made when something is written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.candidates = path / "candidates.jsonl"
        self.workflow = path / "workflow.json"
        self.record = path / "run.json"
        self.ranked = path / "ranked.csv"
        self.structures = path / "structures.sdf"
        self.reactions = path / "reactions.csv"
        self.pairs = path / "pairs.csv"
        self.parquet = path / "ranked.parquet"
        self.spectra = path / "spectra"
        self.page = path / "report.html"

    def write_candidates(self, rows: Iterable[Row]) -> tuple[int, int]:
        """Write the snapshot of the list; return the numbers of usable and unusable rows.

        Raises:
            InputError: No row is usable, or files cannot be named by an identifier; the snapshot of an
                earlier run stays as it was.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        counts = [0, 0]
        first_reason = "it is empty"
        with _replacing(self.candidates) as partial:
            with partial.open("wb") as file:
                for row in rows:
                    if not is_safe_id(row.id):
                        raise InputError(f"id {row.id!r}: expected {SAFE_ID}")
                    if isinstance(row, UnusableRow) and counts == [0, 0]:
                        first_reason = row.reason
                    counts[0 if isinstance(row, Candidate) else 1] += 1
                    line = _Line(usable=row) if isinstance(row, Candidate) else _Line(unusable=row)
                    file.write(msgspec.json.encode(line) + b"\n")
            if counts[0] == 0:
                raise InputError(f"the list has no usable row; the first: {first_reason}")
        return counts[0], counts[1]

    def rows(self, wanted: Container[int] | None = None) -> Iterator[Row]:
        """The rows of the list as they were read, one at a time; of these numbers, from 0, if given."""
        decoder = msgspec.json.Decoder(_Line)
        with self.candidates.open("rb") as file:
            for number, text in enumerate(file):
                if wanted is not None and number not in wanted:
                    continue
                with _damage_named(self.candidates):
                    line = decoder.decode(text)
                    row = line.usable or line.unusable
                    if row is None:
                        raise ValueError(f"line {number + 1} holds no row")
                    if not is_safe_id(row.id):
                        raise ValueError(f"id {row.id!r}; expected {SAFE_ID}")
                yield row

    def usable_candidates(self) -> Iterator[Candidate]:
        """The rows that can be computed."""
        return (row for row in self.rows() if isinstance(row, Candidate))

    def write_workflow(self, workflow: Workflow) -> None:
        """Write the snapshot of the workflow."""
        self.path.mkdir(parents=True, exist_ok=True)
        _write(self.workflow, workflow.model_dump_json(indent=2) + "\n")

    def read_workflow(self) -> Workflow:
        """The workflow the run was last reported with."""
        with _damage_named(self.workflow):
            return Workflow.from_snapshot(self.workflow.read_bytes())

    def write_record(self, record: dict[str, Any]) -> None:
        """Write `run.json`."""
        _write(self.record, json.dumps(record, indent=2, sort_keys=True) + "\n")

    def read_record(self) -> dict[str, Any]:
        """Read `run.json`.

        Raises:
            InputError: The folder is no run.
        """
        if not self.record.is_file():
            raise InputError(f"{self.path}: not a run (no {self.record.name}); `actinic screen` makes one")
        with _damage_named(self.record):
            text = self.record.read_bytes()
            msgspec.json.decode(text, type=_Record)
            record: dict[str, Any] = json.loads(text)
        return record

    def driver_at_work(self) -> str:
        """Who is computing this run right now, as in `pid 17 on host`; empty when nobody is.

        A driver on another host is taken at its word.
        """
        if not self.record.is_file():
            return ""
        record = self.read_record()
        if record["state"] != "running" or record["pid"] == os.getpid():
            return ""
        there = f"pid {record['pid']} on {record['host']}"
        if record["host"] != socket.gethostname():
            return there
        return there if _lives(record["pid"]) else ""


def _lives(pid: int) -> bool:
    """Whether the process is there, and more than an entry its parent has not collected."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


@contextmanager
def _damage_named(path: Path) -> Iterator[None]:
    """Turn what a damaged file raises into an error that names the file."""
    try:
        yield
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise InputError(f"{path}: damaged or missing ({error}); `actinic screen` writes it anew") from error


class _replacing:  # noqa: N801 - used like a function
    """Write to a neighbour and move it into place, so that a reader never sees half a file."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.partial = target.with_name(f".{target.name}.{os.getpid()}")

    def __enter__(self) -> Path:
        return self.partial

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.partial.replace(self.target)
        else:
            self.partial.unlink(missing_ok=True)


def _write(target: Path, text: str) -> None:
    with _replacing(target) as partial:
        partial.write_text(text, encoding="utf-8")
