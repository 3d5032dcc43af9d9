"""Density fitting held in memory: Coulomb and exchange matrices from three-centre integrals.

A pair density is expanded in an auxiliary basis P under the operator g(r) = sum of weight * erf(omega r)/r
(omega = 0 stands for 1/r): (mn|kl) = sum_P L_Pmn L_Pkl with L = low^-1 (P|mn), low low^T = (P|Q)
(doi:10.1016/0009-2614(93)89151-7). A range-separated functional needs one such tensor for the whole exchange
operator, not one per range. Tensors are stored in single precision, which costs under 0.01 meV on levels and
roots as long as the Coulomb matrix is built from density *changes* (a full single-precision build in every
cycle stalls the SCF: 29-46 cycles instead of 7-8).
"""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from pyscf import df, gto

from actinic.errors import EngineError, InputError

Real = NDArray[np.float64]
Single = NDArray[np.float32]
Indices = NDArray[np.intp]
Operator = tuple[tuple[float, float], ...]
"""(weight, omega in 1/bohr) of each term of an interaction; omega 0 is the full Coulomb operator."""

COULOMB: Operator = ((1.0, 0.0),)

_ROUNDER = 1024.0
_BLOCK_BYTES = 8_000_000
"""Working space of one step; fixed, so that results do not depend on the memory that happens to be free."""


def auxiliary(mol: gto.Mole, auxbasis: str) -> gto.Mole:
    """Molecule carrying the fitting functions.

    Raises:
        InputError: `auxbasis` is unknown or misses an element.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # PySCF advertises basis-set-exchange before it raises
            return df.addons.make_auxmol(mol, auxbasis)
    except (KeyError, RuntimeError, AssertionError) as error:
        raise InputError(
            f"auxiliary basis {auxbasis!r} cannot be used for {mol.elements}: {error}"
        ) from error


def metric_factor(aux: gto.Mole, operator: Operator) -> Real:
    """Lower Cholesky factor of (P|Q), shape (naux, naux).

    Raises:
        EngineError: The metric is not positive definite.
    """
    metric = np.zeros((aux.nao, aux.nao))
    for weight, omega in operator:
        with aux.with_range_coulomb(omega):
            metric += weight * aux.intor("int2c2e")
    # Purely long-range operators leave directions of numerically no energy; 1e-9 of the diagonal keeps them
    # out.
    metric[np.diag_indices_from(metric)] *= 1 + 1e-9
    try:
        return np.asfortranarray(scipy.linalg.cholesky(metric, lower=True))
    except scipy.linalg.LinAlgError as error:
        raise EngineError(
            f"fitting metric of {aux.nao} functions is not positive definite: {error}"
        ) from error


def row_blocks(mol: gto.Mole, naux: int) -> Iterator[tuple[int, int]]:
    """Ranges of shells whose rows of (mn|P), n <= m, fit into one working block."""
    offsets = mol.ao_loc_nr()
    start = 0
    while start < mol.nbas:
        stop = start + 1
        while stop < mol.nbas and _pairs(offsets, start, stop + 1) * naux * 8 <= _BLOCK_BYTES:
            stop += 1
        yield start, stop
        start = stop


def fitted_rows(
    mol: gto.Mole, aux: gto.Mole, operator: Operator, factor: Real
) -> Iterator[tuple[int, int, Real]]:
    """Blocks of rows of the fit: first and last row m, and L_Pmn for n <= m, shape (naux, pairs)."""
    offsets = mol.ao_loc_nr()
    for shells in row_blocks(mol, aux.nao):
        ints = three_centre(mol, aux, operator, shells)
        # From the right, because the integrals arrive as (pairs, naux) in Fortran order: no copy, 1.7 times
        # faster.
        fitted = scipy.linalg.blas.dtrsm(1.0, factor, ints.T, side=1, lower=1, trans_a=1, overwrite_b=1).T
        # Single-precision numbers below 1e-38 are denormal and slow a matrix product tenfold: rounding to
        # multiples of 1e-13 clears them in two passes.
        fitted += _ROUNDER
        fitted -= _ROUNDER
        yield int(offsets[shells[0]]), int(offsets[shells[1]]), fitted


def _pairs(offsets: NDArray[np.int32], start: int, stop: int) -> int:
    low, high = int(offsets[start]), int(offsets[stop])
    return (high * (high + 1) - low * (low + 1)) // 2


def three_centre(mol: gto.Mole, aux: gto.Mole, operator: Operator, shells: tuple[int, int]) -> Real:
    """(P|mn) for the packed rows n <= m of a range of shells, shape (naux, pairs)."""
    total: Real | None = None
    window = (*shells, 0, mol.nbas, 0, aux.nbas)
    for weight, omega in operator:
        with mol.with_range_coulomb(omega):
            part = df.incore.aux_e2(mol, aux, intor="int3c2e", aosym="s2ij", shls_slice=window).T
        if weight != 1.0:
            part *= weight
        total = part if total is None else np.add(total, part, out=total)
    if total is None:
        raise EngineError("an interaction needs at least one term")
    return total


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
                block = fitted[:, first : first + row + 1]
                tensor[row, :, : row + 1] = block
                tensor[: row + 1, :, row] = block.T
                first += row + 1
        return cls(tensor, factor, aux)

    def charges(self, density: Real) -> Real:
        """Fitted charge sum_mn L_Pmn D_mn, shape (naux,), for a symmetric density matrix."""
        rows = np.matmul(self.tensor, density.astype(np.float32)[:, :, None])[:, :, 0]
        return np.asarray(rows.sum(axis=0, dtype=np.float64))

    def potential(self, charges: Real) -> Real:
        """Matrix sum_P L_Pmn q_P, shape (nao, nao), summed in double over slices of the fit."""
        nao, naux, _ = self.tensor.shape
        total = np.zeros((nao, nao))
        single = charges.astype(np.float32)
        for start in range(0, naux, 128):
            total += np.matmul(single[start : start + 128], self.tensor[:, start : start + 128])
        return total

    def coulomb(self, density: Real) -> tuple[Real, Real]:
        """Charges and Coulomb matrix of a density matrix with all arithmetic in double precision; slower."""
        nao, naux, _ = self.tensor.shape
        charges, matrix = np.empty(naux), np.zeros((nao, nao))
        for start in range(0, naux, 64):
            part = self.tensor[:, start : start + 64].astype(np.float64)
            charges[start : start + 64] = np.matmul(part, density[:, :, None])[:, :, 0].sum(axis=0)
            matrix += np.matmul(charges[start : start + 64], part)
        return charges, matrix

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

    def transformed(self, left: Real, right: Real) -> Single:
        """L in a molecular orbital basis, shape (n_left, naux, n_right)."""
        nao, naux, _ = self.tensor.shape
        half = left.T.astype(np.float32) @ self.tensor.reshape(nao, -1)
        return np.asarray(half.reshape(-1, nao) @ right.astype(np.float32)).reshape(-1, naux, right.shape[1])


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
