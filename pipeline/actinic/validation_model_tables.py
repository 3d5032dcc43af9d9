"""Ways to calibrate absorption as tables of text: models, and two levels of theory."""

from collections.abc import Iterable, Sequence

from actinic.analysis.absorption_npi import NpiRow
from actinic.analysis.absorption_second import SecondLevel
from actinic.analysis.absorption_trials import TrialRow, edge_error_rows
from actinic.analysis.absorption_validation import ModelRow
from actinic.analysis.absorption_width import WidthFit
from actinic.validation_absorption import AbsorptionValidation
from actinic.validation_text import (
    ERROR_HEADS,
    TextTable,
    better_text,
    errors_text,
    paired_text,
    shares_text,
)

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


def width_table(found: WidthFit) -> TextTable:
    """How wide bands are drawn, and how different single molecules are."""
    return TextTable(
        "Width of bands that gives red flanks the length of measured ones (standard deviation, eV)",
        ("flanks", "width", "90 %", "16 to 84 % of molecules"),
        (
            (
                str(found.n),
                f"{found.width_ev:.3f}",
                f"{found.low_ev:.3f} to {found.high_ev:.3f}",
                f"{found.narrow_ev:.2f} to {found.wide_ev:.2f}",
            ),
        ),
        ("A flank runs from the lowest maximum to a tenth of it: no error of position is in its length.",),
    )


def edge_error_table(found: AbsorptionValidation) -> TextTable:
    """What the errors of edges go with, at each level there is."""
    levels = [one for one in (found, found.beside) if one]
    rows = zip(*(edge_error_rows(one.spectra) for one in levels), strict=True)
    return TextTable(
        "What the errors of edges go with: rank correlation, sign kept (90 %)",
        ("", *(one.level for one in levels)),
        tuple(
            (row[0].name, *(f"{one.correlation:+.2f} ({one.low:+.2f} to {one.high:+.2f})" for one in row))
            for row in rows
        ),
    )


def npi_table(level: str, rows: Sequence[NpiRow]) -> TextTable:
    """Whether n-pi* states follow the line."""
    return TextTable(
        f"n-pi* maxima of azo compounds by the lowest excitation at {level}, scaffolds left out (eV)",
        ("", *ERROR_HEADS, "against the first"),
        tuple(
            (row.name, *errors_text(row.errors), paired_text(row.against_line) if i else "")
            for i, row in enumerate(rows)
        ),
    )


def _names(rows: Iterable[TrialRow]) -> str:
    return ", ".join(row.name for row in rows) or "none"


def trial_table(rows: Sequence[TrialRow]) -> TextTable:
    """What else was tried on measured spectra, against what is shipped."""
    return TextTable(
        "What was tried for edges (MAE, eV) and at 365 nm, against what is shipped; scaffolds left out",
        ("", "edges", "against the first", "Brier score", "against the first", "balanced accuracy"),
        tuple(
            (
                row.name,
                f"{row.edge_ev:.3f}",
                paired_text(row.edges) if i else "",
                f"{row.brier:.3f}",
                paired_text(row.briers) if i else "",
                f"{row.balanced_accuracy:.3f}",
            )
            for i, row in enumerate(rows)
        ),
        (
            f"Better beyond chance for edges: {_names(row for row in rows if row.edges.is_better)}; "
            f"for probabilities: {_names(row for row in rows if row.briers.is_better)}.",
        ),
    )
