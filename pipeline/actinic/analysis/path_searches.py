"""Measured barriers that searches for reaction paths are tried on, and what the shipped searches gave."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import msgspec

from actinic.analysis.kinetics import RateLaw
from actinic.chemistry.motif_table import Route
from actinic.errors import EngineError

TABLE = "searches.csv"
SEARCHES = "searches.jsonl"
"""What searches for the barriers of the table gave, as `benchmarks/barriers.py --ship` writes it."""


@dataclass(frozen=True, slots=True)
class SearchedBarrier:
    """A reaction to search the barrier of.

    Attributes:
        id: Name of the molecule.
        family: Kind of molecule, such as `carbamate`.
        smiles: The molecule.
        template: Reaction SMARTS.
        kekule: Map numbers of aromatic bonds to be taken as double before.
        route: Kind of search.
        reference_k: Temperature of the measurement.
        measured_kcal_mol: Gibbs energy of activation there; None where no rate is on record.
        law: Measured rate; None likewise.
        source: Where the rate is from.
    """

    id: str
    family: str
    smiles: str
    template: str
    kekule: tuple[tuple[int, int], ...]
    route: Route
    reference_k: float
    measured_kcal_mol: float | None
    law: RateLaw | None
    source: str


class SearchRow(msgspec.Struct, frozen=True, kw_only=True):
    """One search: JSON of a line of `searches.jsonl`. Numbers are None where the search was not accepted.

    Attributes:
        id: Name of the molecule.
        route: Kind of search.
        failed_step: Step that failed; empty when it was accepted.
        failure: Why, in a sentence; empty likewise.
        barrier_kcal_mol: Highest point of the path above the reactant, electronic.
        at_saddle_kcal_mol: The saddle point of the cheap surface above it.
        imaginary_cm: Imaginary wavenumber of the transition state, negative.
        softest_cm: The lowest of the others.
        spin_square: <S^2> at the summit.
        enthalpy_kcal_mol: Of activation.
        entropy_cal_mol_k: Of activation.
        arrhenius_kcal_mol: Energy of activation.
        temperature_k: Where all of these are taken: that of the measurement.
        gibbs_kcal_mol: Gibbs energy of activation.
        measured_kcal_mol: The same, measured; None where it was not.
        error_kcal_mol: Calculated minus measured.
        half_hour_c: Temperature at which half has reacted in 30 min.
        measured_half_hour_c: The same of the measured rate.
        core_s: Processor time by stage.
    """

    id: str
    route: str
    failed_step: str = ""
    failure: str = ""
    barrier_kcal_mol: float | None = None
    at_saddle_kcal_mol: float | None = None
    imaginary_cm: float | None = None
    softest_cm: float | None = None
    spin_square: float | None = None
    enthalpy_kcal_mol: float | None = None
    entropy_cal_mol_k: float | None = None
    arrhenius_kcal_mol: float | None = None
    temperature_k: float | None = None
    gibbs_kcal_mol: float | None = None
    measured_kcal_mol: float | None = None
    error_kcal_mol: float | None = None
    half_hour_c: float | None = None
    measured_half_hour_c: float | None = None
    core_s: dict[str, float] = msgspec.field(default_factory=dict)


@cache
def searched_barriers() -> tuple[SearchedBarrier, ...]:
    """The table of reactions, in its order."""
    return tuple(_barrier(row) for row in csv.DictReader(_text(TABLE).splitlines()))


def search_rows(text: str) -> tuple[SearchRow, ...]:
    """Searches from JSON lines; a line without a molecule, such as a summary at the end, is none.

    Raises:
        msgspec.ValidationError: A line of a molecule lacks its route, or a number is none.
    """
    lines = [msgspec.json.decode(line) for line in text.splitlines() if line.strip()]
    return tuple(msgspec.convert(line, SearchRow) for line in lines if "id" in line)


@cache
def shipped_searches() -> tuple[SearchRow, ...]:
    """The searches of the package's reference data.

    Raises:
        EngineError: The file is missing or not what it should be.
    """
    try:
        return search_rows(_text(SEARCHES))
    except (OSError, msgspec.DecodeError) as error:
        raise EngineError(f"{SEARCHES}: {error}") from error


def _text(name: str) -> str:
    return files("actinic").joinpath("reference", "barriers", name).read_text(encoding="utf-8")


def _barrier(row: dict[str, str]) -> SearchedBarrier:
    reference_k = float(row["reference_k"])
    law = None
    if row["log10_a"]:
        law = RateLaw.arrhenius(float(row["log10_a"]), float(row["arrhenius_kcal_mol"]), reference_k)
    return SearchedBarrier(
        id=row["id"],
        family=row["family"],
        smiles=row["smiles"],
        template=row["template"],
        kekule=tuple((int(a), int(b)) for a, b in (pair.split("-") for pair in row["kekule"].split())),
        route=msgspec.convert(row["route"], Route),
        reference_k=reference_k,
        measured_kcal_mol=float(row["measured_kcal_mol"]) if row["measured_kcal_mol"] else None,
        law=law,
        source=row["source"],
    )
