"""One candidate as the page shows it: numbers in words, figures laid out, nothing of HTML."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actinic.analysis.electrons import AFFINITY, IONISATION
from actinic.analysis.estimate import Estimate
from actinic.analysis.exposure import Exposure
from actinic.chemistry.absorbing_part import AbsorbingPart
from actinic.chemistry.candidates import Candidate
from actinic.reporting import page_numbers as words
from actinic.reporting.drawings import Drawing, candidate_drawing
from actinic.reporting.figures import Axis
from actinic.reporting.figures_levels import LevelsFigure, film_levels_figure, reaction_levels_figure
from actinic.reporting.figures_path import ProfileFigure, lost_searches, profile_figures
from actinic.reporting.figures_spectrum import SpectrumFigure, known_from_nm, spectrum_figure
from actinic.reporting.figures_stack import StackFigure, stack_figure
from actinic.reporting.page_numbers import Shown
from actinic.reporting.page_reactions import Made, ReactionRow, enthalpy, made, reaction_rows
from actinic.reporting.page_use import use_values
from actinic.reporting.reactions import released
from actinic.reporting.summary import heat_line, light_line
from actinic.screening.tiers import Progress
from actinic.screening.workflow import Workflow

ANSWERS_FROM = 0.5
"""Probability from which a candidate is said to answer."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A criterion and how well the candidate meets it."""

    title: str
    weight: float
    met: Shown


@dataclass(frozen=True, slots=True)
class AtLine:
    """A candidate at one exposure line, in nm: absorptivity in L mol-1 cm-1, probability to answer."""

    line_nm: str
    is_target: bool
    absorptivity: Shown
    answers: Shown


@dataclass(frozen=True, slots=True)
class Reach:
    """How far to the red a candidate responds.

    Attributes:
        shown: Response edge in nm.
        start: Pixel at which it begins to be certain.
        middle: Pixel of the edge.
        end: Pixel at which it ends to be possible.
    """

    shown: Shown
    start: float | None = None
    middle: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """All the page says of one candidate that was computed to the end.

    Attributes:
        anchor: Place in the page.
        rank: 1 is best; None where no criterion applies.
        row: As read.
        score: Weighted geometric mean of the desirabilities.
        wishes: One per criterion.
        held_back_by: Title of the criterion that costs most, and the value that does it.
        does: What light and what heat does, in words; what is not known is left out.
        lines: At each line of the workflow, and at its own target.
        target: At its target; None where there is none.
        selective: Probability to answer at the target and be silent at every longer line.
        reach: Response edge.
        values: Other quantities: name, value, unit.
        drawing: Its structure; what its spectrum leaves out is marked.
        model: The trimmed model of its spectrum; None where that is of all of it.
        bond: Label of the bond that gives way first; empty while unknown.
        enthalpy: What that costs, in kcal/mol.
        products: What it becomes.
        releases: What is set free, with its class.
        reactions: All that were considered.
        spectrum: Its figure; None while unknown.
        energies: Figure of its reactions and excited states; None while unknown.
        levels: Figure of its film levels; None while unknown, or drawn against the device.
        stack: Figure of its film levels against the device; None without a device.
        profiles: Energies along the reaction paths that were found.
        lost: Searches for a barrier that ended without one, with the step that failed.
        firm: Whether it stands on the Pareto front, and how often among the best.
        caveats: What to know before believing it.
    """

    anchor: str
    rank: int | None
    row: Candidate
    score: Shown
    wishes: tuple[Wish, ...]
    held_back_by: tuple[str, str]
    does: tuple[tuple[str, str], ...]
    lines: tuple[AtLine, ...]
    target: AtLine | None
    selective: Shown
    reach: Reach
    values: tuple[tuple[str, Shown, str], ...]
    drawing: Drawing
    model: AbsorbingPart | None
    bond: str
    enthalpy: Shown
    products: tuple[Made, ...]
    releases: str
    reactions: tuple[ReactionRow, ...]
    spectrum: SpectrumFigure | None
    energies: LevelsFigure | None
    levels: LevelsFigure | None
    stack: StackFigure | None
    profiles: tuple[ProfileFigure, ...]
    lost: tuple[str, ...]
    firm: tuple[bool, Shown]
    caveats: tuple[str, ...]

    @property
    def answers_at_target(self) -> bool:
        """Whether it rather answers at its target than not."""
        share = self.target.answers.share if self.target else None
        return share is not None and share >= ANSWERS_FROM


def card(
    row: Candidate, where: Progress, cells: Mapping[str, Any], workflow: Workflow, axes: tuple[Axis, Axis]
) -> Card:
    """Put one candidate in words.

    Args:
        row: As read.
        where: Where it stands.
        cells: Its row of the ranked table; what is missing there is None.
        workflow: Lines and criteria.
        axes: Wavelengths in the figure of the spectrum and in the overview.
    """
    exposure, quantities = workflow.exposure_for(row.target_nm), where.assessment.quantities
    reaction, spectrum = where.assessment.reaction, where.assessment.spectrum
    lines = _lines(quantities, exposure)
    part = where.known.part
    considered = [known.reaction for known in where.known.reactions]
    title, _, value = (cells["limiting_criterion"] or "").partition(": ")
    homo, lumo = quantities.get("film_homo_ev"), quantities.get("lumo_optical_ev")
    stack = stack_figure(workflow.device, row.name or row.id, row.role, homo, lumo)
    return Card(
        anchor=f"c-{row.id}",
        rank=cells["rank"],
        row=row,
        score=_score(cells["score"]),
        wishes=_wishes(row, cells, workflow),
        held_back_by=(title, value),
        does=_does(where, exposure),
        lines=lines,
        target=next((line for line in lines if line.is_target), None),
        selective=words.probability(quantities.get("p_selective_target")),
        reach=_reach(where, axes[1]),
        values=_values(quantities, cells, workflow),
        drawing=candidate_drawing(
            row.species, considered, reaction.reaction if reaction else None, part.kept if part else None
        ),
        model=part,
        bond=reaction.reaction.label if reaction else "",
        enthalpy=enthalpy(reaction),
        products=made(reaction),
        releases=released(reaction, row.counter_ion),
        reactions=reaction_rows(where),
        spectrum=None if spectrum is None else spectrum_figure(spectrum, exposure, axes[0]),
        energies=reaction_levels_figure(where, exposure.target_nm if workflow.spectrum else None),
        levels=None if stack else film_levels_figure(homo, lumo),
        stack=stack,
        profiles=profile_figures(where, workflow),
        lost=lost_searches(where),
        firm=(cells["on_pareto_front"] == "yes", _share(cells["p_top"])),
        caveats=where.assessment.caveats,
    )


def _does(where: Progress, exposure: Exposure) -> tuple[tuple[str, str], ...]:
    lines = (("Light", light_line(where, exposure)), ("Heat", heat_line(where)))
    return tuple((name, text) for name, text in lines if text)


def _score(value: float | None) -> Shown:
    return words.UNKNOWN if value is None else Shown(f"{value:.3f}", value, share=value)


def _wishes(row: Candidate, cells: Mapping[str, Any], workflow: Workflow) -> tuple[Wish, ...]:
    return tuple(
        Wish(
            criterion.title,
            criterion.weight,
            words.desirability(cells[f"desirability_{criterion.name}"])
            if criterion.applies_to(row.role)
            else words.NOT_APPLYING,
        )
        for criterion in workflow.criterion_objects()
    )


def _lines(quantities: Mapping[str, Estimate], exposure: Exposure) -> tuple[AtLine, ...]:
    target = () if exposure.target_nm is None else (exposure.target_nm,)
    return tuple(
        AtLine(
            f"{line:g}",
            line == exposure.target_nm,
            words.absorptivity(quantities.get(f"absorptivity_{line:g}_nm_l_mol_cm")),
            words.probability(quantities.get(f"p_answers_{line:g}_nm")),
        )
        for line in sorted({*exposure.lines_nm, *target})
    )


def _reach(where: Progress, axis_nm: Axis) -> Reach:
    spectrum = where.assessment.spectrum
    edge = where.assessment.quantities.get("response_edge_nm")
    if spectrum is None:
        return Reach(words.UNKNOWN)
    if edge is None:
        return Reach(Shown(f"< {known_from_nm(spectrum):.0f}", 0.0))
    error = edge.standard_error or 0.0
    ends = (axis_nm.pixel(edge.value + sign * error) for sign in (-1, 0, 1))
    return Reach(words.with_error(edge, 0), *ends)


def _share(value: float | None) -> Shown:
    return words.UNKNOWN if value is None else words.probability(Estimate.exact(value))


def _values(
    quantities: Mapping[str, Estimate], cells: Mapping[str, Any], workflow: Workflow
) -> tuple[tuple[str, Shown, str], ...]:
    named = (
        ("Lowest absorption maximum", "band_max_nm", 0, "nm"),
        ("Its red edge, at 10 %", "band_edge_nm", 0, "nm"),
        ("Film HOMO", "film_homo_ev", 2, "eV"),
        ("Optical LUMO", "lumo_optical_ev", 2, "eV"),
        ("Dipole moment", "dipole_debye", 1, "D"),
    )
    shown = [
        (title, words.with_error(quantities.get(name), decimals), unit)
        for title, name, decimals, unit in named
    ]
    hole = quantities.get("hole_reorganisation_ev")
    if hole is not None:
        shown.append(("Hole reorganisation, uncalibrated", words.with_error(hole, 2), "eV"))
    for title, name in (("Ionisation, gas phase", IONISATION), ("Electron affinity, film", AFFINITY)):
        if name in quantities:
            shown.append((title, words.with_error(quantities[name], 2), "eV"))
    triplet = quantities.get("t1_ev")
    if triplet is not None:
        shown.append(("Relaxed T1, uncalibrated", words.with_error(triplet, 2), "eV"))
    return (*shown, *use_values(quantities, cells, workflow))
