"""GFN tight binding as both programs see it: what goes in, what comes out, which names are known.

GFN1-xTB doi:10.1021/acs.jctc.7b00118, GFN2-xTB doi:10.1021/acs.jctc.8b01176,
IPEA1-xTB doi:10.1039/C7SC00601B, ALPB and GBSA doi:10.1021/acs.jctc.1c00471.

Plain GFN has no spin polarisation: multiplicity only says how many orbitals are singly filled. Triplet and
singlet oxygen get the same energy but for the smearing entropy: compare equal multiplicities only.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from actinic.engines.dielectric import DIELECTRIC_CONSTANTS
from actinic.errors import EngineError
from actinic.units import DEBYE_PER_AU, HARTREE_EV

ACCURACY = 0.1
"""Ten times tighter than the programs' own 1.0: gradient noise stays far below any force threshold."""

ELECTRONIC_TEMPERATURE_K = 300.0
"""Fermi smearing; with it small-gap species converge. The value the methods were fitted with."""

MAX_SCF_CYCLES = 250

DIELECTRIC = "gbe"
"""Linearised Poisson-Boltzmann of a dielectric constant, without the terms of a surface."""

_GBSA_BOTH = (
    "acetone", "acetonitrile", "benzene", "ch2cl2", "chcl3", "cs2", "dmso", "ether", "methanol", "thf",
    "toluene", "water",
)  # fmt: skip
_GBSA_GFN2 = (*_GBSA_BOTH, "dmf", "hexane")
_ALPB = (
    *_GBSA_GFN2, "aniline", "benzaldehyde", "dioxane", "ethanol", "ethylacetate", "furan", "hexadecane",
    "nitromethane", "octanol", "phenol",
)  # fmt: skip

METHODS = ("gfn1-xtb", "gfn2-xtb", "ipea1-xtb")

SOLVENTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("gfn1-xtb", "gbsa"): _GBSA_BOTH,
    ("gfn2-xtb", "gbsa"): _GBSA_GFN2,
    ("gfn1-xtb", "alpb"): _ALPB,
    ("gfn2-xtb", "alpb"): _ALPB,
    **{(method, DIELECTRIC): tuple(DIELECTRIC_CONSTANTS) for method in METHODS},
}
"""Solvents by method and model: with parameters, or for `gbe` with a dielectric constant alone."""

HEAVIEST_ATOMIC_NUMBER = 86


@dataclass(frozen=True, slots=True, eq=False)
class GfnSystem:
    """Everything about a calculation but the coordinates, checked by `tight_binding.gfn_system`.

    Attributes:
        numbers: Atomic numbers, n of them.
        charge: Total charge in e.
        n_unpaired: Unpaired electrons, multiplicity - 1.
        method: One of `METHODS`.
        solvent_model: `gbsa`, `alpb` or `gbe`; None in the gas phase.
        solvent: A name out of `SOLVENTS`; None exactly when `solvent_model` is.
    """

    numbers: tuple[int, ...]
    charge: int
    n_unpaired: int
    method: str
    solvent_model: str | None
    solvent: str | None


@dataclass(frozen=True, slots=True, eq=False)
class GfnPoint:
    """What one single point yields.

    Attributes:
        energy_hartree: Total energy, solvation free energy included.
        gradient_hartree_bohr: dE/dx, shape (n, 3).
        homo_ev: Highest orbital that is at least half of one electron full; None if there is none (H+, Na+).
        lumo_ev: Lowest orbital emptier than that; None if the minimal basis has none (H-).
        dipole_debye: Dipole vector, shape (3,), about the origin of the coordinates.
    """

    energy_hartree: float
    gradient_hartree_bohr: NDArray[np.float64]
    homo_ev: float | None
    lumo_ev: float | None
    dipole_debye: NDArray[np.float64]


class GfnEngine(Protocol):
    """A program bound to one system.

    Successive points of one engine start from the wavefunction of the point before, which saves a trajectory
    10 to 20 % of its time (30 to 56 atoms); a number that is reported comes from a new engine's first point.
    """

    def __call__(self, positions_angstrom: NDArray[np.float64]) -> GfnPoint:
        """Single point at `positions_angstrom`, shape (n, 3); raises ConvergenceError, EngineError."""


def gfn_point(
    energy_hartree: float,
    gradient_hartree_bohr: NDArray[np.float64],
    dipole_au: NDArray[np.float64],
    *,
    orbitals_hartree: NDArray[np.float64],
    occupations: NDArray[np.float64],
) -> GfnPoint:
    """Sort a program's arrays into a point.

    Raises:
        EngineError: A number is not finite.
    """
    for array in (energy_hartree, gradient_hartree_bohr, dipole_au, orbitals_hartree):
        if not np.isfinite(array).all():
            raise EngineError(f"tight binding returned a number that is not finite: {array}")
    occupied = occupations >= 0.5
    orbitals_ev = orbitals_hartree * HARTREE_EV
    return GfnPoint(
        energy_hartree=float(energy_hartree),
        gradient_hartree_bohr=gradient_hartree_bohr,
        homo_ev=float(orbitals_ev[occupied].max()) if occupied.any() else None,
        lumo_ev=float(orbitals_ev[~occupied].min()) if not occupied.all() else None,
        dipole_debye=dipole_au * DEBYE_PER_AU,
    )
