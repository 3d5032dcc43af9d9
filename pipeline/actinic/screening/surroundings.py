"""From the sections of a workflow, and a row of the list, to what a candidate meets in use."""

import math
from collections.abc import Mapping

from actinic.analysis.alignment import PLACES, Layer, Stack, materials, shipped_layer
from actinic.analysis.estimate import Estimate
from actinic.analysis.host import Host, Material, material
from actinic.errors import InputError
from actinic.screening.sections import HostSection, StackSection


def stack_of(section: StackSection) -> Stack:
    """The device of a workflow; materials of its own go before shipped ones.

    Raises:
        InputError: A material that is neither, or no layer at all.
    """
    own = {one.name: one.model_dump() for one in section.materials}
    layers = []
    for place in PLACES:
        name = getattr(section, place)
        if name in own:
            layers.append(Layer(place=place, **own[name]))
        elif name is not None:
            try:
                layers.append(shipped_layer(place, name))
            except InputError as error:
                known = ", ".join([*own, *materials()])
                raise InputError(f"stack.{place}: {name!r}: no such material; there are {known}") from error
    if not layers:
        raise InputError(f"stack: no layer; name one of {', '.join(PLACES)}")
    return Stack(tuple(layers), section.trap_depth_ev)


def host_of(section: HostSection) -> Host:
    """The film of a workflow.

    Raises:
        InputError: A host that is not shipped and has no absorption of its own.
    """
    if section.absorption:
        if section.density_g_cm3 is None:
            raise InputError("host.density_g_cm3: needed with absorption")
        table = tuple(sorted(section.absorption))
        source = "the workflow file"
        found = Material(section.material, table, section.density_g_cm3, section.error_factor, source)
    else:
        try:
            found = material(section.material, section.core_fraction)
        except InputError as error:
            raise InputError(f"host.material: {error.message}; or give absorption") from error
    return Host(found, section.thickness_nm, section.loading_wt_percent / 100, section.t1_ev)


def listed_numbers(
    extra: tuple[tuple[str, str], ...], columns: Mapping[str, float]
) -> tuple[dict[str, Estimate], tuple[str, ...]]:
    """Numbers of a row's further columns, and sentences on cells that are none; an empty cell is unknown.

    Args:
        extra: Columns and their text.
        columns: Those wanted, with their standard error; 0 for exact.
    """
    found: dict[str, Estimate] = {}
    unread = []
    for name, text in extra:
        if name not in columns or not text:
            continue
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            unread.append(f"{name}: {text[:40]!r} is no number")
            continue
        error = columns[name]
        found[name] = Estimate.normal(value, error) if error else Estimate.exact(value)
    return found, tuple(unread)
