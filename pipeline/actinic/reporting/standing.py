"""How a run stands, read from its folder and the store while it goes or after it ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actinic.chemistry.candidates import Candidate
from actinic.reporting.resources import FailedClass, Noted, Used
from actinic.reporting.table import Entry
from actinic.screening.folder import Row, RunFolder
from actinic.screening.lookup import Lookup
from actinic.screening.plan import progress
from actinic.screening.store import Store
from actinic.screening.workflow import Workflow


@dataclass(frozen=True, slots=True)
class RunStatus:
    """Counts and reasons.

    Attributes:
        headline: Whether the run goes on, in a sentence.
        counts: Candidates by state: done, running, waiting, screened_out, failed.
        failures: Identifiers by reason, of the rows that failed without any failed calculation: they cannot
            be used, or do not keep their bonds.
        failed_classes: The calculations that failed, by what helps.
        settings: How many results needed other settings than those asked for, by kind and settings.
        used: What the results took, by kind.
        at_work: Whether a driver computes the run.
    """

    headline: str
    counts: dict[str, int]
    failures: dict[str, list[str]]
    failed_classes: list[FailedClass]
    settings: dict[str, int]
    used: list[Used]
    at_work: bool


def standing(folder: RunFolder, workflow: Workflow, lookup: Lookup) -> Iterator[Entry]:
    """Where each row of a run stands, in the order of the list."""
    for row in folder.rows():
        if isinstance(lookup, Noted):
            lookup.item = row.id
        yield entry_of(row, workflow, lookup)


def entry_of(row: Row, workflow: Workflow, lookup: Lookup) -> Entry:
    """Where one row stands."""
    return Entry(row, progress(row, workflow, lookup) if isinstance(row, Candidate) else None)


def store_of(folder: RunFolder, store: Path | None) -> Path:
    """The store to read: the one named, else the run's own."""
    return store if store is not None else Path(folder.read_record()["store"])


def run_status(path: Path) -> RunStatus:
    """Look at a run without disturbing it.

    Raises:
        InputError: `path` is no run, or its store is missing.
    """
    folder = RunFolder(path)
    record = folder.read_record()
    driver = folder.driver_at_work()
    at_work = set(record["in_flight"]) if driver else set()
    counts = dict.fromkeys(("done", "running", "waiting", "screened_out", "failed"), 0)
    failures: dict[str, list[str]] = {}
    with Store(store_of(folder, None), read_only=True) as store:
        noted = Noted(store.lookup)
        for entry in standing(folder, folder.read_workflow(), noted):
            running = entry.status == "waiting" and entry.row.id in at_work
            counts["running" if running else entry.status] += 1
            if entry.status == "failed" and not (entry.where and entry.where.has_failed_calculation):
                reason = entry.where.reason if entry.where else getattr(entry.row, "reason", "")
                failures.setdefault(reason, []).append(entry.row.id)
    headline = _headline(path, record, driver)
    return RunStatus(headline, counts, failures, noted.failed(), noted.settings(), noted.used(), bool(driver))


def _headline(path: Path, record: dict[str, Any], driver: str) -> str:
    made = record["calculations"]
    tail = f"{made['computed']} computed, {made['reused']} reused, {made['failed']} failed"
    resume = "run the same command again to resume"
    if record["state"] == "running":
        return f"{path}: {f'running, {driver}' if driver else f'its driver is gone; {resume}'} ({tail})"
    return f"{path}: {record['state']}{f'; {resume}' if record['state'] == 'stopped' else ''} ({tail})"
