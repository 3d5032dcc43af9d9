"""GFN tight binding through tblite (doi:10.1021/acs.jpca.4c08263)."""

import numpy as np
from numpy.typing import NDArray
from tblite.exceptions import TBLiteRuntimeError
from tblite.interface import Calculator, Result

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

_METHODS = {"gfn1-xtb": "GFN1-xTB", "gfn2-xtb": "GFN2-xTB"}
_HARTREE_PER_K = 3.166811563e-6


class TbliteEngine:
    """tblite bound to one system; see `GfnEngine`."""

    def __init__(self, system: GfnSystem) -> None:
        self._system = system
        self._calculator: Calculator | None = None
        self._previous: Result | None = None

    def __call__(self, positions_angstrom: NDArray[np.float64]) -> GfnPoint:
        """Single point.

        Args:
            positions_angstrom: Coordinates, shape (n, 3).

        Raises:
            ConvergenceError: The charges are not self-consistent after the cycles allowed, even from scratch.
            EngineError: tblite refuses the geometry or fails otherwise.
        """
        positions_bohr = positions_angstrom / BOHR_ANGSTROM
        try:
            if self._calculator is None:
                self._calculator = _calculator(self._system, positions_bohr)
            self._calculator.update(positions_bohr)
            self._previous = self._calculator.singlepoint(self._previous)
        except TBLiteRuntimeError as error:
            was_led, self._previous = self._previous is not None, None
            if was_led:  # the charges of the point before can lead astray: once more without them
                return self(positions_angstrom)
            kind = ConvergenceError if "not converged" in str(error) else EngineError
            raise kind(f"tblite, {self._system.method}: {error}") from error
        return _point(self._previous)


def _calculator(system: GfnSystem, positions_bohr: NDArray[np.float64]) -> Calculator:
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
    if system.solvent_model is not None:
        calculator.add(f"{system.solvent_model}-solvation", system.solvent)
    return calculator


def _point(result: Result) -> GfnPoint:
    return gfn_point(
        result.get("energy"),
        result.get("gradient"),
        result.get("dipole"),
        orbitals_hartree=result.get("orbital-energies"),
        occupations=result.get("orbital-occupations"),
    )
