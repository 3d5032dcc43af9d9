"""A PySCF molecule from a geometry, a charge and a basis name."""

import re
import warnings
from pathlib import Path

from pyscf import gto
from pyscf.data import elements

from actinic.chemistry.geometry import Geometry
from actinic.errors import EngineError, InputError
from actinic.units import BOHR_ANGSTROM

_KRYPTON = 36

_SYMBOLS = "|".join(sorted((symbol.lower() for symbol in elements.ELEMENTS[1:]), key=len, reverse=True))
_EXCEPTION = re.compile(rf"\+({_SYMBOLS})\(([a-z0-9\-+*,]+)\)")
"""One element with a basis of its own; the `+g(` of Pople's bases is none, for there is no element G."""


def molecule(geometry: Geometry, *, charge: int, multiplicity: int, basis: str) -> gto.Mole:
    """Molecule with its basis and, beyond krypton, its effective core potential.

    Raises:
        InputError: Charge and multiplicity that do not fit the electrons, or a basis that misses an element.
        EngineError: PySCF's own files cannot be read.
    """
    n_electrons = sum(elements.charge(symbol) for symbol in geometry.symbols) - charge
    unpaired = multiplicity - 1
    if n_electrons < 1 or not 0 <= unpaired <= n_electrons or (n_electrons - unpaired) % 2:
        raise InputError(
            f"charge {charge:+d} leaves {n_electrons} electrons, "
            f"which multiplicity {multiplicity} does not fit"
        )
    names = sorted(set(geometry.symbols))
    mol = gto.Mole()
    mol.atom = list(
        zip(geometry.symbols, (geometry.positions_angstrom / BOHR_ANGSTROM).tolist(), strict=True)
    )
    mol.unit = "Bohr"
    mol.basis = {symbol: _shells(basis_of(basis, symbol), symbol) for symbol in names}
    mol.ecp = {symbol: core for symbol in names if (core := _core_potential(basis_of(basis, symbol), symbol))}
    mol.charge = charge
    mol.spin = unpaired
    mol.verbose = 0
    mol.build(dump_input=False, parse_arg=False)
    return mol


def basis_of(basis: str, symbol: str) -> str:
    """The basis of one element: `def2-svp+s(def2-tzvp)` is def2-SVP, with def2-TZVP on sulphur.

    >>> [basis_of("def2-svp+s(def2-tzvp)", symbol) for symbol in ("S", "Si")]
    ['def2-tzvp', 'def2-svp']
    >>> basis_of("6-31+g(d)", "C")
    '6-31+g(d)'
    """
    found = _EXCEPTION.sub("", basis)
    for element, own in _EXCEPTION.findall(basis):
        if element == symbol.lower():
            found = own
    return found


def check_exceptions(basis: str) -> None:
    """Raise InputError where the basis of its own that `basis` gives an element does not exist for it."""
    for element, own in _EXCEPTION.findall(basis):
        _shells(own, element.capitalize())


def _shells(basis: str, symbol: str) -> list[object]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # PySCF advertises basis-set-exchange before it raises
            return list(gto.basis.load(basis, symbol))
    except (KeyError, RuntimeError, OSError) as error:
        _refuse_broken_installation(error)
        raise InputError(f"basis {basis!r} does not cover {symbol}: {error}") from error


def _refuse_broken_installation(error: Exception) -> None:
    """A file of PySCF's own that cannot be read says nothing about the basis; a name it lacks is no file."""
    if isinstance(error, OSError) and Path(error.filename or "").is_relative_to(Path(gto.__file__).parent):
        raise EngineError(f"PySCF's own files cannot be read: {error}") from error


def _core_potential(basis: str, symbol: str) -> list[object]:
    """Core potential that belongs to `basis`; empty where the basis is all-electron.

    All def2 bases share the potentials of def2-SVP (doi:10.1039/b508541a), which PySCF does not know of each:
    def2-mTZVPP has none there, and iodine would be computed with 53 electrons in a valence basis.
    """
    core = _loaded_potential(basis, symbol)
    if not core and elements.charge(symbol) > _KRYPTON and basis.startswith("def2"):
        core = _loaded_potential("def2-svp", symbol)
        if not core:
            raise InputError(
                f"basis {basis!r} has no core potential for {symbol}, and without one its energies are wrong"
            )
    return core


def _loaded_potential(basis: str, symbol: str) -> list[object]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return list(gto.basis.load_ecp(basis, symbol))
        except (KeyError, RuntimeError, OSError) as error:
            _refuse_broken_installation(error)
            return []
