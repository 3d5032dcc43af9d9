"""Whether a level can be computed at all, asked before a run of hours is started."""

import numpy as np

from actinic.chemistry.geometry import Geometry
from actinic.engines.composite import composite
from actinic.engines.dft_functional import functional
from actinic.engines.dft_molecule import check_exceptions, molecule
from actinic.engines.dielectric import dielectric_constant
from actinic.engines.tight_binding import Theory, gfn_engine
from actinic.errors import InputError
from actinic.level import Level

_HYDROGEN = Geometry.from_angstrom(["H", "H"], np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 0.74]]))
"""The smallest molecule every method and basis covers."""


def check_tight_binding(level: Level, program: str) -> None:
    """Raise InputError unless `program` is installed and knows method and solvent of `level`."""
    gfn_engine(_HYDROGEN.symbols, Theory(0, 1, level, program))


def check_dft(level: Level) -> None:
    """Raise InputError unless functional, basis and solvent of `level` exist."""
    if level.basis is None:
        raise InputError(f"{str(level)!r}: expected functional/basis, for example b3lyp/def2-svp")
    functional(level.method)
    molecule(_HYDROGEN, charge=0, multiplicity=1, basis=level.basis)
    check_exceptions(level.basis)
    if level.solvent_model not in (None, "cpcm"):
        raise InputError(f"{str(level)!r}: solvent model {level.solvent_model!r}, DFT has cpcm")
    if level.solvent is not None:
        dielectric_constant(level.solvent)


def check_energy(level: Level) -> None:
    """Raise InputError unless the parts of a level of reaction energies exist."""
    check_dft(composite(level).electronic)
