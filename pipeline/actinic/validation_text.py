"""Tables and sentences of a validation as text, for the terminal and for docs/validation.md."""

from collections.abc import Sequence
from dataclasses import dataclass

from actinic.analysis.absorption_validation import CoverageCheck
from actinic.analysis.estimate import WIDE
from actinic.analysis.validation import Paired, Summary

ERROR_HEADS = ("n", "ME", "MAE", "90 %", "RMSE")

FEW = 5
"""As many molecules of one reason are named."""


@dataclass(frozen=True, slots=True)
class TextTable:
    """One table, as text.

    Attributes:
        title: What it shows, with the unit.
        heads: One per column.
        rows: Cells.
        notes: Sentences below it.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()

    def markdown(self) -> str:
        """The table as Markdown."""
        lines = [f"**{self.title}**", ""]
        lines += ["| " + " | ".join(cells) + " |" for cells in (self.heads, ("---",) * len(self.heads))]
        lines += ["| " + " | ".join(cells) + " |" for cells in self.rows]
        lines += ["", *self.notes] if self.notes else []
        return "\n".join(lines)


def without_notes(without: dict[str, str]) -> list[str]:
    """How many molecules have no value, by reason; named where they are few."""
    by_reason: dict[str, list[str]] = {}
    for name, reason in without.items():
        by_reason.setdefault(reason, []).append(name)
    return [
        f"without a value: {', '.join(names) if len(names) <= FEW else f'{len(names)} molecules'}: {reason}"
        for reason, names in by_reason.items()
    ]


def outdated_note(outdated: dict[str, int]) -> str:
    """Says that calculations are of an older version of their kind; empty where none are."""
    if not outdated:
        return ""
    kinds = ", ".join(f"{kind} {version}" for kind, version in sorted(outdated.items()))
    return f"Calculated with an earlier version of its kind: {kinds}; --recompute makes them anew."


def errors_text(errors: Summary, decimals: int = 3) -> tuple[str, ...]:
    """Cells under `ERROR_HEADS`; three decimals suit eV, one kcal/mol."""
    return (
        str(errors.n),
        f"{errors.mean:+.{decimals}f}",
        f"{errors.mean_absolute:.{decimals}f}",
        f"{errors.absolute_low:.{decimals}f} to {errors.absolute_high:.{decimals}f}",
        f"{errors.root_mean_square:.{decimals}f}",
    )


def paired_text(found: Paired) -> str:
    """A paired difference with its interval."""
    return f"{found.difference:+.3f} ({found.low:+.3f} to {found.high:+.3f})"


def shares_text(found: tuple[float, float]) -> str:
    """Coverage as two percentages."""
    return f"{found[0]:.0%}, {found[1]:.0%}"


def verdict_text(value: float, target: float) -> str:
    """Whether a target is reached, with the number."""
    return f"{value:.3f} eV, asked for: {target:.2f}, {'reached' if value <= target else 'missed'}."


def coverage_text(found: CoverageCheck) -> str:
    """Whether errors are as large as they are said to be."""
    (one, two), low, high = found.found, found.one_range, found.two_range
    verdict = "as claimed" if found.holds else "not as claimed"
    if found.holds and not found.can_tell:
        verdict = "too few to tell"
    return (
        f"Within one and 1.96 standard errors: {one:.0%} and {two:.0%} of {found.n} (95 % ranges "
        f"{low[0]:.0%} to {low[1]:.0%}, {high[0]:.0%} to {high[1]:.0%}): {verdict}."
    )


def wide_text(error_ev: tuple[float, float]) -> str:
    """Within what 95 % lie, from a standard error and how much longer than normal its tails are."""
    standard_error_ev, tail = error_ev
    return f"{WIDE * tail * standard_error_ev:.2f} eV, {tail:.2f} times the normal"


def better_text(names: Sequence[str], than: str = "the line") -> str:
    """Which models are better than another one beyond chance."""
    if not names:
        return f"No model is better than {than} beyond chance (90 % interval of the paired difference)."
    return f"Better than {than} beyond chance: {', '.join(names)}."
