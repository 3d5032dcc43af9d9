"""Spectra of trimmed models: what runs, what is shared, what stays that of the whole molecule."""

from functools import cache
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from actinic.analysis.assessment import Assessment
from actinic.calculations.ensemble import Conformer, EnsembleRequest, EnsembleResult
from actinic.calculations.kinds import Request, kind_of
from actinic.calculations.outcome import Failure, Outcome
from actinic.calculations.sampling import SamplingRequest, SamplingResult
from actinic.calculations.spectrum import SpectrumRequest, SpectrumResult, Transition
from actinic.calculations.thermal import ThermalRequest
from actinic.chemistry.species import Species
from actinic.cli import app
from actinic.engines.embedding import embed
from actinic.errors import InputError
from actinic.screening.forecast import forecast, stand_in
from actinic.screening.plan import missing, progress
from actinic.screening.run import Driver
from actinic.screening.store import Store
from actinic.screening.tiers import Progress
from actinic.screening.workflow import Workflow
from support.driving import NOW, InstantPool, Witness, candidate

PLAIN = Workflow.load("photo-ligand").model_copy(update={"reactions": None, "gates": (), "criteria": ()})
assert PLAIN.spectrum is not None
FLOW = PLAIN.model_copy(update={"spectrum": PLAIN.spectrum.model_copy(update={"trim_reach": 2})})
HEXYL, OCTYL = ("C" * n + "Oc1ccc(N=[N+]=[N-])cc1" for n in (6, 8))
MODEL = Species.from_smiles("CCOc1ccc(N=[N+]=[N-])cc1", multiplicity=1)
TWICE = "[N-]=[N+]=Nc1ccc(OCCCCCCOc2ccc(N=[N+]=[N-])cc2)cc1"
WEAK, BRIGHT = Transition(4.3, 1e-4), Transition(4.9, 0.3)


class Answers:
    """Answers everything and notes what was asked; of `unknown` kinds nothing is known."""

    def __init__(self, *unknown: type, refused: Species | None = None, fallen: bool = False) -> None:
        self.unknown, self.refused, self.fallen = unknown, refused, fallen
        self.asked: list[Request] = []

    def __call__(self, request: Request) -> Outcome | None:
        self.asked.append(request)
        if isinstance(request, self.unknown):
            return None
        if isinstance(request, EnsembleRequest):
            if request.species == self.refused:
                failure = Failure("ConvergenceError", "no conformer", "")
                empty = EnsembleResult((), 1, 1, 0, "C2H6O + N2", None)
                return Outcome(empty, None, NOW) if self.fallen else Outcome(None, failure, NOW)
            return Outcome(ensemble(request.species), None, NOW)
        if isinstance(request, SpectrumRequest):
            shares = (1000 // request.geometry.n_heavy_atoms,) * request.geometry.n_heavy_atoms
            states = tuple(
                msgspec.structs.replace(one, hole_permille=shares, electron_permille=shares)
                for one in (WEAK, BRIGHT)
            )
            return Outcome(SpectrumResult(-1.0, -6.0, -1.0, 2.0, states, 7.3, False, "diis"), None, NOW)
        if isinstance(request, SamplingRequest):
            drawn = tuple((Transition(3.4 + 0.02 * n, 1e-3),) for n in range(15))
            return Outcome(SamplingResult((WEAK,), 5.5, drawn, 5.5, 2, 0, 0), None, NOW)
        return Outcome(stand_in(request), None, NOW)

    def of(self, kind: type) -> list[Request]:
        return [request for request in self.asked if isinstance(request, kind)]


@cache
def ensemble(species: Species) -> EnsembleResult:
    """One embedded conformer; the HOMO says how large the molecule is."""
    (geometry,) = embed(species, n_conformers=1, seed=1, rmsd_angstrom=0.1)
    homo_ev = -9.0 - 0.1 * n_atoms(species)
    return EnsembleResult((Conformer(geometry, -1.0, 1, 1.0, homo_ev, 1.0, 1.0),), 1, 0, 0, None, None)


def n_atoms(species: Species) -> int:
    return int(species.shared_molecule().GetNumAtoms())


def standing(smiles: str, flow: Workflow = FLOW, known: Answers | None = None) -> Progress:
    return progress(candidate("x", smiles), flow, known or Answers())


def absorptivity(found: Assessment, line_nm: int) -> float:
    return found.quantities[f"absorptivity_{line_nm}_nm_l_mol_cm"].value


def test_nothing_is_trimmed_unless_the_workflow_says_so() -> None:
    known = Answers()
    where = standing(OCTYL, PLAIN, known)
    assert where.known.part is None
    assert len(known.of(EnsembleRequest)) == 1
    assert not any("trimmed" in caveat for caveat in where.assessment.caveats)
    assert where.assessment.quantities["dipole_debye"].value == 2.0


def test_whole_molecule_and_model_have_conformers_of_their_own_and_the_model_alone_a_spectrum() -> None:
    (first,) = missing(candidate("x", OCTYL), FLOW, Answers(EnsembleRequest))
    assert isinstance(first, EnsembleRequest)
    assert first.species == Species.from_smiles(OCTYL, multiplicity=1)

    whole_alone = Answers()
    where = progress(candidate("x", OCTYL), FLOW, lambda r: None if of_model(r) else whole_alone(r))
    assert (where.state, [kind_of(request).name for request in where.missing]) == ("waiting", ["ensemble"])
    assert MODEL.smiles in where.reason
    assert all(of_model(request) for request in where.missing)

    known = Answers()
    assert standing(OCTYL, FLOW, known).state == "done"
    sizes = {len(r.geometry.symbols) for r in known.asked if isinstance(r, SpectrumRequest | ThermalRequest)}
    assert sizes == {n_atoms(MODEL)}
    (sampling,) = known.of(SamplingRequest)
    assert isinstance(sampling, SamplingRequest)
    assert len(sampling.geometry.symbols) == n_atoms(MODEL)


def of_model(request: Request) -> bool:
    return isinstance(request, EnsembleRequest) and request.species == MODEL


def test_the_levels_in_a_film_stay_those_of_the_whole_molecule() -> None:
    known = standing(OCTYL).known
    whole, trimmed = standing(OCTYL, PLAIN).assessment, standing(OCTYL).assessment
    assert known.absorber == MODEL
    assert trimmed.quantities["film_homo_ev"].value == whole.quantities["film_homo_ev"].value
    assert (
        trimmed.quantities["film_homo_ev"].value
        != standing(MODEL.smiles).assessment.quantities["film_homo_ev"].value
    )
    assert trimmed.quantities["heavy_atoms"].value == 18


def test_light_sees_of_a_chain_what_it_sees_of_the_model() -> None:
    """The same numbers as of the model as a candidate, and no dipole moment: that is the model's."""
    trimmed, model = standing(OCTYL).assessment, standing(MODEL.smiles).assessment
    for name in ("band_max_nm", "absorptivity_365_nm_l_mol_cm", "site_share_target", "s1_raw_ev"):
        assert trimmed.quantities[name].value == model.quantities[name].value, name
    assert "dipole_debye" in model.quantities
    assert "dipole_debye" not in trimmed.quantities
    said = f"spectrum of a trimmed model, {MODEL.smiles}: 6 of 18 heavy atoms cut off"
    assert said in trimmed.caveats
    assert said not in model.caveats


def test_a_trimmed_model_with_a_weak_lowest_state_says_that_another_band_may_count() -> None:
    """The whole molecule's own may lie above the height from which a maximum counts, the model's below it."""

    def bright_lowest(request: Request) -> Outcome | None:
        if isinstance(request, SpectrumRequest):
            return Outcome(SpectrumResult(-1.0, -6.0, -1.0, 2.0, (BRIGHT,), 6.5, False, "diis"), None, NOW)
        return Answers()(request)

    bright = progress(candidate("x", OCTYL), FLOW, bright_lowest)
    assert bright.known.part is not None
    found = (standing(OCTYL), bright, standing(MODEL.smiles))
    warned = [any("another band may count" in said for said in one.assessment.caveats) for one in found]
    assert warned == [True, False, False]


def test_two_equal_chromophores_absorb_twice_as_much_sampled_bands_included() -> None:
    one, two = standing(MODEL.smiles).assessment, standing(TWICE).assessment
    assert two.spectrum is not None
    assert two.spectrum.weak is not None
    for line_nm in (254, 365):
        assert absorptivity(two, line_nm) == pytest.approx(2 * absorptivity(one, line_nm))
    assert any("absorptivities times 2" in caveat for caveat in two.caveats)
    assert two.quantities["band_max_nm"].value == one.quantities["band_max_nm"].value


def test_two_copies_without_sampling_absorb_twice_as_much() -> None:
    flow = FLOW.model_copy(update={"sampling": None})
    one, two = standing(MODEL.smiles, flow).assessment, standing(TWICE, flow).assessment
    assert absorptivity(two, 254) == pytest.approx(2 * absorptivity(one, 254))


@pytest.mark.parametrize("fallen", [True, False])
def test_a_model_without_conformers_is_not_used(fallen: bool) -> None:
    known = Answers(refused=MODEL, fallen=fallen)
    where = standing(OCTYL, FLOW, known)
    assert where.state == "done"
    assert where.known.part is None
    whole = Species.from_smiles(OCTYL, multiplicity=1)
    (spectrum,) = known.of(SpectrumRequest)
    assert isinstance(spectrum, SpectrumRequest)
    assert len(spectrum.geometry.symbols) == n_atoms(whole)


def test_a_spectrum_of_the_model_that_fails_ends_the_candidate() -> None:
    def known(request: Request) -> Outcome | None:
        if isinstance(request, SpectrumRequest):
            return Outcome(None, Failure("ConvergenceError", "no roots", ""), NOW)
        return Answers()(request)

    where = progress(candidate("x", OCTYL), FLOW, known)
    assert (where.state, where.reason) == ("failed", "spectrum: ConvergenceError: no roots")
    assert where.known.part is not None


def test_candidates_of_one_model_share_its_spectrum() -> None:
    """Three ensembles (two molecules, one model), spectra of the model alone; untrimmed twice as many."""
    submitted = {}
    for name, flow in (("trimmed", FLOW), ("whole", PLAIN)):
        pool = InstantPool()
        with Store(Path(":memory:")) as store:
            driver = Driver(progress, flow, store, pool, Witness(), retry_failed=False)
            tally = driver.run(iter([candidate("hexyl", HEXYL), candidate("octyl", OCTYL)]))
        assert tally.failed == 0
        submitted[name] = [kind_of(request).name for request in pool.requests]
    per_molecule = 2  # stand-in conformers, each with a spectrum
    assert sorted(submitted["trimmed"]) == ["ensemble"] * 3 + ["spectrum"] * per_molecule
    assert sorted(submitted["whole"]) == ["ensemble"] * 2 + ["spectrum"] * 2 * per_molecule


def test_the_forecast_counts_the_model_once_and_agrees_with_what_runs() -> None:
    found = forecast([candidate("hexyl", HEXYL), candidate("octyl", OCTYL)], FLOW, lambda _: None)
    later = [request for request in found.requests() if not isinstance(request, EnsembleRequest)]
    assert later != []
    for request in later:
        assert isinstance(request, SpectrumRequest | ThermalRequest | SamplingRequest)
        assert len(request.geometry.symbols) == n_atoms(MODEL)
    ensembles = [r.species for r in found.requests() if isinstance(r, EnsembleRequest)]
    assert sorted(s.smiles for s in ensembles) == sorted(
        Species.from_smiles(smiles, multiplicity=1).smiles for smiles in (HEXYL, OCTYL, MODEL.smiles)
    )
    assert forecast([candidate("octyl", OCTYL)], FLOW, Answers()).states == {"done": 1}


def test_a_reach_below_one_bond_is_refused() -> None:
    text = (
        "title = 'x'\n"
        + (Path(__file__).parents[2] / "workflows" / "photo-ligand.toml")
        .read_text(encoding="utf-8")
        .split("\n", 2)[2]
    )
    with pytest.raises(InputError, match=r"spectrum\.trim_reach = 0"):
        Workflow.parse(text.replace("# trim_reach = 2 ", "trim_reach = 0 "), "x")
    flow = Workflow.parse(text.replace("# trim_reach = 2 ", "trim_reach = 3 "), "x")
    assert flow.spectrum is not None
    assert flow.spectrum.trim_reach == 3


def test_check_says_in_what_the_spectrum_will_be_computed(tmp_path: Path) -> None:
    flow, listed = tmp_path / "trimmed.toml", tmp_path / "list.csv"
    preset = Path(__file__).parents[2] / "workflows" / "photo-ligand.toml"
    text = preset.read_text(encoding="utf-8")
    flow.write_text(text.replace("# trim_reach = 2 ", "trim_reach = 2 "), encoding="utf-8")
    listed.write_text(f"id,smiles\nlong,{OCTYL}\nshort,{MODEL.smiles}\n", encoding="utf-8")
    ran = CliRunner().invoke(
        app, ["check", str(listed), "--workflow", str(flow), "--store", str(tmp_path / "none.sqlite")]
    )
    assert ran.exit_code == 0, ran.output
    assert ran.output.count(f"spectrum of {MODEL.smiles}") == 1
