"""`actinic status`: how a run stands, once or until it ends; why calculations failed and what helps."""

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from actinic.reporting.standing import RunStatus, run_status
from actinic.screening.retry import RELEASED_BY_DEFAULT, WORKER_LOST

SHARE_OF_WATCHING = 0.2
"""Looking takes at most this share of a core, however long the list."""

out = Console()

RunArgument = Annotated[Path, typer.Argument(help="Folder of a run", metavar="RUN")]


def status(
    run: RunArgument,
    watch: Annotated[bool, typer.Option(help="Look again and again until the run ends")] = False,
    every: Annotated[float, typer.Option(help="Seconds between looks", min=0.1)] = 5.0,
) -> None:
    """Done, running, failed, waiting; what failed and what helps; what calculations took."""
    if watch:
        _watch(run, every)
    # Nothing is cut into lines: a reason is read by grep as well as by eye.
    out.print(_shown(run, run_status(run)), soft_wrap=True)


def _watch(run: Path, every_s: float) -> None:
    """Refresh on a terminal, a line now and then elsewhere; Ctrl-C ends the watching, never the run."""
    try:
        with Live(console=out, auto_refresh=False, transient=True) as live:
            while True:
                start_s = time.monotonic()
                found = run_status(run)
                if not found.at_work:
                    return
                if out.is_terminal:
                    live.update(_shown(run, found), refresh=True)
                else:
                    out.print(f"{found.headline}: {_counts(found)}", soft_wrap=True)
                took_s = time.monotonic() - start_s
                time.sleep(max(every_s, took_s / SHARE_OF_WATCHING))
    except KeyboardInterrupt:
        return


def _shown(run: Path, found: RunStatus) -> RenderableType:
    parts: list[RenderableType] = [Text(found.headline)]
    parts += [Text(f"{number:>8}  {state.replace('_', ' ')}") for state, number in found.counts.items()]
    for reason, ids in found.failures.items():
        more = f" and {len(ids) - 3} more" if len(ids) > 3 else ""
        parts.append(Text(f"failed: {', '.join(ids[:3])}{more}: {reason}", style="yellow"))
    for failed in found.failed_classes:
        told = f"{failed.number:>8}  {failed.error_class}, as in {failed.example}"
        parts += [Text(told, style="yellow"), Text(f"{'':>8}  {_remedy(run, failed.error_class)}")]
    parts += [Text(f"{number:>8}  {told}") for told, number in found.settings.items()]
    if found.used:
        parts.append(_took(found))
    return Group(*parts)


def _counts(found: RunStatus) -> str:
    parts = (f"{number} {state.replace('_', ' ')}" for state, number in found.counts.items() if number)
    return ", ".join(parts)


def _remedy(run: Path, error_class: str) -> str:
    if error_class in RELEASED_BY_DEFAULT or error_class == WORKER_LOST:
        return f"again: actinic retry {run} --only {error_class}"
    return "the list or the workflow has to change"


def _took(found: RunStatus) -> Table:
    """Time and memory by kind."""
    shown = Table(header_style="bold", box=SIMPLE)
    titles = ("kind", "results", "core-hours", "core-s per heavy atom", "peak MB", "largest, heavy atoms")
    for title in titles:
        shown.add_column(title, justify="left" if title == "kind" else "right")
    for one in found.used:
        shown.add_row(
            one.kind,
            str(one.number),
            f"{one.core_s / 3600:.2g}",
            f"{one.core_s_per_heavy_atom:.2g}",
            f"{one.peak_memory_mb:.0f}",
            str(one.largest_heavy_atoms),
        )
    return shown
