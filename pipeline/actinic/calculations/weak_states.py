"""Which excited states get what intensity they have from vibrations and neighbouring bands."""

from collections.abc import Sequence

from actinic.calculations.spectrum import Transition

BRIGHT_STRENGTH = 0.01
"""Oscillator strength below which any state is weak: 600 L mol-1 cm-1 at the top of a band."""

NPI_STRENGTH = 0.03
"""That below which a state with its hole on lone pairs is an n-pi* state: neighbouring bands lend it some.
Measured spectra come out alike from 0.02 to 0.07; 0.01 cuts through a class (`docs/decisions.md`)."""

LONE_PAIRS = frozenset({"N", "O", "S"})
"""Atoms whose lone pairs were measured, in carbonyls, thiocarbonyls and azines; not halogens."""

HOLE_FROM = 500
"""Thousandths of the hole that sit on such atoms: more than half. A convention."""


def have_lone_pairs(symbols: Sequence[str]) -> tuple[bool, ...]:
    """Which heavy atoms have lone pairs that n-pi* states start from; hydrogens are skipped."""
    return tuple(symbol in LONE_PAIRS for symbol in symbols if symbol != "H")


def is_npi(
    one: Transition, lone_pairs: Sequence[bool], below: float = NPI_STRENGTH, above: int = HOLE_FROM
) -> bool:
    """Whether a state is nearly dark and its hole mostly on lone pairs; False where its hole was not stored.

    Args:
        one: As computed.
        lone_pairs: Of each heavy atom, as `have_lone_pairs` gives it; empty for none.
        below: Its oscillator strength has to be.
        above: Thousandths of the hole on lone pairs have to be.
    """
    hole = one.hole_permille
    if hole is None or not lone_pairs or one.oscillator_strength >= below:
        return False
    return sum(share for share, counts in zip(hole, lone_pairs, strict=True) if counts) > above


def n_weak(states: Sequence[Transition], lone_pairs: Sequence[bool]) -> int:
    """How many of the lowest states are weak: all below the first that is neither dark nor an n-pi* state.

    >>> n_weak((Transition(3.5, 1e-4), Transition(4.5, 0.2), Transition(4.7, 1e-4)), ())
    1
    """
    bright = (
        k
        for k, one in enumerate(states)
        if one.oscillator_strength >= BRIGHT_STRENGTH and not is_npi(one, lone_pairs)
    )
    return next(bright, len(states))
