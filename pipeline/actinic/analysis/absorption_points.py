"""What the calibration of absorption is fitted to and judged on: computed beside measured, per molecule."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from actinic.analysis.absorption import (
    BAND_ABSORPTIVITY_L_MOL_CM,
    Placement,
    Sticks,
    anchor_band_ev,
    band_strength,
)
from actinic.analysis.absorption_domain import chromophore, scaffold
from actinic.analysis.merging import PLAIN, merged_sticks
from actinic.analysis.state_rules import StateRules
from actinic.analysis.transfer_states import is_weak_transfer
from actinic.analysis.validation import Real
from actinic.calculations.spectrum import SpectrumResult, Transition
from actinic.chemistry.species import Species

STRONG_L_MOL_CM = 3000.0
"""What counts as the pi-pi* band of an azo compound: its n-pi* band, up to 1500, is reported apart."""

DESCRIPTORS = ("raw", "log strength", "binding", "dark below", "homo", "lumo", "dipole", "log size")


@dataclass(frozen=True, slots=True)
class Measured:
    """What experiment says about one molecule.

    Attributes:
        id: Its name.
        collection: The set it is from.
        band_max_ev: Energy of the maximum.
        log10_absorptivity: Decadic logarithm of the molar absorptivity there; None where not reported.
        band_edge_ev: Energy of the 10 % edge; None where there is no spectrum.
        edge_is_bound: Whether that is only an upper bound of the energy.
        relative: Absorbance by wavelength in nm, relative to the maximum of the spectrum.
        npi_max_ev: Energy of the maximum of a weaker n-pi* band; None where not reported.
    """

    id: str
    collection: str
    band_max_ev: float
    log10_absorptivity: float | None
    band_edge_ev: float | None
    edge_is_bound: bool
    relative: Mapping[int, float]
    npi_max_ev: float | None = None


@dataclass(frozen=True, slots=True)
class AbsorptionPoint:
    """One molecule, measured and computed.

    Attributes:
        measured: What experiment says.
        smiles: The molecule.
        chromophore: Its class.
        scaffold: What is left out together with it.
        sticks: Raw excitations.
        raw_ev: Energy of the lowest computed band.
        strength: Its oscillator strength.
        descriptors: Of the state behind it, in the order of `DESCRIPTORS`: its energy (eV); decadic logarithm
            of its oscillator strength; orbital gap minus energy (eV), small for charge transfer; how far the
            lowest state lies below (eV), above 0 with an n-pi* state; orbital levels (eV); dipole moment
            (debye); natural logarithm of the number of heavy atoms.
        cpu_s: Processor time of all its calculations.
        rules: How states of some kinds are treated in `sticks`.
        states: What `sticks` were made from, in their order; empty where that is not known.
    """

    measured: Measured
    smiles: str
    chromophore: str
    scaffold: str
    sticks: Sticks
    raw_ev: float
    strength: float
    descriptors: tuple[float, ...]
    cpu_s: float
    rules: StateRules = PLAIN
    states: tuple[Transition, ...] = ()

    @property
    def is_transfer(self) -> tuple[bool, ...]:
        """Which of `sticks` are weak charge-transfer states; empty where `states` is."""
        return tuple(map(is_weak_transfer, self.states))


def absorption_point(
    measured: Measured,
    species: Species,
    conformers: Sequence[tuple[float, SpectrumResult]],
    cpu_s: float,
    rules: StateRules = PLAIN,
) -> AbsorptionPoint | None:
    """A point of the tables; None where no band is computed.

    Args:
        measured: What experiment says.
        species: The molecule.
        conformers: Boltzmann weight and computed spectrum of each, the lowest first; levels and dipole moment
            among the descriptors are those of the lowest.
        cpu_s: Processor time of all its calculations.
        rules: How states of some kinds are treated.
    """
    weights, spectra = zip(*conformers, strict=True)
    spectrum = spectra[0]
    sticks = merged_sticks(spectra, weights, rules)
    raw_ev = anchor_band_ev(sticks, band_threshold_l_mol_cm(measured))
    if raw_ev is None:
        return None
    heavy = sum(atom.GetAtomicNum() > 1 for atom in species.molecule().GetAtoms())
    strength = band_strength(sticks, raw_ev)
    descriptors = (
        raw_ev,
        math.log10(max(strength, 1e-4)),
        spectrum.lumo_ev - spectrum.homo_ev - raw_ev,
        max(raw_ev - min(sticks.energies_ev), 0.0),
        spectrum.homo_ev,
        spectrum.lumo_ev,
        spectrum.dipole_debye,
        math.log(heavy),
    )
    return AbsorptionPoint(
        measured=measured,
        smiles=species.smiles,
        chromophore=chromophore(species),
        scaffold=scaffold(species),
        sticks=sticks,
        raw_ev=raw_ev,
        strength=strength,
        descriptors=descriptors,
        cpu_s=cpu_s,
        rules=rules,
        states=tuple(state for one in spectra for state in one.transitions),
    )


def with_transfer_shift(point: AbsorptionPoint, transfer_ev: float) -> AbsorptionPoint:
    """The same with weak charge-transfer states moved by another amount; as it is where no band is left."""
    energies_ev = tuple(
        energy_ev + (transfer_ev - point.rules.transfer_ev if moved else 0.0)
        for energy_ev, moved in zip(point.sticks.energies_ev, point.is_transfer, strict=True)
    )
    rules = replace(point.rules, transfer_ev=transfer_ev)
    return _with_sticks(replace(point, rules=rules), replace(point.sticks, energies_ev=energies_ev)) or point


def without_npi_rule(point: AbsorptionPoint) -> AbsorptionPoint:
    """The same with n-pi* states treated like all others."""
    plain = replace(point, rules=replace(point.rules, npi_ev=0.0, lone_pairs=()))
    return _with_sticks(plain, replace(point.sticks, is_npi=())) or plain


def with_npi_bounds(point: AbsorptionPoint, below: float, above: int) -> AbsorptionPoint:
    """The same with other bounds of what counts as an n-pi* state, as in `StateRules`."""
    rules = replace(point.rules, below=below, above=above)
    marks = tuple(map(rules.is_npi, point.states))
    return _with_sticks(replace(point, rules=rules), replace(point.sticks, is_npi=marks)) or point


def _with_sticks(point: AbsorptionPoint, sticks: Sticks) -> AbsorptionPoint | None:
    """The same with other excitations; None where no band is left."""
    raw_ev = anchor_band_ev(sticks, band_threshold_l_mol_cm(point.measured))
    if raw_ev is None:
        return None
    return replace(point, sticks=sticks, raw_ev=raw_ev, strength=band_strength(sticks, raw_ev))


def band_threshold_l_mol_cm(measured: Measured) -> float:
    """From which computed absorptivity on a maximum is compared with the measured one."""
    return STRONG_L_MOL_CM if measured.collection == "azo" else BAND_ABSORPTIVITY_L_MOL_CM


def placed_sticks(point: AbsorptionPoint, shift_ev: float, slope: float) -> Sticks:
    """Its excitations on the scale of experiment.

    Args:
        point: The molecule.
        shift_ev: What is added to its lowest band.
        slope: Of the line.
    """
    return Placement(point.raw_ev, shift_ev, slope, point.rules.npi_ev)(point.sticks)


def raw_ev(points: Sequence[AbsorptionPoint]) -> Real:
    """Computed energies of the lowest band, shape (n,)."""
    return np.array([point.raw_ev for point in points])


def measured_ev(points: Sequence[AbsorptionPoint]) -> Real:
    """Measured maxima, shape (n,)."""
    return np.array([point.measured.band_max_ev for point in points])


def descriptor_matrix(points: Sequence[AbsorptionPoint]) -> Real:
    """All descriptors, shape (n, len(DESCRIPTORS))."""
    return np.array([point.descriptors for point in points])
