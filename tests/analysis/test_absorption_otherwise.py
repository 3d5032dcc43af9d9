"""Measured spectra computed otherwise, and reference molecules as their tautomers."""

from dataclasses import replace

import numpy as np
import pytest

from actinic.analysis.absorption import Sticks
from actinic.analysis.absorption_compared import ALL
from actinic.analysis.absorption_otherwise import otherwise_tables
from actinic.analysis.absorption_points import AbsorptionPoint, Measured
from actinic.analysis.absorption_tautomers import ReferenceForms, as_lowest, tautomer_rows
from actinic.analysis.calibration import AbsorptionCalibration
from actinic.analysis.tautomers import decision

LINE = AbsorptionCalibration(0.8, 0.6, 0.1, 0.08, 0.3, 0.6, -0.4, 0.3, 22, 2.5, 5.4, 45, edge_error_ev=0.2)
EDGE_FROM_TOP_EV = 0.2 * float(np.sqrt(2 * np.log(10)))


def point(i: int, collection: str, moved_ev: float = 0.0) -> AbsorptionPoint:
    """A band that the line 0.8 x + 0.6 puts where it is measured, unless it is moved."""
    raw_ev = 4.2 + 0.05 * i
    top_ev = 0.8 * raw_ev + 0.6
    measured = Measured(f"{collection}-{i}", collection, top_ev, None, None, edge_is_bound=False, relative={})
    if collection.endswith("spectra"):
        relative = {365: 0.3 if i % 3 else 0.0001}
        measured = replace(measured, band_edge_ev=top_ev - EDGE_FROM_TOP_EV, relative=relative)
    raw_ev += moved_ev
    sticks = Sticks((raw_ev,), (0.4,), 7.0)
    return AbsorptionPoint(
        measured, "c1ccccc1", "arene", f"s{i % 5}", sticks, raw_ev, 0.4, (raw_ev,) * 8, 1.0
    )


FITTED = [point(i, "nonpolar") for i in range(12)]
SETS = ("spectra", "further_spectra")


def test_spectra_that_lie_further_off_otherwise_are_worse_in_every_set() -> None:
    shipped = [*FITTED, *(point(i, name) for name in SETS for i in range(12))]
    other = [point(i, name, 0.3) for name in SETS for i in range(12)]
    tables = otherwise_tables(FITTED, {"shipped": shipped, "other": other}, LINE)
    assert [(one.name, one.n) for one in tables] == [(ALL, 24), ("spectra", 12), ("further_spectra", 12)]
    for one in tables:
        first, second = one.rows
        assert (first.name, second.name) == ("shipped", "other")
        assert second.edge_ev == pytest.approx(first.edge_ev + 0.24, abs=0.02)
        assert second.edges.low > 0


def test_only_what_is_computed_in_each_way_is_compared() -> None:
    shipped = [point(i, "spectra") for i in range(12)]
    (found,) = otherwise_tables(FITTED, {"shipped": shipped, "other": [*FITTED, *shipped[3:]]}, LINE)
    assert found.n == 9
    assert found.rows[1].edges.difference == 0
    assert otherwise_tables(FITTED, {"shipped": shipped, "other": []}, LINE) == ()


def forms(gibbs: tuple[tuple[float, ...] | None, ...]) -> ReferenceForms:
    """A molecule of the measured spectra whose other form lies 0.5 eV lower in energy of excitation."""
    drawn = point(3, "spectra")
    other = replace(point(3, "spectra", -0.5), scaffold="other", smiles="C1=CC=CC=C1")
    other = replace(other, measured=replace(other.measured, id="spectra-3-t2"))
    smiles = (drawn.smiles, other.smiles)
    return ReferenceForms("spectra-3", smiles, (drawn, other), gibbs, decision(gibbs, 1.7) if gibbs else None)


def test_the_lowest_form_takes_the_place_of_the_drawing_and_keeps_its_name_and_scaffold() -> None:
    points = [point(i, "spectra") for i in range(6)]
    found = as_lowest(points, [forms(((0.0, 0.0), (-5.0, -6.0)))])
    assert found[3].raw_ev == pytest.approx(points[3].raw_ev - 0.5)
    assert (found[3].measured, found[3].scaffold) == (points[3].measured, points[3].scaffold)
    assert found[:3] + found[4:] == points[:3] + points[4:]


@pytest.mark.parametrize(
    "gibbs", [(), ((0.0, 0.0), (5.0, 4.0)), ((0.0, 0.0), (-5.0, 1.0)), (None, (0.0, 0.0))]
)
def test_it_does_not_where_energies_do_not_say_so(gibbs: tuple[tuple[float, ...] | None, ...]) -> None:
    points = [point(i, "spectra") for i in range(6)]
    assert as_lowest(points, [forms(gibbs)]) == points


def test_every_form_has_a_row_with_its_energy_and_its_error() -> None:
    points = [*FITTED, *(point(i, "spectra") for i in range(6))]
    drawn, other = tautomer_rows(points, [forms(((-1.0, 2.0), (-6.0, -4.0)))])
    assert (drawn.id, other.id) == ("spectra-3", "spectra-3")
    assert (drawn.outcome, other.outcome) == ("another is lower: taken", "")
    assert drawn.difference_kcal_mol == (0.0, 0.0)
    assert other.difference_kcal_mol == (-5.0, -6.0)
    assert drawn.error_ev == pytest.approx(0.0, abs=1e-6)
    assert other.error_ev == pytest.approx(-0.4, abs=1e-6)


def test_what_was_not_computed_has_none() -> None:
    rows = tautomer_rows(FITTED, [replace(forms(()), points=(None, None))])
    assert [(one.difference_kcal_mol, one.outcome, one.error_ev) for one in rows] == [(None, "", None)] * 2
