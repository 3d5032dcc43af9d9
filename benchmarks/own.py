"""This package in a process of its own, with the linear algebra of a screen: started by the benchmarks."""

from benchmarks.measurement import report, request_of_this_process

from actinic.engines.blas import prefer_fast_blas


def main() -> None:
    """Answer one request."""
    blas = prefer_fast_blas()
    from benchmarks.engine_run import answer  # noqa: PLC0415 - imports PySCF, which must come second

    report(answer(request_of_this_process()) | {"blas": blas})


if __name__ == "__main__":
    main()
