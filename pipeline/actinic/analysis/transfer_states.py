"""Weak charge-transfer states, which functionals with little exact exchange put too low."""

from collections.abc import Mapping, Sequence

from actinic.calculations.spectrum import SpectrumResult, Transition
from actinic.level import Level
from actinic.units import nm_from_ev

TRANSFER_FROM = 900
"""Above this omega_CT, in thousandths, next to the whole of an electron goes from one piece to another."""

WEAK_BELOW = 0.02
"""And below this oscillator strength hole and electron hardly overlap: what places such a state is their
attraction, most of which such a functional lacks. Stronger ones, or partial ones (amine and carbonyl on one
ring: 0.7 to 0.8, f from 0.03), follow the line."""

TRANSFER_SHIFT_EV: Mapping[str, float] = {"b3lyp": 1.0}
"""What is added to such a state by functional; those not named get nothing.

A convention: anything from 0.5 to 2 eV does the same, for what counts is that the state lies behind the bands
that are there (`actinic validate absorption`, "Weak charge-transfer states"; `docs/decisions.md`).
"""


def transfer_shift_ev(level: Level) -> float:
    """What is added to weak charge-transfer states at `level`; 0 for most."""
    return TRANSFER_SHIFT_EV.get(level.method, 0.0)


def is_weak_transfer(one: Transition) -> bool:
    """Whether it is one; False where its charge transfer was not stored."""
    moved = one.charge_transfer_permille
    return moved is not None and moved > TRANSFER_FROM and one.oscillator_strength < WEAK_BELOW


def placed_ev(one: Transition, shift_ev: float) -> float:
    """Its energy, with `shift_ev` where it is a weak charge-transfer state."""
    return one.energy_ev + shift_ev if is_weak_transfer(one) else one.energy_ev


def transfer_caveat(spectra: Sequence[SpectrumResult], shift_ev: float, band_ev: float | None) -> str:
    """Names what was moved from below the lowest band; empty without any.

    Args:
        spectra: As computed.
        shift_ev: What weak charge-transfer states were moved by.
        band_ev: Raw energy of the lowest band afterwards; None without one.
    """
    if not shift_ev or band_ev is None:
        return ""
    below = [one.energy_ev for spectrum in spectra for one in spectrum.transitions if is_weak_transfer(one)]
    lowest_ev = min(below, default=band_ev)
    if lowest_ev >= band_ev:
        return ""
    return (
        f"a weak charge-transfer state, computed at {nm_from_ev(lowest_ev):.0f} nm, is taken to lie "
        f"{shift_ev:g} eV higher: the functional puts such states too low"
    )
