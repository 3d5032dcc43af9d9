"""Limits of one calculation: the file's, or ones that grow with the molecule."""

import pytest

from actinic.calculations import kinds
from actinic.calculations.thermal import ThermalRequest
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.level import Level
from actinic.screening.limits import MEMORY_MB, WALL_S, limit_of, n_electrons
from actinic.screening.participants import ensemble_request
from actinic.screening.sections import LimitsSection
from actinic.screening.workflow import Workflow

FLOW = Workflow.load("photo-ligand")


def ensemble(smiles: str) -> kinds.Request:
    return ensemble_request(Species.from_smiles(smiles, multiplicity=1), FLOW.ensemble)


def test_every_kind_has_a_limit_of_time_and_keys_for_its_own() -> None:
    names = {kind.name for kind in kinds.KINDS.values()}
    assert WALL_S.keys() == names
    assert set(LimitsSection.model_fields) == {f"{n}_{unit}" for n in names for unit in ("s", "mb")}


def test_electrons_are_counted_from_a_species_and_from_a_geometry() -> None:
    assert n_electrons(ensemble("CC[O-]")) == 26
    hydroxide = ThermalRequest(
        Geometry(("O", "H"), (0,) * 6), -1, 1, Level.parse("gfn2-xtb"), "tblite", 0.01, 100
    )
    assert n_electrons(hydroxide) == 10


def test_time_grows_with_the_cube_and_memory_with_the_square_of_the_electrons() -> None:
    small, large = ensemble("CCO"), ensemble("C" * 49)  # 26 and 394 electrons
    section = LimitsSection()
    assert limit_of(small, section).wall_s == WALL_S["ensemble"]
    assert limit_of(small, section).memory_mb == MEMORY_MB
    assert limit_of(large, section).wall_s == pytest.approx(WALL_S["ensemble"] * 3.94**3)
    assert limit_of(large, section).memory_mb == pytest.approx(MEMORY_MB * 3.94**2)


def test_what_the_file_says_holds_for_every_size() -> None:
    section = LimitsSection(ensemble_s=60, ensemble_mb=700)
    for smiles in ("CCO", "C" * 49):
        limit = limit_of(ensemble(smiles), section)
        assert (limit.wall_s, limit.memory_mb) == (60, 700)
    assert limit_of(ensemble("CCO"), LimitsSection(energy_s=60)).wall_s == WALL_S["ensemble"]
