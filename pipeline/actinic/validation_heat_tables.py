"""Bonds and barriers against measured ones as tables of text, for docs/validation.md."""

from actinic.analysis.validation import Summary
from actinic.validation import BondValidation
from actinic.validation_barriers import BarrierValidation
from actinic.validation_text import TextTable, shares_text

HEADS = ("", "n", "ME", "MAE", "90 %", "RMSE")


def bond_tables(found: BondValidation) -> tuple[TextTable, ...]:
    """Levels with bonds and families left out, and the families of each."""
    rows = [
        (table.name, left, *_cells(errors), shares_text(table.coverage) if left == "family" else "")
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
                    *_cells(row.left_out),
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
            "Bond enthalpies at 298 K (kcal/mol)", ("level", "left out", *HEADS[1:], "coverage"), tuple(rows)
        ),
        *families,
    )


def barrier_tables(found: BarrierValidation) -> tuple[TextTable, ...]:
    """Families of measured barriers, members left out."""
    rows = [
        (
            table.family,
            *_cells(table.errors),
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


def _cells(errors: Summary) -> tuple[str, ...]:
    return (
        str(errors.n),
        f"{errors.mean:+.1f}",
        f"{errors.mean_absolute:.1f}",
        f"{errors.absolute_low:.1f} to {errors.absolute_high:.1f}",
        f"{errors.root_mean_square:.1f}",
    )
