"""Corrections fitted to experiment, with the error they leave, read from a file shipped with the package."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from actinic.analysis.absorption import UNFITTED_WIDTH_EV
from actinic.level import Level

UNFITTED_SHARE = 0.25
"""Share of the error's variance in common where it was not fitted.

A convention on the safe side. Where three molecules of a set or class of the reference molecules are measured
and the others predicted, the share that is fitted to them (its lower bound, 0.1) moves no mean error down by
more than 0.02 eV and none up by more than 0.01 eV (`actinic validate absorption`): three points do not help
on average and hardly harm. They help where a whole set is off together, which the tests make up.
"""

NOT_OF_PAIRS: Mapping[str, None] = {"strong_error_ev": None, "weak_error_ev": None}
"""What is fitted to single levels alone."""

STRONG_BAND = 0.1
"""Oscillator strength from which the lowest band counts as strong: between forbidden and allowed ones."""


@dataclass(frozen=True, slots=True)
class AbsorptionCalibration:
    """Straight line from raw to observed energy of the lowest band.

    Attributes:
        slope: Dimensionless.
        intercept_ev: Observed minus slope times raw.
        standard_error_ev: Of maxima of molecules left out of the fit, see `validation.normal_scale`.
        mean_absolute_error_ev: Mean absolute error on the same.
        raw_error_ev: Mean absolute error without the line.
        baseline_error_ev: Mean absolute error of predicting the mean of the set.
        log10_intensity: What to add to the decadic logarithm of a computed absorptivity.
        log10_intensity_error: Standard deviation of what remains, on molecules left out of the fit.
        n_intensity: Number of molecules with a measured absorptivity.
        valid_from_ev: Lowest raw energy of the molecules fitted.
        valid_to_ev: Highest raw energy of the molecules fitted.
        n: Number of molecules fitted.
        edge_error_ev: Standard error of red edges of measured spectra, of molecules left out of the fit; None
            where they were not compared, and that of the maxima is taken.
        edge_tail: Times 1.96 of these within which 95 % of the edges lie; 1 for a normal distribution.
        strong_error_ev: That of maxima for molecules whose lowest band has an oscillator strength of
            `STRONG_BAND` and more; None where the data do not tell the two apart.
        weak_error_ev: The same for all others.
        shared_share: Part of the error's variance that molecules of a chromophore class have in common.
        width_ev: Gaussian standard deviation that gives bands the flanks of measured spectra.
        members: How many of the molecules fitted are of each chromophore class; empty where not counted.
        doubt: Share of the distance between two levels that is a standard error besides; 0 with one level.
    """

    slope: float
    intercept_ev: float
    standard_error_ev: float
    mean_absolute_error_ev: float
    raw_error_ev: float
    baseline_error_ev: float
    log10_intensity: float
    log10_intensity_error: float
    n_intensity: int
    valid_from_ev: float
    valid_to_ev: float
    n: int
    edge_error_ev: float | None = None
    edge_tail: float = 1.0
    strong_error_ev: float | None = None
    weak_error_ev: float | None = None
    shared_share: float = UNFITTED_SHARE
    width_ev: float = UNFITTED_WIDTH_EV
    members: Mapping[str, int] = field(default_factory=dict)
    doubt: float = 0.0

    def shift_ev(self, raw_ev: float) -> float:
        """What to add to the whole raw spectrum whose lowest band lies at `raw_ev`."""
        return self.slope * raw_ev + self.intercept_ev - raw_ev

    def error_ev(self, band_strength: float | None) -> float:
        """Standard error of the position of a spectrum whose lowest band is so strong; None without a band.

        Strong bands move electrons further, and what is left out moves with them: solvent, torsion, the
        functional's exchange at long range.
        """
        if self.strong_error_ev is None or self.weak_error_ev is None or band_strength is None:
            return self.standard_error_ev
        return self.strong_error_ev if band_strength >= STRONG_BAND else self.weak_error_ev

    @property
    def edge_ratio(self) -> float:
        """Standard error of an edge over that of a maximum: flanks feel what the line does not see."""
        return 1.0 if self.edge_error_ev is None else self.edge_error_ev / self.standard_error_ev

    def holds_at(self, raw_ev: float) -> bool:
        """Whether `raw_ev` lies within the range of the molecules fitted."""
        return self.valid_from_ev <= raw_ev <= self.valid_to_ev


@dataclass(frozen=True, slots=True)
class FilmCalibration:
    """Constant shift from the tight-binding HOMO to the film HOMO level.

    Attributes:
        shift_ev: Added to the tight-binding HOMO.
        standard_error_ev: Root mean square error on molecules left out of the fit.
        mean_absolute_error_ev: Mean absolute error on the same.
        baseline_error_ev: Mean absolute error of predicting the mean of the set.
        min_heavy_atoms: Smallest molecule fitted; smaller ones are outside the domain.
        n: Number of molecules fitted.
    """

    shift_ev: float
    standard_error_ev: float
    mean_absolute_error_ev: float
    baseline_error_ev: float
    min_heavy_atoms: int
    n: int


@dataclass(frozen=True, slots=True)
class IonisationCalibration:
    """Constant shift from a computed vertical ionisation energy to the measured one, gas phase.

    Attributes:
        shift_ev: Added to the computed one.
        standard_error_ev: Root mean square error on molecules left out of the fit.
        mean_absolute_error_ev: Mean absolute error on the same.
        baseline_error_ev: Mean absolute error of predicting the mean of the set.
        max_heavy_atoms: Largest molecule fitted.
        n: Number of molecules fitted.
    """

    shift_ev: float
    standard_error_ev: float
    mean_absolute_error_ev: float
    baseline_error_ev: float
    max_heavy_atoms: int
    n: int


@dataclass(frozen=True, slots=True)
class AffinityCalibration:
    """Constant shift from a computed electron affinity in a continuum to that of films of acceptors.

    Attributes:
        shift_ev: Added to the computed one.
        standard_error_ev: A convention: nothing but a few acceptors was compared.
        min_heavy_atoms: Smallest acceptor fitted; smaller molecules are outside the domain.
        n: Number of acceptors fitted.
    """

    shift_ev: float
    standard_error_ev: float
    min_heavy_atoms: int
    n: int


def absorption_calibration(level: Level, second: Level | None = None) -> AbsorptionCalibration | None:
    """The line for `level`; None when it was never calibrated.

    In a solvent in which spectra were not compared, its errors are those of the gas phase.

    Args:
        level: Functional, basis and solvent of the spectrum.
        second: Another one in the same solvent that has a say in where the spectrum lies; the errors are
            those of the mean then.
    """
    lines = _table()["absorption"]
    row = lines.get(str(level)) or lines.get(str(level.in_gas_phase))
    if row is None or second is None:
        return None if row is None else AbsorptionCalibration(**row)
    pairs = _table().get("absorption_pair", {})
    pair = pairs.get(pair_name(level, second))
    if pair is None and (level.solvent_model, level.solvent) == (second.solvent_model, second.solvent):
        pair = pairs.get(pair_name(level.in_gas_phase, second.in_gas_phase))
    return None if pair is None else AbsorptionCalibration(**{**row, **NOT_OF_PAIRS, **pair})


def pair_name(level: Level, second: Level) -> str:
    """What two levels are called together."""
    return f"{level} and {second}"


def film_calibration(level: Level) -> FilmCalibration | None:
    """The shift for tight-binding `level`, its solvent ignored; None when it was never calibrated."""
    row = _table()["film_homo"].get(level.method)
    return None if row is None else FilmCalibration(**row)


def ionisation_calibration(level: Level) -> IonisationCalibration | None:
    """The shift for `level`; for an anion's, that of the same functional without diffuse functions."""
    table = _table()["gas_ionisation"]
    row = table.get(str(level)) or table.get(str(level).replace("def2-svpd", "def2-svp"))
    return None if row is None else IonisationCalibration(**row)


def affinity_calibration(level: Level) -> AffinityCalibration | None:
    """The shift for `level`, its continuum included; None when it was never compared."""
    row = _table()["film_affinity"].get(str(level))
    return None if row is None else AffinityCalibration(**row)


@cache
def _table() -> dict[str, Any]:
    text = files("actinic.analysis").joinpath("calibration.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
