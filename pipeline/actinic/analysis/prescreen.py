"""Where absorption begins, guessed from an orbital gap that costs milliseconds or is there already."""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from statistics import NormalDist

import msgspec
import numpy as np

from actinic.units import ev_from_nm

TABLE = Path(__file__).with_name("prescreen.toml")


class EdgeLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A straight line from a gap to the energy where the molar absorptivity reaches 100 L mol-1 cm-1.

    Attributes:
        intercept_ev: Of the line.
        slope: In eV per unit of the gap.
        standard_error_ev: Root mean square of what it misses, molecules left out one at a time.
        n: Molecules it was fitted to.
    """

    intercept_ev: float
    slope: float
    standard_error_ev: float
    n: int

    def edge_ev(self, gap: float) -> float:
        """Where absorption begins."""
        return self.intercept_ev + self.slope * gap

    def probability(self, gap: float, line_nm: float) -> float:
        """That a molecule with this gap absorbs at a line, for a normal error.

        >>> line = EdgeLine(1.0, 1.0, 0.3, 50)
        >>> round(line.probability(2.0, 413.28), 3), round(line.probability(2.6, 413.28), 3)
        (0.5, 0.023)
        """
        return NormalDist(self.edge_ev(gap), self.standard_error_ev).cdf(ev_from_nm(line_nm))


def fitted_line(gaps: Sequence[float], edges_ev: Sequence[float]) -> EdgeLine:
    """Least squares, with the error of molecules left out.

    Args:
        gaps: Of some molecules.
        edges_ev: Where they begin to absorb, by full computation.
    """
    design = np.column_stack([np.ones(len(gaps)), gaps])
    line, *_ = np.linalg.lstsq(design, np.array(edges_ev), rcond=None)
    leverage = np.diag(design @ np.linalg.pinv(design))
    left_out = (np.array(edges_ev) - design @ line) / (1 - leverage)
    error = float(np.sqrt(np.mean(left_out**2)))
    return EdgeLine(round(float(line[0]), 4), round(float(line[1]), 4), round(error, 4), len(gaps))


@cache
def edge_lines() -> dict[str, EdgeLine]:
    """The shipped lines: `hueckel` for gaps in |beta|, levels of tight binding for gaps in eV."""
    return msgspec.convert(tomllib.loads(TABLE.read_text(encoding="utf-8")), dict[str, EdgeLine])
