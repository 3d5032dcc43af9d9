"""The ligand families of the reviews as an acceptance table, from shipped calculations or anew."""

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from actinic.analysis.family_validation import Answer, FamilyRow, answer, family_row
from actinic.screening.cluster import ClusterSettings
from actinic.screening.family_references import (
    Family,
    FamilyReference,
    families,
    families_workflow,
    family_progress,
    family_standing,
)
from actinic.screening.lookup import Lookup
from actinic.screening.shipped import Shipped
from actinic.validation_run import Place, Work, recomputed

EXPORT = "families.jsonl.gz"


@dataclass(frozen=True, slots=True)
class FamilyValidation:
    """The acceptance table.

    Attributes:
        rows: One per family, in the order of the review.
        outdated: Versions of kinds of calculation that have another one now.
    """

    rows: tuple[FamilyRow, ...]
    outdated: dict[str, int] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """Everything as plain values, for JSON."""
        return asdict(self)


def validate_families() -> FamilyValidation:
    """The table from the calculations shipped with the package; seconds."""
    shipped = Shipped.of("families", EXPORT)
    return replace(_validated(shipped), outdated=shipped.outdated)


def recompute_families(
    store: Path, cluster: ClusterSettings, console: Console, ship: Path | None
) -> FamilyValidation:
    """The table from the calculations of a store; what it lacks is computed.

    Args:
        store: Where calculations are remembered.
        cluster: Where to run.
        console: Where progress is shown.
        ship: Write the calculations behind the table there, as the package ships them; None for no file.

    Raises:
        SchedulerLostError: Dask went away; the same call resumes.
    """
    molecules = [reference for family in families() for reference in family.molecules]
    work = Work(family_standing, families_workflow(), molecules, "molecules")
    return recomputed(Place(store, cluster, console, ship), [work], _validated)


def _validated(lookup: Lookup) -> FamilyValidation:
    return FamilyValidation(tuple(_row(family, lookup) for family in families()))


def _row(family: Family, lookup: Lookup) -> FamilyRow:
    counted = [f"{line:g} nm" for line in family.lines_nm] + (["heat"] if family.heat else [])
    return family_row(
        family.name,
        family.published,
        ", ".join(counted),
        not_counted=family.not_counted,
        known=family.known_of_a_miss,
        answers=[_answer(reference, family, lookup) for reference in family.molecules],
    )


def _answer(reference: FamilyReference, family: Family, lookup: Lookup) -> Answer:
    stand = family_progress(reference, family, lookup)
    quantities = stand.assessment.quantities if stand.state == "done" else {}
    found = answer(
        reference.id,
        reference.kind,
        reference.stands_for,
        quantities,
        family.lines_nm,
        heat=family.heat,
    )
    return found if stand.state == "done" else replace(found, reason=stand.reason)
