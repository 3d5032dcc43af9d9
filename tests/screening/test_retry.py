"""The remedy belongs to the class of the error, and is tried as often as it may help."""

from types import SimpleNamespace

import msgspec
import pytest

from actinic import __version__
from actinic.calculations import kinds
from actinic.calculations.energy import EnergyRequest
from actinic.calculations.ensemble import EnsembleRequest
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Failure, Provenance
from actinic.calculations.path_energy import PathEnergyRequest
from actinic.calculations.path_saddle import PathSaddleRequest
from actinic.calculations.path_scan import PathScanRequest, ScanStart
from actinic.calculations.relaxation import RelaxationRequest
from actinic.calculations.spectrum import SpectrumRequest
from actinic.calculations.thermal import ThermalRequest
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.engines.dft import ScfSettings
from actinic.engines.response import ResponseSettings
from actinic.engines.surface import SurfaceTheory
from actinic.level import Level
from actinic.screening.retry import Allowed, Attempt, ladder, lost, next_attempt
from actinic.screening.store import Failed

ALLOWED = Allowed(wall_s=100.0, memory_mb=1000.0, share_mb=1000.0, most_memory_mb=4000.0)
GEOMETRY = Geometry(("O", "H", "H"), (0, 0, 0, 96000, 0, 0, 0, 96000, 0))
DFT, XTB = Level.parse("b3lyp/def2-svp"), Level.parse("gfn2-xtb")
ENSEMBLE = EnsembleRequest(Species("O", 0, 1), XTB, "tblite", 5, 3.0, 0.3, 2, 0.05, 100, 298.15)
SPECTRUM = SpectrumRequest(GEOMETRY, 0, 1, DFT, ScfSettings(), ResponseSettings(), "pyscf")
ENERGY = EnergyRequest(GEOMETRY, 0, 1, False, DFT, ScfSettings(), "pyscf")
THERMAL = ThermalRequest(GEOMETRY, 0, 1, XTB, "tblite", 0.004, 200)
RELAXATION = RelaxationRequest(GEOMETRY, 0, 1, DFT, ScfSettings(), 0.03, 60, "pyscf")

GFN2_SURFACE = SurfaceTheory(0, 1, XTB, "tblite", False, None)
DFT_SURFACE = SurfaceTheory(0, 1, DFT, "pyscf", False, ScfSettings())
SCAN = PathScanRequest((ScanStart(GEOMETRY, (), ()),), DFT_SURFACE, 5, 0.05, 10)
SADDLE = PathSaddleRequest(Species("O", 0, 1), GEOMETRY, ((0, 1),), (), DFT_SURFACE, XTB, "tblite", 0.01, 20)
PATH = PathEnergyRequest(GEOMETRY, (GEOMETRY,), 0, False, 0, 1, False, DFT, ScfSettings(), "pyscf")


def failed(
    error_class: str, wall_s: float = 1.0, limits: tuple[float, float] = (0, 0), **attempts: int
) -> Failed:
    return Failed(
        "ensemble",
        msgspec.Raw(b"{}"),
        Failure(error_class, "", "", *limits),
        Provenance({"actinic": __version__}, "", "", wall_s, 1.0, 1.0),
        attempts or {error_class: 1},
    )


def test_the_first_attempt_is_the_request_itself() -> None:
    assert next_attempt(ENSEMBLE, None, ALLOWED) == Attempt(ENSEMBLE, "", 100.0, 1000.0)


@pytest.mark.parametrize("request_", [ENSEMBLE, SPECTRUM, ENERGY, THERMAL, RELAXATION, SCAN, SADDLE, PATH])
def test_every_rung_changes_limits_or_starts_and_nothing_that_is_asked_for(request_: Request) -> None:
    before = request_
    for name, changed in ladder(request_):
        assert name
        assert changed != before
        same = {"max_steps", "n_embedded", "scf", "response", "algorithm", "theory"}
        for field in msgspec.structs.fields(type(request_)):
            if field.name not in same:
                assert getattr(changed, field.name) == getattr(request_, field.name)
        assert kinds.decode_request(kinds.encode(changed)) == changed
        before = changed


def test_the_rungs_by_kind() -> None:
    ((_, longer), (_, restarted)) = ladder(SPECTRUM)
    assert isinstance(longer, SpectrumRequest)
    assert isinstance(restarted, SpectrumRequest)
    assert (longer.scf.max_cycles, longer.response.max_iterations) == (160, 120)
    assert (restarted.scf.level_shift_hartree, restarted.response) == (1.0, longer.response)
    downhill = ["4 times the iterations", "shorter steps", "line search"]
    assert [name for name, _ in ladder(THERMAL)] == downhill
    assert ladder(msgspec.structs.replace(THERMAL, max_steps=0)) == ()
    assert [name for name, _ in ladder(RELAXATION)] == [*downhill, "a large level shift"]
    assert [name for name, _ in ladder(ENSEMBLE)] == [*downhill, "other starting geometries"]
    climbed = [r for _, r in ladder(ENSEMBLE) if isinstance(r, EnsembleRequest)]
    assert [r.n_embedded for r in climbed] == [5, 5, 5, 20]
    assert [r.algorithm for r in climbed] == [None, "shorter steps", "line search", None]


@pytest.mark.parametrize("request_", [ENSEMBLE, THERMAL, RELAXATION])
def test_what_only_remedies_set_is_no_part_of_the_key(request_: Request) -> None:
    assert b"algorithm" not in kinds.encode(request_)
    assert kinds.decode_request(kinds.encode(request_)) == request_
    changed = msgspec.structs.replace(request_, algorithm="line search")
    assert kinds.key(changed) != kinds.key(request_)


def test_what_cannot_be_built_is_drawn_once_more_and_no_iteration_is_lengthened() -> None:
    attempt = next_attempt(ENSEMBLE, failed("EmbeddingError"), ALLOWED)
    drawn = msgspec.structs.replace(ENSEMBLE, n_embedded=20)
    assert attempt == Attempt(drawn, "other starting geometries", 100.0, 1000.0)
    assert next_attempt(ENSEMBLE, failed("EmbeddingError", EmbeddingError=2), ALLOWED) is None


def test_a_rung_is_kept_when_it_needs_more_time() -> None:
    late = failed("ResourceError", 100.0, (100.0, 1000.0), ConvergenceError=1, ResourceError=1)
    attempt = next_attempt(ENSEMBLE, late, ALLOWED)
    assert attempt is not None
    assert (attempt.rung, attempt.wall_s) == ("4 times the iterations", 200.0)


def test_a_program_that_gave_up_for_memory_gets_twice_its_budget_once() -> None:
    attempt = next_attempt(SPECTRUM, failed("ResourceError"), ALLOWED)
    assert attempt is not None
    assert isinstance(attempt.request, SpectrumRequest)
    assert attempt.request.scf.memory_mb == attempt.request.response.memory_mb == 8000
    assert (attempt.rung, attempt.alone) == ("twice the memory budget", True)
    assert next_attempt(SPECTRUM, failed("ResourceError", ResourceError=2), ALLOWED) is None
    assert next_attempt(ENSEMBLE, failed("ResourceError"), ALLOWED) is None


@pytest.mark.parametrize("request_", [SCAN, SADDLE])
def test_the_ground_states_of_a_path_search_climb_the_ladder_too(
    request_: PathScanRequest | PathSaddleRequest,
) -> None:
    longer, shifted = (changed for _, changed in ladder(request_))
    for changed, shift in ((longer, ScfSettings().level_shift_hartree), (shifted, 1.0)):
        assert isinstance(changed, type(request_))
        assert changed.max_steps == 4 * request_.max_steps
        scf = msgspec.structs.replace(ScfSettings(), max_cycles=160, level_shift_hartree=shift)
        assert changed.theory == msgspec.structs.replace(DFT_SURFACE, scf=scf)
    roomier = next_attempt(request_, failed("ResourceError"), ALLOWED)
    assert roomier is not None
    assert isinstance(roomier.request, type(request_))
    assert roomier.request.theory.scf == msgspec.structs.replace(ScfSettings(), memory_mb=8000)


def test_a_path_search_on_tight_binding_has_more_iterations_alone() -> None:
    on_gfn2 = msgspec.structs.replace(SCAN, theory=GFN2_SURFACE)
    assert ladder(on_gfn2) == (("4 times the iterations", msgspec.structs.replace(on_gfn2, max_steps=40)),)


def test_what_the_system_killed_for_memory_is_tried_once_more_with_all_of_it() -> None:
    roomy = Allowed(wall_s=100.0, memory_mb=1000.0, share_mb=3000.0, most_memory_mb=3000.0)
    killed = failed("ResourceError", 1.0, (100.0, 1000.0))
    killed = killed._replace(failure=msgspec.structs.replace(killed.failure, killed_by_system=True))
    attempt = next_attempt(ENSEMBLE, killed, roomy)
    assert attempt == Attempt(ENSEMBLE, "", 100.0, 3000.0, alone=True)
    assert next_attempt(ENSEMBLE, killed._replace(attempts={"ResourceError": 2}), roomy) is None


class WorkerGoneError(Exception):
    """As `distributed.KilledWorker`."""

    last_worker = SimpleNamespace(address="tls://10.0.0.7:41003", name="slurm-3", pid=4711)


def test_of_a_lost_worker_all_that_is_known_is_on_record() -> None:
    error = WorkerGoneError("gone")
    error.add_note("its job printed last:\nslurmstepd: Exceeded job memory limit")
    outcome = lost(error, 2)
    assert outcome.failure is not None
    assert "attempt 2 of 3 (WorkerGoneError: gone)" in outcome.failure.message
    assert "worker slurm-3 at tls://10.0.0.7:41003, process 4711" in outcome.failure.log_tail
    assert "Exceeded job memory limit" in outcome.failure.log_tail
    assert outcome.provenance.host == "10.0.0.7"
    assert outcome.provenance.versions["actinic"] == __version__
    assert outcome.provenance.finished
    unknown = lost(OSError("reset"), 1)
    assert unknown.failure is not None
    assert (unknown.failure.log_tail, unknown.provenance.host) == ("OSError: reset\n", "")


@pytest.mark.parametrize(
    "attempts",
    [
        failed("InputError"),
        failed("EngineError", EngineError=2),
        failed("WorkerLost", WorkerLost=3),
        failed("ConvergenceError", ConvergenceError=5),
        failed("EngineError", ConvergenceError=5, EngineError=1),
        failed("ResourceError", 200.0, (200.0, 1000.0), ResourceError=2),
        failed("ResourceError", 1.0, (100.0, 4000.0), ResourceError=2),
    ],
)
def test_what_has_had_its_chances_is_left(attempts: Failed) -> None:
    assert next_attempt(ENSEMBLE, attempts, ALLOWED) is None


def test_a_bug_of_another_version_may_be_mended() -> None:
    old = failed("EngineError", EngineError=7)
    old = old._replace(provenance=msgspec.structs.replace(old.provenance, versions={"actinic": "0.0.1"}))
    assert next_attempt(ENSEMBLE, old, ALLOWED) == Attempt(ENSEMBLE, "", 100.0, 1000.0)


def test_what_outgrew_the_limit_of_its_kind_gets_twice_as_much_once_and_need_not_be_alone() -> None:
    roomy = Allowed(wall_s=100.0, memory_mb=1000.0, share_mb=3000.0, most_memory_mb=6000.0)
    attempt = next_attempt(ENSEMBLE, failed("ResourceError", 1.0, (100.0, 1000.0), ResourceError=1), roomy)
    assert attempt == Attempt(ENSEMBLE, "", 100.0, 2000.0)
    again = failed("ResourceError", 1.0, (100.0, 2000.0), ResourceError=2)
    assert next_attempt(ENSEMBLE, again, roomy) is None
