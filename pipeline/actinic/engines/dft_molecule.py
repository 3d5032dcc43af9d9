"""A PySCF molecule from a geometry, a charge and a basis name."""

import warnings

from pyscf import gto
from pyscf.data import elements

from actinic.chemistry.geometry import Geometry
from actinic.errors import InputError
from actinic.units import BOHR_ANGSTROM

_KRYPTON = 36


def molecule(geometry: Geometry, *, charge: int, multiplicity: int, basis: str) -> gto.Mole:
    """Closed-shell molecule with its basis and, beyond krypton, its effective core potential.

    Raises:
        InputError: Open shell, a charge that does not fit, or a basis that misses an element.
    """
    if multiplicity != 1:
        raise InputError(f"multiplicity {multiplicity}: only closed shells (multiplicity 1) are supported")
    n_electrons = sum(elements.charge(symbol) for symbol in geometry.symbols) - charge
    if n_electrons < 2 or n_electrons % 2:
        raise InputError(f"charge {charge:+d} leaves {n_electrons} electrons: not a closed shell")
    names = sorted(set(geometry.symbols))
    mol = gto.Mole()
    mol.atom = list(
        zip(geometry.symbols, (geometry.positions_angstrom / BOHR_ANGSTROM).tolist(), strict=True)
    )
    mol.unit = "Bohr"
    mol.basis = {symbol: _shells(basis, symbol) for symbol in names}
    mol.ecp = {symbol: core for symbol in names if (core := _core_potential(basis, symbol))}
    mol.charge = charge
    mol.spin = 0
    mol.verbose = 0
    mol.build(dump_input=False, parse_arg=False)
    return mol


def _shells(basis: str, symbol: str) -> list[object]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # PySCF advertises basis-set-exchange before it raises
            return list(gto.basis.load(basis, symbol))
    except (KeyError, RuntimeError, OSError) as error:
        raise InputError(f"basis {basis!r} does not cover {symbol}: {error}") from error


def _core_potential(basis: str, symbol: str) -> list[object]:
    """Core potential that belongs to `basis`; empty where the basis is all-electron."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            core = list(gto.basis.load_ecp(basis, symbol))
        except (KeyError, RuntimeError, OSError):
            core = []
    if not core and elements.charge(symbol) > _KRYPTON and "def2" in basis:
        raise InputError(
            f"basis {basis!r} has no core potential for {symbol}, and without one its energies are wrong"
        )
    return core
