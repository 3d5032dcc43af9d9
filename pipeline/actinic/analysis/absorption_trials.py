"""Other ways to make edges and probabilities from the same roots, against the shipped one: what was tried.

None of them is used. They stand here so that the table in `docs/validation.md` can be made again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from rdkit import Chem

from actinic.analysis.absorption import (
    UNFITTED_WIDTH_EV,
    Sticks,
    band_edge_ev,
    molar_absorptivity_l_mol_cm,
)
from actinic.analysis.absorption_compared import TrialRow, compared
from actinic.analysis.absorption_edges import (
    WINDOW_NM,
    Predicted,
    absorbing_share,
    absorbs_probability,
)
from actinic.analysis.absorption_models import Points, gaussian_process
from actinic.analysis.absorption_pair import PairFit, absorbs_in_the_middle, in_the_middle
from actinic.analysis.absorption_points import DESCRIPTORS, descriptor_matrix, placed_sticks, raw_ev
from actinic.analysis.absorption_validation import SpreadRow, rank_correlation
from actinic.analysis.absorption_width import Flanks, flanks
from actinic.analysis.calibration import AbsorptionCalibration
from actinic.analysis.estimate import fourth_quantiles, standard_quantiles
from actinic.analysis.measured_spectrum import read_spectrum
from actinic.analysis.npi_states import weak_calibration
from actinic.analysis.validation import Real
from actinic.calculations.weak_states import BRIGHT_STRENGTH
from actinic.level import Level
from actinic.units import ev_from_nm

LEAST_STRENGTHS = (0.001, 0.005)
"""Least oscillator strengths of dark states: 28 and 140 L mol-1 cm-1 with the widths and factors shipped."""

SPREAD = 0.4
"""Standard deviation of the logarithm of the widths that single molecules ask for, about that found."""

READ_OFF = "edges read off as measured ones were"
SPECTRUM_NM = np.arange(WINDOW_NM[0], WINDOW_NM[1] + 1)

FUSED = Chem.MolFromSmarts("[R2]")
"""An atom that two rings share."""


@dataclass(frozen=True, slots=True)
class _Way:
    """What a trial makes of one molecule: excitations, and widths and errors of position of each draw."""

    sticks: Sticks
    width_ev: float
    widths_ev: Real
    errors_ev: Real

    @property
    def edge_ev(self) -> float:
        edge_ev = band_edge_ev(self.sticks, self.width_ev)
        return float("nan") if edge_ev is None else edge_ev

    @property
    def probability(self) -> float:
        return absorbing_share(self.sticks, self.errors_ev, self.widths_ev)


def trial_rows(
    predicted: Sequence[Predicted], calibration: AbsorptionCalibration, level: str, known: Points
) -> tuple[TrialRow, ...]:
    """All trials on the molecules with a measured spectrum; the shipped way comes first.

    Args:
        predicted: Their spectra by the line and the width of other scaffolds.
        calibration: For the standard errors.
        level: Functional and basis; its correction of n-pi* states is one of the trials.
        known: What the line is fitted to.
    """
    quantiles = np.array(standard_quantiles())
    of_class = _by_class(predicted)
    smooth = by_the_process(predicted, known) if known else {}

    def way(one: Predicted, width_ev: float, sticks: Sticks | None = None) -> _Way:
        errors_ev = calibration.error_ev(one.strength) * quantiles
        return _Way(sticks or one.sticks, width_ev, np.full(quantiles.size, width_ev), errors_ev)

    def unsure(one: Predicted) -> _Way:
        plain = way(one, one.width_ev)
        factors = np.exp(SPREAD * np.array(fourth_quantiles()))
        return _Way(plain.sticks, plain.width_ev, plain.widths_ev * factors, plain.errors_ev)

    def wider_error(one: Predicted) -> _Way:
        plain = way(one, one.width_ev)
        return _Way(plain.sticks, plain.width_ev, plain.widths_ev, plain.errors_ev * calibration.edge_ratio)

    def raised(shift_ev: float, least: float, one: Predicted) -> _Way:
        return way(one, one.width_ev, with_dark_states(one, shift_ev, least))

    ways: dict[str, Callable[[Predicted], _Way]] = {
        "shipped": lambda one: way(one, one.width_ev),
        f"bands {UNFITTED_WIDTH_EV:g} eV wide, as before": lambda one: way(one, UNFITTED_WIDTH_EV),
        "the line for every state": lambda one: way(one, one.width_ev, each_by_the_line(one)),
        "two widths, fused rings or none": lambda one: way(one, of_class[one.point.measured.id]),
        "width of each uncertain": unsure,
        "error of edges for the position": wider_error,
    }
    if smooth:
        ways["a Gaussian process for the line"] = lambda o: way(o, o.width_ev, smooth[o.point.measured.id])
    weak = weak_calibration(Level.parse(level))
    if weak is not None:
        ways["dark states by their own correction"] = partial(raised, weak.shift_ev, 0.0)
        for least in LEAST_STRENGTHS:
            ways[f"and at least f = {least:g} strong"] = partial(raised, weak.shift_ev, least)
    made = {name: [make(one) for one in predicted] for name, make in ways.items()}
    edges_ev = {name: np.array([one.edge_ev for one in some]) for name, some in made.items()}
    probabilities = {name: np.array([one.probability for one in some]) for name, some in made.items()}
    edges_ev[READ_OFF] = np.array([read_off_ev(one) for one in predicted])
    probabilities[READ_OFF] = probabilities["shipped"]
    return compared(predicted, edges_ev, probabilities)


def mean_rows(
    first: tuple[Sequence[Predicted], AbsorptionCalibration],
    second: tuple[Sequence[Predicted], AbsorptionCalibration],
    pair: PairFit,
) -> tuple[TrialRow, ...]:
    """A second level, alone and with the first, against the shipped way of the first.

    Args:
        first: Spectra and calibration of the first.
        second: The same molecules in the same order by the second.
        pair: The spectrum of the first in the middle of both.
    """
    edges = [np.array([one.edge_ev for one in some]) for some, _ in (first, second)]
    probabilities = [
        np.array([absorbs_probability(one, by.error_ev(one.strength)) for one in some])
        for some, by in (first, second)
    ]
    middle = in_the_middle(first[0], second[0])
    level = pair.second
    found = compared(
        first[0],
        {
            "shipped": edges[0],
            level: edges[1],
            f"mean with {level}": 0.5 * (edges[0] + edges[1]),
            f"moved to the middle of both, {level}": np.array([one.edge_ev for one in middle]),
        },
        {
            "shipped": probabilities[0],
            level: probabilities[1],
            f"mean with {level}": 0.5 * (probabilities[0] + probabilities[1]),
            f"moved to the middle of both, {level}": np.array(
                absorbs_in_the_middle(first[0], second[0], pair)
            ),
        },
    )
    return found[1:]


def edge_error_rows(predicted: Sequence[Predicted]) -> tuple[SpreadRow, ...]:
    """Rank correlation of the errors of edges, with their sign, with descriptors of the molecule; no bounds.

    Bands that move charge lie further red in a polar solvent than in a vacuum: their errors would be positive
    if solvents made them, so that they would fall with the orbital gap minus energy, rise with the dipole.
    """
    inside = [one for one in predicted if not one.point.measured.edge_is_bound]
    errors = np.array([one.edge_ev - (one.point.measured.band_edge_ev or 0.0) for one in inside])
    columns = descriptor_matrix([one.point for one in inside]).T
    return tuple(
        SpreadRow(name, *rank_correlation(columns[DESCRIPTORS.index(key)], errors))
        for name, key in (
            ("orbital gap minus energy", "binding"),
            ("dipole moment", "dipole"),
            ("strength of the band", "log strength"),
            ("a state below the band", "dark below"),
            ("energy", "raw"),
            ("heavy atoms", "log size"),
        )
    )


def read_off_ev(one: Predicted) -> float:
    """Its edge, read off the computed spectrum as measured ones were; that of its lowest band without a peak.

    What counts as the lowest peak of a measured spectrum is at least a tenth as high as the highest in 220 to
    400 nm; a computed band counts however much higher another one is.
    """
    energies_ev = np.array([ev_from_nm(nm) for nm in SPECTRUM_NM.tolist()])
    curve = molar_absorptivity_l_mol_cm(one.sticks, energies_ev, one.width_ev)
    found = read_spectrum(SPECTRUM_NM, curve, ()) if curve.max() > 0 else None
    return one.edge_ev if found is None else ev_from_nm(found.band_edge_nm)


def with_dark_states(one: Predicted, shift_ev: float, least_strength: float) -> Sticks:
    """The spectrum with its dark states, those below the first bright one, moved by a shift of their own.

    Args:
        one: A molecule; without a bright state its spectrum is left as it is.
        shift_ev: Added to the computed energies of its dark states.
        least_strength: Oscillator strength that each of them has at least.
    """
    raw, moved = one.point.sticks, one.sticks
    strengths = np.array(raw.strengths)
    bright = np.flatnonzero(strengths >= BRIGHT_STRENGTH)
    if not bright.size:
        return moved
    dark = np.arange(strengths.size) < bright[0]
    energies_ev = np.where(dark, np.array(raw.energies_ev) + shift_ev, moved.energies_ev)
    raised = np.where(dark, np.maximum(strengths, least_strength), strengths)
    return Sticks(tuple(energies_ev.tolist()), tuple(raised.tolist()), moved.covered_ev)


def by_the_process(predicted: Sequence[Predicted], known: Points) -> dict[str, Sticks]:
    """Spectra whose lowest band lies where a Gaussian process of other scaffolds puts it, by id."""
    found = {}
    fitted = {p.scaffold for p in known}
    by_scaffold: dict[str, list[Predicted]] = {}
    for one in predicted:
        by_scaffold.setdefault(one.point.scaffold if one.point.scaffold in fitted else "", []).append(one)
    for scaffold, members in by_scaffold.items():
        predict = gaussian_process([point for point in known if point.scaffold != scaffold])
        bands_ev, _ = predict([one.point for one in members])
        for one, shift_ev in zip(members, bands_ev - raw_ev([one.point for one in members]), strict=True):
            found[one.point.measured.id] = placed_sticks(one.point, float(shift_ev), one.slope)
    return found


def each_by_the_line(one: Predicted) -> Sticks:
    """The spectrum with every state, those above the lowest band as well, where the line puts it."""
    raw = one.point.sticks
    energies_ev = one.band_ev + one.slope * (np.array(raw.energies_ev) - one.point.raw_ev)
    return Sticks(tuple(energies_ev.tolist()), raw.strengths, raw.covered_ev + one.shift_ev)


def _by_class(predicted: Sequence[Predicted]) -> dict[str, float]:
    """A width from the flanks of other scaffolds of the same class: with fused rings or without."""
    found = {}
    fused = [Chem.MolFromSmiles(one.point.smiles).HasSubstructMatch(FUSED) for one in predicted]
    for kind in (True, False):
        members = [one for one, is_fused in zip(predicted, fused, strict=True) if is_fused == kind]
        wide: Flanks = flanks([one.point for one in members], predicted[0].line)
        for one in members:
            found[one.point.measured.id] = wide.width_ev(without=one.point.scaffold) or one.width_ev
    return found
