"""`actinic status`: failures by what helps, what calculations took, and watching until the run ends."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from actinic import Workflow, read_candidates, screen
from actinic.calculations.outcome import Failure, Outcome, Provenance
from actinic.cli import app
from actinic.cli_status import status
from actinic.reporting.resources import Noted, n_heavy_atoms
from actinic.reporting.standing import run_status
from actinic.screening.folder import RunFolder
from actinic.screening.plan import missing
from actinic.screening.store import Store

TIGHT = Path(__file__).parent / "reference" / "tight.toml"
LIST = "id,smiles\nwater,O\nethanol,CCO\nbad,CO\nworse,CN\nbroken,C1CC\n"
TOOK = Provenance({}, "here", "", 3.0, 2.0, 80.0)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run in which two calculations failed: they were never made, and their failures are made up."""
    folder = tmp_path_factory.mktemp("status")
    listed, flow, out = folder / "list.csv", Workflow.load(TIGHT), RunFolder(folder / "out")
    listed.write_text(LIST, encoding="utf-8")
    rows = list(read_candidates(listed))
    computed = [row for row in rows if row.id not in {"bad", "worse"}]
    screen(computed, flow, out=out.path, store=folder / "s.sqlite")
    out.write_candidates(rows)
    with Store(folder / "s.sqlite") as store:
        for candidate in out.usable_candidates():
            for request in missing(candidate, flow, store.lookup):
                failure = Failure("ConvergenceError", f"{candidate.id} did not settle", "")
                store.add(request, Outcome(None, failure, TOOK))
    return out.path


def said(*arguments: object) -> str:
    done = CliRunner().invoke(app, ["status", *map(str, arguments)], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_failed_calculations_are_grouped_by_what_helps_with_an_example_and_the_command(run: Path) -> None:
    found = run_status(run)
    assert [(one.error_class, one.number) for one in found.failed_classes] == [("ConvergenceError", 2)]
    assert found.failed_classes[0].example == "ensemble for bad: bad did not settle"
    text = " ".join(said(run).split())
    assert "2 ConvergenceError, as in ensemble for bad: bad did not settle" in text
    assert f"again: actinic retry {run} --only ConvergenceError".replace(" ", "") in text.replace(" ", "")


def test_rows_that_failed_without_a_calculation_are_told_apart(run: Path) -> None:
    found = run_status(run)
    assert found.counts["failed"] == 3
    assert list(found.failures.values()) == [["broken"]]


def test_what_the_results_took_is_told_by_kind_and_heavy_atom(run: Path) -> None:
    (ensembles,) = run_status(run).used
    assert (ensembles.kind, ensembles.number, ensembles.largest_heavy_atoms) == ("ensemble", 2, 3)
    assert ensembles.core_s > 0
    assert ensembles.core_s_per_heavy_atom < ensembles.core_s
    assert ensembles.peak_memory_mb > 10
    assert "core-s per" in said(run)


def test_the_share_of_a_heavy_atom_is_the_mean_over_the_results(run: Path) -> None:
    with Store(run.parent / "s.sqlite", read_only=True) as store:
        noted = Noted(lambda request: took(store.lookup(request)))
        for candidate in RunFolder(run).usable_candidates():
            missing(candidate, Workflow.load(TIGHT), noted)
    (ensembles,) = noted.used()
    assert ensembles.core_s == 4.0
    assert ensembles.core_s_per_heavy_atom == pytest.approx((2 / 1 + 2 / 3) / 2)


def test_results_that_needed_other_settings_are_counted_by_kind_and_settings(run: Path) -> None:
    assert run_status(run).settings == {}
    with Store(run.parent / "s.sqlite", read_only=True) as store, Store(run.parent / "other.sqlite") as other:
        for candidate in RunFolder(run).usable_candidates():
            for request in missing(candidate, Workflow.load(TIGHT), lambda _: None):
                outcome = store.lookup(request)
                if outcome is not None and outcome.result is not None:
                    other.add(request, msgspec.structs.replace(outcome, rung="shorter steps"))
    folder = RunFolder(run)
    record = folder.read_record()
    folder.write_record(record | {"store": str(run.parent / "other.sqlite")})
    try:
        assert run_status(run).settings == {"ensemble with shorter steps": 2}
        assert "2  ensemble with shorter steps" in said(run)
    finally:
        folder.write_record(record)


def took(outcome: Outcome | None) -> Outcome | None:
    return None if outcome is None else msgspec.structs.replace(outcome, provenance=TOOK)


def test_heavy_atoms_are_those_of_the_molecule(run: Path) -> None:
    flow, listed = Workflow.load(TIGHT), RunFolder(run).usable_candidates()
    sizes = {one.id: n_heavy_atoms(missing(one, flow, lambda _: None)[0]) for one in listed}
    assert sizes == {"water": 1, "ethanol": 3, "bad": 2, "worse": 2}


def test_watching_a_run_that_ended_tells_how_it_stands_and_returns(run: Path) -> None:
    assert said(run, "--watch") == said(run)


@pytest.fixture
def running(run: Path) -> Iterator[RunFolder]:
    """The same run as if this test's child computed it; ended by killing that."""
    folder = RunFolder(run)
    record = folder.read_record()
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as driver:
        folder.write_record(record | {"state": "running", "pid": driver.pid})
        yield folder
        driver.kill()
    folder.write_record(record)


def test_watching_goes_on_until_the_driver_is_gone(running: RunFolder) -> None:
    pid = running.read_record()["pid"]
    threading.Timer(1.0, os.kill, (pid, signal.SIGKILL)).start()
    start_s = time.monotonic()
    text = said(running.path, "--watch", "--every", "0.1")
    assert time.monotonic() - start_s > 0.9
    assert text.count("running, pid") >= 2
    assert "its driver is gone" in text


def test_ctrl_c_ends_the_watching_and_not_the_run(
    running: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        status(running.path, watch=True, every=30.0)
    finally:
        signal.signal(signal.SIGINT, before)
    assert "running, pid" in capsys.readouterr().out
    os.kill(running.read_record()["pid"], 0)
