"""Level diagrams of a candidate: film levels against vacuum, and reactions against its excited states."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from actinic.analysis.estimate import Estimate
from actinic.analysis.reaction_energies import TRIPLET
from actinic.analysis.reaction_report import KCAL_MOL_PER_EV
from actinic.reporting.figures import Axis, Tick, apart, multiples
from actinic.reporting.page_numbers import number
from actinic.screening.tiers import Progress
from actinic.units import ev_from_nm

WIDTH, HEIGHT = 310, 200
TOP, BOTTOM = 18.0, 188.0
LABEL_PIXELS = 13.0
SHOWN_REACTIONS = 3
WIDE_KCAL_MOL = 130.0
"""Ticks are sparser on an axis longer than this."""


@dataclass(frozen=True, slots=True)
class Level:
    """What is to be drawn: a name, a value, its standard error (0 where none is known), and its kind."""

    name: str
    value: float
    error: float
    kind: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One level in pixels: itself, the ends of its standard error, and its label moved clear of others."""

    text: str
    kind: str
    pixel: float
    low: float
    high: float
    label_pixel: float


@dataclass(frozen=True, slots=True)
class LevelsFigure:
    """What the template draws, in pixels.

    Attributes:
        unit: Of the axis.
        ticks: Of the axis.
        levels: From the top down.
        label: What a screen reader says.
    """

    unit: str
    ticks: tuple[Tick, ...]
    levels: tuple[Drawn, ...]
    label: str


def film_levels_figure(homo: Estimate | None, lumo: Estimate | None) -> LevelsFigure | None:
    """Film levels in eV against vacuum; None where neither is known.

    Args:
        homo: Film HOMO in eV; None while unknown.
        lumo: Optical LUMO in eV; None while unknown.
    """
    named = (("LUMO, optical", lumo), ("HOMO, film", homo))
    levels = [_level(name, one, "state") for name, one in named if one is not None and one.calibrated]
    if not levels:
        return None
    values = [level.value for level in levels]
    axis = Axis(math.ceil(max(*values, -2.0) + 0.7), math.floor(min(*values, -6.0) - 0.7), TOP, BOTTOM)
    return _figure(levels, axis, "eV", 1.0, decimals=2)


def reaction_levels_figure(where: Progress, target_nm: float | None) -> LevelsFigure | None:
    """Reactions, relaxed excited states and the photon, in kcal/mol above the candidate.

    Args:
        where: Where the candidate stands.
        target_nm: Its exposure line; None when there is none.

    Returns:
        None where no reaction has an energy.
    """
    main, excited = where.assessment.reaction, where.assessment.excited
    levels = []
    for known in sorted(where.known.reactions, key=lambda one: one is not main):
        raw, enthalpy = known.raw_enthalpy_kcal_mol(), known.enthalpy_kcal_mol()
        name = f"after {known.reaction.label}{', triplet' if known.reaction.multiplicity == TRIPLET else ''}"
        if enthalpy is not None:
            levels.append(_level(name, enthalpy, "reaction"))
        elif raw:
            levels.append(Level(f"{name}, uncalibrated", math.fsum(raw) / len(raw), 0.0, "reaction"))
    if not levels:
        return None
    levels = levels[:SHOWN_REACTIONS]
    if excited.singlet is not None and excited.singlet.calibrated:
        levels.append(_level("S1, relaxed", excited.singlet, "state"))
    if excited.triplet is not None:
        levels.append(_level("T1, relaxed", excited.triplet, "state"))
    if target_nm is not None:
        levels.append(
            Level(f"photon, {target_nm:g} nm", ev_from_nm(target_nm) * KCAL_MOL_PER_EV, 0.0, "photon")
        )
    values = [0.0, *(level.value for level in levels)]
    step = 20.0 if max(values) - min(values) <= WIDE_KCAL_MOL else 50.0
    highest, lowest = math.ceil((max(values) + 8) / step), math.floor(min(values) / step)
    axis = Axis(step * highest, step * lowest, TOP, BOTTOM)
    return _figure([*levels, Level("the candidate", 0.0, 0.0, "ground")], axis, "kcal/mol", step, decimals=0)


def _level(name: str, estimate: Estimate, kind: str) -> Level:
    return Level(name, estimate.value, estimate.standard_error or 0.0, kind)


def _figure(levels: Sequence[Level], axis: Axis, unit: str, step: float, *, decimals: int) -> LevelsFigure:
    ordered = sorted(levels, key=lambda level: -level.value)
    places = apart([axis.pixel(level.value) for level in ordered], LABEL_PIXELS, TOP, BOTTOM)
    drawn = tuple(
        Drawn(
            f"{level.name}: {_text(level, decimals)}",
            level.kind,
            axis.pixel(level.value),
            axis.pixel(level.value - level.error),
            axis.pixel(level.value + level.error),
            place,
        )
        for level, place in zip(ordered, places, strict=True)
    )
    label = f"Levels in {unit}: {'; '.join(one.text for one in drawn)}"
    return LevelsFigure(unit, multiples(axis, step), drawn, label)


def _text(level: Level, decimals: int) -> str:
    error = f" ± {number(level.error, decimals)}" if level.error else ""
    return f"{number(level.value, decimals)}{error}"
