"""Writes docs/columns.md from the code: `python docs/generate_columns.py`."""

from pathlib import Path

from actinic.reporting.columns import all_columns
from actinic.screening.workflow import Workflow

HEAD = """# Columns of ranked.csv

Written by docs/generate_columns.py for the workflow `photo-ligand`; other exposure lines and criteria change
the columns named after them. One row per row of the list. An empty cell means *unknown* (or does not apply),
never zero. Further columns of the list follow at the end, under their own names.

| column | meaning |
| --- | --- |
"""


def page() -> str:
    """The whole page."""
    rows = (f"| `{c.name}` | {c.meaning} |" for c in all_columns(Workflow.load("photo-ligand"), ()))
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    (Path(__file__).parent / "columns.md").write_text(page(), encoding="utf-8")
