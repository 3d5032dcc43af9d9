"""Singlets with two separate electrons: unrestricted orbitals of broken spin symmetry.

Breaking bonds, nitrenes and carbenes have singlets that no closed shell describes. Unrestricted orbitals with
as many alpha as beta electrons do, at the price of a spin between singlet and triplet, which spin projection
takes out again (doi:10.1063/1.440939).

Two starts are needed. Alpha and beta in the sum and the difference of HOMO and LUMO part the electrons of a
breaking bond; alpha in the one and beta in the other are the open shell of a nitrene, whose two orbitals
stand at right angles: `benchmarks/open_shells.py` counts which of the two gives the lowest.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from actinic.engines.dft_ladder import Ladder
from actinic.engines.dft_scf import FockBuilder, Iterate, orbitals_of, orthogonaliser
from actinic.engines.dft_spin import Channels, spin_square

Real = NDArray[np.float64]

_NOT_BROKEN = 0.01
"""<S^2> up to which a solution is the closed shell: what it gains by breaking is below 1e-5 hartree."""


def broken_singlet(
    closed: FockBuilder, state: Iterate, rung: str, ladder: Ladder
) -> tuple[FockBuilder, Iterate, str]:
    """The lowest unrestricted solution below a closed shell, or the closed shell itself where there is none.

    Args:
        closed: Fock matrices of the closed shell.
        state: The converged closed shell.
        rung: What converged it.
        ladder: What converges an SCF.

    Returns:
        Fock matrices, state (with the cycles of all attempts) and rung of the solution.

    Raises:
        ConvergenceError: An attempt did not converge.
    """
    (n,) = closed.n_occupied
    orbitals = orbitals_of(state.fock[0], orthogonaliser(closed.overlap))[1]
    if orbitals.shape[1] == n:
        return closed, state, rung
    builder = replace(closed, n_occupied=(n, n))
    lowest, cycles = (closed, state, rung), state.cycles
    for start in broken_starts(orbitals, n):
        attempt, its_rung = ladder.climb(builder, start, must_start_there=True)
        cycles += attempt.cycles
        is_broken = spin_square(attempt.occupied, builder.overlap) > _NOT_BROKEN
        if is_broken and attempt.energy_hartree < lowest[1].energy_hartree:
            lowest = builder, attempt, its_rung
    return lowest[0], replace(lowest[1], cycles=cycles), lowest[2]


def broken_starts(orbitals: Real, n: int) -> tuple[Channels, Channels]:
    """Alpha and beta in sum and difference of HOMO and LUMO, and in the one and the other."""
    core, homo, lumo = orbitals[:, : n - 1], orbitals[:, n - 1], orbitals[:, n]
    pairs = ((homo + lumo) / np.sqrt(2), (homo - lumo) / np.sqrt(2)), (homo, lumo)
    parted, crossed = (tuple(np.column_stack([core, last]) for last in pair) for pair in pairs)
    return parted, crossed
