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
from actinic.errors import ConvergenceError, EngineError
from actinic.units import BOHR_ANGSTROM

_METHODS = {"gfn1-xtb": Param.GFN1xTB, "gfn2-xtb": Param.GFN2xTB}
_SOLVENT_NAMES = {"hexane": "n-hexane"}


class XtbPythonEngine:
    """xtb-python bound to one system; see `GfnEngine`."""

    def __init__(self, system: GfnSystem) -> None:
        self._system = system
        self._calculator: Calculator | None = None
        self._previous: Results | None = None

    def __call__(self, positions_angstrom: NDArray[np.float64]) -> GfnPoint:
        """Single point.

        Args:
            positions_angstrom: Coordinates, shape (n, 3).

        Raises:
            ConvergenceError: The charges are not self-consistent after the cycles allowed, even from scratch.
            EngineError: xtb refuses the geometry or fails otherwise.
        """
        positions_bohr = positions_angstrom / BOHR_ANGSTROM
        try:
            if self._calculator is None:
                self._calculator = _calculator(self._system, positions_bohr)
            self._calculator.update(positions_bohr)
            self._previous = self._calculator.singlepoint(self._previous)
        except XTBException as error:
            was_led = self._previous is not None
            self._calculator = self._previous = None
            if was_led:  # the charges of the point before can lead astray: once more without them
                return self(positions_angstrom)
            kind = ConvergenceError if "did not converge" in str(error) else EngineError
            raise kind(f"xtb-python, {self._system.method}: {error}") from error
        return _point(self._previous)


def _calculator(system: GfnSystem, positions_bohr: NDArray[np.float64]) -> Calculator:
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


def _point(result: Results) -> GfnPoint:
    return gfn_point(
        result.get_energy(),
        result.get_gradient(),
        result.get_dipole(),
        orbitals_hartree=result.get_orbital_eigenvalues(),
        occupations=result.get_orbital_occupations(),
    )
