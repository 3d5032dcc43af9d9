"""Promises about the repository itself: documents that follow from code, the wheel, the arrows' targets."""

import importlib.util
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
import rdkit

import actinic

TOP = Path(__file__).parents[1]
WRITTEN_OTHERWISE = ("pag103-mesylate",) if int(rdkit.__version__.split(".")[0]) < 2026 else ()
"""Molecules whose double bonds RDKit 2025.3 writes otherwise, so that their shipped results are not found."""


@pytest.fixture(scope="module")
def generated() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", TOP / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def comparable(page: str) -> list[str]:
    """Its lines but those that depend on molecules not found here: their own and the count of stand-ins."""
    left_out = (*WRITTEN_OTHERWISE, "Not scored: ") if WRITTEN_OTHERWISE else ()
    return [line for line in page.splitlines(keepends=True) if not any(one in line for one in left_out)]


def test_the_generated_pages_are_what_the_code_says(generated: ModuleType) -> None:
    for name, page in generated.PAGES.items():
        written = (TOP / "docs" / name).read_text(encoding="utf-8")
        assert comparable(written) == comparable(page()), f"run docs/generate.py for {name}"


def test_the_readme_quotes_the_calibration_as_it_is(generated: ModuleType) -> None:
    text = (TOP / "README.md").read_text(encoding="utf-8")
    for row in (*generated.calibration_rows(), generated.intensity_sentence(), *generated.bond_rows()):
        assert row in text


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(TOP)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("actinic-*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def test_the_wheel_carries_code_presets_calibration_and_reference_data(wheel: set[str]) -> None:
    package = TOP / "pipeline" / "actinic"
    modules = (p for p in package.rglob("*.py") if "presets" not in p.parts)
    sources = {path.relative_to(TOP / "pipeline").as_posix() for path in modules}
    assert sources <= wheel
    presets = {f"actinic/presets/workflows/{p.name}" for p in (TOP / "workflows").glob("*.toml")}
    assert len(presets) >= 4
    assert presets <= wheel
    assert {
        "actinic/py.typed",
        "actinic/presets/ligands/quickstart.csv",
        "actinic/presets/workflows/clusters/laptop.toml",
        "actinic/analysis/calibration.toml",
        "actinic/analysis/bonds.toml",
        "actinic/chemistry/anchors.toml",
        "actinic/chemistry/bond_types.toml",
        "actinic/chemistry/misshapen.toml",
        "actinic/chemistry/motifs.toml",
        "actinic/reference/bonds/experiment.csv",
        "actinic/reference/bonds/electronic.csv",
        "actinic/reference/bonds/bonds.jsonl.gz",
        *(
            f"actinic/reporting/templates/{name}"
            for name in ("page.html", "card.html", "style.css", "script.js")
        ),
        *(
            f"actinic/reference/{name}"
            for name in (
                "absorption/README.md",
                "absorption/absorption.jsonl.gz",
                "absorption/azo_maxima.csv",
                "absorption/further_maxima.csv",
                "absorption/further_spectra.csv",
                "absorption/least_polar_maxima.csv",
                "absorption/measured_spectra.csv",
                "absorption/nonpolar_maxima.csv",
                "families/README.md",
                "families/families.jsonl.gz",
                "families/molecules.csv",
                "families/rows.csv",
                "film_ionisation/README.md",
                "film_ionisation/films.csv",
                "film_ionisation/levels.jsonl.gz",
                "vertical_ionisation/README.md",
                "vertical_ionisation/vertical_ionisation.csv",
            )
        ),
    } <= wheel


def test_the_wheel_carries_nothing_else(wheel: set[str]) -> None:
    outside = {
        n for n in wheel if not n.startswith(("actinic/", f"actinic-{actinic.__version__}.dist-info/"))
    }
    assert outside == set()
    assert not any("test" in name or name.endswith((".sqlite", ".pyc")) for name in wheel)


def test_every_public_name_is_there_and_there_are_at_most_a_dozen() -> None:
    assert len(actinic.__all__) <= 12
    for name in actinic.__all__:
        assert getattr(actinic, name).__module__.startswith("actinic.")
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = actinic.nonsense


def test_every_file_stays_short() -> None:
    long = {
        str(path.relative_to(TOP)): n
        for path in (TOP / "pipeline").rglob("*.py")
        if (n := len(path.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert long == {}


def test_the_version_is_the_same_everywhere() -> None:
    citation = (TOP / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version: {actinic.__version__}" in citation
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["hatch"]["version"]["path"] == "pipeline/actinic/__init__.py"
