"""What no single field of a workflow can know: whether levels exist, names of quantities, equal names."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from actinic.analysis.assessment import quantity_names
from actinic.analysis.surroundings import surrounding_names
from actinic.chemistry.anchors import surface_of
from actinic.engines.levels import check_dft, check_energy, check_tight_binding
from actinic.errors import InputError
from actinic.level import Level
from actinic.screening.section_errors import nearest
from actinic.screening.sections import Section

if TYPE_CHECKING:
    from actinic.screening.workflow import Workflow


def check(workflow: "Workflow") -> None:
    """What no single field can know: kinds of levels, names of quantities, equal names."""
    _check_levels(workflow)
    if workflow.surface is not None:
        with _key_named("surface.nanocrystal"):
            surface_of(workflow.surface.nanocrystal)
    names = [criterion.name for criterion in workflow.criteria]
    if len(set(names)) < len(names):
        raise InputError(f"criteria: two have the same name, got {names}")
    quantities = quantity_names(
        workflow.exposure.lines_nm,
        with_spectrum=workflow.spectrum is not None,
        with_reactions=workflow.reactions is not None,
        with_hole=workflow.hole is not None,
        with_electrons=workflow.electron_names,
    )
    taken = [name for name in workflow.list_columns if name in quantities]
    if taken:
        raise InputError(f"list_columns.{taken[0]}: is computed; give the column another name")
    lines_nm, numbers = workflow.exposure.lines_nm, tuple(workflow.number_columns)
    quantities += surrounding_names(workflow.device, workflow.film, lines_nm, numbers)
    for wanted in [gate.quantity for gate in workflow.gates] + [c.quantity for c in workflow.criteria]:
        if wanted not in quantities:
            raise InputError(f"quantity {wanted!r} is not computed{nearest(wanted, quantities)}")
    _ = workflow.scf_settings, workflow.response_settings


def _check_levels(workflow: "Workflow") -> None:
    """Raise InputError where a level does not exist, with its key."""
    cheap = partial(check_tight_binding, program=workflow.ensemble.program)
    dielectric = partial(check_tight_binding, program="tblite")
    checks: list[tuple[str, Section | None, tuple[str, ...], Callable[[Level], None]]] = [
        ("ensemble", workflow.ensemble, ("level", "ion_level", "pair_level"), cheap),
        ("spectrum", workflow.spectrum, ("level", "second_level", "cation_level", "anion_level"), check_dft),
        ("reactions", workflow.reactions, ("level", "second_level", "ion_level"), check_energy),
        ("paths", workflow.paths, ("level",), check_energy),
        ("electrons", workflow.electrons, ("ionisation_level", "anion_level"), check_energy),
        ("electrons", workflow.electrons, ("affinity_level",), dielectric),
    ]
    for title, section, names, check in checks:
        for name in names:
            text = getattr(section, name, None)
            if text is not None:
                with _key_named(f"{title}.{name}"):
                    check(Level.parse(text))


@contextmanager
def _key_named(key: str) -> Iterator[None]:
    """Put the key in front of what is wrong with its value."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{key}: {error.message}") from error
