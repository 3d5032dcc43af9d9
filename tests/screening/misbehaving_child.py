"""A child that does what its request says: the ways in which native code misbehaves."""

import ctypes
import os
import signal
import sys
import time

from actinic.screening.child import die_with_parent, receive, send


def hang_with_gil_held() -> None:
    ctypes.PyDLL(None).sleep(600)  # PyDLL keeps the interpreter lock


def grow(kept: list[bytes], *, for_ever: bool) -> None:
    while for_ever or len(kept) < 15:
        kept.append(b"x" * 10_000_000)
        time.sleep(0.01)


def main() -> None:
    die_with_parent()
    kept: list[bytes] = []
    with os.fdopen(int(sys.argv[1]), "rb") as requests, os.fdopen(int(sys.argv[2]), "wb") as outcomes:
        while (order := receive(requests)) is not None:
            print(f"asked to {order.decode()}", flush=True)
            match order:
                case b"hang":
                    signal.signal(signal.SIGTERM, signal.SIG_IGN)
                    time.sleep(600)
                case b"hang with the lock":
                    hang_with_gil_held()
                case b"crash":
                    os.kill(os.getpid(), signal.SIGSEGV)
                case b"exit":
                    os._exit(0)
                case b"eat memory" | b"keep memory":
                    grow(kept, for_ever=order == b"eat memory")
                case b"work for a second, then eat memory":
                    start_s = time.process_time()
                    while time.process_time() - start_s < 1.1:  # the kernel counts in hundredths
                        pass
                    grow(kept, for_ever=True)
                case b"start a grandchild":
                    os.spawnlp(os.P_NOWAIT, "sleep", "sleep", "613")
                    time.sleep(600)
            send(outcomes, b'{"result":null,"failure":null,"provenance":' + provenance() + b"}")


def provenance() -> bytes:
    return b'{"versions":{},"host":"here","finished":"","wall_s":0.0,"cpu_s":0.0,"peak_memory_mb":0.0}'


if __name__ == "__main__":
    main()
