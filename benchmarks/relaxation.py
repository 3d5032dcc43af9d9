"""GFN2 minima by this package, timed, in a process of its own: started by `threads.py`."""

from benchmarks.geometries import SMILES, minimum
from benchmarks.measurement import Stopwatch, machine, report, request_of_this_process


def main() -> None:
    """Embed and optimise the molecule as often as asked."""
    request = request_of_this_process()
    watch = Stopwatch()
    with watch.running():
        for _ in range(request["repeats"]):
            minimum(SMILES[request["molecule"]])
    report({"core_s": watch.core_s, "wall_s": watch.wall_s, "machine": machine()})


if __name__ == "__main__":
    main()
