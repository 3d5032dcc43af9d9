"""The selectivity map: candidates times exposure lines, the probability to answer in each field."""

from collections.abc import Sequence
from dataclasses import dataclass

from actinic.reporting.page_card import Card

NAME_PIXELS, FIELD_PIXELS, ROW_PIXELS = 200.0, 66.0, 20.0
TOP = 34.0
LONGEST_NAME = 32


@dataclass(frozen=True, slots=True)
class Field:
    """One candidate at one line, in pixels; `share` is None where it is unknown."""

    x: float
    share: float | None
    text: str
    is_target: bool


@dataclass(frozen=True, slots=True)
class MapRow:
    """One candidate: its name, where its row begins, its fields."""

    name: str
    y: float
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class MapFigure:
    """What the template draws, in pixels.

    Attributes:
        width: Of the figure.
        height: Of the figure.
        heads: Line in nm and the middle of its column.
        rows: Best candidate first.
        label: What a screen reader says.
    """

    width: float
    height: float
    heads: tuple[tuple[str, float], ...]
    rows: tuple[MapRow, ...]
    label: str


def map_figure(cards: Sequence[Card], lines_nm: Sequence[float]) -> MapFigure:
    """Lay out the map.

    Args:
        cards: One per candidate.
        lines_nm: The exposure lines of the workflow.
    """
    lines = [f"{line:g}" for line in sorted(lines_nm)]
    columns = {line: NAME_PIXELS + i * FIELD_PIXELS for i, line in enumerate(lines)}
    rows = tuple(
        MapRow(_short(card.row.name or card.row.id), TOP + i * ROW_PIXELS, _fields(card, columns))
        for i, card in enumerate(cards)
    )
    return MapFigure(
        width=NAME_PIXELS + len(lines) * FIELD_PIXELS + 4,
        height=TOP + len(rows) * ROW_PIXELS + 6,
        heads=tuple((line, x + FIELD_PIXELS / 2) for line, x in columns.items()),
        rows=rows,
        label=f"Probability to answer of {len(rows)} candidates at {', '.join(lines)} nm",
    )


def _fields(card: Card, columns: dict[str, float]) -> tuple[Field, ...]:
    found = {line.line_nm: line for line in card.lines}
    return tuple(
        Field(x, found[line].answers.share, found[line].answers.text, found[line].is_target)
        for line, x in columns.items()
    )


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
