"""Where a ground state starts from; open shells from the better of two places.

From a superposition of atoms DIIS can converge an open shell to a solution that is not the lowest: the
triplet of benzophenone to one 1.6 eV too high, the methylsulfonyloxyl radical to one 20 kcal/mol too high
(both wB97X-D3). From the orbitals of the closed shell next to it they came out lower. How often it matters:
`benchmarks/open_shells.py`.
"""

import warnings
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from pyscf import scf

from actinic.engines.dft_scf import FockBuilder, Iterate, Thresholds, converge, orbitals_of, orthogonaliser
from actinic.engines.dft_spin import Channels
from actinic.engines.grids import OrbitalGrid

_ROUGH = Thresholds(energy_hartree=1e-3, gradient_hartree=2e-2, max_cycles=25)
"""Enough to tell two solutions apart: what is left is below 1e-3 hartree."""


def start_orbitals(builder: FockBuilder) -> Channels:
    """Atomic densities in a minimal basis, the same in all channels, as scaled orbitals."""
    return _scaled_orbitals(builder, scf.hf.init_guess_by_minao(builder.mol))


def hueckel_orbitals(builder: FockBuilder) -> Channels:
    """Density of an extended Hueckel calculation with atomic orbital energies, the same in all channels.

    Another place to start from (doi:10.1021/acs.jctc.8b01089): bonds and charge are there already.
    """
    with warnings.catch_warnings():  # PySCF calls a function of its own that it wants to be rid of
        warnings.simplefilter("ignore", DeprecationWarning)
        return _scaled_orbitals(builder, scf.hf.init_guess_by_huckel(builder.mol))


def _scaled_orbitals(builder: FockBuilder, density: NDArray[np.float64]) -> Channels:
    values, vectors = np.linalg.eigh(np.asarray(density))
    keep = values > 1e-6
    return (vectors[:, keep] * np.sqrt(values[keep] / 2),) * len(builder.n_occupied)


def best_start(builder: FockBuilder, coarse: OrbitalGrid) -> Channels:
    """Orbitals to converge from: of an open shell the lower of two rough solutions.

    Args:
        builder: Fock matrices of a closed shell, or of an open one with both kinds of electrons.
        coarse: Grid of the rough solutions.
    """
    atoms = start_orbitals(builder)
    if len(builder.n_occupied) == 1 or min(builder.n_occupied) == 0:
        return atoms
    rough = [_rough(builder, start, coarse) for start in (atoms, _promoted(builder, coarse))]
    return min(rough, key=lambda state: state.energy_hartree).occupied


def _promoted(builder: FockBuilder, coarse: OrbitalGrid) -> Channels:
    """Orbitals of the closed shell of as many electrons, or one more: highest ones promoted or taken out."""
    n_alpha, n_beta = builder.n_occupied
    closed = replace(builder, n_occupied=((n_alpha + n_beta + 1) // 2,))
    state = _rough(closed, start_orbitals(closed), coarse)
    orbitals = orbitals_of(state.fock[0], orthogonaliser(builder.overlap))[1]
    return orbitals[:, :n_alpha], orbitals[:, :n_beta]


def _rough(builder: FockBuilder, start: Channels, coarse: OrbitalGrid) -> Iterate:
    # A copy: the builder remembers its last Coulomb matrix.
    return converge(replace(builder), start, (coarse, coarse), 0.0, _ROUGH)
