"""What is tried, in turn, to converge a ground state."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from actinic.engines.dft_scf import FockBuilder, Iterate, Thresholds, converge
from actinic.engines.dft_spin import Channels
from actinic.engines.grids import OrbitalGrid
from actinic.errors import ConvergenceError


@dataclass(frozen=True, slots=True)
class Ladder:
    """DIIS, then DIIS with a level shift, then a second-order solver whose orbitals DIIS confirms.

    Attributes:
        grids: Coarse and target grid.
        stop: Thresholds, and cycles per rung.
        level_shift_hartree: Level shift of the second rung.
        second_order: Maps occupied orbitals to better ones.
    """

    grids: tuple[OrbitalGrid, OrbitalGrid]
    stop: Thresholds
    level_shift_hartree: float
    second_order: Callable[[FockBuilder, Channels], Channels]

    def climb(self, builder: FockBuilder, start: Channels) -> tuple[Iterate, str]:
        """Converge from `start`.

        Args:
            builder: Fock matrices.
            start: Orbitals, scaled by the square root of the share of their occupation that is filled.

        Returns:
            The converged state, with the cycles of all rungs, and the name of the rung.

        Raises:
            ConvergenceError: No rung converged.
        """
        state = converge(builder, start, self.grids, 0.0, self.stop)
        cycles, rung = state.cycles, "diis"
        if not state.converged:
            state = converge(builder, start, self.grids, self.level_shift_hartree, self.stop)
            cycles, rung = cycles + state.cycles, "level shift"
        if not state.converged:
            better = self.second_order(builder, state.occupied)
            state = converge(builder, better, self.grids, 0.0, self.stop)
            cycles, rung = cycles + state.cycles, "newton"
        if state.converged:
            return replace(state, cycles=cycles), rung
        raise ConvergenceError(
            f"SCF of {builder.mol.natm} atoms, charge {builder.mol.charge:+d}, {builder.functional.name}: "
            f"not converged after {self.stop.max_cycles} cycles each of DIIS, level shift and Newton; "
            f"last energy change {state.change_hartree:.1e} hartree, wanted {self.stop.energy_hartree:.1e}"
        )
