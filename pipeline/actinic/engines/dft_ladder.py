"""What is tried, in turn, to converge a ground state."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from pyscf import scf

from actinic.engines.dft_scf import FockBuilder, Iterate, Thresholds, converge
from actinic.engines.grids import OrbitalGrid
from actinic.errors import ConvergenceError

Real = NDArray[np.float64]


def climb(
    builder: FockBuilder,
    grids: tuple[OrbitalGrid, OrbitalGrid],
    stop: Thresholds,
    level_shift_hartree: float,
    second_order: Callable[[Real], Real],
) -> tuple[Iterate, str]:
    """DIIS, then DIIS with a level shift, then a second-order solver whose orbitals DIIS confirms.

    Args:
        builder: Fock matrices.
        grids: Coarse and target grid.
        stop: Thresholds, and cycles per rung.
        level_shift_hartree: Level shift of the second rung.
        second_order: Maps occupied orbitals to better ones, both of shape (nao, nocc).

    Returns:
        The converged state, with the cycles of all rungs, and the name of the rung.

    Raises:
        ConvergenceError: No rung converged.
    """
    start = start_orbitals(builder)
    state = converge(builder, start, grids, 0.0, stop)
    cycles, rung = state.cycles, "diis"
    if not state.converged:
        state = converge(builder, start, grids, level_shift_hartree, stop)
        cycles, rung = cycles + state.cycles, "level shift"
    if not state.converged:
        state = converge(builder, second_order(state.occupied), grids, 0.0, stop)
        cycles, rung = cycles + state.cycles, "newton"
    if state.converged:
        return replace(state, cycles=cycles), rung
    raise ConvergenceError(
        f"SCF of {builder.mol.natm} atoms, charge {builder.mol.charge:+d}, {builder.functional.name}: "
        f"not converged after {stop.max_cycles} cycles each of DIIS, level shift and Newton; "
        f"last energy change {state.change_hartree:.1e} hartree, wanted {stop.energy_hartree:.1e}"
    )


def start_orbitals(builder: FockBuilder) -> Real:
    """Atomic densities in a minimal basis, as orbitals scaled by the square root of half their occupation."""
    density = np.asarray(scf.hf.init_guess_by_minao(builder.mol))
    values, vectors = np.linalg.eigh(density)
    keep = values > 1e-6
    return np.asarray(vectors[:, keep] * np.sqrt(values[keep] / 2))
