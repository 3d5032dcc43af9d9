"""The command line in this process, with calculations that take no time."""

import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest

from actinic import api, cli
from actinic.calculations import kinds
from actinic.calculations.ensemble import Conformer, EnsembleRequest, EnsembleResult
from actinic.calculations.outcome import Failure, Outcome, Provenance
from actinic.chemistry.geometry import Geometry
from actinic.screening.chunks import Hint
from actinic.screening.cluster import ClusterSettings
from actinic.screening.limits import Limit

HERE = Provenance({}, "here", "", 0.0, 0.0, 0.0)
NO = Failure("InputError", "=no", "")


def conformers_in_a_row(request: EnsembleRequest) -> EnsembleResult:
    symbols = [atom.GetSymbol() for atom in request.species.molecule().GetAtoms()]
    positions = np.array([[float(i), 0.0, 0.0] for i in range(len(symbols))])
    made = Conformer(Geometry.from_angstrom(symbols, positions), -1.0, 1, 1.0, -9.0, 1.0, 1.0)
    return EnsembleResult((made,), 1, 0, 0, None, None)


class InstantPool:
    """Ensembles at once; whatever is dearer is refused."""

    memory_mb = most_memory_mb = 1000.0
    slots = 4

    def __init__(self, settings: ClusterSettings, folder: Path) -> None:
        self._waiting: list[tuple[str, bytes]] = []

    @property
    def has_room(self) -> bool:
        return len(self._waiting) < 4

    def submit(self, key: str, request: bytes, limit: Limit, hint: Hint) -> None:
        self._waiting.append((key, request))

    def completed(self, timeout_s: float) -> list[tuple[str, bytes | BaseException]]:
        key, text = self._waiting.pop(0)
        request = kinds.decode_request(text)
        if isinstance(request, EnsembleRequest):
            return [(key, msgspec.json.encode(Outcome(conformers_in_a_row(request), None, HERE)))]
        return [(key, msgspec.json.encode(Outcome(None, NO, HERE)))]

    def __enter__(self) -> "InstantPool":
        return self

    def __exit__(self, *_: object) -> None:
        self._waiting.clear()


CommandLine = Callable[..., int]


@pytest.fixture
def actinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """Runs a command in `tmp_path` and returns its exit status; any other exception is a crash."""

    def run(*arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", ["actinic", *map(str, arguments)])
        try:
            cli.main()
        except SystemExit as left:
            return int(left.code or 0)
        return 0

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(api, "Pool", InstantPool)
    return run
