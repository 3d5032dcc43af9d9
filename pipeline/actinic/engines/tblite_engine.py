"""GFN tight binding through tblite (doi:10.1021/acs.jpca.4c08263)."""

import numpy as np
from numpy.typing import NDArray
from tblite.exceptions import TBLiteRuntimeError
from tblite.interface import Calculator, Result

from actinic.engines.dielectric import dielectric_constant
from actinic.engines.gfn import (
    ACCURACY,
    DIELECTRIC,
    ELECTRONIC_TEMPERATURE_K,
    MAX_SCF_CYCLES,
    GfnPoint,
    GfnSystem,
    gfn_point,
)
from actinic.engines.gfn_program import GfnProgram

_METHODS = {"gfn1-xtb": "GFN1-xTB", "gfn2-xtb": "GFN2-xTB", "ipea1-xtb": "IPEA1-xTB"}
_BORN_RADII = "p16"
_HARTREE_PER_K = 3.166811563e-6


class TbliteEngine(GfnProgram):
    """tblite bound to one system; see `GfnEngine`."""

    name = "tblite"
    error = TBLiteRuntimeError
    unconverged = "not converged"

    @staticmethod
    def calculator(system: GfnSystem, positions_bohr: NDArray[np.float64]) -> Calculator:
        """With the settings of every calculation of this package."""
        calculator = Calculator(
            _METHODS[system.method],
            np.array(system.numbers),
            positions_bohr,
            charge=system.charge,
            uhf=system.n_unpaired,
            color=False,
        )
        calculator.set("verbosity", 0)
        calculator.set("accuracy", ACCURACY)
        calculator.set("temperature", ELECTRONIC_TEMPERATURE_K * _HARTREE_PER_K)
        calculator.set("max-iter", MAX_SCF_CYCLES)
        if system.solvent_model == DIELECTRIC and system.solvent is not None:
            calculator.add("gbe-solvation", dielectric_constant(system.solvent), _BORN_RADII)
        elif system.solvent_model is not None:
            calculator.add(f"{system.solvent_model}-solvation", system.solvent)
        return calculator

    @staticmethod
    def point(result: Result) -> GfnPoint:
        """Energy, gradient, dipole and orbitals."""
        return gfn_point(
            result.get("energy"),
            result.get("gradient"),
            result.get("dipole"),
            orbitals_hartree=result.get("orbital-energies"),
            occupations=result.get("orbital-occupations"),
        )
