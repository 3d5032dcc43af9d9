"""Acceptors with electron affinities of films, anions with detachment energies, and what they ask for."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Literal

from actinic.calculations.energy import EnergyResult
from actinic.calculations.ensemble import EnsembleResult
from actinic.calculations.frontier import FrontierRequest, FrontierResult
from actinic.calculations.kinds import Request
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.level import Level
from actinic.screening.electrons import charged_requests
from actinic.screening.lookup import Lookup, answer
from actinic.screening.participants import ensemble_request
from actinic.screening.workflow import Workflow
from actinic.units import HARTREE_EV

AFFINITY_LEVELS = ("gfn2-xtb@gbe(organic film)", "ipea1-xtb@gbe(organic film)")
"""Levels at which an electron is added where the GFN2 geometry stands; the first is shipped."""


DETACHMENT_LEVEL = "wb97x-d3/def2-svpd"
"""Of anion and radical, both where the anion stands."""

_EMBEDDED = {"acceptors": 1, "anions": 2}


@dataclass(frozen=True, slots=True)
class AffinityReference:
    """One acceptor, or one anion.

    Attributes:
        id: Its name.
        species: The molecule or the anion.
        collection: `acceptors` in films, `anions` in the gas phase.
        affinity_ev: Of the film of an acceptor, or of the radical that an anion becomes; positive.
    """

    id: str
    species: Species
    collection: Literal["acceptors", "anions"]
    affinity_ev: float


@dataclass(frozen=True, slots=True)
class AffinityStanding:
    """Where an acceptor or an anion stands.

    Attributes:
        state: `waiting`, `done` or `failed`.
        missing: Calculations to run now.
        reason: Why it failed.
        affinity_ev: Vertical affinity or detachment energy by level, as computed.
    """

    state: Literal["waiting", "done", "failed"]
    missing: tuple[Request, ...] = ()
    reason: str = ""
    affinity_ev: dict[str, float] = field(default_factory=dict)


def affinity_references() -> tuple[AffinityReference, ...]:
    """Acceptors first, then anions."""
    return (
        *_read("acceptors", ("film_ionisation", "acceptors.csv"), "film_affinity_ev"),
        *_read("anions", ("detachment", "anions.csv"), "detachment_ev"),
    )


def _read(
    collection: Literal["acceptors", "anions"], path: tuple[str, str], column: str
) -> Iterator[AffinityReference]:
    file = files("actinic").joinpath("reference", *path)
    for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines()):
        species = Species.from_smiles(row["smiles"], multiplicity=1)
        yield AffinityReference(row["name"], species, collection, float(row[column]))


def affinity_standing(reference: AffinityReference, workflow: Workflow, lookup: Lookup) -> AffinityStanding:
    """What an acceptor or an anion still needs, and what it came to."""
    section = workflow.ensemble.model_copy(update={"embedded": _EMBEDDED[reference.collection]})
    built = answer(ensemble_request(reference.species, section), lookup, EnsembleResult)
    if built.missing:
        return AffinityStanding("waiting", built.missing)
    if built.result is None or not built.result.conformers:
        return AffinityStanding("failed", reason=built.reason or "does not keep its bonds")
    complete = _attached if reference.collection == "acceptors" else _detached
    return complete(reference.species, built.result.conformers[0].geometry, lookup)


def _attached(species: Species, geometry: Geometry, lookup: Lookup) -> AffinityStanding:
    requests = [
        FrontierRequest(geometry, species.charge, 1, Level.parse(level), "tblite")
        for level in AFFINITY_LEVELS
    ]
    found = [answer(request, lookup, FrontierResult) for request in requests]
    missing = tuple(request for one in found for request in one.missing)
    if missing:
        return AffinityStanding("waiting", missing)
    known = {
        level: one.result.affinity_ev
        for level, one in zip(AFFINITY_LEVELS, found, strict=True)
        if one.result is not None
    }
    reason = next((one.reason for one in found if one.reason), "")
    return AffinityStanding("failed" if reason else "done", reason=reason, affinity_ev=known)


def _detached(species: Species, geometry: Geometry, lookup: Lookup) -> AffinityStanding:
    requests = charged_requests(geometry, species.charge, Level.parse(DETACHMENT_LEVEL))
    found = [answer(request, lookup, EnergyResult) for request in requests]
    missing = tuple(request for one in found for request in one.missing)
    if missing:
        return AffinityStanding("waiting", missing)
    anion, radical = (one.result for one in found)
    if anion is None or radical is None:
        return AffinityStanding("failed", reason=next(one.reason for one in found if one.reason))
    energy_ev = (radical.energy_hartree - anion.energy_hartree) * HARTREE_EV
    return AffinityStanding("done", affinity_ev={DETACHMENT_LEVEL: energy_ev})
