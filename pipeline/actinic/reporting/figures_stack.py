"""The levels of a device as its diagrams are drawn, with the candidate where it would sit."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from actinic.analysis.alignment import Stack
from actinic.analysis.estimate import Estimate
from actinic.reporting.figures import Axis, Tick, multiples
from actinic.reporting.page_numbers import number

WIDTH, HEIGHT = 520, 250
LEFT, RIGHT, TOP, BOTTOM = 34.0, 516.0, 14.0, 214.0
GAP_PIXELS = 7.0
NAME_PIXELS = 6.2
"""Width of a letter of a layer's name, on average."""

SHALLOWEST_EV, DEEPEST_EV = -1.5, -8.0


@dataclass(frozen=True, slots=True)
class Box:
    """One layer in pixels.

    Attributes:
        kind: `candidate`, `electrode` or `layer`.
        names: Its name, in lines short enough for the box.
        x: Left edge.
        width: Of the box.
        top: Lowest empty level; None while unknown.
        bottom: Highest filled level; None while unknown.
        top_error: Standard error of `top`, in pixels.
        bottom_error: Of `bottom`.
        top_text: In eV.
        bottom_text: In eV.
    """

    kind: str
    names: tuple[str, ...]
    x: float
    width: float
    top: float | None
    bottom: float | None
    top_error: float
    bottom_error: float
    top_text: str
    bottom_text: str

    @property
    def middle(self) -> float:
        """Where its name stands."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class StackFigure:
    """What the template draws, in pixels.

    Attributes:
        boxes: From the anode to the cathode.
        ticks: Of the axis in eV.
        label: What a screen reader says.
    """

    boxes: tuple[Box, ...]
    ticks: tuple[Tick, ...]
    label: str


@dataclass(frozen=True, slots=True)
class _Level:
    name: str
    kind: str
    homo: tuple[float, float] | None
    lumo: tuple[float, float] | None


def stack_figure(
    stack: Stack | None, name: str, role: str, homo: Estimate | None, lumo: Estimate | None
) -> StackFigure | None:
    """Lay out a device around a candidate; None without a device or any level of the candidate.

    Args:
        stack: The device.
        name: Of the candidate.
        role: `htm` takes its place after what injects holes, everything else in front of the emitter.
        homo: Film HOMO in eV.
        lumo: Optical LUMO in eV.
    """
    own = _Level(name, "candidate", _known(homo), _known(lumo))
    if stack is None or (own.homo is None and own.lumo is None):
        return None
    levels = [
        _Level(
            layer.name,
            "electrode" if layer.is_electrode else "layer",
            (layer.homo_ev, layer.error_ev),
            (layer.lumo_ev, layer.error_ev),
        )
        for layer in stack.layers
    ]
    places = [layer.place for layer in stack.layers]
    after = {"anode", "hil"} if role == "htm" else {"anode", "hil", "htl"}
    levels.insert(sum(place in after for place in places), own)
    axis = _axis(levels)
    width = round((RIGHT - LEFT - GAP_PIXELS) / len(levels) - GAP_PIXELS, 1)
    boxes = tuple(
        _box(level, LEFT + GAP_PIXELS + i * (width + GAP_PIXELS), width, axis)
        for i, level in enumerate(levels)
    )
    return StackFigure(boxes, multiples(axis, 1.0), f"Levels in eV: {'; '.join(map(_said, levels))}")


def _axis(levels: Sequence[_Level]) -> Axis:
    values = [one[0] for level in levels for one in (level.homo, level.lumo) if one is not None]
    top = min(math.ceil(max(values) + 0.3), SHALLOWEST_EV + 0.5)
    bottom = max(math.floor(min(values) - 0.3), DEEPEST_EV)
    return Axis(top, bottom, TOP, BOTTOM)


def _known(estimate: Estimate | None) -> tuple[float, float] | None:
    if estimate is None or not estimate.calibrated:
        return None
    return estimate.value, estimate.standard_error or 0.0


def _box(level: _Level, x: float, width: float, axis: Axis) -> Box:
    return Box(
        kind=level.kind,
        names=_lines(level.name, width),
        x=round(x, 1),
        width=width,
        top=None if level.lumo is None else axis.pixel(level.lumo[0]),
        bottom=None if level.homo is None else axis.pixel(level.homo[0]),
        top_error=_pixels(level.lumo, axis),
        bottom_error=_pixels(level.homo, axis),
        top_text="" if level.lumo is None else number(level.lumo[0], 1),
        bottom_text="" if level.homo is None else number(level.homo[0], 1),
    )


def _pixels(level: tuple[float, float] | None, axis: Axis) -> float:
    return 0.0 if level is None else round(abs(axis.pixel(level[0] + level[1]) - axis.pixel(level[0])), 1)


def _lines(name: str, width: float) -> tuple[str, ...]:
    """At most two lines that fit; what is longer ends in an ellipsis."""
    room = max(int(width / NAME_PIXELS), 4)
    if len(name) <= room:
        return (name,)
    cut = max(name.rfind(mark, 0, room) for mark in ":/- ") + 1 or room
    second = name[cut:]
    return name[:cut], second if len(second) <= room else f"{second[: room - 1]}…"


def _said(level: _Level) -> str:
    ends = (("LUMO", level.lumo), ("HOMO", level.homo))
    known = [f"{end} {number(value[0], 2)} ± {number(value[1], 2)}" for end, value in ends if value]
    return f"{level.name} {', '.join(known)}"
