"""The acceptance table of the ligand families as text, with its score."""

from collections import Counter

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
    by = Counter(row.verdict for row in rows)
    scored = sum(row.is_scored for row in rows)
    others = by["stand-in answers"] + by["stand-in silent"]
    said = [
        f"Hits: {by['hit']} of the {scored} rows of which the review names a molecule.",
        f"Not scored: {others} rows with stand-ins only, {by['stand-in answers']} of which answer; "
        f"{by['not counted']} rows in which something else answers; {by['not computed']} not computed.",
    ]
    missed = [row for row in rows if row.verdict in {"miss", "stand-in silent", "not computed"}]
    return said + [f"{row.verdict}: {row.family}: {_why(row)}" for row in missed]


def _why(row: FamilyRow) -> str:
    found = "; ".join(f"{one.id}: {one.said or one.reason}" for one in row.answers)
    return f"{found}. {row.why}".rstrip()
