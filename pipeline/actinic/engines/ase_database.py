"""Structures into an ASE database, for those who go on from there."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator
from ase.db import connect

from actinic.chemistry.geometry import Geometry
from actinic.units import HARTREE_EV


def write_ase_database(
    rows: Iterable[tuple[Geometry, float, Mapping[str, str | int | float]]], path: Path
) -> int:
    """Write geometries with total energy (hartree) and key-value pairs; return their number.

    Args:
        rows: What to write. Keys must not be names ASE keeps for itself, such as `energy` and `charge`.
        path: `*.db`, which must not exist yet.
    """
    number = 0
    with connect(path, type="db", append=False) as database:
        for number, (geometry, energy_hartree, pairs) in enumerate(rows, 1):  # noqa: B007 - returned
            atoms = Atoms(geometry.symbols, geometry.positions_angstrom)
            atoms.calc = SinglePointCalculator(atoms, energy=energy_hartree * HARTREE_EV)
            database.write(atoms, key_value_pairs=dict(pairs))
    return number
