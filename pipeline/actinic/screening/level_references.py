"""Molecules with measured ionisation energies, and what their calculation asks for."""

import csv
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import Literal

import msgspec

from actinic.calculations.energy import EnergyResult
from actinic.calculations.ensemble import EnsembleResult
from actinic.calculations.frontier import FrontierRequest, FrontierResult
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Outcome
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.engines.dft import ScfSettings
from actinic.level import Level
from actinic.screening.electrons import charged_requests
from actinic.screening.lookup import Lookup
from actinic.screening.participants import ensemble_request
from actinic.screening.sections import EnsembleSection
from actinic.screening.workflow import Workflow
from actinic.units import HARTREE_EV

TIGHT_BINDING = ("gfn2-xtb", "gfn1-xtb")
"""Levels whose highest occupied orbital is compared; geometries are those of each level."""

IONISATION_LEVEL = "wb97x-d3/def2-svp"
"""Of neutral molecule and cation, both at the GFN2 geometry of the molecule: a vertical ionisation energy."""

CHARGED = {
    "films": ("ipea1-xtb", "gfn2-xtb@gbe(organic film)", "ipea1-xtb@gbe(organic film)"),
    "vertical": ("ipea1-xtb",),
}
"""Levels at which an electron is taken where the GFN2 geometry stands, by collection."""

IONISATION = " ionisation"
"""Behind the name of a level whose difference of energies is compared, in place of its orbital."""

FILM_DFT = ("b3lyp/def2-svp", "b3lyp/def2-svp@cpcm(organic film)")
"""Levels whose highest occupied Kohn-Sham orbital is compared, at the GFN2 geometry, for films they fit."""

ORBITALS = ScfSettings(memory_mb=4700)
"""Levels to a few meV; a second try has twice that memory (`screening.retry`), what it refuses stays out."""

_WORKFLOW = "htm"
_EMBEDDED = {"films": 1, "vertical": 2}


@dataclass(frozen=True, slots=True)
class LevelReference:
    """One molecule with its measured ionisation energy.

    Attributes:
        id: Unique among all references.
        species: The molecule.
        collection: `films` in the solid state, `vertical` in the gas phase.
        ionisation_ev: Measured, positive; for a film the sign of its HOMO level changed.
        theory_ev: Best calculated vertical ionisation energy, CCSD(T); None for films.
        method: How it was measured.
    """

    id: str
    species: Species
    collection: Literal["films", "vertical"]
    ionisation_ev: float
    theory_ev: float | None
    method: str


@dataclass(frozen=True, slots=True)
class LevelStanding:
    """Where a reference stands.

    Attributes:
        state: `waiting`, `done` or `failed`.
        missing: Calculations to run now.
        reason: Why it failed.
        homo_ev: Highest occupied orbital by level, or minus a vertical ionisation energy by level and
            `IONISATION`, as far as known.
        ionisation_ev: Vertical ionisation energy of `IONISATION_LEVEL`; None for films.
        cpu_s: Processor time by level.
        left_out: Why a level has no value, by level.
    """

    state: Literal["waiting", "done", "failed"]
    missing: tuple[Request, ...] = ()
    reason: str = ""
    homo_ev: dict[str, float] = field(default_factory=dict)
    ionisation_ev: float | None = None
    cpu_s: dict[str, float] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)


def charged_predictors(collection: Literal["films", "vertical"]) -> tuple[str, ...]:
    """Names of what `CHARGED` adds: the orbital and the difference of energies of each level."""
    return tuple(name for level in CHARGED[collection] for name in (level, level + IONISATION))


def level_references() -> tuple[LevelReference, ...]:
    """Films first, then molecules in the gas phase."""
    films = [
        LevelReference(
            id=row["name"],
            species=Species.from_smiles(row["smiles"], multiplicity=1),
            collection="films",
            ionisation_ev=float(row["film_ionisation_ev"]),
            theory_ev=None,
            method=row["method"],
        )
        for row in _rows("film_ionisation", "films.csv")
    ]
    vertical = [
        LevelReference(
            id=row["name"],
            species=Species.from_smiles(row["smiles"], multiplicity=1),
            collection="vertical",
            ionisation_ev=float(row["ionisation_experiment_ev"]),
            theory_ev=float(row["ionisation_ccsdt_ev"]),
            method="photoelectron spectrum",
        )
        for row in _rows("vertical_ionisation", "vertical_ionisation.csv")
    ]
    return (*films, *vertical)


def levels_workflow() -> Workflow:
    """The preset of hole-transport materials without spectra, gates and criteria; one conformer is kept."""
    flow = Workflow.load(_WORKFLOW)
    ensemble = flow.ensemble.model_copy(update={"keep": 1})
    none = {"spectrum": None, "sampling": None, "reactions": None, "surface": None}
    return flow.model_copy(update={"ensemble": ensemble, "gates": (), "criteria": (), **none})


def level_standing(reference: LevelReference, workflow: Workflow, lookup: Lookup) -> LevelStanding:
    """What a reference still needs, and what it came to."""
    homo_ev: dict[str, float] = {}
    cpu_s: dict[str, float] = {}
    geometry: Geometry | None = None
    for level in TIGHT_BINDING:
        request = ensemble_request(reference.species, _section(reference, workflow.ensemble, level))
        outcome = lookup(request)
        if outcome is None:
            # One level after the other: the first is the one that is shipped.
            return LevelStanding("waiting", (request,), homo_ev=homo_ev, cpu_s=cpu_s)
        if outcome.failure is not None:
            return LevelStanding("failed", reason=f"{level}: {outcome.failure.message}")
        assert isinstance(outcome.result, EnsembleResult)
        if not outcome.result.conformers:
            return LevelStanding("failed", reason=f"{level}: does not keep its bonds")
        lowest = outcome.result.conformers[0]
        assert lowest.homo_ev is not None
        homo_ev[level], cpu_s[level] = lowest.homo_ev, outcome.provenance.cpu_s
        geometry = geometry or lowest.geometry
    assert geometry is not None
    known = _charged(reference, geometry, lookup, LevelStanding("done", homo_ev=homo_ev, cpu_s=cpu_s))
    is_film = reference.collection == "films"
    found = _in_film(geometry, lookup, known) if is_film else _ionised(reference, geometry, lookup, known)
    # Tight binding first; what is known of the dearer levels counts all the same.
    return replace(found, state="waiting", missing=known.missing) if known.missing else found


def _charged(
    reference: LevelReference, geometry: Geometry, lookup: Lookup, so_far: LevelStanding
) -> LevelStanding:
    """The same with what taking an electron costs in tight binding; a level that fails leaves the others."""
    homo_ev, cpu_s, left_out = dict(so_far.homo_ev), dict(so_far.cpu_s), dict(so_far.left_out)
    absent = []
    for level in CHARGED[reference.collection]:
        request = FrontierRequest(geometry, 0, 1, Level.parse(level), "tblite")
        outcome = lookup(request)
        if outcome is None:
            absent.append(request)
        elif isinstance(outcome.result, FrontierResult):
            spent_s = outcome.provenance.cpu_s + so_far.cpu_s[TIGHT_BINDING[0]]
            homo_ev[level], homo_ev[level + IONISATION] = (
                outcome.result.homo_ev,
                -outcome.result.ionisation_ev,
            )
            cpu_s[level] = cpu_s[level + IONISATION] = spent_s
        elif outcome.failure is not None:
            left_out[level] = f"{outcome.failure.error_class}: {outcome.failure.message}"
    state: Literal["waiting", "done"] = "waiting" if absent else "done"
    return LevelStanding(state, tuple(absent), homo_ev=homo_ev, cpu_s=cpu_s, left_out=left_out)


def _in_film(geometry: Geometry, lookup: Lookup, so_far: LevelStanding) -> LevelStanding:
    """The same with Kohn-Sham orbitals; a film too large for them keeps what else is known of it."""
    homo_ev, cpu_s, left_out = dict(so_far.homo_ev), dict(so_far.cpu_s), dict(so_far.left_out)
    for level in FILM_DFT:
        neutral, _ = charged_requests(geometry, 0, Level.parse(level))
        request = msgspec.structs.replace(neutral, scf=ORBITALS)
        outcome = lookup(request)
        if outcome is None:
            return LevelStanding("waiting", (request,), homo_ev=homo_ev, cpu_s=cpu_s, left_out=left_out)
        if isinstance(outcome.result, EnergyResult):
            homo_ev[level] = outcome.result.homo_ev
            cpu_s[level] = outcome.provenance.cpu_s + so_far.cpu_s[TIGHT_BINDING[0]]
        elif outcome.failure is not None:
            left_out[level] = f"{outcome.failure.error_class}: {outcome.failure.message}"
    return LevelStanding("done", homo_ev=homo_ev, cpu_s=cpu_s, left_out=left_out)


def _ionised(
    reference: LevelReference, geometry: Geometry, lookup: Lookup, so_far: LevelStanding
) -> LevelStanding:
    """The same with the energy it takes to remove an electron at this geometry."""
    requests = charged_requests(geometry, 0, Level.parse(IONISATION_LEVEL))
    outcomes = [lookup(request) for request in requests]
    missing = tuple(r for r, outcome in zip(requests, outcomes, strict=True) if outcome is None)
    if missing:
        return replace(so_far, state="waiting", missing=missing)
    energies_ev = [_energy_ev(outcome) for outcome in outcomes if outcome is not None]
    neutral, cation = energies_ev
    if neutral is None or cation is None:
        return LevelStanding("failed", reason=f"{reference.id}: no energy at {IONISATION_LEVEL}")
    spent = sum(outcome.provenance.cpu_s for outcome in outcomes if outcome is not None)
    cpu_s = so_far.cpu_s | {IONISATION_LEVEL: spent + so_far.cpu_s[TIGHT_BINDING[0]]}
    return replace(so_far, ionisation_ev=cation - neutral, cpu_s=cpu_s)


def _energy_ev(outcome: Outcome) -> float | None:
    result = outcome.result
    return result.energy_hartree * HARTREE_EV if isinstance(result, EnergyResult) else None


def _section(reference: LevelReference, section: EnsembleSection, level: str) -> EnsembleSection:
    return section.model_copy(update={"level": level, "embedded": _EMBEDDED[reference.collection]})


def _rows(folder: str, name: str) -> list[dict[str, str]]:
    file = files("actinic").joinpath("reference", folder, name)
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
