"""A pre-screen sets aside with a reason, early, and only what it may judge; without it nothing changes."""

from typing import Any

import pytest

from actinic.analysis.prescreen import EdgeLine, edge_lines, fitted_line
from actinic.calculations.ensemble import Conformer, EnsembleRequest, EnsembleResult
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Outcome, Provenance
from actinic.chemistry.candidates import Candidate
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.errors import InputError
from actinic.screening.plan import progress
from actinic.screening.prescreen_fit import fitted_lines
from actinic.screening.tiers import Progress
from actinic.screening.workflow import Workflow

PLAIN = Workflow.load("photo-ligand").model_copy(update={"sampling": None})
HERE = Provenance({}, "", "", 0.0, 0.0, 0.0)


def flow(plain: Workflow = PLAIN, **section: Any) -> Workflow:
    return Workflow.model_validate(plain.model_dump() | {"prescreen": section})


def candidate(smiles: str, target_nm: float | None = None) -> Candidate:
    species = Species.from_smiles(smiles, multiplicity=1)
    return Candidate("x", "", smiles, species, "", "", target_nm, (), 2, ())


def standing(smiles: str, workflow: Workflow, gap_ev: float | None = None) -> Progress:
    """Where a candidate stands; its conformers known where a gap is given."""
    one = candidate(smiles)
    symbols = tuple(atom.GetSymbol() for atom in one.species.molecule().GetAtoms())
    geometry = Geometry(symbols, (0,) * 3 * len(symbols))

    def lookup(request: Request) -> Outcome | None:
        if gap_ev is None or not isinstance(request, EnsembleRequest):
            return None
        lowest = Conformer(geometry, -1.0, 1, 1.0, -9.0, -9.0 + gap_ev, 1.0)
        return Outcome(EnsembleResult((lowest,), 1, 0, 0, None, None), None, HERE)

    return progress(one, workflow, lookup)


def test_without_the_section_nothing_is_set_aside() -> None:
    assert standing("CC", PLAIN).state == "waiting"
    assert standing("CC", PLAIN, gap_ev=12.0).state == "waiting"
    assert standing("CC", flow(), gap_ev=12.0).state == "waiting"


@pytest.mark.parametrize(
    ("smiles", "stimuli", "stays"),
    [
        ("CCCC", ["light"], False),
        ("[N-]=[N+]=Nc1ccccc1", ["light"], True),
        ("CC(C)(C)OC(=O)NC", ["light"], False),
        ("CC(C)(C)OC(=O)NC", ["light", "heat"], True),
        ("CCCC", [], True),
    ],
)
def test_a_motif_for_one_of_the_stimuli_is_asked_for(smiles: str, stimuli: list[str], stays: bool) -> None:
    where = standing(smiles, flow(stimuli=stimuli))
    assert where.state == ("waiting" if stays else "screened_out")
    assert stays or "no motif that answers to" in where.reason


def test_the_window_of_size_names_the_size() -> None:
    assert "1 heavy atoms, wanted 2 to 3" in standing("C", flow(heavy_atoms=[2, 3])).reason
    assert standing("CC", flow(heavy_atoms=[2, 3])).state == "waiting"
    assert standing("CCCC", flow(heavy_atoms=[2, 3])).state == "screened_out"


def test_a_large_hueckel_gap_is_set_aside_before_tight_binding_and_a_small_one_is_not() -> None:
    found = standing("CCc1ccccc1", flow(min_probability=0.02))
    assert (found.state, found.missing) == ("screened_out", ())
    assert "Hueckel gap" in found.reason
    assert "365 nm" in found.reason
    assert standing("Nc1ccc([N+](=O)[O-])cc1", flow(min_probability=0.02)).state == "waiting"


def test_the_line_of_the_row_counts() -> None:
    flowing = flow(min_probability=0.02)
    near = progress(candidate("CCc1ccccc1", 254.0), flowing, lambda _: None)
    assert near.state == "waiting"


def test_the_gap_of_the_conformer_decides_before_the_spectrum() -> None:
    flowing = flow(min_probability=0.02)
    assert standing("CCCC", flowing).state == "waiting"  # no pi system: unknown passes
    wide, narrow = standing("CCCC", flowing, gap_ev=9.0), standing("CCCC", flowing, gap_ev=2.0)
    assert (wide.state, wide.known.ensemble is not None) == ("screened_out", True)
    assert "gfn2-xtb gap" in wide.reason
    assert narrow.state == "waiting"


@pytest.mark.parametrize("smiles", ["CC(=O)[O-]", "c1ccccc1C1(N=N1)C(F)(F)F"])
def test_what_a_gap_does_not_tell_is_not_judged_by_it(smiles: str) -> None:
    sampled = Workflow.load("photo-ligand")
    assert standing(smiles, flow(sampled, min_probability=0.5), gap_ev=12.0).state == "waiting"


def test_pi_orbitals_do_not_judge_lone_pairs() -> None:
    diazirine, flowing = "c1ccccc1C1(N=N1)C(F)(F)F", flow(min_probability=0.02)
    assert standing(diazirine, flowing).state == "waiting"
    assert "gfn2-xtb gap" in standing(diazirine, flowing, gap_ev=9.0).reason


def test_the_smaller_the_probability_asked_for_the_fewer_are_set_aside() -> None:
    states = [standing("COc1ccccc1", flow(min_probability=p)).state for p in (0.5, 0.1, 1e-9)]
    assert states == sorted(states)
    assert states[0] == "screened_out"
    assert states[-1] == "waiting"


def test_nonsense_in_the_section_is_named() -> None:
    text = (PLAIN.model_dump_json()).replace('"prescreen":null', '"prescreen":{"stimulus":["light"]}')
    with pytest.raises((InputError, ValueError), match="stimulus"):
        Workflow.from_snapshot(text.encode())


def test_the_shipped_lines_are_those_fitted_to_the_shipped_calculations() -> None:
    shipped, fitted = edge_lines(), fitted_lines()
    assert shipped.keys() == fitted.keys()
    for name, line in fitted.items():
        assert shipped[name].n == line.n
        assert shipped[name].intercept_ev == pytest.approx(line.intercept_ev, abs=2e-3)
        assert shipped[name].slope == pytest.approx(line.slope, abs=2e-3)
        assert shipped[name].standard_error_ev == pytest.approx(line.standard_error_ev, abs=2e-3)


def test_an_exact_line_is_found_and_its_error_is_that_of_the_left_out() -> None:
    assert fitted_line([0.0, 1.0, 2.0], [1.0, 3.0, 5.0]) == EdgeLine(1.0, 2.0, 0.0, 3)
    assert fitted_line([0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]).standard_error_ev == pytest.approx(1.0)
