"""Shipped calculations outlive the version of their kind, and say so."""

from pathlib import Path

import numpy as np
import pytest

from actinic.calculations import kinds
from actinic.calculations.ensemble import EnsembleResult
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Outcome, Provenance
from actinic.calculations.spectrum import SpectrumResult, Transition
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.errors import InputError
from actinic.screening.absorption_references import absorption_workflow
from actinic.screening.light import spectrum_request
from actinic.screening.participants import ensemble_request
from actinic.screening.shipped import Shipped
from actinic.screening.store import Arrived, Store
from actinic.screening.store_export import export

WATER = Species.from_smiles("O", multiplicity=1)


def _requests() -> tuple[Request, Request]:
    flow = absorption_workflow("spectra")
    assert flow.spectrum is not None
    geometry = Geometry.from_angstrom(("O", "H", "H"), np.array([[0, 0, 0], [0, 0, 0.96], [0.93, 0, -0.24]]))
    return ensemble_request(WATER, flow.ensemble), spectrum_request(WATER, geometry, flow, flow.spectrum)


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """An export of an ensemble and a spectrum, both made up."""
    results: tuple[kinds.Result, kinds.Result] = (
        EnsembleResult((), 1, 0, 1, "H2O", None),
        SpectrumResult(-76.0, -8.0, 1.0, 2.0, (Transition(7.5, 0.1),), 6.5, False, "diis"),
    )
    provenance = Provenance({}, "", "", 0.0, 1.0, 0.0)
    with Store(tmp_path / "s.sqlite") as store:
        pairs = zip(_requests(), results, strict=True)
        store.add_all(Arrived(request, Outcome(result, None, provenance)) for request, result in pairs)
        export(store, tmp_path / "all.jsonl.gz")
    return tmp_path / "all.jsonl.gz"


def _older(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Raise the version of one kind."""
    table = {
        request: kinds.Kind(kind.name, kind.version + (kind.name == name), kind.compute)
        for request, kind in kinds.KINDS.items()
    }
    monkeypatch.setattr(kinds, "KINDS", table)


def test_results_of_this_version_are_handed_out_and_nothing_is_outdated(exported: Path) -> None:
    lookup = Shipped(exported)
    assert lookup.outdated == {}
    assert all(lookup(request) is not None for request in _requests())


@pytest.mark.parametrize("name", ["ensemble", "spectrum"])
def test_results_of_an_older_version_are_handed_out_and_named(
    exported: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [Shipped(exported)(request) for request in _requests()]
    version = next(kind.version for kind in kinds.KINDS.values() if kind.name == name)
    _older(name, monkeypatch)
    lookup = Shipped(exported)
    assert lookup.outdated == {name: version}
    assert [lookup(request) for request in _requests()] == before


def test_what_was_not_asked_then_is_not_answered_now(exported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _older("ensemble", monkeypatch)
    other = Species.from_smiles("N", multiplicity=1)
    assert Shipped(exported)(ensemble_request(other, absorption_workflow("spectra").ensemble)) is None


def test_what_is_not_shipped_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--recompute"):
        Shipped(tmp_path / "nothing.jsonl.gz")
