"""The store remembers what it acknowledged, and says clearly what it cannot read."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from actinic.calculations import kinds
from actinic.calculations.ensemble import EnsembleRequest, EnsembleResult
from actinic.calculations.outcome import Failure, Outcome, Provenance
from actinic.calculations.spectrum import SpectrumRequest, SpectrumResult, Transition
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.engines.dft import ScfSettings
from actinic.engines.response import ResponseSettings
from actinic.errors import InputError
from actinic.level import Level
from actinic.screening.store import Store

HERE = Provenance({"actinic": "0"}, "here", "2026-01-01T00:00:00+00:00", 1.0, 0.9, 100.0)
NOTHING = EnsembleResult((), 1, 0, 1, "H2 + O", "broken O1-H2")


def ensemble_of(smiles: str, max_steps: int = 10) -> EnsembleRequest:
    species = Species.from_smiles(smiles, multiplicity=1)
    return EnsembleRequest(
        species, Level.parse("gfn2-xtb"), "tblite", 1, 3.0, 0.3, 1, 0.05, max_steps, 298.15
    )


def spectrum_reaching(cover_ev: float, charge: int = 0) -> SpectrumRequest:
    geometry = Geometry(("O", "H", "H"), (0, 0, 0, 96000, 0, 0, 0, 96000, 0))
    response = ResponseSettings(cover_ev=cover_ev)
    level = Level.parse("b3lyp/def2-svp")
    return SpectrumRequest(geometry, charge, 1, level, ScfSettings(), response, "pyscf")


def spectrum_result(covered_ev: float) -> SpectrumResult:
    transitions = (Transition(5.0, 0.1), Transition(6.0, 0.2), Transition(7.0, 0.3))
    return SpectrumResult(-76.0, -8.0, 1.0, 1.9, transitions, covered_ev, False, "diis")


def test_a_result_comes_back_equal(tmp_path: Path) -> None:
    with Store(tmp_path / "a" / "s.sqlite") as store:
        assert store.lookup(ensemble_of("O")) is None
        store.add(ensemble_of("O"), Outcome(NOTHING, None, HERE))
    with Store(tmp_path / "a" / "s.sqlite", read_only=True) as again:
        assert again.lookup(ensemble_of("O")) == Outcome(NOTHING, None, HERE)
        assert again.lookup(ensemble_of("O", max_steps=11)) is None


def test_the_first_result_is_kept(tmp_path: Path) -> None:
    other = EnsembleResult((), 1, 0, 1, "HO + H", None)
    with Store(tmp_path / "s.sqlite") as store:
        store.add(ensemble_of("O"), Outcome(NOTHING, None, HERE))
        store.add(ensemble_of("O"), Outcome(other, None, HERE))
        outcome = store.lookup(ensemble_of("O"))
    assert outcome is not None
    assert outcome.result == NOTHING


def test_a_failure_is_remembered_until_a_result_replaces_it(tmp_path: Path) -> None:
    failed = Outcome(None, Failure("ConvergenceError", "no luck", "log"), HERE)
    with Store(tmp_path / "s.sqlite") as store:
        store.add(ensemble_of("O"), failed)
        store.add(ensemble_of("O"), failed)
        assert store.lookup(ensemble_of("O")) == failed
        store.add(ensemble_of("O"), Outcome(NOTHING, None, HERE))
        outcome = store.lookup(ensemble_of("O"))
    assert outcome is not None
    assert outcome.result == NOTHING


def test_a_spectrum_that_reaches_further_answers_a_request_for_less(tmp_path: Path) -> None:
    with Store(tmp_path / "s.sqlite") as store:
        store.add(spectrum_reaching(7.5), Outcome(spectrum_result(7.5), None, HERE))
        narrower = store.lookup(spectrum_reaching(6.5))
        assert store.lookup(spectrum_reaching(8.0)) is None
        assert store.lookup(spectrum_reaching(6.5, charge=2)) is None
    assert narrower is not None
    assert isinstance(narrower.result, SpectrumResult)
    assert [t.energy_ev for t in narrower.result.transitions] == [5.0, 6.0]
    assert narrower.result.covered_ev == 6.5


def test_keys_depend_on_every_input_and_on_nothing_else() -> None:
    assert kinds.key(ensemble_of("OCC")) == kinds.key(ensemble_of("CCO"))
    assert kinds.key(ensemble_of("O")) != kinds.key(ensemble_of("O", max_steps=11))
    assert kinds.key(spectrum_reaching(6.5)) != kinds.key(spectrum_reaching(7.0))
    assert kinds.lineage(spectrum_reaching(6.5)) == kinds.lineage(spectrum_reaching(7.0))
    assert 0 <= kinds.seed(kinds.key(ensemble_of("O"))) < 2**31


def test_requests_survive_their_text() -> None:
    for request in (ensemble_of("C[N+](C)(C)C"), spectrum_reaching(6.5)):
        assert kinds.decode_request(kinds.encode(request)) == request


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    script = (
        "import os, signal, sys; sys.path.insert(0, sys.argv[2])\n"
        "from pathlib import Path\n"
        "from test_store import HERE, NOTHING, Outcome, Store, ensemble_of\n"
        "store = Store(Path(sys.argv[1]))\n"
        "store.add(ensemble_of('O'), Outcome(NOTHING, None, HERE))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(path), str(Path(__file__).parent)], check=False)
    with Store(path) as store:
        assert store.lookup(ensemble_of("O")) is not None


def test_what_is_no_store_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such store; run `actinic screen` first"):
        Store(tmp_path / "absent.sqlite", read_only=True)
    text = tmp_path / "text.sqlite"
    text.write_text("smiles\nCCO\n" * 100, encoding="utf-8")
    with pytest.raises(InputError, match="not a store of calculations"):
        Store(text)
    future = tmp_path / "future.sqlite"
    connection = sqlite3.connect(future)
    connection.execute("PRAGMA user_version = 99")
    connection.execute("CREATE TABLE a (b)")
    connection.close()
    with pytest.raises(InputError, match="store of schema 99, this version of actinic reads 2"):
        Store(future)
