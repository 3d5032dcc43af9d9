"""Whether a second level of theory helps: alone, in a mean, beside the first, as a sign of doubt."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from actinic.analysis.absorption_models import (
    EARLIER,
    EARLIER_LEVEL,
    Model,
    Points,
    Prediction,
    earlier_line,
    left_out,
    line,
    linear,
)
from actinic.analysis.absorption_points import AbsorptionPoint, raw_ev
from actinic.analysis.absorption_validation import ModelRow, SpreadRow, model_row, rank_correlation, scaffolds
from actinic.analysis.validation import Real


@dataclass(frozen=True, slots=True)
class SecondLevel:
    """Two levels on the molecules that both have.

    Attributes:
        level: The second one.
        rows: The line of each level, of their mean, and a plane over both, against the line of the first.
        disagreement: Whether the distance of the two calibrated values tells large errors of the first.
    """

    level: str
    rows: tuple[ModelRow, ...]
    disagreement: SpreadRow


def second_level(
    points: Sequence[AbsorptionPoint], others: Sequence[AbsorptionPoint], level: str
) -> SecondLevel:
    """Compare.

    Args:
        points: At the first level.
        others: At the second; only molecules in both count, of which there have to be some.
        level: Name of the second.
    """
    second = {point.measured.id: point.raw_ev for point in others}
    both = [point for point in points if point.measured.id in second]
    models: dict[str, Model] = {
        "line of the first": line,
        f"line of {level}": _line_of(lambda some: _second(some, second)),
        "line of the mean": _line_of(lambda some: 0.5 * (raw_ev(some) + _second(some, second))),
        "plane over both": _plane(second),
    }
    if level == EARLIER_LEVEL:
        models[EARLIER] = earlier_line(lambda some: _second(some, second))
    reference = left_out(both, line, scaffolds(both)).errors_ev
    other_errors = left_out(both, models[f"line of {level}"], scaffolds(both)).errors_ev
    found = rank_correlation(np.abs(other_errors - reference), np.abs(reference))
    return SecondLevel(
        level=level,
        rows=tuple(model_row(both, name, model, reference) for name, model in models.items()),
        disagreement=SpreadRow(f"disagreement with {level}", *found),
    )


def _line_of(values: Callable[[Points], Real]) -> Model:
    """A straight line in another computed energy than the first level's."""

    def model(points: Points) -> Callable[[Points], Prediction]:
        return linear(points, lambda some: _with_ones(values(some)), n_free=2)

    return model


def _plane(second: Mapping[str, float]) -> Model:
    def model(points: Points) -> Callable[[Points], Prediction]:
        return linear(
            points,
            lambda some: np.column_stack([_with_ones(raw_ev(some)), _second(some, second)]),
            n_free=3,
        )

    return model


def _second(points: Points, second: Mapping[str, float]) -> Real:
    return np.array([second[point.measured.id] for point in points])


def _with_ones(values: Real) -> Real:
    return np.column_stack([np.ones(values.size), values])
