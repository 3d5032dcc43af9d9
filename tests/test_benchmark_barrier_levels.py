"""Barriers of shipped searches at another level, with single points made up."""

from importlib.resources import files
from pathlib import Path

import pytest
from benchmarks import barrier_levels

from actinic.analysis.path_searches import searched_barriers
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Outcome, Provenance
from actinic.calculations.path_energy import PathEnergyRequest, PathEnergyResult
from actinic.level import Level
from actinic.screening.store import Store
from actinic.screening.store_export import import_results
from actinic.units import HARTREE_KCAL_MOL

LOWER_BY = 8.0


def test_the_summit_is_computed_once_more_and_the_mean_lies_between(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    barrier = next(one for one in searched_barriers() if one.id == "isopropyl-formate")

    def made_up(request: Request) -> Outcome:
        assert isinstance(request, PathEnergyRequest)
        asked.append(request)
        top = (51.98 - LOWER_BY) / HARTREE_KCAL_MOL
        result = PathEnergyResult(0.0, (top,), 0, (0.0,), 0.0, top)
        return Outcome(result, None, Provenance({}, "", "", 1.0, 1.0, 0.0))

    monkeypatch.setattr(barrier_levels, "computed", made_up)
    with Store(tmp_path / "store.sqlite") as store:
        import_results(store, Path(str(files("actinic") / "reference" / "barriers" / "paths.jsonl.gz")))
        lines = [barrier_levels.beside(barrier, store, Level.parse("r2scan-3c")) for _ in range(2)]
    (request,) = asked  # remembered the second time
    assert (len(request.frames), request.climb, str(request.level)) == (1, False, "r2scan-3c")
    assert lines[0] == lines[1]
    assert lines[0] is not None
    errors = lines[0]["error_kcal_mol"]
    assert errors["r2scan-3c"] == pytest.approx(errors["wb97x-d3/def2-svp"] - LOWER_BY, abs=0.02)
    assert errors["mean"] == pytest.approx(errors["wb97x-d3/def2-svp"] - LOWER_BY / 2, abs=0.02)


def test_a_search_that_was_not_run_has_no_line(tmp_path: Path) -> None:
    with Store(tmp_path / "store.sqlite") as store:
        assert barrier_levels.beside(searched_barriers()[0], store, Level.parse("r2scan-3c")) is None
