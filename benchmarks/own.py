"""This package in a process of its own: started by the benchmarks."""

from benchmarks.engine_run import answer
from benchmarks.measurement import report, request_of_this_process


def main() -> None:
    """Answer one request."""
    report(answer(request_of_this_process()))


if __name__ == "__main__":
    main()
