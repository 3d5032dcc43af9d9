"""What both tight-binding programs share: a calculator kept along a trajectory, a second try from scratch."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from actinic.engines.gfn import GfnPoint, GfnSystem
from actinic.errors import ConvergenceError, EngineError
from actinic.units import BOHR_ANGSTROM

Array = NDArray[np.float64]


class GfnProgram(ABC):
    """A program bound to one system; see `GfnEngine`.

    Attributes:
        name: Of the program.
        error: What it raises.
        unconverged: What that says where the charges are not self-consistent.
    """

    name: ClassVar[str]
    error: ClassVar[type[Exception]]
    unconverged: ClassVar[str]

    def __init__(self, system: GfnSystem) -> None:
        self._system = system
        self._calculator: Any = None
        self._previous: Any = None

    def __call__(self, positions_angstrom: Array) -> GfnPoint:
        """Single point.

        Args:
            positions_angstrom: Coordinates, shape (n, 3).

        Raises:
            ConvergenceError: The charges are not self-consistent after the cycles allowed, even from scratch.
            EngineError: The program refuses the geometry or fails otherwise.
        """
        positions_bohr = positions_angstrom / BOHR_ANGSTROM
        try:
            if self._calculator is None:
                self._calculator = self.calculator(self._system, positions_bohr)
            self._calculator.update(positions_bohr)
            self._previous = self._calculator.singlepoint(self._previous)
        except self.error as error:
            was_led = self._previous is not None
            self._calculator = self._previous = None
            if was_led:  # the charges of the point before can lead astray: once more without them
                return self(positions_angstrom)
            kind = ConvergenceError if self.unconverged in str(error) else EngineError
            raise kind(f"{self.name}, {self._system.method}: {error}") from error
        return self.point(self._previous)

    @staticmethod
    @abstractmethod
    def calculator(system: GfnSystem, positions_bohr: Array) -> Any:
        """The program's own, at a first geometry of shape (n, 3)."""

    @staticmethod
    @abstractmethod
    def point(result: Any) -> GfnPoint:
        """What the program's result says."""
