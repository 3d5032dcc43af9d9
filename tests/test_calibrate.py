"""Own measurements of a run become a correction in a workflow file, and a report ranks with it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from actinic import Workflow, api, read_candidates
from actinic.analysis.calibration import absorption_calibration
from actinic.analysis.heat_classes import class_of, class_value
from actinic.calculations.ensemble import Conformer, EnsembleResult
from actinic.calculations.kinds import Result
from actinic.calculations.outcome import Outcome, Provenance
from actinic.calculations.spectrum import SpectrumResult, Transition
from actinic.chemistry.candidates import Candidate
from actinic.chemistry.geometry import Geometry
from actinic.cli import app
from actinic.errors import InputError
from actinic.level import Level
from actinic.own_measurements import own_calibration, with_local_calibration
from actinic.screening.folder import RunFolder
from actinic.screening.plan import progress
from actinic.screening.store import Arrived, Store

LIST = (
    "id,smiles\nfirst,c1ccccc1O\nsecond,c1ccccc1N\nthird,c1ccccc1C\nfourth,c1ccccc1F\n"
    "boc,CC(C)(C)OC(=O)NC\nboc-2,CC(C)(C)OC(=O)NCC\ndiazirine,FC(F)(F)C1(c2ccccc2)N=N1\nvinyl,C=C(C)C(=O)OC\n"
)
RAW_EV = {
    "first": 4.6,
    "second": 4.2,
    "third": 5.0,
    "fourth": 5.1,
    "boc": 5.2,
    "boc-2": 5.25,
    "diazirine": 3.9,
    "vinyl": 5.3,
}


def _workflow() -> Workflow:
    flow = Workflow.load("photo-ligand")
    assert flow.spectrum is not None
    spectrum = flow.spectrum.model_copy(update={"conformers": 1})
    return flow.model_copy(update={"spectrum": spectrum, "sampling": None, "reactions": None})


def _result(raw_ev: float, *, is_ensemble: bool) -> Result:
    if is_ensemble:
        geometry = Geometry.from_angstrom(("H", "H"), np.array([[0.0, 0.0, 0.0], [0.0, 0.0, raw_ev / 5]]))
        conformer = Conformer(geometry, -1.0, 1, 1.0, -10.0, -2.0, 0.0)
        return EnsembleResult((conformer,), 1, 0, 0, None, None)
    return SpectrumResult(-1.0, -6.0, -1.0, 0.0, (Transition(raw_ev, 0.02),), 6.5, False, "diis")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A finished run of some molecules whose calculations are made up."""
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    folder, flow = RunFolder(tmp_path / "run"), _workflow()
    folder.write_candidates(read_candidates(tmp_path / "list.csv"))
    folder.write_workflow(flow)
    record = {"state": "finished", "store": str(tmp_path / "s.sqlite"), "pid": 1, "host": "here"}
    folder.write_record(
        record | {"in_flight": [], "calculations": {"computed": 8, "reused": 0, "failed": 0}, "workflow": {}}
    )
    provenance = Provenance({}, "", "", 0.0, 1.0, 0.0)
    with Store(tmp_path / "s.sqlite") as store:
        for row in folder.rows():
            assert isinstance(row, Candidate)
            for is_ensemble in (True, False):
                (request,) = progress(row, flow, store.lookup).missing
                outcome = Outcome(_result(RAW_EV[row.id], is_ensemble=is_ensemble), None, provenance)
                store.add_all([Arrived(request, outcome)])
    return tmp_path


def _measured(folder: Path, text: str) -> Path:
    path = folder / "measured.csv"
    path.write_text(text, encoding="utf-8")
    return path


def _off_by(shift_ev: float, names: list[str]) -> str:
    """Maxima that lie `shift_ev` from where the shipped line puts them."""
    line = absorption_calibration(Level.parse("cam-b3lyp/def2-svp"))
    assert line is not None
    rows = [f"{n},{1239.842 / (RAW_EV[n] + line.shift_ev(RAW_EV[n]) + shift_ev):.4f}" for n in names]
    return "\n".join(["id,band_max_nm", *rows])


def test_a_common_difference_is_found_and_drawn_towards_none(run: Path) -> None:
    found = own_calibration(_measured(run, _off_by(-0.2, ["first", "second", "third"])), run / "run")
    shift = found.calibration.absorption
    assert shift is not None
    assert [one.measured - one.predicted for one in found.comparisons] == pytest.approx([-0.2] * 3, abs=2e-3)
    assert -0.2 < shift.shift_ev < -0.05
    assert shift.n == 3


def test_a_molecule_is_found_by_its_structure(run: Path) -> None:
    found = own_calibration(_measured(run, "smiles,band_max_nm\nOc1ccccc1,280\nCCO,200\n"), run / "run")
    assert [one.id for one in found.comparisons] == ["first"]
    assert len(found.unused) == 1
    assert "line 3" in found.unused[0]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("id,colour\nfirst,red\n", "expected rows with columns"),
        ("id,band_max_nm\nfirst,blue\n", "expected a number"),
        ("id,band_max_nm\nfirst,3.4\n", "wavelength"),
        ("id,film_homo_ev\nfirst,5.3\n", "below 0"),
        ("id,decomposition_c\nboc,220\n", "decomposition_c without heating_k_min: the peak of a scan moves"),
        ("id,decomposition_c,heating_k_min\nboc,220,\n", "line 2: decomposition_c without heating_k_min"),
        ("id,decomposition_c,heating_k_min\nboc,220,fast\n", "heating_k_min = 'fast', expected a number"),
        ("id,decomposition_c,heating_k_min\nboc,220,0\n", "a rate of 0.01 to 1000 K/min"),
        ("id,decomposition_c,heating_k_min\nboc,2200,10\n", "a temperature of 30 to 800 C"),
        ("id,decomposition_c,heating_k_min\nvinyl,180,10\n", "nothing in it can be compared"),
        ("id,band_max_nm\nnobody,300\n", "nothing in it can be compared"),
        ("id,film_homo_ev\nfirst,-5.3\n", "nothing in it can be compared"),
    ],
)
def test_what_cannot_be_used_is_said(run: Path, text: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        own_calibration(_measured(run, text), run / "run")


def test_the_command_writes_a_workflow_and_a_report_ranks_with_it(run: Path) -> None:
    Path(run / "mine.toml").write_bytes(Path("workflows/photo-ligand.toml").read_bytes())
    measured = _measured(run, _off_by(-0.2, ["first", "second", "third"]))
    command = ["calibrate", measured, "--run", run / "run", "--workflow", run / "mine.toml"]
    done = CliRunner().invoke(app, [str(part) for part in command])
    assert done.exit_code == 0, done.output
    local = Workflow.load(run / "mine.local.toml").local
    assert local.absorption is not None
    before = api.report(run / "run").set_index("id")
    flow = _workflow().model_copy(
        update={"local_calibration": Workflow.load(run / "mine.local.toml").local_calibration}
    )
    after = api.report(run / "run", workflow=flow).set_index("id")
    moved_nm = (after["band_max_nm"] - before["band_max_nm"]).astype(float)
    assert moved_nm["fourth"] > 3
    assert "after 3 own measurements" in str(after.loc["fourth", "caveats"])
    assert "after 3 own measurements" in (run / "run" / "report.html").read_text(encoding="utf-8")


SCANS = "id,decomposition_c,heating_k_min\nboc,{},10\nboc-2,{},10\n"


def _activation_c(folder: Path) -> dict[str, float]:
    table = api.report(folder).set_index("id")
    return {str(name): float(value) for name, value in table["activation_temperature_c"].items()}


def test_the_peak_of_a_scan_is_converted_with_its_heating_rate(run: Path) -> None:
    predicted_c = _activation_c(run / "run")["boc"]
    found = [
        own_calibration(_measured(run, f"id,decomposition_c,heating_k_min\nboc,240,{rate}\n"), run / "run")
        for rate in (1, 10, 20)
    ]
    barriers = [one.comparisons[0].measured for one in found]
    assert barriers == sorted(barriers, reverse=True)  # the same peak at a slower rate is a higher barrier
    law = class_value(class_of("tert-alkyl-carbamate"))
    assert law is not None
    peak_c = law.law.scan_peak_k(10) - 273.15
    assert 35 < peak_c - predicted_c < 70
    same = own_calibration(
        _measured(run, f"id,decomposition_c,heating_k_min\nboc,{peak_c:.3f},10\n"), run / "run"
    )
    (one,) = same.comparisons
    assert one.measured == pytest.approx(one.predicted, abs=0.01)
    assert f"half in 30 min at {predicted_c:.0f} C; predicted {predicted_c:.0f} C" in one.said


def test_own_scans_move_barriers_are_drawn_towards_none_and_the_report_says_so(run: Path) -> None:
    before = _activation_c(run / "run")
    (run / "mine.toml").write_bytes(Path("workflows/photo-ligand.toml").read_bytes())
    measured = _measured(run, SCANS.format(200, 204))
    command = ["calibrate", measured, "--run", run / "run", "--workflow", run / "mine.toml"]
    done = CliRunner().invoke(app, [str(part) for part in command])
    assert done.exit_code == 0, done.output
    assert "half in 30 min at" in done.output
    local = Workflow.load(run / "mine.local.toml").local
    assert local.heat is not None
    compared = own_calibration(measured, run / "run").comparisons
    asked = np.mean([one.measured - one.predicted for one in compared])
    assert asked < local.heat.shift_kcal_mol < 0
    section = Workflow.load(run / "mine.local.toml").local_calibration
    api.report(run / "run", workflow=_workflow().model_copy(update={"local_calibration": section}))
    after = pd.read_csv(run / "run" / "ranked.csv").set_index("id")
    moved = after["activation_temperature_c"].to_dict()
    assert before["boc"] - 60 < moved["boc"] < before["boc"] - 2
    assert moved["diazirine"] < before["diazirine"]
    assert moved["vinyl"] == before["vinyl"]  # what softens the film is no barrier
    said = "barriers moved by"
    assert said in str(after.loc["boc", "caveats"])
    page = (run / "run" / "report.html").read_text(encoding="utf-8")
    assert "Barriers of heat" in page
    assert "after 2 own measurements" in page


def test_what_follows_a_correction_in_the_file_stays(run: Path) -> None:
    found = own_calibration(_measured(run, _off_by(-0.2, ["first"])), run / "run").calibration
    text = 'a = 1\n\n[local_calibration]\nsource = "x"\n\n# ---- Limits\n[limits]\nensemble_s = 5\n'
    changed = with_local_calibration(text, found)
    assert "# ---- Limits\n[limits]\nensemble_s = 5\n" in changed
    assert 'source = "x"' not in changed


def test_writing_twice_leaves_one_correction(run: Path) -> None:
    text = Path("workflows/photo-ligand.toml").read_text(encoding="utf-8")
    found = own_calibration(_measured(run, _off_by(-0.2, ["first", "second"])), run / "run").calibration
    once = with_local_calibration(text, found)
    assert with_local_calibration(once, found) == once
    assert once.count("[local_calibration.absorption]") == 1
    assert Workflow.parse(once, "x").local.absorption == Workflow.parse(once, "y").local.absorption
