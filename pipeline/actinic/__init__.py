"""Screening of photo- and heat-labile molecules: SMILES in, ranked table out.

from actinic import Workflow, read_candidates, screen
table = screen(read_candidates("my-list.csv"), Workflow.load("photo-ligand"), out="results/my-run")
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = [
    "ActinicError",
    "Candidate",
    "Level",
    "Species",
    "UnusableRow",
    "Workflow",
    "read_candidates",
    "report",
    "screen",
]

_HOMES = {
    "ActinicError": "actinic.errors",
    "Candidate": "actinic.chemistry.candidates",
    "Level": "actinic.level",
    "Species": "actinic.chemistry.species",
    "UnusableRow": "actinic.chemistry.candidates",
    "Workflow": "actinic.screening.workflow",
    "read_candidates": "actinic.chemistry.candidates",
    "report": "actinic.api",
    "screen": "actinic.api",
}

if TYPE_CHECKING:
    from actinic.api import report, screen
    from actinic.chemistry.candidates import Candidate, UnusableRow, read_candidates
    from actinic.chemistry.species import Species
    from actinic.errors import ActinicError
    from actinic.level import Level
    from actinic.screening.workflow import Workflow


def __dir__() -> list[str]:
    return [*globals(), *__all__]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: a worker process must not load what it does not need."""
    if name not in _HOMES:
        raise AttributeError(f"module 'actinic' has no attribute {name!r}")
    import importlib  # noqa: PLC0415

    return getattr(importlib.import_module(_HOMES[name]), name)
