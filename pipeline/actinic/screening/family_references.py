"""The ligand families of two reviews, and a molecule or two of each that is calculated."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Literal, cast, get_args

from actinic.chemistry.candidates import Candidate, read_candidates
from actinic.errors import InputError
from actinic.screening.lookup import Lookup
from actinic.screening.plan import progress
from actinic.screening.tiers import Progress
from actinic.screening.workflow import Workflow

Kind = Literal["named", "shortened", "stand-in"]
"""In the review as it is; with its saturated chains or repeated arms cut; chosen here for a family."""

HEAT = "heat"

_WORKFLOW = "photo-ligand"
_EMBEDDED = 4
_COVER_EV = ((365.0, 5.8), (254.0, 7.6), (225.0, 8.5))
"""How far the roots reach where no line that counts is shorter: past the line by what its error asks."""


@dataclass(frozen=True, slots=True)
class FamilyReference:
    """One molecule that speaks for a family.

    Attributes:
        candidate: The molecule.
        kind: How it relates to what the review names.
        stands_for: What it was shortened from or chosen for; empty where named.
    """

    candidate: Candidate
    kind: Kind
    stands_for: str

    @property
    def id(self) -> str:
        """Unique among all molecules."""
        return self.candidate.id


@dataclass(frozen=True, slots=True)
class Family:
    """One row of the reviews.

    Attributes:
        name: Of the family.
        published: What it was reported to answer to.
        lines_nm: The lines that count, those the molecule itself is meant to absorb.
        heat: Whether heat counts.
        not_counted: Why no answer of the molecule is asked for; empty where one is.
        known_of_a_miss: What chemistry knows of it, should it be missed.
        molecules: What is calculated; none where nothing counts.
    """

    name: str
    published: str
    lines_nm: tuple[float, ...]
    heat: bool
    not_counted: str
    known_of_a_miss: str
    molecules: tuple[FamilyReference, ...]


def families() -> tuple[Family, ...]:
    """All rows, in the order of the review."""
    by_family: dict[str, list[FamilyReference]] = {}
    for name, reference in _molecules():
        by_family.setdefault(name, []).append(reference)
    return tuple(_family(row, tuple(by_family.get(row["family"], ()))) for row in _rows())


def families_workflow() -> Workflow:
    """The preset behind the table: its limits hold for what is computed."""
    return Workflow.load(_WORKFLOW)


def family_workflow(family: Family) -> Workflow:
    """What is calculated for a row: one conformer, and only what light or only what heat asks for.

    Weak bands are not sampled, so that n-pi* absorption is a lower bound.
    """
    return _workflow(family.lines_nm)


def family_progress(reference: FamilyReference, family: Family, lookup: Lookup) -> Progress:
    """Where a molecule of a row stands."""
    return progress(reference.candidate, family_workflow(family), lookup)


def family_standing(reference: FamilyReference, _: Workflow, lookup: Lookup) -> Progress:
    """The same for the driver, which knows the molecule alone."""
    return family_progress(reference, _family_of()[reference.id], lookup)


@cache
def _family_of() -> dict[str, Family]:
    return {reference.id: family for family in families() for reference in family.molecules}


@cache
def _workflow(lines_nm: tuple[float, ...]) -> Workflow:
    flow = Workflow.load(_WORKFLOW)
    if flow.spectrum is None:
        raise InputError(f"the preset {_WORKFLOW} has no [spectrum]")
    update = {
        "ensemble": flow.ensemble.model_copy(update={"embedded": _EMBEDDED, "keep": 1}),
        "sampling": None,
        "gates": (),
        "criteria": (),
    }
    if not lines_nm:
        return flow.model_copy(update=update | {"spectrum": None})
    cover_ev = next(cover_ev for line_nm, cover_ev in _COVER_EV if line_nm <= min(lines_nm))
    lines = {"lines_nm": lines_nm, "target_nm": None}
    light = {
        "exposure": flow.exposure.model_copy(update=lines),
        "spectrum": flow.spectrum.model_copy(update={"conformers": 1, "cover_ev": cover_ev}),
        "reactions": None,
    }
    return flow.model_copy(update=update | light)


def _molecules() -> list[tuple[str, FamilyReference]]:
    """Molecules with the name of their family, in the order of the file."""
    with as_file(files("actinic").joinpath("reference", "families", "molecules.csv")) as path:
        candidates = [row for row in read_candidates(path) if isinstance(row, Candidate)]
    cells = [dict(candidate.extra) for candidate in candidates]
    return [
        (cell["family"], FamilyReference(candidate, _kind(cell["kind"]), cell["stands_for"]))
        for candidate, cell in zip(candidates, cells, strict=True)
    ]


def _kind(text: str) -> Kind:
    if text not in get_args(Kind):
        raise InputError(f"reference/families/molecules.csv: kind {text!r}: one of {get_args(Kind)} expected")
    return cast(Kind, text)


def _family(row: dict[str, str], molecules: tuple[FamilyReference, ...]) -> Family:
    counted = [one for one in row["counted"].split(";") if one]
    return Family(
        name=row["family"],
        published=row["published"].replace(";", ", "),
        lines_nm=tuple(float(one) for one in counted if one != HEAT),
        heat=HEAT in counted,
        not_counted=row["not_counted"],
        known_of_a_miss=row["known_of_a_miss"],
        molecules=molecules,
    )


def _rows() -> list[dict[str, str]]:
    file = files("actinic").joinpath("reference", "families", "rows.csv")
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
