"""What a report writes when asked: a card for everyone, spectra, Parquet; and what it says when it cannot."""

import csv
import sys
from pathlib import Path

import pandas as pd
import pytest
from benchmarks.made_up import make_run
from typer.testing import CliRunner

from actinic import api
from actinic.cli import app
from actinic.errors import InputError
from actinic.screening.folder import RunFolder
from actinic.screening.workflow import Workflow


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return RunFolder(make_run(tmp_path_factory.mktemp("run"), 4, Workflow.load("photo-ligand")))


def test_all_gives_everyone_a_card(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "SHOWN_CANDIDATES", 2)
    api.report(run.path)
    assert run.page.read_text(encoding="utf-8").count("<article") == 2
    api.report(run.path, extras=api.Extras(all_cards=True))
    assert run.page.read_text(encoding="utf-8").count("<article") == 4


def test_spectra_are_tables_that_begin_where_everything_is_known(run: RunFolder) -> None:
    table = api.report(run.path, extras=api.Extras(spectra=True))
    assert {path.stem for path in run.spectra.iterdir()} == set(table["id"])
    for path in run.spectra.iterdir():
        rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
        at_365 = next(row for row in rows if row["wavelength_nm"] == "365")
        said = table.set_index("id").loc[path.stem, "absorptivity_365_nm_l_mol_cm"]
        assert float(at_365["absorptivity_l_mol_cm"]) == pytest.approx(said, abs=0.11)
        assert all(float(row["low_l_mol_cm"]) <= float(row["high_l_mol_cm"]) for row in rows)
        assert int(rows[0]["wavelength_nm"]) > 200
        assert rows[-1]["wavelength_nm"] == "800"


def test_a_report_of_the_same_run_gives_the_same_bytes(run: RunFolder) -> None:
    texts = []
    for _ in range(2):
        api.report(run.path)
        texts.append((run.ranked.read_bytes(), run.page.read_bytes()))
    assert texts[0] == texts[1]


def test_parquet_reads_back_as_the_table(run: RunFolder) -> None:
    pytest.importorskip("pyarrow", reason="needs the extra `parquet`")
    table = api.report(run.path, extras=api.Extras(parquet=True))
    assert pd.read_parquet(run.parquet)["score"].tolist() == table["score"].tolist()


def test_without_the_package_for_parquet_the_remedy_is_named(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pyarrow", "fastparquet"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(InputError, match=r"actinic\[parquet\]"):
        api.report(run.path, extras=api.Extras(parquet=True))


def test_the_command_writes_a_figure_into_the_folder_of_the_run(run: RunFolder, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["figure", "spectrum", str(run.path), "m0001"])
    assert done.exit_code == 0, done.output
    assert (run.path / "spectrum-m0001.svg").read_text(encoding="utf-8").startswith("<svg")
    best = tmp_path / "best.svg"
    assert CliRunner().invoke(app, ["figure", "levels", str(run.path), "-o", str(best)]).exit_code == 0
    assert best.is_file()
