"""What has been computed for one candidate, before anything is concluded from it."""

from dataclasses import dataclass, field

from actinic.analysis.electrons import Electrons
from actinic.analysis.local_calibration import LocalCalibration
from actinic.analysis.path_rates import CalculatedPath
from actinic.analysis.reaction_energies import KnownReaction
from actinic.calculations.ensemble import Conformer, EnsembleResult
from actinic.calculations.reorganisation import ReorganisationResult
from actinic.calculations.sampling import SamplingResult
from actinic.calculations.spectrum import SpectrumResult
from actinic.chemistry.absorbing_part import AbsorbingPart
from actinic.chemistry.species import Species
from actinic.level import Level


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
        second: Spectrum of the lowest conformer at a second level; None while unknown, or not asked for.
        second_dft: That level.
        unconfirmed: Why it is not there although it was asked for; empty otherwise.
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
    second: SpectrumResult | None = None
    second_dft: Level | None = None
    unconfirmed: str = ""
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
