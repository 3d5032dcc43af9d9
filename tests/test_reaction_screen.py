"""Reaction energies end to end, with real calculations: a minute or two."""

from pathlib import Path

import pandas as pd
import pytest

from actinic import Workflow, read_candidates, screen
from actinic.calculations import kinds
from actinic.calculations.energy import EnergyRequest
from actinic.screening.store import Store

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, Path]:
    folder = tmp_path_factory.mktemp("bonds")
    listed = folder / "list.csv"
    listed.write_text("id,smiles\nethane,CC\nmethyl-azide,CN=[N+]=[N-]\nethyl-azide,CCN=[N+]=[N-]\n")
    preset = Workflow.load("photo-ligand")
    assert preset.reactions is not None
    two_levels = preset.reactions.model_copy(update={"second_level": "r2scan-3c"})
    update = {"spectrum": None, "sampling": None, "criteria": (), "reactions": two_levels}
    flow = preset.model_copy(update=update)
    store = folder / "store.sqlite"
    table = screen(read_candidates(listed), flow, out=folder / "run", store=store)
    return table.set_index("id"), store


def test_ethane_breaks_where_experiment_says(run: tuple[pd.DataFrame, Path]) -> None:
    assert run[0].loc["ethane", "reaction_enthalpy_kcal_mol"] == pytest.approx(90.2, abs=3)  # ATcT 90.05


def test_methyl_azide_gives_much_heat_when_it_loses_nitrogen(run: tuple[pd.DataFrame, Path]) -> None:
    row = run[0].loc["methyl-azide"]
    off = abs(row["reaction_enthalpy_kcal_mol"] + 50)
    assert off < 2 * row["reaction_enthalpy_error_kcal_mol"]


def test_nitrogen_is_computed_once_for_a_whole_list(run: tuple[pd.DataFrame, Path]) -> None:
    with Store(run[1], read_only=True) as store:
        requests = [kinds.decode_request(bytes(record.request)) for record in store.records()]
    nitrogen = [
        request
        for request in requests
        if isinstance(request, EnergyRequest) and request.geometry.symbols == ("N", "N")
    ]
    assert sorted(request.level.method for request in nitrogen) == ["r2scan-3c", "wb97x-d3"]
