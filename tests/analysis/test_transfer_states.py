"""Weak charge-transfer states of functionals with little exact exchange are moved; nothing else is."""

from dataclasses import replace

import pytest

from actinic.analysis.absorption_points import (
    AbsorptionPoint,
    Measured,
    absorption_point,
    with_transfer_shift,
)
from actinic.analysis.absorption_transfer import SHIFTS_EV, transfer_rows
from actinic.analysis.calibration import AbsorptionCalibration
from actinic.analysis.state_rules import StateRules
from actinic.analysis.transfer_states import (
    is_weak_transfer,
    placed_ev,
    transfer_caveat,
    transfer_shift_ev,
)
from actinic.calculations.spectrum import SpectrumResult, Transition
from actinic.chemistry.species import Species
from actinic.level import Level

FALSE = Transition(3.5, 0.005, charge_transfer_permille=990)
BRIGHT = Transition(4.5, 0.2, charge_transfer_permille=300)
BENZENE = Species.from_smiles("c1ccccc1", multiplicity=1)

LINE = AbsorptionCalibration(0.8, 0.6, 0.1, 0.08, 0.3, 0.6, 0.0, 0.0, 10, 2.5, 6.0, 20)


def spectrum(*transitions: Transition) -> SpectrumResult:
    return SpectrumResult(0.0, -6.0, -1.0, 2.0, transitions, 6.5, False, "")


def point(i: int, collection: str, *transitions: Transition, transfer_ev: float = 0.0) -> AbsorptionPoint:
    measured = Measured(f"m{i}", collection, 4.3 + 0.01 * i, None, None, edge_is_bound=False, relative={})
    if collection.endswith("spectra"):
        measured = replace(
            measured, band_edge_ev=measured.band_max_ev - 0.4, relative={365: 0.0 if i % 3 else 0.5}
        )
    found = absorption_point(measured, BENZENE, [(1.0, spectrum(*transitions))], 1.0, StateRules(transfer_ev))
    assert found is not None
    return replace(found, scaffold=f"s{i % 5}")


@pytest.mark.parametrize(
    ("transition", "expected"),
    [
        (FALSE, True),
        (BRIGHT, False),
        (Transition(3.5, 0.005, charge_transfer_permille=900), False),
        (Transition(3.5, 0.02, charge_transfer_permille=990), False),
        (Transition(3.5, 0.005), False),
    ],
)
def test_a_state_counts_that_is_weak_and_moves_charge(transition: Transition, expected: bool) -> None:
    assert is_weak_transfer(transition) is expected
    assert placed_ev(transition, 1.0) == pytest.approx(transition.energy_ev + expected)


def test_only_a_functional_with_little_exact_exchange_is_corrected_in_any_solvent() -> None:
    assert transfer_shift_ev(Level.parse("b3lyp/def2-svp")) == 1.0
    assert transfer_shift_ev(Level.parse("b3lyp/def2-svp@cpcm(acetonitrile)")) == 1.0
    assert transfer_shift_ev(Level.parse("cam-b3lyp/def2-svp")) == 0.0


def test_the_lowest_band_is_the_bright_one_once_the_false_one_is_moved() -> None:
    before = point(0, "nonpolar", FALSE, BRIGHT)
    after = with_transfer_shift(before, 1.5)
    assert before.raw_ev == pytest.approx(3.5, abs=0.05)
    assert after.raw_ev == pytest.approx(4.5, abs=0.05)
    assert after.sticks.energies_ev == (5.0, 4.5)
    assert with_transfer_shift(after, 0.0).raw_ev == pytest.approx(before.raw_ev)
    assert point(0, "nonpolar", FALSE, BRIGHT, transfer_ev=1.5).raw_ev == pytest.approx(after.raw_ev)


def test_a_point_without_another_band_stays_as_it_is() -> None:
    alone = point(0, "nonpolar", replace_energy(FALSE, 5.9))
    assert with_transfer_shift(alone, 2.0) == alone


def test_the_row_names_what_was_moved_from_below_the_band() -> None:
    said = transfer_caveat([spectrum(FALSE, BRIGHT)], 1.0, 4.5)
    assert said.startswith("a weak charge-transfer state, computed at 354 nm")
    assert not transfer_caveat([spectrum(FALSE, BRIGHT)], 0.0, 4.5)
    assert not transfer_caveat([spectrum(BRIGHT)], 1.0, 4.5)
    assert not transfer_caveat([spectrum(FALSE, BRIGHT)], 1.0, 3.2)


def test_both_halves_are_judged_and_the_shift_helps_where_false_states_are() -> None:
    pure = [
        point(i, name, replace_energy(BRIGHT, 4.5 + 0.01 * i))
        for i, name in enumerate(["nonpolar"] * 12 + ["spectra"] * 12)
    ]
    spoilt = [
        point(
            i,
            name,
            replace_energy(FALSE, 3.3 + 0.02 * (i % 7)),
            replace_energy(BRIGHT, 4.5 + 0.01 * i),
            transfer_ev=1.0,
        )
        for i, name in enumerate(["further_maxima"] * 6 + ["further_spectra"] * 6)
    ]
    first, further = transfer_rows([*pure, *spoilt], LINE)
    assert [row.shift_ev for row in further] == list(SHIFTS_EV)
    assert [row.n_moved for row in first] == [0] * len(SHIFTS_EV)
    assert further[0].n_moved == 0
    assert further[3].n_moved == 12
    assert further[3].maxima_ev < further[0].maxima_ev
    assert further[3].spectra.edge_ev < further[0].spectra.edge_ev
    uncorrected = [with_transfer_shift(one, 0.0) for one in (*pure, *spoilt)]
    assert transfer_rows(uncorrected, LINE) == ((), ())


def replace_energy(one: Transition, energy_ev: float) -> Transition:
    return Transition(
        energy_ev, one.oscillator_strength, charge_transfer_permille=one.charge_transfer_permille
    )
