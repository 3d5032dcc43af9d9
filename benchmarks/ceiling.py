"""How fast ground state and response could be if nothing but their large matrix products took time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from actinic.engines.dft import GroundState
from actinic.engines.grids import CacheBudget, OrbitalGrid
from actinic.engines.response_kernel import Kernel
from actinic.engines.response_problem import orbital_windows
from actinic.engines.response_settings import ResponseSettings

_EDGE = 3000


@contextmanager
def counted_trials() -> Iterator[list[int]]:
    """List that receives the number of trial vectors of every product with a response matrix."""
    counts: list[int] = []
    applied = Kernel.applied

    def counting(self: Kernel, trials: NDArray[np.float32]) -> NDArray[np.float32]:
        counts.append(len(trials))
        return applied(self, trials)

    Kernel.applied = counting  # type: ignore[method-assign]
    try:
        yield counts
    finally:
        Kernel.applied = applied  # type: ignore[method-assign]


def ceiling_s(ground: GroundState, settings: ResponseSettings, n_trials: int) -> float:
    """Time of the response's matrix products at the rate of one large product, in core-seconds.

    Counted are, for n basis functions, P fitting functions, o and v active orbitals: the fit in molecular
    orbitals, 2 P n (o + v) n for the first index and P n (o^2 + v^2 + 2 o v) for the second; orbitals on the
    patches of the kernel's grid; and per trial vector 4 P o v + 4 o v for every value and derivative at every
    point. The exchange matrix takes P v^2 o (o + 1) and 2 (o v)^2 per trial vector where it is written out,
    which `settings.matrix_mb` decides, and 2 P o v (o + v) per trial vector elsewhere.

    Args:
        ground: Ground state.
        settings: Of the response.
        n_trials: Products with trial vectors.
    """
    active, virtual = orbital_windows(ground, settings)
    o, v = active.shape[1], virtual.shape[1]
    n, naux = ground.mol.nao, ground.coulomb.aux.nao
    exchange = ground.exchange is not None
    first = (o + v if exchange else 0) + (o if ground.exchange is not ground.coulomb else 0)
    second = (0.5 * (o * o + v * v) if exchange else 0) + o * v
    values, spread, _ = _grid_values(ground, settings.kernel_grid_level)
    flops = 2.0 * naux * n * n * first + 2.0 * naux * n * second + 2.0 * (o + v) * spread
    per_trial = 4.0 * naux * o * v + 4.0 * o * v * values
    if exchange and 4e-6 * (o * v) ** 2 <= settings.matrix_mb:
        flops += naux * v * v * o * (o + 1)
        per_trial += 2.0 * (o * v) ** 2
    elif exchange:
        per_trial += 2.0 * naux * o * v * (o + v)
    flops += n_trials * per_trial
    return float(flops / gemm_rate())


def scf_ceiling_s(ground: GroundState) -> float:
    """Time of a ground state's matrix products at the rates of one large product, in core-seconds.

    Counted are, for n basis functions, P fitting functions and o occupied orbitals: the orthonormalisation of
    each fit, P^2 n (n + 1)/2 in double precision; in every cycle the exchange matrix, 3 P n^2 o with the
    symmetry of its second half, and the Coulomb matrix, 2 P n (n + 1); on the coarse grid in every cycle and
    on the target grid once, orbitals and the potential matrix. Integrals, orbital values, functionals and
    diagonalisations are no matrix products and count as nothing, and so do the rough solutions that an open
    shell starts from.

    Args:
        ground: Ground state.
    """
    n, naux = ground.mol.nao, ground.coulomb.aux.nao
    channels = 1 if ground.is_closed_shell else 2
    occupied = float((ground.mo_occ > 0).sum())
    exact = ground.exchange is not None
    fits = 2 if exact and ground.exchange is not ground.coulomb else 1
    orthonormalisation = fits * naux**2 * n * (n + 1) / 2
    cycle = 2.0 * naux * n * (n + 1) + (3.0 * naux * n * n * occupied if exact else 0.0)
    flops = ground.scf_cycles * cycle
    for level, sweeps in zip(sorted(ground.grids), (ground.scf_cycles, 1), strict=False):
        _, spread, squares = _grid_values(ground, level)
        flops += sweeps * (2.0 * occupied * spread + 2.0 * channels * squares)
    return float(flops / gemm_rate() + orthonormalisation / gemm_rate(np.float64))


def _grid_values(ground: GroundState, level: int) -> tuple[int, int, int]:
    """Values and derivatives at all points; times the functions that reach them; pairs of those by points."""
    if not ground.functional.has_grid:
        return 0, 0, 0
    derivatives = ground.functional.needs_gradients
    grid = ground.grids.get(level) or OrbitalGrid.build(ground.mol, level, derivatives, CacheBudget(0.0))
    shapes = [patch.values.shape for patch in grid.patches()]
    return (
        sum(c * p for _, c, p in shapes),
        sum(n * c * p for n, c, p in shapes),
        sum(n * n * p for n, _, p in shapes),
    )


def gemm_rate(kind: type[np.floating] = np.float32) -> float:
    """Flops per core-second of one large NumPy product, the best of three."""
    matrix: NDArray[np.floating] = np.random.default_rng(1).random((_EDGE, _EDGE)).astype(kind)
    times = []
    for _ in range(3):
        start = time.process_time()
        matrix @ matrix
        times.append(time.process_time() - start)
    return float(2 * _EDGE**3 / min(times))
