"""All reported quantities of one candidate, from whatever of its calculations is known so far."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from actinic.analysis.calibrated_spectrum import CalibratedSpectrum
from actinic.analysis.calibration import film_calibration
from actinic.analysis.candidate_spectrum import add_ground_state, candidate_spectrum, mark_part
from actinic.analysis.electrons import electron_quantities
from actinic.analysis.estimate import Estimate
from actinic.analysis.exposure import (
    Exposure,
    band_quantities,
    coverage_caveats,
    line_quantities,
)
from actinic.analysis.heat import NO_HEAT, Heat, HeatConditions, heat
from actinic.analysis.heat_report import HEAT_QUANTITIES, heat_caveats, heat_quantities
from actinic.analysis.known import Known
from actinic.analysis.levels import film_homo_ev, lumo_optical_ev
from actinic.analysis.local_calibration import barrier_caveat, local_caveat
from actinic.analysis.local_heat import moved
from actinic.analysis.merging import conformer_weights
from actinic.analysis.reaction_energies import KnownReaction
from actinic.analysis.reaction_report import (
    ExcitedStates,
    excited_states,
    main_reaction,
)
from actinic.analysis.species_quantities import SPECIES_QUANTITIES, species_quantity
from actinic.analysis.spectators import SITE_SHARE, add_site_share
from actinic.calculations.ensemble import Conformer
from actinic.chemistry.motif_table import STEP_WORDS
from actinic.chemistry.protonation import protonation_caveat
from actinic.units import ev_from_nm


@dataclass(frozen=True, slots=True)
class Assessment:
    """Quantities by name, each in the unit its name ends in, and what to know before believing them.

    Attributes:
        quantities: What is not known is absent.
        spectrum: The calibrated spectrum; None while unknown or when the level has no calibration.
        caveats: Sentences for the chemist.
        reaction: The reaction that gives way first; None while unknown.
        excited: Relaxed excited states that reactions may start from.
        heat: What heat does.
    """

    quantities: dict[str, Estimate]
    spectrum: CalibratedSpectrum | None
    caveats: tuple[str, ...] = field(default=())
    reaction: KnownReaction | None = None
    excited: ExcitedStates = field(default_factory=ExcitedStates)
    heat: Heat = NO_HEAT


def assess(known: Known, exposure: Exposure, conditions: HeatConditions) -> Assessment:
    """Everything that follows from what is known; a pure function, redone at every report."""
    quantities = {name: species_quantity(known.species, name) for name in SPECIES_QUANTITIES}
    caveats = list(known.doubts)
    caveats += filter(None, (known.unanchored, known.no_hole, protonation_caveat(known.species)))
    if known.hole is not None:
        quantities["hole_reorganisation_ev"] = Estimate.exact(known.hole.reorganisation_ev)
    spectrum = None
    if known.ensemble is not None and known.ensemble.conformers:
        _add_levels(quantities, caveats, known, known.ensemble.conformers)
        if known.electrons is not None:
            geometry = known.ensemble.conformers[0].geometry
            found_electrons, said = electron_quantities(known.electrons, known.species, geometry)
            quantities |= found_electrons
            caveats += said
    if known.spectra:
        weights = conformer_weights(known.absorber_conformers, len(known.spectra), known.copies)
        add_ground_state(quantities, caveats, known.spectra[0])
        mark_part(quantities, caveats, known.part)
        spectrum = candidate_spectrum(caveats, known, weights)
    if spectrum is not None:
        quantities |= band_quantities(spectrum) | line_quantities(spectrum, exposure)
        caveats.extend(coverage_caveats(spectrum, exposure))
        _add_optical_lumo(quantities, spectrum)
        add_site_share(quantities, caveats, known.absorber, known.spectra, spectrum, known.sampling, exposure)
    reaction = main_reaction(known.species, known.reactions)
    excited = excited_states(quantities, spectrum, known.triplet)
    if known.triplet is not None and excited.triplet is None:
        caveats.append(f"no T1: {known.triplet.reason or 'the triplet is no minimum'}")
    if (t1_ev := excited.triplet_ev) is not None:
        quantities["t1_ev"] = t1_ev
        caveats.append("the error of T1 is set by convention")
    if reaction is not None:
        _add_reaction(quantities, caveats, reaction, excited)
    found = NO_HEAT
    if known.heat_known:
        found = heat(known.species, known.reactions, known.paths, conditions)
        found = moved(found, known.local.heat)
    quantities |= heat_quantities(found, conditions)
    caveats += [*heat_caveats(found), *(barrier_caveat(known.local.heat) if found.first else ())]
    return Assessment(quantities, spectrum, tuple(caveats), reaction, excited, found)


def quantity_names(
    lines_nm: Sequence[float],
    *,
    with_spectrum: bool,
    with_reactions: bool,
    with_hole: bool = False,
    with_electrons: Sequence[str] = (),
) -> list[str]:
    """Names of all quantities a workflow with these exposure lines can report, gate on and rank by."""
    names = [*SPECIES_QUANTITIES, "film_homo_ev", *HEAT_QUANTITIES, *with_electrons]
    names += ["hole_reorganisation_ev"] if with_hole else []
    names += ["reaction_enthalpy_kcal_mol", "t1_ev"] if with_reactions else []
    if not with_spectrum:
        return names
    names += ["driving_force_kcal_mol"] if with_reactions else []
    names += ["band_max_nm", "band_edge_nm", "response_edge_nm", "lumo_optical_ev"]
    names += [
        "homo_dft_ev",
        "lumo_dft_ev",
        "gap_dft_ev",
        "dipole_debye",
        "s1_raw_ev",
        "s1_oscillator_strength",
        "s1_charge_transfer",
    ]
    names += ["absorptivity_target_l_mol_cm", "p_selective_target", SITE_SHARE]
    for line_nm in lines_nm:
        names += [f"absorptivity_{line_nm:g}_nm_l_mol_cm", f"p_answers_{line_nm:g}_nm"]
    return names


def _add_levels(
    quantities: dict[str, Estimate], caveats: list[str], known: Known, conformers: Sequence[Conformer]
) -> None:
    calibration = film_calibration(known.tight_binding)
    if calibration is None:
        caveats.append(f"no film calibration for {known.tight_binding}: film HOMO not reported")
        return
    if known.species.has_bare_charges:
        caveats.append("bare charges: film HOMO not reported")
        return
    homo_ev = sum(c.weight * c.homo_ev for c in conformers if c.homo_ev is not None)
    film = film_homo_ev(homo_ev, conformers[0].geometry, known.local.on_film(calibration))
    quantities["film_homo_ev"] = film
    caveats.extend(local_caveat("film levels", known.local.film))
    if not film.calibrated:
        caveats.append(
            f"film levels not given: calibrated for organics from {calibration.min_heavy_atoms} heavy atoms"
        )


def _add_optical_lumo(quantities: dict[str, Estimate], spectrum: CalibratedSpectrum) -> None:
    film, edge = quantities.get("film_homo_ev"), quantities.get("band_edge_nm")
    if film is not None and edge is not None:
        quantities["lumo_optical_ev"] = lumo_optical_ev(film, ev_from_nm(edge.value), spectrum.edge_error_ev)


def _add_reaction(
    quantities: dict[str, Estimate], caveats: list[str], known: KnownReaction, excited: ExcitedStates
) -> None:
    enthalpy = known.enthalpy_kcal_mol()
    if enthalpy is None:
        names = " and ".join(map(str, known.levels))
        caveats.append(f"no calibration of reaction enthalpies for {names}: not reported")
        return
    quantities["reaction_enthalpy_kcal_mol"] = enthalpy
    if not known.is_homolysis:
        step = STEP_WORDS.get(known.reaction.step, known.reaction.step.replace("_", " "))
        caveats.append(f"the error of the reaction enthalpy ({step}) is set by convention")
    caveats.extend(filter(None, (known.caveat, known.spin_caveat)))
    left = excited.driving_force_kcal_mol(known)
    if left is not None:
        quantities["driving_force_kcal_mol"] = left
