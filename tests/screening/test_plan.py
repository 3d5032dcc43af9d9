"""What is missing: the funnel, sharing, gates, failures, without computing anything."""

import dataclasses
from collections.abc import Callable
from importlib.resources import files

import msgspec
import pytest

from actinic.calculations import kinds
from actinic.calculations.ensemble import Conformer, EnsembleRequest, EnsembleResult
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Failure, Outcome, Provenance
from actinic.calculations.spectrum import SpectrumRequest, SpectrumResult, Transition
from actinic.chemistry.candidates import Candidate
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.errors import InputError
from actinic.screening.plan import missing, progress
from actinic.screening.sections import GateSection, SurfaceSection
from actinic.screening.workflow import Workflow

FLOW = Workflow.load("photo-ligand").model_copy(update={"reactions": None})
NOW = Provenance({}, "here", "", 1.0, 1.0, 1.0)

Answer = Callable[[Request], Outcome | None]


def candidate(smiles: str = "[N-]=[N+]=Nc1ccccc1", target_nm: float | None = None) -> Candidate:
    species = Species.from_smiles(smiles, multiplicity=1)
    return Candidate(
        id="x", name="", smiles_given=smiles, species=species, counter_ion="", role="", target_nm=target_nm,
        extra=(), row=2, notes=(),
    )  # fmt: skip


def conformer(energy_hartree: float, weight: float) -> Conformer:
    return Conformer(
        Geometry(("H",), (round(energy_hartree * 1e5), 0, 0)), energy_hartree, 1, weight, -9.0, 1.0, 1.0
    )


def ensemble(*weights: float) -> Outcome:
    conformers = tuple(conformer(-1.0 + 0.001 * i, w) for i, w in enumerate(weights))
    fate = None if weights else "C6H5 + N3"
    return Outcome(EnsembleResult(conformers, 5, 0, 0 if weights else 5, fate, None), None, NOW)


def spectrum(energy_ev: float = 4.5) -> Outcome:
    transitions = (Transition(energy_ev, 0.1),)
    return Outcome(SpectrumResult(-1.0, -6.0, -1.0, 2.0, transitions, 7.5, False, "diis"), None, NOW)


def failed(error_class: str = "ConvergenceError") -> Outcome:
    return Outcome(None, Failure(error_class, "it went wrong", ""), NOW)


def answering(tight: Outcome | None, dft: Outcome | None = None) -> Answer:
    return lambda request: tight if isinstance(request, EnsembleRequest) else dft


def test_the_cheap_tier_comes_first_and_alone() -> None:
    requests = missing(candidate(), FLOW, answering(None))
    assert [kinds.kind_of(r).name for r in requests] == ["ensemble"]


def test_with_conformers_known_the_lowest_ones_get_a_spectrum() -> None:
    requests = missing(candidate(), FLOW, answering(ensemble(0.5, 0.3, 0.2)))
    assert FLOW.spectrum is not None
    assert len(requests) == FLOW.spectrum.conformers == 2
    assert [r.geometry.grid_points[0] for r in requests if isinstance(r, SpectrumRequest)] == [
        -100000,
        -99900,
    ]


def test_only_the_unknown_spectrum_is_asked_for() -> None:
    known = {kinds.key(missing(candidate(), FLOW, answering(ensemble(0.6, 0.4)))[0]): spectrum()}
    requests = missing(
        candidate(),
        FLOW,
        lambda r: ensemble(0.6, 0.4) if isinstance(r, EnsembleRequest) else known.get(kinds.key(r)),
    )
    assert len(requests) == 1


def test_with_everything_known_nothing_is_missing() -> None:
    where = progress(candidate(), FLOW, answering(ensemble(1.0), spectrum()))
    assert where.state == "done"
    assert where.missing == ()
    assert "band_max_nm" in where.assessment.quantities


@pytest.mark.parametrize("smiles", ["C[S-]", "C[S+](C)C", "CSC"])
def test_ions_get_levels_of_their_own(smiles: str) -> None:
    request = missing(candidate(smiles), FLOW, answering(None))[0]
    dft = missing(candidate(smiles), FLOW, answering(ensemble(1.0)))[0]
    assert isinstance(request, EnsembleRequest)
    assert isinstance(dft, SpectrumRequest)
    charge = request.species.charge
    assert (request.level.solvent is not None) == (charge != 0)
    assert (dft.level.basis == "def2-svpd") == (charge < 0)
    assert dft.charge == charge


def test_a_gate_stops_a_molecule_before_anything_is_computed() -> None:
    where = progress(candidate("C" * 61), FLOW, answering(None))
    assert where.state == "screened_out"
    assert where.missing == ()
    assert where.reason == "too large for this workflow: heavy_atoms = 61, wanted at most 60"


def test_a_gate_on_heat_waits_for_the_reactions_that_may_be_faster() -> None:
    gate = GateSection(quantity="activation_temperature_c", at_most=250, min_probability=0.5, reason="lasts")
    lasting = candidate("CCO")
    with_reactions = Workflow.load("photo-ligand").model_copy(update={"gates": (gate,)})
    assert progress(lasting, with_reactions, answering(None)).state == "waiting"
    without = FLOW.model_copy(update={"gates": (gate,)})
    assert progress(lasting, without, answering(None)).state == "screened_out"


def test_a_failure_ends_the_candidate_with_its_class_and_message() -> None:
    where = progress(candidate(), FLOW, answering(failed()))
    assert (where.state, where.missing) == ("failed", ())
    assert where.reason == "ensemble: ConvergenceError: it went wrong"
    assert progress(candidate(), FLOW, answering(ensemble(1.0), failed())).reason.startswith("spectrum: ")


def test_a_molecule_that_falls_apart_is_reported_as_such() -> None:
    where = progress(candidate(), FLOW, answering(ensemble()))
    assert where.state == "failed"
    assert "becomes C6H5 + N3" in where.reason
    assert "gfn2-xtb" in where.reason


def test_equal_species_ask_for_equal_calculations() -> None:
    one, other = candidate("CCO"), candidate("OCC")
    keys = [kinds.key(missing(c, FLOW, answering(None))[0]) for c in (one, other)]
    assert keys[0] == keys[1]


def test_changing_lines_and_weights_changes_no_calculation() -> None:
    exposure = FLOW.exposure.model_copy(update={"lines_nm": (300.0,), "target_nm": 300.0})
    other = FLOW.model_copy(update={"exposure": exposure, "criteria": ()})
    for known in (answering(None), answering(ensemble(1.0))):
        keys = [[kinds.key(r) for r in missing(candidate(), flow, known)] for flow in (FLOW, other)]
        assert keys[0] == keys[1]


def test_a_target_of_its_own_moves_the_selectivity_of_the_candidate() -> None:
    known = answering(ensemble(1.0), spectrum(4.7))
    at = {nm: progress(candidate(target_nm=nm), FLOW, known).assessment.quantities for nm in (254.0, 405.0)}
    assert at[254.0]["absorptivity_target_l_mol_cm"].value > at[405.0]["absorptivity_target_l_mol_cm"].value


def test_without_a_spectrum_section_the_ensemble_is_all() -> None:
    tight_only = FLOW.model_copy(update={"spectrum": None, "criteria": (), "gates": ()})
    where = progress(candidate(), tight_only, answering(ensemble(1.0)))
    assert where.state == "done"
    assert "film_homo_ev" in where.assessment.quantities


def on(nanocrystal: str, allow_labile: bool = True) -> Workflow:
    surface = SurfaceSection(nanocrystal=nanocrystal, allow_labile=allow_labile)
    return FLOW.model_copy(update={"surface": surface})


@pytest.mark.parametrize(
    ("smiles", "nanocrystal", "stays"),
    [
        ("CCCCCCCCS", "CdSe/ZnS", True),
        ("CCCCCCCCS", "CsPbBr3", False),
        ("CCCCCCCC(=O)O", "CsPbBr3", True),
        ("CCCCCCCC", "InP/ZnS", False),
    ],
)
def test_a_ligand_has_to_suit_the_nanocrystal(smiles: str, nanocrystal: str, stays: bool) -> None:
    where = progress(candidate(smiles), on(nanocrystal), answering(None))
    assert where.state == ("waiting" if stays else "screened_out")
    assert stays or nanocrystal in where.reason


def test_a_pair_without_a_rule_passes_with_a_caveat() -> None:
    where = progress(candidate("CCS(=O)(=O)[O-]"), on("PbS"), answering(None))
    assert where.state == "waiting"
    assert where.assessment.caveats == ("PbS: nothing on record about sulfonate on IV-VI",)
    known = progress(candidate("CCCCCCCC[S-]"), on("CdSe/ZnS"), answering(None))
    assert known.assessment.caveats == ()


def test_what_is_no_ligand_needs_no_anchor() -> None:
    crosslinker = dataclasses.replace(candidate("CCCCCCCC"), role="crosslinker")
    assert progress(crosslinker, on("InP/ZnS"), answering(None)).state == "waiting"


def test_an_unknown_nanocrystal_is_refused_when_the_file_is_read() -> None:
    text = (
        preset_text()
        .replace("# [surface]", "[surface]")
        .replace('# nanocrystal = "InP/ZnS"', 'nanocrystal = "cheese"')
    )
    with pytest.raises(InputError, match=r"surface\.nanocrystal"):
        Workflow.parse(text, "mine.toml")


def preset_text() -> str:
    return files("actinic").joinpath("presets", "workflows", "photo-ligand.toml").read_text(encoding="utf-8")


def test_a_setting_that_may_have_led_elsewhere_is_a_caveat_and_one_that_did_not_is_none() -> None:
    loose = Outcome(
        EnsembleResult((conformer(-1.0, 1.0),), 5, 0, 0, None, None, "fewer constraints"), None, NOW
    )

    def of_rung(rung: str) -> Outcome:
        found = spectrum().result
        assert isinstance(found, SpectrumResult)
        return Outcome(msgspec.structs.replace(found, scf_rung=rung), None, NOW)

    def caveats(tight: Outcome, dft: Outcome) -> list[str]:
        where = progress(candidate(), FLOW.model_copy(update={"sampling": None}), answering(tight, dft))
        assert where.state == "done"
        return [one for one in where.assessment.caveats if one.startswith(("ensemble", "spectrum"))]

    assert caveats(ensemble(1.0), of_rung("diis")) == caveats(ensemble(1.0), of_rung("newton")) == []
    doubted = caveats(loose, of_rung("another guess"))
    assert doubted == [
        "ensemble: geometries could only be built with fewer constraints: conformers may be missing",
        "spectrum: SCF converged from another guess only: it may not be the lowest state",
    ]
    assert of_rung("newton").settings == "SCF by newton"
