"""A child that does what its request says: the ways in which native code misbehaves."""

import ctypes
import os
import signal
import subprocess
import sys
import time

from actinic.screening.child import die_with_parent, receive, send


def hang_with_gil_held() -> None:
    ctypes.PyDLL(None).sleep(600)  # PyDLL keeps the interpreter lock


def grow(kept: list[bytes], *, for_ever: bool) -> None:
    while for_ever or len(kept) < 15:
        kept.append(b"x" * 10_000_000)
        time.sleep(0.01)


def leave_behind(kept_fd: int) -> None:
    """A process that outlives this one, with an open end of its pipe."""
    subprocess.Popen(["sleep", "614"], pass_fds=[kept_fd])


def hang() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(600)


def work_for_a_second() -> None:
    start_s = time.process_time()
    while time.process_time() - start_s < 1.1:  # the kernel counts in hundredths
        pass


def obey(order: bytes, outcome_fd: int, kept: list[bytes]) -> None:
    match order:
        case b"hang":
            hang()
        case b"hang with the lock":
            hang_with_gil_held()
        case b"crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case b"exit":
            os._exit(0)
        case b"eat memory" | b"keep memory":
            grow(kept, for_ever=order == b"eat memory")
        case b"work for a second, then eat memory":
            work_for_a_second()
            grow(kept, for_ever=True)
        case b"start a grandchild":
            os.spawnlp(os.P_NOWAIT, "sleep", "sleep", "613")
            time.sleep(600)
        case _:
            leave_something(order, outcome_fd)


def leave_something(order: bytes, outcome_fd: int) -> None:
    match order:
        case b"leave a grandchild that holds the pipe":
            leave_behind(outcome_fd)
            os._exit(0)
        case b"be killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case b"eat some memory and be killed":
            kept = [b"x" * 190_000_000]
            time.sleep(1)
            os.kill(os.getpid(), signal.SIGKILL)
            del kept
        case b"stop in the middle of the answer":
            leave_behind(outcome_fd)
            os.write(outcome_fd, (1000).to_bytes(8, "big") + b"half")
            time.sleep(600)
        case b"answer, then leave a grandchild":
            leave_behind(outcome_fd)


def main() -> None:
    die_with_parent()
    kept: list[bytes] = []
    with os.fdopen(int(sys.argv[1]), "rb") as requests, os.fdopen(int(sys.argv[2]), "wb") as outcomes:
        while (order := receive(requests)) is not None:
            print(f"asked to {order.decode()}", flush=True)
            obey(order, outcomes.fileno(), kept)
            send(outcomes, b'{"result":null,"failure":null,"provenance":' + provenance() + b"}")
            if order == b"answer, then leave a grandchild":
                os._exit(0)


def provenance() -> bytes:
    return b'{"versions":{},"host":"here","finished":"","wall_s":0.0,"cpu_s":0.0,"peak_memory_mb":0.0}'


if __name__ == "__main__":
    main()
