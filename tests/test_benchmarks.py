"""The benchmarks in their short form: they run, their lines are complete, the answers agree; no times."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from benchmarks import workers
from benchmarks.made_up import PROVENANCE, answer
from benchmarks.prescreen import LIST, N_MADE, fits, full_workflow
from rdkit import Chem

from actinic.calculations.outcome import Outcome
from actinic.chemistry.candidates import Candidate, read_candidates
from actinic.screening.plan import progress
from actinic.screening.store import Arrived, Store

TOP = Path(__file__).parents[1]
MOLECULES = TOP / "benchmarks" / "molecules"
TIGHT = TOP / "tests" / "reference" / "tight.toml"
MINIMAL_DFT = """
[spectrum]
level = "b3lyp/sto-3g"
cation_level = "b3lyp/sto-3g@cpcm(acetonitrile)"
anion_level = "b3lyp/sto-3g@cpcm(acetonitrile)"
conformers = 1
cover_ev = 10.5
max_roots = 10

[exposure]"""


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


def test_the_prescreen_benchmark_counts_every_molecule_it_finds(tmp_path: Path) -> None:
    flow, rows = full_workflow(), list(read_candidates(LIST))
    with Store(tmp_path / "store.sqlite") as store:
        for row in rows[:6]:
            assert isinstance(row, Candidate)
            while missing := progress(row, flow, store.lookup).missing:
                store.add_all(Arrived(one, Outcome(answer(one), None, PROVENANCE)) for one in missing)
    line = last_line("prescreen", "--folder", str(tmp_path), "--limit", "0")
    found = line["all"]
    assert found["molecules"] == 6
    assert found["core_s_with_prescreen"] <= found["core_s_of_all"] == 12.0
    for part in found["recall"].values():
        assert 0 <= part["kept"] <= part["molecules"] <= 6


def test_simulated_workers_are_busy_until_the_driver_is() -> None:
    line = last_line("workers", "--cost-ms", "10", "0", "--workers", "5", "400", "--seconds", "1", "--quick")
    assert line["check"] is None
    cost = workers.Cost(0.01, 0.0)
    few, many = workers.simulated(5, 1.0, cost), workers.simulated(400, 1.0, cost)
    assert few["workers_busy"] > 0.95
    assert few["driver_busy"] < 0.1
    assert many["driver_busy"] > 0.95
    assert many["calculations_per_s"] == pytest.approx(100, rel=0.05)
    assert 80 < workers.saturated_by(1.0, cost, chunks=False) < 110
    assert workers.in_a_task(2, 1.0) == 1
    assert workers.in_a_task(1000, 1.0) == 20


def test_the_list_of_the_prescreen_is_the_one_that_is_made() -> None:
    rows = [row for row in read_candidates(LIST) if isinstance(row, Candidate)]
    assert len(rows) == N_MADE
    assert len({row.species.smiles for row in rows}) == N_MADE
    assert all(fits(row.species.smiles) for row in rows)


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
    assert found["levels"]["ratio_to_gemm_ceiling"] > 1
    assert 0 <= found["levels"]["system_s"] < found["levels"]["core_s"]
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


@pytest.fixture(scope="module")
def saved_pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stock") / "pipeline.json"


@pytest.fixture(scope="module")
def throughput(saved_pipeline: Path) -> dict[str, Any]:
    folder = saved_pipeline.parent
    (folder / "list.csv").write_text("id,smiles\niminium,C=[NH2+]\nbroken,C(\n")
    (folder / "dft.toml").write_text(TIGHT.read_text().replace("\n[exposure]", MINIMAL_DFT))
    return last_line("throughput", *pipeline_options(folder), "--save-stock", str(saved_pipeline))


def pipeline_options(folder: Path) -> list[str]:
    return ["--list", str(folder / "list.csv"), "--workflow", str(folder / "dft.toml")]


def test_the_throughput_benchmark_counts_both_pipelines(throughput: dict[str, Any]) -> None:
    assert throughput["candidates"] == {"done": 1, "failed": 1}
    (row,) = throughput["molecules"]
    for kind in ("ensemble", "spectrum"):
        assert throughput[kind]["core_s"] == row["core_s"][kind] > 0
        assert throughput[kind]["stock_core_s"] == row["stock"][kind]["core_s"] > 0
        assert throughput[kind]["speedup"] == throughput[kind]["speedup_at_least"]
    calculations = sum(throughput["by_kind"].values())
    assert throughput["by_kind"] == row["core_s"]
    assert throughput["whole"]["core_s"] == pytest.approx(calculations + throughput["overhead_core_s"])
    assert throughput["overhead_core_s"] > 0


def test_stock_pipeline_finds_the_roots_of_the_screen(
    throughput: dict[str, Any], saved_pipeline: Path
) -> None:
    (row,) = throughput["molecules"]
    found = row["stock"]["spectrum"]
    assert found["converged"]
    assert not found["is_extrapolated"]
    assert len(found["roots_ev"]) == row["n_roots"][0]
    assert row["max_deviation_mev"] <= 15
    took = found["response_core_s"] / found["predicted_response_core_s"]
    assert throughput["prediction"]["computed_over_predicted"] == [took]
    assert throughput["prediction"]["predicted"] == 0
    (saved,) = json.loads(saved_pipeline.read_text(encoding="utf-8")).values()
    assert not saved["imported_actinic"]
    assert not saved["loaded_mkl"]


def test_stock_pipeline_predicts_what_it_has_no_time_for_and_says_so(
    throughput: dict[str, Any], saved_pipeline: Path
) -> None:
    (saved,) = json.loads(saved_pipeline.read_text(encoding="utf-8")).values()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.stock_pipeline"],
        input=json.dumps(saved["request"] | {"budget_s": 0.0}),
        capture_output=True,
        text=True,
        cwd=TOP,
        check=True,
    )
    predicted = json.loads(done.stdout.splitlines()[-1])["spectrum"]
    assert predicted["is_extrapolated"]
    assert "roots_ev" not in predicted
    assert predicted["measured_core_s"] == predicted["scf_core_s"] < predicted["core_s"]
    # The counting run differs in grid and solvent alone here.
    assert sum(predicted["predicted_blocks"]) == pytest.approx(sum(saved["spectrum"]["blocks"]), rel=0.5)


@pytest.mark.parametrize("kind", [pytest.param("spectrum", marks=pytest.mark.slow), "minimum"])
def test_the_threads_benchmark_runs_both_ways(kind: str) -> None:
    # One thread: two that wait for each other take minutes where the suite shares its cores.
    found = last_line("threads", "--quick", "--kinds", kind, "--repeats", "1", "--threads", "1")
    rates = found[kind]["formaldehyde"]
    assert rates["side_by_side_per_hour"] == pytest.approx(7200 / max(rates["side_by_side_wall_s"]))
    assert rates["in_turn_per_hour"] == pytest.approx(7200 / sum(rates["in_turn_wall_s"]))
    assert rates["gain"] == pytest.approx(rates["side_by_side_per_hour"] / rates["in_turn_per_hour"])


@pytest.mark.parametrize("path", sorted(MOLECULES.glob("*.xyz")), ids=lambda path: path.stem)
def test_a_geometry_has_the_atoms_of_its_smiles(path: Path) -> None:
    _, comment, *rows = path.read_text(encoding="utf-8").splitlines()
    name, smiles, _ = comment.split()
    assert name == path.stem
    atoms = Chem.AddHs(Chem.MolFromSmiles(smiles)).GetAtoms()
    assert [row.split()[0] for row in rows] == [atom.GetSymbol() for atom in atoms]


def test_the_weak_states_of_small_carbonyls_are_matched_at_gfn2_minima() -> None:
    found = last_line("weak_states", "--molecules", "Acetone", "Acrolein", "Thioacetone")
    assert (found["states"], found["unmatched"]) == (3, 0)
    assert abs(found["shift_ev"]) < 0.3


def test_the_sampling_benchmark_compares_with_what_was_measured() -> None:
    (acrolein,) = last_line("sampling", "acrolein", "--geometries", "4")["molecules"]
    assert (acrolein["geometries"], acrolein["refused"], acrolein["failed"]) == (4, 0, 0)
    at_336 = acrolein["lines"][1]
    # Four geometries make no band, but hold its order of magnitude; one geometry holds a seventh of it.
    assert at_336["high"] == pytest.approx(16.3, abs=0.1)
    assert at_336["one_geometry"] < 0.2 * at_336["high"] < at_336["sampled"] < 100


def test_a_jackknife_of_the_logarithm_covers_where_one_of_the_absorptivity_does_not() -> None:
    done = subprocess.run(
        [sys.executable, str(TOP / "benchmarks" / "sampling_error.py")],
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    within = {(row["error"], row["sigma"]): row["within"][1] for row in rows}
    assert within["jackknife of the logarithm", -3.0] > 0.85
    assert within["jackknife", -3.0] < 0.6


def test_the_minima_benchmark_counts_saddle_points() -> None:
    found = last_line("minima", "quickstart", "--atoms", "9", "--limit", "1")
    assert (found["molecules"], found["lowest_is_saddle"], found["any_kept_is_saddle"]) == (1, 0, 0)
    (azide,) = found["rows"]
    assert azide["smiles"] == "[N-]=[N+]=Nc1ccccc1"
    assert azide["softest_cm"][0] > 50


def test_the_bases_benchmark_finds_ethane_too_strong_in_a_small_basis() -> None:
    level = "wb97x-d3/def2-svp"
    found = last_line("bases", "--levels", level)["enthalpy_298_k_kcal_mol"][level]
    assert found["CC"] == pytest.approx(94.5, abs=0.3)
    assert found["CN=[N+]=[N-]"] == pytest.approx(-42.1, abs=0.3)


@pytest.mark.slow
def test_the_streaming_benchmark_brings_every_candidate_to_its_end() -> None:
    line = last_line("streaming", "--quick")
    assert line["candidates"] == line["ranked"] == 30
    assert line["store_mb"] > 0
    assert line["dask"]["saturated_by_workers"] > 100
    for phase in ("read", "drive", "rank"):
        assert line[phase]["growth_mb"] < 100


@pytest.mark.slow
def test_the_streaming_benchmark_measures_one_phase_after_the_other(tmp_path: Path) -> None:
    for phase, others in (("read", ("drive", "rank")), ("drive", ("read", "rank")), ("rank", ("read",))):
        line = last_line("streaming", "--quick", "--folder", str(tmp_path), "--phases", phase)
        assert line[phase]["cpu_s"] > 0
        assert not set(others) & line.keys()
    assert line["ranked"] == 30


@pytest.mark.slow
def test_the_waiting_benchmark_waits_for_both_attempts() -> None:
    line = last_line("waiting", "--quick")
    assert line["wall_s"] >= 3
    assert 0 < line["share_of_a_core"] < 1
