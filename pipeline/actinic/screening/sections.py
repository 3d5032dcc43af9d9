"""The sections of a workflow file, key by key; the presets' comments explain each key to the chemist."""

import itertools
from typing import Annotated, Literal

import pydantic
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from actinic.chemistry.species import Species
from actinic.errors import InputError
from actinic.level import Level


def _level_text(text: str) -> str:
    """Canonical form of a level, so that its spelling does not matter."""
    try:
        return str(Level.parse(text))
    except InputError as error:
        raise ValueError(error.message) from error


LevelText = Annotated[str, AfterValidator(_level_text)]
Positive = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]


class Section(BaseModel):
    """Frozen; unknown keys are refused, and infinity and nan, which a snapshot in JSON cannot hold."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class EnsembleSection(Section):
    """How conformers are made and optimised; without `pair_level` ion pairs get `ion_level`."""

    level: LevelText
    ion_level: LevelText
    pair_level: LevelText | None = None
    program: Literal["tblite", "xtb-python"]
    embedded: Count
    window_kcal_mol: Positive
    rmsd_angstrom: Positive
    keep: Count
    fmax_ev_angstrom: Positive
    max_steps: Count
    temperature_k: Positive

    def level_of(self, species: Species) -> Level:
        """Level of the geometries of a species."""
        if not species.has_bare_charges:
            return Level.parse(self.level)
        is_pair = "." in species.smiles
        return Level.parse(self.pair_level if is_pair and self.pair_level else self.ion_level)


class SpectrumSection(Section):
    """Levels, also for where the spectrum lies; how many conformers, and what of the molecule, get one."""

    level: LevelText
    second_level: LevelText | None = None
    cation_level: LevelText
    anion_level: LevelText
    conformers: Count
    cover_ev: Positive
    max_roots: Count
    trim_reach: Count | None = None
    scf: dict[str, int | float | str] = Field(default_factory=dict)
    response: dict[str, int | float | str | bool] = Field(default_factory=dict)


class SamplingSection(Section):
    """Sampled geometries for weak bands, where a motif has them."""

    geometries: Count
    temperature_k: Positive
    lowest_cm: Positive
    fmax_ev_angstrom: Positive


class ReactionsSection(Section):
    """Levels of reaction energies, and which reactions get one; without `relax_level` nothing is relaxed.

    With `triplet` every candidate gets its relaxed T1, not only where a reaction starts from it.
    """

    level: LevelText
    second_level: LevelText | None = None
    ion_level: LevelText
    relax_level: LevelText | None = None
    max_reactions: Annotated[int, Field(ge=0, le=1_000_000)]
    triplet: bool = False
    fmax_ev_angstrom: Positive


class HoleSection(Section):
    """How far both minima are optimised between which a hole reorganises the molecule."""

    fmax_ev_angstrom: Positive = 0.004


class ElectronsSection(Section):
    """At which levels an electron is taken in the gas phase and added in a film; without a level, not."""

    ionisation_level: LevelText | None = None
    anion_level: LevelText | None = None
    affinity_level: LevelText | None = None


class PathsSection(Section):
    """How barriers are searched for, and of which molecules."""

    level: LevelText
    max_paths: Count
    max_heavy_atoms: Count
    conformers: Count
    trim_reach: Count | None = None
    points: Annotated[int, Field(ge=5)] = 24
    max_steps: Count = 60
    max_saddle_steps: Count = 200
    max_dft_steps: Count = 60
    reactant_fmax_ev_angstrom: Positive = 0.004
    scan_fmax_ev_angstrom: Positive = 0.05
    saddle_fmax_ev_angstrom: Positive = 0.005
    dft_fmax_ev_angstrom: Positive = 0.02


class PrescreenSection(Section):
    """What has to be so before anything dearer is computed; what is left out is not asked for."""

    stimuli: tuple[Literal["light", "heat", "acid"], ...] = ()
    heavy_atoms: tuple[Count, Count] | None = None
    min_probability: Annotated[float, Field(gt=0, lt=1)] | None = None


class SurfaceSection(Section):
    """The nanocrystal that ligands have to hold on to."""

    nanocrystal: str
    allow_labile: bool = True


class ExposureSection(Section):
    """Exposure lines and what answering means."""

    lines_nm: tuple[Positive, ...] = Field(min_length=1)
    target_nm: Positive | None = None
    answers_l_mol_cm: Positive
    silent_l_mol_cm: Positive
    two_photon_nm: tuple[Positive, ...] = (780.0,)


class MaterialSection(Section):
    """A layer of one's own; see `analysis.alignment.Layer`."""

    name: str
    homo_ev: float
    lumo_ev: float
    error_ev: Positive
    source: str = "the workflow file"


class StackSection(Section):
    """The device: materials by place, shipped ones by name or one's own."""

    anode: str | None = None
    hil: str | None = None
    htl: str | None = None
    emitter: str | None = None
    etl: str | None = None
    cathode: str | None = None
    trap_depth_ev: Annotated[float, Field(ge=0)] = 0.1
    materials: tuple[MaterialSection, ...] = ()


class HostSection(Section):
    """The film the candidate is exposed in."""

    material: str
    thickness_nm: Positive
    loading_wt_percent: Annotated[float, Field(gt=0, lt=100)]
    core_fraction: Annotated[float, Field(gt=0, le=1)] | None = None
    t1_ev: Positive | None = None
    absorption: tuple[tuple[Positive, Annotated[float, Field(ge=0)]], ...] = ()
    density_g_cm3: Positive | None = None
    error_factor: Annotated[float, Field(ge=1)] = 1.3


class RankingSection(Section):
    """How many count as the top when the firmness of the ranking is asked for."""

    top: Count = 10


class HeatSection(Section):
    """What a candidate has to go through; see `analysis.heat.HeatConditions`."""

    bake_c: float = 80.0
    bake_min: Positive = 30.0
    window_c: tuple[float, float] = (100.0, 250.0)
    co2_bar: tuple[Positive, ...] = Field(default=(1.0, 0.01), min_length=1)

    @pydantic.model_validator(mode="after")
    def _ascending(self) -> "HeatSection":
        if self.window_c[0] >= self.window_c[1]:
            raise ValueError(f"window_c: the lower end comes first, got {list(self.window_c)}")
        return self


class LocalShiftSection(Section):
    """One correction from own measurements; see `analysis.local_calibration.LocalShift`."""

    shift_ev: float
    standard_error_ev: Positive
    n: Count


class LocalBarrierSection(Section):
    """A correction of barriers of heat; see `analysis.local_calibration.LocalBarrier`."""

    shift_kcal_mol: float
    error_ratio: Positive
    n: Count


class LocalCalibrationSection(Section):
    """Corrections from own measurements; `actinic calibrate` writes them."""

    source: str
    absorption: LocalShiftSection | None = None
    film: LocalShiftSection | None = None
    heat: LocalBarrierSection | None = None


class LimitsSection(Section):
    """Elapsed time and memory at which a calculation is killed, by kind; None: see `screening.limits`."""

    ensemble_s: Positive | None = None
    spectrum_s: Positive | None = None
    thermal_s: Positive | None = None
    energy_s: Positive | None = None
    sampling_s: Positive | None = None
    relaxation_s: Positive | None = None
    reorganisation_s: Positive | None = None
    frontier_s: Positive | None = None
    path_scan_s: Positive | None = None
    path_saddle_s: Positive | None = None
    path_energy_s: Positive | None = None
    ensemble_mb: Positive | None = None
    spectrum_mb: Positive | None = None
    thermal_mb: Positive | None = None
    energy_mb: Positive | None = None
    sampling_mb: Positive | None = None
    relaxation_mb: Positive | None = None
    reorganisation_mb: Positive | None = None
    frontier_mb: Positive | None = None
    path_scan_mb: Positive | None = None
    path_saddle_mb: Positive | None = None
    path_energy_mb: Positive | None = None

    def wall_s(self, kind: str) -> float | None:
        """Elapsed time of a calculation of this kind; None where the file does not say."""
        limit_s: float | None = getattr(self, f"{kind}_s")
        return limit_s

    def memory_mb(self, kind: str) -> float | None:
        """Memory of a calculation of this kind; None where the file does not say."""
        limit_mb: float | None = getattr(self, f"{kind}_mb")
        return limit_mb


class GateSection(Section):
    """One condition; see `analysis.criteria.Gate`."""

    quantity: str
    at_least: float | None = None
    at_most: float | None = None
    min_probability: Annotated[float, Field(gt=0, le=1)]
    reason: str


class CriterionSection(Section):
    """One wish; see `analysis.criteria.Criterion`."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    title: str
    quantity: str
    points: tuple[tuple[float, Annotated[float, Field(ge=0, le=1)]], ...] = Field(min_length=2)
    scale: Literal["linear", "log"] = "linear"
    weight: Positive
    roles: tuple[Literal["ligand", "additive", "crosslinker", "htm"], ...] = ()

    @pydantic.model_validator(mode="after")
    def _ascending(self) -> "CriterionSection":
        values = [value for value, _ in self.points]
        if any(b <= a for a, b in itertools.pairwise(values)):
            raise ValueError(f"points of criterion {self.name!r}: values must ascend, got {values}")
        if self.scale == "log" and values[0] <= 0:
            raise ValueError(f"points of criterion {self.name!r}: a log scale needs values above 0")
        return self
