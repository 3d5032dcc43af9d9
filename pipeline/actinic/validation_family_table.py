"""The acceptance table of the ligand families as text, with its score."""

from actinic.analysis.family_validation import FamilyRow
from actinic.validation_families import FamilyValidation
from actinic.validation_text import TextTable


def families_table(found: FamilyValidation) -> TextTable:
    """The table as text, with the score below it."""
    rows = tuple(_cells(row) for row in found.rows)
    return TextTable(
        "Ligand families of the reviews: what each was published to answer to",
        ("family", "published", "counted", "molecule", "calculated", ""),
        rows,
        tuple(_score(found.rows)),
    )


def _cells(row: FamilyRow) -> tuple[str, ...]:
    if not row.answers:
        return row.family, row.published, row.counted, "", row.why, row.verdict
    best = row.answers[0]
    mark = f" ({best.kind})"
    return row.family, row.published, row.counted, best.id + mark, best.said or best.reason, row.verdict


def _score(rows: tuple[FamilyRow, ...]) -> list[str]:
    counted = [row for row in rows if row.verdict != "not counted"]
    own = [row.hit_by_the_review for row in counted if row.hit_by_the_review is not None]
    said = [
        f"Hits: {_hits(counted)} of {len(counted)} rows that count; {len(rows) - len(counted)} do not.",
        f"By molecules that the review names alone: {sum(own)} of the {len(own)} rows that have one; the "
        "others rest on stand-ins.",
    ]
    missed = [row for row in counted if row.verdict != "hit"]
    return said + [f"{row.verdict}: {row.family}: {_why(row)}" for row in missed]


def _hits(rows: list[FamilyRow]) -> int:
    return sum(row.verdict == "hit" for row in rows)


def _why(row: FamilyRow) -> str:
    found = "; ".join(f"{one.id}: {one.said or one.reason}" for one in row.answers)
    return f"{found}. {row.why}".rstrip()
