"""What calculations cost, from recorded ones: power laws, the user's machine, levels never timed."""

from pathlib import Path

import msgspec
import pytest

from actinic.calculations import kinds
from actinic.calculations.energy import EnergyRequest
from actinic.calculations.ensemble import EnsembleRequest
from actinic.calculations.path_energy import PathEnergyRequest
from actinic.calculations.path_saddle import PathSaddleRequest
from actinic.calculations.path_scan import PathScanRequest, ScanStart
from actinic.calculations.relaxation import RelaxationRequest
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.engines.dft import ENERGIES
from actinic.engines.surface import SurfaceTheory
from actinic.level import Level
from actinic.screening.participants import ensemble_request
from actinic.screening.timings import (
    ENERGIES_OF_A_GRADIENT,
    GRADIENTS_OF_A_SEARCH,
    LEAST_EXPONENTS,
    UNTIMED,
    Class,
    Point,
    Row,
    Timings,
    class_of,
    fit,
    point,
    shipped_rows,
    write_rows,
)
from actinic.screening.workflow import Workflow

ENERGY = Class("energy", "b3lyp/def2-svp", open_shell=False)
FLOW = Workflow.load("photo-ligand")


def energy(carbons: int, level: str = "b3lyp/def2-svp", multiplicity: int = 1) -> EnergyRequest:
    geometry = Geometry(("C",) * carbons, tuple(range(3 * carbons)))
    return EnergyRequest(geometry, 0, multiplicity, False, Level.parse(level), ENERGIES, "pyscf")


def measured(constant: float, exponent: float, of: Class = ENERGY) -> list[Point]:
    return [Point(of, n, constant * (n / 100) ** exponent) for n in (40, 60, 80, 120, 160)]


def test_a_power_law_is_found_again() -> None:
    (row,) = fit(measured(7.0, 3.2))
    assert row == Row(*ENERGY, 5, 40, 160, 7.0, 3.2, 1.0)
    (low, middle, high) = Timings([row]).core_seconds(energy(50))  # 300 electrons
    assert low == middle == high == pytest.approx(7.0 * 3**3.2)


def test_small_molecules_do_not_flatten_the_law_below_what_large_ones_follow() -> None:
    (row,) = fit(measured(7.0, 1.5))
    assert row.exponent == LEAST_EXPONENTS["energy"] == 2.7


def test_two_of_three_calculations_lie_within_the_spread() -> None:
    scattered = [Point(ENERGY, 100, core_s) for core_s in (2, 4, 5, 8, 10, 12.5, 20, 25, 50)]
    (row,) = fit(scattered)
    mean_s = row.core_s_at_100_electrons
    inside = [p for p in scattered if mean_s / row.spread * 0.999 <= p.core_s <= mean_s * row.spread * 1.001]
    assert len(inside) == 7


def test_the_law_foretells_what_all_recorded_calculations_took_together() -> None:
    scattered = [Point(ENERGY, n, core_s) for n, core_s in ((40, 0.3), (60, 4.0), (80, 2.0), (120, 40.0))]
    (row,) = fit(scattered)
    foreseen = [row.core_s_at_100_electrons * (p.electrons / 100) ** row.exponent for p in scattered]
    assert sum(foreseen) == pytest.approx(sum(p.core_s for p in scattered), rel=0.005)


def test_conformers_and_open_shells_count_for_themselves() -> None:
    ethanol = ensemble_request(Species.from_smiles("CCO", multiplicity=1), FLOW.ensemble)
    assert point(ethanol, 24.0) == Point(Class("ensemble", "gfn2-xtb", open_shell=False), 26, 2.0)
    more = msgspec.structs.replace(ethanol, n_embedded=2 * ethanol.n_embedded)
    timings = Timings(shipped_rows())
    assert timings.core_seconds(more).middle == pytest.approx(2 * timings.core_seconds(ethanol).middle)
    assert class_of(energy(1, multiplicity=3)).open_shell
    assert class_of(msgspec.structs.replace(energy(1), broken_symmetry=True)).open_shell


def test_the_users_own_timings_replace_the_shipped_ones() -> None:
    rows = fit(measured(7.0, 3.0))
    own = Timings(rows, measured(21.0, 3.0))
    assert own.core_seconds(energy(20)).middle == pytest.approx(21.0 * 1.2**3, rel=0.01)
    assert own.machine_factor == pytest.approx(3.0)


def test_a_slow_machine_is_slow_at_every_level() -> None:
    other = Class("energy", "pbe0/def2-svp", open_shell=False)
    rows = fit(measured(7.0, 3.0) + measured(9.0, 3.0, other))
    slow = Timings(rows, measured(14.0, 3.0))
    assert slow.core_seconds(energy(20, "pbe0/def2-svp")).middle == pytest.approx(18.0 * 1.2**3, rel=0.01)


def test_one_calculation_does_not_overrule_the_shipped_timings() -> None:
    rows = fit(measured(7.0, 3.0))
    assert Timings(rows, [Point(ENERGY, 100, 700.0)]).core_seconds(energy(20)).middle < 20


def test_a_level_that_was_never_timed_is_taken_as_one_of_its_kind_and_less_certain() -> None:
    timings = Timings(fit(measured(7.0, 3.0)))
    known, unknown = timings.core_seconds(energy(20)), timings.core_seconds(energy(20, "pbe0/def2-tzvp"))
    assert unknown.middle == known.middle
    assert unknown.high / unknown.low == pytest.approx(4 * known.high / known.low)


def test_every_kind_has_shipped_timings_and_the_table_reads_back(tmp_path: Path) -> None:
    rows = shipped_rows()
    assert {row.kind for row in rows} | UNTIMED.keys() == {kind.name for kind in kinds.KINDS.values()}
    assert LEAST_EXPONENTS.keys() == {kind.name for kind in kinds.KINDS.values()}
    write_rows(rows, tmp_path / "t.csv")
    assert shipped_rows(tmp_path / "t.csv") == rows


def test_a_kind_that_was_never_timed_is_counted_in_another() -> None:
    one = energy(20)
    relaxation = RelaxationRequest(one.geometry, 0, 1, one.level, one.scf, 0.05, 100, "pyscf")
    timings = Timings(fit(measured(7.0, 3.0)))
    wanted = UNTIMED["relaxation"][1] * timings.core_seconds(one).middle
    assert timings.core_seconds(relaxation).middle == pytest.approx(wanted)


def scan_start() -> ScanStart:
    return ScanStart(energy(20).geometry, ((0, 1),), ())


def theory(level: str, *, broken_symmetry: bool = False) -> SurfaceTheory:
    parsed = Level.parse(level)
    program = "tblite" if parsed.is_tight_binding else "pyscf"
    return SurfaceTheory(0, 1, parsed, program, broken_symmetry, None if program == "tblite" else ENERGIES)


def saddle(level: str, *, broken_symmetry: bool = False) -> PathSaddleRequest:
    start, gfn2 = scan_start(), Level.parse("gfn2-xtb")
    species = Species.from_smiles("C" * 20, multiplicity=1)
    surface = theory(level, broken_symmetry=broken_symmetry)
    return PathSaddleRequest(
        species, start.geometry, start.broken, (), surface, gfn2, "tblite", 0.05, 100
    )  # fmt: skip


def path_energy(n_frames: int) -> PathEnergyRequest:
    one = energy(20)
    return PathEnergyRequest(
        one.geometry, (one.geometry,) * n_frames, 0, True, 0, 1, False, one.level, one.scf, "pyscf"
    )


def test_the_stages_of_a_search_have_shipped_timings() -> None:
    timed = {(row.kind, row.of.sort.is_tight_binding) for row in shipped_rows()}
    assert {("path_scan", True), ("path_saddle", True), ("path_energy", False)} <= timed


def test_a_saddle_point_with_dft_gradients_costs_a_hundred_cheap_ones() -> None:
    timings = Timings(shipped_rows())
    cheap, dear = (timings.core_seconds(saddle(level)).middle for level in ("gfn2-xtb", "wb97x-d3/def2-svp"))
    assert dear > 50 * cheap
    single = timings.core_seconds(energy(20, "wb97x-d3/def2-svp")).middle
    assert dear == pytest.approx(GRADIENTS_OF_A_SEARCH * ENERGIES_OF_A_GRADIENT * single)


def test_own_saddle_points_on_one_surface_say_nothing_of_the_other() -> None:
    rows, slow = shipped_rows(), 100.0
    own = [point(saddle("gfn2-xtb"), slow), point(saddle("wb97x-d3/def2-svp"), 10_000.0)]
    timings = Timings(rows, own)
    dear = timings.core_seconds(saddle("wb97x-d3/def2-svp")).middle
    assert dear == pytest.approx(10_000.0, rel=0.01)
    assert timings.core_seconds(saddle("gfn2-xtb")).middle < 0.1 * dear


def test_a_dft_surface_has_the_exponent_of_ground_states() -> None:
    of = Class("path_saddle", "wb97x-d3/def2-svp", open_shell=False)
    cheap = Class("path_saddle", "gfn2-xtb", open_shell=False)
    dear_row, cheap_row = sorted(
        fit(measured(7.0, 1.0, of) + measured(7.0, 1.0, cheap)), key=lambda r: -len(r.level)
    )
    assert (dear_row.exponent, cheap_row.exponent) == (2.7, 2.0)


def test_broken_symmetry_of_a_surface_counts_as_an_open_shell() -> None:
    assert class_of(saddle("wb97x-d3/def2-svp", broken_symmetry=True)).open_shell
    assert not class_of(saddle("wb97x-d3/def2-svp")).open_shell


def test_a_climb_costs_by_the_energies_it_comes_by_and_a_scan_by_its_starts() -> None:
    timings = Timings(shipped_rows())
    one, five, long = (timings.core_seconds(path_energy(n)).middle for n in (1, 5, 40))
    assert five == long == pytest.approx(7 / 3 * one)
    request = PathScanRequest((scan_start(),), theory("gfn2-xtb"), 24, 0.05, 60)
    twice = msgspec.structs.replace(request, starts=(scan_start(),) * 2)
    assert timings.core_seconds(twice).middle == pytest.approx(2 * timings.core_seconds(request).middle)


def test_an_ensemble_of_a_large_molecule_costs_more_than_one_of_a_small_one() -> None:
    timings = Timings(shipped_rows())
    sizes = [Species.from_smiles("C" * n, multiplicity=1) for n in (5, 10, 40)]
    requests: list[EnsembleRequest] = [ensemble_request(species, FLOW.ensemble) for species in sizes]
    costs = [timings.core_seconds(request).middle for request in requests]
    assert costs == sorted(costs)
