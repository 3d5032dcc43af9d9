"""Reference molecules as each of their tautomers: which is lowest, and how far its maximum is off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from actinic.analysis.absorption_models import Points, fitted_line
from actinic.analysis.absorption_points import AbsorptionPoint
from actinic.analysis.absorption_validation import fitted_points
from actinic.analysis.tautomers import Decision


@dataclass(frozen=True, slots=True)
class TautomerRow:
    """One form of a reference molecule.

    Attributes:
        id: Of the molecule.
        smiles: The form; the one drawn comes first.
        difference_kcal_mol: Gibbs energy minus that of the form drawn, by medium; None where unknown.
        outcome: What the energies say of the molecule, on the row of the form drawn; empty on the others, and
            where they are not computed.
        error_ev: Of its lowest maximum, by the line of other scaffolds; None where no band is computed.
    """

    id: str
    smiles: str
    difference_kcal_mol: tuple[float, ...] | None
    outcome: str
    error_ev: float | None


@dataclass(frozen=True, slots=True)
class ReferenceForms:
    """One reference molecule with its tautomers.

    Attributes:
        id: Of the molecule.
        smiles: Of all forms, the one drawn first.
        points: Of each; None where no band is computed.
        gibbs_kcal_mol: By medium, on one scale; None where unknown, empty where not computed.
        decision: Which one is lowest; None where that is not computed.
    """

    id: str
    smiles: tuple[str, ...]
    points: tuple[AbsorptionPoint | None, ...]
    gibbs_kcal_mol: tuple[tuple[float, ...] | None, ...]
    decision: Decision | None


def tautomer_rows(points: Points, molecules: Sequence[ReferenceForms]) -> tuple[TautomerRow, ...]:
    """A row a form.

    Args:
        points: All molecules as drawn.
        molecules: Those with several forms.
    """
    known = fitted_points(points)
    scaffolds = {point.measured.id: point.scaffold for point in points}
    found = []
    for one in molecules:
        line = fitted_line([other for other in known if other.scaffold != scaffolds.get(one.id)])
        drawn = one.gibbs_kcal_mol[0] if one.gibbs_kcal_mol else None
        for i, (smiles, point) in enumerate(zip(one.smiles, one.points, strict=True)):
            own = one.gibbs_kcal_mol[i] if one.gibbs_kcal_mol else None
            away = None if own is None or drawn is None else tuple(np.subtract(own, drawn).tolist())
            error = None
            if point is not None:
                error = float(line(np.array(point.raw_ev))) - point.measured.band_max_ev
            outcome = one.decision.outcome.value if one.decision and not i else ""
            found.append(TautomerRow(one.id, smiles, away, outcome, error))
    return tuple(found)


def as_lowest(points: Points, molecules: Sequence[ReferenceForms]) -> list[AbsorptionPoint]:
    """All molecules, those as their lowest tautomer where another than the one drawn is taken.

    Args:
        points: As drawn.
        molecules: Those with several forms.
    """
    lowest: Mapping[str, AbsorptionPoint | None] = {
        one.id: one.points[one.decision.form] for one in molecules if one.decision is not None
    }
    # What is left out together is decided by the drawing: both forms share what was measured.
    return [
        point
        if (other := lowest.get(point.measured.id)) is None
        else replace(other, measured=point.measured, scaffold=point.scaffold)
        for point in points
    ]
