"""At which level, from how many conformers and in which forms reference molecules are computed."""

import pytest

from actinic.calculations.ensemble import EnsembleRequest
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Outcome
from actinic.chemistry.tautomers import tautomers
from actinic.level import Level
from actinic.screening.absorption_references import (
    SECOND_LEVEL,
    SPECTRA,
    Collection,
    absorption_level,
    absorption_references,
    absorption_standing,
    absorption_workflow,
    level_beside,
    measured_spectra,
)
from actinic.screening.forecast import NOWHERE, stand_in
from actinic.screening.workflow import Workflow
from actinic.validation_absorption_otherwise import forms_of, with_tautomers


def level_of(collection: Collection, level: str | None = None) -> str:
    section = absorption_workflow(collection, level).spectrum
    assert section is not None
    return section.level


def test_spectra_are_computed_in_the_solvent_of_the_presets_and_maxima_without_one() -> None:
    assert Level.parse(absorption_level()).solvent == "acetonitrile"
    for collection in SPECTRA:
        assert level_of(collection) == absorption_level()
    for maxima in ("nonpolar", "least_polar", "azo", "further_maxima"):
        assert level_of(maxima) == str(Level.parse(absorption_level()).in_gas_phase)
        assert level_of(maxima, f"{SECOND_LEVEL}@cpcm(water)") == SECOND_LEVEL
    assert {one.collection for one in measured_spectra()} == set(SPECTRA)
    assert all(one.band_edge_ev is not None for one in measured_spectra())


def test_what_stands_beside_a_level_has_its_solvent() -> None:
    preset = absorption_level()
    dry = str(Level.parse(preset).in_gas_phase)
    assert level_beside(preset) == preset.replace(dry, SECOND_LEVEL)
    assert level_beside(dry) == SECOND_LEVEL
    assert level_beside(SECOND_LEVEL) is None


@pytest.mark.parametrize("conformers", [False, True])
def test_conformers_as_in_the_presets_are_asked_for_as_they_are_there(*, conformers: bool) -> None:
    asked: list[Request] = []

    def lookup(request: Request) -> Outcome | None:
        asked.append(request)
        return Outcome(stand_in(request), None, NOWHERE) if isinstance(request, EnsembleRequest) else None

    one = measured_spectra()[0]
    absorption_standing(one, absorption_workflow("spectra"), lookup, conformers=conformers)
    preset = Workflow.load("photo-ligand")
    first = asked[0]
    assert isinstance(first, EnsembleRequest)
    assert (first.n_embedded == preset.ensemble.embedded) == conformers
    assert (first.max_conformers == preset.ensemble.keep) == conformers


def test_every_tautomer_has_a_name_of_its_own_and_keeps_what_was_measured() -> None:
    assert with_tautomers()
    for one in with_tautomers():
        forms = forms_of(one)
        assert [form.id for form in forms] == [f"{one.id}-t{i}" for i in range(1, len(forms) + 1)]
        assert tuple(form.candidate.species for form in forms) == tautomers(one.candidate.species).species
        assert {form.band_max_ev for form in forms} == {one.band_max_ev}
    assert len(with_tautomers()) < len(absorption_references())
