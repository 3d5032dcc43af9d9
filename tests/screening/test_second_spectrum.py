"""A second level has a say in where a spectrum lies: what is asked for, and what follows."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from actinic.analysis.calibration import absorption_calibration
from actinic.analysis.second_opinion import second_opinion
from actinic.calculations.ensemble import EnsembleRequest
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Outcome
from actinic.calculations.spectrum import SpectrumRequest, SpectrumResult, Transition
from actinic.errors import InputError
from actinic.level import Level
from actinic.screening.forecast import NOWHERE, forecast, stand_in
from actinic.screening.plan import progress
from actinic.screening.tiers import Progress
from actinic.screening.workflow import Workflow
from support.driving import candidate

FIRST, SECOND = (Level.parse(f"{name}/def2-svp@cpcm(acetonitrile)") for name in ("cam-b3lyp", "b3lyp"))
PRESET = Path(__file__).parents[2] / "workflows" / "photo-ligand.toml"


def with_second(level: str | None = str(SECOND)) -> Workflow:
    flow = Workflow.load("photo-ligand")
    assert flow.spectrum is not None
    spectrum = flow.spectrum.model_copy(update={"second_level": level})
    return flow.model_copy(update={"spectrum": spectrum, "reactions": None, "sampling": None})


@dataclass
class Answering:
    """Conformers of a stand-in, and bands where they are put; notes what was asked."""

    first_ev: float | None = 5.1
    second_ev: float | None = 4.6
    asked: list[SpectrumRequest] = field(default_factory=list)
    unknown: tuple[Level, ...] = ()

    def __call__(self, request: Request) -> Outcome | None:
        if isinstance(request, EnsembleRequest):
            return Outcome(stand_in(request), None, NOWHERE)
        assert isinstance(request, SpectrumRequest)
        self.asked.append(request)
        if request.level in self.unknown:
            return None
        at_ev = self.second_ev if request.level == SECOND else self.first_ev
        reach_ev = request.response.cover_ev
        bands = () if at_ev is None or at_ev > reach_ev - 0.3 else (Transition(at_ev, 0.2),)
        return Outcome(SpectrumResult(0.0, -6.0, -1.0, 2.0, bands, reach_ev, False, ""), None, NOWHERE)


def standing(answers: Answering, flow: Workflow | None = None, smiles: str = "CC(=O)c1ccccc1") -> Progress:
    return progress(candidate("x", smiles), flow or with_second(), answers)


def band_ev(found: Progress) -> float:
    spectrum = found.assessment.spectrum
    assert spectrum is not None
    return spectrum.sticks.energies_ev[0]


def test_the_lowest_conformer_alone_is_asked_for_at_the_second_level_as_far_as_its_band() -> None:
    answers = Answering(unknown=(SECOND,))
    found = standing(answers)
    (wanted,) = found.missing
    assert isinstance(wanted, SpectrumRequest)
    assert found.state == "waiting"
    assert wanted.level == SECOND
    firsts = [request for request in answers.asked if request.level == FIRST]
    assert wanted.geometry == firsts[0].geometry
    assert wanted.response.cover_ev == pytest.approx(5.1 + 1.6)
    assert firsts[0].response.cover_ev > wanted.response.cover_ev


def test_the_spectrum_lies_in_the_middle_of_both() -> None:
    one, two = absorption_calibration(FIRST), absorption_calibration(SECOND)
    assert one is not None
    assert two is not None
    alone_ev = band_ev(standing(Answering(), with_second(None)))
    assert alone_ev == pytest.approx(5.1 + one.shift_ev(5.1), abs=1e-6)
    both_ev = band_ev(standing(Answering()))
    assert both_ev == pytest.approx(0.5 * (alone_ev + 4.6 + two.shift_ev(4.6)), abs=0.002)


def test_both_levels_have_an_error_of_their_own_and_their_distance_is_said() -> None:
    both = absorption_calibration(FIRST, SECOND)
    assert both is not None
    near, far = (standing(Answering(second_ev=ev)).assessment for ev in (4.65, 5.4))
    assert near.spectrum is not None
    assert far.spectrum is not None
    assert not any("second level" in caveat for caveat in near.caveats)
    (said,) = (caveat for caveat in far.caveats if "second level" in caveat)
    assert said.endswith("eV higher than the first")
    assert far.spectrum.standard_error_ev >= near.spectrum.standard_error_ev >= both.standard_error_ev


def test_a_band_that_lies_further_is_looked_for_as_far_as_all_roots() -> None:
    answers = Answering(first_ev=4.0, second_ev=6.4)
    found = standing(answers)
    reaches_ev = [request.response.cover_ev for request in answers.asked if request.level == SECOND]
    assert reaches_ev[0] == pytest.approx(5.6)
    assert max(reaches_ev) == pytest.approx(with_second().spectrum.cover_ev + 0.8)  # type: ignore[union-attr]
    assert found.state == "done"
    assert any("higher than the first" in caveat for caveat in found.assessment.caveats)


@pytest.mark.parametrize(
    ("answers", "smiles", "why"),
    [
        (Answering(second_ev=None), "CC(=O)c1ccccc1", "no second level: no band there"),
        (Answering(first_ev=None), "CC(=O)c1ccccc1", "no second level: no band at the first"),
        (Answering(), "C[S+](C)C", "no second level: an ion"),
    ],
)
def test_without_a_second_opinion_the_first_stands_and_the_row_says_why(
    answers: Answering, smiles: str, why: str
) -> None:
    found = standing(answers, smiles=smiles)
    alone = standing(replace(answers, asked=[]), with_second(None), smiles)
    assert found.state == "done"
    assert why in found.assessment.caveats
    assert found.assessment.spectrum == alone.assessment.spectrum


def test_the_forecast_counts_it() -> None:
    one, two = (
        forecast([candidate("x", "CC(=O)c1ccccc1")], with_second(level), lambda _: None)
        for level in (None, str(SECOND))
    )
    assert len(list(two.requests())) == len(list(one.requests())) + 1


def test_levels_that_were_not_calibrated_together_are_named_and_the_second_has_no_say() -> None:
    flow = with_second("wb97x-d3/def2-svp")
    assert any("not calibrated together" in said for said in flow.warnings)
    assert flow.absorption_line == absorption_calibration(FIRST)
    assert not any("not calibrated together" in said for said in with_second().warnings)


def test_a_second_level_that_does_not_exist_is_refused_by_its_key() -> None:
    text = PRESET.read_text(encoding="utf-8").replace(
        "[spectrum]\n", '[spectrum]\nsecond_level = "b4lyp/def2-svp"\n', 1
    )
    with pytest.raises(InputError, match=r"spectrum\.second_level"):
        Workflow.parse(text, "mine.toml")


def test_two_spectra_that_agree_move_nothing() -> None:
    line = absorption_calibration(FIRST)
    assert line is not None
    found = second_opinion((4.5, 4.5), (line, line))
    assert found is not None
    assert (found.apart_ev, found.shift_ev) == (0.0, 0.0)
