"""A row, a card and a structure say of which part of a molecule the spectrum is, and mark the rest."""

import re
from dataclasses import replace
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest

from actinic.calculations.ensemble import Conformer, EnsembleResult
from actinic.chemistry.absorbing_part import absorbing_part
from actinic.chemistry.species import Species
from actinic.engines.embedding import embed
from actinic.reporting.columns import all_columns
from actinic.reporting.drawings import candidate_drawing
from actinic.reporting.rows import Entry, row_cells
from actinic.reporting.structures import StructureFile, structure
from actinic.reporting.table import ranked_table
from actinic.screening.workflow import Workflow
from support.pages import FLOW, entry, page, spectrum, words

assert FLOW.spectrum is not None
TRIMMING = FLOW.model_copy(update={"spectrum": FLOW.spectrum.model_copy(update={"trim_reach": 2})})
OCTYL = "CCCCCCCCOc1ccc(N=[N+]=[N-])cc1"
TWICE = "[N-]=[N+]=Nc1ccc(OCCCCCCOc2ccc(N=[N+]=[N-])cc2)cc1"
MODEL = Species.from_smiles("CCOc1ccc(N=[N+]=[N-])cc1", multiplicity=1).smiles
GREY = "what that leaves out is marked grey"


def trimmed(smiles: str, name: str = "long") -> Entry:
    one = entry(name, smiles, spectrum((3.6, 0.02), (5.0, 0.4)))
    assert one.where is not None
    part = absorbing_part(one.where.known.species, 2)
    return replace(one, where=replace(one.where, known=replace(one.where.known, part=part)))


def cell(one: Entry, flow: Workflow = TRIMMING) -> object:
    columns = all_columns(flow, ())
    named = dict(zip((column.name for column in columns), row_cells(one, flow, columns).cells, strict=True))
    return named["spectrum_model"]


def test_the_row_names_the_model_and_how_many_of_it_there_are() -> None:
    assert cell(trimmed(OCTYL)) == MODEL
    assert cell(trimmed(TWICE)) == f"2 x {MODEL}"
    assert cell(trimmed(MODEL)) is None
    assert list(ranked_table([trimmed(OCTYL)], TRIMMING)["spectrum_model"]) == [MODEL]


def test_only_a_workflow_that_trims_has_a_column_for_it() -> None:
    names = [[column.name for column in all_columns(flow, ())] for flow in (FLOW, TRIMMING)]
    assert [("spectrum_model" in some) for some in names] == [False, True]
    assert [name for name in names[1] if name != "spectrum_model"] == names[0]


def test_the_card_says_what_was_computed_and_marks_the_rest(tmp_path: Path) -> None:
    text = page(tmp_path, trimmed(OCTYL), flow=TRIMMING)
    assert f"Spectrum of {MODEL} ; {GREY}" in words(text)
    assert 'class="cut"' in text
    assert "chains cut 2 bonds from what absorbs" in words(text)
    whole = page(tmp_path, entry("long", OCTYL, spectrum((3.6, 0.02))), flow=FLOW)
    assert 'class="cut"' not in whole
    assert GREY not in words(whole)
    assert "chains cut" not in words(whole)
    assert f"Spectrum of 2 × {MODEL}" in words(page(tmp_path, trimmed(TWICE), flow=TRIMMING))


@pytest.mark.parametrize(("smiles", "n_cut"), [(OCTYL, 6), (TWICE, 14)])
def test_the_drawing_marks_the_bonds_that_are_left_out_and_no_other(smiles: str, n_cut: int) -> None:
    species = Species.from_smiles(smiles, multiplicity=1)
    part = absorbing_part(species, 2)
    assert part is not None
    drawn, plain = (candidate_drawing(species, [], None, kept) for kept in (part.kept, None))
    assert drawn.label == f"{plain.label}; {n_cut} heavy atoms left out of the spectrum"
    molecule = species.shared_molecule()
    n_heavy = molecule.GetNumHeavyAtoms()
    pairs = [{bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()} for bond in molecule.GetBonds()]
    heavy = [pair for pair in pairs if max(pair) < n_heavy]
    left = [pair for pair in heavy if not pair <= part.kept]
    (marked,) = (
        path.attrib["d"]
        for path in ElementTree.fromstring(f"<svg>{drawn.content}</svg>").iter("path")
        if path.attrib["class"] == "cut"
    )
    assert 0 < len(left) < len(heavy)
    assert len(re.findall("M", marked)) == len(left)
    assert 'class="cut"' not in plain.content


def test_the_structure_file_says_it_too() -> None:
    one = trimmed(OCTYL)
    assert one.where is not None
    assert structure(one) is None  # no conformers here
    (geometry,) = embed(one.where.known.species, n_conformers=1, seed=1, rmsd_angstrom=0.1)
    found = EnsembleResult((Conformer(geometry, -1.0, 1, 1.0, -9.0, 1.0, 1.0),), 1, 0, 0, None, None)
    known = replace(one.where.known, ensemble=found)
    written = StringIO()
    block = structure(replace(one, where=replace(one.where, known=known)))
    assert block is not None
    StructureFile(written).add(block)
    assert f">  <spectrum_model>  (1) \n{MODEL}\n" in written.getvalue()
