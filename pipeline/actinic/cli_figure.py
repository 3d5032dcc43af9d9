"""`actinic figure spectrum|levels|path|map RUN [ID ...]`: a figure of the page as a file of its own."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from actinic import api

out = Console()


class Kind(StrEnum):
    """What is drawn."""

    SPECTRUM = "spectrum"
    LEVELS = "levels"
    PATH = "path"
    MAP = "map"


class Format(StrEnum):
    """What it is written as."""

    SVG = "svg"
    PDF = "pdf"
    PNG = "png"


def figure(
    kind: Annotated[
        Kind,
        typer.Argument(
            help="spectrum, levels (film, reactions), path (barriers), or map (who answers where)"
        ),
    ],
    run: Annotated[Path, typer.Argument(help="Folder of a run", metavar="RUN")],
    ids: Annotated[
        list[str] | None, typer.Argument(help="Candidates; none for the best, or all on a map")
    ] = None,
    file_format: Annotated[
        Format, typer.Option("--format", help="pdf and png need actinic[figures]")
    ] = Format.SVG,
    out_file: Annotated[
        Path | None, typer.Option("--out", "-o", help="File; default in the run's folder")
    ] = None,
) -> None:
    """Write one figure of the page, for a paper or a slide."""
    target = out_file or run / f"{kind}{''.join(f'-{name}' for name in ids or ())}.{file_format}"
    api.figure(run, kind.value, ids or (), target)
    out.print(f"wrote  {target}", soft_wrap=True)
