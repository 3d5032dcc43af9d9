"""What became of a calculation: a result or a full record of the failure, and where it came from."""

import msgspec

from actinic.calculations.ensemble import EnsembleResult
from actinic.calculations.kinds import Result
from actinic.engines.dft_ladder import OTHER_GUESS


class Failure(msgspec.Struct, frozen=True):
    """Why there is no result.

    Attributes:
        error_class: One of the remedy classes of `actinic.errors`, by name.
        message: For the chemist.
        log_tail: The last lines the programs printed, with the traceback where there was one.
        wall_limit_s: What it was allowed to take.
        memory_limit_mb: Likewise; 0 when it had no limits of its own.
        killed_by_system: For memory, below what it was allowed: the machine had less than that.
    """

    error_class: str
    message: str
    log_tail: str
    wall_limit_s: float = 0.0
    memory_limit_mb: float = 0.0
    killed_by_system: bool = False


class Provenance(msgspec.Struct, frozen=True):
    """Where and with what a calculation ran.

    Attributes:
        versions: Program name to version; of the driver where the worker was lost.
        host: Machine; its address where the worker was lost.
        finished: UTC time, ISO 8601.
        wall_s: Elapsed time.
        cpu_s: Processor time; where it was killed for its time or memory, up to then.
        peak_memory_mb: Highest resident memory while it ran; not on Linux, that of its process so far.
    """

    versions: dict[str, str]
    host: str
    finished: str
    wall_s: float
    cpu_s: float
    peak_memory_mb: float


class Outcome(msgspec.Struct, frozen=True):
    """Exactly one of `result` and `failure` is present.

    Attributes:
        result: What was asked for.
        failure: Why there is none.
        provenance: Where it ran.
        rung: Settings it was computed with where those asked for had failed, a rung of `screening.retry`.
    """

    result: Result | None
    failure: Failure | None
    provenance: Provenance
    rung: str = ""

    @property
    def settings(self) -> str:
        """What was done differently from what was asked for, by any program; empty when nothing was."""
        within = {"scf_rung": "SCF", "embedding": "geometries"}
        parts = [self.rung] if self.rung else []
        for field, whose in within.items():
            took = getattr(self.result, field, "")
            parts += [f"{whose} by {took}"] if took not in ("", "diis") else []
        return ", ".join(parts)

    @property
    def doubt(self) -> str:
        """Why those settings may have led to another result; empty where they only led there at all."""
        if isinstance(self.result, EnsembleResult) and self.result.embedding:
            return f"geometries could only be built with {self.result.embedding}: conformers may be missing"
        if getattr(self.result, "scf_rung", "") == OTHER_GUESS:
            return f"SCF converged from {OTHER_GUESS} only: it may not be the lowest state"
        return ""
