"""`actinic compare RUN_A RUN_B`: what moved in the ranking, and why."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from actinic.reporting.comparison import Cause, Comparison, Moved, compare_runs

ROWS_SHOWN = 40
CAUSES_SHOWN = 3
out = Console()


def compare(
    run_a: Annotated[Path, typer.Argument(help="Folder of the earlier run", metavar="RUN_A")],
    run_b: Annotated[Path, typer.Argument(help="Folder of the later run", metavar="RUN_B")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON, everything")] = False,
) -> None:
    """Say what moved in the ranking from one run to another, and why."""
    found = compare_runs(run_a, run_b)
    if json:
        print(msgspec.json.encode(found).decode())  # noqa: T201 - one line, not wrapped
    else:
        _show(found)


def _show(found: Comparison) -> None:
    for sentence in found.criteria:
        out.print(Text(f"criterion {sentence}"), soft_wrap=True)
    for name, before, after in found.versions:
        out.print(f"{name} {before or 'absent'} -> {after or 'absent'}", soft_wrap=True)
    moved = [one for one in found.candidates if one.is_moved]
    if moved:
        out.print(_wide(_table(moved[:ROWS_SHOWN])))
    more = f", the first {ROWS_SHOWN} shown (--json has all)" if len(moved) > ROWS_SHOWN else ""
    out.print(f"{len(moved)} of {len(found.candidates)} candidates moved{more}")


def _table(moved: list[Moved]) -> Table:
    table = Table(header_style="bold", box=SIMPLE)
    table.add_column("rank", no_wrap=True)
    table.add_column("id", no_wrap=True)
    table.add_column("score", no_wrap=True)
    table.add_column("because of")
    for one in moved:
        table.add_row(
            f"{_shown(one.rank[0])} -> {_shown(one.rank[1])}",
            Text(one.id),
            f"{_shown(one.score[0])} -> {_shown(one.score[1])}",
            Text("\n".join(_reasons(one))),
        )
    return table


def _wide(table: Table) -> Table:
    """Nothing is cut off in a log file."""
    if not out.is_terminal:
        out.width = max(out.width, Measurement.get(out, out.options.update(width=400), table).maximum)
    return table


def _reasons(one: Moved) -> list[str]:
    if one.status[0] != one.status[1]:
        return [f"{one.status[0].replace('_', ' ')} -> {one.status[1].replace('_', ' ')}"]
    return [_sentence(cause) for cause in one.causes[:CAUSES_SHOWN]] or ["what is above or below it"]


def _sentence(cause: Cause) -> str:
    met = f"{cause.title} {_shown(cause.desirability[0])} -> {_shown(cause.desirability[1])}"
    if cause.value[0] == cause.value[1]:
        why = "the criterion changed" if cause.wish_changed else "its error changed"
        return f"{met} ({why}; {cause.quantity} as before)"
    errors = cause.standard_errors
    by = "" if errors is None else f", {errors:+.1f} standard errors"
    changed = "; the criterion changed, too" if cause.wish_changed else ""
    return f"{met} ({cause.quantity} {_shown(cause.value[0])} -> {_shown(cause.value[1])}{by}{changed})"


def _shown(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.4g}"
