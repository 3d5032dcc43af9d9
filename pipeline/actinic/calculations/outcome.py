"""What became of a calculation: a result or a full record of the failure, and where it came from."""

import msgspec

from actinic.calculations.kinds import Result


class Failure(msgspec.Struct, frozen=True):
    """Why there is no result.

    Attributes:
        error_class: One of the remedy classes of `actinic.errors`, by name.
        message: For the chemist.
        log_tail: The last lines the programs printed, with the traceback where there was one.
        wall_limit_s: What it was allowed to take.
        memory_limit_mb: Likewise; 0 when it had no limits of its own.
    """

    error_class: str
    message: str
    log_tail: str
    wall_limit_s: float = 0.0
    memory_limit_mb: float = 0.0


class Provenance(msgspec.Struct, frozen=True):
    """Where and with what a calculation ran.

    Attributes:
        versions: Program name to version.
        host: Machine.
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
    """Exactly one of `result` and `failure` is present."""

    result: Result | None
    failure: Failure | None
    provenance: Provenance
