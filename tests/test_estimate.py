"""`actinic estimate` and `screen --dry-run`: what would run and what it costs, with nothing written."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from actinic import Workflow, read_candidates, screen
from actinic.cli import app
from actinic.errors import InputError

TIGHT = Path(__file__).parent / "reference" / "tight.toml"


def actinic(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.fixture
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "list.csv"
    path.write_text("smiles\nCSSC\nCCO\nC1CC\n", encoding="utf-8")
    return path


def cells(said: str, kind: str) -> list[str]:
    """The row of a kind: stored, at once, later, core-hours and their interval."""
    return next(line.split()[1:] for line in said.splitlines() if line.split()[:1] == [kind])


def test_estimate_says_core_hours_by_kind_with_an_interval(listed: Path) -> None:
    said = actinic("estimate", listed, "--store", "s.sqlite").output
    assert "candidates: 2 to compute" in said
    for kind in ("ensemble", "spectrum", "thermal", "energy", "all"):
        middle, low, high = map(float, cells(said, kind)[3:])
        assert 0 < low < middle < high
    assert cells(said, "ensemble")[:2] == ["0", "2"]
    assert float(cells(said, "all")[3]) < 0.5
    assert sorted(path.name for path in listed.parent.iterdir()) == ["list.csv"]


def test_what_is_in_the_store_is_done(listed: Path) -> None:
    screen(read_candidates(listed), Workflow.load(TIGHT), out="out", store="s.sqlite")
    said = actinic("estimate", listed, "--store", "s.sqlite", "-w", TIGHT).output
    assert "candidates: 2 known already" in said
    assert cells(said, "ensemble") == ["2", "0", "0", "0", "0", "0"]
    dearer = actinic("estimate", listed, "--store", "s.sqlite").output  # other settings: nothing is known
    assert cells(dearer, "ensemble")[:2] == ["0", "2"]


def test_a_dry_run_says_what_would_run_and_writes_nothing(listed: Path) -> None:
    done = actinic("screen", listed, "--store", "s.sqlite", "--dry-run", "--workers", "3")
    assert done.exit_code == 0
    assert "at once, exactly: 2 ensemble; 0 results are in s.sqlite already" in done.output
    assert "after that, about: " in done.output
    assert "4 spectrum" in done.output or "3 spectrum" in done.output
    assert "calculations at a time: 3" in done.output
    assert sorted(path.name for path in listed.parent.iterdir()) == ["list.csv"]


def test_only_a_dry_run_needs_no_folder(listed: Path) -> None:
    with pytest.raises(InputError, match="--out: name the folder of the run"):
        actinic("screen", listed, "--store", "s.sqlite")
    assert sorted(path.name for path in listed.parent.iterdir()) == ["list.csv"]


@pytest.mark.parametrize("command", [("estimate",), ("screen", "--dry-run")])
def test_a_list_without_a_usable_row_is_refused(listed: Path, command: tuple[str, ...]) -> None:
    listed.write_text("smiles\nC1CC\n", encoding="utf-8")
    with pytest.raises(InputError, match="no usable row"):
        actinic(command[0], listed, *command[1:])
