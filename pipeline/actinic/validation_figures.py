"""Figures of the comparison with experiment, as SVG files: parity, learning curve, reliability."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from actinic.analysis.absorption_validation import FITTED, CurveRow
from actinic.analysis.barrier_parity import barrier_pairs
from actinic.analysis.forecast import ReliabilityRow
from actinic.analysis.level_validation import film_errors
from actinic.analysis.validation import left_out_errors
from actinic.reporting.figures import Axis, Tick, multiples
from actinic.validation import BondValidation
from actinic.validation_absorption import AbsorptionValidation
from actinic.validation_barriers import BarrierValidation
from actinic.validation_levels import LevelValidation

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 420.0, 380.0, 58.0, 50.0, 34.0, 14.0

_STYLE = (
    "<style>text{font:12px sans-serif;fill:#222}.frame,.tick{stroke:#888;fill:none}"
    ".line{stroke:#888;fill:none;stroke-dasharray:4 3}.bar{stroke:#7aa5d2}"
    ".dot{fill:#1f5fa8}.other{fill:#c26a1c}"
    ".band{fill:#7aa5d2;opacity:.35}.curve{stroke:#1f5fa8;fill:none;stroke-width:1.5}.paper{fill:#fff}</style>"
)


@dataclass(frozen=True, slots=True)
class Dot:
    """One molecule of a parity plot.

    Attributes:
        measured: Where it lies along x.
        predicted: Where it lies along y.
        error: Half of its error bar.
        name: Shown by a pointer on it.
        style: `dot`, or `other` for a set the line was not fitted to.
    """

    measured: float
    predicted: float
    error: float
    name: str
    style: str = "dot"


@dataclass(frozen=True, slots=True)
class Validated:
    """What figures are drawn of.

    Attributes:
        absorption: Maxima, edges, absorption at 365 nm.
        levels: Films and the gas phase.
        bonds: Bond enthalpies.
        barriers: Homolyses and members of classes.
    """

    absorption: AbsorptionValidation
    levels: LevelValidation
    bonds: BondValidation
    barriers: BarrierValidation


@dataclass(frozen=True, slots=True)
class Scale:
    """Axes of a parity plot that are not in eV.

    Attributes:
        round_to: Ends of the axes are multiples of it.
        step: Between labels.
    """

    round_to: float
    step: float


def write_figures(folder: Path, found: Validated) -> list[Path]:
    """Write every figure there is data for, and say which files they are."""
    figures = figure_texts(found)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.svg" for name in sorted(figures)]
    for path in paths:
        path.write_text(figures[path.stem], encoding="utf-8")
    return paths


def figure_texts(found: Validated) -> dict[str, str]:
    """Every figure there is data for, as SVG, by name."""
    absorption, levels = found.absorption, found.levels
    kcal_mol = Scale(round_to=10.0, step=20.0)
    figures = {
        "bonds": _parity("Bond enthalpy (kcal/mol), family left out", _bonds(found.bonds), kcal_mol),
        "barriers": _parity(
            "Gibbs energy of activation (kcal/mol), left out", _barriers(found.barriers), kcal_mol
        ),
        "maxima": _parity("Lowest maximum (eV)", _maxima(absorption)),
        "film-levels": _parity("Film HOMO (eV)", _films(levels)),
        "learning-curve": _curve(absorption.curve),
    }
    if absorption.edges is not None:
        figures["edges"] = _parity("Red edge (eV)", _edges(absorption))
    if absorption.absorbs is not None:
        figures["reliability"] = _reliability(absorption.absorbs.reliability)
    return figures


def _maxima(found: AbsorptionValidation) -> list[Dot]:
    return [
        Dot(
            measured=point.measured.band_max_ev,
            predicted=point.measured.band_max_ev + float(error),
            error=found.calibration.error_ev(point.strength),
            name=point.smiles,
            style="dot" if point.measured.collection in FITTED else "other",
        )
        for point, error in zip(found.points, found.errors_ev, strict=True)
    ]


def _edges(found: AbsorptionValidation) -> list[Dot]:
    return [
        Dot(
            one.point.measured.band_edge_ev,
            one.edge_ev,
            found.calibration.error_ev(one.strength) * found.calibration.edge_ratio,
            one.point.smiles,
            "other" if one.point.measured.edge_is_bound else "dot",
        )
        for one in found.spectra
        if one.point.measured.band_edge_ev is not None
    ]


def _films(found: LevelValidation) -> list[Dot]:
    level, shipped = next(iter(found.calibrations.items()))
    errors = film_errors(found.films, level)
    return [
        Dot(film.measured_ev, film.measured_ev + float(error), shipped.standard_error_ev, film.id)
        for film, error in zip(found.films, errors, strict=True)
    ]


def _bonds(found: BondValidation) -> list[Dot]:
    """By the mean of both levels, families left out of the fit."""
    table = found.tables[2]
    raw = np.array([np.mean(list(point.raw_kcal_mol.values())) for point in found.points])
    measured = np.array([point.reference_kcal_mol for point in found.points])
    errors = left_out_errors(raw, measured, [point.family for point in found.points])
    return [
        Dot(
            point.reference_kcal_mol,
            point.reference_kcal_mol + float(error),
            table.calibration.standard_error_kcal_mol,
            point.id,
            "dot" if point.is_experiment else "other",
        )
        for point, error in zip(found.points, errors, strict=True)
    ]


def _barriers(found: BarrierValidation) -> list[Dot]:
    return [
        Dot(
            one.measured_kcal_mol,
            one.predicted_kcal_mol,
            one.error_kcal_mol,
            one.id,
            "other" if one.is_hot else "dot",
        )
        for one in barrier_pairs(found.homolyses, found.rates)
    ]


def _parity(title: str, dots: Sequence[Dot], scale: "Scale | None" = None) -> str:
    """Predicted over measured, with standard errors; without a scale in eV, scaffolds left out."""
    ends = [dot.measured for dot in dots]
    ends += [dot.predicted + side * dot.error for dot in dots for side in (-1, 1)]
    unit = 0.2 if scale is None else scale.round_to
    low, high = math.floor(min(ends) / unit) * unit, math.ceil(max(ends) / unit) * unit
    x, y = _axes((low, high), (low, high))
    step = scale.step if scale is not None else (0.5 if high - low > 1.5 else 0.2)
    parts = [f'<path class="line" d="M{x.pixel(low)} {y.pixel(low)}L{x.pixel(high)} {y.pixel(high)}"/>']
    for dot in sorted(dots, key=lambda one: one.measured):
        at, top, foot = (
            x.pixel(dot.measured),
            y.pixel(dot.predicted + dot.error),
            y.pixel(dot.predicted - dot.error),
        )
        parts.append(f'<path class="bar" d="M{at} {top}V{foot}"/>')
        parts.append(
            f'<circle class="{dot.style}" cx="{at}" cy="{y.pixel(dot.predicted)}" r="3">'
            f"<title>{_escaped(dot.name)}</title></circle>"
        )
    ticks = multiples(x, step), multiples(y, step)
    left = "predicted, scaffold left out" if scale is None else "predicted"
    return _framed(title, ("measured", left), ticks, parts)


def _curve(rows: Sequence[CurveRow]) -> str:
    last, top = max(row.n for row in rows), math.ceil(10 * max(row.high_ev for row in rows)) / 10
    x, y = _axes((0.0, float(last)), (0.0, top))
    upper = [(x.pixel(row.n), y.pixel(row.high_ev)) for row in rows]
    lower = [(x.pixel(row.n), y.pixel(row.low_ev)) for row in reversed(rows)]
    middle = [(x.pixel(row.n), y.pixel(row.mean_ev)) for row in rows]
    parts = [f'<path class="band" d="{_through([*upper, *lower])}z"/>']
    parts.append(f'<path class="curve" d="{_through(middle)}"/>')
    ticks = multiples(x, 10), multiples(y, 0.1)
    labels = "molecules the line is fitted to", "mean absolute error elsewhere (eV)"
    return _framed("Learning curve, 5 to 95 % of choices", labels, ticks, parts)


def _reliability(rows: Sequence[ReliabilityRow]) -> str:
    x, y = _axes((0.0, 1.0), (0.0, 1.0))
    parts = [f'<path class="line" d="M{x.pixel(0)} {y.pixel(0)}L{x.pixel(1)} {y.pixel(1)}"/>']
    for row in rows:
        at = x.pixel(row.predicted)
        parts.append(f'<path class="bar" d="M{at} {y.pixel(row.range_low)}V{y.pixel(row.range_high)}"/>')
        size = 2 + math.sqrt(row.n)
        parts.append(f'<circle class="dot" cx="{at}" cy="{y.pixel(row.observed)}" r="{size:.1f}"/>')
    ticks = multiples(x, 0.2), multiples(y, 0.2)
    return _framed("Absorbs at 365 nm: bars are 95 % ranges", ("predicted", "observed"), ticks, parts)


def _axes(x: tuple[float, float], y: tuple[float, float]) -> tuple[Axis, Axis]:
    return Axis(*x, LEFT, WIDTH - RIGHT), Axis(*y, HEIGHT - BOTTOM, TOP)


def _framed(
    title: str, labels: tuple[str, str], ticks: tuple[Sequence[Tick], Sequence[Tick]], parts: Sequence[str]
) -> str:
    """A whole SVG file around what is drawn."""
    foot, middle = HEIGHT - BOTTOM, (LEFT + WIDTH - RIGHT) / 2
    along = [
        f'<path class="tick" d="M{tick.pixel} {foot}v4"/>'
        f'<text x="{tick.pixel}" y="{foot + 18}" text-anchor="middle">{tick.text}</text>'
        for tick in ticks[0]
    ]
    up = [
        f'<path class="tick" d="M{LEFT} {tick.pixel}h-4"/>'
        f'<text x="{LEFT - 8}" y="{tick.pixel + 4}" text-anchor="end">{tick.text}</text>'
        for tick in ticks[1]
    ]
    centre = (TOP + foot) / 2
    words = [
        f'<text x="{middle}" y="20" text-anchor="middle">{title}</text>',
        f'<text x="{middle}" y="{HEIGHT - 12}" text-anchor="middle">{labels[0]}</text>',
        f'<text text-anchor="middle" transform="translate(14 {centre}) rotate(-90)">{labels[1]}</text>',
    ]
    frame = f'<path class="frame" d="M{LEFT} {TOP}V{foot}H{WIDTH - RIGHT}"/>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" width="{WIDTH:g}">'
    paper = '<rect class="paper" width="100%" height="100%"/>'
    return "\n".join([head, _STYLE, paper, frame, *along, *up, *words, *parts, "</svg>"]) + "\n"


def _through(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{px:g} {py:g}" for px, py in points)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
