"""Screening from Python: what the command line does, returning pandas tables."""

import os
import platform
import socket
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console

import actinic
from actinic.chemistry.candidates import Candidate, UnusableRow, read_candidates
from actinic.errors import InputError
from actinic.reporting.entries import read_entries
from actinic.reporting.figure_files import figure_text, write_figure
from actinic.reporting.page import SHOWN_CANDIDATES, write_page
from actinic.reporting.progress import Display, InFlight
from actinic.reporting.standing import store_of
from actinic.reporting.table import Ranked, ranked_table, write_parquet
from actinic.reporting.written import write_run
from actinic.screening.child import installed_versions
from actinic.screening.cluster import LAPTOP, ClusterSettings, Pool
from actinic.screening.folder import RunFolder
from actinic.screening.plan import progress
from actinic.screening.remaining import Remaining, timings_with
from actinic.screening.run import Driver, Tally
from actinic.screening.store import Store
from actinic.screening.store_health import disk_trouble_named
from actinic.screening.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Extras:
    """What a report writes besides the usual files.

    Attributes:
        all_cards: A card on the page for every ranked candidate, not for the best alone.
        parquet: `ranked.parquet`.
        spectra: `spectra/<id>.csv`.
    """

    all_cards: bool = False
    parquet: bool = False
    spectra: bool = False


NO_EXTRAS = Extras()
DEFAULT_STORE = Path("results/actinic.sqlite")
RECORD_EVERY_S = 2.0
FORESEEN_CANDIDATES = 20
"""Of a longer list, so many stand for all when the time left is foreseen."""


def screen(  # noqa: PLR0913 - one keyword per option of the command line
    candidates: Iterable[Candidate | UnusableRow] | str | Path,
    workflow: Workflow | str | Path,
    *,
    out: str | Path,
    store: str | Path = DEFAULT_STORE,
    cluster: ClusterSettings = LAPTOP,
    retry_failed: bool = False,
    console: Console | None = None,
) -> pd.DataFrame:
    """Compute what is missing for every candidate, rank, and write the run's folder.

    Args:
        candidates: A list file, or what `read_candidates` yields.
        workflow: What to compute and what to rank by; also a file or the name of a preset.
        out: Folder of the run; ranked.csv and the rest go there.
        store: Where calculations are remembered across runs.
        cluster: Where to run.
        retry_failed: Compute again what failed in an earlier run.
        console: Where progress is shown; None for standard error.

    Returns:
        The ranked table, one row per row of the list; columns as in docs/columns.md.

    Raises:
        InputError: The list has no usable row, a file cannot be used, or the run is being computed already.
        SchedulerLostError: Dask went away; the same call resumes.
        StoreUnavailableError: The disk is full; likewise.
        KeyboardInterrupt: Stopped by the user; the same call resumes.
    """
    return screened(
        candidates,
        workflow,
        out=out,
        store=store,
        cluster=cluster,
        retry_failed=retry_failed,
        console=console,
    ).table()


def screened(  # noqa: PLR0913 - as `screen`
    candidates: Iterable[Candidate | UnusableRow] | str | Path,
    workflow: Workflow | str | Path,
    *,
    out: str | Path,
    store: str | Path = DEFAULT_STORE,
    cluster: ClusterSettings = LAPTOP,
    retry_failed: bool = False,
    console: Console | None = None,
) -> Ranked:
    """As `screen`, for lists whose table is too large for memory: its rows lie on the disk."""
    folder = RunFolder(Path(out))
    _refuse_if_at_work(folder)
    if not isinstance(workflow, Workflow):
        workflow = Workflow.load(workflow)
    rows = read_candidates(candidates) if isinstance(candidates, str | Path) else candidates
    with disk_trouble_named(folder.path):
        usable, unusable = folder.write_candidates(rows)
        folder.write_workflow(workflow)
    record = _Record(folder, workflow, Path(store), {"usable": usable, "unusable": unusable})
    display = Display(console or Console(stderr=True), usable, record.tick)
    looked_at = max(1, -(-usable // FORESEEN_CANDIDATES))
    try:
        with Store(Path(store)) as opened, Pool(cluster, folder.path) as pool, display:
            driver = Driver(progress, workflow, opened, pool, display, retry_failed=retry_failed)
            record.follow(driver.tally)
            some = tuple(islice(folder.usable_candidates(), 0, None, looked_at))
            share, timings = len(some) / usable, timings_with(opened)
            display.remaining = Remaining(some, share, workflow, driver.settled, timings, pool.slots)
            driver.run(folder.usable_candidates())
        with disk_trouble_named(folder.path):
            ranked = _written(folder, workflow, Path(store))
    except BaseException:
        with suppress(OSError):  # a full disk must not hide why the run stopped
            record.finish("stopped")
        raise
    record.finish("finished", dict(sorted(ranked.counts.items())))
    return ranked


def report(
    out: str | Path,
    *,
    workflow: Workflow | None = None,
    store: str | Path | None = None,
    extras: Extras = NO_EXTRAS,
) -> pd.DataFrame:
    """Analyse and rank again from stored calculations; nothing is computed.

    Args:
        out: Folder of a run.
        workflow: Other criteria, gates or lines; becomes the run's snapshot. None for that snapshot.
        store: Another store than the run's own.
        extras: What to write besides the usual files.

    Raises:
        InputError: `out` is no run, its store is missing, another workflow is given while it is computed, or
            a package is missing for one of the extras.
        StoreUnavailableError: The disk is full.
    """
    return reported(out, workflow=workflow, store=store, extras=extras).table()


def reported(
    out: str | Path,
    *,
    workflow: Workflow | None = None,
    store: str | Path | None = None,
    extras: Extras = NO_EXTRAS,
) -> Ranked:
    """As `report`, for lists whose table is too large for memory: its rows lie on the disk."""
    folder = RunFolder(Path(out))
    record = folder.read_record()
    if workflow is not None:
        _refuse_if_at_work(folder)
        folder.write_workflow(workflow)
        folder.write_record(record | {"workflow": _named(workflow)})
    named = None if store is None else Path(store)
    with disk_trouble_named(folder.path):
        return _written(folder, workflow or folder.read_workflow(), store_of(folder, named), extras)


def figure(run: str | Path, kind: str, ids: Sequence[str], path: str | Path) -> None:
    """Write a figure of the page as a file of its own.

    Args:
        run: Folder of a run.
        kind: `spectrum`, `levels`, `path` or `map`.
        ids: Candidates; empty for the best one, on a map for all.
        path: The file; its name ends in svg, pdf or png.

    Raises:
        InputError: `run` is no run, a candidate is not in it or has no such figure, or the format cannot be
            written.
    """
    folder = RunFolder(Path(run))
    workflow = folder.read_workflow()
    entries = read_entries(folder, workflow, store_of(folder, None))
    svg = figure_text(kind, entries, ranked_table(entries, workflow), workflow, ids)
    write_figure(svg, Path(path))


def _written(folder: RunFolder, workflow: Workflow, store: Path, extras: Extras = NO_EXTRAS) -> Ranked:
    """Analyse, rank and write the files of a run."""
    shown = None if extras.all_cards else SHOWN_CANDIDATES
    ranked, found = write_run(folder, workflow, store, shown=shown, spectra=extras.spectra)
    write_page(found, workflow, folder.read_record(), folder.page)
    if extras.parquet:
        write_parquet(ranked.table(), folder.parquet)
    return ranked


class _Record:
    """Keeps `run.json` true while the run goes."""

    def __init__(self, folder: RunFolder, workflow: Workflow, store: Path, rows: dict[str, int]) -> None:
        self._folder = folder
        self._start_s = time.monotonic()
        self._written_s = self._start_s
        self._tally = Tally()
        self._record: dict[str, Any] = {
            "actinic": actinic.__version__,
            "versions": {**installed_versions(), "python": platform.python_version()},
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "started": datetime.now(UTC).isoformat(timespec="seconds"),
            "workflow": _named(workflow),
            "store": str(store.resolve()),
            "rows": rows,
            "state": "running",
        }
        self._write([])

    def follow(self, tally: Tally) -> None:
        """Count what this tally counts."""
        self._tally = tally

    def tick(self, in_flight: InFlight, _: Tally) -> None:
        """Note what is in flight, every now and then."""
        if time.monotonic() - self._written_s >= RECORD_EVERY_S:
            self._write([candidate.id for _, waiting in in_flight for candidate in waiting])

    def finish(self, state: str, status: dict[str, int] | None = None) -> None:
        """The last word on this run."""
        self._record |= {"state": state, "finished": datetime.now(UTC).isoformat(timespec="seconds")}
        if status is not None:
            self._record["candidates"] = status
        self._write([])

    def _write(self, in_flight: list[str]) -> None:
        self._written_s = time.monotonic()
        counted = asdict(self._tally)
        del counted["queued"]
        seconds = {name: _rounded(counted.pop(name)) for name in ("wall_s", "cpu_s")}
        self._record |= {
            "calculations": counted,
            "seconds_by_kind": seconds,
            "wall_s": round(time.monotonic() - self._start_s, 1),
            "in_flight": in_flight,
        }
        with disk_trouble_named(self._folder.path):
            self._folder.write_record(self._record)


def _rounded(seconds: dict[str, float]) -> dict[str, float]:
    return {kind: round(value, 1) for kind, value in sorted(seconds.items())}


def _named(workflow: Workflow) -> dict[str, str]:
    return {"title": workflow.title, "sha256": workflow.digest}


def _refuse_if_at_work(folder: RunFolder) -> None:
    driver = folder.driver_at_work()
    if driver:
        raise InputError(f"{folder.path}: is being computed by {driver}; wait for it, or use another --out")
