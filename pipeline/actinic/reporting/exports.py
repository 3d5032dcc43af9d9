"""Stored structures in the formats of others: SDF, extended XYZ, ASE database, QCSchema JSON lines."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from rdkit import Chem
from rdkit.Chem import SDWriter
from rdkit.Geometry import Point3D

from actinic.calculations import kinds
from actinic.calculations.energy import EnergyRequest, EnergyResult
from actinic.calculations.ensemble import EnsembleRequest, EnsembleResult
from actinic.calculations.outcome import Provenance
from actinic.calculations.path_energy import PathEnergyRequest, PathEnergyResult
from actinic.calculations.path_saddle import PathSaddleRequest, PathSaddleResult
from actinic.calculations.path_scan import PathScanRequest, PathScanResult
from actinic.calculations.spectrum import SpectrumRequest, SpectrumResult
from actinic.calculations.thermal import ThermalRequest, ThermalResult
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.engines.ase_database import write_ase_database
from actinic.errors import InputError
from actinic.level import Level
from actinic.screening.store import Record
from actinic.units import BOHR_ANGSTROM, HARTREE_EV

_Numbers = dict[str, float]


@dataclass(frozen=True, slots=True)
class Structure:
    """One geometry with its energy.

    Attributes:
        key: Of the calculation.
        kind: Of the calculation.
        place: Number of the conformer, or of the frame of a path, from 1; 1 where there is only one.
        species: The molecule; None where the calculation knows a geometry alone.
        geometry: Atoms and coordinates.
        charge: Total charge in e.
        multiplicity: 2S + 1.
        level: Of the energy.
        program: That computed it.
        energy_hartree: Total electronic energy.
        numbers: What else is known, names ending in units.
        provenance: Where and with what it was computed.
    """

    key: str
    kind: str
    place: int
    species: Species | None
    geometry: Geometry
    charge: int
    multiplicity: int
    level: Level
    program: str
    energy_hartree: float
    numbers: _Numbers
    provenance: Provenance


def structures(records: Iterable[Record]) -> Iterator[Structure]:
    """The geometries of stored results; records of versions that are not understood are left out."""
    current = {(kind.name, kind.version) for kind in kinds.KINDS.values()}
    for record in records:
        if (record.kind, record.version) not in current:
            continue
        request = kinds.decode_request(bytes(record.request))
        result = kinds.decode_result(bytes(record.result))
        provenance = msgspec.json.decode(record.provenance, type=Provenance)
        species = request.species if isinstance(request, EnsembleRequest) else None
        state = request.species if isinstance(request, EnsembleRequest) else request
        for place, (geometry, energy_hartree, numbers) in enumerate(_geometries(request, result), 1):
            yield Structure(
                record.key, record.kind, place, species, geometry, state.charge, state.multiplicity,
                request.level, request.program, energy_hartree, numbers, provenance,
            )  # fmt: skip


def write_sdf(found: Iterable[Structure], path: Path) -> int:
    """Conformers with their bonds; geometries of which no bonds are known are left out."""
    number = 0
    writer = SDWriter(str(path))
    try:
        for one in found:
            if one.species is None:
                continue
            writer.write(_molecule(one))
            number += 1
    finally:
        writer.close()
    return number


def write_extended_xyz(found: Iterable[Structure], path: Path) -> int:
    """Coordinates in angstrom, `energy` in eV, everything else in the comment line of each frame."""
    number = 0
    with path.open("w", encoding="utf-8") as file:
        for number, one in enumerate(found, 1):  # noqa: B007 - the last one is returned
            pairs = {"energy": one.energy_hartree * HARTREE_EV, "charge": one.charge, **_pairs(one)}
            text = " ".join(f"{name}={_quoted(value)}" for name, value in pairs.items())
            file.write(one.geometry.xyz(f"Properties=species:S:1:pos:R:3 {text}"))
    return number


def write_ase(found: Iterable[Structure], path: Path) -> int:
    """An ASE database; the charge is called `total_charge` there, for ASE keeps `charge` to itself."""
    rows = ((s.geometry, s.energy_hartree, {"total_charge": s.charge, **_pairs(s)}) for s in found)
    return write_ase_database(rows, path)


def write_qcschema(found: Iterable[Structure], path: Path) -> int:
    """One `qcschema_output` (version 1) of driver `energy` a line."""
    number = 0
    with path.open("wb") as file:
        for number, one in enumerate(found, 1):  # noqa: B007 - the last one is returned
            file.write(msgspec.json.encode(_qcschema(one), order="deterministic") + b"\n")
    return number


FORMATS: dict[str, Callable[[Iterable[Structure], Path], int]] = {
    "sdf": write_sdf,
    "extxyz": write_extended_xyz,
    "ase-db": write_ase,
    "qcschema": write_qcschema,
}


def write_format(records: Iterable[Record], name: str, path: Path) -> int:
    """Write the structures of `records`, and return their number; a file already there is replaced.

    Raises:
        InputError: There is no such format.
    """
    if name not in FORMATS:
        raise InputError(f"--format {name}: no such format; there are {', '.join(FORMATS)}")
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        number = FORMATS[name](structures(records), partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return number


def _geometries(request: object, result: object) -> Iterator[tuple[Geometry, float, _Numbers]]:
    match request, result:
        case EnsembleRequest(), EnsembleResult():
            for one in result.conformers:
                yield (
                    one.geometry,
                    one.energy_hartree,
                    _known(one, "weight", "homo_ev", "lumo_ev", "dipole_debye"),
                )
        case ThermalRequest(), ThermalResult():
            yield result.geometry, result.energy_hartree, _known(result, "force_ev_angstrom")
        case SpectrumRequest(), SpectrumResult():
            first = {"s1_ev": result.transitions[0].energy_ev} if result.transitions else {}
            yield request.geometry, result.energy_hartree, _known(result, "homo_ev", "lumo_ev") | first
        case EnergyRequest(), EnergyResult():
            yield request.geometry, result.energy_hartree, _known(result, "homo_ev", "lumo_ev", "spin_square")
        case _:
            yield from _frames(request, result)


def _frames(request: object, result: object) -> Iterator[tuple[Geometry, float, _Numbers]]:
    """Of a path, in its order; of energies along one, the reactant first and what was computed."""
    match request, result:
        case PathScanRequest(), PathScanResult():
            for frame in result.frames:
                yield frame.geometry, frame.energy_hartree, {}
        case PathSaddleRequest(), PathSaddleResult():
            for frame in reversed(result.backward):
                yield frame.geometry, frame.energy_hartree, {}
            yield result.geometry, result.energy_hartree, {"imaginary_cm": result.frequencies_cm[0]}
            for frame in result.forward:
                yield frame.geometry, frame.energy_hartree, {}
        case PathEnergyRequest(), PathEnergyResult():
            yield request.reactant, result.reactant_hartree, {}
            for geometry, energy_hartree in zip(request.frames, result.energies_hartree, strict=True):
                if energy_hartree is not None:
                    yield geometry, energy_hartree, {}


def _known(record: object, *names: str) -> _Numbers:
    values = {name: getattr(record, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


def _pairs(one: Structure) -> dict[str, str | int | float]:
    """Names and values, in an order that is always the same."""
    smiles = {} if one.species is None else {"smiles": one.species.smiles}
    return {
        "multiplicity": one.multiplicity, "level": str(one.level), "program": one.program, "kind": one.kind,
        "calculation": one.key, "conformer": one.place, **smiles, **one.numbers,
    }  # fmt: skip


def _quoted(value: str | int | float) -> str:
    if not isinstance(value, str):
        return repr(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _molecule(one: Structure) -> Chem.Mol:
    assert one.species is not None
    mol = one.species.molecule()
    conformer = Chem.Conformer(mol.GetNumAtoms())
    for i, (x, y, z) in enumerate(one.geometry.positions_angstrom.tolist()):
        conformer.SetAtomPosition(i, Point3D(x, y, z))
    mol.AddConformer(conformer, assignId=True)
    mol.SetProp("_Name", f"{one.species.smiles} conformer {one.place}")
    for name, value in {"energy_hartree": one.energy_hartree, "charge": one.charge, **_pairs(one)}.items():
        mol.SetProp(name, str(value))
    return mol


def _qcschema(one: Structure) -> dict[str, Any]:
    """https://molssi-qc-schema.readthedocs.io: coordinates in bohr, energies in hartree."""
    solvent = {"solvent_model": one.level.solvent_model, "solvent": one.level.solvent}
    positions = one.geometry.positions_angstrom.ravel() / BOHR_ANGSTROM
    return {
        "schema_name": "qcschema_output",
        "schema_version": 1,
        "id": f"{one.key}-{one.place}",
        "molecule": {
            "schema_name": "qcschema_molecule",
            "schema_version": 2,
            "symbols": one.geometry.symbols,
            "geometry": positions.tolist(),
            "molecular_charge": one.charge,
            "molecular_multiplicity": one.multiplicity,
            "fix_com": True,
            "fix_orientation": True,
        },
        "driver": "energy",
        "model": {"method": one.level.method, "basis": one.level.basis},
        "keywords": {name: value for name, value in solvent.items() if value is not None},
        "properties": {"return_energy": one.energy_hartree, "calcinfo_natom": len(one.geometry.symbols)},
        "return_result": one.energy_hartree,
        "success": True,
        "provenance": {
            "creator": one.program,
            "version": one.provenance.versions.get(one.program, ""),
            "routine": f"actinic {one.kind}",
        },
        "extras": _pairs(one),
    }
