"""Figures and drawings show the numbers they are made of."""

import re

import numpy as np
import pytest

from actinic.analysis.absorption import Sticks
from actinic.analysis.calibrated_spectrum import CalibratedSpectrum, calibrated
from actinic.analysis.calibration import absorption_calibration
from actinic.analysis.ensemble_spectrum import WeakBand, WeakBands
from actinic.analysis.estimate import Estimate
from actinic.analysis.exposure import line_quantities
from actinic.chemistry.homolysis import homolysis
from actinic.chemistry.motifs import match
from actinic.chemistry.reactions import reactions
from actinic.chemistry.species import Species
from actinic.level import Level
from actinic.reporting import figures_spectrum
from actinic.reporting.drawings import candidate_drawing, product_drawing
from actinic.reporting.figures import Axis
from actinic.reporting.figures_levels import film_levels_figure
from actinic.reporting.figures_spectrum import (
    absorptivity_band,
    excitations_text,
    known_from_nm,
    spectrum_figure,
    wavelength_axis,
)
from actinic.reporting.page_numbers import absorptivity, number, probability, with_error
from actinic.screening.workflow import Workflow
from actinic.units import ev_from_nm

FLOW = Workflow.load("photo-ligand")
EXPOSURE = FLOW.exposure_for(None)
AXIS_NM = wavelength_axis(EXPOSURE.lines_nm, figures_spectrum.LEFT, figures_spectrum.RIGHT)


def spectrum(covered_ev: float = 6.5) -> CalibratedSpectrum:
    line = absorption_calibration(Level.parse("cam-b3lyp/def2-svp@cpcm(acetonitrile)"))
    assert line is not None
    return calibrated(Sticks((3.7, 4.9), (0.01, 0.3), covered_ev), line, is_ion=False)


def test_the_curve_says_at_a_line_what_the_table_says() -> None:
    found = line_quantities(spectrum(), EXPOSURE)
    for line_nm in (254.0, 365.0, 405.0):
        estimate = found[f"absorptivity_{line_nm:g}_nm_l_mol_cm"]
        best, low, high = absorptivity_band(spectrum(), np.array([ev_from_nm(line_nm)]))
        assert best[0] == pytest.approx(estimate.value)
        assert (low[0], high[0]) == pytest.approx(estimate.interval())


def test_the_drawn_curve_passes_through_the_value_at_a_line() -> None:
    figure = spectrum_figure(spectrum(), EXPOSURE, AXIS_NM)
    points = [tuple(map(float, p.split())) for p in figure.curve[1:].split("L")]
    x, y = zip(*points, strict=True)
    drawn = np.interp(AXIS_NM.pixel(365.0), x, y)
    value = line_quantities(spectrum(), EXPOSURE)["absorptivity_365_nm_l_mol_cm"].value
    assert drawn == pytest.approx(figure.absorptivity.pixel(value), abs=1.0)


def test_nothing_is_drawn_where_roots_may_be_missing() -> None:
    figure = spectrum_figure(spectrum(covered_ev=4.8), EXPOSURE, AXIS_NM)
    assert figure.known_from == AXIS_NM.pixel(known_from_nm(spectrum(covered_ev=4.8)))
    assert figure.known_from > figures_spectrum.LEFT
    first = float(figure.curve[1:].split("L")[0].split()[0])
    assert first >= figure.known_from
    unknown = line_quantities(spectrum(covered_ev=4.8), EXPOSURE)
    assert "absorptivity_254_nm_l_mol_cm" not in unknown
    assert AXIS_NM.pixel(254.0) < figure.known_from


def test_a_spectrum_that_reaches_nowhere_makes_a_figure_without_a_curve() -> None:
    figure = spectrum_figure(spectrum(covered_ev=0.5), EXPOSURE, AXIS_NM)
    assert (figure.curve, figure.band) == ("", "")
    assert "nothing is known" in figure.label


def test_the_target_line_is_marked_and_neighbours_do_not_overlap() -> None:
    close = FLOW.exposure_for(248.0)
    lines = spectrum_figure(spectrum(), close, AXIS_NM).lines
    assert [(line.text, line.is_target) for line in lines][:2] == [("248", True), ("254", False)]
    assert lines[0].row != lines[1].row


def test_the_bond_of_the_label_is_highlighted_and_its_atoms_are_numbered() -> None:
    azide = Species.from_smiles("[N-]=[N+]=Nc1ccccc1", multiplicity=1)
    first, *rest = reactions(azide, match(azide)[0])
    drawn = candidate_drawing(azide, [first, *rest], first)
    assert drawn.content.count('class="hot"') == 1
    assert drawn.content.count('class="numbers"') == 1
    assert "N3-N2" in drawn.label
    assert 'class="hot"' not in candidate_drawing(azide, [], None).content


def test_a_hydrogen_that_leaves_is_drawn() -> None:
    thiol = Species.from_smiles("CS", multiplicity=1)
    leaving = homolysis(thiol, (1, 5))
    assert leaving.label == "S2-H"
    drawn = candidate_drawing(thiol, [leaving], leaving)
    plain = candidate_drawing(thiol, [], None)
    assert 'class="hot"' in drawn.content
    assert drawn.width > plain.width


def test_drawings_bring_no_colour_of_their_own() -> None:
    for smiles in ("[CH3]", "[I]", "N#N", "C[C@H](N)C(=O)O", "[N]c1ccccc1"):
        content = product_drawing(Species.high_spin(smiles)).content
        assert not re.search(r"#[0-9A-Fa-f]{6}|style=|fill=", content)


def test_levels_are_drawn_only_where_they_are_known() -> None:
    homo, outside = Estimate.normal(-5.4, 0.15), Estimate.normal(-5.4, 0.15, calibrated=False)
    assert film_levels_figure(None, None) is None
    assert film_levels_figure(outside, None) is None
    both = film_levels_figure(homo, Estimate.normal(-2.5, 0.2))
    assert both is not None
    assert [level.text for level in both.levels] == [
        "LUMO, optical: −2.50 ± 0.20",
        "HOMO, film: −5.40 ± 0.15",
    ]
    assert both.unit == "eV"
    assert both.levels[0].pixel < both.levels[1].pixel  # the LUMO stands above


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (number(-0.04, 1), "0.0"),
        (number(12345.6, 0), "12\u202f346"),
        (with_error(Estimate.normal(360.04, 19.2), 0).text, "360 ± 19"),
        (with_error(Estimate(2.0, (1.0, None)), 1).text, "2.0 ± unknown"),
        (with_error(Estimate.normal(1.0, 0.1, calibrated=False), 1).text, "unknown"),
        (absorptivity(None).text, "unknown"),
        (absorptivity(Estimate(36.4, (4.0, 36.4, 60.0))).note, "4.0 to 60"),
        (absorptivity(Estimate.exact(0.001)).text, "< 1"),
        (absorptivity(Estimate.exact(9.99)).text, "10"),
        (probability(Estimate.exact(1.0)).text, "> 0.97"),
    ],
)
def test_numbers_in_words(shown: str, text: str) -> None:
    assert shown == text


def test_an_axis_holds_its_ends() -> None:
    axis = Axis(10.0, 0.0, 5.0, 105.0)
    assert (axis.pixel(10.0), axis.pixel(0.0), axis.pixel(-3.0)) == (5.0, 105.0, 105.0)
    assert not axis.holds(11.0)


def test_the_excitations_shipped_broaden_to_the_curve_of_the_tables() -> None:
    weak = WeakBands(
        (WeakBand(Sticks((3.5, 3.6), (1e-3, 2e-3), 6.5), 0.08),), 0.2, 2, 0, (2.0, 7.0), (0.0, 0.0), 1e6, 0.0
    )
    for one in (spectrum(), spectrum().with_weak_bands(weak, Sticks((4.9,), (0.3,), 6.5))):
        grid = np.linspace(2.8, 5.0, 23)
        sums = np.zeros_like(grid)
        for group in excitations_text(one).split("/"):
            width, *numbers = map(float, group.split())
            for energy, area in zip(numbers[::2], numbers[1::2], strict=True):
                sums += area / width * np.exp(-0.5 * ((grid - energy) / width) ** 2)
        assert sums == pytest.approx(one.absorptivity_l_mol_cm(grid), rel=0.05, abs=0.5)
