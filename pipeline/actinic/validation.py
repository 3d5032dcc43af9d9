"""Calculated against measured: the tables behind the error bars, from shipped calculations or anew."""

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from actinic.analysis.bond_calibration import calibration_name
from actinic.analysis.bond_validation import (
    BondPoint,
    BondTable,
    FamilyRow,
    bond_point,
    bond_table,
    family_rows,
)
from actinic.errors import InputError
from actinic.level import Level
from actinic.screening.bond_references import BondReference, BondStanding, bond_references, bond_standing
from actinic.screening.cluster import ClusterSettings
from actinic.screening.lookup import Lookup
from actinic.screening.sections import ReactionsSection
from actinic.screening.shipped import Shipped
from actinic.screening.workflow import Workflow
from actinic.validation_run import Place, Work, recomputed

BONDS_EXPORT = "bonds.jsonl.gz"
BONDS_WORKFLOW = "photo-ligand"
SECOND_LEVEL = "r2scan-3c"
"""Validated beside the level of the preset; a workflow may name it as its second level."""


@dataclass(frozen=True, slots=True)
class BondValidation:
    """Reference bonds against their values.

    Attributes:
        points: Bonds with their computed enthalpies.
        tables: Errors of each level, of the mean over them, and of the level of reactions with charges.
        families: The same by kind of bond, in the order of `tables`.
        without: Bonds that have none, with the reason.
        cpu_s: Core-seconds per bond, by kind of calculation; shared fragments count for every bond.
        cost_s: Core-seconds of everything per heavy atom of the molecule, by name of a table.
        outdated: Versions of kinds of calculation that have another one now.
    """

    points: tuple[BondPoint, ...]
    tables: tuple[BondTable, ...]
    families: tuple[tuple[FamilyRow, ...], ...]
    without: dict[str, str]
    cpu_s: dict[str, float]
    cost_s: dict[str, float]
    outdated: dict[str, int] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """Everything as plain values, for JSON."""
        return asdict(self)


def bonds_workflow() -> Workflow:
    """Levels and settings of the shipped bond calibration."""
    flow, reactions = _preset()
    return _with_levels(flow, reactions.level, SECOND_LEVEL)


def ions_workflow() -> Workflow:
    """The level of reactions with charges, on the same neutral bonds in the gas phase."""
    flow, reactions = _preset()
    level = Level.parse(reactions.ion_level)
    return _with_levels(flow, str(level.in_gas_phase), None)


def validate_bonds() -> BondValidation:
    """The tables from the calculations shipped with the package; seconds."""
    shipped = Shipped.of("bonds", BONDS_EXPORT)
    return replace(_validated(shipped), outdated=shipped.outdated)


def recompute_bonds(
    store: Path, cluster: ClusterSettings, console: Console, ship: Path | None
) -> BondValidation:
    """The tables from the calculations of a store; what it lacks is computed.

    Args:
        store: Where calculations are remembered.
        cluster: Where to run.
        console: Where progress is shown.
        ship: Write the calculations behind the tables there, as the package ships them; None for no file.

    Raises:
        SchedulerLostError: Dask went away; the same call resumes.
    """
    references, flows = bond_references(), (bonds_workflow(), ions_workflow())
    works = [Work(bond_standing, flow, references, "bonds") for flow in flows]
    return recomputed(Place(store, cluster, console, ship), works, _validated)


def _preset() -> tuple[Workflow, ReactionsSection]:
    flow = Workflow.load(BONDS_WORKFLOW)
    if flow.reactions is None:
        raise InputError(f"the preset {BONDS_WORKFLOW} has no [reactions]")
    return flow, flow.reactions


def _with_levels(flow: Workflow, level: str, second_level: str | None) -> Workflow:
    assert flow.reactions is not None
    update = {"level": level, "second_level": second_level}
    return flow.model_copy(update={"reactions": flow.reactions.model_copy(update=update)})


def _validated(lookup: Lookup) -> BondValidation:
    references = bond_references()
    stands = [(reference, bond_standing(reference, bonds_workflow(), lookup)) for reference in references]
    points = _points(stands)
    ion_stands = [(reference, bond_standing(reference, ions_workflow(), lookup)) for reference in references]
    ions = _points(ion_stands)
    if min(len(points), len(ions)) < 3:
        raise InputError(f"{len(points)} of {len(stands)} reference bonds are computed: too few for a table")
    valued = {point.id for point in points}
    names = list(points[0].raw_kcal_mol)
    judged = [*((points, [name]) for name in names), (points, names), (ions, list(ions[0].raw_kcal_mol))]
    return BondValidation(
        points=tuple(points),
        tables=tuple(bond_table(known, levels) for known, levels in judged),
        families=tuple(tuple(family_rows(known, levels)) for known, levels in judged),
        without={
            r.id: stand.reason or "a species is no minimum" for r, stand in stands if r.id not in valued
        },
        cpu_s=_mean_cpu_s([stand for reference, stand in stands if reference.id in valued]),
        cost_s={
            **{name: _cost_s(stands, [name]) for name in names},
            calibration_name([Level.parse(name) for name in names]): _cost_s(stands, names),
            **{name: _cost_s(ion_stands, [name]) for name in ions[0].raw_kcal_mol},
        },
    )


def _cost_s(stands: list[tuple[BondReference, BondStanding]], levels: list[str]) -> float:
    """Of geometries, vibrations and single points at these levels, over the heavy atoms of what breaks."""
    done = [(reference, stand) for reference, stand in stands if stand.state == "done"]
    seconds = sum(stand.level_cpu_s.get(name, 0.0) for _, stand in done for name in ("", *levels))
    return seconds / sum(_heavy_atoms(reference) for reference, _ in done)


def _heavy_atoms(reference: BondReference) -> int:
    parent = reference.reaction.reactants[0]
    return sum(number for symbol, number in parent.formula.items() if symbol != "H")


def _points(stands: list[tuple[BondReference, BondStanding]]) -> list[BondPoint]:
    return [point for reference, stand in stands if (point := _point(reference, stand)) is not None]


def _point(reference: BondReference, stand: BondStanding) -> BondPoint | None:
    if stand.state != "done":
        return None
    return bond_point(
        reference.id,
        reference.family,
        reference.value_kcal_mol,
        stand.known,
        is_enthalpy=reference.is_enthalpy,
    )


def _mean_cpu_s(stands: list[BondStanding]) -> dict[str, float]:
    kinds = sorted({kind for stand in stands for kind in stand.cpu_s})
    return {kind: sum(stand.cpu_s.get(kind, 0.0) for stand in stands) / len(stands) for kind in kinds}
