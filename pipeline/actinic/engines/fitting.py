"""Density fitting held in memory: Coulomb and exchange matrices from three-centre integrals.

A pair density is expanded in an auxiliary basis P under the operator g(r) = sum of weight * erf(omega r)/r
(omega = 0 stands for 1/r): (mn|kl) = sum_P L_Pmn L_Pkl with L = low^-1 (P|mn), low low^T = (P|Q)
(doi:10.1016/0009-2614(93)89151-7). A range-separated functional needs one such tensor for the whole exchange
operator, not one per range. Tensors are stored in single precision, which keeps levels and
roots within 0.5 meV of double precision as long as the Coulomb matrix is built from density *changes* (a full
single-precision build in every cycle stalls the SCF: 29-46 cycles instead of 7-8).
"""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyscf import gto

from actinic.engines.three_centre import Operator, fitted_rows, metric_factor

Real = NDArray[np.float64]
Single = NDArray[np.float32]
Indices = NDArray[np.intp]

_BLOCK_BYTES = 8_000_000
"""Intermediates of one step; fixed, so that results do not depend on the memory that happens to be free."""

_SLICE = 256
"""Fitting functions summed in single precision."""
_TILE = 32
"""Basis functions and fitting functions of a piece that is transposed."""


@dataclass(frozen=True, slots=True)
class SquareFit:
    """Orthonormalised fit L with both orbital indices written out: fast for exchange.

    Attributes:
        tensor: L, shape (nao, naux, nao), so that every contraction is one large matrix product.
        factor: Cholesky factor of the metric, shape (naux, naux).
        aux: The fitting functions.
    """

    tensor: Single
    factor: Real
    aux: gto.Mole

    @classmethod
    def build(cls, mol: gto.Mole, aux: gto.Mole, operator: Operator) -> "SquareFit":
        """Integrals, orthonormalised in double and stored in single precision."""
        factor = metric_factor(aux, operator)
        nao, naux = mol.nao, aux.nao
        tensor = np.empty((nao, naux, nao), dtype=np.float32)
        for start, stop, fitted in fitted_rows(mol, aux, operator, factor):
            first = 0
            for row in range(start, stop):
                tensor[row, :, : row + 1] = fitted[:, first : first + row + 1]
                first += row + 1
        _mirror(tensor)
        return cls(tensor, factor, aux)

    def charges(self, density: Real) -> Real:
        """Fitted charge sum_mn L_Pmn D_mn, shape (naux,), for a symmetric density matrix."""
        nao, naux, _ = self.tensor.shape
        weights = (2 * np.tril(density) - np.diag(np.diag(density))).astype(np.float32)
        total = np.zeros(naux)
        for row in range(nao):  # n <= m: reading the fit is what takes the time
            total += self.tensor[row, :, : row + 1] @ weights[row, : row + 1]
        return total

    def potential(self, charges: Real) -> Real:
        """Matrix sum_P L_Pmn q_P, shape (nao, nao), summed in double over slices of the fit."""
        nao, naux, _ = self.tensor.shape
        lower, single = np.zeros((nao, nao)), charges.astype(np.float32)
        for row in range(nao):
            for start in range(0, naux, _SLICE):
                part = slice(start, start + _SLICE)
                lower[row, : row + 1] += single[part] @ self.tensor[row, part, : row + 1]
        return np.asarray(lower + np.tril(lower, -1).T)

    def exchange(self, orbitals: Real) -> Real:
        """Exchange matrix sum_i (m i|i n), shape (nao, nao), of orbitals of shape (nao, n)."""
        nao, naux, _ = self.tensor.shape
        left = np.ascontiguousarray(orbitals.T, dtype=np.float32)
        step = max(1, _BLOCK_BYTES // (4 * nao * (left.shape[0] + nao)))
        total = np.zeros((nao, nao))
        for start in range(0, naux, step):
            part = self.tensor.reshape(nao, -1)[:, start * nao : (start + step) * nao]
            half = (left @ part).reshape(-1, nao)
            total += half.T @ half
        return total

    def coulomb(self, density: Real) -> tuple[Real, Real]:
        """Charges and Coulomb matrix of a density matrix with all arithmetic in double precision; slower."""
        nao, naux, _ = self.tensor.shape
        charges, matrix = np.empty(naux), np.zeros((nao, nao))
        step = max(1, _BLOCK_BYTES // (8 * nao * nao))
        double = np.empty((nao, step, nao))
        for start in range(0, naux, step):
            part = self.tensor[:, start : start + step]
            block = double[:, : part.shape[1]]
            block[...] = part
            charges[start : start + step] = np.matmul(block, density[:, :, None])[:, :, 0].sum(axis=0)
            matrix += np.matmul(charges[start : start + step], block)
        return charges, matrix

    def transformed(self, left: Real, right: Real) -> Single:
        """L in a molecular orbital basis, shape (n_left, naux, n_right)."""
        nao, naux, _ = self.tensor.shape
        half = left.T.astype(np.float32) @ self.tensor.reshape(nao, -1)
        return np.asarray(half.reshape(-1, nao) @ right.astype(np.float32)).reshape(-1, naux, right.shape[1])


def _mirror(tensor: Single) -> None:
    """Fill in n > m of a tensor (m, P, n), in tiles that the cache holds in both orders."""
    nao, naux, _ = tensor.shape
    for start, row in itertools.product(range(0, naux, _TILE), range(0, nao, _TILE)):
        rows, part = slice(row, row + _TILE), slice(start, start + _TILE)
        for column in range(0, row, _TILE):
            columns = slice(column, column + _TILE)
            tensor[columns, part, rows] = tensor[rows, part, columns].transpose(2, 1, 0)
        corner = tensor[rows, part, rows]
        upper = np.triu_indices(corner.shape[0], 1)
        corner[upper[0], :, upper[1]] = corner[upper[1], :, upper[0]]


@dataclass(frozen=True, slots=True)
class PackedFit:
    """Orthonormalised fit L with n <= m only: half the memory, for Coulomb matrices without exchange.

    The raw integrals would spare the orthonormalisation, but rounded to single precision they cost 1e-5
    hartree, because the metric's small eigenvalues amplify the rounding.

    Attributes:
        tensor: L, shape (naux, nao (nao + 1)/2).
        factor: Cholesky factor of the metric, shape (naux, naux).
        aux: The fitting functions.
        lower: Row and column of each pair.
    """

    tensor: Single
    factor: Real
    aux: gto.Mole
    lower: tuple[Indices, Indices]

    @classmethod
    def build(cls, mol: gto.Mole, aux: gto.Mole, operator: Operator) -> "PackedFit":
        """Integrals, orthonormalised in double and stored in single precision."""
        factor = metric_factor(aux, operator)
        lower = np.tril_indices(mol.nao)
        tensor = np.empty((aux.nao, lower[0].size), dtype=np.float32)
        first = 0
        for _, _, fitted in fitted_rows(mol, aux, operator, factor):
            tensor[:, first : first + fitted.shape[1]] = fitted
            first += fitted.shape[1]
        return cls(tensor, factor, aux, lower)

    def charges(self, density: Real) -> Real:
        """Fitted charge of a symmetric density matrix, shape (naux,)."""
        single = self._packed(density).astype(np.float32)
        total = np.zeros(self.tensor.shape[0])
        for start in range(0, single.size, 4096):
            total += self.tensor[:, start : start + 4096] @ single[start : start + 4096]
        return total

    def potential(self, charges: Real) -> Real:
        """Matrix sum_P L_Pmn q_P, shape (nao, nao), summed in double over slices of the fit."""
        single = charges.astype(np.float32)
        packed = np.zeros(self.tensor.shape[1])
        for start in range(0, single.size, 128):
            packed += single[start : start + 128] @ self.tensor[start : start + 128]
        return self._squared(packed)

    def coulomb(self, density: Real) -> tuple[Real, Real]:
        """Charges and Coulomb matrix of a density matrix with all arithmetic in double precision; slower."""
        naux, n_pairs = self.tensor.shape
        weights, charges, packed = self._packed(density), np.empty(naux), np.zeros(n_pairs)
        for start in range(0, naux, 64):
            part = self.tensor[start : start + 64].astype(np.float64)
            charges[start : start + 64] = part @ weights
            packed += charges[start : start + 64] @ part
        return charges, self._squared(packed)

    def _packed(self, density: Real) -> Real:
        return np.asarray(density[self.lower] * np.where(self.lower[0] == self.lower[1], 1.0, 2.0))

    def _squared(self, packed: Real) -> Real:
        nao = int(self.lower[0][-1]) + 1
        matrix = np.empty((nao, nao))
        matrix[self.lower] = packed
        matrix[self.lower[::-1]] = packed
        return matrix

    def transformed(self, left: Real, right: Real) -> Single:
        """L in a molecular orbital basis, shape (n_left, naux, n_right)."""
        nao, naux = left.shape[0], self.tensor.shape[0]
        left_rows, right_columns = left.T.astype(np.float32), right.astype(np.float32)
        result = np.empty((left.shape[1], naux, right.shape[1]), dtype=np.float32)
        step = max(1, _BLOCK_BYTES // (4 * nao * nao))
        for start in range(0, naux, step):
            rows = self.tensor[start : start + step]
            square = np.empty((nao, rows.shape[0], nao), dtype=np.float32)
            square[self.lower[0], :, self.lower[1]] = rows.T
            square[self.lower[1], :, self.lower[0]] = rows.T
            half = (left_rows @ square.reshape(nao, -1)).reshape(-1, nao)
            result[:, start : start + step] = (half @ right_columns).reshape(
                -1, rows.shape[0], right.shape[1]
            )
        return result
