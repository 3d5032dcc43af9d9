"""Which stage of a search is asked for when, and which step is named when one fails; nothing is computed."""

from collections.abc import Callable, Sequence

import msgspec
import numpy as np
import pytest

from actinic.calculations.ensemble import Conformer, EnsembleRequest, EnsembleResult
from actinic.calculations.kinds import Request, Result, kind_of
from actinic.calculations.outcome import Failure, Outcome, Provenance
from actinic.calculations.path_checks import Check
from actinic.calculations.path_energy import PathEnergyRequest, PathEnergyResult
from actinic.calculations.path_saddle import PathSaddleRequest, PathSaddleResult
from actinic.calculations.path_scan import Frame, PathScanRequest, PathScanResult
from actinic.calculations.thermal import ThermalRequest, ThermalResult
from actinic.chemistry.candidates import Candidate
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.engines.embedding import embed
from actinic.level import Level
from actinic.screening.path_tasks import path_tasks
from actinic.screening.paths import PathRecipe, PathStand, path_stand
from actinic.screening.plan import progress
from actinic.screening.workflow import Workflow
from actinic.units import HARTREE_KCAL_MOL

FLOW = Workflow.load("heat-ligand")
NOW = Provenance({}, "here", "", 1.0, 1.0, 1.0)
ESTER, AZIDE, RING = "CC(=O)OC(C)(C)C", "CN=[N+]=[N-]", "C1Cc2ccccc12"

Answer = Callable[[Request], Outcome | None]


def geometry(smiles: str) -> Geometry:
    species = Species.from_smiles(smiles, multiplicity=1)
    return embed(species, n_conformers=1, seed=1, rmsd_angstrom=0.1)[0]


def saddle(at: Geometry, *, missed: str = "") -> PathSaddleResult:
    names = ("one imaginary mode", "mode follows the coordinate", "two basins")
    checks = tuple(Check(name, name != missed, "seen") for name in names)
    side = (Frame(at, -1.0), Frame(at, -1.1))
    return PathSaddleResult(
        at, -0.9, 0.001, (-800.0, 50.0), (1.0, 0.5, 0.4), 1, 100.0, Level.parse("gfn2-xtb"), 0.7, 20, side,
        side, checks,
    )  # fmt: skip


def scan(request: PathScanRequest, summit: int) -> PathScanResult:
    start = request.starts[0]
    frames = [Frame(start.geometry, -1.0 - 0.01 * abs(i - summit)) for i in range(request.n_points)]
    return PathScanResult(tuple(frames), 0, start.broken, start.formed)


def energies(
    request: PathEnergyRequest, *, highest: int | None = None, spin: float = 0.0
) -> PathEnergyResult:
    n = len(request.frames)
    here = request.first if highest is None else highest
    known = tuple(-1.0 if i == here else -1.05 for i in range(n))
    return PathEnergyResult(-1.07, known, here, (0.0,) * n, spin, -1.0)


class Store:
    """Answers every request with something plausible, unless told otherwise, and notes what it was asked."""

    def __init__(self, smiles: str, **answers: Callable[[Request], Result | Failure | None]) -> None:
        self.geometry = geometry(smiles)
        self.answers = answers
        self.asked: list[Request] = []

    def __call__(self, request: Request) -> Outcome | None:
        self.asked.append(request)
        given = self.answers.get(kind_of(request).name, self._usual)(request)
        if isinstance(given, Failure):
            return Outcome(None, given, NOW)
        return None if given is None else Outcome(given, None, NOW)

    def _usual(self, request: Request) -> Result:
        match request:
            case EnsembleRequest():
                conformer = Conformer(self.geometry, -1.0, 1, 1.0, -9.0, 1.0, 1.0)
                return EnsembleResult((conformer,), 5, 0, 0, None, None)
            case ThermalRequest():
                return ThermalResult(self.geometry, -1.0, 0.0, (50.0, 60.0), (1.0, 0.5, 0.4), 1, 100.0, 0)
            case PathScanRequest():
                return scan(request, 12)
            case PathSaddleRequest():
                return saddle(request.guess)
            case PathEnergyRequest():
                return energies(request)
        raise AssertionError(f"not expected: {request}")


def stand(smiles: str, store: Answer) -> PathStand:
    assert FLOW.paths is not None
    (task,) = path_tasks(Species.from_smiles(smiles, multiplicity=1), FLOW.paths)[:1]
    return path_stand(task, PathRecipe(FLOW.ensemble, FLOW.paths), store)


def asked_in_turn(smiles: str) -> list[Request]:
    """What is missing, answered one by one until nothing is."""
    known: list[Request] = []
    full = Store(smiles)

    def so_far(request: Request) -> Outcome | None:
        return full(request) if request in known else None

    while missing := stand(smiles, so_far).missing:
        known += missing
    return known


def kinds_of(requests: Sequence[Request]) -> list[str]:
    return [kind_of(request).name for request in requests]


def test_an_ester_is_scanned_climbed_and_weighed_in_turn() -> None:
    asked = asked_in_turn(ESTER)
    assert kinds_of(asked) == ["ensemble", "thermal", "path_scan", "path_saddle", "path_energy"]
    last = asked[-1]
    assert isinstance(last, PathEnergyRequest)
    assert len(last.frames) == 5
    assert last.first == 2
    assert last.climb
    assert not last.broken_symmetry


def test_a_ring_opening_gets_a_second_saddle_point_on_the_dft_surface() -> None:
    asked = asked_in_turn(RING)
    assert kinds_of(asked)[2:] == ["path_scan", "path_saddle", "path_saddle", "path_energy"]
    cheap, dear = (request for request in asked if isinstance(request, PathSaddleRequest))
    assert cheap.theory.level.is_tight_binding
    assert str(dear.theory.level) == "wb97x-d3/def2-svp"
    assert not dear.theory.broken_symmetry
    assert dear.hessian.is_tight_binding


def test_loss_of_nitrogen_is_searched_among_open_shell_energies_along_the_bond_to_n2_alone() -> None:
    asked = asked_in_turn(AZIDE)
    assert kinds_of(asked)[2:] == ["path_scan", "path_energy", "path_saddle", "path_energy"]
    driven, rough, top = asked[2:5]
    assert isinstance(driven, PathScanRequest)
    assert driven.starts[0].formed == ()
    ((i, j),) = driven.starts[0].broken
    assert {driven.starts[0].geometry.symbols[k] for k in (i, j)} == {"N"}
    assert isinstance(rough, PathEnergyRequest)
    assert rough.broken_symmetry
    assert isinstance(top, PathSaddleRequest)
    assert top.theory.broken_symmetry
    assert top.broken == ((i, j),)


def test_the_hydrogen_that_is_nearest_to_the_oxygen_is_the_one_that_moves() -> None:
    driven = asked_in_turn(ESTER)[2]
    assert isinstance(driven, PathScanRequest)
    start = driven.starts[0]
    positions = start.geometry.positions_angstrom
    molecule = Species.from_smiles(ESTER, multiplicity=1).molecule()
    ((oxygen, hydrogen),) = start.formed
    carbon = {b.GetIdx() for a in (hydrogen,) for b in molecule.GetAtomWithIdx(a).GetNeighbors()}
    chain = [a.GetIdx() for a in molecule.GetAtoms() if a.GetSymbol() == "H" and len(carbon) == 1]
    tert = [a for a in chain if molecule.GetAtomWithIdx(a).GetNeighbors()[0].GetIdx() >= 4]
    gaps = {a: float(np.linalg.norm(positions[a] - positions[oxygen])) for a in tert}
    assert gaps[hydrogen] == pytest.approx(min(gaps.values()), abs=1e-3)


def test_an_accepted_search_has_a_barrier_and_vibrations_of_its_summit() -> None:
    path = stand(ESTER, Store(ESTER)).path
    assert path.is_accepted
    assert path.electronic_barrier_kcal_mol == pytest.approx(0.07 * HARTREE_KCAL_MOL)
    assert path.transition_state is not None
    assert path.transition_state.frequencies_cm == (-800.0, 50.0)
    assert path.guess is None


@pytest.mark.parametrize(
    ("smiles", "answers", "step", "words"),
    [
        (ESTER, {"path_scan": lambda r: scan(r, 23)}, "scan", "point 24 of 24, is not interior"),
        (AZIDE, {"path_energy": lambda r: energies(r, highest=0)}, "scan", "DFT summit, point 1 of 24"),
        (
            ESTER,
            {"path_saddle": lambda r: saddle(r.guess, missed="two basins")},
            "acceptance",
            "two basins: seen",
        ),
        (
            ESTER,
            {"path_saddle": lambda _: Failure("ConvergenceError", "no saddle point within 200 steps", "")},
            "saddle",
            "path_saddle: ConvergenceError: no saddle point within 200 steps",
        ),
        (ESTER, {"path_energy": lambda r: energies(r, spin=0.4)}, "acceptance", "closed shell: not stable"),
        (ESTER, {"path_energy": lambda r: energies(r, highest=4)}, "energies", "rise to the end"),
        (
            ESTER,
            {"ensemble": lambda _: EnsembleResult((), 5, 0, 5, "C4H8 + C2H4O2", None)},
            "conformers",
            "does not keep its bonds",
        ),
    ],
)
def test_a_search_that_fails_names_the_step(
    smiles: str, answers: dict[str, Callable[[Request], Result | Failure]], step: str, words: str
) -> None:
    found = stand(smiles, Store(smiles, **answers))
    assert found.missing == ()
    assert found.path.failed_step == step
    assert words in found.path.failure
    assert not found.path.is_accepted
    assert found.path.electronic_barrier_kcal_mol is None
    assert found.path.transition_state is None


def test_ions_large_molecules_and_those_without_a_route_are_not_searched() -> None:
    assert FLOW.paths is not None
    for smiles in ("[O-]C(=O)CC(C)=O", "CCO", "CC(=O)OC(C)(C)" + "C" * 30):
        assert path_tasks(Species.from_smiles(smiles, multiplicity=1), FLOW.paths) == ()


def test_a_workflow_limits_the_searches_of_a_candidate() -> None:
    assert FLOW.paths is not None
    two = Species.from_smiles("CC(=O)OC(C)(C)CN=[N+]=[N-]", multiplicity=1)
    assert len(path_tasks(two, FLOW.paths)) == 2
    assert len(path_tasks(two, FLOW.paths.model_copy(update={"max_paths": 1}))) == 1


def test_a_long_chain_is_cut_off_where_the_workflow_says_so() -> None:
    assert FLOW.paths is not None
    section = FLOW.paths.model_copy(update={"trim_reach": 2})
    long = Species.from_smiles("CC(=O)OC(C)(C)CCCCCCCCCC", multiplicity=1)
    ((full,), (cut,)) = path_tasks(long, FLOW.paths), path_tasks(long, section)
    assert full.model == long
    assert cut.model == Species.from_smiles("CCCC(C)(C)OC(C)=O", multiplicity=1)
    assert cut.reaction.reactants == (long,)
    n_atoms = cut.model.molecule().GetNumAtoms()
    assert all(max(max(pair) for pair in place.broken) < n_atoms for place in cut.places)


def candidate(smiles: str) -> Candidate:
    species = Species.from_smiles(smiles, multiplicity=1)
    return Candidate(
        id="x", name="", smiles_given=smiles, species=species, counter_ion="", role="", target_nm=None,
        extra=(), row=2, notes=(),
    )  # fmt: skip


def test_the_plan_searches_when_the_workflow_says_so_and_a_failed_search_ends_no_candidate() -> None:
    flow = FLOW.model_copy(update={"spectrum": None, "reactions": None, "gates": (), "criteria": ()})
    store = Store(ESTER, path_saddle=lambda _: Failure("ConvergenceError", "lost", ""))
    here = progress(candidate(ESTER), flow, store)
    assert here.state == "done"
    assert [path.failure for path in here.known.paths] == ["path_saddle: ConvergenceError: lost"]
    waiting = progress(candidate(ESTER), flow, Store(ESTER, path_scan=lambda _: None))
    assert waiting.state == "waiting"
    assert kinds_of(waiting.missing) == ["path_scan"]
    without = flow.model_copy(update={"paths": None})
    assert progress(candidate(ESTER), without, store).known.paths == ()


def test_another_level_asks_for_other_energies_but_the_same_scan() -> None:
    assert FLOW.paths is not None
    asked = asked_in_turn(ESTER)
    section = FLOW.paths.model_copy(update={"level": "b3lyp-d3bj/def2-svp"})
    (task,) = path_tasks(Species.from_smiles(ESTER, multiplicity=1), section)[:1]
    store = Store(ESTER)
    path_stand(task, PathRecipe(FLOW.ensemble, section), store)
    assert store.asked[:4] == asked[:4]
    assert store.asked[4] != asked[4]
    assert msgspec.structs.replace(store.asked[4], level=asked[4].level) == asked[4]
