"""Frontier levels in a film, from the tight-binding HOMO and the optical edge."""

import math

from actinic.analysis.calibration import FilmCalibration
from actinic.analysis.estimate import Estimate
from actinic.chemistry.geometry import Geometry

ORGANIC = frozenset({"H", "B", "C", "N", "O", "F", "Si", "P", "S", "Cl", "Br"})
"""Elements of the films the calibration was fitted on, and their light relatives; no metals."""


def film_homo_ev(homo_ev: float, geometry: Geometry, calibration: FilmCalibration) -> Estimate:
    """HOMO level of the film (negative) from the gas-phase tight-binding HOMO, by a constant shift.

    For neutral molecules; marked uncalibrated for what the shift was not fitted on: metals, small molecules.
    """
    inside = geometry.n_heavy_atoms >= calibration.min_heavy_atoms and ORGANIC.issuperset(geometry.symbols)
    return Estimate.normal(homo_ev + calibration.shift_ev, calibration.standard_error_ev, calibrated=inside)


def lumo_optical_ev(film_homo: Estimate, band_edge_ev: float, band_edge_error_ev: float) -> Estimate:
    """Film HOMO level plus the energy of the optical edge: the LUMO of device-stack diagrams.

    Not an electron affinity: it contains the binding energy of the exciton.
    """
    error_ev = math.hypot(film_homo.standard_error or 0.0, band_edge_error_ev)
    return Estimate.normal(film_homo.value + band_edge_ev, error_ev, calibrated=film_homo.calibrated)
