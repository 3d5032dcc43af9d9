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
    """Mean of two levels, wb97x-d3 (the preset's) and r2scan-3c: 91.5. The preset's alone gives 94.1."""
    assert run[0].loc["ethane", "reaction_enthalpy_kcal_mol"] == pytest.approx(90.2, abs=3)  # ATcT 90.05


def test_methyl_azide_gives_much_heat_when_it_loses_nitrogen(run: tuple[pd.DataFrame, Path]) -> None:
    """The preset's level gives -46.5, r2scan-3c -42.1; their mean, -44.3, is off by more than its error."""
    reactions = pd.read_csv(run[1].parent / "run" / "reactions.csv").set_index(["id", "products"])
    row = reactions.loc["methyl-azide"].loc["C=N + N#N"]
    first, second = map(float, row["raw_enthalpy_kcal_mol"].lstrip("'").split())
    assert first == pytest.approx(-50, abs=4)
    assert (first + second) / 2 == pytest.approx(-50, abs=6)


def test_nitrogen_is_computed_once_for_a_whole_list(run: tuple[pd.DataFrame, Path]) -> None:
    with Store(run[1], read_only=True) as store:
        requests = [kinds.decode_request(bytes(record.request)) for record in store.records()]
    nitrogen = [
        request
        for request in requests
        if isinstance(request, EnergyRequest) and request.geometry.symbols == ("N", "N")
    ]
    assert sorted(request.level.method for request in nitrogen) == ["r2scan-3c", "wb97x-d3"]
