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

from actinic.analysis.absorption import UNFITTED_WIDTH_EV
from actinic.analysis.estimate import Estimate
from actinic.analysis.orthogonal import Pair
from actinic.analysis.robustness import counted_top
from actinic.chemistry.candidates import Candidate
from actinic.reporting import figures_levels, figures_path, figures_spectrum, figures_stack
from actinic.reporting.drawings import MARGIN_PIXELS
from actinic.reporting.figures import Axis
from actinic.reporting.figures_spectrum import wavelength_axis
from actinic.reporting.page_card import Card, card
from actinic.reporting.page_numbers import Shown, plain_rows, probability
from actinic.reporting.page_run import LeftOut, Run, run_head
from actinic.reporting.pairs import Key
from actinic.reporting.rows import Entry
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
        band_width: Width of bright bands in eV, as in the tables.
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
    band_width: str
    has_reactions: bool
    pairs: tuple[ShownPair, ...]
    n_pairs: int
    top: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page is made of.

    Attributes:
        counts: Rows by status.
        best: Candidates that get a card, best first.
        table: Their rows of the ranked table.
        left_out: Rows without a card, in order, as many as the page shows.
        pairs: As `NamedPairs` found them.
    """

    counts: Mapping[str, int]
    best: Sequence[Entry]
    table: pd.DataFrame
    left_out: Sequence[LeftOut]
    pairs: Sequence[Pair[Key]]


def write_page(found: Overview, workflow: Workflow, record: Mapping[str, Any], path: Path) -> None:
    """Write the page; the same run gives the same bytes.

    Args:
        found: In a run.
        workflow: What it was computed and judged with.
        record: `run.json`: when the run began, and with which versions.
        path: The HTML file.
    """
    html = page_html(contents(found, workflow, record))
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_text(html, encoding="utf-8", newline="\n")
    partial.replace(path)


def contents(found: Overview, workflow: Workflow, record: Mapping[str, Any]) -> Contents:
    """All that the page says, in words and pixels; arguments as in `write_page`."""
    n_done = found.counts.get("done", 0)
    lines_nm = tuple(sorted(workflow.exposure.lines_nm))
    axes = (
        wavelength_axis(lines_nm, figures_spectrum.LEFT, figures_spectrum.RIGHT),
        wavelength_axis(lines_nm, 0.0, REACH_PIXELS),
    )
    cards = []
    for entry, cells in zip(found.best, plain_rows(found.table), strict=True):
        if isinstance(entry.row, Candidate) and entry.where is not None:
            cards.append(card(entry.row, entry.where, cells, workflow, axes))
    anchors = {c.anchor for c in cards}
    return Contents(
        run=run_head(found.counts, workflow, record),
        cards=tuple(cards),
        n_done=n_done,
        left_out=tuple(found.left_out),
        n_left_out=sum(found.counts.values()) - n_done,
        lines=Lines(axes[1], lines_nm),
        spectrum_axis=axes[0],
        has_spectrum=workflow.spectrum is not None,
        band_width=_band_width(workflow),
        has_reactions=workflow.reactions is not None,
        pairs=tuple(_shown_pair(pair, anchors) for pair in found.pairs[:SHOWN_PAIRS]),
        n_pairs=len(found.pairs),
        top=counted_top(workflow.ranking.top, n_done),
    )


def _band_width(workflow: Workflow) -> str:
    line = workflow.absorption_line
    return f"{line.width_ev if line else UNFITTED_WIDTH_EV:.2f}"


def _shown_pair(pair: Pair[Key], anchors: set[str]) -> ShownPair:
    first, second = (
        (name or id_, f"c-{id_}" if f"c-{id_}" in anchors else "") for id_, name in (pair.first, pair.second)
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
