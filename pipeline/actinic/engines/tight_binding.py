"""A GFN single point in either program: names checked first, charge and spin always said."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from actinic.chemistry.geometry import Geometry
from actinic.engines.gfn import HEAVIEST_ATOMIC_NUMBER, METHODS, SOLVENTS, GfnEngine, GfnPoint, GfnSystem
from actinic.errors import InputError
from actinic.level import Level
from actinic.units import BOHR_ANGSTROM, DEBYE_PER_AU

PROGRAMS = ("tblite", "xtb-python")
XTB_PYTHON_METHODS = ("gfn1-xtb", "gfn2-xtb")
"""What its wheels have parameters for."""


@dataclass(frozen=True, slots=True)
class Theory:
    """What has to be said about a geometry before it has an energy.

    Attributes:
        charge: Total charge in e.
        multiplicity: 2S + 1.
        level: A tight-binding level, as in `gfn2-xtb@gbsa(water)`.
        program: `tblite` or `xtb-python`.
    """

    charge: int
    multiplicity: int
    level: Level
    program: str


def single_point(geometry: Geometry, theory: Theory) -> GfnPoint:
    """Energy, gradient, frontier orbitals and dipole of one geometry, computed from scratch.

    Raises:
        InputError: A name, an element or the spin is not one the program can compute.
        ConvergenceError: The charges do not become self-consistent.
        EngineError: The program fails otherwise.
    """
    return gfn_engine(geometry.symbols, theory)(geometry.positions_angstrom)


def gfn_engine(symbols: Sequence[str], theory: Theory) -> GfnEngine:
    """A program bound to everything but the coordinates; for one trajectory.

    Raises:
        InputError: The program is unknown, not installed or without the solvent model; or as `gfn_system`.
    """
    system = gfn_system(symbols, theory)
    if theory.program == "tblite":
        from actinic.engines.tblite_engine import TbliteEngine  # noqa: PLC0415 - loads a Fortran library

        return TbliteEngine(system)
    if theory.program == "xtb-python":
        return _xtb_python_engine(system)
    raise InputError(f"program {theory.program!r}: expected one of {', '.join(PROGRAMS)}")


def gfn_system(symbols: Sequence[str], theory: Theory) -> GfnSystem:
    """Check and collect what does not change along a trajectory.

    Raises:
        InputError: An element beyond radon, a spin the electrons cannot have, a level that is not GFN or
            a solvent without parameters.
    """
    level = theory.level
    if level.method not in METHODS or level.basis is not None:
        raise InputError(f"level {level}: expected a tight-binding method out of {', '.join(METHODS)}")
    _check_solvent(level)
    table = Chem.GetPeriodicTable()
    numbers = tuple(table.GetAtomicNumber(symbol) for symbol in symbols)
    for symbol, number in zip(symbols, numbers, strict=True):
        if not 1 <= number <= HEAVIEST_ATOMIC_NUMBER:
            raise InputError(f"element {symbol}: {level.method} knows H to Rn")
    n_outer = sum(table.GetNOuterElecs(number) for number in numbers) - theory.charge
    _check_spin(theory, n_electrons=sum(numbers) - theory.charge, n_outer=n_outer)
    return GfnSystem(
        numbers, theory.charge, theory.multiplicity - 1, level.method, level.solvent_model, level.solvent
    )


def _check_spin(theory: Theory, *, n_electrons: int, n_outer: int) -> None:
    """More unpaired than outer electrons give nonsense in tblite and corrupt the memory of xtb-python."""
    n_unpaired = theory.multiplicity - 1
    if not 0 <= n_unpaired <= n_outer or (n_electrons - n_unpaired) % 2:
        raise InputError(
            f"charge {theory.charge}, multiplicity {theory.multiplicity}: impossible for {n_electrons} "
            f"electrons, {n_outer} of them outer ones"
        )


def centred_dipole_debye(geometry: Geometry, point: GfnPoint, *, charge: int) -> float:
    """Length of the dipole moment about the centre of mass, which matters for ions only."""
    masses = np.array([Chem.GetPeriodicTable().GetAtomicWeight(symbol) for symbol in geometry.symbols])
    centre_angstrom: NDArray[np.float64] = masses @ geometry.positions_angstrom / masses.sum()
    shift_debye = charge * centre_angstrom / BOHR_ANGSTROM * DEBYE_PER_AU
    return float(np.linalg.norm(point.dipole_debye - shift_debye))


def _check_solvent(level: Level) -> None:
    if level.solvent_model is None:
        return
    known = SOLVENTS.get((level.method, level.solvent_model))
    if known is None:
        raise InputError(f"level {level}: tight binding has the solvent models gbsa and alpb, and gbe")
    if level.solvent not in known:
        raise InputError(
            f"level {level}: no {level.solvent_model} parameters for this solvent; known: {', '.join(known)}"
        )


def _xtb_python_engine(system: GfnSystem) -> GfnEngine:
    if find_spec("xtb") is None:
        raise InputError("program 'xtb-python' is not installed: pip install 'actinic[xtb-python]'")
    if system.solvent_model not in (None, "gbsa"):
        model = system.solvent_model
        raise InputError(f"solvent model {model}: xtb-python has gbsa alone; use program 'tblite'")
    if system.method not in XTB_PYTHON_METHODS:
        raise InputError(f"{system.method}: not in xtb-python; use program 'tblite'")
    from actinic.engines.xtb_python_engine import XtbPythonEngine  # noqa: PLC0415 - an optional extra

    return XtbPythonEngine(system)
