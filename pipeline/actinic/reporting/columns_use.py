"""Columns on what a candidate meets in use, and on how firmly it stands in the ranking."""

from actinic.analysis.alignment import TRAPS, Stack
from actinic.analysis.surroundings import labels
from actinic.reporting.column import Column, with_error
from actinic.screening.workflow import Workflow


def ranking_columns(workflow: Workflow) -> tuple[Column, ...]:
    """How firmly a candidate stands."""
    top = workflow.ranking.top
    return (
        Column(
            "on_pareto_front",
            "yes where no other candidate is as good in all desirabilities and better in one",
        ),
        Column(
            "p_top",
            f"Share of drawn rankings in which it is among the best {top}, of a short list a third",
            3,
        ),
    )


def use_columns(workflow: Workflow) -> tuple[Column, ...]:
    """Light, dose and device."""
    light = () if workflow.spectrum is None else (*_light(workflow), *_dose(), *_two_photon(workflow))
    return (*light, *(() if workflow.device is None else _alignment(workflow.device)))


def two_photon_name(line_nm: float) -> str:
    """Heading of what two photons of a line reach."""
    return f"two_photon_{line_nm:g}_nm"


def _light(workflow: Workflow) -> tuple[Column, ...]:
    if workflow.film is None:
        return ()
    columns = []
    for label in labels(workflow.exposure.lines_nm):
        where = "the target line" if label == "target" else label.replace("_", " ")
        absorbed, share = f"light_absorbed_{label}", f"light_share_{label}"
        columns += [
            Column(absorbed, f"Share of the light at {where} that the candidate absorbs", 4, absorbed),
            Column(share, f"Share of what the film absorbs at {where} that it absorbs", 4, share),
        ]
    if workflow.film.t1_ev is not None:
        name = "t1_above_host_ev"
        columns.append(
            Column(
                name,
                "Relaxed T1 above the lowest triplet of the host, uncalibrated; with the error of t1_ev",
                2,
                name,
            )
        )
    return tuple(columns)


def _dose() -> tuple[Column, ...]:
    name, meaning = "dose_half_target_mj_cm2", "Dose at the target line that converts half of a thin film"
    return (
        Column(name, f"{meaning}, by the list's quantum_yield, else a class value (caveats)", 1, name),
        Column("dose_half_target_low_mj_cm2", f"{meaning}, lower end of the 68 % interval", 1, name, "low"),
        Column("dose_half_target_high_mj_cm2", f"{meaning}, upper end of the 68 % interval", 1, name, "high"),
    )


def _two_photon(workflow: Workflow) -> tuple[Column, ...]:
    return tuple(
        Column(
            two_photon_name(line),
            f"yes where two photons of {line:g} nm reach the lowest singlet; energy alone, not ranked",
        )
        for line in sorted(workflow.exposure.two_photon_nm)
    )


def _alignment(stack: Stack) -> tuple[Column, ...]:
    injects, emitter = stack.at("hil", "anode"), stack.at("emitter")
    columns: list[Column] = []
    if injects is not None:
        meaning = f"How far the film HOMO lies below the level of {injects.name}"
        columns += with_error("hole_injection_barrier", "ev", meaning, 2)
    if emitter is not None:
        below = f"How far the valence band of {emitter.name} lies below the film HOMO"
        above = f"How far the optical LUMO lies above the conduction band of {emitter.name}"
        columns += with_error("hole_barrier_to_emitter", "ev", below, 2)
        columns += with_error("electron_block", "ev", above, 2)
    for trap in TRAPS:
        layer = stack.at(trap.place)
        if layer is not None:
            meaning = f"Probability to trap {trap.carrier} of {layer.name}"
            columns.append(Column(trap.quantity, meaning, 3, trap.quantity))
    return tuple(columns)
