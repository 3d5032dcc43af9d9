"""The line a photochemist reads: where light works, at which temperature heat does, and what is unknown."""

import pytest

from actinic.analysis.absorption import Sticks
from actinic.analysis.assessment import Assessment
from actinic.analysis.calibrated_spectrum import calibrated
from actinic.analysis.calibration import absorption_calibration
from actinic.analysis.estimate import Estimate
from actinic.analysis.heat import heat
from actinic.analysis.heat_report import heat_quantities
from actinic.analysis.known import Known
from actinic.chemistry.species import Species
from actinic.level import Level
from actinic.reporting.reactions import heat_cells
from actinic.reporting.summary import heat_line, light_line, summary
from actinic.screening.tiers import Progress
from actinic.screening.workflow import Workflow

FLOW = Workflow.load("photo-ligand")
LEVEL = Level.parse("cam-b3lyp/def2-svp")


def where(smiles: str, **answers: float) -> Progress:
    species = Species.from_smiles(smiles, multiplicity=1)
    calibration = absorption_calibration(LEVEL)
    assert calibration is not None
    found = heat(species, (), (), FLOW.heat_conditions)
    quantities = {name: Estimate.exact(value) for name, value in answers.items()}
    quantities |= heat_quantities(found, FLOW.heat_conditions)
    spectrum = calibrated(Sticks((4.5,), (0.1,), 6.5), calibration, is_ion=False) if answers else None
    known = Known(species, None, (), LEVEL, LEVEL)
    return Progress("done", (), "", known, Assessment(quantities, spectrum, heat=found))


def test_light_names_lines_group_and_what_is_released() -> None:
    azide = where("[N-]=[N+]=Nc1ccccc1", p_answers_254_nm=0.99, p_answers_365_nm=0.2, p_answers_405_nm=0.0)
    assert light_line(azide, FLOW.exposure_for(None)) == (
        "answers at 254 nm; may answer at 365 nm; silent at 405 nm; unknown at 532 nm. "
        "aryl-azide: singlet nitrene; releases N2"
    )


@pytest.mark.parametrize(
    ("probability", "verdict"),
    [(0.7, "answers at"), (0.6, "may answer at"), (0.1, "may answer at"), (0.05, "silent at")],
)
def test_answers_is_said_from_two_thirds_on(probability: float, verdict: str) -> None:
    """Diphenyliodonium with its doubled error has 0.5 at 365 nm, where nobody exposes it."""
    found = where("c1ccc([I+]c2ccccc2)cc1", p_answers_365_nm=probability)
    assert light_line(found, FLOW.exposure_for(None)).startswith(f"{verdict} 365 nm")


def test_a_group_that_only_heat_breaks_is_not_said_to_answer_to_light() -> None:
    boc = where("CNC(=O)OC(C)(C)C", p_answers_365_nm=0.0)
    assert light_line(boc, FLOW.exposure_for(None)).endswith("No photo-labile group")


@pytest.mark.parametrize(
    ("smiles", "start"),
    [
        ("CNC(=O)OC(C)(C)C", "loses alkene and CO2 (retro-ene) at or below 227 ± 1"),
        ("CC1(CCCO)N=N1", "loses N2 (carbene) at 118 ± 1"),
        ("CC(=C)C(=O)O", "cures at 150-230 C (class range, Tg-limited); may polymerise in storage"),
        ("CCO", "nothing expected below 300 C (weakest bond by type: C1-C2); survives the soft bake"),
        ("CC(=O)N=[N+]=[N-]", "at which temperature is not known"),
    ],
)
def test_heat_says_temperature_and_label_or_that_it_is_not_known(smiles: str, start: str) -> None:
    assert heat_line(where(smiles)).startswith(start)


def test_the_summary_has_both_and_leaves_out_what_was_not_computed() -> None:
    exposure = FLOW.exposure_for(None)
    assert summary(where("CCO"), exposure).startswith("Heat: ")
    both = summary(where("CCO", p_answers_365_nm=0.0), exposure)
    assert both.startswith("Light: silent at 365 nm;")
    assert " Heat: nothing expected below 300 C" in both


def test_the_cells_name_bond_and_label() -> None:
    cells = heat_cells(where("CC1(CCCO)N=N1"))
    assert cells["activation_label"] == "class value"
    assert str(cells["activation_reaction"]).endswith("loses N2 (carbene)")
    assert cells["shelf_life"]
    assert heat_cells(where("CC(=O)N=[N+]=[N-]"))["activation_label"] == "unknown"
