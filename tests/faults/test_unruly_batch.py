"""Calculations that hang, crash, leave, raise or eat memory among good ones: each costs its own row."""

import csv
import sys
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import pytest

from actinic import Workflow, read_candidates, screen
from actinic.screening import worker
from actinic.screening.cluster import LAPTOP
from actinic.screening.store import Store

HERE = Path(__file__).parent
TIGHT = HERE.parents[0] / "reference" / "tight.toml"
GOOD = ("O", "N", "C", "CO", "CC", "CCO")
HANG_LIMIT_S = 40
"""Also bounds the start of a child for a good one, which takes many seconds on a busy machine."""

KILLED = f"killed after {2 * HANG_LIMIT_S} s"
HANGING = {"CF": ("ResourceError", KILLED, 2), "CCl": ("ResourceError", KILLED, 2)}
BAD = {
    "CBr": ("EngineError", "signal SIGSEGV", 2),
    "CI": ("EngineError", "exit status 0", 2),
    "CS": ("EngineError", "ZeroDivisionError: a bug", 2),
    "CP": ("ResourceError", "limit 1200 MB", 2),
}


@pytest.fixture
def unruly_children(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    command = (sys.executable, str(HERE / "unruly_child.py"))
    honest = worker.Child
    monkeypatch.setattr(worker, "Child", lambda threads: honest(threads, command))
    yield
    worker.kill_children()  # none of them stays behind for the next test


@pytest.mark.usefixtures("unruly_children")
def test_each_of_an_unruly_batch_costs_its_own_row(tmp_path: Path) -> None:
    check_batch(tmp_path, BAD, wall_s=120)


@pytest.mark.slow
@pytest.mark.usefixtures("unruly_children")
def test_hangs_among_them_cost_their_own_rows_too(tmp_path: Path) -> None:
    check_batch(tmp_path, BAD | HANGING, wall_s=HANG_LIMIT_S)


def check_batch(folder: Path, bad: dict[str, tuple[str, str, int]], wall_s: int) -> None:
    mixed = [one for pair in zip_longest(GOOD, bad) for one in pair if one is not None]
    listed, flow = folder / "list.csv", folder / "flow.toml"
    listed.write_text("id,smiles\n" + "".join(f"{s},{s}\n" for s in mixed), encoding="utf-8")
    flow.write_text(TIGHT.read_text().replace("ensemble_s = 120", f"ensemble_s = {wall_s}"))
    screen(
        read_candidates(listed), Workflow.load(flow), out=folder / "out", store=folder / "s.sqlite",
        cluster=LAPTOP.changed(2, 600.0),
    )  # fmt: skip
    with (folder / "out" / "ranked.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert {smiles: rows[smiles]["status"] for smiles in GOOD} == dict.fromkeys(GOOD, "done")
    assert {smiles: rows[smiles]["status"] for smiles in bad} == dict.fromkeys(bad, "failed")
    with Store(folder / "s.sqlite", read_only=True) as store:
        made = [(failed.failure.message, failed.attempts) for _, failed in store.failures()]
    assert len(made) == len(bad)
    for smiles, (error_class, said, attempts) in bad.items():
        assert f"{error_class}: " in rows[smiles]["reason"]
        assert said in rows[smiles]["reason"]
        assert any(said in message and counted == {error_class: attempts} for message, counted in made)
