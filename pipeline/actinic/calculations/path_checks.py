"""What a transition state has to pass before its energy counts as a barrier."""

import msgspec

from actinic.calculations.path_scan import Frame, Pair
from actinic.chemistry.connectivity import bonds_text, change
from actinic.chemistry.species import Species
from actinic.engines.hessian import Vibrations

IMAGINARY_CM = 50.0
"""A second imaginary mode up to this magnitude is a flat rotor."""

OVERLAP = 0.08
"""Least share of the imaginary mode that changes the reacting distances.

0.28 to 0.81 in eight transition states on GFN2: four retro-ene reactions, three decarboxylations, one ring
opening; 0.15 where a ring opens on a DFT surface by turning its methylenes; 0.04 in the false one of methyl
azide. This is the geometric mean of the last two; what a saddle point joins is told by its descents."""


class Check(msgspec.Struct, frozen=True):
    """One condition a transition state has to meet, whether it does, and what was seen."""

    name: str
    passed: bool
    detail: str


def saddle_checks(
    species: Species,
    broken: tuple[Pair, ...],
    seen: tuple[Vibrations, float],
    sides: tuple[tuple[Frame, ...], tuple[Frame, ...]],
) -> tuple[Check, ...]:
    """One imaginary mode, along the reacting distances, between the reactant and something else.

    Args:
        species: The reactant.
        broken: Bonds that break.
        seen: Vibrations of the transition state, and the share of the imaginary mode along those distances.
        sides: Both descents, that to the reactant first.
    """
    modes, share = seen
    imaginary = [round(cm) for cm in modes.frequencies_cm.tolist() if cm < -IMAGINARY_CM]
    changes = [change(species, side[-1].geometry) for side in sides]
    words = [
        bonds_text(side[-1].geometry, found) or "the reactant"
        for side, found in zip(sides, changes, strict=True)
    ]
    broke = any(pair in changes[1].broken for pair in broken)
    return (
        Check("one imaginary mode", len(imaginary) == 1, f"imaginary modes, cm-1: {imaginary or 'none'}"),
        mode_check(share),
        Check(
            "two basins",
            changes[0].is_kept and broke,
            f"one side ends as {words[0]}, the other as {words[1]}",
        ),
    )


def mode_check(share: float) -> Check:
    """Whether the imaginary mode moves what reacts, from its share along reacting distances, 0 to 1."""
    return Check("mode follows the coordinate", share >= OVERLAP, f"overlap {share:.2f}, asked for {OVERLAP}")
