"""GFN tight binding through xtb-python (doi:10.1002/wcms.1493), an optional extra."""

import numpy as np
from numpy.typing import NDArray
from xtb.interface import Calculator, Param, Results, XTBException
from xtb.utils import get_solvent

from actinic.engines.gfn import (
    ACCURACY,
    ELECTRONIC_TEMPERATURE_K,
    MAX_SCF_CYCLES,
    GfnPoint,
    GfnSystem,
    gfn_point,
)
from actinic.engines.gfn_program import GfnProgram

_METHODS = {"gfn1-xtb": Param.GFN1xTB, "gfn2-xtb": Param.GFN2xTB}
_SOLVENT_NAMES = {"hexane": "n-hexane"}


class XtbPythonEngine(GfnProgram):
    """xtb-python bound to one system; see `GfnEngine`."""

    name = "xtb-python"
    error = XTBException
    unconverged = "did not converge"

    @staticmethod
    def calculator(system: GfnSystem, positions_bohr: NDArray[np.float64]) -> Calculator:
        """With the settings of every calculation of this package."""
        calculator = Calculator(
            _METHODS[system.method],
            np.array(system.numbers),
            positions_bohr,
            charge=system.charge,
            uhf=system.n_unpaired,
        )
        calculator.set_verbosity("muted")
        calculator.set_accuracy(ACCURACY)
        calculator.set_electronic_temperature(ELECTRONIC_TEMPERATURE_K)
        calculator.set_max_iterations(MAX_SCF_CYCLES)
        if system.solvent is not None:
            calculator.set_solvent(get_solvent(_SOLVENT_NAMES.get(system.solvent, system.solvent)))
        return calculator

    @staticmethod
    def point(result: Results) -> GfnPoint:
        """Energy, gradient, dipole and orbitals."""
        return gfn_point(
            result.get_energy(),
            result.get_gradient(),
            result.get_dipole(),
            orbitals_hartree=result.get_orbital_eigenvalues(),
            occupations=result.get_orbital_occupations(),
        )
