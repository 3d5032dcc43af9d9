"""What was seen is known again, in memory that a million texts do not fill."""

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from actinic.chemistry.identifiers import Identifiers
from actinic.chemistry.seen import Seen


@given(st.lists(st.text(max_size=5)))
def test_only_the_first_of_equal_texts_is_new(texts: list[str]) -> None:
    seen, known = Seen(), set[str]()
    for text in texts:
        assert (text in seen) is (text in known)
        assert seen.add(text) is (text not in known)
        known.add(text)
    assert len(seen) == len(known)


def test_what_was_noted_survives_that_the_table_grows() -> None:
    seen = Seen()
    assert all(seen.add(str(number)) for number in range(5000))
    assert not any(seen.add(str(number)) for number in range(5000))
    assert len(seen) == 5000
    assert "5000" not in seen


def held_bytes(number: int) -> int:
    """By identifiers given out for a list of so many rows."""
    tracemalloc.start()
    try:
        identifiers = Identifiers()
        for line in range(number):
            identifiers.claim(f"row-{line}")
        return tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()


def test_an_identifier_costs_a_few_bytes() -> None:
    assert held_bytes(20_000) < 25 * 20_000
