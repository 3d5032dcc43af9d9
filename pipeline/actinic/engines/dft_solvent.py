"""Conductor-like polarisable continuum (C-PCM) in the fitted density.

The surface charges answer to the potential of the nuclei and of the *fitted* electron density, and act back
through the same fit: two-centre integrals only, where PySCF re-evaluates three-centre integrals over some
thousand surface points in every cycle. The energy stays variational. Surface and matrices are PySCF's
(switching Gaussian, Bondi radii times 1.2; doi:10.1063/1.3511297).
"""

from dataclasses import dataclass

import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from pyscf import gto
from pyscf.solvent import pcm

from actinic.engines.dielectric import dielectric_constant
from actinic.engines.fitting import PackedFit, SquareFit

Real = NDArray[np.float64]

_RADII_SCALE = 1.2


@dataclass(frozen=True, slots=True)
class Continuum:
    """Linear answer of a conductor-like surface, in the orthonormal auxiliary basis.

    Attributes:
        coupling: Potential of each fitting function at each surface point, shape (naux, points).
        nuclear: Potential of the nuclei at the surface, shape (points,).
        surface: Cholesky factor (as SciPy's cho_factor gives it) of the surface's own interaction.
        screening: (epsilon - 1)/epsilon.
    """

    coupling: Real
    nuclear: Real
    surface: tuple[Real, bool]
    screening: float

    @classmethod
    def build(
        cls, mol: gto.Mole, fit: SquareFit | PackedFit, solvent: str, lebedev_points: int
    ) -> "Continuum":
        """Surface of `mol` in `solvent`.

        Raises:
            InputError: No dielectric constant is known for `solvent`.
        """
        epsilon = dielectric_constant(solvent)
        surface = pcm.gen_surface(mol, ng=lebedev_points, rad=_RADII_SCALE * pcm.modified_Bondi)
        matrix = pcm.get_D_S(surface, with_S=True, with_D=False)[1]
        charges = gto.fakemol_for_charges(surface["grid_coords"], expnt=surface["charge_exp"] ** 2)
        nuclei = gto.fakemol_for_charges(mol.atom_coords())
        nuclear = mol.atom_charges() @ gto.mole.intor_cross("int2c2e", nuclei, charges)
        raw = gto.mole.intor_cross("int2c2e", fit.aux, charges)
        coupling = scipy.linalg.solve_triangular(fit.factor, raw, lower=True)
        return cls(coupling, nuclear, scipy.linalg.cho_factor(matrix), (epsilon - 1) / epsilon)

    def reaction(self, charges: Real) -> tuple[float, Real]:
        """Free energy in hartree and the charges that stand for the surface, for fitted electron charges."""
        potential = self.nuclear - charges @ self.coupling
        image = -self.screening * scipy.linalg.cho_solve(self.surface, potential)
        return 0.5 * float(image @ potential), -self.coupling @ image
