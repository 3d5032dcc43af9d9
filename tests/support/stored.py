"""Stores of made-up results."""

from pathlib import Path

from actinic.calculations.ensemble import EnsembleRequest, EnsembleResult
from actinic.calculations.outcome import Failure, Outcome, Provenance
from actinic.chemistry.species import Species
from actinic.level import Level
from actinic.screening.store import Arrived, Store

HERE = Provenance({"actinic": "0"}, "here", "2026-01-01T00:00:00+00:00", 1.0, 0.9, 100.0)
FAILED = Outcome(None, Failure("EngineError", "signal SIGSEGV", "log" * 500), HERE)


def request(n: int) -> EnsembleRequest:
    species = Species("O", 0, 1)
    return EnsembleRequest(species, Level.parse("gfn2-xtb"), "tblite", n, 3.0, 0.3, 1, 0.05, 10, 298.15)


def found(n: int) -> Outcome:
    """Five kilobytes, as long as a usual result."""
    return Outcome(EnsembleResult((), n, 0, 1, "H2 + O" * 800, None), None, HERE)


def filled(path: Path, number: int = 200) -> Path:
    with Store(path) as store:
        store.add_all(Arrived(request(n), found(n)) for n in range(1, number + 1))
    return path
