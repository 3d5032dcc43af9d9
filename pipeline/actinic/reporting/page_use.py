"""What a candidate meets in use, in the words of its card: light, dose, device."""

from collections.abc import Mapping
from typing import Any

from actinic.analysis.alignment import TRAPS
from actinic.analysis.estimate import Estimate
from actinic.analysis.spectators import SITE_SHARE, SPECTATOR_SHARE
from actinic.reporting import page_numbers as words
from actinic.reporting.columns_use import two_photon_name
from actinic.reporting.page_numbers import Shown
from actinic.screening.workflow import Workflow

Value = tuple[str, Shown, str]


def use_values(
    quantities: Mapping[str, Estimate], cells: Mapping[str, Any], workflow: Workflow
) -> tuple[Value, ...]:
    """Name, value and unit of what is known; what is unknown is left out, but for the device."""
    return (*_light(quantities, workflow), *_two_photon(cells, workflow), *_device(quantities, workflow))


def _light(quantities: Mapping[str, Estimate], workflow: Workflow) -> list[Value]:
    found: list[Value] = []
    on_site = quantities.get(SITE_SHARE)
    if on_site is not None:
        note = ", spectator" if on_site.value < SPECTATOR_SHARE else ""
        percent = Shown(f"{_in_percent(on_site.value)} %{note}", on_site.value)
        found.append(("Excitation at its target, on the reactive site", percent, ""))
    absorbed, share = quantities.get("light_absorbed_target"), quantities.get("light_share_target")
    if absorbed is not None and share is not None and workflow.film is not None:
        host = workflow.film.material.name
        found.append(("Light it absorbs in the film, at its target", _percent(absorbed), ""))
        found.append((f"of all that film and {host} absorb", _percent(share), ""))
    dose = quantities.get("dose_half_target_mj_cm2")
    if dose is not None:
        found.append(("Dose that converts half, thin film", words.rounded(dose), "mJ cm⁻²"))
    return found


def _two_photon(cells: Mapping[str, Any], workflow: Workflow) -> list[Value]:
    found = []
    for line in sorted(workflow.exposure.two_photon_nm):
        answer = cells.get(two_photon_name(line))
        if answer:
            reached = "in reach" if answer == "yes" else "out of reach"
            found.append((f"Two photons of {line:g} nm, energy alone", Shown(reached, 0.0), ""))
    return found


def _device(quantities: Mapping[str, Estimate], workflow: Workflow) -> list[Value]:
    stack = workflow.device
    if stack is None:
        return []
    levels = [quantities.get(name) for name in ("film_homo_ev", "lumo_optical_ev")]
    if not any(level is not None and level.calibrated for level in levels):
        return [("Against the device", words.UNKNOWN, "")]
    injects, emitter = stack.at("hil", "anode"), stack.at("emitter")
    named = []
    if injects is not None:
        named.append((f"Barrier to holes from {injects.name}", "hole_injection_barrier_ev"))
    if emitter is not None:
        named.append((f"Barrier to holes into {emitter.name}", "hole_barrier_to_emitter_ev"))
        named.append((f"LUMO above {emitter.name}: blocks electrons", "electron_block_ev"))
    shown: list[Value] = [(title, words.with_error(quantities.get(name), 2), "eV") for title, name in named]
    for trap in TRAPS:
        layer = stack.at(trap.place)
        if layer is not None:
            title = f"Traps {trap.carrier} of {layer.name}, probability"
            shown.append((title, words.probability(quantities.get(trap.quantity)), ""))
    return shown


def _percent(share: Estimate) -> Shown:
    ends = share.interval()
    text = _in_percent(share.value)
    tail = "" if ends is None else f" ({_in_percent(ends[0])} to {_in_percent(ends[1])})"
    return Shown(f"{text} %{tail}", share.value)


def _in_percent(share: float) -> str:
    percent = 100 * share
    return "< 0.1" if percent < 0.1 else words.number(percent, 1 if percent < 10 else 0)
