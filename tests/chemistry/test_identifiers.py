"""Identifiers are unique in a list and harmless as file names."""

import re

from hypothesis import given
from hypothesis import strategies as st

from actinic.chemistry.identifiers import Identifiers, safe_id


@given(st.lists(st.text(max_size=100), max_size=30))
def test_identifiers_are_unique_and_safe_whatever_is_given(wanted: list[str]) -> None:
    identifiers = Identifiers()
    given_out = [identifiers.claim(safe_id(text) or "row") for text in wanted]
    assert len({identifier.lower() for identifier in given_out}) == len(wanted)
    assert all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,79}", identifier) for identifier in given_out)
