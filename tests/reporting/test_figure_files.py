"""Figures as files: well-formed, self-contained, of one make with the page, refused where there is none."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from actinic.analysis.assessment import Assessment
from actinic.analysis.estimate import Estimate
from actinic.analysis.known import Known
from actinic.chemistry.candidates import Candidate
from actinic.chemistry.species import Species
from actinic.errors import InputError
from actinic.level import Level
from actinic.reporting.figure_files import figure_text, light_style, write_figure
from actinic.reporting.figures_map import map_figure
from actinic.reporting.page import Overview, contents
from actinic.reporting.table import Entry, ranked_table
from actinic.screening.tiers import Progress
from actinic.screening.workflow import Workflow

FLOW = Workflow.model_validate(
    Workflow.load("photo-ligand").model_dump() | {"stack": {"hil": "PEDOT:PSS", "emitter": "InP/ZnS"}}
)
SVG = "{http://www.w3.org/2000/svg}"


def entry(name: str, state: Any = "done", **quantities: Estimate) -> Entry:
    species = Species.from_smiles("CCO", multiplicity=1)
    row = Candidate(name, "", "CCO", species, "", "ligand", None, (), 2, ())
    known = Known(species, None, (), Level.parse("gfn2-xtb"), Level.parse("cam-b3lyp/def2-svp"))
    return Entry(row, Progress(state, (), "", known, Assessment(quantities, None)))


def drawn(kind: str, *ids: str) -> str:
    levels = {"film_homo_ev": Estimate.normal(-5.5, 0.1), "lumo_optical_ev": Estimate.normal(-2.4, 0.1)}
    answers = {"p_answers_365_nm": Estimate.exact(0.9), "p_answers_405_nm": Estimate.exact(0.1)}
    entries = [entry("a <b>", **levels, **answers), entry("bare"), entry("lost", state="failed")]
    return figure_text(kind, entries, ranked_table(entries, FLOW), FLOW, ids)


@pytest.mark.parametrize("kind", ["levels", "map"])
def test_a_figure_is_well_formed_and_fetches_nothing(kind: str) -> None:
    text = drawn(kind)
    root = ElementTree.fromstring(text)
    assert root.tag == f"{SVG}svg"
    assert float(root.attrib["width"]) > 100
    assert "a <b>" in "".join(root.itertext())
    assert "var(" not in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert not list(root.iter(f"{SVG}script"))


def test_the_map_has_a_field_per_candidate_and_line_and_says_what_is_unknown() -> None:
    root = ElementTree.fromstring(drawn("map"))
    fields = [one for one in root.iter(f"{SVG}rect") if "field" in one.get("class", "")]
    assert len(fields) == 2 * len(FLOW.exposure.lines_nm)
    assert sum("hatch" in one.get("style", "") for one in fields) == 6
    texts = [one.text for one in root.iter(f"{SVG}text")]
    assert texts.count("unknown") == 6
    assert "0.90" in texts


def test_the_levels_are_drawn_against_the_device() -> None:
    text = drawn("levels", "a <b>")
    assert "PEDOT:PSS" in text
    assert "−5.5" in text


def test_the_map_of_the_page_and_of_the_file_are_the_same() -> None:
    entries = [entry("x", p_answers_365_nm=Estimate.exact(0.9))]
    table = ranked_table(entries, FLOW)
    found = Overview({"done": 1}, entries, table, (), ())
    cards = contents(found, FLOW, {"versions": {}}).cards
    figure = map_figure(cards, FLOW.exposure.lines_nm)
    assert figure.label in drawn("map").replace("2 candidates", "1 candidates")
    assert [field.text for field in figure.rows[0].fields] == ["unknown", "0.90", "unknown", "unknown"]


@pytest.mark.parametrize(
    ("kind", "ids", "said"),
    [
        ("levels", ["nobody"], "no such candidate"),
        ("levels", ["lost"], "is failed, nothing to draw"),
        ("levels", ["bare"], "has no level"),
        ("spectrum", ["bare"], "has no spectrum"),
    ],
)
def test_what_cannot_be_drawn_is_named(kind: str, ids: list[str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        drawn(kind, *ids)


def test_the_style_has_no_custom_property_left_and_knows_the_figures() -> None:
    style = light_style()
    assert "var(" not in style
    for wanted in (".figure .curve", ".stack .candidate .level", ".map .field", ".levels .reaction .level"):
        assert wanted in style


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a name that ends in"):
        write_figure("<svg/>", tmp_path / "figure.gif")
    write_figure("<svg/>", tmp_path / "deep" / "figure.svg")
    assert (tmp_path / "deep" / "figure.svg").read_text(encoding="utf-8") == "<svg/>"


@pytest.mark.parametrize(("suffix", "magic"), [("pdf", b"%PDF"), ("png", b"\x89PNG")])
def test_pdf_and_png_are_made_where_the_converter_is_installed(
    tmp_path: Path, suffix: str, magic: bytes
) -> None:
    pytest.importorskip("vl_convert", reason="needs the extra `figures`")
    target = tmp_path / f"figure.{suffix}"
    write_figure(drawn("map"), target)
    assert target.read_bytes().startswith(magic)


def test_without_the_converter_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "vl_convert", None)
    with pytest.raises(InputError, match=r"actinic\[figures\]"):
        write_figure("<svg/>", tmp_path / "figure.pdf")
