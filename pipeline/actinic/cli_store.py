"""`actinic store`: what is in the store, whether it is whole, what can go, and ways in and out."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from actinic import api
from actinic.errors import InputError
from actinic.reporting.exports import FORMATS, write_format
from actinic.reporting.standing import store_of
from actinic.screening import store_upkeep, store_writers
from actinic.screening.folder import RunFolder
from actinic.screening.plan import progress
from actinic.screening.store import Store
from actinic.screening.store_export import Noting, export, import_results

EXIT_INPUT = 2
JSON_LINES = "jsonl"

app = typer.Typer(no_args_is_help=True, help="Look after the store of calculations.")
out = Console()

StoreOption = Annotated[Path, typer.Option(help="Where calculations are remembered")]


@app.command()
def info(store: StoreOption = api.DEFAULT_STORE) -> None:
    """What is in the store."""
    found = store_upkeep.contents(store)
    _say(f"{found.path}: {found.size_mb:.1f} MB, {sum(found.results.values())} results")
    for title, counts in (("", found.results), ("failed: ", found.failures), ("converged by ", found.rungs)):
        for name, number in counts.items():
            _say(f"{number:>8}  {title}{name}")
    for writer in found.writers:
        _say(f"is being written by {writer}")


@app.command()
def verify(
    store: StoreOption = api.DEFAULT_STORE,
    rescue: Annotated[Path | None, typer.Option(help="Write what is whole to this *.jsonl.gz")] = None,
) -> None:
    """Read everything, and say what is wrong; exit status 2 if something is."""
    verdict = store_upkeep.verify(store, rescue)
    for problem in verdict.problems:
        _say(problem, style="yellow")
    _say(f"{store}: {verdict.readable} results can be read{', and are in ' + str(rescue) if rescue else ''}")
    if verdict.problems:
        sys.exit(EXIT_INPUT)


@app.command()
def prune(
    store: StoreOption = api.DEFAULT_STORE,
    failures: Annotated[bool, typer.Option(help="Forget all failures, too")] = False,
) -> None:
    """Remove what this version never asks for again, and make the file small."""
    with _existing(store) as opened:
        results, forgotten = store_upkeep.prune(opened, failures=failures)
    _say(f"{store}: removed {results} results of other versions and {forgotten} failures")


@app.command("export")
def export_command(
    file: Annotated[Path, typer.Argument(help="Where to write")],
    store: Annotated[Path | None, typer.Option(help="Where calculations are remembered")] = None,
    run: Annotated[Path | None, typer.Option(help="Only what this run rests on")] = None,
    format_: Annotated[
        str, typer.Option("--format", help=f"{JSON_LINES} (all of it), or structures as {', '.join(FORMATS)}")
    ] = JSON_LINES,
) -> None:
    """Write results for others: all of them, or those of one run."""
    folder = None if run is None else RunFolder(run)
    path = store or (api.DEFAULT_STORE if folder is None else store_of(folder, None))
    with Store(path, read_only=True) as opened:
        keys = None if folder is None else _rests_on(folder, opened)
        if format_ == JSON_LINES:
            number = export(opened, file, keys)
        else:
            number = write_format(opened.records(keys), format_, file)
    _say(f"{file}: {number} {'results' if format_ == JSON_LINES else 'structures'} from {path}")


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="What `actinic store export` wrote")],
    store: StoreOption = api.DEFAULT_STORE,
) -> None:
    """Add the results of an export; what is there already stays."""
    with Store(store) as opened:
        done = import_results(opened, file)
    _say(f"{store}: {done.added} added, {done.known} known already, {done.skipped} of other versions skipped")


@app.command()
def release(store: StoreOption = api.DEFAULT_STORE) -> None:
    """Take the store over from a driver of another host that is gone."""
    if not store.is_file():
        raise InputError(f"{store}: no such store")
    struck = store_writers.strike_off_other_hosts(store)
    _say(f"{store}: {'released from ' + ', '.join(struck) if struck else 'no other host writes it'}")


def _rests_on(folder: RunFolder, store: Store) -> set[str]:
    """Keys of the results that a run's report uses."""
    noting, workflow = Noting(store), folder.read_workflow()
    for candidate in folder.usable_candidates():
        progress(candidate, workflow, noting)
    return noting.keys


def _existing(store: Path) -> Store:
    if not store.is_file():
        raise InputError(f"{store}: no such store")
    return Store(store)


def _say(text: str, style: str = "") -> None:
    out.print(Text(text, style=style), soft_wrap=True)
