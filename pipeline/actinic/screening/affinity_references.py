"""Acceptors with measured electron affinities of films, and what their calculation asks for."""

import csv
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Literal

from actinic.calculations.ensemble import EnsembleResult
from actinic.calculations.frontier import FrontierRequest, FrontierResult
from actinic.calculations.kinds import Request
from actinic.chemistry.species import Species
from actinic.level import Level
from actinic.screening.lookup import Lookup, answer
from actinic.screening.participants import ensemble_request
from actinic.screening.workflow import Workflow

AFFINITY_LEVELS = ("gfn2-xtb@gbe(organic film)", "ipea1-xtb@gbe(organic film)")
"""Levels at which an electron is added where the GFN2 geometry stands; the first is shipped."""


@dataclass(frozen=True, slots=True)
class AffinityReference:
    """One acceptor.

    Attributes:
        id: Its name.
        species: The molecule.
        affinity_ev: Of its film, positive.
        method: How it was measured.
    """

    id: str
    species: Species
    affinity_ev: float
    method: str


@dataclass(frozen=True, slots=True)
class AffinityStanding:
    """Where an acceptor stands.

    Attributes:
        state: `waiting`, `done` or `failed`.
        missing: Calculations to run now.
        reason: Why it failed.
        affinity_ev: Vertical affinity by level, as computed.
    """

    state: Literal["waiting", "done", "failed"]
    missing: tuple[Request, ...] = ()
    reason: str = ""
    affinity_ev: dict[str, float] = field(default_factory=dict)


def affinity_references() -> tuple[AffinityReference, ...]:
    """In the order of the file."""
    file = files("actinic").joinpath("reference", "film_ionisation", "acceptors.csv")
    return tuple(
        AffinityReference(
            id=row["name"],
            species=Species.from_smiles(row["smiles"], multiplicity=1),
            affinity_ev=float(row["film_affinity_ev"]),
            method=row["method"],
        )
        for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    )


def affinity_standing(reference: AffinityReference, workflow: Workflow, lookup: Lookup) -> AffinityStanding:
    """What an acceptor still needs, and what it came to."""
    section = workflow.ensemble.model_copy(update={"embedded": 1})
    built = answer(ensemble_request(reference.species, section), lookup, EnsembleResult)
    if built.missing:
        return AffinityStanding("waiting", built.missing)
    if built.result is None or not built.result.conformers:
        return AffinityStanding("failed", reason=built.reason or "does not keep its bonds")
    geometry = built.result.conformers[0].geometry
    requests = {
        level: FrontierRequest(geometry, 0, 1, Level.parse(level), "tblite") for level in AFFINITY_LEVELS
    }
    found = {level: answer(request, lookup, FrontierResult) for level, request in requests.items()}
    missing = tuple(request for one in found.values() for request in one.missing)
    if missing:
        return AffinityStanding("waiting", missing)
    known = {level: one.result.affinity_ev for level, one in found.items() if one.result is not None}
    reason = next((one.reason for one in found.values() if one.reason), "")
    return AffinityStanding("failed" if reason else "done", reason=reason, affinity_ev=known)
