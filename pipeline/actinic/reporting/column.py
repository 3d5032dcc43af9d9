"""What a column of `ranked.csv` is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: Heading; a number's heading ends in its unit.
        meaning: One sentence for the reader of the table.
        decimals: Places a number is rounded to, 0 for whole numbers; None for text.
        quantity: The quantity it shows; None for what is no quantity.
        part: Which part of the estimate: its value, standard error, or an end of its 68 % interval.
    """

    name: str
    meaning: str
    decimals: int | None = None
    quantity: str | None = None
    part: str = "value"


def with_error(stem: str, unit: str, meaning: str, decimals: int) -> tuple[Column, ...]:
    """Two columns: a quantity named after its stem and unit, and its standard error."""
    name = f"{stem}_{unit}"
    error = Column(f"{stem}_error_{unit}", f"Standard error of {name}", decimals, name, "error")
    return Column(name, meaning, decimals, name), error
