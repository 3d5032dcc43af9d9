"""The response matrices of a closed shell's singlets or triplets, applied to trial vectors."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from actinic.engines.response_kernel import Kernel
from actinic.errors import EngineError

Real = NDArray[np.float64]
Single = NDArray[np.float32]
Indices = NDArray[np.intp]

_BLOCK_BYTES = 16_000_000
"""Intermediates of one step of the exchange contraction."""


@dataclass(frozen=True, slots=True)
class ExchangeMatrix:
    """(ij|ab), written out as a matrix over (ia, jb) where it fits, else contracted through its two factors.

    Attributes:
        square: Shape (o v, o v); None where it does not fit.
        inner: Fitted pairs of occupied orbitals, shape (o, naux, o).
        outer: Fitted pairs of virtual orbitals, shape (v, naux, v).
    """

    square: Single | None
    inner: Single
    outer: Single

    @classmethod
    def build(cls, inner: Single, outer: Single, memory_mb: float) -> "ExchangeMatrix":
        """Write the matrix out if it takes less than `memory_mb`."""
        o, v = inner.shape[0], outer.shape[0]
        if 4e-6 * (o * v) ** 2 > memory_mb:
            return cls(None, inner, outer)
        square = np.empty((o, v, o, v), dtype=np.float32)
        rows, columns = np.tril_indices(o)
        pairs = np.ascontiguousarray(inner.transpose(0, 2, 1)[rows, columns])
        for a in range(v):
            elements = pairs @ outer[a]
            square[rows, a, columns] = elements
            square[columns, a, rows] = elements
        return cls(square.reshape(o * v, o * v), inner, outer)

    def block(self, i: Indices, a: Indices) -> Single:
        """Elements between the transitions i -> a, shape (n, n)."""
        if self.square is not None:
            rows = i * self.outer.shape[0] + a
            return np.asarray(self.square[np.ix_(rows, rows)])
        virtuals, column = np.unique(a, return_inverse=True)
        naux = self.inner.shape[1]
        chosen = self.outer[np.ix_(virtuals, np.arange(naux), virtuals)]
        pairs = np.ascontiguousarray(chosen.transpose(1, 0, 2))
        result = np.empty((i.size, i.size), dtype=np.float32)
        for one in np.unique(i):
            elements = (self.inner[one].T @ pairs.reshape(naux, -1)).reshape(-1, virtuals.size, virtuals.size)
            rows = np.flatnonzero(i == one)
            result[rows] = elements[i[None, :], column[rows, None], column[None, :]]
        return result

    def applied(self, trials: Single) -> Single:
        """Products with trial vectors, both of shape (k, o, v)."""
        k, o, v = trials.shape
        if self.square is not None:
            return np.asarray((trials.reshape(k, -1) @ self.square).reshape(k, o, v))
        result = np.zeros_like(trials)
        rows = trials.reshape(k * o, v)
        step = max(1, _BLOCK_BYTES // (4 * k * o * v))
        for start in range(0, self.inner.shape[1], step):
            # Both tensors are symmetric in their orbitals, so that neither intermediate is ever transposed.
            half = rows @ self.outer[:, start : start + step].reshape(v, -1)
            inner = self.inner[:, start : start + step].reshape(-1, o)
            result += np.matmul(inner.T, half.reshape(k, -1, v))
        return result


@dataclass(frozen=True, slots=True)
class ResponseMatrix:
    """The matrices of linear response of a closed shell, s being 2 for singlets and 0 for triplets.

        A_ia,jb = (e_a - e_i) d_ij d_ab + s (ia|jb) - K (ij|ab) + 2 f_ia,jb
        B_ia,jb =                         s (ia|jb) - K (ib|ja) + 2 f_ia,jb

    Attributes:
        gaps: Orbital energy differences in hartree, shape (o, v).
        transition: Fitted pairs of an occupied and a virtual orbital, shape (o, naux, v).
        coulomb_scale: s.
        exchange: Exact exchange; None for a pure functional.
        exchange_scale: Its factor.
        crossed: Pairs like `transition`, fitted in the exchange operator; None when B is not needed or has
            no exchange.
        kernel: Exchange-correlation kernel of the spin at hand.
    """

    gaps: Real
    transition: Single
    coulomb_scale: float
    exchange: ExchangeMatrix | None
    exchange_scale: float
    crossed: Single | None
    kernel: Kernel

    def applied(self, trials: Real) -> Real:
        """A times trial vectors in hartree, both of shape (k, o, v); gaps in double precision."""
        single = trials.astype(np.float32)
        coupled = self._direct(single)
        if self.exchange is not None:
            coupled -= np.float32(self.exchange_scale) * self.exchange.applied(single)
        return np.asarray(trials * self.gaps + coupled)

    def sum_difference(self, trials: Real) -> tuple[Real, Real]:
        """A + B and A - B times trial vectors in hartree, all of shape (k, o, v)."""
        single = trials.astype(np.float32)
        diagonal = trials * self.gaps
        total = diagonal + 2 * self._direct(single)
        if self.exchange is None:
            return np.asarray(total), diagonal
        straight, crossed = self.exchange.applied(single), self._crossed_applied(single)
        return (
            np.asarray(total - self.exchange_scale * (straight + crossed)),
            np.asarray(diagonal - self.exchange_scale * (straight - crossed)),
        )

    def _direct(self, single: Single) -> Single:
        """What A and B share: Coulomb and kernel."""
        coupled = self.kernel.applied(single)
        if self.coulomb_scale:
            charges = np.matmul(self.transition, single.transpose(1, 2, 0)).sum(axis=0)
            potential = np.matmul(charges.T, self.transition)
            coupled += np.float32(self.coulomb_scale) * potential.transpose(1, 0, 2)
        return coupled

    def _crossed_applied(self, single: Single) -> Single:
        """(ib|ja) times trial vectors."""
        if self.crossed is None:
            raise EngineError("a matrix built for the Tamm-Dancoff approximation has no B")
        o, naux, v = self.crossed.shape
        rows = self.crossed.reshape(o * naux, v)
        columns = np.ascontiguousarray(self.crossed.transpose(1, 0, 2)).reshape(naux * o, v)
        result = np.empty_like(single)
        for one, trial in enumerate(single):
            result[one] = (rows @ trial.T).reshape(o, naux * o) @ columns
        return result

    def diagonal(self) -> Real:
        """Diagonal of A without the kernel in hartree, shape (o, v): what the iteration divides by."""
        coulomb = self.coulomb_scale * np.einsum("iPa,iPa->ia", self.transition, self.transition)
        if self.exchange is None:
            return np.asarray(self.gaps + coulomb)
        inner = np.einsum("iPi->iP", self.exchange.inner)
        outer = np.einsum("aPa->Pa", self.exchange.outer)
        return np.asarray(self.gaps + coulomb - self.exchange_scale * (inner @ outer))

    def block(self, transitions: Indices) -> Real:
        """Elements of A without the kernel between some transitions (indices into o * v), hartree."""
        i, a = np.unravel_index(transitions, self.gaps.shape)
        pairs = self.transition[i, :, a]
        matrix = np.float32(self.coulomb_scale) * (pairs @ pairs.T)
        if self.exchange is not None:
            matrix -= np.float32(self.exchange_scale) * self.exchange.block(i, a)
        return np.asarray(np.diag(self.gaps[i, a]) + 0.5 * (matrix + matrix.T))
