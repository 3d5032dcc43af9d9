"""How states beside the lowest band are put on the scale of experiment: what was shipped against before.

That n-pi* states and states below the band could be placed apart was thought of when the errors of all these
molecules were known. The correction of n-pi* states is from gas-phase theory, the slope from maxima: neither
was fitted to these spectra.
"""

from dataclasses import dataclass

from actinic.analysis.absorption_compared import TrialRow, compared_spectra
from actinic.analysis.absorption_edges import predicted_spectra
from actinic.analysis.absorption_models import Points
from actinic.analysis.absorption_points import without_npi_rule
from actinic.analysis.calibration import AbsorptionCalibration


@dataclass(frozen=True, slots=True)
class PlacingTable:
    """Edges and absorption at 365 nm by each way; the first row is all states moved alike.

    Attributes:
        name: Of the molecules.
        n: How many.
        rows: One a way.
    """

    name: str
    n: int
    rows: tuple[TrialRow, ...]


def placing_tables(points: Points, calibration: AbsorptionCalibration) -> tuple[PlacingTable, ...]:
    """All measured spectra, the first ones, the further ones; empty where no n-pi* state is told apart.

    Args:
        points: All sets at one level.
        calibration: For the standard errors.
    """
    if not any(any(point.sticks.is_npi) for point in points):
        return ()
    plain = [without_npi_rule(point) for point in points]
    ways = {
        "all states moved alike": predicted_spectra(plain, rigid=True),
        "those below the band by the line": predicted_spectra(plain),
        "n-pi* states by their own correction": predicted_spectra(points, rigid=True),
        "both": predicted_spectra(points),
    }
    known = [{one.point.measured.id: one for one in some} for some in ways.values()]
    common = [name for name in known[0] if all(name in some for some in known)]
    sets = {name: known[0][name].point.measured.collection for name in common}
    groups = {"all": common}
    for collection in dict.fromkeys(sets.values()):
        groups[collection] = [name for name in common if sets[name] == collection]
    return tuple(
        PlacingTable(
            group,
            len(names),
            compared_spectra(
                {way: [some[name] for name in names] for way, some in zip(ways, known, strict=True)},
                calibration,
            ),
        )
        for group, names in groups.items()
    )
