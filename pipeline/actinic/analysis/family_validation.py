"""The ligand families of two reviews as an acceptance table: does each answer to what it was published for?

A row is a hit when a molecule that the review names answers at a published line with a probability above one
half, or, where heat is published, reacts below 250 C with such a probability. A row of which the review names
none has stand-ins: what they do is shown and does not score. What the nanocrystal, an acid generator, an
electron beam or EUV does is no answer of the molecule, and is not counted either way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from actinic.analysis.estimate import Estimate

ACTIVE_BELOW_C = 250.0
HIT_FROM = 0.5

Verdict = Literal["hit", "miss", "stand-in answers", "stand-in silent", "not counted", "not computed"]


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
        answers: Of its molecules, those of the review first, of these the one that answers best.
    """

    family: str
    published: str
    counted: str
    verdict: Verdict
    why: str
    answers: tuple[Answer, ...]

    @property
    def is_scored(self) -> bool:
        """Whether it is a hit or a miss of molecules that the review names."""
        return self.verdict in {"hit", "miss"}


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
    ordered = tuple(sorted(answers, key=lambda one: (not one.is_of_the_review, -_known(one))))
    own = [one for one in ordered if one.is_of_the_review] or list(ordered)
    if not any(one.best is not None for one in own):
        return FamilyRow(family, published, counted, "not computed", known, ordered)
    answers_it = max(map(_known, own)) > HIT_FROM
    verdict: Verdict = "hit" if answers_it else "miss"
    if not own[0].is_of_the_review:
        verdict = "stand-in answers" if answers_it else "stand-in silent"
    return FamilyRow(family, published, counted, verdict, "" if answers_it else known, ordered)


def _known(one: Answer) -> float:
    return -1.0 if one.best is None else one.best
