"""The energy along a searched reaction path: reactant, transition state, products, with the barrier."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from actinic.analysis.heat_classes import HALF_HOUR_S
from actinic.analysis.kinetics import CELSIUS_K
from actinic.analysis.path_rates import MIDDLE_K, path_error, path_law
from actinic.analysis.reaction_energies import KnownReaction
from actinic.calculations.path import ReactionPath
from actinic.calculations.path_energy import PathEnergyResult
from actinic.calculations.path_saddle import PathSaddleResult
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.trimming import kept_atoms
from actinic.reporting.drawings import Drawing, cut_drawing
from actinic.reporting.figures import Axis, Tick, multiples
from actinic.reporting.page_numbers import number
from actinic.screening.path_tasks import reacting_atoms
from actinic.screening.tiers import Progress
from actinic.screening.workflow import Workflow
from actinic.units import HARTREE_KCAL_MOL

WIDTH, HEIGHT = 420, 210
TOP, BOTTOM = 30.0, 178.0
PLACES = (84.0, 220.0, 356.0)
"""Middles of reactant, transition state and products."""

PLATEAU_PIXELS = 64.0
STEP_KCAL_MOL = 20.0


@dataclass(frozen=True, slots=True)
class Plateau:
    """One level: what it is, where it starts, how long and how high it is drawn, and what stands at it."""

    kind: str
    x: float
    width: float
    y: float
    value: str
    name: str

    @property
    def middle(self) -> float:
        """Where its texts stand."""
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class ProfileFigure:
    """What the template draws of one path, in pixels.

    Attributes:
        title: Bond, and what happens to it.
        plateaus: Reactant, transition state, and products where their energy is known.
        links: Path from one to the next.
        points: Dots, one per energy computed along the path.
        ticks: Of the axis in kcal/mol.
        label: What a screen reader says.
        notes: Level, rate, and where the products were left out.
        model: SMILES of the molecule computed, where it is a part of the candidate; empty otherwise.
        cut: The candidate with what is not in the model marked; None where all of it is.
    """

    title: str
    plateaus: tuple[Plateau, ...]
    links: str
    points: str
    ticks: tuple[Tick, ...]
    label: str
    notes: tuple[str, ...]
    model: str = ""
    cut: Drawing | None = None


def profile_figures(where: Progress, workflow: Workflow) -> tuple[ProfileFigure, ...]:
    """One per search that found a barrier, in the order of the searches."""
    return tuple(
        _figure(path, where, workflow)
        for path in where.known.paths
        if isinstance(path, ReactionPath) and path.is_accepted
    )


def lost_searches(where: Progress) -> tuple[str, ...]:
    """One sentence per search that ended without a barrier: which bond, which step failed, and why."""
    return tuple(
        f"{_title(path)}: the search failed at the step {path.failed_step}, {path.failure}"
        for path in where.known.paths
        if isinstance(path, ReactionPath) and path.failed_step
    )


def _title(path: ReactionPath) -> str:
    reaction = path.reaction
    return f"{reaction.label}, {f'{reaction.motif}: {reaction.channel}' if reaction.motif else path.route}"


def _figure(path: ReactionPath, where: Progress, workflow: Workflow) -> ProfileFigure:
    barrier = path.electronic_barrier_kcal_mol
    assert barrier is not None
    known = next((one for one in where.known.reactions if one.reaction == path.reaction), None)
    after = _reaction_energy_kcal_mol(known)
    heights = [0.0, barrier, *([] if after is None else [after])]
    dots = () if path.saddle is None or path.energies is None else along(path.saddle, path.energies)
    axis = _axis([*heights, *(energy for _, energy in dots)])
    plateaus = tuple(
        Plateau(kind, x - PLATEAU_PIXELS / 2, PLATEAU_PIXELS, axis.pixel(height), number(height, 1), name)
        for (kind, name), x, height in zip(
            (("ground", "reactant"), ("saddle", "transition state"), ("reaction", "products, apart")),
            PLACES,
            heights,
            strict=False,
        )
    )
    said = "; ".join(f"{one.name} {one.value}" for one in plateaus)
    return ProfileFigure(
        title=_title(path),
        plateaus=plateaus,
        links=_links(plateaus),
        points="".join(f"M{_place(share):g} {axis.pixel(energy):g}h0" for share, energy in dots),
        ticks=multiples(axis, STEP_KCAL_MOL),
        label=f"Energies in kcal/mol along {path.reaction.label}: {said}",
        notes=_notes(path, after),
        model=path.model.smiles if path.model != where.known.species else "",
        cut=_cut(path, where, workflow),
    )


def along(saddle: PathSaddleResult, energies: PathEnergyResult) -> tuple[tuple[float, float], ...]:
    """Energies computed along a path.

    Returns:
        For each its place, -1 at the end of the descent to the reactant, 0 at the transition state and 1 at
        the end of the other, by the way that the atoms go between; and its height above the reactant in
        kcal/mol. Empty where the barrier is that of the transition state alone.
    """
    frames = [
        *(frame.geometry for frame in reversed(saddle.backward)),
        saddle.geometry,
        *(frame.geometry for frame in saddle.forward),
    ]
    if len(frames) != len(energies.energies_hartree):
        return ()
    steps = [_way_angstrom(one, other) for one, other in itertools.pairwise(frames)]
    way = np.concatenate([[0.0], np.cumsum(steps)])
    middle = way[len(saddle.backward)]
    places = np.where(way < middle, way / middle - 1 if middle else 0.0, 0.0)
    beyond = way[-1] - middle
    places = np.where(way > middle, (way - middle) / beyond if beyond else 0.0, places)
    return tuple(
        (float(place), (energy - energies.reactant_hartree) * HARTREE_KCAL_MOL)
        for place, energy in zip(places, energies.energies_hartree, strict=True)
        if energy is not None
    )


def _way_angstrom(one: Geometry, other: Geometry) -> float:
    return float(np.linalg.norm(one.positions_angstrom - other.positions_angstrom))


def _reaction_energy_kcal_mol(known: KnownReaction | None) -> float | None:
    """Electronic, the mean over the levels; None while unknown or where a product is misshapen."""
    if known is None or known.reason or known.caveat or not known.raw_enthalpy_kcal_mol():
        return None
    n = len(known.levels)
    return math.fsum(known.energy_kcal_mol(level) for level in range(n)) / n


def _axis(heights: Sequence[float]) -> Axis:
    highest = STEP_KCAL_MOL * math.ceil(max(heights) / STEP_KCAL_MOL)
    lowest = STEP_KCAL_MOL * math.floor(min(heights) / STEP_KCAL_MOL)
    return Axis(highest, lowest, TOP, BOTTOM)


def _place(share: float) -> float:
    before, middle, after = PLACES
    return round(middle + share * (after - middle if share > 0 else middle - before), 1)


def _links(plateaus: Sequence[Plateau]) -> str:
    return "".join(
        f"M{one.x + one.width:g} {one.y:g}L{other.x:g} {other.y:g}"
        for one, other in itertools.pairwise(plateaus)
    )


def _notes(path: ReactionPath, after: float | None) -> tuple[str, ...]:
    found = [f"Electronic energies, {path.level}, on a path of the search surface."]
    law = path_law(path)
    if law is not None:
        gibbs, error = law.gibbs_kcal_mol(MIDDLE_K), path_error(path.route).kcal_mol
        half_c = law.temperature_k(HALF_HOUR_S) - CELSIUS_K
        found.append(
            f"Gibbs energy of activation at {MIDDLE_K:g} K {number(gibbs, 1)} ± {number(error, 1)} kcal/mol, "
            f"gas phase; half has reacted in 30 min at {half_c:.0f} °C."
        )
    if after is None:
        found.append("Energy of the products unknown.")
    return tuple(found)


def _cut(path: ReactionPath, where: Progress, workflow: Workflow) -> Drawing | None:
    reach = workflow.paths.trim_reach if workflow.paths else None
    if reach is None or path.model == where.known.species:
        return None
    species = where.known.species
    return cut_drawing(species, path.reaction, kept_atoms(species, reacting_atoms(path.reaction), reach))
