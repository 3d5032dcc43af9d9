"""Ways to predict measured spectra side by side: edges and absorption at 365 nm, on the same molecules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from actinic.analysis.absorption_edges import Predicted, absorbs_probability
from actinic.analysis.absorption_validation import scaffolds
from actinic.analysis.calibration import AbsorptionCalibration
from actinic.analysis.forecast import balanced_accuracy
from actinic.analysis.validation import Paired, Real, paired

ALL = "all"


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One way to predict measured spectra.

    Attributes:
        name: What is different from the shipped way.
        edge_ev: Mean absolute error of red edges, bounds left out.
        edges: The same minus that of the shipped way.
        brier: Brier score at 365 nm.
        briers: The same minus that of the shipped way.
        balanced_accuracy: There, called at 0.5.
    """

    name: str
    edge_ev: float
    edges: Paired
    brier: float
    briers: Paired
    balanced_accuracy: float


@dataclass(frozen=True, slots=True)
class SetTable:
    """Ways to predict the measured spectra of one set; the first row is what the others are compared with.

    Attributes:
        name: Of the set; `ALL` for all of them.
        n: Molecules that each way has a value for.
        rows: One a way.
    """

    name: str
    n: int
    rows: tuple[TrialRow, ...]


def compared_by_set(
    ways: Mapping[str, Sequence[Predicted]], calibration: AbsorptionCalibration
) -> tuple[SetTable, ...]:
    """The molecules that each way has a value for, of all sets where they are of several, then of each.

    Args:
        ways: By name.
        calibration: For the standard errors.
    """
    known = [{one.point.measured.id: one for one in some} for some in ways.values()]
    common = [name for name in known[0] if all(name in some for some in known)]
    sets = {name: known[0][name].point.measured.collection for name in common}
    found = tuple(dict.fromkeys(sets.values()))
    groups = {ALL: common} if len(found) > 1 else {}
    for collection in found:
        groups[collection] = [name for name in common if sets[name] == collection]
    return tuple(
        SetTable(
            group,
            len(names),
            compared_spectra(
                {way: [some[name] for name in names] for way, some in zip(ways, known, strict=True)},
                calibration,
            ),
        )
        for group, names in groups.items()
    )


def compared_spectra(
    ways: Mapping[str, Sequence[Predicted]], calibration: AbsorptionCalibration
) -> tuple[TrialRow, ...]:
    """One row a way, of the same molecules in the same order; the first is what the others are compared with.

    Args:
        ways: By name.
        calibration: For the standard errors.
    """
    return compared(
        next(iter(ways.values())),
        {name: np.array([one.edge_ev for one in some]) for name, some in ways.items()},
        {
            name: np.array([absorbs_probability(one, calibration.error_ev(one.strength)) for one in some])
            for name, some in ways.items()
        },
    )


def compared(
    predicted: Sequence[Predicted], edges_ev: dict[str, Real], probabilities: dict[str, Real]
) -> tuple[TrialRow, ...]:
    """One row a name; the first is what the others are compared with.

    Args:
        predicted: Molecules with a measured spectrum.
        edges_ev: Their edges by each way, shape (n,).
        probabilities: That they absorb at 365 nm, shape (n,).
    """
    names = scaffolds([one.point for one in predicted])
    inside = np.array([not one.point.measured.edge_is_bound for one in predicted])
    measured = np.array([one.point.measured.band_edge_ev for one in predicted], dtype=float)
    outcomes = np.array([one.absorbs for one in predicted])
    away = {name: (values - measured)[inside] for name, values in edges_ev.items()}
    squares = {name: (values - outcomes) ** 2 for name, values in probabilities.items()}
    edge_names = [name for name, one in zip(names, inside, strict=True) if one]
    first = next(iter(edges_ev))
    return tuple(
        TrialRow(
            name=name,
            edge_ev=float(np.abs(away[name]).mean()),
            edges=paired(away[name], away[first], edge_names),
            brier=float(squares[name].mean()),
            briers=paired(squares[name], squares[first], names),
            balanced_accuracy=balanced_accuracy(probabilities[name], outcomes),
        )
        for name in edges_ev
    )
