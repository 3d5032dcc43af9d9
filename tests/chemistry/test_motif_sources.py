"""Where the motifs come from: what lacks a source is counted, and gets no more."""

from actinic.chemistry.motif_page import motifs_page
from actinic.chemistry.motif_table import motif_table

WITHOUT_DOI = 10
"""May only be lowered."""


def test_motifs_without_a_source_get_fewer() -> None:
    without = [motif.name for motif in motif_table() if not motif.dois]
    assert len(without) <= WITHOUT_DOI, without


def test_a_motif_without_a_source_says_so() -> None:
    silent = [m.name for m in motif_table() if not m.dois and "not verified" not in m.note]
    assert not silent


def test_the_page_states_how_many() -> None:
    without = sum(not motif.dois for motif in motif_table())
    assert f"Of {len(motif_table())} motifs {without} have no DOI" in motifs_page()
