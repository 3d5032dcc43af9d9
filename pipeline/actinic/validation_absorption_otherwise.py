"""Reference molecules computed in a solvent, from several conformers and as other tautomers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from actinic.analysis.absorption_compared import SetTable
from actinic.analysis.absorption_otherwise import otherwise_tables
from actinic.analysis.absorption_points import AbsorptionPoint
from actinic.analysis.absorption_tautomers import ReferenceForms, TautomerRow, as_lowest, tautomer_rows
from actinic.analysis.absorption_validation import fitted_points
from actinic.analysis.calibration import AbsorptionCalibration
from actinic.analysis.tautomers import ERROR_KCAL_MOL, decision
from actinic.chemistry.tautomers import tautomers
from actinic.level import Level
from actinic.screening.absorption_references import (
    AbsorptionReference,
    absorption_level,
    absorption_references,
    absorption_standing,
    absorption_workflow,
    measured_spectra,
)
from actinic.screening.lookup import Lookup
from actinic.screening.tautomers import FALLBACK, Forms, tautomer_standing
from actinic.screening.workflow import Workflow
from actinic.validation_absorption_points import absorption_points
from actinic.validation_run import Work


@dataclass(frozen=True, slots=True)
class Otherwise:
    """Measured spectra as the tables have them against other ways; empty where these are not computed.

    Attributes:
        solvent: In a vacuum and in the solvent of the presets.
        conformers: From one conformer and from as many as in the presets.
        tautomers: As drawn and as the lowest tautomer.
        forms: All forms of reference molecules that have several.
    """

    solvent: tuple[SetTable, ...]
    conformers: tuple[SetTable, ...] = ()
    tautomers: tuple[SetTable, ...] = ()
    forms: tuple[TautomerRow, ...] = ()


def otherwise(
    both: tuple[Sequence[AbsorptionPoint], Sequence[AbsorptionPoint]],
    calibration: AbsorptionCalibration,
    lookup: Lookup,
    level: Level,
) -> Otherwise:
    """All of it at the level of the presets; at another the solvent alone.

    Args:
        both: All molecules as the tables have them, and without a solvent.
        calibration: For the standard errors.
        lookup: What is computed.
        level: Functional, basis and solvent of the spectra.
    """
    points, dry = both
    fitted = fitted_points(points)
    solvent: tuple[SetTable, ...] = ()
    if level.solvent is not None:
        ways = {"in a vacuum": dry, f"in {level.solvent}": points}
        solvent = otherwise_tables(fitted, ways, calibration)
    if str(level) != absorption_level():
        return Otherwise(solvent)
    several, _ = absorption_points(measured_spectra(), lookup, conformers=True)
    molecules = [_reference_forms(one, lookup) for one in with_tautomers()]
    return Otherwise(
        solvent=solvent,
        conformers=otherwise_tables(
            fitted, {"one conformer": points, "conformers as in the presets": several}, calibration
        ),
        tautomers=otherwise_tables(
            fitted,
            {"as drawn": points, "as the lowest tautomer": as_lowest(points, molecules)},
            calibration,
        ),
        forms=tautomer_rows(points, molecules),
    )


def otherwise_works(levels: Iterable[Level]) -> list[Work]:
    """What all of it needs.

    Args:
        levels: Of the tables, the solvent of their spectra included.
    """
    dry = [str(level.in_gas_phase) for level in levels if level.solvent is not None]
    several = partial(absorption_standing, conformers=True)
    forms = [form for one in with_tautomers() for form in forms_of(one)]
    energies = [_forms(one) for one in with_tautomers()]
    return [
        *(
            Work(absorption_standing, absorption_workflow("spectra", one), measured_spectra(), "molecules")
            for one in dry
        ),
        Work(several, absorption_workflow("spectra"), measured_spectra(), "molecules"),
        Work(absorption_standing, absorption_workflow("spectra"), forms, "tautomers"),
        Work(tautomer_standing, Workflow.load(FALLBACK), energies, "molecules"),
    ]


@cache
def with_tautomers() -> tuple[AbsorptionReference, ...]:
    """Reference molecules that have several forms."""
    return tuple(one for one in absorption_references() if len(tautomers(one.candidate.species).species) > 1)


def forms_of(reference: AbsorptionReference) -> list[AbsorptionReference]:
    """The molecule as drawn (`-t1`) and as each other tautomer."""
    drawn = reference.candidate
    return [
        replace(reference, candidate=replace(drawn, id=f"{drawn.id}-t{number}", species=form))
        for number, form in enumerate(tautomers(drawn.species).species, start=1)
    ]


def _forms(reference: AbsorptionReference) -> Forms:
    return Forms(reference.id, tautomers(reference.candidate.species).species)


def _reference_forms(reference: AbsorptionReference, lookup: Lookup) -> ReferenceForms:
    forms = forms_of(reference)
    points, _ = absorption_points(forms, lookup)
    by_id = {point.measured.id: point for point in points}
    where = tautomer_standing(_forms(reference), Workflow.load(FALLBACK), lookup)
    gibbs = where.gibbs_kcal_mol if where.state == "done" else ()
    return ReferenceForms(
        id=reference.id,
        smiles=tuple(one.candidate.species.smiles for one in forms),
        points=tuple(by_id.get(one.id) for one in forms),
        gibbs_kcal_mol=gibbs,
        decision=decision(gibbs, ERROR_KCAL_MOL) if gibbs else None,
    )
