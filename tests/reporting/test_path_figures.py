"""The profile of a searched path shows its numbers, and the drawing what a trimmed model leaves out."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from actinic.analysis.assessment import Assessment
from actinic.analysis.known import Known
from actinic.analysis.reaction_energies import Computed, KnownReaction
from actinic.calculations.energy import EnergyResult
from actinic.calculations.path import ReactionPath
from actinic.calculations.path_energy import PathEnergyResult
from actinic.calculations.path_saddle import PathSaddleResult
from actinic.calculations.path_scan import Frame
from actinic.calculations.thermal import ThermalResult
from actinic.chemistry.candidates import Candidate
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.errors import InputError
from actinic.level import Level
from actinic.reporting.drawings import cut_drawing
from actinic.reporting.figure_files import figure_text
from actinic.reporting.figures_path import PLACES, ProfileFigure, along, lost_searches, profile_figures
from actinic.reporting.page import Overview, write_page
from actinic.reporting.table import Entry, ranked_table
from actinic.screening.path_tasks import PathTask, path_tasks
from actinic.screening.tiers import Progress
from actinic.screening.workflow import Workflow
from actinic.units import HARTREE_KCAL_MOL

HEAT = Workflow.load("heat-ligand")
assert HEAT.paths is not None
TRIMMING = HEAT.model_copy(update={"paths": HEAT.paths.model_copy(update={"trim_reach": 2})})
ESTER, LONG = "CC(=O)OC(C)(C)C", "CCCCCCCC(=O)OC(C)(C)C"
LEVEL = Level.parse("wb97x-d3/def2-svp")
SVG = "{http://www.w3.org/2000/svg}"


def frame(shift_angstrom: float) -> Frame:
    """Two atoms, the second some way off."""
    return Frame(Geometry.from_angstrom(["H", "H"], np.array([[0, 0, 0], [0, 0, 1 + shift_angstrom]])), -1.0)


SADDLE = PathSaddleResult(
    frame(0.0).geometry, -0.9, 0.001, (-800.0, 50.0), (1.0, 0.5, 0.4), 1, 100.0, Level.parse("gfn2-xtb"), 0.7,
    20, (frame(-0.1), frame(-0.4)), (frame(0.2), frame(0.6), frame(1.0)), (),
)  # fmt: skip
MINIMUM = ThermalResult(frame(-1.0).geometry, -1.0, 0.0, (50.0, 60.0), (1.0, 0.5, 0.4), 1, 100.0, 0)


def energies(*above_kcal_mol: float | None) -> PathEnergyResult:
    hartree = tuple(None if e is None else e / HARTREE_KCAL_MOL - 1.0 for e in above_kcal_mol)
    top = max(e for e in hartree if e is not None)
    return PathEnergyResult(-1.0, hartree, hartree.index(top), (None,) * len(hartree), 0.0, top)


def searched(smiles: str, workflow: Workflow, **changes: Any) -> tuple[PathTask, ReactionPath]:
    assert workflow.paths is not None
    task = path_tasks(Species.from_smiles(smiles, multiplicity=1), workflow.paths)[0]
    path = ReactionPath(task.reaction, task.route, task.model, LEVEL, reactant=MINIMUM, saddle=SADDLE)
    return task, replace(path, **({"energies": energies(None, 38.0, 40.0, 41.5, 39.0, None)} | changes))


def reaction_of(path: ReactionPath, energy_kcal_mol: float) -> KnownReaction:
    def part(species: Species, hartree: float) -> Computed:
        return Computed(species, MINIMUM, (EnergyResult(hartree, 0.0, 0.0, -9.0, 1.0, "diis"),))

    products = [part(product.species, 0.0) for product in path.reaction.products]
    before = part(path.reaction.reactants[0], -energy_kcal_mol / HARTREE_KCAL_MOL)
    return KnownReaction(path.reaction, (LEVEL,), (before,), tuple(products))


def progress(smiles: str, path: ReactionPath, *reactions: KnownReaction) -> Progress:
    species = Species.from_smiles(smiles, multiplicity=1)
    known = Known(species, None, (), Level.parse("gfn2-xtb"), LEVEL, reactions=reactions, paths=(path,))
    return Progress("done", (), "", known, Assessment({}, None))


def entry(where: Progress, name: str = "ester") -> Entry:
    species = where.known.species
    return Entry(Candidate(name, "", species.smiles, species, "", "ligand", None, (), 2, ()), where)


def one_figure(smiles: str = ESTER, workflow: Workflow = HEAT, after: float | None = 7.0) -> ProfileFigure:
    _, path = searched(smiles, workflow)
    reactions = () if after is None else (reaction_of(path, after),)
    (figure,) = profile_figures(progress(smiles, path, *reactions), workflow)
    return figure


def test_the_profile_names_the_barrier_that_the_rate_rests_on() -> None:
    figure = one_figure()
    assert [p.value for p in figure.plateaus] == ["0.0", "41.5", "7.0"]
    assert [p.kind for p in figure.plateaus] == ["ground", "saddle", "reaction"]
    heights = [p.y for p in figure.plateaus]
    assert heights[1] < heights[2] < heights[0]
    per_kcal = (heights[0] - heights[1]) / 41.5
    assert heights[0] - heights[2] == pytest.approx(7.0 * per_kcal, abs=0.2)
    assert "reactant 0.0; transition state 41.5; products, apart 7.0" in figure.label


def test_products_without_an_energy_are_left_out_and_said_to_be_unknown() -> None:
    figure = one_figure(after=None)
    assert len(figure.plateaus) == 2
    assert "Energy of the products unknown." in figure.notes
    assert "Energy of the products unknown." not in one_figure().notes


def test_energies_lie_where_the_atoms_are_on_the_way() -> None:
    found = along(SADDLE, energies(30.0, None, 40.0, 41.5, None, 5.0))
    assert [place for place, _ in found] == pytest.approx([-1.0, 0.0, 0.2, 1.0], abs=1e-6)
    assert [energy for _, energy in found] == pytest.approx([30.0, 40.0, 41.5, 5.0])
    dots = re.findall(r"M([\d.]+) ", one_figure().points)
    assert float(dots[1]) == PLACES[1]
    assert len(dots) == 4


def test_a_barrier_of_the_transition_state_alone_has_no_dots() -> None:
    assert along(SADDLE, energies(41.5)) == ()


def test_a_search_without_a_barrier_is_not_drawn_but_names_its_step() -> None:
    _, path = searched(ESTER, HEAT, failed_step="scan", failure="its summit is not interior")
    where = progress(ESTER, path)
    assert profile_figures(where, HEAT) == ()
    (said,) = lost_searches(where)
    assert said.endswith("the search failed at the step scan, its summit is not interior")
    assert path.reaction.label in said


def test_only_a_trimmed_search_says_in_what_it_ran_and_marks_what_is_left_out() -> None:
    whole, part = one_figure(LONG), one_figure(LONG, TRIMMING)
    assert (whole.model, whole.cut) == ("", None)
    assert part.model == searched(LONG, TRIMMING)[0].model.smiles != LONG
    assert part.cut is not None
    assert "heavy atoms cut off" in part.cut.label


@pytest.mark.parametrize(("kept", "marked"), [(range(14), False), (range(5, 14), True)])
def test_a_cut_is_marked_in_the_drawing_beside_the_bond_that_breaks(kept: range, marked: bool) -> None:
    task, _ = searched(LONG, HEAT)
    drawing = cut_drawing(Species.from_smiles(LONG, multiplicity=1), task.reaction, kept)
    assert ('class="cut"' in drawing.content) == marked
    assert 'class="hot"' in drawing.content
    ElementTree.fromstring(f"<svg>{drawing.content}</svg>")


def test_the_card_and_the_figure_file_show_the_path(tmp_path: Path) -> None:
    _, path = searched(LONG, TRIMMING)
    entries = [entry(progress(LONG, path, reaction_of(path, 7.0)))]
    table = ranked_table(entries, TRIMMING)
    record = {"started": "2026-05-04T03:02:01+00:00", "versions": {"rdkit": "1.2.3"}}
    write_page(Overview({"done": 1}, entries, table, (), ()), TRIMMING, record, tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "figure profile" in text
    assert "No barrier" not in text
    assert 'class="cut"' in text
    root = ElementTree.fromstring(figure_text("path", entries, table, TRIMMING, ("ester",)))
    assert "41.5" in [one.text for one in root.iter(f"{SVG}text")]


def test_the_card_says_which_step_of_a_search_failed(tmp_path: Path) -> None:
    _, path = searched(ESTER, HEAT, failed_step="scan", failure="its summit is not <interior>")
    entries = [entry(progress(ESTER, path))]
    record = {"started": "2026-05-04T03:02:01+00:00", "versions": {"rdkit": "1.2.3"}}
    overview = Overview({"done": 1}, entries, ranked_table(entries, HEAT), (), ())
    write_page(overview, HEAT, record, tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "failed at the step scan, its summit is not &lt;interior&gt;" in text


def test_a_candidate_without_a_barrier_has_no_figure_of_one() -> None:
    _, path = searched(ESTER, HEAT, failed_step="scan", failure="its summit is not interior")
    entries = [entry(progress(ESTER, path))]
    with pytest.raises(InputError, match="no reaction path with a barrier"):
        figure_text("path", entries, ranked_table(entries, HEAT), HEAT, ("ester",))
