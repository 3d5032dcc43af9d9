"""`report.html`: the run on one page that opens from a mail attachment, without network or script."""

import base64
import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from actinic.chemistry.candidates import Candidate
from actinic.reporting import figures_levels, figures_spectrum
from actinic.reporting.drawings import MARGIN_PIXELS
from actinic.reporting.figures import Axis
from actinic.reporting.figures_spectrum import wavelength_axis
from actinic.reporting.page_card import Card, card
from actinic.reporting.page_run import LeftOut, Run, left_out, run_head
from actinic.reporting.table import Entry
from actinic.screening.workflow import Workflow

SHOWN_CANDIDATES = 200
"""So many candidates get a card; all of them are in ranked.csv."""

SHOWN_LEFT_OUT = 500
REACH_PIXELS = 150.0


@dataclass(frozen=True, slots=True)
class Lines:
    """Exposure lines in nm and where they stand in the strip of the overview."""

    axis: Axis
    lines_nm: tuple[float, ...]

    @property
    def pixels(self) -> tuple[float, ...]:
        """Positions of the lines."""
        return tuple(self.axis.pixel(line) for line in self.lines_nm)


@dataclass(frozen=True, slots=True)
class Contents:
    """What the template is filled with.

    Attributes:
        run: The head.
        cards: Best first.
        n_done: Candidates ranked, shown or not.
        left_out: Rows without a card.
        n_left_out: Their number, shown or not.
        lines: Exposure lines of the workflow.
        spectrum_axis: Wavelengths, the same in all spectra.
        has_spectrum: Whether the workflow asks for one.
        has_reactions: Whether it asks for reactions.
    """

    run: Run
    cards: tuple[Card, ...]
    n_done: int
    left_out: tuple[LeftOut, ...]
    n_left_out: int
    lines: Lines
    spectrum_axis: Axis
    has_spectrum: bool
    has_reactions: bool


def write_page(
    entries: Sequence[Entry],
    workflow: Workflow,
    table: pd.DataFrame,
    record: Mapping[str, Any],
    path: Path,
    *,
    shown: int = SHOWN_CANDIDATES,
) -> None:
    """Write the page; the same run gives the same bytes.

    Args:
        entries: All rows of the list.
        workflow: What they were computed and judged with.
        table: The ranked table of these entries.
        record: `run.json`: when the run began, and with which versions.
        path: The HTML file.
        shown: So many candidates get a card, best first.
    """
    html = page_html(contents(entries, workflow, table, record, shown=shown))
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_text(html, encoding="utf-8", newline="\n")
    partial.replace(path)


def contents(
    entries: Sequence[Entry],
    workflow: Workflow,
    table: pd.DataFrame,
    record: Mapping[str, Any],
    *,
    shown: int = SHOWN_CANDIDATES,
) -> Contents:
    """All that the page says, in words and pixels; arguments as in `write_page`."""
    done = table[table["status"] == "done"]
    lines_nm = tuple(sorted(workflow.exposure.lines_nm))
    axes = (
        wavelength_axis(lines_nm, figures_spectrum.LEFT, figures_spectrum.RIGHT),
        wavelength_axis(lines_nm, 0.0, REACH_PIXELS),
    )
    known = {entry.row.id: entry for entry in entries}
    cards = []
    for cells in _plain(done.head(shown)):
        entry = known[cells["id"]]
        if isinstance(entry.row, Candidate) and entry.where is not None:
            cards.append(card(entry.row, entry.where, cells, workflow, axes))
    rest = left_out(entries)
    return Contents(
        run=run_head(entries, workflow, record),
        cards=tuple(cards),
        n_done=len(done),
        left_out=rest[:SHOWN_LEFT_OUT],
        n_left_out=len(rest),
        lines=Lines(axes[1], lines_nm),
        spectrum_axis=axes[0],
        has_spectrum=workflow.spectrum is not None,
        has_reactions=workflow.reactions is not None,
    )


def page_html(page: Contents) -> str:
    """The page as text. Everything that comes from the list is escaped by the templates."""
    script = _own("script.js")
    # Only this very script may run, whatever a list contains.
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return _environment().get_template("page.html").render(
        page=page,
        style=_own("style.css"),
        script=script,
        script_digest=digest,
        spectrum_box=figures_spectrum,
        levels_box=figures_levels,
        margin=MARGIN_PIXELS,
        reach_width=REACH_PIXELS,
    )  # fmt: skip


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("actinic.reporting", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _own(name: str) -> str:
    return files("actinic.reporting").joinpath("templates", name).read_text(encoding="utf-8")


def _plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of the table, what is missing made None."""
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in table.astype(object).to_dict("records")
    ]
