"""Exports of the store: sorted, compressed JSON lines, the same bytes for equal results.

What a published run ships, and what the package ships of the calculations its calibration rests on.
"""

import gzip
import os
import zlib
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from actinic.calculations import kinds
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Outcome, Provenance
from actinic.errors import InputError
from actinic.screening.lookup import Lookup
from actinic.screening.store import Record, Store

_COMPRESSION = 9
_DECODER = msgspec.json.Decoder(Record)


class Imported(NamedTuple):
    """What became of the lines of an export.

    Attributes:
        added: Were new to the store.
        known: Were there already, and stay as they are.
        skipped: Belong to another version of their kind, whose results this version does not use.
    """

    added: int
    known: int
    skipped: int


class Noting:
    """Looks results up in a store and notes which ones answered: those a run or a report rests on.

    Args:
        store: Where to look.

    Attributes:
        keys: Of the results that were handed out.
    """

    def __init__(self, store: Store) -> None:
        self.keys: set[str] = set()
        self._store = store

    def __call__(self, request: Request) -> Outcome | None:
        """As `Store.lookup`."""
        key = self._store.answered_by(request)
        if key is not None:
            self.keys.add(key)
        return self._store.lookup(request)


class ExportedResults:
    """The results of an export, in memory, to be looked up as in a store.

    Args:
        path: What `export` wrote.

    Attributes:
        skipped: Lines that belong to another version of their kind.

    Raises:
        InputError: The file is missing or damaged, or holds a line whose key is not that of its request.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.skipped = 0
        self._by_lineage: dict[str, list[tuple[float, Record]]] = {}
        for request, record in _lines(path):
            if request is None:
                self.skipped += 1
            else:
                self._by_lineage.setdefault(kinds.lineage(request), []).append((kinds.reach(request), record))

    def __len__(self) -> int:
        return sum(map(len, self._by_lineage.values()))

    def lookup(self, request: Request) -> Outcome | None:
        """The result that reaches at least as far as `request` asks, cut down to that; else None."""
        reach = kinds.reach(request)
        known = [e for e in self._by_lineage.get(kinds.lineage(request), ()) if e[0] >= reach]
        if not known:
            return None
        _, record = min(known, key=lambda entry: entry[0])
        result = kinds.narrowed(kinds.decode_result(bytes(record.result)), request)
        return Outcome(result, None, msgspec.json.decode(record.provenance, type=Provenance), record.rung)


def layered(*lookups: Lookup) -> Lookup:
    """Look in one after the other: the first result counts, else the first failure, else None."""

    def lookup(request: Request) -> Outcome | None:
        failed = None
        for one in lookups:
            outcome = one(request)
            if outcome is not None and outcome.result is not None:
                return outcome
            failed = failed or outcome
        return failed

    return lookup


def export(store: Store, path: Path, keys: Collection[str] | None = None) -> int:
    """Write the results of a store, sorted by key, and return their number; failures stay behind.

    Args:
        store: What to export.
        path: The file, by custom `*.jsonl.gz`; moved into place when it is whole.
        keys: Write these alone; None for all.

    Raises:
        InputError: The store lacks one of `keys`.
    """
    absent = set(keys or ())

    def chosen() -> Iterator[Record]:
        for record in store.records(keys):
            absent.discard(record.key)
            yield record
        if absent:
            raise InputError(f"{store.path}: has no result {min(absent)} ({len(absent)} keys are absent)")

    return write_records(chosen(), path)


def write_records(records: Iterable[Record], path: Path) -> int:
    """Write records as they come, and return their number; a file already there stays if that fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    number = 0
    try:
        # Neither name nor time in the header: equal results give equal bytes.
        with partial.open("wb") as raw, gzip.GzipFile("", "wb", _COMPRESSION, raw, mtime=0) as file:
            for number, record in enumerate(records, 1):  # noqa: B007 - the last one is returned
                file.write(msgspec.json.encode(record, order="deterministic") + b"\n")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return number


def import_results(store: Store, path: Path) -> Imported:
    """Add the results of an export to a store, all or nothing; what is there already stays.

    Raises:
        InputError: The file is missing or damaged, or holds a line whose key is not that of its request.
    """
    counted = {"lines": 0, "skipped": 0}

    def usable() -> Iterator[tuple[Request, Record]]:
        for request, record in _lines(path):
            counted["lines"] += 1
            if request is None:
                counted["skipped"] += 1
            else:
                yield request, record

    added = store.insert(usable())
    return Imported(added, counted["lines"] - counted["skipped"] - added, counted["skipped"])


def checked_request(record: Record) -> Request:
    """The request of a record; raises ValueError when its parts do not belong together."""
    request = kinds.decode_request(bytes(record.request))
    if kinds.key(request) != record.key:
        raise ValueError(f"key {record.key} is not that of its request, {kinds.key(request)}")
    result = kinds.decode_result(bytes(record.result))
    if type(result).__struct_config__.tag != record.kind or kinds.kind_of(request).name != record.kind:
        raise ValueError(f"key {record.key}: request, result and kind {record.kind!r} do not belong together")
    return request


def _lines(path: Path) -> Iterator[tuple[Request | None, Record]]:
    """The checked lines of an export; without a request when another version of the kind wrote it."""
    versions = {kind.name: kind.version for kind in kinds.KINDS.values()}
    number = 0
    try:
        with gzip.open(path, "rb") as file:
            for number, text in enumerate(file, 1):  # noqa: B007 - the number is for the error below
                record = _DECODER.decode(text)
                if versions.get(record.kind) != record.version:
                    yield None, record
                else:
                    yield checked_request(record), record
    except (EOFError, OSError, zlib.error, msgspec.MsgspecError, ValueError) as error:
        where = f", line {number}" if number else ""
        raise InputError(f"{path}{where}: not an export of results, or a damaged one ({error})") from error
