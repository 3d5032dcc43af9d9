"""States beside the lowest band: those below it go by the line, n-pi* ones by a correction of their own."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actinic.analysis.absorption import Placement, Sticks, anchor_band_ev, lowest_maximum_ev
from actinic.analysis.absorption_edges import predicted_spectra
from actinic.analysis.absorption_placing import BOUNDS, bound_rows, placing_tables
from actinic.analysis.absorption_points import (
    AbsorptionPoint,
    Measured,
    absorption_point,
    without_npi_rule,
)
from actinic.analysis.calibrated_spectrum import calibrated
from actinic.analysis.calibration import AbsorptionCalibration
from actinic.analysis.merging import merged_sticks
from actinic.analysis.npi_states import WEAK_CALIBRATIONS, lone_pair_atoms
from actinic.analysis.state_rules import StateRules, state_rules
from actinic.calculations.spectrum import SpectrumResult, Transition
from actinic.calculations.weak_states import is_npi
from actinic.chemistry.species import Species
from actinic.level import Level

B3LYP = Level.parse("b3lyp/def2-svp")
NPI_EV = WEAK_CALIBRATIONS["b3lyp/def2-svp"].shift_ev
PYRIDINE = Species.from_smiles("c1ccncc1", multiplicity=1)
ON_NITROGEN, ON_CARBON = (100, 50, 0, 800, 0, 50), (300, 200, 100, 100, 100, 200)
NPI = Transition(3.5, 0.006, ON_NITROGEN, ON_CARBON, 50)
BRIGHT = Transition(4.5, 0.3, ON_CARBON, ON_CARBON, 50)
LINE = AbsorptionCalibration(0.7, 0.8, 0.2, 0.15, 0.3, 0.6, 0.0, 0.0, 10, 2.5, 6.0, 20)


def spectrum(*transitions: Transition) -> SpectrumResult:
    return SpectrumResult(0.0, -6.0, -1.0, 2.0, transitions, 6.5, capped=False, scf_rung="")


def test_a_weak_state_whose_hole_is_a_lone_pair_counts_and_no_other() -> None:
    pairs = lone_pair_atoms(PYRIDINE)
    assert pairs == (False, False, False, True, False, False)
    assert is_npi(NPI, pairs)
    assert not is_npi(BRIGHT, pairs)
    assert not is_npi(Transition(3.5, 0.006, ON_CARBON, ON_CARBON), pairs)
    assert not is_npi(Transition(3.5, 0.03, ON_NITROGEN, ON_CARBON), pairs)
    assert not is_npi(Transition(3.5, 0.006), pairs)
    assert not is_npi(NPI, ())
    assert is_npi(Transition(3.5, 0.015, ON_NITROGEN, ON_CARBON), pairs)
    assert not is_npi(Transition(3.5, 0.015, ON_NITROGEN, ON_CARBON), pairs, below=0.01)
    assert not is_npi(NPI, pairs, above=999)


def test_halogens_have_no_lone_pairs_that_were_measured() -> None:
    assert lone_pair_atoms(Species.from_smiles("CI", multiplicity=1)) == (False, False)


def test_ions_and_levels_that_were_never_compared_are_left_to_the_line() -> None:
    assert state_rules(B3LYP, PYRIDINE) == StateRules(1.0, NPI_EV, lone_pair_atoms(PYRIDINE))
    assert state_rules(Level.parse("b3lyp/def2-svp@cpcm(acetonitrile)"), PYRIDINE).npi_ev == NPI_EV
    assert state_rules(Level.parse("pbe0/def2-svp"), PYRIDINE) == StateRules()
    pyridinium = Species.from_smiles("c1cc[nH+]cc1", multiplicity=1)
    assert state_rules(B3LYP, pyridinium) == StateRules(1.0)


def test_what_was_moved_as_charge_transfer_is_not_moved_again() -> None:
    far = replace_transfer(NPI, 980)
    rules = state_rules(B3LYP, PYRIDINE)
    assert rules.is_npi(NPI)
    assert not rules.is_npi(far)
    assert rules.energy_ev(far) == pytest.approx(4.5)
    assert rules.energy_ev(NPI) == pytest.approx(3.5)


def replace_transfer(one: Transition, permille: int) -> Transition:
    return Transition(
        one.energy_ev, one.oscillator_strength, one.hole_permille, one.electron_permille, permille
    )


@given(
    raw=st.lists(st.floats(2.0, 7.0), min_size=1, max_size=6, unique=True),
    band_ev=st.floats(3.0, 6.0),
    slope=st.floats(0.5, 1.0),
)
def test_no_state_passes_another_and_the_band_goes_where_the_line_puts_it(
    raw: list[float], band_ev: float, slope: float
) -> None:
    energies = tuple(sorted(raw))
    shift_ev = -0.4
    place = Placement(band_ev, shift_ev, slope)
    placed = place(Sticks(energies, (0.1,) * len(energies), 7.5))
    assert list(placed.energies_ev) == sorted(placed.energies_ev)
    assert place(Sticks((band_ev,), (0.1,), 7.5)).energies_ev == pytest.approx((band_ev + shift_ev,))
    for before, after in zip(energies, placed.energies_ev, strict=True):
        expected = shift_ev if before >= band_ev else band_ev + shift_ev - slope * (band_ev - before) - before
        assert after - before == pytest.approx(expected)
    assert placed.covered_ev == pytest.approx(7.5 + shift_ev)


def test_a_state_below_the_band_goes_where_the_line_puts_it() -> None:
    raw = Sticks((3.6, 4.6, 6.3), (0.0005, 0.4, 0.5), 7.3)
    placed = calibrated(raw, LINE, is_ion=False).sticks
    anchor_ev = anchor_band_ev(raw)
    assert anchor_ev is not None
    expected = [0.7 * 3.6 + 0.8, 0.7 * 4.6 + 0.8, 6.3 + 0.8 - 0.3 * anchor_ev]
    assert placed.energies_ev == pytest.approx(expected, abs=2e-3)


def test_an_npi_state_is_neither_the_band_of_the_line_nor_moved_by_it() -> None:
    raw = merged_sticks([spectrum(NPI, BRIGHT)], [1.0], state_rules(B3LYP, PYRIDINE))
    assert lowest_maximum_ev(raw) == pytest.approx(3.5, abs=0.02)
    assert anchor_band_ev(raw) == pytest.approx(4.5, abs=1e-3)
    placed = calibrated(raw, LINE, is_ion=False, npi_ev=NPI_EV)
    assert placed.sticks.energies_ev == pytest.approx((3.5 + NPI_EV, 0.7 * 4.5 + 0.8), abs=2e-3)
    assert placed.shift_ev == pytest.approx(0.8 - 0.3 * 4.5, abs=2e-3)


def test_the_error_is_that_of_the_band_that_is_reported() -> None:
    apart = replace(LINE, strong_error_ev=0.15, weak_error_ev=0.4)
    low = Transition(2.6, 0.006, ON_NITROGEN, ON_CARBON, 50)
    rules = state_rules(B3LYP, PYRIDINE)
    errors = [
        calibrated(
            merged_sticks([spectrum(*states)], [1.0], rules), apart, is_ion=False, npi_ev=NPI_EV
        ).standard_error_ev
        for states in ((low, BRIGHT), (BRIGHT,))
    ]
    assert errors == [0.4, 0.15]


def test_npi_states_alone_keep_their_place_and_the_rest_stays_unknown() -> None:
    raw = merged_sticks([spectrum(NPI)], [1.0], state_rules(B3LYP, PYRIDINE))
    placed = calibrated(raw, LINE, is_ion=False, npi_ev=NPI_EV)
    assert placed.sticks.energies_ev == pytest.approx((3.5 + NPI_EV,))
    assert placed.sticks.covered_ev == pytest.approx(0.7 * 6.5 + 0.8)


def point(i: int, collection: str, *, npi: bool) -> AbsorptionPoint:
    """A band where the line puts it, and where `npi` a lone-pair state of a spectrum that has none so low."""
    raw_ev = 4.6 + 0.02 * i
    band_ev = 0.7 * raw_ev + 0.8
    states = [Transition(raw_ev, 0.3, ON_CARBON, ON_CARBON, 50)]
    if npi:
        states.insert(0, Transition(raw_ev - 0.9, 0.006, ON_NITROGEN, ON_CARBON, 50))
    measured = Measured(
        f"{collection}-{i}", collection, band_ev, None, None, edge_is_bound=False, relative={}
    )
    if collection.endswith("spectra"):
        edge_ev = band_ev - 0.18 * float(np.sqrt(2 * np.log(10)))
        measured = replace(measured, band_edge_ev=edge_ev, relative={365: 0.0 if i % 3 else 0.5})
    found = absorption_point(
        measured, PYRIDINE, [(1.0, spectrum(*states))], 1.0, state_rules(B3LYP, PYRIDINE)
    )
    assert found is not None
    return replace(found, scaffold=f"s{i % 5}")


def test_edges_of_molecules_with_npi_states_come_nearer_and_the_others_stay() -> None:
    known = [point(i, "nonpolar", npi=False) for i in range(12)]
    spectra = [
        point(i, name, npi=name != "spectra") for name in ("spectra", "further_spectra") for i in range(12)
    ]
    every, first, further = placing_tables([*known, *spectra], LINE)
    assert [(one.name, one.n) for one in (every, first, further)] == [
        ("all", 24),
        ("spectra", 12),
        ("further_spectra", 12),
    ]
    before, _, own, both = (row.edge_ev for row in further.rows)
    assert own < before - 0.1
    assert both < before - 0.1
    assert [row.edge_ev for row in first.rows] == pytest.approx([first.rows[0].edge_ev] * 4, abs=0.02)
    assert placing_tables([without_npi_rule(one) for one in (*known, *spectra)], LINE) == ()


def test_a_bound_that_leaves_npi_states_out_puts_edges_where_they_were_without_the_rule() -> None:
    known = [point(i, "nonpolar", npi=False) for i in range(12)]
    spectra = [point(i, "spectra", npi=True) for i in range(12)]
    rows = {row.name: row for row in bound_rows([*known, *spectra], LINE)}
    assert len(rows) == 1 + len(BOUNDS)
    shipped, strict = rows["shipped"], rows["f < 0.005, hole > 0.5"]  # the states have f = 0.006
    assert strict.edge_ev > shipped.edge_ev + 0.1
    assert rows["f < 0.05, hole > 0.5"].edge_ev == shipped.edge_ev
    assert bound_rows([without_npi_rule(one) for one in (*known, *spectra)], LINE) == ()


def test_without_the_rule_the_lowest_maximum_is_what_the_line_is_for() -> None:
    one = point(3, "further_spectra", npi=True)
    plain = without_npi_rule(one)
    assert one.raw_ev == pytest.approx(4.66, abs=0.01)
    assert plain.raw_ev == pytest.approx(3.76, abs=0.02)
    assert plain.sticks.energies_ev == one.sticks.energies_ev
    known = [point(i, "nonpolar", npi=False) for i in range(12)]
    (rigid,) = predicted_spectra([*known, plain], rigid=True)
    assert rigid.sticks.energies_ev == pytest.approx(plain.sticks.shifted(rigid.shift_ev).energies_ev)
