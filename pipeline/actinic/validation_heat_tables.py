"""Bonds and barriers against measured ones as tables of text, for docs/validation.md."""

from actinic.validation import BondValidation
from actinic.validation_barriers import BarrierValidation
from actinic.validation_text import ERROR_HEADS, TextTable, errors_text, shares_text

HEADS = ("", *ERROR_HEADS)


def bond_tables(found: BondValidation) -> tuple[TextTable, ...]:
    """Levels with bonds and families left out, and the families of each."""
    rows = [
        (table.name, left, *errors_text(errors, 1), shares_text(table.coverage) if left == "family" else "")
        for table in found.tables
        for left, errors in (
            ("nothing fitted", table.raw),
            ("bond", table.left_out),
            ("family", table.family_left_out),
            ("family, of experimental ones", table.family_left_out_experiment),
        )
    ]
    families = (
        TextTable(
            f"{table.name} by kind of bond, the kind left out (kcal/mol)",
            (*HEADS, "raw RMSE", "stated error"),
            tuple(
                (
                    row.family,
                    *errors_text(row.left_out, 1),
                    f"{row.raw.root_mean_square:.1f}",
                    f"{row.standard_error_kcal_mol:.1f}",
                )
                for row in rows_of
            ),
        )
        for table, rows_of in zip(found.tables, found.families, strict=True)
    )
    return (
        TextTable(
            "Bond enthalpies at 298 K (kcal/mol)",
            ("level", "left out", *ERROR_HEADS, "coverage"),
            tuple(rows),
        ),
        *families,
    )


def barrier_tables(found: BarrierValidation) -> tuple[TextTable, ...]:
    """Families of measured barriers, members left out."""
    rows = [
        (
            table.family,
            *errors_text(table.errors, 1),
            "" if table.errors_c is None else f"{table.errors_c.root_mean_square:.0f}",
            shares_text(table.coverage),
            table.how,
        )
        for table in found.tables
    ]
    heads = (*HEADS, "RMSE (C)", "coverage", "predicted by")
    note = (
        "RMSE (C): of the temperature at which half has reacted in 30 min, where the law of the members is "
        "measured."
    )
    title = "Gibbs energy of activation, members left out (kcal/mol)"
    return (TextTable(title, heads, tuple(rows), (note,)),)
