"""The head of the page: what was computed, how, and how far to trust it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actinic.analysis.alignment import Layer
from actinic.analysis.bond_calibration import bond_calibration
from actinic.analysis.calibration import film_calibration
from actinic.analysis.estimate import WIDE
from actinic.analysis.host import Host
from actinic.analysis.local_calibration import LocalShift
from actinic.chemistry.candidates import UnusableRow
from actinic.level import Level
from actinic.reporting.page_numbers import number
from actinic.reporting.rows import STATUS_ORDER, Entry
from actinic.screening.workflow import Workflow
from actinic.units import EV_NM

Fact = tuple[str, str]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row without a card: which, how it ended, and why."""

    id: str
    name: str
    smiles: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class Run:
    """What the head of the page says.

    Attributes:
        title: Of the workflow.
        started: When the run began, to the minute; empty while unknown.
        counts: Rows by status, those that occur.
        levels: What was computed with what.
        light: Exposure lines and what answering means; soft bake and the window of heat.
        errors: Quantity and the error its calibration leaves.
        warnings: What this workflow cannot report.
        versions: Of the programs.
        device: The layers of the stack and where their levels are from; empty without one.
        film: What surrounds the candidate; empty without it.
        workflow: Checksum of the workflow.
    """

    title: str
    started: str
    counts: tuple[tuple[str, int], ...]
    levels: tuple[Fact, ...]
    light: tuple[Fact, ...]
    errors: tuple[Fact, ...]
    warnings: tuple[str, ...]
    versions: tuple[Fact, ...]
    device: str
    film: str
    workflow: str


def run_head(counts: Mapping[str, int], workflow: Workflow, record: Mapping[str, Any]) -> Run:
    """Describe a run.

    Args:
        counts: Rows by status.
        workflow: What it was computed and judged with.
        record: `run.json`.
    """
    return Run(
        title=workflow.title,
        started=str(record.get("started", ""))[:16].replace("T", " "),
        counts=tuple((status, counts[status]) for status in STATUS_ORDER if counts.get(status)),
        levels=_levels(workflow),
        light=_light(workflow),
        errors=_errors(workflow),
        warnings=workflow.warnings,
        versions=tuple(sorted((str(k), str(v)) for k, v in record.get("versions", {}).items())),
        device="; ".join(_layer(layer) for layer in workflow.device.layers) if workflow.device else "",
        film=_film(workflow.film) if workflow.film else "",
        workflow=workflow.digest[:12],
    )


def _layer(layer: Layer) -> str:
    levels = (layer.homo_ev,) if layer.is_electrode else (layer.homo_ev, layer.lumo_ev)
    shown = " / ".join(number(level, 1) for level in levels)
    return f"{layer.name} {shown} ± {number(layer.error_ev, 2)} eV ({layer.source})"


def _film(film: Host) -> str:
    loading = f"{number(100 * film.loading, 1)} weight percent of the candidate"
    return (
        f"{number(film.thickness_nm, 0)} nm of {film.material.name} with {loading}; "
        f"absorption of the host: {film.material.source}; reflection left out"
    )


def left_out(entry: Entry) -> LeftOut | None:
    """A row that is not done, with its reason; None for one that is."""
    row = entry.row
    if entry.status == "done":
        return None
    if isinstance(row, UnusableRow):
        return LeftOut(row.id, row.name, row.smiles_given, entry.status, row.reason)
    reason = entry.where.reason if entry.where else ""
    return LeftOut(row.id, row.name, row.species.smiles, entry.status, reason)


def by_status(one: LeftOut) -> tuple[int, str]:
    """The order of rows that are left out."""
    return STATUS_ORDER.index(one.status), one.id


def _levels(workflow: Workflow) -> tuple[Fact, ...]:
    ensemble, spectrum, reactions = workflow.ensemble, workflow.spectrum, workflow.reactions
    facts = [("Conformers", ensemble.level), ("of ions", ensemble.ion_level)]
    if spectrum is not None:
        method = workflow.response_settings.method.upper()
        facts.append((f"Absorption, {method}", spectrum.level))
        facts += [("and for its position", spectrum.second_level)] if spectrum.second_level else []
        facts += [("of cations", spectrum.cation_level), ("of anions", spectrum.anion_level)]
        if spectrum.trim_reach is not None:
            facts.append(("of trimmed models", f"chains cut {spectrum.trim_reach} bonds from what absorbs"))
    if reactions is not None:
        levels = " and ".join(filter(None, (reactions.level, reactions.second_level)))
        facts += [("Reactions", levels), ("of ions", reactions.ion_level)]
    return tuple(facts)


def _light(workflow: Workflow) -> tuple[Fact, ...]:
    light = workflow.exposure
    target = "none" if light.target_nm is None else f"{light.target_nm:g} nm"
    return (
        ("Exposure lines", ", ".join(f"{line:g}" for line in sorted(light.lines_nm)) + " nm"),
        ("Target line", f"{target}, unless the list says otherwise"),
        ("Answers from", f"{light.answers_l_mol_cm:g} L mol⁻¹ cm⁻¹"),
        ("Silent up to", f"{light.silent_l_mol_cm:g} L mol⁻¹ cm⁻¹"),
        ("Soft bake", f"{workflow.heat.bake_min:g} min at {workflow.heat.bake_c:g} °C"),
        ("Heat should work", " to ".join(f"{end:g}" for end in workflow.heat.window_c) + " °C"),
        ("Outside", "extreme ultraviolet, electron beams; of two photons only the energy"),
    )


def _errors(workflow: Workflow) -> tuple[Fact, ...]:
    return (
        *_absorption_errors(workflow),
        *_film_error(workflow),
        *_reaction_error(workflow),
        *_heat_own(workflow),
    )


def _absorption_errors(workflow: Workflow) -> tuple[Fact, ...]:
    if workflow.spectrum is None:
        return ()
    line = workflow.absorption_line
    if line is None:
        return (("Position of absorption", "not calibrated: wavelengths are not reported"),)
    line = workflow.local.on_absorption(line)
    at_365_nm = line.standard_error_ev * 365**2 / EV_NM
    position = f"± {line.standard_error_ev:.2f} eV, at 365 nm ± {at_365_nm:.0f} nm ({line.n} molecules)"
    if line.edge_error_ev is not None:
        wide_ev = WIDE * line.edge_tail * line.edge_error_ev
        position += f"; ± {line.edge_error_ev:.2f} eV for edges, 95 % of them within {wide_ev:.2f}"
    if line.strong_error_ev is not None and line.weak_error_ev is not None:
        position += (
            f"; ± {line.strong_error_ev:.2f} eV for strong bands, ± {line.weak_error_ev:.2f} for weak ones"
        )
    position += _own(workflow.local.absorption)
    factor = 10**line.log10_intensity_error
    return (
        ("Position of absorption", position),
        ("Absorptivity", f"within a factor of {factor:.1f} ({line.n_intensity} molecules)"),
    )


def _own(found: LocalShift | None) -> str:
    """What own measurements changed; nothing without any."""
    if found is None:
        return ""
    return f", moved by {number(found.shift_ev, 2)} eV after {found.n} own measurements"


def _film_error(workflow: Workflow) -> tuple[Fact, ...]:
    film = film_calibration(Level.parse(workflow.ensemble.level))
    if film is None:
        return (("Film HOMO", "not calibrated: not reported"),)
    film = workflow.local.on_film(film)
    domain = f"{film.n} molecules, from {film.min_heavy_atoms} heavy atoms on"
    domain += _own(workflow.local.film)
    return (("Film HOMO", f"± {film.standard_error_ev:.2f} eV ({domain})"),)


def _heat_own(workflow: Workflow) -> tuple[Fact, ...]:
    """What own decomposition temperatures changed; nothing without any."""
    found = workflow.local.heat
    if found is None:
        return ()
    said = f"moved by {number(found.shift_kcal_mol, 1)} kcal/mol after {found.n} own measurements"
    return (("Barriers of heat", f"{said}, errors times {found.error_ratio:.2f}"),)


def _reaction_error(workflow: Workflow) -> tuple[Fact, ...]:
    section = workflow.reactions
    if section is None:
        return ()
    named = filter(None, (section.level, section.second_level))
    line = bond_calibration([Level.parse(level) for level in named])
    if line is None:
        return (("Reaction enthalpy", "not calibrated: shown as computed, error unknown"),)
    least = number(line.standard_error_kcal_mol, 1)
    widest = number(max([line.standard_error_kcal_mol, *line.wider_kcal_mol.values()]), 1)
    spread = least if widest == least else f"{least} to {widest}, by kind of bond"
    return (("Bond enthalpy", f"± {spread} kcal/mol ({line.n} bonds)"),)
