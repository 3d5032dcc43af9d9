"""Benchmarks that go on where they were stopped, and that do not compare what differs in number."""

from pathlib import Path
from typing import Any

import pytest
from benchmarks import cost, response

from actinic import Workflow


def test_a_stored_calculation_is_not_computed_again_and_costs_what_it_cost(tmp_path: Path) -> None:
    off: dict[str, Any] = {"spectrum": None, "sampling": None, "reactions": None, "criteria": (), "gates": ()}
    flow = Workflow.load("photo-ligand").model_copy(update=off)
    store = tmp_path / "costs.sqlite"
    first = cost.cost("methane", "C", flow, store)
    second = cost.cost("methane", "C", flow, store)
    assert (tmp_path / "costs-methane.sqlite").exists()
    assert first["calculations"]["computed"] > 0 == second["calculations"]["computed"]
    assert first["all"] == second["all"]
    assert first["ensemble"] == second["ensemble"]


def test_a_root_that_one_side_lacks_is_no_agreement() -> None:
    own: dict[str, Any] = {"roots_ev": [1.0, 2.0], "response_core_s": 1.0}
    stock: dict[str, Any] = {"roots_ev": [1.0, 2.0, 3.0], "response_core_s": 100.0}
    with pytest.raises(ValueError, match="zip"):
        response._compared(own, stock)
