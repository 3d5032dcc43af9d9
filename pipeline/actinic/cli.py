"""The command line: screen, retry, check, status, report, init; the rest in modules of their own.

Exit status: 0 finished; 2 the list or the workflow cannot be used; 3 stopped, resume with the same
command; 4 finished, some candidates failed (their rows say why). 1 is left to a crash, always a bug.
"""

import os
import shutil
import signal
import sys
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

import actinic
from actinic import (
    api,
    cli_calibrate,
    cli_cluster,
    cli_compare,
    cli_figure,
    cli_forecast,
    cli_status,
    cli_store,
    cli_tautomers,
    cli_validate,
)
from actinic.chemistry.candidates import Candidate, UnusableRow, read_candidates
from actinic.chemistry.protonation import protonation_caveat
from actinic.cli_stopping import EXIT_SOME_FAILED, EXIT_STOPPED, stoppable
from actinic.errors import ActinicError, InputError
from actinic.reporting.standing import store_of
from actinic.reporting.table import Ranked
from actinic.screening.cluster import LAPTOP, ClusterSettings
from actinic.screening.folder import RunFolder
from actinic.screening.light import spectrum_level, spectrum_part
from actinic.screening.participants import ensemble_request
from actinic.screening.plan import progress
from actinic.screening.retry import release
from actinic.screening.store import Store
from actinic.screening.workflow import Workflow

EXIT_INPUT = 2
SHOWN = (
    "rank", "id", "score", "band_max_nm", "band_edge_nm", "film_homo_ev", "bond",
    "reaction_enthalpy_kcal_mol", "limiting_criterion",
)  # fmt: skip
"""Columns of the table on the terminal; one that is empty throughout is left out."""

ROWS_SHOWN = 40
LEFT_OUT_SHOWN = 200

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(cli_store.app, name="store")
app.add_typer(cli_validate.app, name="validate")
out = Console()
err = Console(stderr=True)

ListFile = Annotated[Path, typer.Argument(help="Candidates: .csv, .tsv, .smi or .sdf", metavar="LIST")]
RunArgument = Annotated[Path, typer.Argument(help="Folder of a run", metavar="RUN")]
WorkflowOption = Annotated[str, typer.Option("--workflow", "-w", help="Workflow file, or a preset by name")]
StoreOption = Annotated[Path, typer.Option(help="Where calculations are remembered")]


def main() -> None:
    """Entry point: errors become one line and an exit status."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app(standalone_mode=True)
    except ActinicError as error:
        _refuse(f"{type(error).__name__}: {error.message}")
    except OSError as error:
        _refuse(f"{error.filename or 'file'}: {error.strerror or error}")


def _refuse(message: str) -> None:
    err.print(Text(message, style="red"), soft_wrap=True)
    sys.exit(EXIT_INPUT)


def _loaded(name: str) -> Workflow:
    """The workflow, its warnings said."""
    workflow = Workflow.load(name)
    for warning in workflow.warnings:
        err.print(Text(f"{name}: {warning}", style="yellow"), soft_wrap=True)
    return workflow


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="Print the version")] = False) -> None:
    """Which molecule answers to which light, and which to make first."""
    if version:
        out.print(actinic.__version__)


@app.command()
def screen(  # noqa: PLR0913, PLR0917 - one parameter per option
    candidates: ListFile,
    out_dir: Annotated[Path | None, typer.Option("--out", "-o", help="Folder of the run")] = None,
    workflow: WorkflowOption = "photo-ligand",
    store: StoreOption = api.DEFAULT_STORE,
    workers: Annotated[int | None, typer.Option(help="Calculations at a time; default one per core")] = None,
    memory_per_worker: Annotated[
        float | None, typer.Option("--memory-per-worker", help="Memory (MB) at which a calculation is killed")
    ] = None,
    cluster: Annotated[Path | None, typer.Option(help="Cluster file: where to run")] = None,
    retry_failed: Annotated[bool, typer.Option(help="Compute again what failed before")] = False,
    dry_run: Annotated[bool, typer.Option(help="Say what would run, and stop")] = False,
) -> None:
    """Compute what is missing, rank, and write the run's folder."""
    settings = LAPTOP if cluster is None else ClusterSettings.load(cluster)
    if dry_run:
        settings = settings.changed(workers, memory_per_worker)
        cli_forecast.dry_run(candidates, _loaded(workflow), store, settings)
        return
    if out_dir is None:
        raise InputError("--out: name the folder of the run; only --dry-run needs none")
    with stoppable(err):
        ranked = api.screened(
            candidates,
            _loaded(workflow),
            out=out_dir,
            store=store,
            cluster=settings.changed(workers, memory_per_worker),
            retry_failed=retry_failed,
            console=err,
        )
    _show(ranked)
    counts = RunFolder(out_dir).read_record()["calculations"]
    out.print(
        f"calculations: {counts['computed']} computed, {counts['reused']} reused from {store}, "
        f"{counts['failed']} failed",
        soft_wrap=True,
    )
    _finish(ranked, out_dir)


@app.command()
def retry(
    run: RunArgument,
    only: Annotated[str | None, typer.Option(help="One class of failures, as in ConvergenceError")] = None,
    workers: Annotated[int | None, typer.Option(help="Calculations at a time; default one per core")] = None,
) -> None:
    """Compute again what failed in a run and may go better."""
    folder = RunFolder(run)
    workflow, store = folder.read_workflow(), store_of(folder, None)
    if not store.is_file():  # a run from elsewhere may name any path: nothing is made there
        raise InputError(f"{store}: no such store, though {run} names it; `actinic screen` makes one")
    with Store(store) as opened:
        released = release(folder.usable_candidates(), progress, workflow, opened, only)
    told = ", ".join(f"{number} {name}" for name, number in released.items())
    out.print(f"to be computed again: {told or 'nothing'}")
    with stoppable(err):
        cluster = LAPTOP.changed(workers, None)
        ranked = api.screened(folder.rows(), workflow, out=run, store=store, cluster=cluster, console=err)
    _show(ranked)
    _finish(ranked, run)


@app.command()
def report(
    run: RunArgument,
    workflow: Annotated[str | None, typer.Option("--workflow", "-w", help="Other criteria or lines")] = None,
    store: Annotated[Path | None, typer.Option(help="Another store than the run's own")] = None,
    all_cards: Annotated[bool, typer.Option("--all", help="A card for every ranked candidate")] = False,
    parquet: Annotated[bool, typer.Option("--parquet", help="Also ranked.parquet")] = False,
    spectra: Annotated[bool, typer.Option("--spectra", help="Also spectra/<id>.csv")] = False,
) -> None:
    """Analyse and rank again from stored calculations; computes nothing."""
    flow = None if workflow is None else _loaded(workflow)
    extras = api.Extras(all_cards, parquet, spectra)
    with stoppable(err):
        ranked = api.reported(run, workflow=flow, store=store, extras=extras)
    _show(ranked)
    _finish(ranked, run)


@app.command()
def check(
    candidates: ListFile, workflow: WorkflowOption = "photo-ligand", store: StoreOption = api.DEFAULT_STORE
) -> None:
    """Read a list: say what would be run and which rows cannot be."""
    flow = _loaded(workflow)
    usable = unusable = missing = 0
    opened = Store(store, read_only=True) if store.is_file() else None
    for row in read_candidates(candidates):
        if isinstance(row, UnusableRow):
            unusable += 1
            out.print(Text(f"cannot be used  {row.reason}", style="yellow"), soft_wrap=True)
            continue
        usable += 1
        where = progress(row, flow, opened.lookup if opened else lambda _: None)
        missing += where.state == "waiting"
        out.print(Text(_what_runs(row, where.state, flow)), soft_wrap=True)
    out.print(
        f"{usable} usable, {unusable} not; {missing} still to compute, {usable - missing} known already"
    )
    if usable == 0:
        raise InputError(f"{candidates}: no usable row")
    if unusable:
        sys.exit(EXIT_SOME_FAILED)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Where to copy the workflows and a first list")],
) -> None:
    """Copy the presets out, to be edited."""
    with as_file(files("actinic").joinpath("presets")) as presets:
        for source in _preset_files(Path(presets)):
            _copy_preset(source, folder / source.relative_to(presets))


def _preset_files(presets: Path) -> list[Path]:
    """Workflows and lists below `presets`, which in a checkout are links to the top-level folders."""
    found = (Path(at) / name for at, _, names in os.walk(presets, followlinks=True) for name in names)
    return sorted(path for path in found if path.suffix in {".toml", ".csv"})


def _copy_preset(source: Path, target: Path) -> None:
    if target.exists():
        out.print(f"kept   {target}", soft_wrap=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    out.print(f"wrote  {target}", soft_wrap=True)


def _what_runs(candidate: Candidate, state: str, workflow: Workflow) -> str:
    request = ensemble_request(candidate.species, workflow.ensemble)
    levels = [str(request.level)]
    if workflow.spectrum is not None:
        levels.append(str(spectrum_level(candidate.species, workflow.spectrum)))
    plan = "known already" if state != "waiting" else " -> ".join(levels)
    part = spectrum_part(candidate.species, workflow)
    trimmed = f"spectrum of {part}" if part else ""
    said = "; ".join(filter(None, [*candidate.notes, trimmed, protonation_caveat(candidate.species)]))
    return f"{candidate.id}: {candidate.species.smiles}  {plan}{said and f'  ({said})'}"


def _show(ranked: Ranked) -> None:
    """The ranked table on the terminal, as much as fits a page; nothing is cut off in a log file."""
    done = ranked.part(0, min(ROWS_SHOWN, ranked.counts["done"]))
    shown = Table(header_style="bold", box=SIMPLE)
    names = [name for name in SHOWN if name in done.columns and done[name].notna().any()]
    for name in names:
        is_text = name in {"id", "bond", "limiting_criterion"}
        shown.add_column(name, justify="left" if is_text else "right", no_wrap=True)
    for _, row in done.iterrows():
        shown.add_row(*(Text("" if pd.isna(row[name]) else str(row[name])) for name in names))
    if not out.is_terminal:
        out.width = max(out.width, Measurement.get(out, out.options.update(width=400), shown).maximum)
    out.print(shown)
    n_left_out = len(ranked) - ranked.counts["done"]
    for _, row in ranked.part(ranked.counts["done"], LEFT_OUT_SHOWN).iterrows():
        out.print(Text(f"{row['status']}  {row['id']}: {row['reason']}", style="yellow"), soft_wrap=True)
    if n_left_out > LEFT_OUT_SHOWN:
        out.print(f"{n_left_out - LEFT_OUT_SHOWN} more are not ranked; ranked.csv has their reasons")


def _finish(ranked: Ranked, folder: Path) -> None:
    out.print(f"{folder}: {', '.join(sorted(p.name for p in folder.iterdir()))}", soft_wrap=True)
    if ranked.counts["waiting"]:
        out.print("some candidates still wait for calculations; `actinic screen` makes them", soft_wrap=True)
        sys.exit(EXIT_STOPPED)
    if ranked.counts["failed"]:
        out.print(
            f"failed calculations are remembered; `actinic retry {folder}` computes again what may go better",
            soft_wrap=True,
        )
        sys.exit(EXIT_SOME_FAILED)


# After the commands of this file: help lists them in the order of registration.
for command in (
    cli_forecast.estimate,
    cli_status.status,
    cli_compare.compare,
    cli_figure.figure,
    cli_cluster.job_script,
    cli_cluster.submit,
    cli_cluster.credentials,
):
    app.command()(command)
app.command(no_args_is_help=True)(cli_calibrate.calibrate)
app.command(no_args_is_help=True)(cli_tautomers.tautomers)
app.command("levels")(cli_validate.price_list_of_levels)
