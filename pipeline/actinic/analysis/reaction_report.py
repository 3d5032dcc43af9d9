"""What a chemist asks of a candidate's reactions: which gives way first, and what light leaves over."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from actinic.analysis.calibrated_spectrum import CalibratedSpectrum
from actinic.analysis.estimate import Estimate
from actinic.analysis.reaction_energies import TRIPLET, KnownReaction
from actinic.chemistry.motifs import Site, n_crosslinking_sites, n_sites
from actinic.chemistry.species import Species
from actinic.units import HARTREE_EV, HARTREE_KCAL_MOL, ev_from_nm

KCAL_MOL_PER_EV = HARTREE_KCAL_MOL / HARTREE_EV

TRIPLET_ERROR_KCAL_MOL = 4.0
"""Standard error of T1, 0.17 eV, by convention: no line was fitted. It is what six ketones and arenes may
miss phosphorescence by on average (`tests/screening/test_triplet_energies.py`); of azides, diazirines and
onium ions no measured T1 is at hand."""


def main_reaction(species: Species, known: Sequence[KnownReaction]) -> KnownReaction | None:
    """The reaction of lowest enthalpy that the candidate does alone and without changing its spin.

    Thermodynamics only: a higher reaction may have the lower barrier. Where there is none of this sort, the
    lowest of the others; None without any energy.
    """
    energies = [(one, one.raw_enthalpy_kcal_mol()) for one in known]
    with_energy = [(one, raw[0]) for one, raw in energies if raw]
    alone = [
        (one, raw)
        for one, raw in with_energy
        if len(one.reaction.reactants) == 1 and one.reaction.multiplicity == species.multiplicity
    ]
    lowest = min(alone or with_energy, key=lambda pair: pair[1], default=None)
    return None if lowest is None else lowest[0]


@dataclass(frozen=True, slots=True)
class ExcitedStates:
    """Relaxed excited states a reaction may start from, above the ground state in kcal/mol.

    Attributes:
        singlet: The lowest singlet, see `relaxed_singlet`; None while unknown.
        triplet: The lowest triplet; None while unknown or not needed.
    """

    singlet: Estimate | None = None
    triplet: Estimate | None = None

    @property
    def triplet_ev(self) -> Estimate | None:
        """T1 in eV; a criterion may use it, as it may enthalpies whose error is a convention."""
        if self.triplet is None:
            return None
        return Estimate.normal(self.triplet.value / KCAL_MOL_PER_EV, TRIPLET_ERROR_KCAL_MOL / KCAL_MOL_PER_EV)

    def driving_force_kcal_mol(self, known: KnownReaction) -> Estimate | None:
        """What the excited state of the reaction's spin has left after it; None without one or the other."""
        start = self.triplet if known.reaction.multiplicity == TRIPLET else self.singlet
        enthalpy = known.enthalpy_kcal_mol()
        if start is None or enthalpy is None:
            return None
        error = math.hypot(start.standard_error or 0.0, enthalpy.standard_error or 0.0)
        sound = start.calibrated and enthalpy.calibrated
        return Estimate.normal(start.value - enthalpy.value, error, calibrated=sound)


def relaxed_singlet(lowest_ev: float | None, edge_nm: Estimate | None, error_ev: float) -> Estimate | None:
    """Energy of the relaxed lowest singlet in kcal/mol: the lower of the two bounds that are known.

    Args:
        lowest_ev: Lowest calibrated vertical excitation, bright or dark; None where none was found.
        edge_nm: Red edge of the lowest band; None without a band.
        error_ev: Standard error of the calibrated spectrum.
    """
    edge_ev = None if edge_nm is None else ev_from_nm(edge_nm.value)
    bounds_ev = [bound for bound in (lowest_ev, edge_ev) if bound is not None]
    if not bounds_ev:
        return None
    is_calibrated = edge_nm is None or edge_nm.calibrated
    value, error = min(bounds_ev) * KCAL_MOL_PER_EV, error_ev * KCAL_MOL_PER_EV
    return Estimate.normal(value, error, calibrated=is_calibrated)


def relaxed_triplet(excitation: KnownReaction) -> Estimate | None:
    """Enthalpy of the relaxed lowest triplet in kcal/mol, uncalibrated, its error by convention."""
    raw = excitation.raw_enthalpy_kcal_mol()
    if not raw:
        return None
    return Estimate.normal(math.fsum(raw) / len(raw), TRIPLET_ERROR_KCAL_MOL, calibrated=False)


def reactive_sites(sites: tuple[Site, ...]) -> int:
    """Number of groups that cross-link; of a molecule without any, of the groups of its first motif.

    A cross-linker needs two.
    """
    return n_crosslinking_sites(sites) or sum(n_sites(sites, site.motif.name) for site in sites[:1])


def excited_states(
    quantities: dict[str, Estimate], spectrum: CalibratedSpectrum | None, triplet: KnownReaction | None
) -> ExcitedStates:
    """Relaxed S1 of a spectrum and T1 of a reaction, each where it is known."""
    singlet = None
    if spectrum is not None:
        lowest_ev = min(spectrum.sticks.energies_ev, default=None)
        singlet = relaxed_singlet(lowest_ev, quantities.get("band_edge_nm"), spectrum.edge_error_ev)
    return ExcitedStates(singlet, None if triplet is None else relaxed_triplet(triplet))
