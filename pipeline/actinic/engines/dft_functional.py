"""Density functionals by name, and their potential and kernel on a grid."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyscf import dft

from actinic.engines.three_centre import Operator
from actinic.errors import InputError

Real = NDArray[np.float64]

# PySCF's solvers refuse names that end in a dispersion correction, so these carry libxc's own.
_ALIASES = {
    "wb97x-d": "HYB_GGA_XC_WB97X_D",
    "wb97xd": "HYB_GGA_XC_WB97X_D",
    "wb97x-d3": "HYB_GGA_XC_WB97X_D3",
    "bhhlyp": "bhandhlyp",
}
_DISPERSION_SUFFIXES = ("-d2", "-d3", "-d3bj", "-d3(bj)", "-d4", "-3c")


@dataclass(frozen=True, slots=True)
class Functional:
    """A functional as the engine needs it.

    Attributes:
        name: Its name for PySCF.
        kind: `LDA`, `GGA`, `MGGA`, or `HF` when nothing is evaluated on a grid.
        exchange: Operator of the exact exchange; empty for a pure functional.
    """

    name: str
    kind: str
    exchange: Operator

    @property
    def has_grid(self) -> bool:
        """Whether anything is integrated numerically."""
        return self.kind != "HF"

    @property
    def needs_gradients(self) -> bool:
        """Whether orbital derivatives are needed on the grid."""
        return self.kind in ("GGA", "MGGA")

    @property
    def is_range_separated(self) -> bool:
        """Whether the exchange operator differs from a scaled 1/r."""
        return any(omega != 0.0 for _, omega in self.exchange)

    def derivatives(self, density: Real, order: int) -> tuple[Real, ...]:
        """Energy per electron and its derivatives with respect to density, gradient and tau.

        Args:
            density: Total, shape (components, points): density, then gradient (GGA), then tau (meta-GGA); or
                that of alpha and beta, shape (2, components, points).
            order: 1 for (energy, potential), 2 to add the kernel.

        Returns:
            Shape (points,), the shape of `density`, and for order 2 (components, components, points) or
            (2, components, 2, components, points).
        """
        rho = density[..., 0, :] if self.kind == "LDA" else density
        result = dft.numint.NumInt().eval_xc_eff(
            self.name, rho, deriv=order, xctype=self.kind, spin=density.ndim - 2
        )
        return tuple(np.asarray(part) for part in result[: order + 1])


def functional(name: str) -> Functional:
    """Look a functional up.

    Dispersion corrections are refused in names: they add to the energy only, and are the business of whoever
    sums energies. `wb97x-d` and `wb97x-d3` stand for their exchange-correlation part alone.

    Raises:
        InputError: Unknown, or of a kind this engine has no response for (non-local correlation, Laplacian,
            double hybrids).
    """
    known = _ALIASES.get(name, name)
    if known.endswith(_DISPERSION_SUFFIXES):
        raise InputError(
            f"functional {name!r}: name the functional alone, dispersion and 3c corrections are not included"
        )
    numint = dft.numint.NumInt()
    try:
        kind = numint._xc_type(known)  # noqa: SLF001  PySCF has no public spelling
        omega, alpha, hybrid = numint.rsh_and_hybrid_coeff(known)
        nonlocal_correlation = numint.libxc.is_nlc(known)
    except (KeyError, NotImplementedError, ValueError) as error:
        raise InputError(f"functional {name!r} is not known: {error}") from error
    if nonlocal_correlation:
        raise InputError(f"functional {name!r} has non-local correlation, which is not supported")
    if kind not in ("LDA", "GGA", "MGGA", "HF") or not known:
        raise InputError(f"functional {name!r}: expected an LDA, GGA, meta-GGA or hybrid, got {kind!r}")
    return Functional(known, kind, _exchange(float(omega), float(alpha), float(hybrid)))


def _exchange(omega: float, alpha: float, hybrid: float) -> Operator:
    """K = hybrid * K(1/r) + (alpha - hybrid) * K(erf(omega r)/r), in PySCF's convention."""
    terms = [(hybrid, 0.0)]
    if omega != 0.0:
        terms.append((alpha - hybrid, omega))
    return tuple(term for term in terms if term[0] != 0.0)
