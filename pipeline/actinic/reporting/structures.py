"""The lowest conformer of every candidate as one SDF file, with what the table says of it."""

import os
from collections.abc import Iterable
from pathlib import Path

from rdkit import Chem
from rdkit.Chem import SDWriter
from rdkit.Geometry import Point3D

from actinic.analysis.estimate import Estimate
from actinic.chemistry.candidates import Candidate
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.reporting.table import Entry


def write_structures(entries: Iterable[Entry], path: Path) -> None:
    """Write the optimised lowest conformers; candidates without one are left out."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    writer = SDWriter(str(partial))
    for entry in entries:
        if not isinstance(entry.row, Candidate) or entry.where is None:
            continue
        ensemble = entry.where.known.ensemble
        if ensemble is None or not ensemble.conformers:
            continue
        mol = _molecule(entry.row.species, ensemble.conformers[0].geometry)
        mol.SetProp("_Name", entry.row.id)
        mol.SetProp("smiles", entry.row.species.smiles)
        mol.SetProp("status", entry.status)
        for name, estimate in entry.where.assessment.quantities.items():
            if estimate.calibrated:
                mol.SetProp(name, _text(estimate))
        writer.write(mol)
    writer.close()
    partial.replace(path)


def _molecule(species: Species, geometry: Geometry) -> Chem.Mol:
    mol = species.molecule()
    conformer = Chem.Conformer(mol.GetNumAtoms())
    for i, (x, y, z) in enumerate(geometry.positions_angstrom.tolist()):
        conformer.SetAtomPosition(i, Point3D(x, y, z))
    mol.AddConformer(conformer, assignId=True)
    return mol


def _text(estimate: Estimate) -> str:
    return f"{estimate.value:.6g}"
