"""What light does: the calibrated spectrum of a candidate against the exposure lines."""

import math
from dataclasses import dataclass

import numpy as np

from actinic.analysis.absorption import (
    RESPONSE_ABSORPTIVITY_L_MOL_CM,
    STEP_EV,
    band_edge_ev,
    lowest_maximum_ev,
    response_edge_ev,
)
from actinic.analysis.calibrated_spectrum import CalibratedSpectrum
from actinic.analysis.ensemble_spectrum import WeakBands
from actinic.analysis.estimate import (
    Estimate,
    fourth_quantiles,
    standard_quantiles,
    tailed_quantiles,
)
from actinic.calculations.weak_states import BRIGHT_STRENGTH
from actinic.chemistry.absorbing_part import AbsorbingPart
from actinic.units import ev_from_nm, nm_from_ev

COVERAGE_MARGIN_SIGMA = 3.0
"""A line closer than this many standard errors to the end of the computed roots is unknown."""

DARK_STRENGTH = 1e-3
"""A lowest state is called dark below this oscillator strength: alone it would not count as a band."""

ROUNDING_EV = 1e-6
"""What shifting a spectrum to and fro may take off how far it reaches."""

_CHUNK = 64
"""Energies at which a curve is computed at a time."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """What the light source is and what counts as answering to it.

    Attributes:
        lines_nm: Exposure lines, ascending.
        target_nm: The line the candidate should answer to; None when there is none.
        answers_l_mol_cm: Molar absorptivity from which a molecule answers.
        silent_l_mol_cm: Molar absorptivity up to which it is silent.
    """

    lines_nm: tuple[float, ...]
    target_nm: float | None
    answers_l_mol_cm: float
    silent_l_mol_cm: float


def band_quantities(spectrum: CalibratedSpectrum) -> dict[str, Estimate]:
    """Band maximum, band edge and response edge in nm; those outside the window are left out."""
    energies_ev = {
        "band_max_nm": lowest_maximum_ev(spectrum.sticks),
        "band_edge_nm": band_edge_ev(spectrum.sticks, spectrum.width_ev),
        "response_edge_nm": None
        if spectrum.weak
        else response_edge_ev(spectrum.sticks, spectrum.width_ev, 1 / spectrum.intensity),
    }
    of_edges = spectrum.edge_error_ev, spectrum.edge_tail
    errors_ev = {"band_max_nm": (spectrum.standard_error_ev, 1.0)}
    found = {
        name: _in_nm(ev, *errors_ev.get(name, of_edges)) for name, ev in energies_ev.items() if ev is not None
    }
    edge = None if spectrum.weak is None else _ensemble_edge(spectrum, spectrum.weak)
    return found if edge is None else found | {"response_edge_nm": edge}


def _ensemble_edge(spectrum: CalibratedSpectrum, weak: WeakBands) -> Estimate | None:
    """Response edge of bands that do not move together."""
    grid = np.arange(max(weak.lowest_ev - 1.2, 0.2), spectrum.sticks.covered_ev, STEP_EV)
    quantiles, sampled = (np.array([0.0, *some]) for some in (standard_quantiles(), fourth_quantiles()))
    edges: list[float | None] = [None] * quantiles.size
    pending = np.arange(quantiles.size)
    for start in range(0, grid.size, _CHUNK):  # edges lie near the red end, and the curve costs
        part = grid[start : start + _CHUNK]
        curves = spectrum.absorptivity_l_mol_cm(
            np.tile(part, pending.size),
            np.repeat(quantiles[pending], part.size),
            np.repeat(sampled[pending], part.size),
        )
        above = curves.reshape(pending.size, part.size) >= RESPONSE_ABSORPTIVITY_L_MOL_CM
        reached = above.any(axis=1)
        for which, first in zip(pending[reached], above[reached].argmax(axis=1), strict=True):
            edges[which] = nm_from_ev(float(part[first]))
        pending = pending[~reached]
        if not pending.size:
            break
    value, *draws = edges
    return None if value is None else Estimate(value, tuple(draws))


def line_quantities(spectrum: CalibratedSpectrum, exposure: Exposure) -> dict[str, Estimate]:
    """Absorptivity and probability to answer at each line, and selectivity for the target.

    A line beyond what the roots cover is left out: unknown, not dark.
    """
    found: dict[str, Estimate] = {}
    for line_nm in sorted({*exposure.lines_nm, *_target(exposure)}):
        absorptivity = _absorptivity(spectrum, line_nm)
        if absorptivity is None:
            continue
        label = f"{line_nm:g}_nm"
        found[f"absorptivity_{label}_l_mol_cm"] = absorptivity
        found[f"p_answers_{label}"] = Estimate.exact(absorptivity.probability(exposure.answers_l_mol_cm))
        if line_nm == exposure.target_nm:
            found["absorptivity_target_l_mol_cm"] = absorptivity
    selective = _selectivity(found, exposure)
    return found if selective is None else {**found, "p_selective_target": selective}


def coverage_caveats(spectrum: CalibratedSpectrum, exposure: Exposure) -> tuple[str, ...]:
    """Which lines are unknown because roots may be missing there, and how far they would have to reach."""
    reached_ev = spectrum.sticks.covered_ev - spectrum.shift_ev
    return tuple(
        f"{line_nm:g} nm lies beyond the computed roots: raise cover_ev to {needed_ev:.1f}"
        for line_nm in sorted({*exposure.lines_nm, *_target(exposure)})
        if (needed_ev := math.ceil(10 * _needed_cover_ev(spectrum, line_nm)) / 10) > reached_ev + ROUNDING_EV
    )


def dark_state_caveat(spectrum: CalibratedSpectrum) -> str | None:
    """Says where a dark state lies below the lowest band, or where sampling lit it; None without one."""
    if spectrum.weak is not None:
        return (
            f"weak bands from {nm_from_ev(spectrum.weak.lowest_ev):.0f} nm: {spectrum.weak.n_geometries} "
            f"sampled geometries, {spectrum.weak.n_modes_left_out} soft modes left out"
        )
    band_ev = lowest_maximum_ev(spectrum.sticks)
    dark_ev = min(spectrum.sticks.energies_ev, default=None)
    end_ev = spectrum.sticks.covered_ev if band_ev is None else band_ev
    if dark_ev is None or dark_ev > end_ev - spectrum.width_ev:
        return None
    pairs = zip(spectrum.sticks.energies_ev, spectrum.sticks.strengths, strict=True)
    if sum(strength for energy, strength in pairs if energy < dark_ev + spectrum.width_ev) >= DARK_STRENGTH:
        return None
    return (
        f"a nearly dark state at about {nm_from_ev(dark_ev):.0f} nm: vibrations lend it intensity that is "
        "not computed, absorptivities around it are lower bounds"
    )


def _needed_cover_ev(spectrum: CalibratedSpectrum, line_nm: float) -> float:
    """Raw energy up to which roots must be known before the absorptivity at a line is."""
    margin_ev = COVERAGE_MARGIN_SIGMA * spectrum.standard_error_ev
    return ev_from_nm(line_nm) + margin_ev - spectrum.shift_ev


def _target(exposure: Exposure) -> tuple[float, ...]:
    return () if exposure.target_nm is None else (exposure.target_nm,)


def _in_nm(energy_ev: float, error_ev: float, tail: float) -> Estimate:
    moved = (energy_ev + error_ev * q for q in tailed_quantiles(tail))
    return Estimate(nm_from_ev(energy_ev), tuple(nm_from_ev(e) for e in moved))


def _absorptivity(spectrum: CalibratedSpectrum, line_nm: float) -> Estimate | None:
    """At one line, over the errors of the spectrum; None where roots may be missing."""
    line_ev = ev_from_nm(line_nm)
    if _needed_cover_ev(spectrum, line_nm) > spectrum.sticks.covered_ev - spectrum.shift_ev:
        return None
    values = spectrum.alternatives_l_mol_cm(np.array([line_ev]))[0].tolist()
    return Estimate(values[0], tuple(values[1:]))


def _selectivity(found: dict[str, Estimate], exposure: Exposure) -> Estimate | None:
    """P(answers at the target and is silent at every longer line), draw by draw."""
    target = found.get("absorptivity_target_l_mol_cm")
    if target is None or exposure.target_nm is None:
        return None
    longer = [n for n in exposure.lines_nm if n > exposure.target_nm]
    others = [found[f"absorptivity_{n:g}_nm_l_mol_cm"].draws for n in longer]
    hits = [
        float(at_target is not None and at_target >= exposure.answers_l_mol_cm)
        * all(draw is not None and draw <= exposure.silent_l_mol_cm for draw in rest)
        for at_target, *rest in zip(target.draws, *others, strict=True)
    ]
    return Estimate.exact(sum(hits) / len(hits))


def reaches_with_two_photons(spectrum: CalibratedSpectrum, line_nm: float) -> bool | None:
    """Whether two photons of a line together reach the lowest excited singlet; None where it is not known.

    Energy alone: nothing is said of how strongly two photons are absorbed.
    """
    pair_ev = 2 * ev_from_nm(line_nm)
    states_ev = [*spectrum.sticks.energies_ev, *([spectrum.weak.lowest_ev] if spectrum.weak else [])]
    if any(energy_ev <= pair_ev for energy_ev in states_ev):
        return True
    return False if spectrum.sticks.covered_ev >= pair_ev else None


def part_caveats(part: AbsorbingPart, lowest_strength: float | None) -> list[str]:
    """That a spectrum is not of the whole molecule, of what it is, and where that may matter.

    Args:
        part: What was computed.
        lowest_strength: Oscillator strength of its lowest excitation; None without any.
    """
    said = f"spectrum of a trimmed model, {part.species.smiles}: {part.n_cut} of {part.n_heavy} heavy atoms"
    if part.copies == 1:
        said += " cut off"
    else:
        said += f" left out, absorptivities times {part.copies} for as many equal parts"
    if lowest_strength is None or lowest_strength >= BRIGHT_STRENGTH:
        return [said]
    return [
        said,
        "weak lowest state of the trimmed model: of the whole molecule another band may count",
    ]
