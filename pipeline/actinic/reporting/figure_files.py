"""Figures of the page as files of their own: SVG from the same templates, PDF and PNG made of it."""

import importlib
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from actinic.chemistry.candidates import Candidate
from actinic.errors import InputError
from actinic.reporting import figures_levels, figures_map, figures_path, figures_spectrum, figures_stack
from actinic.reporting.figures_map import map_figure
from actinic.reporting.figures_spectrum import wavelength_axis
from actinic.reporting.page import REACH_PIXELS, environment, own_text
from actinic.reporting.page_card import Card, card
from actinic.reporting.page_numbers import plain_rows
from actinic.reporting.table import Entry
from actinic.screening.workflow import Workflow

KINDS = ("spectrum", "levels", "path", "map")
FORMATS = ("svg", "pdf", "png")
PNG_SCALE = 3.0

_WORDS = {
    "spectrum": "spectrum",
    "path": "reaction path with a barrier",
    "levels": "level, neither of the film nor of a reaction",
}

_DRAWN = re.compile(r"(?:^|[\s,])(?:\.figure|\.levels|\.stack|\.map|text|\.axis|\.mid|\.end|\.hatch-line)")


def figure_text(
    kind: str, entries: Sequence[Entry], table: pd.DataFrame, workflow: Workflow, ids: Sequence[str]
) -> str:
    """One SVG with the figures of some candidates, in the order asked for.

    Args:
        kind: One of `KINDS`.
        entries: All rows of the run.
        table: Its ranked table.
        workflow: What it was judged with.
        ids: Candidates; none for the whole ranking, of which all but `map` take the first alone.

    Raises:
        InputError: An identifier that is not in the run or not done, or a candidate without such a figure.
    """
    cards = _cards(entries, table, workflow, ids)
    if kind != "map" and not ids:
        cards = cards[:1]
    template = environment().get_template("figure.svg")
    boxes = {
        "spectrum": figures_spectrum, "levels": figures_levels, "stack": figures_stack, "map": figures_map,
        "path": figures_path,
    }  # fmt: skip
    lines_nm = tuple(sorted(workflow.exposure.lines_nm))
    if kind == "map":
        return template.render(
            kind=kind, figure=map_figure(cards, lines_nm), panels=(), boxes=boxes, style=light_style(),
            axis=None, width=0, height=0,
        )  # fmt: skip
    panels, y = [], 0.0
    for one in cards:
        for drawn, figure in _drawings(kind, one):
            box = boxes[drawn]
            panels.append((drawn, figure, one.row.name or one.row.id, y))
            y += box.HEIGHT + 24
    return template.render(
        kind=kind, figure=None, panels=panels, boxes=boxes, style=light_style(),
        axis=wavelength_axis(lines_nm, figures_spectrum.LEFT, figures_spectrum.RIGHT),
        width=max(boxes[drawn].WIDTH for drawn, *_ in panels), height=y,
    )  # fmt: skip


def write_figure(svg: str, path: Path) -> None:
    """Write the figure in the format the name of the file ends in.

    Raises:
        InputError: Another format, or one whose package is not installed.
    """
    suffix = path.suffix.lstrip(".")
    if suffix not in FORMATS:
        raise InputError(f"{path}: expected a name that ends in {', '.join(f'.{name}' for name in FORMATS)}")
    data = svg.encode() if suffix == "svg" else _converted(svg, suffix)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def light_style() -> str:
    """The page's rules for figures, its light colours put in: SVG readers know no custom properties."""
    css = own_text("style.css").partition("@media print")[0]
    colours = dict(re.findall(r"--([\w-]+):([^;}]+)", css.partition("@media")[0]))
    rules = re.findall(r"^([^@\n{}][^{}]*)\{([^{}]*)\}|(?<=\})([^@\n{}]+)\{([^{}]*)\}", css, re.MULTILINE)
    kept = []
    for first, body, later, later_body in rules:
        selector, declarations = (first or later).strip(), body or later_body
        if _DRAWN.search(selector) and "max-width" not in selector:
            kept.append(f"{selector}{{{_coloured(declarations, colours)}}}")
    return "\n".join(kept)


def _coloured(declarations: str, colours: Mapping[str, str]) -> str:
    return re.sub(r"var\(--([\w-]+)\)", lambda found: colours[found[1]], declarations)


def _converted(svg: str, suffix: str) -> bytes:
    try:
        converter = importlib.import_module("vl_convert")
    except ImportError as error:
        raise InputError(
            f"a figure as {suffix} needs another package: pip install 'actinic[figures]'; svg needs none"
        ) from error
    if suffix == "pdf":
        to_pdf: Callable[..., bytes] = converter.svg_to_pdf
        return to_pdf(svg)
    to_png: Callable[..., bytes] = converter.svg_to_png
    return to_png(svg, scale=PNG_SCALE)


def _cards(
    entries: Sequence[Entry], table: pd.DataFrame, workflow: Workflow, ids: Sequence[str]
) -> list[Card]:
    known = {entry.row.id: entry for entry in entries}
    cells = {row["id"]: row for row in plain_rows(table) if row["status"] == "done"}
    for name in ids:
        if name not in known:
            raise InputError(f"{name!r}: no such candidate in this run")
        if name not in cells:
            raise InputError(f"{name}: is {known[name].status.replace('_', ' ')}, nothing to draw")
    lines_nm = tuple(sorted(workflow.exposure.lines_nm))
    axes = (
        wavelength_axis(lines_nm, figures_spectrum.LEFT, figures_spectrum.RIGHT),
        wavelength_axis(lines_nm, 0.0, REACH_PIXELS),
    )
    found = []
    for name in ids or cells:
        entry = known[name]
        if isinstance(entry.row, Candidate) and entry.where is not None:
            found.append(card(entry.row, entry.where, cells[name], workflow, axes))
    if not found:
        raise InputError("no candidate of this run is done")
    return found


def _drawings(kind: str, one: Card) -> list[tuple[str, object]]:
    if kind == "spectrum":
        found: list[tuple[str, object]] = [("spectrum", one.spectrum)]
    elif kind == "path":
        found = [("path", figure) for figure in one.profiles]
    else:
        found = [("stack", one.stack), ("levels", one.levels), ("levels", one.energies)]
    kept = [(drawn, figure) for drawn, figure in found if figure is not None]
    if not kept:
        raise InputError(f"{one.row.id}: has no {_WORDS[kind]}")
    return kept
