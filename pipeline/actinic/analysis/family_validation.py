"""The ligand families of two reviews as an acceptance table: does each answer to what it was published for?

A row is a hit when a molecule of it answers at a published line with a probability above one half, or, where
heat is published, reacts below 250 C with such a probability. What the nanocrystal, an acid generator, an
electron beam or EUV does is no answer of the molecule, and is not counted either way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from actinic.analysis.estimate import Estimate

ACTIVE_BELOW_C = 250.0
HIT_FROM = 0.5

Verdict = Literal["hit", "miss", "not counted", "not computed"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one molecule does.

    Attributes:
        id: Of the molecule.
        kind: `named` in the review, `shortened` from what is named there, or a `stand-in` chosen for it.
        stands_for: What it was shortened from or chosen for; empty where named.
        p_answers: Probability to answer by line in nm; lines where it is not known are left out.
        p_heat: Probability to react below 250 C; None where heat is not asked for, or unknown.
        said: What was calculated at the best of these, in words.
        reason: Why there is no answer; empty otherwise.
    """

    id: str
    kind: str
    stands_for: str
    p_answers: dict[float, float]
    p_heat: float | None
    said: str
    reason: str = ""

    @property
    def best(self) -> float | None:
        """The highest of all probabilities; None where none is known."""
        known = [*self.p_answers.values(), *([] if self.p_heat is None else [self.p_heat])]
        return max(known, default=None)

    @property
    def is_of_the_review(self) -> bool:
        """Whether the review names it, chains apart."""
        return self.kind != "stand-in"


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """One row of the table.

    Attributes:
        family: Its name.
        published: What it was reported to answer to.
        counted: The stimuli that count, in words.
        verdict: Whether it is a hit.
        why: Why it is not counted; what chemistry knows of a miss; empty otherwise.
        answers: Of its molecules, the one that answers best first.
    """

    family: str
    published: str
    counted: str
    verdict: Verdict
    why: str
    answers: tuple[Answer, ...]

    @property
    def hit_by_the_review(self) -> bool | None:
        """Whether a molecule of the review alone makes it a hit; None where there is none of it."""
        own = [answer.best or 0.0 for answer in self.answers if answer.is_of_the_review]
        return max(own) > HIT_FROM if own else None


def answer(
    id_: str,
    kind: str,
    stands_for: str,
    quantities: Mapping[str, Estimate],
    lines_nm: Sequence[float],
    *,
    heat: bool,
) -> Answer:
    """What a molecule does at the lines that count, and by heat where that counts."""
    lines = {
        line: found.value
        for line in lines_nm
        if (found := quantities.get(f"p_answers_{line:g}_nm")) is not None
    }
    temperature = quantities.get("activation_temperature_c") if heat else None
    p_heat = None if temperature is None else 1 - temperature.probability(ACTIVE_BELOW_C)
    best_line = max(lines, key=lambda line: lines[line], default=None)
    if temperature is not None and p_heat is not None and p_heat >= max(lines.values(), default=0.0):
        said = f"reacts at {temperature.value:.0f} C, P = {p_heat:.2f}"
    elif best_line is not None:
        strength = quantities[f"absorptivity_{best_line:g}_nm_l_mol_cm"]
        said = f"{strength.value:.0f} L mol-1 cm-1 at {best_line:g} nm, P = {lines[best_line]:.2f}"
    else:
        said = ""
    return Answer(
        id_, kind, stands_for, lines, p_heat, said, "" if said else "nothing known at these stimuli"
    )


def family_row(
    family: str, published: str, counted: str, *, not_counted: str, known: str, answers: Sequence[Answer]
) -> FamilyRow:
    """Score a row.

    Args:
        family: Its name.
        published: What it was reported to answer to.
        counted: The stimuli that count, in words.
        not_counted: Why none does; empty where one does.
        known: What chemistry knows of a miss.
        answers: Of its molecules.
    """
    if not_counted:
        return FamilyRow(family, published, counted, "not counted", not_counted, ())
    ordered = tuple(sorted(answers, key=lambda one: -1.0 if one.best is None else one.best, reverse=True))
    best = ordered[0].best if ordered else None
    if best is None:
        return FamilyRow(family, published, counted, "not computed", known, ordered)
    verdict: Verdict = "hit" if best > HIT_FROM else "miss"
    return FamilyRow(family, published, counted, verdict, known if verdict == "miss" else "", ordered)
