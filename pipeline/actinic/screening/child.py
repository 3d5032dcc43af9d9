"""The process a calculation runs in: reads requests from a pipe, answers with outcomes, until end of file.

Started by `worker.py` as `python -m actinic.screening.child READ_FD WRITE_FD`; may be killed at any moment.
What the programs print goes to this process's standard output, which the parent keeps in a file.
"""

import ctypes
import os
import resource
import signal
import socket
import sys
import time
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

import msgspec

PR_SET_PDEATHSIG = 1
HEADER_BYTES = 8
PROGRAMS = ("actinic", "rdkit", "tblite", "xtb", "pyscf", "dftd3", "dftd4", "ase", "numpy")


def send(stream: BinaryIO, payload: bytes) -> None:
    """Write one length-prefixed message."""
    stream.write(len(payload).to_bytes(HEADER_BYTES, "big") + payload)
    stream.flush()


def receive(stream: BinaryIO) -> bytes | None:
    """Read one length-prefixed message; None at end of file, also in the middle of a message."""
    header = stream.read(HEADER_BYTES)
    if len(header) < HEADER_BYTES:
        return None
    size = int.from_bytes(header, "big")
    payload = stream.read(size)
    return payload if len(payload) == size else None


def unpacked(received: bytes | bytearray) -> bytes | None:
    """The message that these bytes are; None while some are missing."""
    size = int.from_bytes(received[:HEADER_BYTES], "big")
    if len(received) < HEADER_BYTES or len(received) - HEADER_BYTES < size:
        return None
    return bytes(received[HEADER_BYTES:])


def main(read_fd: int, write_fd: int) -> None:
    """Serve requests until the parent closes the pipe."""
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the driver's business
    with os.fdopen(read_fd, "rb") as requests, os.fdopen(write_fd, "wb") as outcomes:
        while (text := receive(requests)) is not None:
            send(outcomes, answer(text))


def die_with_parent() -> None:
    """Ask the kernel to kill this process when the thread that started it ends (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def answer(text: bytes) -> bytes:
    """Compute what the encoded request asks; the one place that turns an error into a record."""
    # Imported here: the chemistry loads after the pipe is up, and reads the thread variables then.
    from actinic.calculations import kinds  # noqa: PLC0415
    from actinic.calculations.outcome import Failure, Outcome, Provenance  # noqa: PLC0415
    from actinic.errors import ActinicError  # noqa: PLC0415

    _forget_peak_memory()
    start_wall_s, start_cpu_s = time.monotonic(), time.process_time()
    result, failure = None, None
    try:
        result = kinds.compute(kinds.decode_request(text))
    except ActinicError as error:
        failure = Failure(type(error).__name__, error.message, traceback.format_exc())
    except MemoryError as error:
        failure = Failure("ResourceError", f"out of memory: {error}", traceback.format_exc())
    except Exception as error:  # noqa: BLE001 - any other exception is a bug, and still only this row's
        failure = Failure("EngineError", f"{type(error).__name__}: {error}", traceback.format_exc())
    sys.stdout.flush()
    provenance = Provenance(
        versions=installed_versions(),
        host=socket.gethostname(),
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
        wall_s=round(time.monotonic() - start_wall_s, 3),
        cpu_s=round(time.process_time() - start_cpu_s, 3),
        peak_memory_mb=round(_peak_memory_mb(), 1),
    )
    return msgspec.json.encode(Outcome(result, failure, provenance))


def _forget_peak_memory() -> None:
    """Let the highest memory begin anew, so that it is that of one calculation (Linux only)."""
    with suppress(OSError), Path("/proc/self/clear_refs").open("wb") as file:
        file.write(b"5")


def _peak_memory_mb() -> float:
    """Since it was forgotten; elsewhere of the whole process, and of the one that started it."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    unit = 1024 if sys.platform == "darwin" else 1  # bytes there, kB elsewhere
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit / 1024


@cache
def installed_versions() -> dict[str, str]:
    """Versions of the programs that can have computed a number."""
    found = {}
    for program in PROGRAMS:
        try:
            found[program] = version(program)
        except ImportError:
            continue
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
