"""An export carries results from one store to another, and is read as it stands."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from actinic.calculations import kinds, spectrum
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
from actinic.screening.store_export import (
    ExportedResults,
    Imported,
    Noting,
    export,
    import_results,
    layered,
)

HERE = Provenance({"actinic": "0"}, "here", "2026-01-01T00:00:00+00:00", 1.0, 0.9, 100.0)
NOTHING = EnsembleResult((), 1, 0, 1, "H2 + O", "broken O1-H2")


def ensemble_of(smiles: str) -> EnsembleRequest:
    species = Species.from_smiles(smiles, multiplicity=1)
    return EnsembleRequest(species, Level.parse("gfn2-xtb"), "tblite", 1, 3.0, 0.3, 1, 0.05, 10, 298.15)


def spectrum_reaching(cover_ev: float) -> SpectrumRequest:
    geometry = Geometry(("O", "H", "H"), (0, 0, 0, 96000, 0, 0, 0, 96000, 0))
    level, response = Level.parse("b3lyp/def2-svp"), ResponseSettings(cover_ev=cover_ev)
    return SpectrumRequest(geometry, 0, 1, level, ScfSettings(), response, "pyscf")


def spectrum_result(covered_ev: float) -> SpectrumResult:
    transitions = (Transition(5.0, 0.1), Transition(6.0, 0.2), Transition(7.0, 0.3))
    return SpectrumResult(-76.0, -8.0, 1.0, 1.9, transitions, covered_ev, False, "diis")


WATER, AMMONIA = ensemble_of("O"), ensemble_of("N")
FAILED = Outcome(None, Failure("ConvergenceError", "no luck", "log"), HERE)


def filled(folder: Path) -> Store:
    store = Store(folder / "s.sqlite")
    store.add(WATER, Outcome(NOTHING, None, HERE, "more steps"))
    store.add(spectrum_reaching(7.5), Outcome(spectrum_result(7.5), None, HERE))
    store.add(AMMONIA, FAILED)
    return store


def lines_of(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rb") as file:
        return [json.loads(line) for line in file]


def write_lines(path: Path, lines: list[dict[str, Any]]) -> Path:
    path.write_bytes(gzip.compress(b"".join(json.dumps(line).encode() + b"\n" for line in lines)))
    return path


def test_an_export_is_sorted_json_lines_of_results(tmp_path: Path) -> None:
    with filled(tmp_path) as store:
        assert export(store, tmp_path / "e.jsonl.gz") == 2
    lines = lines_of(tmp_path / "e.jsonl.gz")
    keys = [line["key"] for line in lines]
    assert keys == sorted([kinds.key(WATER), kinds.key(spectrum_reaching(7.5))])
    water = lines[keys.index(kinds.key(WATER))]
    assert (water["kind"], water["rung"]) == ("ensemble", "more steps")
    assert water["request"]["species"]["smiles"] == "O"
    assert water["provenance"]["host"] == "here"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_equal_results_give_equal_bytes_whatever_order_they_came_in(tmp_path: Path) -> None:
    with filled(tmp_path) as store:
        export(store, tmp_path / "a.jsonl.gz")
    with Store(tmp_path / "other.sqlite") as other:
        other.add(spectrum_reaching(7.5), Outcome(spectrum_result(7.5), None, HERE))
        other.add(WATER, Outcome(NOTHING, None, HERE, "more steps"))
        export(other, tmp_path / "b.jsonl.gz")
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()


def test_a_selection_is_written_alone_and_an_absent_key_is_said(tmp_path: Path) -> None:
    with filled(tmp_path) as store:
        assert export(store, tmp_path / "e.jsonl.gz", {kinds.key(WATER)}) == 1
        before = (tmp_path / "e.jsonl.gz").read_bytes()
        with pytest.raises(InputError, match=f"has no result {kinds.key(AMMONIA)}"):
            export(store, tmp_path / "e.jsonl.gz", {kinds.key(WATER), kinds.key(AMMONIA)})
    assert (tmp_path / "e.jsonl.gz").read_bytes() == before


def test_what_answers_is_noted_even_when_it_reaches_further(tmp_path: Path) -> None:
    with filled(tmp_path) as store:
        noting = Noting(store)
        answer = noting(spectrum_reaching(6.5))
        assert noting(AMMONIA) == FAILED
        assert answer == store.lookup(spectrum_reaching(6.5))
    assert noting.keys == {kinds.key(spectrum_reaching(7.5))}


def test_an_import_adds_what_is_new_and_clears_its_failure(tmp_path: Path) -> None:
    with filled(tmp_path) as store:
        export(store, tmp_path / "e.jsonl.gz")
        assert import_results(store, tmp_path / "e.jsonl.gz") == Imported(0, 2, 0)
    with Store(tmp_path / "other.sqlite") as other:
        other.add(WATER, FAILED)
        assert import_results(other, tmp_path / "e.jsonl.gz") == Imported(2, 0, 0)
        assert other.lookup(WATER) == Outcome(NOTHING, None, HERE, "more steps")
        assert list(other.failures()) == []
        export(other, tmp_path / "back.jsonl.gz")
    assert (tmp_path / "back.jsonl.gz").read_bytes() == (tmp_path / "e.jsonl.gz").read_bytes()


def test_an_export_is_looked_up_like_a_store(tmp_path: Path) -> None:
    with filled(tmp_path) as store:
        export(store, tmp_path / "e.jsonl.gz")
        known = ExportedResults(tmp_path / "e.jsonl.gz")
        for request in (WATER, spectrum_reaching(7.5), spectrum_reaching(6.5)):
            assert known.lookup(request) == store.lookup(request) is not None
    assert (len(known), known.skipped) == (2, 0)
    assert known.lookup(AMMONIA) is known.lookup(spectrum_reaching(8.0)) is None


def test_the_nearest_reach_answers(tmp_path: Path) -> None:
    with Store(tmp_path / "s.sqlite") as store:
        for cover_ev in (9.0, 7.5):
            capped = SpectrumResult(-1.0, -8.0, cover_ev, 1.9, (), cover_ev, True, "diis")
            store.add(spectrum_reaching(cover_ev), Outcome(capped, None, HERE))
        export(store, tmp_path / "e.jsonl.gz")
        outcome = ExportedResults(tmp_path / "e.jsonl.gz").lookup(spectrum_reaching(7.0))
        assert outcome == store.lookup(spectrum_reaching(7.0))
    assert outcome is not None
    assert isinstance(outcome.result, SpectrumResult)
    assert outcome.result.lumo_ev == 7.5


def test_the_first_result_of_several_lookups_counts_and_a_failure_only_without_one() -> None:
    found, other = (Outcome(NOTHING, None, HERE), Outcome(spectrum_result(7.5), None, HERE))
    nothing, failing = (lambda _: None), (lambda _: FAILED)
    assert layered(nothing, failing, lambda _: found, lambda _: other)(WATER) == found
    assert layered(nothing, failing)(WATER) == FAILED
    assert layered(nothing)(WATER) is None


def test_results_of_another_version_are_skipped_and_counted(tmp_path: Path) -> None:
    with filled(tmp_path) as store:
        export(store, tmp_path / "e.jsonl.gz")
    lines = lines_of(tmp_path / "e.jsonl.gz")
    lines = [line | {"version": 99} if line["kind"] == "ensemble" else line for line in lines]
    changed = write_lines(tmp_path / "changed.jsonl.gz", lines)
    with Store(tmp_path / "other.sqlite") as other:
        assert import_results(other, changed) == Imported(1, 0, 1)
    assert ExportedResults(changed).skipped == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"key": "0" * 64}, "line 2: .* is not that of its request"),
        ({"result": {"type": "nonsense"}}, "line 2: "),
        ({"kind": "spectrum", "version": spectrum.VERSION}, "do not belong together"),
    ],
)
def test_a_line_that_was_tampered_with_stops_the_whole_import(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    with filled(tmp_path) as store:
        export(store, tmp_path / "e.jsonl.gz")
    lines = sorted(lines_of(tmp_path / "e.jsonl.gz"), key=lambda line: str(line["kind"]), reverse=True)
    bad = write_lines(tmp_path / "bad.jsonl.gz", [lines[0], lines[1] | change])
    with Store(tmp_path / "other.sqlite") as other:
        with pytest.raises(InputError, match=said):
            import_results(other, bad)
        assert list(other.records()) == []
    with pytest.raises(InputError, match=said):
        ExportedResults(bad)


def test_what_is_no_export_is_refused(tmp_path: Path) -> None:
    with filled(tmp_path) as store:
        export(store, tmp_path / "e.jsonl.gz")
    whole = (tmp_path / "e.jsonl.gz").read_bytes()
    (tmp_path / "cut.jsonl.gz").write_bytes(whole[:-40])
    (tmp_path / "text.jsonl.gz").write_text("smiles\nCCO\n", encoding="utf-8")
    for name in ("cut.jsonl.gz", "text.jsonl.gz", "absent.jsonl.gz"):
        with pytest.raises(InputError, match=f"{name}.*: not an export of results"):
            ExportedResults(tmp_path / name)
