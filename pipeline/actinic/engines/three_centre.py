"""Three-centre integrals over a fitting basis, orthonormalised block by block."""

import warnings
from collections.abc import Iterator

import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from pyscf import df, gto

from actinic.errors import EngineError, InputError

Real = NDArray[np.float64]
Single = NDArray[np.float32]
Operator = tuple[tuple[float, float], ...]
"""(weight, omega in 1/bohr) of each term of an interaction; omega 0 is the full Coulomb operator."""

COULOMB: Operator = ((1.0, 0.0),)

_ROUNDER = 1024.0
_NEGLIGIBLE = 1e-9
"""Pairs of basis functions without an integral above this (hartree) are too far apart to have a density: a
quarter of benzophenone's."""
_EXPONENT_CUTOFF = 40
"""Pairs of primitives with a prefactor below exp(-40) are left out, the most that libcint allows: integrals
move by 2e-18, and take a tenth less than with its own 60."""
_BLOCK_BYTES = 8_000_000
"""Integrals of one step. Fixed, so that results do not depend on the memory that happens to be free, and
small enough for the cache: benzophenone's fit took 1.55 core-seconds at 8 MB, 1.7-2.2 at 64 MB."""


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
) -> Iterator[tuple[int, int, Single]]:
    """Blocks of rows of the fit: first and last row m, and L_Pmn for n <= m, shape (naux, pairs).

    A block lasts until the next one is asked for.
    """
    offsets, naux = mol.ao_loc_nr(), aux.nao
    blocks = list(row_blocks(mol, naux))
    largest = naux * max(_pairs(offsets, *shells) for shells in blocks)
    # Memory touched for the first time is dear: the same for all blocks.
    scratch, taken, rounded = np.empty((2, largest)), np.empty(largest), np.empty(largest, dtype=np.float32)
    for shells in blocks:
        ints = three_centre(mol, aux, operator, shells, scratch)
        reached = np.flatnonzero(np.maximum(ints.max(axis=0), -ints.min(axis=0)) > _NEGLIGIBLE)
        part = taken[: naux * reached.size].reshape(naux, -1)
        np.take(ints, reached, axis=1, out=part, mode="clip")  # the only mode without a copy
        # From the right, because the transpose is in Fortran order: no copy, 1.7 times faster.
        part = scipy.linalg.blas.dtrsm(1.0, factor, part.T, side=1, lower=1, trans_a=1, overwrite_b=1).T
        # Single-precision numbers below 1e-38 are denormal and slow a matrix product tenfold: rounding to
        # multiples of 1e-13 clears them in two passes.
        part += _ROUNDER
        part -= _ROUNDER
        fitted = rounded[: ints.size].reshape(ints.shape)
        fitted[...] = 0
        fitted[:, reached] = part
        yield int(offsets[shells[0]]), int(offsets[shells[1]]), fitted


def _pairs(offsets: NDArray[np.int32], start: int, stop: int) -> int:
    low, high = int(offsets[start]), int(offsets[stop])
    return (high * (high + 1) - low * (low + 1)) // 2


def three_centre(
    mol: gto.Mole, aux: gto.Mole, operator: Operator, shells: tuple[int, int], scratch: Real
) -> Real:
    """(P|mn) for the packed rows n <= m of a range of shells, shape (naux, pairs).

    `scratch`, of shape (2, size or more), receives the result and is overwritten by the next call.
    """
    if not operator:
        raise EngineError("an interaction needs at least one term")
    window = (*shells, 0, mol.nbas, 0, aux.nbas)
    near = mol.copy(deep=False)
    near._env = mol._env.copy()  # noqa: SLF001
    near._env[gto.PTR_EXPCUTOFF] = _EXPONENT_CUTOFF  # noqa: SLF001
    total: Real | None = None
    for (weight, omega), memory in zip(operator, (scratch[0], scratch[1], scratch[1]), strict=False):
        with near.with_range_coulomb(omega):
            part = df.incore.aux_e2(near, aux, intor="int3c2e", aosym="s2ij", shls_slice=window, out=memory).T
        if weight != 1.0:
            part *= weight
        total = part if total is None else np.add(total, part, out=total)
    assert total is not None
    return total
