"""What is tried, in turn, to converge a ground state.

Of five that DIIS does not converge (with PBE ethylene twisted by 90 degrees, stretched F2 and LiF, NiCO; LiF
with B3LYP) a level shift of 0.3 hartree converged two, with damping all five, each within 40 cycles. Damping
alone converged none: where the gap is small it is the order of the orbitals that flips.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from actinic.engines.dft_scf import FockBuilder, Iterate, Thresholds, converge
from actinic.engines.dft_spin import Channels
from actinic.engines.grids import OrbitalGrid
from actinic.errors import ConvergenceError

DAMPING = 0.7
"""Share of the Fock matrix before that a damped iteration keeps; 0.5 and 0.85 converged three of the five."""

OTHER_GUESS = "another guess"
"""The one rung that starts elsewhere, and may therefore end elsewhere."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """DIIS; level shift; damping with it; a second-order solver whose orbitals DIIS confirms; another guess.

    Attributes:
        grids: Coarse and target grid.
        stop: Thresholds, and cycles per rung.
        level_shift_hartree: Level shift of the second, third and last rung.
        second_order: Maps occupied orbitals to better ones.
        other_guess: Orbitals to start the last rung from.
    """

    grids: tuple[OrbitalGrid, OrbitalGrid]
    stop: Thresholds
    level_shift_hartree: float
    second_order: Callable[[FockBuilder, Channels], Channels]
    other_guess: Callable[[FockBuilder], Channels]

    def climb(
        self, builder: FockBuilder, start: Channels, *, must_start_there: bool = False
    ) -> tuple[Iterate, str]:
        """Converge from `start`.

        Args:
            builder: Fock matrices.
            start: Orbitals, scaled by the square root of the share of their occupation that is filled.
            must_start_there: Another guess would lead to another solution than the one looked for.

        Returns:
            The converged state, with the cycles of all rungs, and the name of the rung.

        Raises:
            ConvergenceError: No rung converged.
        """
        cycles, names = 0, []
        for name, state in self._attempts(builder, start, must_start_there):
            cycles += state.cycles
            names.append(name)
            if state.converged:
                return replace(state, cycles=cycles), name
        raise ConvergenceError(
            f"SCF of {builder.mol.natm} atoms, charge {builder.mol.charge:+d}, {builder.functional.name}: "
            f"not converged after {self.stop.max_cycles} cycles each of {', '.join(names)}; "
            f"last energy change {state.change_hartree:.1e} hartree, wanted {self.stop.energy_hartree:.1e}"
        )

    def _attempts(
        self, builder: FockBuilder, start: Channels, must_start_there: bool
    ) -> Iterator[tuple[str, Iterate]]:
        """Names and ends of the rungs; each is computed when it is asked for."""
        shift = self.level_shift_hartree
        yield "diis", converge(builder, start, self.grids, 0.0, self.stop)
        shifted = converge(builder, start, self.grids, shift, self.stop)
        yield "level shift", shifted
        yield "damping", converge(builder, start, self.grids, shift, self.stop, DAMPING)
        better = self.second_order(builder, shifted.occupied)
        yield "newton", converge(builder, better, self.grids, 0.0, self.stop)
        if not must_start_there:
            other = self.other_guess(builder)
            yield OTHER_GUESS, converge(builder, other, self.grids, shift, self.stop, DAMPING)
