"""A driver whose calculations take no time and fail as asked."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from actinic import __version__
from actinic.calculations import kinds
from actinic.calculations.ensemble import Conformer, EnsembleRequest, EnsembleResult
from actinic.calculations.kinds import Request, Result
from actinic.calculations.outcome import Failure, Outcome, Provenance
from actinic.calculations.spectrum import SpectrumResult, Transition
from actinic.chemistry.candidates import Candidate
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.screening.chunks import Hint
from actinic.screening.limits import Limit
from actinic.screening.plan import progress
from actinic.screening.run import Driver, Tally
from actinic.screening.store import Store
from actinic.screening.tiers import Progress
from actinic.screening.workflow import Workflow

FLOW = Workflow.load("photo-ligand").model_copy(update={"reactions": None})
NOW = Provenance({"actinic": __version__}, "here", "", 2.0, 1.0, 1.0)
Fails = Callable[[Request], Failure | Exception | None]


def candidate(name: str, smiles: str) -> Candidate:
    species = Species.from_smiles(smiles, multiplicity=1)
    return Candidate(
        id=name, name="", smiles_given=smiles, species=species, counter_ion="", role="", target_nm=None,
        extra=(), row=2, notes=(),
    )  # fmt: skip


def standing_in(request: Request) -> Result:
    """An instant stand-in: two conformers that remember their molecule, one band."""
    if isinstance(request, EnsembleRequest):
        size = len(request.species.smiles)
        points = [(size, 0, 0), (size, 1, 0)]
        made = tuple(Conformer(Geometry(("H",), p), -1.0, 1, 0.5, -9.0, 1.0, 1.0) for p in points)
        return EnsembleResult(made, 2, 0, 0, None, None)
    return SpectrumResult(-1.0, -6.0, -1.0, 2.0, (Transition(4.6, 0.1),), 6.5, False, "diis")


class InstantPool:
    """Answers at the next question; notes what was submitted and how much was in flight."""

    slots = 2
    memory_mb = 1000.0
    most_memory_mb = 4000.0

    def __init__(self, room: int = 4, fails: Fails = lambda _: None) -> None:
        self.room = room
        self.fails = fails
        self.submitted: list[str] = []
        self.hints: list[Hint] = []
        self.requests: list[Request] = []
        self.walls_s: list[float] = []
        self.memories_mb: list[float] = []
        self.alone: list[str] = []
        self.most_in_flight = 0
        self._pending: list[tuple[str, bytes, float]] = []

    @property
    def has_room(self) -> bool:
        return len(self._pending) < self.room

    def submit(self, key: str, request: bytes, limit: Limit, hint: Hint) -> None:
        assert key not in self.submitted
        self.submitted.append(key)
        self.hints.append(hint)
        self.requests.append(kinds.decode_request(request))
        self.walls_s.append(limit.wall_s)
        self.memories_mb.append(limit.memory_mb)
        if limit.memory_mb == self.most_memory_mb:
            assert self._pending == []
            self.alone.append(key)
        self._pending.append((key, request, limit.wall_s))
        self.most_in_flight = max(self.most_in_flight, len(self._pending))

    def completed(self, timeout_s: float) -> list[tuple[str, bytes | BaseException]]:
        key, text, wall_s = self._pending.pop(0)
        request = kinds.decode_request(text)
        failure, provenance = self.fails(request), NOW
        if isinstance(failure, Exception):
            return [(key, failure)]
        if failure is LATE:
            failure = msgspec.structs.replace(failure, wall_limit_s=wall_s, memory_limit_mb=self.memory_mb)
            provenance = msgspec.structs.replace(NOW, wall_s=wall_s)
        result = None if failure else standing_in(request)
        return [(key, msgspec.json.encode(Outcome(result, failure, provenance)))]


REFUSED = Failure("InputError", "no such level", "")
BUG = Failure("EngineError", "signal SIGSEGV", "")
LATE = Failure("ResourceError", "killed for time", "")


def of_ethanol(request: Request) -> bool:
    return isinstance(request, EnsembleRequest) and request.species.smiles == "CCO"


class Witness:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.finished: list[tuple[str, str]] = []
        self.most_at_work = self.most_queued = 0

    def item_finished(self, candidate: Candidate, where: Progress) -> None:
        self.finished.append((candidate.id, where.state))

    def calculation_finished(self, request: Request, outcome: Outcome, waiting: list[Candidate]) -> None:
        assert waiting

    def tick(self, at_work: list[tuple[Request, list[Candidate]]], tally: Tally) -> None:
        assert all(waiting for _, waiting in at_work)
        self.most_at_work = max(self.most_at_work, len(at_work))
        self.most_queued = max(self.most_queued, tally.queued)


def drive(
    store: Store, pool: InstantPool, *candidates: Candidate, retry: bool = False
) -> tuple[Tally, Witness]:
    witness = Witness()
    driver = Driver(progress, FLOW, store, pool, witness, retry_failed=retry)
    return driver.run(iter(candidates)), witness


def ensemble_of(smiles: str) -> Request:
    pool = InstantPool(fails=lambda _: REFUSED)
    with Store(Path(":memory:")) as scratch:
        drive(scratch, pool, candidate("x", smiles))
    return pool.requests[0]
