"""A geometry that is the same on every machine: elements and integer coordinates."""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from actinic.errors import InputError

GRID_ANGSTROM = 1e-5
"""Stored coordinates are whole multiples of this; whatever is computed downstream starts from them."""


class Geometry(msgspec.Struct, frozen=True):
    """Elements and coordinates of n atoms.

    Attributes:
        symbols: n element symbols.
        grid_points: 3n coordinates (x, y, z of atom 0, then atom 1, ...), in units of 1e-5 angstrom.
    """

    symbols: tuple[str, ...]
    grid_points: tuple[int, ...]

    @classmethod
    def from_angstrom(cls, symbols: Sequence[str], positions: NDArray[np.float64]) -> "Geometry":
        """Round `positions`, shape (n, 3) in angstrom, to the grid.

        Raises:
            InputError: The shapes disagree or a coordinate is not finite.

        >>> Geometry.from_angstrom(["H"], np.array([[0.123456, 0.0, -1.0]])).grid_points
        (12346, 0, -100000)
        """
        positions = np.asarray(positions, dtype=float)
        if positions.shape != (len(symbols), 3) or not np.isfinite(positions).all():
            raise InputError(
                f"geometry: expected {len(symbols)} rows of 3 finite coordinates, got shape {positions.shape}"
            )
        points = np.rint(positions / GRID_ANGSTROM).astype(int).ravel()
        return cls(tuple(symbols), tuple(points.tolist()))

    @property
    def positions_angstrom(self) -> NDArray[np.float64]:
        """Coordinates, shape (n, 3), in angstrom; a new array at every call."""
        return np.array(self.grid_points, dtype=float).reshape(-1, 3) * GRID_ANGSTROM

    @property
    def n_heavy_atoms(self) -> int:
        """Number of atoms that are not hydrogen."""
        return sum(symbol != "H" for symbol in self.symbols)

    def xyz(self, comment: str) -> str:
        """XYZ file text with `comment` in its second line."""
        rows = zip(self.symbols, self.positions_angstrom, strict=True)
        lines = [f"{s:<2} {x:14.8f} {y:14.8f} {z:14.8f}" for s, (x, y, z) in rows]
        return "\n".join([str(len(self.symbols)), comment.replace("\n", " "), *lines, ""])
