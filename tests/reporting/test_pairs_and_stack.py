"""Pairs as a file, the device as a figure: complete, in order, clear of each other."""

import csv
import itertools
from pathlib import Path

import pytest

from actinic.analysis.alignment import Stack, shipped_layer
from actinic.analysis.assessment import Assessment
from actinic.analysis.estimate import Estimate
from actinic.analysis.known import Known
from actinic.analysis.orthogonal import Pair
from actinic.chemistry.candidates import Candidate
from actinic.chemistry.species import Species
from actinic.level import Level
from actinic.reporting.figures_stack import BOTTOM, LEFT, RIGHT, TOP, stack_figure
from actinic.reporting.pairs import COLUMNS, Key, NamedPairs, write_pairs
from actinic.reporting.table import Entry
from actinic.screening.tiers import Progress
from actinic.screening.workflow import Workflow

DEVICE = Stack(
    tuple(
        shipped_layer(place, name)
        for place, name in (
            ("anode", "ITO"), ("hil", "PEDOT:PSS"), ("htl", "TFB"), ("emitter", "CdSe/ZnS"), ("etl", "ZnO"),
            ("cathode", "Al"),
        )
    ),
    0.1,
)  # fmt: skip
HOMO, LUMO = Estimate.normal(-5.5, 0.15), Estimate.normal(-2.4, 0.2)


def entry(name: str, **lines: float) -> Entry:
    species = Species.from_smiles("CCO", multiplicity=1)
    row = Candidate(name, "", "CCO", species, "", "ligand", None, (), 2, ())
    quantities = {
        f"absorptivity_{line[1:]}_nm_l_mol_cm": Estimate(value, (value,) * 3) for line, value in lines.items()
    }
    known = Known(species, None, (), Level.parse("gfn2-xtb"), Level.parse("cam-b3lyp/def2-svp"))
    return Entry(row, Progress("done", (), "", known, Assessment(quantities, None)))


def named(*entries: Entry) -> tuple[Pair[Key], ...]:
    pairs = NamedPairs(Workflow.load("photo-ligand"))
    for one in entries:
        chances = pairs.chances(one)
        assert chances is not None
        pairs.add((one.row.id, one.row.name), chances)
    return pairs.pairs()


def test_pairs_are_written_best_first_and_the_file_goes_with_the_last_pair(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    red, blue = entry("red", n365=900.0, n405=300.0, n532=0.0), entry("blue", n365=300.0, n405=1.0, n532=0.0)
    write_pairs(named(blue, red), path)
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    assert rows == [list(COLUMNS), ["red", "405", "blue", "365", "1.000"]]
    write_pairs(named(blue), path)
    assert not path.exists()


@pytest.mark.parametrize(("role", "place"), [("htm", 2), ("ligand", 3), ("", 3)])
def test_the_candidate_stands_where_it_would_sit_in_the_device(role: str, place: int) -> None:
    figure = stack_figure(DEVICE, "mine", role, HOMO, LUMO)
    assert figure is not None
    assert [box.kind == "candidate" for box in figure.boxes].index(True) == place
    assert len(figure.boxes) == 7
    assert all(a.x + a.width < b.x for a, b in itertools.pairwise(figure.boxes))
    assert figure.boxes[0].x > LEFT
    assert figure.boxes[-1].x + figure.boxes[-1].width <= RIGHT
    ends = [y for box in figure.boxes for y in (box.top, box.bottom) if y is not None]
    assert TOP <= min(ends) < max(ends) <= BOTTOM
    assert all(
        box.top <= box.bottom for box in figure.boxes if box.top is not None and box.bottom is not None
    )
    assert "mine LUMO −2.40 ± 0.20, HOMO −5.50 ± 0.15" in figure.label


def test_a_level_that_is_unknown_is_not_drawn_and_without_any_there_is_no_figure() -> None:
    figure = stack_figure(DEVICE, "mine", "htm", HOMO, None)
    assert figure is not None
    assert figure.boxes[2].top is None
    outside = Estimate.normal(-5.5, 0.15, calibrated=False)
    assert stack_figure(DEVICE, "mine", "htm", outside, None) is None
    assert stack_figure(None, "mine", "htm", HOMO, LUMO) is None


def test_long_names_are_broken_and_cut() -> None:
    figure = stack_figure(DEVICE, "an-extraordinarily-long-name-for-a-molecule", "htm", HOMO, LUMO)
    assert figure is not None
    names = figure.boxes[2].names
    assert len(names) == 2
    assert names[1].endswith("…")
    assert max(map(len, names)) < 14
