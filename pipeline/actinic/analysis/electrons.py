"""An electron taken in the gas phase, and one added in a film: never mixed with film levels."""

from dataclasses import dataclass

from actinic.analysis.calibration import affinity_calibration, ionisation_calibration
from actinic.analysis.estimate import Estimate
from actinic.analysis.levels import ORGANIC
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.level import Level

IONISATION, AFFINITY = "gas_ionisation_ev", "electron_affinity_film_ev"

WIDER = 2.0
"""By how much the error grows, by convention, where the calibration holds no molecule of this kind."""


@dataclass(frozen=True, slots=True)
class Electrons:
    """Vertical energies of the lowest conformer, as computed.

    Attributes:
        ionisation_ev: What it costs to take an electron; None where not asked for or not known.
        ionisation_level: At what level, gas phase.
        affinity_ev: What adding one yields; None likewise.
        affinity_level: At what level, a continuum included.
        unknown: Why something asked for is not there, in sentences.
    """

    ionisation_ev: float | None = None
    ionisation_level: Level | None = None
    affinity_ev: float | None = None
    affinity_level: Level | None = None
    unknown: tuple[str, ...] = ()


def electron_quantities(
    found: Electrons, species: Species, geometry: Geometry
) -> tuple[dict[str, Estimate], list[str]]:
    """Calibrated quantities by name, and what to know before believing them."""
    quantities: dict[str, Estimate] = {}
    caveats = list(found.unknown)
    if found.ionisation_ev is not None and found.ionisation_level is not None:
        one, said = _ionisation(found.ionisation_ev, found.ionisation_level, species, geometry)
        quantities |= {} if one is None else {IONISATION: one}
        caveats += said
    if found.affinity_ev is not None and found.affinity_level is not None:
        one, said = _affinity(found.affinity_ev, found.affinity_level, geometry)
        quantities |= {} if one is None else {AFFINITY: one}
        caveats += said
    return quantities, caveats


def _ionisation(
    raw_ev: float, level: Level, species: Species, geometry: Geometry
) -> tuple[Estimate | None, list[str]]:
    """From the fit to small neutral molecules; an anion has no shift of its own, and a wider error."""
    line = ionisation_calibration(level)
    if line is None:
        return None, [f"no calibration of ionisation energies for {level}: not reported"]
    if species.charge < 0:
        said = ["gas-phase ionisation: that of a free anion, nothing fitted, its error doubled by convention"]
        said += [f"unbound in the gas phase by {-raw_ev:.2f} eV"] if raw_ev <= 0 else []
        return Estimate.normal(raw_ev, WIDER * line.standard_error_ev), said
    value_ev, error_ev = raw_ev + line.shift_ev, line.standard_error_ev
    if geometry.n_heavy_atoms <= line.max_heavy_atoms and ORGANIC.issuperset(geometry.symbols):
        return Estimate.normal(value_ev, error_ev), []
    text = f"fitted to organics of up to {line.max_heavy_atoms} heavy atoms, its error doubled by convention"
    return Estimate.normal(value_ev, WIDER * error_ev), [f"gas-phase ionisation: {text}"]


def _affinity(raw_ev: float, level: Level, geometry: Geometry) -> tuple[Estimate | None, list[str]]:
    """Outside its domain where the added electron is not bound: a minimal basis says nothing of it."""
    line = affinity_calibration(level)
    if line is None:
        return None, [f"no calibration of affinities for {level}: not reported"]
    value_ev = raw_ev + line.shift_ev
    large = geometry.n_heavy_atoms >= line.min_heavy_atoms and ORGANIC.issuperset(geometry.symbols)
    said = [f"electron affinity: moved by {line.n} acceptors, its error is a convention"]
    if not large:
        said = [f"electron affinity not given: compared for organics from {line.min_heavy_atoms} heavy atoms"]
    elif value_ev <= 0:
        said = ["electron affinity not given: no electron is bound"]
    return Estimate.normal(value_ev, line.standard_error_ev, calibrated=large and value_ev > 0), said
