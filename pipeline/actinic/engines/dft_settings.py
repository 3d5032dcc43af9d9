"""Numerical settings of a ground state."""

import msgspec


class ScfSettings(msgspec.Struct, frozen=True):
    """Every number that moves a ground state.

    Attributes:
        auxbasis: Fitting basis.
        grid_level: PySCF grid (0 to 9) the result belongs to.
        coarse_grid_level: Grid of the iterations in between; at most `grid_level`.
        conv_tol_hartree: Largest energy change at convergence; the orbital gradient must be below its square
            root. Not below 1e-7: single-precision tensors flicker there.
        max_cycles: Fock matrices per rung of the convergence ladder.
        level_shift_hartree: Level shift of the second rung.
        surface_points: Lebedev points per atom of the solvent's surface.
        memory_mb: Budget that fitted integrals and grid values are planned from.
    """

    auxbasis: str = "def2-universal-jfit"
    grid_level: int = 1
    coarse_grid_level: int = 0
    conv_tol_hartree: float = 1e-5
    max_cycles: int = 40
    level_shift_hartree: float = 0.3
    surface_points: int = 110
    memory_mb: int = 4000


ENERGIES = ScfSettings(auxbasis="def2-universal-jkfit", grid_level=3)
"""Total energies within 1e-4 hartree and levels within 5 meV of PySCF's density-fitted defaults; the defaults
above are for levels and roots."""
