"""The width of bands follows from red flanks: not from where a spectrum lies, nor from the one judged."""

import numpy as np
import pytest

from actinic.analysis.absorption import Sticks, band_edge_ev
from actinic.analysis.absorption_edges import RIGID, predicted_spectra
from actinic.analysis.absorption_points import AbsorptionPoint, Measured
from actinic.analysis.absorption_width import FEWEST, flanks, width_fit

HALF_FLANK = np.sqrt(2 * np.log(10))
"""Standard deviations from the top of a Gaussian to a tenth of it."""


def molecule(i: int, width_ev: float, off_ev: float = 0.0, *, is_bound: bool = False) -> AbsorptionPoint:
    """A lone band whose flank is that of `width_ev`, measured `off_ev` away from where it is computed."""
    raw_ev = 3.6 + 0.03 * i
    measured_ev = raw_ev + off_ev
    edge_ev = measured_ev - width_ev * HALF_FLANK
    measured = Measured(f"m{i}", "spectra", measured_ev, None, edge_ev, is_bound, {365: 0.5})
    sticks = Sticks((raw_ev,), (0.2,), 6.5)
    return AbsorptionPoint(measured, "C", "arene", f"s{i // 2}", sticks, raw_ev, 0.2, (raw_ev,) * 8, 1.0)


def spectra(width_ev: float, n: int = 20, off_ev: float = 0.0) -> list[AbsorptionPoint]:
    scatter = np.random.default_rng(5).normal(0, 0.3, n)
    return [molecule(i, width_ev, off_ev * float(scatter[i])) for i in range(n)]


@pytest.mark.parametrize("width_ev", [0.1, 0.18, 0.3])
def test_the_width_of_the_flanks_is_found(width_ev: float) -> None:
    assert flanks(spectra(width_ev), RIGID).width_ev() == pytest.approx(width_ev, abs=2e-3)


def test_errors_of_position_do_not_move_it() -> None:
    off = flanks(spectra(0.2, off_ev=1.0), RIGID).width_ev()
    assert off == pytest.approx(flanks(spectra(0.2), RIGID).width_ev() or 0.0, abs=1e-6)


def test_a_few_strange_flanks_do_not_pull_it() -> None:
    strange = [molecule(40 + i, 0.9) for i in range(5)]
    assert flanks([*spectra(0.2), *strange], RIGID).width_ev() == pytest.approx(0.2, abs=0.01)


def test_maxima_without_an_edge_have_no_part_in_it() -> None:
    assert flanks([*spectra(0.2), *known()], RIGID).measured_ev.size == 20
    assert width_fit(flanks(known(), RIGID)) is None


def test_too_few_flanks_give_no_width() -> None:
    few = flanks(spectra(0.2, FEWEST), RIGID)
    assert few.width_ev() is not None
    assert few.width_ev(without="s0") is None


def test_a_molecule_is_drawn_with_the_width_of_other_scaffolds() -> None:
    points = [*(molecule(i, 0.2) for i in range(12)), *(molecule(i, 0.3) for i in range(12, 25))]
    for one in predicted_spectra([*points, *known()]):
        others = [point for point in points if point.scaffold != one.point.scaffold]
        assert one.width_ev == pytest.approx(flanks(others, RIGID).width_ev() or 0.0)
        assert one.edge_ev == pytest.approx(band_edge_ev(one.sticks, one.width_ev) or 0.0)


def known() -> list[AbsorptionPoint]:
    """Maxima that a line can be fitted to."""
    found = []
    for i in range(12):
        raw_ev = 3.5 + 0.1 * i
        measured = Measured(
            f"k{i}", "nonpolar", 0.8 * raw_ev + 0.6, None, None, edge_is_bound=False, relative={}
        )
        sticks = Sticks((raw_ev,), (0.2,), 6.5)
        found.append(
            AbsorptionPoint(measured, "C", "arene", f"k{i}", sticks, raw_ev, 0.2, (raw_ev,) * 8, 1.0)
        )
    return found


def test_the_interval_holds_the_width_and_single_molecules_scatter_around_it() -> None:
    points = [molecule(i, 0.2 + 0.05 * (-1) ** (i // 2)) for i in range(24)]
    found = width_fit(flanks([*points, *(molecule(30 + i, 0.2) for i in range(4))], RIGID))
    assert found is not None
    assert found.n == 28
    assert found.low_ev <= found.width_ev <= found.high_ev
    assert found.narrow_ev == pytest.approx(0.15, abs=5e-3)
    assert found.wide_ev == pytest.approx(0.25, abs=5e-3)
