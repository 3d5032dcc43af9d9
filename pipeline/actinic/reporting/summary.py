"""One line per candidate: what light does, what heat does."""

from actinic.analysis.exposure import Exposure
from actinic.analysis.heat import HeatChannel
from actinic.analysis.heat_report import HIGHEST_C, activation_label, shelf_life
from actinic.chemistry.motifs import match
from actinic.screening.tiers import Progress

LIKELY, UNLIKELY = 2 / 3, 0.05
"""Probabilities from which a candidate answers at a line, and below which it does not.

"Likely" and "extremely unlikely" in the language of the IPCC (M. D. Mastrandrea et al., Guidance note on
consistent treatment of uncertainties, 2010): "answers" is not said of what misses the mark in four of ten.
"""

VERDICTS = ("answers at", "may answer at", "silent at", "unknown at")

LASTING = 0.95
"""Fraction left after the soft bake from which it survives it."""


def light_line(where: Progress, exposure: Exposure) -> str:
    """Where the candidate answers, and what gives way there; empty without a spectrum."""
    quantities = where.assessment.quantities
    if where.assessment.spectrum is None:
        return ""
    groups: dict[str, list[str]] = {}
    for line in sorted(exposure.lines_nm):
        found = quantities.get(f"p_answers_{line:g}_nm")
        groups.setdefault(_verdict(None if found is None else found.value), []).append(f"{line:g}")
    said = [f"{verdict} {', '.join(groups[verdict])} nm" for verdict in VERDICTS if verdict in groups]
    return f"{'; '.join(said)}. {_photoreaction(where)}"


def heat_line(where: Progress) -> str:
    """At which temperature it reacts by itself, how that is known, and whether it outlasts bake and shelf."""
    found, first = where.assessment.heat, where.assessment.heat.first
    if first is None:
        return f"at which temperature is not known ({'; '.join(found.unknown)})" if found.unknown else ""
    said = [_what(first, activation_label(found).partition(";")[0])]
    survival = where.assessment.quantities.get("bake_survival")
    if survival is not None:
        said.append(_bake(survival.value))
    shelf = shelf_life(found)
    said += [f"on the shelf: {shelf}"] if shelf else []
    said += [f"also open, barrier not known: {'; '.join(found.unknown)}"] if found.unknown else []
    return "; ".join(said)


def summary(where: Progress, exposure: Exposure) -> str:
    """Both lines in one."""
    light, heat = light_line(where, exposure), heat_line(where)
    return " ".join(
        f"{name}: {text.rstrip('.')}." for name, text in (("Light", light), ("Heat", heat)) if text
    )


def _verdict(probability: float | None) -> str:
    answers, may_answer, silent, unknown = VERDICTS
    if probability is None:
        return unknown
    if probability >= LIKELY:
        return answers
    return may_answer if probability > UNLIKELY else silent


def _photoreaction(where: Progress) -> str:
    """The first motif that light breaks, with what it releases."""
    for site in match(where.known.species):
        motif = site.motif
        if "light" not in motif.stimuli:
            continue
        released = f"; releases {motif.releases}" if motif.releases else ""
        channel = next((one.name for one in motif.channels if "light" in one.activation), "")
        return f"{motif.name}: {channel}{released}"
    reaction = where.assessment.reaction
    if reaction is not None and not reaction.reaction.motif:
        return f"no photo-labile group; weakest bond computed {reaction.reaction.label}"
    return "No photo-labile group"


def _what(first: HeatChannel, label: str) -> str:
    if first.how == "weakest bond by type" and first.temperature_c.value >= HIGHEST_C:
        return f"nothing expected below {HIGHEST_C:g} C ({label}: {first.bond})"
    cured = "; may polymerise in storage" if first.how == "class range, Tg-limited" else ""
    return f"{first.what} {_temperature(first)} ({label}){cured}"


def _temperature(first: HeatChannel) -> str:
    value, ends = first.temperature_c.value, first.temperature_c.interval()
    if value >= HIGHEST_C:
        return f"above {HIGHEST_C:g} C"
    if first.how == "class range, Tg-limited":
        present = [draw for draw in first.temperature_c.draws if draw is not None]
        return f"at {round(min(present), -1):.0f}-{round(max(present), -1):.0f} C"
    error = 0.0 if ends is None else (ends[1] - ends[0]) / 2
    if first.how == "equilibrium":
        return f"from {value:.0f} ± {error:.0f} C"
    return f"{'at or below' if first.upper_limit else 'at'} {value:.0f} ± {error:.0f} C"


def _bake(left: float) -> str:
    if left >= LASTING:
        return "survives the soft bake"
    return f"{left:.0%} left after the soft bake" if left >= 0.01 else "lost in the soft bake"
