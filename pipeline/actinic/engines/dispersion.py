"""Additive corrections to a density functional: London dispersion and basis-set superposition.

They depend on nuclei (D4 on the charge, too) and not on the electrons: milliseconds, no convergence. Energies
come with their gradients, which cost as little.

D3 doi:10.1063/1.3382344, its rational damping (BJ) doi:10.1002/jcc.21759, D4 doi:10.1063/1.5090222, geometric
counterpoise (gCP) doi:10.1063/1.3700154, r2SCAN-3c doi:10.1063/5.0040021, wB97X-D3 doi:10.1021/ct300715s.
"""

from collections.abc import Callable, Mapping

import numpy as np
from dftd3.interface import DispersionModel as D3Model
from dftd3.interface import GeometricCounterpoise, RationalDampingParam, ZeroDampingParam
from dftd4.interface import DampingParam as D4DampingParam
from dftd4.interface import DispersionModel as D4Model
from numpy.typing import NDArray
from rdkit import Chem

from actinic.chemistry.geometry import Geometry
from actinic.errors import EngineError, InputError
from actinic.units import BOHR_ANGSTROM

HEAVIEST_ATOMIC_NUMBER = 86
"""Beyond radon gCP ends the whole process from within Fortran."""

Real = NDArray[np.float64]

Correction = Callable[[NDArray[np.int32], Real, int], Mapping[str, Real]]
"""From atomic numbers (n,), positions (n, 3) in bohr and charge to `energy` and `gradient`, in hartree."""


def _d3_zero_wb97x(numbers: NDArray[np.int32], positions_bohr: Real, _: int) -> Mapping[str, Real]:
    """Table 1 of doi:10.1021/ct300715s; two-body, as the functional was fitted with it."""
    damping = ZeroDampingParam(s6=1.0, s8=1.0, s9=0.0, rs6=1.281, rs8=1.094, alp=14.0)
    found: Mapping[str, Real] = D3Model(numbers, positions_bohr).get_dispersion(damping, grad=True)
    return found


def _d3_rational(*, a1: float, a2: float, s8: float) -> Correction:
    damping = RationalDampingParam(s6=1.0, s8=s8, s9=0.0, a1=a1, a2=a2, alp=14.0)

    def correction(numbers: NDArray[np.int32], positions_bohr: Real, _: int) -> Mapping[str, Real]:
        found: Mapping[str, Real] = D3Model(numbers, positions_bohr).get_dispersion(damping, grad=True)
        return found

    return correction


def _d4_r2scan_3c(numbers: NDArray[np.int32], positions_bohr: Real, charge: int) -> Mapping[str, Real]:
    """With charge scaling (ga 2, gc 1) and three-body scaling (s9 2) of its own.

    D4's usual ga and gc miss 7 % of it (ethene with ethyne: 9e-5 hartree); asked by the name of the method,
    dftd4 takes s9 for 1.
    """
    model = D4Model(numbers, positions_bohr, charge=float(charge), ga=2.0, gc=1.0)
    damping = D4DampingParam(s6=1.0, s8=0.0, s9=2.0, a1=0.42, a2=5.65, alp=16.0)
    found: Mapping[str, Real] = model.get_dispersion(damping, grad=True)
    return found


def _gcp_r2scan_3c(numbers: NDArray[np.int32], positions_bohr: Real, _: int) -> Mapping[str, Real]:
    # Any other spelling of method or basis ("r2scan-3c", "def2-mtzvpp") yields 0.0 without a word.
    model = GeometricCounterpoise(numbers, positions_bohr, method="r2scan3c", basis=None)
    found: Mapping[str, Real] = model.get_counterpoise(grad=True)
    return found


CORRECTIONS: Mapping[str, Correction] = {
    "d3zero(wb97x-d3)": _d3_zero_wb97x,
    # doi:10.1002/jcc.21759 (B3LYP, PBE0), doi:10.1039/c0cp02984j (CAM-B3LYP)
    "d3bj(b3lyp)": _d3_rational(a1=0.3981, a2=4.4211, s8=1.9889),
    "d3bj(cam-b3lyp)": _d3_rational(a1=0.3708, a2=5.4743, s8=2.0674),
    "d3bj(pbe0)": _d3_rational(a1=0.4145, a2=4.8593, s8=1.2177),
    "d4(r2scan-3c)": _d4_r2scan_3c,
    "gcp(r2scan-3c)": _gcp_r2scan_3c,
}
"""Every correction by the name under which `composite` asks for it."""


def correction_hartree(name: str, geometry: Geometry, *, charge: int) -> float:
    """One correction of one geometry; 0 for a lone atom.

    Args:
        name: A key of `CORRECTIONS`.
        geometry: Nuclei.
        charge: Total charge; only D4 depends on it.

    Raises:
        InputError: The name is unknown or an element lies beyond radon.
        EngineError: The library fails or returns a number that is not finite.
    """
    return float(_correction(name, geometry, charge)["energy"])


def correction_gradient_hartree_bohr(name: str, geometry: Geometry, *, charge: int) -> Real:
    """Derivative of `correction_hartree` by the nuclei, shape (n, 3); raises what that raises."""
    return np.asarray(_correction(name, geometry, charge)["gradient"])


def _correction(name: str, geometry: Geometry, charge: int) -> Mapping[str, Real]:
    if name not in CORRECTIONS:
        raise InputError(f"correction {name!r}: expected one of {', '.join(CORRECTIONS)}")
    table = Chem.GetPeriodicTable()
    numbers = np.array([table.GetAtomicNumber(symbol) for symbol in geometry.symbols], dtype=np.int32)
    if numbers.max() > HEAVIEST_ATOMIC_NUMBER:
        raise InputError(f"element {geometry.symbols[int(numbers.argmax())]}: {name} knows H to Rn")
    try:
        found = CORRECTIONS[name](numbers, geometry.positions_angstrom / BOHR_ANGSTROM, charge)
    except RuntimeError as error:
        raise EngineError(f"{name}: {error}") from error
    if not all(np.isfinite(found[part]).all() for part in ("energy", "gradient")):
        raise EngineError(f"{name} is not finite: {found['energy']}")
    return found
