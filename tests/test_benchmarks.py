"""The benchmarks in their short form: they run, their lines are complete, the answers agree; no times."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rdkit import Chem

TOP = Path(__file__).parents[1]
MOLECULES = TOP / "benchmarks" / "molecules"


def last_line(*arguments: str) -> dict[str, Any]:
    """What a benchmark printed last."""
    script, *options = arguments
    done = subprocess.run(
        [sys.executable, str(TOP / "benchmarks" / f"{script}.py"), *options],
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stock") / "stock.json"


@pytest.fixture(scope="module")
def response(saved: Path) -> dict[str, Any]:
    # Four atoms leave so few points on grid 0 that its kernel moves a root of CH2O by 5 meV.
    return last_line("response", "--quick", "--tight-kernel-grid", "1", "--save-stock", str(saved))


def test_the_response_benchmark_finds_the_roots_of_stock_pyscf(response: dict[str, Any]) -> None:
    assert len(response["roots_ev"]) == len(response["stock"]["roots_ev"]) == 10
    assert response["tight"]["max_deviation_mev"] <= 2
    assert response["max_deviation_mev"] <= 15
    assert response["stock"]["converged"]


def test_the_response_benchmark_reports_what_it_took(response: dict[str, Any]) -> None:
    for side in (response, response["tight"]):
        assert side["speedup"] > 0
        assert side["core_s"] > 0
        assert side["peak_mb"] > 10
        assert side["ratio_to_gemm_ceiling"] > 1


def test_stock_pyscf_runs_apart_without_mkl(response: dict[str, Any], saved: Path) -> None:
    assert response["stock_from"] is None
    assert not response["stock_loaded_mkl"]
    assert not json.loads(saved.read_text(encoding="utf-8"))["imported_actinic"]


def test_the_ground_state_benchmark_agrees_with_stock_pyscf_and_says_where_that_came_from(
    response: dict[str, Any], saved: Path
) -> None:
    found = last_line("ground_state", "--quick", "--stock-from", str(saved))
    assert found["stock_from"] == str(saved)
    assert found["energies"]["speedup"] > 0
    assert abs(found["energies"]["energy_deviation_hartree"]) < 1e-4
    for name, tolerance_mev in (("energies", 5), ("levels", 15)):
        assert abs(found[name]["homo_deviation_mev"]) < tolerance_mev
        assert abs(found[name]["lumo_deviation_mev"]) < tolerance_mev


def test_figures_of_another_molecule_are_not_reused(response: dict[str, Any], saved: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as caught:
        last_line("ground_state", "--molecule", "benzophenone", "--stock-from", str(saved))
    assert "run without --stock-from" in caught.value.stderr


def test_the_scaling_benchmark_fits_an_exponent() -> None:
    found = last_line("scaling", "--quick")
    assert [point["heavy_atoms"] for point in found["points"]] == [9, 15]
    assert found["exponents"].keys() == {"scf_core_s", "response_core_s", "core_s", "peak_mb"}
    assert found["exponents"]["peak_mb"] > 0


@pytest.mark.parametrize("path", sorted(MOLECULES.glob("*.xyz")), ids=lambda path: path.stem)
def test_a_geometry_has_the_atoms_of_its_smiles(path: Path) -> None:
    _, comment, *rows = path.read_text(encoding="utf-8").splitlines()
    name, smiles, _ = comment.split()
    assert name == path.stem
    atoms = Chem.AddHs(Chem.MolFromSmiles(smiles)).GetAtoms()
    assert [row.split()[0] for row in rows] == [atom.GetSymbol() for atom in atoms]
