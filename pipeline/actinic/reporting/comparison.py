"""Two runs side by side: who moved in the ranking, and which criterion, by which quantity, made it move."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from actinic.analysis.criteria import FLOOR, Criterion
from actinic.errors import InputError
from actinic.reporting.page_numbers import plain_rows
from actinic.screening.folder import RunFolder
from actinic.screening.workflow import Workflow

Row = Mapping[str, Any]

LEAST_SHARE = 0.005
"""A criterion that moves the logarithm of the score by less is not named."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What one criterion did to one candidate.

    Attributes:
        criterion: Its name.
        title: As the chemist wrote it.
        desirability: Before and after; None while unknown or where it does not apply.
        quantity: What it judges.
        value: Before and after; None while unknown.
        standard_errors: How far the value moved, in standard errors; None without an error, 0 for the same.
        log_score: What it did to the natural logarithm of the score.
        wish_changed: Whether the criterion itself is another one: points, weight, quantity, there or not.
    """

    criterion: str
    title: str
    desirability: tuple[float | None, float | None]
    quantity: str
    value: tuple[float | None, float | None]
    standard_errors: float | None
    log_score: float
    wish_changed: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """One candidate in both runs, or in one of them.

    Attributes:
        id: In the second run, else in the first.
        smiles: Of what was computed.
        rank: Before and after; None where it is not ranked.
        score: Before and after.
        status: Before and after; `absent` where the list has it not.
        causes: Criteria that changed its score, the strongest first.
    """

    id: str
    smiles: str
    rank: tuple[int | None, int | None]
    score: tuple[float | None, float | None]
    status: tuple[str, str]
    causes: tuple[Cause, ...]

    @property
    def is_moved(self) -> bool:
        """Whether anything about its place changed."""
        return (
            self.rank[0] != self.rank[1] or self.score[0] != self.score[1] or self.status[0] != self.status[1]
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs.

    Attributes:
        criteria: Sentences on criteria that differ between the workflows.
        versions: Program, version before and after, where they differ.
        candidates: All of both runs, in the order of the second, those of the first alone at the end.
    """

    criteria: tuple[str, ...]
    versions: tuple[tuple[str, str, str], ...]
    candidates: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    rows: tuple[Row, ...]
    criteria: dict[str, Criterion]
    record: Mapping[str, Any]


def compare_runs(before: Path, after: Path) -> Comparison:
    """Compare what two runs wrote; neither store is needed.

    Raises:
        InputError: One of them is no run, or has no ranked.csv.
    """
    first, second = _read(before), _read(after)
    pairs = _paired(first.rows, second.rows)
    return Comparison(
        criteria=tuple(_wish_sentences(first.criteria, second.criteria)),
        versions=tuple(_versions(first.record, second.record)),
        candidates=tuple(_moved(a, b, first.criteria, second.criteria) for a, b in pairs),
    )


def _read(path: Path) -> _Run:
    folder = RunFolder(path)
    record = folder.read_record()
    if not folder.ranked.is_file():
        raise InputError(f"{path}: no {folder.ranked.name}; `actinic report {path}` writes it")
    table = pd.read_csv(
        folder.ranked, dtype={"id": str, "smiles": str}, keep_default_na=False, na_values=[""]
    )
    workflow: Workflow = folder.read_workflow()
    criteria = {criterion.name: criterion for criterion in workflow.criterion_objects()}
    return _Run(tuple(plain_rows(table)), criteria, record)


def _paired(first: Sequence[Row], second: Sequence[Row]) -> list[tuple[Row | None, Row | None]]:
    """Rows of one molecule: the same identifier and SMILES, else the same SMILES and target, in order."""
    left = {(row["id"], row["smiles"]): row for row in first}
    found: list[tuple[Row | None, Row | None]] = []
    unmatched: list[int] = []
    for row in second:
        same = left.pop((row["id"], row["smiles"]), None)
        if same is None:
            unmatched.append(len(found))
        found.append((same, row))
    by_molecule: dict[tuple[Any, Any], list[Row]] = {}
    for row in left.values():
        by_molecule.setdefault((row["smiles"], row.get("target_nm")), []).append(row)
    for place in unmatched:
        unknown = second[place]
        alike = by_molecule.get((unknown["smiles"], unknown.get("target_nm")))
        if alike and unknown["smiles"]:
            found[place] = (alike.pop(0), unknown)
    return found + [(row, None) for rows in by_molecule.values() for row in rows]


def _moved(
    a: Row | None, b: Row | None, before: Mapping[str, Criterion], after: Mapping[str, Criterion]
) -> Moved:
    one = b if b is not None else a
    assert one is not None
    ranks, scores = _both(a, b, "rank"), _both(a, b, "score")
    ranked = None not in scores
    return Moved(
        id=str(one["id"]),
        smiles=str(one["smiles"] or ""),
        rank=(None if ranks[0] is None else int(ranks[0]), None if ranks[1] is None else int(ranks[1])),
        score=scores,
        status=(str(a["status"]) if a else "absent", str(b["status"]) if b else "absent"),
        causes=tuple(_causes(a, b, before, after)) if ranked and a and b else (),
    )


def _both(a: Row | None, b: Row | None, name: str) -> tuple[float | None, float | None]:
    first, second = (None if row is None else row.get(name) for row in (a, b))
    return _number(first), _number(second)


def _number(cell: Any) -> float | None:
    return float(cell) if isinstance(cell, int | float) else None


def _causes(a: Row, b: Row, before: Mapping[str, Criterion], after: Mapping[str, Criterion]) -> list[Cause]:
    names = [*after, *(name for name in before if name not in after)]
    parts = _log_parts(a, before), _log_parts(b, after)
    found = []
    for name in names:
        log_score = parts[1].get(name, 0.0) - parts[0].get(name, 0.0)
        if abs(log_score) < LEAST_SHARE:
            continue
        wish = after.get(name) or before[name]
        found.append(
            Cause(
                criterion=name,
                title=wish.title,
                desirability=_both(a, b, f"desirability_{name}"),
                quantity=wish.quantity,
                value=_both(a, b, wish.quantity),
                standard_errors=_in_standard_errors(a, b, wish.quantity),
                log_score=round(log_score, 4),
                wish_changed=before.get(name) != after.get(name),
            )
        )
    return sorted(found, key=lambda cause: -abs(cause.log_score))


def _log_parts(row: Row, criteria: Mapping[str, Criterion]) -> dict[str, float]:
    """What each criterion adds to the logarithm of the score."""
    applying = [one for one in criteria.values() if one.applies_to(str(row.get("role") or ""))]
    total = sum(one.weight for one in applying)
    return {
        one.name: one.weight
        / total
        * math.log(max(FLOOR, _number(row.get(f"desirability_{one.name}")) or 0.0))
        for one in applying
    }


def _in_standard_errors(a: Row, b: Row, quantity: str) -> float | None:
    values = _both(a, b, quantity)
    if values[0] is None or values[1] is None:
        return None
    if values[0] == values[1]:
        return 0.0
    errors = [error for row in (a, b) if (error := _error(row, quantity))]
    return None if not errors else round((values[1] - values[0]) / (sum(errors) / len(errors)), 2)


def _error(row: Row, quantity: str) -> float | None:
    """Standard error in a column of its own, or half of the 68 % interval; None where neither is there."""
    for at in range(len(quantity)):
        if quantity[at] != "_":
            continue
        head, tail = quantity[:at], quantity[at:]
        error = _number(row.get(f"{head}_error{tail}"))
        if error is not None:
            return error
        low, high = _number(row.get(f"{head}_low{tail}")), _number(row.get(f"{head}_high{tail}"))
        if low is not None and high is not None:
            return (high - low) / 2
    return None


def _wish_sentences(before: Mapping[str, Criterion], after: Mapping[str, Criterion]) -> list[str]:
    said = []
    for name in [*before, *(name for name in after if name not in before)]:
        a, b = before.get(name), after.get(name)
        if a == b:
            continue
        if a is None or b is None:
            said.append(f"{name}: {'dropped' if b is None else 'new'}")
            continue
        parts = [
            f"{field} {getattr(a, field)} -> {getattr(b, field)}"
            for field in ("quantity", "points", "scale", "weight", "roles", "title")
            if getattr(a, field) != getattr(b, field)
        ]
        said.append(f"{name}: {'; '.join(parts)}")
    return said


def _versions(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    first, second = (
        {**record.get("versions", {}), "actinic": record.get("actinic", "")} for record in (before, after)
    )
    return [
        (name, str(first.get(name, "")), str(second.get(name, "")))
        for name in sorted({*first, *second})
        if first.get(name) != second.get(name)
    ]
