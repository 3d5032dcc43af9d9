"""What a reaction costs: enthalpies of its species put together, spin-projected, calibrated."""

import math
from dataclasses import dataclass, field
from functools import lru_cache

from actinic.analysis.bond_calibration import bond_calibration
from actinic.analysis.estimate import Estimate
from actinic.analysis.thermochemistry import ATMOSPHERE_PA, ThermalTerms, thermal_terms
from actinic.calculations.energy import EnergyResult
from actinic.calculations.thermal import ThermalResult
from actinic.chemistry.bond_families import bond_family
from actinic.chemistry.misshapen import misshapen
from actinic.chemistry.reactions import Reaction
from actinic.chemistry.species import Species
from actinic.level import Level
from actinic.units import HARTREE_KCAL_MOL

ROOM_K = 298.15
TRIPLET = 3

ATOMIC_SPIN_ORBIT_KCAL_MOL = {
    "C": -0.08, "O": -0.22, "F": -0.39, "S": -0.56, "Cl": -0.84, "Br": -3.51, "I": -7.25,
}  # fmt: skip
"""Lowest fine-structure level against the average of the ground term, from the levels of the NIST Atomic
Spectra Database; every other species is taken to have none."""

OTHER_STEPS_ERROR = 2.0
"""By convention the calibrated error counts this many times where a step is no homolysis: losing N2 or CO2
is not what the line was fitted to."""


CONTAMINATION = 0.1
"""An <S^2> this far above S(S + 1) is said, by convention; a single point refuses five times as much."""


@dataclass(frozen=True, slots=True)
class Computed:
    """All that is known of one species of a reaction.

    Attributes:
        species: The species.
        thermal: Its vibrations, at its lowest conformer.
        energies: Single points there, one per level.
        triplets: The same of the triplet at the same geometry; empty unless the species is an open-shell
            singlet.
        is_relaxed: Whether the single points stand where DFT gradients vanish instead of those of GFN.
    """

    species: Species
    thermal: ThermalResult
    energies: tuple[EnergyResult, ...]
    triplets: tuple[EnergyResult, ...] = ()
    is_relaxed: bool = False

    def electronic_hartree(self, level: int) -> float:
        """Electronic energy at the level with this index; of an open-shell singlet spin-projected."""
        if self.triplets:
            return spin_projected_hartree(self.energies[level], self.triplets[level])
        return self.energies[level].energy_hartree

    @property
    def contamination(self) -> float:
        """How far <S^2> lies above that of the spin asked for at most; mixtures by design apart."""
        judged = self.triplets or self.energies
        multiplicity = TRIPLET if self.triplets else self.species.multiplicity
        expected = (multiplicity**2 - 1) / 4
        return max((energy.spin_square - expected for energy in judged), default=0.0)

    @property
    def thermal_kcal_mol(self) -> float | None:
        """What 298.15 K and, in an atom, spin-orbit coupling add; None where it is no minimum."""
        terms = room_terms(self.thermal)
        return None if terms is None else terms.enthalpy_kcal_mol + self._spin_orbit_kcal_mol

    @property
    def _spin_orbit_kcal_mol(self) -> float:
        symbols = self.thermal.geometry.symbols
        if len(symbols) > 1 or self.species.charge:
            return 0.0
        return ATOMIC_SPIN_ORBIT_KCAL_MOL.get(symbols[0], 0.0)


@dataclass(frozen=True, slots=True)
class KnownReaction:
    """A reaction with its species computed, or why they are not.

    Attributes:
        reaction: The reaction.
        levels: Levels of the single points.
        reactants: In the order of the reaction; empty when `reason` is given.
        products: Likewise.
        reason: Why there is no energy; empty when there is one.
    """

    reaction: Reaction
    levels: tuple[Level, ...]
    reactants: tuple[Computed, ...]
    products: tuple[Computed, ...]
    reason: str = ""
    _raw_kcal_mol: list[tuple[float, ...]] = field(
        default_factory=list, init=False, compare=False, repr=False
    )

    @property
    def is_homolysis(self) -> bool:
        """Whether one bond breaks into two radicals without charges: what the calibration was fitted to."""
        return self.reaction.step == "homolysis" and all(p.species.charge == 0 for p in self.products)

    def energy_kcal_mol(self, level: int) -> float:
        """Electronic reaction energy (De of a bond) at the level with this index."""
        return HARTREE_KCAL_MOL * (
            math.fsum(product.electronic_hartree(level) for product in self.products)
            - math.fsum(reactant.electronic_hartree(level) for reactant in self.reactants)
        )

    def raw_enthalpy_kcal_mol(self) -> tuple[float, ...]:
        """Reaction enthalpy at 298.15 K at each level; empty without energies or minima."""
        if not self._raw_kcal_mol:  # asked for by the row, by heat and by reactions.csv
            self._raw_kcal_mol.append(self._raw_enthalpy_kcal_mol())
        return self._raw_kcal_mol[0]

    def _raw_enthalpy_kcal_mol(self) -> tuple[float, ...]:
        after = [product.thermal_kcal_mol for product in self.products]
        before = [reactant.thermal_kcal_mol for reactant in self.reactants]
        if self.reason or None in after or None in before:
            return ()
        thermal = math.fsum(t for t in after if t is not None) - math.fsum(t for t in before if t is not None)
        return tuple(self.energy_kcal_mol(level) + thermal for level in range(len(self.levels)))

    @property
    def caveat(self) -> str:
        """Why the enthalpy is no good value; empty where nothing speaks against it."""
        for product in self.products:
            group = None if product.is_relaxed else misshapen(product.species)
            if group is not None:
                return f"GFN2-xTB misshapes {group.group}s: the enthalpy of making one is an upper bound"
        return ""

    @property
    def spin_caveat(self) -> str:
        """Which species has another spin mixed in, and how much; empty below `CONTAMINATION`."""
        mixed = {
            one.species.smiles: one.contamination
            for one in (*self.reactants, *self.products)
            if one.contamination > CONTAMINATION
        }
        return "; ".join(
            f"spin contamination of {smiles}: <S^2> is {excess:.2f} above that of its spin"
            for smiles, excess in mixed.items()
        )

    def enthalpy_kcal_mol(self) -> Estimate | None:
        """Reaction enthalpy at 298.15 K with its error; None without energies or without a calibration.

        The mean over the levels. A homolysis is calibrated, with the error of its kind of bond; other steps
        are left as computed, with `OTHER_STEPS_ERROR` times the error of all. Marked uncalibrated where there
        is a `caveat`.
        """
        calibration, raw = bond_calibration(self.levels), self.raw_enthalpy_kcal_mol()
        if calibration is None or not raw:
            return None
        mean = math.fsum(raw) / len(raw)
        sound = not self.caveat
        if self.is_homolysis:
            error = calibration.error_kcal_mol(bond_family(self.reaction))
            return Estimate.normal(calibration.corrected(mean), error, calibrated=sound)
        error = OTHER_STEPS_ERROR * calibration.standard_error_kcal_mol
        return Estimate.normal(mean, error, calibrated=sound)


@lru_cache(maxsize=512)  # whole results are its keys; the candidates of a list share fragments
def room_terms(thermal: ThermalResult) -> ThermalTerms | None:
    """Of a minimum at 298.15 K and 1 atm, as of a singlet: spin is in the entropy alone. None of others."""
    return thermal_terms(
        thermal, multiplicity=1, temperature_k=ROOM_K, pressure_pa=ATMOSPHERE_PA, saddle_order=0
    )


def spin_projected_hartree(broken: EnergyResult, triplet: EnergyResult) -> float:
    """Singlet energy from a broken-symmetry solution and the triplet (doi:10.1007/BF00547608).

    A solution that did not break (<S^2> of 0) is the singlet already.
    """
    gap = triplet.spin_square - broken.spin_square
    weight = broken.spin_square / gap if gap > 0 else 0.0
    return broken.energy_hartree - weight * (triplet.energy_hartree - broken.energy_hartree)
