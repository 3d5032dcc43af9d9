"""From a conformer to a barrier on the GFN2 surface, and the false transition state that must not pass."""

from functools import cache
from itertools import pairwise

import msgspec
import numpy as np
import pytest

from actinic.calculations import kinds
from actinic.calculations.ensemble import EnsembleRequest
from actinic.calculations.ensemble import compute as conformers
from actinic.calculations.path_checks import Check, saddle_checks
from actinic.calculations.path_energy import PathEnergyRequest, PathEnergyResult
from actinic.calculations.path_energy import compute as energies
from actinic.calculations.path_saddle import PathSaddleRequest, PathSaddleResult
from actinic.calculations.path_saddle import compute as saddle
from actinic.calculations.path_scan import (
    Frame,
    PathScanRequest,
    PathScanResult,
    ScanStart,
    frames_of,
    is_interior,
)
from actinic.calculations.path_scan import compute as scan
from actinic.chemistry.connectivity import change
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.reaction_places import places
from actinic.chemistry.species import Species
from actinic.engines.calculator import distance_angstrom, stretch_direction
from actinic.engines.descent import Course, descent
from actinic.engines.dft import ScfSettings
from actinic.engines.hessian import hessian_hartree_bohr2, vibrations
from actinic.engines.optimisation import Stop
from actinic.engines.saddle import overlap
from actinic.engines.surface import SurfaceTheory, surface
from actinic.errors import ConvergenceError, InputError
from actinic.level import Level
from actinic.units import BOHR_ANGSTROM, HARTREE_EV, HARTREE_KCAL_MOL

GFN2 = Level.parse("gfn2-xtb")
SURFACE = SurfaceTheory(0, 1, GFN2, "tblite", False, None)
RETRO_ENE = "[#1:5][CX4:6][C:1][O:2][C:3]=[O:4]>>[C:6]=[C:1].[O:2]=[C:3]-[O:4][#1:5]"

DECARBOXYLATION = "[#1:6][O:5][C:1](=[O:7])[C:2][C:3]=[*:4]>>[O:5]=[C:1]=[O:7].[C:2]=[C:3]-[*:4][#1:6]"
IMINE = "[#1:5][C:4][N:1]=[N+:2]=[N-:3]>>[C:4]=[N:1][#1:5].[N:2]#[N:3]"


FALSE_ANGSTROM = {
    "TURNED": np.array(
        [
            [-1.3584, -0.4281, -0.1115],
            [0.0, 0.0, 0.0],
            [0.987, -0.6552, -0.0189],
            [2.0308, -1.0737, -0.0105],
            [-1.8113, 0.0628, -0.9751],
            [-1.444, -1.5112, -0.2276],
            [-1.8984, -0.1192, 0.7857],
        ]
    ),
    "INVERTED": np.array(
        [
            [-1.11, -0.2463, -0.0816],
            [0.1071, 0.3097, 0.039],
            [1.3796, -0.2547, 0.0457],
            [2.4332, 0.189, 0.1461],
            [-1.4567, -0.5476, -1.0595],
            [-1.5511, -0.7383, 0.7731],
            [0.1766, 1.3077, 0.1464],
        ]
    ),
}
"""What searches for the loss of N2 from methyl azide may end in on GFN2."""


@cache
def scanned(smiles: str, template: str) -> tuple[Species, PathScanRequest, PathScanResult]:
    species = Species.from_smiles(smiles, multiplicity=1)
    found = conformers(EnsembleRequest(species, GFN2, "tblite", 4, 5.0, 0.3, 1, 0.01, 500, 298.15), 1)
    geometry = found.conformers[0].geometry
    place = min(
        places(species, template, ()),
        key=lambda p: sum(distance_angstrom(geometry.positions_angstrom, pair) for pair in p.formed),
    )
    request = PathScanRequest((ScanStart(geometry, place.broken, place.formed),), SURFACE, 24, 0.05, 60)
    return species, request, scan(request, 1)


@cache
def searched(smiles: str, template: str) -> tuple[PathScanResult, PathSaddleResult]:
    species, _, found = scanned(smiles, template)
    request = PathSaddleRequest(
        species,
        found.frames[found.highest].geometry,
        found.broken,
        found.formed,
        SURFACE,
        GFN2,
        "tblite",
        0.005,
        200,
    )
    return found, saddle(request, 0)


def passed(found: PathSaddleResult) -> dict[str, bool]:
    return {check.name: check.passed for check in found.judged}


def test_a_scan_leads_from_the_reactant_over_a_summit_inside_it() -> None:
    species, request, found = scanned("CCOC=O", RETRO_ENE)
    first, last = found.frames[0].geometry, found.frames[-1].geometry
    assert change(species, first).is_kept
    assert set(found.broken) <= set(change(species, last).broken)
    assert set(found.formed) <= set(change(species, last).formed)
    assert found.is_interior
    assert len(found.frames) == request.n_points


def test_hydrogen_comes_near_before_its_bond_breaks() -> None:
    """But-3-enoic acid: with O-H pulled apart from the start, the saddle point lay 30 kcal/mol higher."""
    _, _, found = scanned("C=CCC(=O)O", DECARBOXYLATION)
    hydrogen = next(pair for pair in found.broken if pair not in found.formed and 11 in pair)
    for frame in found.frames:
        positions = frame.geometry.positions_angstrom
        bond, contact = (distance_angstrom(positions, pair) for pair in (hydrogen, found.formed[0]))
        assert bond < 1.1 or contact < 2.0
    heights = [frame.energy_hartree for frame in found.frames]
    assert (max(heights) - heights[0]) * HARTREE_KCAL_MOL < 40


def test_the_same_seed_makes_the_same_scan() -> None:
    _, request, found = scanned("CCOC=O", RETRO_ENE)
    assert scan(request, 1) == found


def test_the_transition_state_of_an_ester_pyrolysis_passes_all_checks() -> None:
    """Ethyl formate to ethene and formic acid: a six-membered ring, both partners of the H at hand."""
    found, top = searched("CCOC=O", RETRO_ENE)
    assert all(passed(top).values()), top.judged
    assert top.frequencies_cm[0] < -500
    assert top.frequencies_cm[1] > 0
    positions = top.geometry.positions_angstrom
    ((oxygen_or_h, hydrogen_or_o),) = found.formed
    assert 1.1 < distance_angstrom(positions, (oxygen_or_h, hydrogen_or_o)) < 1.6
    assert top.force_ev_angstrom < 0.005
    assert top.thermal.frequencies_cm == top.frequencies_cm


def test_both_descents_go_down() -> None:
    _, top = searched("CCOC=O", RETRO_ENE)
    for side in (top.backward, top.forward):
        heights = [top.energy_hartree, *(frame.energy_hartree for frame in side)]
        assert all(later < earlier + 1e-6 for earlier, later in pairwise(heights))
        assert len(side) > 5


def test_the_false_transition_state_of_methyl_azide_is_caught() -> None:
    """GFN2 has no barrier for the loss of N2: a scan rises to its end, what a search finds joins nothing."""
    species, request, _ = scanned("CN=[N+]=[N-]", IMINE)
    stretch = ScanStart(request.starts[0].geometry, ((1, 2),), ())
    found = scan(msgspec.structs.replace(request, starts=(stretch,)), 1)
    assert not found.is_interior

    def is_accepted(guess: Geometry) -> bool:
        search = PathSaddleRequest(species, guess, ((1, 2),), (), SURFACE, GFN2, "tblite", 0.005, 200)
        try:
            return all(passed(saddle(search, 0)).values())
        except ConvergenceError:  # some versions of tblite find no charges where the search goes
            return False

    assert not any(is_accepted(found.frames[index].geometry) for index in (2, 5))


@pytest.mark.parametrize(
    ("positions_angstrom", "basin"),
    [("TURNED", "the reactant"), ("INVERTED", "broken C1-H7, N2-N3; formed N2-H7")],
)
def test_saddle_points_of_methyl_azide_that_join_a_basin_to_itself_are_refused(
    positions_angstrom: str, basin: str
) -> None:
    """Each with one imaginary mode on GFN2: a turn of the methyl group, and one of the imine beside N2."""
    species = Species.from_smiles("CN=[N+]=[N-]", multiplicity=1)
    geometry = Geometry.from_angstrom(["C", "N", "N", "N", "H", "H", "H"], FALSE_ANGSTROM[positions_angstrom])
    engine, bond = surface(geometry.symbols, SURFACE), (1, 2)
    force = np.linalg.norm(engine(geometry.positions_angstrom).gradient_hartree_bohr, axis=1).max()
    assert force * HARTREE_EV / BOHR_ANGSTROM < 0.03
    seen = vibrations(geometry, hessian_hartree_bohr2(geometry, SURFACE.tight_binding))
    share = overlap(seen.modes[0], [stretch_direction(geometry.positions_angstrom, bond)])
    course = Course(n_steps=300, every=15, stop=Stop(0.005, 200), is_decided=lambda _: False)
    up, down = (frames_of(descent(engine, geometry, sign * seen.modes[0], course)) for sign in (1.0, -1.0))
    checks = saddle_checks(species, (bond,), (seen, share), (up, down))
    assert [check.name for check in checks if check.passed] == ["one imaginary mode"]
    assert [check.name for check in checks if not check.passed] == [
        "mode follows the coordinate",
        "two basins",
    ]
    assert checks[-1].detail == f"one side ends as {basin}, the other as {basin}"


def test_two_descents_to_the_reactant_are_no_transition_state() -> None:
    species, _, found = scanned("CCOC=O", RETRO_ENE)
    _, top = searched("CCOC=O", RETRO_ENE)
    seen = vibrations(top.geometry, hessian_hartree_bohr2(top.geometry, SURFACE.tight_binding))

    def basins(*sides: tuple[Frame, ...]) -> Check:
        return saddle_checks(species, found.broken, (seen, 0.5), (sides[0], sides[1]))[-1]

    assert basins(top.backward, top.forward).passed
    twice = basins(top.backward, top.backward)
    assert not twice.passed
    assert twice.detail == "one side ends as the reactant, the other as the reactant"
    assert not basins(top.forward, top.backward).passed


def test_a_summit_at_the_end_or_next_to_it_is_not_interior() -> None:
    assert [is_interior(index, 6) for index in range(6)] == [False, False, True, True, False, False]


def test_a_search_that_runs_out_of_steps_says_what_force_is_left() -> None:
    species, _, found = scanned("CCOC=O", RETRO_ENE)
    request = PathSaddleRequest(
        species, found.frames[found.highest].geometry, found.broken, found.formed, SURFACE, GFN2, "tblite",
        0.005, 1,
    )  # fmt: skip
    with pytest.raises(ConvergenceError, match=r"no saddle point within 1 steps: a force of .* is left"):
        saddle(request, 0)


def test_numbers_that_make_no_sense_are_refused() -> None:
    _, request, found = scanned("CCOC=O", RETRO_ENE)
    with pytest.raises(InputError, match="0 starts"):
        scan(msgspec.structs.replace(request, starts=()), 1)
    with pytest.raises(InputError, match="4 points"):
        scan(msgspec.structs.replace(request, n_points=4), 1)
    with pytest.raises(InputError, match="0 reacting pairs"):
        saddle(
            PathSaddleRequest(
                Species.from_smiles("CCOC=O", multiplicity=1), found.frames[0].geometry, (), (), SURFACE,
                GFN2, "tblite", 0.005, 10,
            ),
            0,
        )  # fmt: skip


def energy_request(first: int, *, climb: bool) -> PathEnergyRequest:
    """Every third frame of the scan of ethyl formate in a minimal basis."""
    _, _, found = scanned("CCOC=O", RETRO_ENE)
    return PathEnergyRequest(
        reactant=found.frames[0].geometry,
        frames=tuple(frame.geometry for frame in found.frames[::3]),
        first=first,
        climb=climb,
        charge=0,
        multiplicity=1,
        broken_symmetry=False,
        level=Level.parse("pbe/sto-3g"),
        scf=ScfSettings(grid_level=0),
        program="pyscf",
    )


@cache
def whole_path() -> PathEnergyResult:
    return energies(energy_request(0, climb=False), 0)


def test_a_climb_ends_at_the_summit_of_the_whole_path_and_leaves_frames_out() -> None:
    whole, climbed = whole_path(), energies(energy_request(3, climb=True), 0)
    assert climbed.highest == whole.highest
    assert None in climbed.energies_hartree
    assert climbed.barrier_hartree == pytest.approx(whole.barrier_hartree, abs=1e-4)
    assert whole.reactant_hartree == pytest.approx(whole.energies_hartree[0], abs=1e-4)


def test_the_closed_shell_of_a_retro_ene_reaction_is_stable() -> None:
    assert whole_path().summit_spin_square < 0.05


def test_a_climb_has_to_start_on_the_path() -> None:
    with pytest.raises(InputError, match="the path has 8 frames"):
        energies(energy_request(8, climb=True), 0)


def test_requests_and_results_of_a_search_survive_the_store() -> None:
    _, request, found = scanned("CCOC=O", RETRO_ENE)
    _, top = searched("CCOC=O", RETRO_ENE)
    assert kinds.decode_request(kinds.encode(request)) == request
    for result in (found, top, whole_path()):
        assert kinds.decode_result(kinds.encode(result)) == result


def test_the_bound_on_the_overlap_is_that_of_today_not_that_of_the_stored_check() -> None:
    """A ring opening on a DFT surface, stored as refused with 0.1497 when 0.15 was asked for."""
    _, top = searched("CCOC=O", RETRO_ENE)
    refused = Check("mode follows the coordinate", passed=False, detail="overlap 0.15, asked for 0.15")
    stored = msgspec.structs.replace(top, overlap=0.1497, checks=(refused,))
    assert stored.judged[0].passed
    assert not msgspec.structs.replace(stored, overlap=0.04).judged[0].passed
