"""The child of a run, but for molecules whose calculations misbehave as native code can."""

import ctypes
import os
import signal
import sys
import time

from actinic.calculations import kinds
from actinic.calculations.ensemble import EnsembleRequest
from actinic.calculations.kinds import Request, Result
from actinic.screening import child

honest = kinds.compute


def unruly(request: Request) -> Result:
    smiles = request.species.smiles if isinstance(request, EnsembleRequest) else ""
    match smiles:
        case "CF":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(600)
        case "CCl":
            ctypes.PyDLL(None).sleep(600)  # PyDLL keeps the interpreter lock
        case "CBr":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "CI":
            os._exit(0)
        case "CS":
            raise ZeroDivisionError("a bug")
        case "FCF":
            os.kill(os.getppid(), signal.SIGKILL)
            time.sleep(600)
        case "CP":
            kept = [b"x" * 100_000_000 for _ in range(25)]
            time.sleep(600)
            del kept
    return honest(request)


if __name__ == "__main__":
    kinds.compute = unruly
    child.main(int(sys.argv[1]), int(sys.argv[2]))
