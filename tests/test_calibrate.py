"""Own measurements of a run become a correction in a workflow file, and a report ranks with it."""

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from actinic import Workflow, api, read_candidates
from actinic.analysis.calibration import absorption_calibration
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

LIST = "id,smiles\nfirst,c1ccccc1O\nsecond,c1ccccc1N\nthird,c1ccccc1C\nfourth,c1ccccc1F\n"
RAW_EV = {"first": 4.6, "second": 4.2, "third": 5.0, "fourth": 5.1}


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
    """A finished run of four molecules whose calculations are made up."""
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
    line = absorption_calibration(Level.parse("b3lyp/def2-svp"))
    assert line is not None
    rows = [f"{n},{1239.842 / (RAW_EV[n] + line.shift_ev(RAW_EV[n]) + shift_ev):.4f}" for n in names]
    return "\n".join(["id,band_max_nm", *rows])


def test_a_common_difference_is_found_and_drawn_towards_none(run: Path) -> None:
    found = own_calibration(_measured(run, _off_by(-0.2, ["first", "second", "third"])), run / "run")
    shift = found.calibration.absorption
    assert shift is not None
    assert [one.measured_ev - one.predicted_ev for one in found.comparisons] == pytest.approx(
        [-0.2] * 3, abs=2e-3
    )
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
