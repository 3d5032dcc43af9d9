"""A potential energy surface by name, tight binding or DFT, as searches for paths and saddles see it."""

from collections.abc import Sequence

import msgspec

from actinic.engines.calculator import Surface
from actinic.engines.dft_gradient import DftEngine, DftTheory
from actinic.engines.dft_settings import ScfSettings
from actinic.engines.tight_binding import Theory, gfn_engine
from actinic.errors import InputError
from actinic.level import Level


class SurfaceTheory(msgspec.Struct, frozen=True):
    """Everything a surface depends on but the atoms.

    Attributes:
        charge: Total charge in e.
        multiplicity: 2S + 1.
        level: `gfn2-xtb`, or as in `wb97x-d3/def2-svp`.
        program: `tblite` or `xtb-python` for tight binding, `pyscf` for DFT.
        broken_symmetry: Of a DFT singlet, follow the unrestricted solution wherever there is one.
        scf: Numerics of a DFT level; None for tight binding.
    """

    charge: int
    multiplicity: int
    level: Level
    program: str
    broken_symmetry: bool
    scf: ScfSettings | None

    @property
    def tight_binding(self) -> Theory:
        """The same as a theory of the tight-binding engines."""
        return Theory(self.charge, self.multiplicity, self.level, self.program)


def surface(symbols: Sequence[str], theory: SurfaceTheory) -> Surface:
    """The surface of a molecule.

    Raises:
        InputError: A DFT level without settings, or broken symmetry at a tight-binding level; or a name, an
            element or the spin is unknown to the program.
    """
    if theory.level.is_tight_binding:
        if theory.broken_symmetry:
            raise InputError(f"level {theory.level}: tight binding has no broken symmetry")
        return gfn_engine(symbols, theory.tight_binding)
    if theory.scf is None:
        raise InputError(f"level {theory.level}: a DFT surface needs settings of its self-consistent field")
    dft = DftTheory(theory.charge, theory.multiplicity, theory.level, theory.broken_symmetry, theory.scf)
    return DftEngine(tuple(symbols), dft)
