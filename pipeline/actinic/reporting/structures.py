"""The lowest conformer of every candidate as one SDF file, with what the table says of it."""

from typing import NamedTuple, TextIO

from rdkit import Chem
from rdkit.Geometry import Point3D

from actinic.analysis.estimate import Estimate
from actinic.chemistry.candidates import Candidate
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.reporting.rows import Entry


class Structure(NamedTuple):
    """One record of the file: molecule and what is said of it, name by name."""

    block: str
    said: dict[str, str]


def structure(entry: Entry) -> Structure | None:
    """The optimised lowest conformer of a candidate; None without one."""
    if not isinstance(entry.row, Candidate) or entry.where is None:
        return None
    ensemble = entry.where.known.ensemble
    if ensemble is None or not ensemble.conformers:
        return None
    mol = _molecule(entry.row.species, ensemble.conformers[0].geometry)
    mol.SetProp("_Name", entry.row.id)
    quantities = entry.where.assessment.quantities.items()
    numbers = {name: _text(estimate) for name, estimate in quantities if estimate.calibrated}
    part = entry.where.known.part
    model = {} if part is None else {"spectrum_model": str(part)}
    said = {"smiles": entry.row.species.smiles, "status": entry.status, **model, **numbers}
    return Structure(Chem.MolToMolBlock(mol), said)


class StructureFile:
    """An SDF file written record by record.

    Args:
        file: Open for writing.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._number = 0

    def add(self, one: Structure) -> None:
        """Write a record, in the way of RDKit's own writer."""
        self._number += 1
        fields = (f">  <{name}>  ({self._number}) \n{text}\n\n" for name, text in one.said.items())
        self._file.write(f"{one.block}{''.join(fields)}$$$$\n")


def _molecule(species: Species, geometry: Geometry) -> Chem.Mol:
    mol = species.molecule()
    conformer = Chem.Conformer(mol.GetNumAtoms())
    for i, (x, y, z) in enumerate(geometry.positions_angstrom.tolist()):
        conformer.SetAtomPosition(i, Point3D(x, y, z))
    mol.AddConformer(conformer, assignId=True)
    return mol


def _text(estimate: Estimate) -> str:
    return f"{estimate.value:.6g}"
