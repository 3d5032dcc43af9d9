"""What the commands of `actinic validate` share: their options, computing anew, and a record as JSON."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
import typer
from rich.console import Console

from actinic.cli_stopping import stoppable
from actinic.screening.cluster import LAPTOP, ClusterSettings

T = TypeVar("T")

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables")]
Recompute = Annotated[bool, typer.Option(help="Compute what the store lacks, not the shipped set")]
StorePath = Annotated[Path, typer.Option(help="Where calculations are remembered")]
Workers = Annotated[int | None, typer.Option(help="Calculations at a time")]
Ship = Annotated[Path | None, typer.Option(help="With --recompute: write the calculations here")]

Anew = Callable[[Path, ClusterSettings, Console, Path | None], T]
"""From a store, where to run, where progress is shown and what file to ship, to the tables."""


def recomputed(anew: Anew[T], store: Path, workers: int | None, ship: Path | None) -> T:
    """Compute what the store lacks, with progress on standard error; leaves as `stoppable` when stopped."""
    console = Console(stderr=True)
    with stoppable(console):
        return anew(store, LAPTOP.changed(workers, None), console, ship)


def print_json(record: dict[str, Any]) -> None:
    """On one line of standard output."""
    print(msgspec.json.encode(record).decode())  # noqa: T201 - a console would wrap it
