"""All reported quantities of one candidate, from whatever of its calculations is known so far."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from actinic.analysis.absorption import lowest_maximum_ev
from actinic.analysis.absorption_domain import outside
from actinic.analysis.calibrated_spectrum import CalibratedSpectrum, calibrated
from actinic.analysis.calibration import absorption_calibration, film_calibration
from actinic.analysis.electrons import Electrons, electron_quantities
from actinic.analysis.ensemble_spectrum import bright_part, weak_bands
from actinic.analysis.estimate import Estimate
from actinic.analysis.exposure import (
    Exposure,
    band_quantities,
    coverage_caveats,
    dark_state_caveat,
    line_quantities,
    part_caveats,
)
from actinic.analysis.heat import NO_HEAT, Heat, HeatConditions, heat
from actinic.analysis.heat_report import HEAT_QUANTITIES, heat_caveats, heat_quantities
from actinic.analysis.levels import film_homo_ev, lumo_optical_ev
from actinic.analysis.local_calibration import LocalCalibration, barrier_caveat, local_caveat
from actinic.analysis.local_heat import moved
from actinic.analysis.merging import conformer_weights, merged_sticks, several
from actinic.analysis.path_rates import CalculatedPath
from actinic.analysis.reaction_energies import KnownReaction
from actinic.analysis.reaction_report import (
    ExcitedStates,
    excited_states,
    main_reaction,
)
from actinic.analysis.species_quantities import SPECIES_QUANTITIES, species_quantity
from actinic.analysis.spectators import SITE_SHARE, add_site_share
from actinic.calculations.ensemble import Conformer, EnsembleResult
from actinic.calculations.reorganisation import ReorganisationResult
from actinic.calculations.sampling import SamplingResult
from actinic.calculations.spectrum import SpectrumResult
from actinic.chemistry.absorbing_part import AbsorbingPart
from actinic.chemistry.motif_table import STEP_WORDS
from actinic.chemistry.protonation import protonation_caveat
from actinic.chemistry.species import Species
from actinic.level import Level
from actinic.units import ev_from_nm


@dataclass(frozen=True, slots=True)
class Known:
    """What has been computed for one candidate.

    Attributes:
        species: The candidate.
        ensemble: Its conformers; None while unknown.
        spectra: One per conformer asked for, lowest first; empty while any of them is unknown.
        part: What stands for the candidate in `spectra` and `sampling`; None where that is all of it.
        part_ensemble: Conformers of that part; None without one.
        reactions: Those considered, with their energies; empty when none are asked for or any is unknown.
        triplet: From the candidate to its relaxed lowest triplet; None where no reaction needs it.
        sampling: Weak states at sampled geometries; None where no motif asks for them.
        unsampled: Why an ensemble that was asked for is not there; empty otherwise.
        unanchored: Why it is not known whether it stays on the nanocrystal; empty where that is known, or not
            asked for.
        paths: Searches for the barriers of its reactions, accepted or not.
        hole: What taking an electron away does to its geometry; None while unknown, or not asked for.
        no_hole: Why that is not there although it was asked for; empty otherwise.
        electrons: What taking one costs and adding one yields; None while unknown, or not asked for.
        heat_known: Whether all is known that the rates of heat rest on; until then nothing is said of heat.
        tight_binding: Level of the ensemble.
        dft: Level of the spectra.
        local: Corrections from own measurements.
        doubts: What to doubt in the calculations, in sentences.
    """

    species: Species
    ensemble: EnsembleResult | None
    spectra: tuple[SpectrumResult, ...]
    tight_binding: Level
    dft: Level
    reactions: tuple[KnownReaction, ...] = ()
    triplet: KnownReaction | None = None
    sampling: SamplingResult | None = None
    unsampled: str = ""
    unanchored: str = ""
    paths: tuple[CalculatedPath, ...] = ()
    hole: ReorganisationResult | None = None
    no_hole: str = ""
    electrons: Electrons | None = None
    heat_known: bool = True
    local: LocalCalibration = field(default_factory=LocalCalibration)
    doubts: tuple[str, ...] = ()
    part: AbsorbingPart | None = None
    part_ensemble: EnsembleResult | None = None

    @property
    def absorber(self) -> Species:
        """The molecule that `spectra` and `sampling` are of."""
        return self.species if self.part is None else self.part.species

    @property
    def absorber_conformers(self) -> tuple[Conformer, ...]:
        """Its conformers, lowest first; none while they are unknown."""
        ensemble = self.ensemble if self.part is None else self.part_ensemble
        return () if ensemble is None else ensemble.conformers

    @property
    def copies(self) -> int:
        """How many of it the candidate has."""
        return 1 if self.part is None else self.part.copies


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
        _add_ground_state(quantities, caveats, known.spectra[0])
        _mark_part(quantities, caveats, known.part)
        spectrum = _spectrum(caveats, known, weights)
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


def _mark_part(quantities: dict[str, Estimate], caveats: list[str], part: AbsorbingPart | None) -> None:
    """The dipole of a part is not that of the candidate, and the row says what was left out."""
    if part is not None:
        del quantities["dipole_debye"]
        strength = quantities.get("s1_oscillator_strength")
        caveats.extend(part_caveats(part, None if strength is None else strength.value))


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


def _add_ground_state(quantities: dict[str, Estimate], caveats: list[str], lowest: SpectrumResult) -> None:
    for name, value in (
        ("homo_dft_ev", lowest.homo_ev),
        ("lumo_dft_ev", lowest.lumo_ev),
        ("gap_dft_ev", lowest.lumo_ev - lowest.homo_ev),
        ("dipole_debye", lowest.dipole_debye),
    ):
        quantities[name] = Estimate.exact(value)
    if lowest.transitions:
        quantities["s1_raw_ev"] = Estimate.exact(lowest.transitions[0].energy_ev)
        quantities["s1_oscillator_strength"] = Estimate.exact(lowest.transitions[0].oscillator_strength)
        moved = lowest.transitions[0].charge_transfer_permille
        quantities |= {} if moved is None else {"s1_charge_transfer": Estimate.exact(moved / 1000)}
    if lowest.homo_ev >= 0:
        caveats.append(f"unbound: the highest electron lies at {lowest.homo_ev:+.2f} eV")
    if lowest.capped:
        caveats.append(f"roots complete to raw {lowest.covered_ev:.2f} eV only (cap reached)")


def _spectrum(caveats: list[str], known: Known, weights: list[float]) -> CalibratedSpectrum | None:
    calibration = absorption_calibration(known.dft)
    if calibration is None:
        known_basis = Level(known.dft.method, known.dft.basis)
        caveats.append(f"no absorption calibration for {known_basis}: wavelengths not reported")
        return None
    raw = merged_sticks(known.spectra, weights)
    species = known.absorber
    line = known.local.on_absorption(calibration)
    # A class says how far its lowest band is off; without a band in the window there is none to move.
    members = line.members if lowest_maximum_ev(raw) is not None else {}
    strange = outside(species, members)
    spectrum = calibrated(raw, line, is_ion=species.has_bare_charges, strange=strange)
    weak = None if known.sampling is None else weak_bands(several(known.sampling, known.copies), known.dft)
    if known.sampling is not None and weak is not None:
        rest = [bright_part(one, known.sampling) for one in known.spectra]
        spectrum = spectrum.with_weak_bands(weak, merged_sticks(rest, weights))
    caveats.extend(spectrum.caveats)
    caveats.extend(local_caveat("absorption", known.local.absorption))
    caveats.extend([known.unsampled] if known.unsampled else [])
    dark = dark_state_caveat(spectrum)
    caveats.extend([dark] if dark else [])
    return spectrum


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
