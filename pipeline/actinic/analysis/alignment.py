"""A candidate's film levels against the layers of a device: barriers, blocking, traps."""

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from statistics import NormalDist
from typing import Any

from actinic.analysis.estimate import Estimate
from actinic.errors import InputError

PLACES = ("anode", "hil", "htl", "emitter", "etl", "cathode")
"""Layers of a device in the order in which holes meet them; hil and htl inject and transport them."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of a device, eV against vacuum.

    Attributes:
        place: One of `PLACES`.
        name: Of the material.
        homo_ev: Highest filled level: valence band edge, or work function of an electrode.
        lumo_ev: Lowest empty level: conduction band edge, or work function of an electrode.
        error_ev: Standard error of both.
        source: Where they are from.
    """

    place: str
    name: str
    homo_ev: float
    lumo_ev: float
    error_ev: float
    source: str

    @property
    def is_electrode(self) -> bool:
        """Whether it is a conductor, without a gap."""
        return self.homo_ev == self.lumo_ev


@dataclass(frozen=True, slots=True)
class Stack:
    """A device.

    Attributes:
        layers: From the anode to the cathode.
        trap_depth_ev: A level this far inside the gap of a layer, or farther, holds a carrier.
    """

    layers: tuple[Layer, ...]
    trap_depth_ev: float

    def at(self, *places: str) -> Layer | None:
        """The layer at the first of `places` that the device has."""
        by_place = {layer.place: layer for layer in self.layers}
        return next((by_place[place] for place in places if place in by_place), None)


@dataclass(frozen=True, slots=True)
class Trap:
    """A carrier that the candidate might take from a layer and hold.

    Attributes:
        quantity: Name of its probability.
        carrier: `holes` or `electrons`.
        place: Of the layer.
    """

    quantity: str
    carrier: str
    place: str


TRAPS = tuple(
    Trap(f"p_traps_{carrier}_{place}", carrier, place)
    for place in ("emitter", "htl")
    for carrier in ("holes", "electrons")
)


def materials() -> tuple[str, ...]:
    """Names of the layers that come with the package."""
    return tuple(_table())


def shipped_layer(place: str, name: str) -> Layer:
    """A layer of a material that comes with the package.

    Raises:
        InputError: There is no such material.
    """
    if name not in _table():
        raise InputError(f"{name!r}: no such material; there are {', '.join(materials())}")
    row = _table()[name]
    return Layer(place, name, row["homo_ev"], row["lumo_ev"], row["error_ev"], row["source"])


def alignment_names(stack: Stack) -> tuple[str, ...]:
    """Names of what `alignment_quantities` may report for this device."""
    names = ["hole_injection_barrier_ev"] if stack.at("hil", "anode") else []
    if stack.at("emitter"):
        names += ["hole_barrier_to_emitter_ev", "electron_block_ev"]
    return (*names, *(trap.quantity for trap in TRAPS if stack.at(trap.place)))


def alignment_quantities(stack: Stack, homo: Estimate | None, lumo: Estimate | None) -> dict[str, Estimate]:
    """Barriers in eV and probabilities of traps; what is not known is absent.

    Args:
        stack: The device.
        homo: Film HOMO of the candidate in eV.
        lumo: Its optical LUMO in eV, the one comparable with device diagrams.

    Returns:
        `hole_injection_barrier_ev`: how far the HOMO lies below the level that injects (below zero: no
        barrier). `hole_barrier_to_emitter_ev`: how far the emitter's valence band lies below the HOMO.
        `electron_block_ev`: how far the LUMO lies above the emitter's conduction band; above zero it blocks.
        `p_traps_holes_emitter` and the like: probability that the candidate's level lies inside the gap of
        the layer by the depth of a trap, which is where it would hold the carrier.
    """
    found: dict[str, Estimate] = {}
    injects, emitter = stack.at("hil", "anode"), stack.at("emitter")
    if homo is not None and injects is not None:
        found["hole_injection_barrier_ev"] = _step(injects.homo_ev, injects.error_ev, homo, -1)
    if homo is not None and emitter is not None:
        found["hole_barrier_to_emitter_ev"] = _step(-emitter.homo_ev, emitter.error_ev, homo, 1)
    if lumo is not None and emitter is not None:
        found["electron_block_ev"] = _step(-emitter.lumo_ev, emitter.error_ev, lumo, 1)
    for trap in TRAPS:
        layer, level = stack.at(trap.place), homo if trap.carrier == "holes" else lumo
        if layer is not None and level is not None:
            found[trap.quantity] = _trapping(layer, level, trap.carrier, stack.trap_depth_ev)
    return found


def _step(offset_ev: float, error_ev: float, level: Estimate, sign: int) -> Estimate:
    error = math.hypot(error_ev, level.standard_error or 0.0)
    return Estimate.normal(offset_ev + sign * level.value, error, calibrated=level.calibrated)


def _trapping(layer: Layer, level: Estimate, carrier: str, depth_ev: float) -> Estimate:
    """Normal probability that `level` lies at least `depth_ev` inside the gap, from the edge of `carrier`."""
    edge_ev = layer.homo_ev if carrier == "holes" else layer.lumo_ev
    inside_ev = level.value - edge_ev if carrier == "holes" else edge_ev - level.value
    error_ev = math.hypot(layer.error_ev, level.standard_error or 0.0)
    probability = NormalDist().cdf((inside_ev - depth_ev) / error_ev)
    return Estimate(probability, (probability,), level.calibrated)


@cache
def _table() -> dict[str, dict[str, Any]]:
    text = files("actinic.analysis").joinpath("materials.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
