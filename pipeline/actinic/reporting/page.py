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

from actinic.analysis.estimate import Estimate
from actinic.analysis.robustness import counted_top
from actinic.chemistry.candidates import Candidate
from actinic.reporting import figures_levels, figures_path, figures_spectrum, figures_stack
from actinic.reporting.drawings import MARGIN_PIXELS
from actinic.reporting.figures import Axis
from actinic.reporting.figures_spectrum import wavelength_axis
from actinic.reporting.page_card import Card, card
from actinic.reporting.page_numbers import Shown, plain_rows, probability
from actinic.reporting.page_run import LeftOut, Run, left_out, run_head
from actinic.reporting.pairs import NamedPair, named_pairs
from actinic.reporting.table import Entry
from actinic.screening.workflow import Workflow

SHOWN_CANDIDATES = 200
"""So many candidates get a card; all of them are in ranked.csv."""

SHOWN_LEFT_OUT = 500
SHOWN_PAIRS = 30
BOXES = {
    "spectrum": figures_spectrum, "levels": figures_levels, "stack": figures_stack, "profile": figures_path,
}  # fmt: skip
"""Modules that know how large their figures are."""

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
class ShownPair:
    """Two candidates, each with its name and its card's place (empty without one), and their lines in nm."""

    first: tuple[str, str]
    first_nm: str
    second: tuple[str, str]
    second_nm: str
    probability: Shown


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
        pairs: Candidates that can be exposed one after the other, best first.
        n_pairs: Their number, shown or not.
        top: How many count as the top of the ranking.
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
    pairs: tuple[ShownPair, ...]
    n_pairs: int
    top: int


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
    for cells in plain_rows(done.head(shown)):
        entry = known[cells["id"]]
        if isinstance(entry.row, Candidate) and entry.where is not None:
            cards.append(card(entry.row, entry.where, cells, workflow, axes))
    rest, pairs = left_out(entries), named_pairs(entries, workflow)
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
        pairs=tuple(_shown_pair(pair, {c.anchor for c in cards}) for pair in pairs[:SHOWN_PAIRS]),
        n_pairs=len(pairs),
        top=counted_top(workflow.ranking.top, len(done)),
    )


def _shown_pair(pair: NamedPair, anchors: set[str]) -> ShownPair:
    first, second = (
        (row.name or row.id, f"c-{row.id}" if f"c-{row.id}" in anchors else "")
        for row in (pair.first.row, pair.second.row)
    )
    lines = f"{pair.first_nm:g}", f"{pair.second_nm:g}"
    return ShownPair(first, lines[0], second, lines[1], probability(Estimate.exact(pair.probability)))


def page_html(page: Contents) -> str:
    """The page as text. Everything that comes from the list is escaped by the templates."""
    script = own_text("script.js")
    # Only this very script may run, whatever a list contains.
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return environment().get_template("page.html").render(
        page=page,
        style=own_text("style.css"),
        script=script,
        script_digest=digest,
        boxes=BOXES,
        margin=MARGIN_PIXELS,
        reach_width=REACH_PIXELS,
    )  # fmt: skip


def environment() -> Environment:
    """Templates of the page; everything that comes from a list is escaped."""
    return Environment(
        loader=PackageLoader("actinic.reporting", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def own_text(name: str) -> str:
    """A file that lies beside the templates."""
    return files("actinic.reporting").joinpath("templates", name).read_text(encoding="utf-8")
