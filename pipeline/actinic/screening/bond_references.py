"""The reference bonds shipped with the package, as reactions to be computed like any other."""

import csv
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Literal, Protocol

from actinic.analysis.bond_calibration import calibration_name
from actinic.analysis.reaction_energies import KnownReaction
from actinic.calculations import kinds
from actinic.calculations.energy import EnergyRequest
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Outcome
from actinic.chemistry.reactions import Product, Reaction
from actinic.chemistry.species import Species
from actinic.errors import InputError
from actinic.screening.lookup import Lookup
from actinic.screening.participants import Recipe, standing_of
from actinic.screening.workflow import Workflow

TABLES = ("experiment", "electronic")


class Computable(Protocol):
    """A named reaction."""

    @property
    def id(self) -> str:
        """Unique."""

    @property
    def reaction(self) -> Reaction:
        """What is computed."""


@dataclass(frozen=True, slots=True)
class BondReference:
    """One bond with its reference value.

    Attributes:
        id: Parent and bond, unique.
        family: Kind of bond, as in `C-S`.
        reaction: The homolysis.
        value_kcal_mol: Enthalpy at 298.15 K, or electronic energy.
        is_enthalpy: Which of the two; they are never compared with each other.
        source: Where the value is from.
    """

    id: str
    family: str
    reaction: Reaction
    value_kcal_mol: float
    is_enthalpy: bool
    source: str


@dataclass(frozen=True, slots=True)
class BondStanding:
    """Where a reference bond stands.

    Attributes:
        state: `waiting`, `done` or `failed`.
        missing: Calculations to run now.
        reason: Why it failed.
        known: The reaction with its energies, once done.
        cpu_s: Processor time of the calculations of the bond, by kind; shared ones count for every bond.
        level_cpu_s: That of its single points by level; that of geometries and vibrations under "".
    """

    state: Literal["waiting", "done", "failed"]
    missing: tuple[Request, ...]
    reason: str
    known: KnownReaction
    cpu_s: dict[str, float] = field(default_factory=dict)
    level_cpu_s: dict[str, float] = field(default_factory=dict)


def bond_references() -> tuple[BondReference, ...]:
    """The bonds marked for calibration, experiment first."""
    found: list[BondReference] = []
    for table in TABLES:
        file = files("actinic").joinpath("reference", "bonds", f"{table}.csv")
        rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
        found += (
            _reference(row, number) for number, row in enumerate(rows, 1) if row["calibration"] == "yes"
        )
    return tuple(found)


def bond_standing(reference: Computable, workflow: Workflow, lookup: Lookup) -> BondStanding:
    """What a reference bond still needs at the levels of the workflow, the second level included.

    Raises:
        InputError: The workflow has no reactions.
    """
    if workflow.reactions is None:
        raise InputError("the workflow has no [reactions]: no levels to validate")
    cpu_s: dict[str, float] = {}
    level_cpu_s: dict[str, float] = {}

    def asked(request: Request) -> Outcome | None:
        outcome = lookup(request)
        if outcome is not None:
            name = kinds.kind_of(request).name
            cpu_s[name] = cpu_s.get(name, 0.0) + outcome.provenance.cpu_s
            level = calibration_name([request.level]) if isinstance(request, EnergyRequest) else ""
            level_cpu_s[level] = level_cpu_s.get(level, 0.0) + outcome.provenance.cpu_s
        return outcome

    recipe = Recipe(workflow.ensemble, workflow.reactions)
    missing, known = standing_of(reference.reaction, recipe, asked, second=True)
    if missing:
        return BondStanding("waiting", missing, known.reason, known)
    return BondStanding("failed" if known.reason else "done", (), known.reason, known, cpu_s, level_cpu_s)


def _reference(row: dict[str, str], number: int) -> BondReference:
    fragments = (Species.high_spin(row["fragment1_smiles"]), Species.high_spin(row["fragment2_smiles"]))
    pair = (int(row["atom1"]), int(row["atom2"]))
    reaction = Reaction(
        reactants=(Species.from_smiles(row["parent_smiles"], multiplicity=1),),
        products=tuple(Product(fragment, open_shell=False) for fragment in fragments),
        multiplicity=1,
        broken=(pair,),
        formed=(),
        label=row["bond"],
        motif="",
        channel="homolysis",
        step="homolysis",
        activation=(),
        elementary=True,
        n_equivalent=1,
    )
    return BondReference(
        id=f"{row['parent_smiles']} {row['bond']} ({row['definition']} {number})",
        family=row["family"],
        reaction=reaction,
        value_kcal_mol=float(row["value_kcal_mol"]),
        is_enthalpy=row["definition"] == "DH298",
        source=row["source"],
    )
