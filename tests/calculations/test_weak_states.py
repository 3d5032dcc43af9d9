"""Which of the lowest states of a molecule are weak."""

from actinic.calculations.spectrum import Transition
from actinic.calculations.weak_states import have_lone_pairs, is_npi, n_weak

NITRO = ("C", "N", "H", "O")
PAIRS = have_lone_pairs(NITRO)
ON_OXYGEN, ON_CARBON = (50, 150, 750), (900, 50, 20)


def state(strength: float, hole: tuple[int, ...] | None = ON_OXYGEN) -> Transition:
    return Transition(4.1, strength, hole, hole)


def test_hydrogens_have_no_place_among_heavy_atoms() -> None:
    assert PAIRS == (False, True, True)


def test_states_below_the_first_bright_one_are_weak() -> None:
    # 2-Nitrobenzyl acetate in acetonitrile: two n-pi* states that borrow intensity, then a band.
    nitrobenzyl = [state(0.0115), state(0.0154), state(0.0375), state(0.001)]
    assert n_weak(nitrobenzyl, PAIRS) == 2
    assert n_weak(nitrobenzyl, ()) == 0
    assert n_weak([state(0.0115, ON_CARBON), state(0.001)], PAIRS) == 0
    assert n_weak([state(0.009, ON_CARBON), state(0.2)], PAIRS) == 1
    assert n_weak([state(0.0115, None)], PAIRS) == 0
    assert n_weak([state(0.001), state(0.02)], PAIRS) == 2
    assert n_weak([], PAIRS) == 0


def test_bounds_of_npi_states() -> None:
    assert is_npi(state(0.02), PAIRS)
    assert not is_npi(state(0.02), PAIRS, below=0.02)
    assert not is_npi(state(0.02), PAIRS, above=900)
    assert not is_npi(state(0.02), ())
