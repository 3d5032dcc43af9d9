"""Ways to calibrate absorption as tables of text: models, and two levels of theory."""

from actinic.analysis.absorption_second import SecondLevel
from actinic.analysis.absorption_validation import ModelRow
from actinic.validation_absorption import AbsorptionValidation
from actinic.validation_text import TextTable, better_text, errors_text, paired_text, shares_text

MODEL_HEADS = (
    "",
    "n",
    "ME",
    "MAE",
    "90 %",
    "RMSE",
    "one left out",
    "macro MAE",
    "against the line",
    "coverage",
)


def model_cells(row: ModelRow) -> tuple[str, ...]:
    """A row under `MODEL_HEADS`."""
    return (
        row.name,
        *errors_text(row.scaffold_out),
        f"{row.one_out.mean_absolute:.3f}",
        f"{row.macro_ev:.3f}",
        paired_text(row.against_line) if row.against_line.difference else "",
        shares_text(row.coverage) if row.name != "as computed" else "",
    )


def second_table(found: SecondLevel) -> TextTable:
    """A second level alone, in a mean and in a plane with the first."""
    doubt = found.disagreement
    return TextTable(
        f"With {found.level} as a second level: lowest maximum, scaffolds left out (eV)",
        MODEL_HEADS,
        tuple(model_cells(row) for row in found.rows),
        (
            f"Rank correlation of their disagreement with the size of the first one's error: "
            f"{doubt.correlation:+.2f} ({doubt.low:+.2f} to {doubt.high:+.2f}).",
            better_text([row.name for row in found.rows if row.against_line.is_better]),
        ),
    )


def beside_table(found: AbsorptionValidation, other: AbsorptionValidation) -> TextTable:
    """What the choice between two levels rests on."""
    rows = [
        (f"maxima, {one.name} ({one.errors.n})", one.errors.mean_absolute, two.errors.mean_absolute)
        for one, two in zip(found.collections, other.collections, strict=True)
    ]
    if found.edges and other.edges:
        rows.append(("red edges", found.edges.shifted.mean_absolute, other.edges.shifted.mean_absolute))
    if found.absorbs and other.absorbs:
        one, two = found.absorbs, other.absorbs
        rows.append(("Brier score at 365 nm", one.brier, two.brier))
        rows.append(("balanced accuracy there, called at 0.5", one.balanced_accuracy, two.balanced_accuracy))
    return TextTable(
        "Two levels side by side: mean absolute errors (eV), scaffolds left out",
        ("", found.level, other.level),
        tuple((name, f"{first:.3f}", f"{second:.3f}") for name, first, second in rows),
    )
