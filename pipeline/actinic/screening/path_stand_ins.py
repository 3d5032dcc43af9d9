"""Results of the right shape for the stages of a search, all of them passed: what a forecast goes by."""

from actinic.calculations.path_energy import PathEnergyRequest, PathEnergyResult
from actinic.calculations.path_saddle import PathSaddleRequest, PathSaddleResult
from actinic.calculations.path_scan import Frame, PathScanRequest, PathScanResult


def stage_stand_in(
    request: PathScanRequest | PathSaddleRequest | PathEnergyRequest,
) -> PathScanResult | PathSaddleResult | PathEnergyResult:
    """A scan with its summit in the middle, a saddle point at its guess, a climb that ends where it began."""
    match request:
        case PathScanRequest():
            start, middle = request.starts[0], request.n_points // 2
            frames = (Frame(start.geometry, -abs(n - middle) * 0.01) for n in range(request.n_points))
            return PathScanResult(tuple(frames), 0, start.broken, start.formed)
        case PathSaddleRequest():
            side = (Frame(request.guess, -0.1), Frame(request.guess, -0.1))
            return PathSaddleResult(
                request.guess, 0.0, 0.0, (-500.0, 900.0), (1.0, 1.0, 1.0), 1, 30.0, request.hessian, 1.0, 1,
                side, side, (),
            )  # fmt: skip
        case PathEnergyRequest():
            known = tuple(0.0 if n == request.first else -0.05 for n in range(len(request.frames)))
            return PathEnergyResult(-0.05, known, request.first, (0.0,) * len(known), 0.0, 0.0)
