"""The comparison of whole and trimmed spectra counts what it says: signs, thresholds, core-seconds."""

from pathlib import Path

import msgspec
import pytest
from benchmarks import trimmed_spectra
from benchmarks.trimmed_spectra import MOLECULES, compared, errors

from actinic.calculations.ensemble import EnsembleRequest
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Outcome
from actinic.calculations.spectrum import SpectrumRequest, SpectrumResult, Transition
from actinic.chemistry.absorbing_part import absorbing_part
from actinic.chemistry.species import Species
from actinic.screening.forecast import NOWHERE, stand_in
from actinic.screening.store import Store
from support.driving import NOW

TAIL = "CCCCCCc1ccc(N=[N+]=[N-])cc1"


def made_up(request: Request) -> Outcome:
    """A larger molecule absorbs further to the red and half as strongly; a spectrum takes 10 s an atom."""
    if isinstance(request, SpectrumRequest):
        heavy = request.geometry.n_heavy_atoms
        states = (Transition(6.0 - 0.01 * heavy, 4.0 / heavy),)
        made = SpectrumResult(0.0, -6.0, -1.0, 2.0, states, 6.8, False, "")
        return Outcome(made, None, msgspec.structs.replace(NOW, cpu_s=10.0 * heavy))
    assert isinstance(request, EnsembleRequest)
    return Outcome(stand_in(request), None, NOWHERE)


def test_whole_and_trimmed_are_compared_with_the_time_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(Path(":memory:")) as store:
        assert compared(TAIL, 2, False, store, compute=False) is None
        monkeypatch.setattr(trimmed_spectra, "computed", made_up)
        row = compared(TAIL, 2, False, store, compute=True)
        assert row is not None
        assert compared(TAIL, 2, False, store, compute=False) == row
        assert compared("CCc1ccccc1", 2, False, store, compute=True) is None
    assert (row["full"]["core_s"], row["trimmed"]["core_s"]) == (150.0, 110.0)
    assert row["model"] == Species.from_smiles("CCc1ccc(N=[N+]=[N-])cc1", multiplicity=1).smiles
    assert row["full"]["band_max_nm"] > row["trimmed"]["band_max_nm"]
    found = errors([row])
    line = 0.77  # about the slope of the calibration: the raw shift of 0.04 eV shrinks with it
    assert found["band_max_shift_ev"]["largest"] == pytest.approx(0.04 * line, abs=0.012)
    assert found["core_s"] == {"full": 150.0, "trimmed": 110.0}


def test_errors_keep_their_sign_and_silent_lines_are_left_out() -> None:
    def side(maximum_nm: float, at_254: float, at_365: float) -> dict[str, float]:
        named = (at_254, at_365)
        lines = dict(zip(trimmed_spectra.LINES, named, strict=True))
        return {"band_max_nm": maximum_nm, "s1_raw_ev": maximum_nm / 100, "core_s": 1.0} | lines

    rows = [
        {"full": side(300.0, 1000.0, 5.0), "trimmed": side(290.0, 100.0, 50.0)},
        {"full": side(300.0, 1000.0, 50.0), "trimmed": side(300.0, 1000.0, 100.0)},
    ]
    found = errors(rows)
    assert found["band_max_shift_ev"]["largest"] == pytest.approx(1239.842 * (1 / 290 - 1 / 300), abs=1e-3)
    assert found["band_max_shift_ev"]["n"] == 2
    assert "band_edge_shift_ev" not in found
    assert found["absorptivity_254_nm_log10_ratio"] == {
        "n": 2, "rms": 0.707, "median": 0.5, "largest": -1.0,
    }  # fmt: skip
    alone = {"n": 1, "rms": 0.301, "median": 0.301, "largest": 0.301}
    assert found["absorptivity_365_nm_log10_ratio"] == alone
    assert found["s1_raw_shift_ev"]["largest"] == -0.1
    assert errors([]) == {"core_s": {"full": 0, "trimmed": 0}}


def test_every_molecule_of_the_comparison_is_cut_and_three_are_doubles() -> None:
    parts = [absorbing_part(Species.from_smiles(smiles, multiplicity=1), 2) for smiles in MOLECULES]
    assert all(parts)
    assert [part.copies for part in parts if part].count(2) == 3
    assert max(part.n_heavy for part in parts if part) <= 26
