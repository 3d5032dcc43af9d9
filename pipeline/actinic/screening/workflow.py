"""The workflow file: what to compute and what to rank by; everything a chemist sets is here."""

import hashlib
import tomllib
from collections.abc import Mapping
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import msgspec
import pydantic
from pydantic import Field

from actinic.analysis.alignment import Stack
from actinic.analysis.calibration import AbsorptionCalibration, absorption_calibration, film_calibration
from actinic.analysis.criteria import Criterion, Gate
from actinic.analysis.electrons import AFFINITY, IONISATION
from actinic.analysis.exposure import Exposure
from actinic.analysis.heat import HeatConditions
from actinic.analysis.host import Host
from actinic.analysis.local_calibration import LocalBarrier, LocalCalibration, LocalShift
from actinic.analysis.npi_states import weak_calibration
from actinic.analysis.surroundings import QUANTUM_YIELD_COLUMN
from actinic.engines.dft import ScfSettings
from actinic.engines.response import ResponseSettings
from actinic.errors import ActinicError, InputError
from actinic.level import Level
from actinic.screening.section_errors import problem, settings_of
from actinic.screening.sections import (
    CriterionSection,
    ElectronsSection,
    EnsembleSection,
    ExposureSection,
    GateSection,
    HeatSection,
    HoleSection,
    HostSection,
    LimitsSection,
    LocalCalibrationSection,
    PathsSection,
    PrescreenSection,
    RankingSection,
    ReactionsSection,
    SamplingSection,
    Section,
    SpectrumSection,
    StackSection,
    SurfaceSection,
)
from actinic.screening.surroundings import host_of, stack_of
from actinic.screening.workflow_checks import check


class Workflow(Section):
    """A workflow file, read and checked.

    >>> Workflow.load("photo-ligand").exposure.target_nm
    365.0
    """

    title: str
    prescreen: PrescreenSection | None = None
    ensemble: EnsembleSection
    spectrum: SpectrumSection | None = None
    sampling: SamplingSection | None = None
    reactions: ReactionsSection | None = None
    paths: PathsSection | None = None
    hole: HoleSection | None = None
    electrons: ElectronsSection | None = None
    exposure: ExposureSection
    heat: HeatSection = HeatSection()
    surface: SurfaceSection | None = None
    stack: StackSection | None = None
    host: HostSection | None = None
    list_columns: dict[str, Annotated[float, Field(ge=0)]] = Field(default_factory=dict)
    ranking: RankingSection = RankingSection()
    local_calibration: LocalCalibrationSection | None = None
    limits: LimitsSection = LimitsSection()
    gates: tuple[GateSection, ...] = ()
    criteria: tuple[CriterionSection, ...] = ()

    @classmethod
    def load(cls, name_or_path: str | Path) -> "Workflow":
        """Read a workflow file, or a preset by its bare name.

        Raises:
            InputError: No such file or preset, not TOML, or a key or value that is not understood; the
                message names file, key and the nearest known key.
        """
        path = _find(name_or_path)
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise InputError(f"{path}: not UTF-8 text (byte {error.start})") from error
        return cls.parse(text, str(path))

    @classmethod
    def parse(cls, text: str, source: str) -> "Workflow":
        """Read the text of a workflow file; `source` is what errors call it. Raises as `load`."""
        try:
            workflow = cls.model_validate(tomllib.loads(text))
            check(workflow)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise InputError(f"{source}: not valid TOML: {error}") from error
        except pydantic.ValidationError as error:
            problems = "\n  ".join(problem(cls, dict(e)) for e in error.errors())
            raise InputError(f"{source}: workflow not understood\n  {problems}") from error
        except ActinicError as error:
            raise InputError(f"{source}: {error.message}") from error
        return workflow

    @classmethod
    def from_snapshot(cls, text: bytes) -> "Workflow":
        """Read the snapshot of a run; raises ValueError or InputError, for it may come from anywhere."""
        workflow = cls.model_validate_json(text)
        check(workflow)
        return workflow

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the meaning of the file: comments and order of keys do not count."""
        return hashlib.sha256(msgspec.json.encode(self.model_dump(), order="sorted")).hexdigest()

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> "Workflow":
        """A changed copy; what was worked out of the original is worked out anew."""
        copy = super().model_copy(update=update, deep=deep)
        for name, member in vars(Workflow).items():
            if isinstance(member, cached_property):
                copy.__dict__.pop(name, None)
        return copy

    @cached_property
    def scf_settings(self) -> ScfSettings:
        """Numerical settings of the ground state: the defaults with the file's changes."""
        return settings_of(ScfSettings, dict(self.spectrum.scf) if self.spectrum else {}, "spectrum.scf")

    @cached_property
    def response_settings(self) -> ResponseSettings:
        """Numerical settings of the roots: the defaults with the file's changes."""
        given: dict[str, Any] = {}
        if self.spectrum is not None:
            reach = {"cover_ev": self.spectrum.cover_ev, "max_roots": self.spectrum.max_roots}
            given = dict(self.spectrum.response) | reach
        return settings_of(ResponseSettings, given, "spectrum.response")

    @cached_property
    def device(self) -> Stack | None:
        """The device of `[stack]`, its materials looked up."""
        return None if self.stack is None else stack_of(self.stack)

    @cached_property
    def film(self) -> Host | None:
        """The film of `[host]`, its absorption looked up."""
        return None if self.host is None or self.spectrum is None else host_of(self.host)

    @property
    def number_columns(self) -> dict[str, float]:
        """Columns of the list read as numbers, with their standard errors."""
        return {QUANTUM_YIELD_COLUMN: 0.0, **self.list_columns}

    @property
    def absorption_line(self) -> AbsorptionCalibration | None:
        """The shipped calibration of the spectra, of both levels where there are two; None without one."""
        section = self.spectrum
        if section is None:
            return None
        level = Level.parse(section.level)
        second = None if section.second_level is None else Level.parse(section.second_level)
        return absorption_calibration(level, second) or absorption_calibration(level)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a run with this workflow cannot report, in sentences."""
        said = []
        if self.spectrum is not None:
            level = Level.parse(self.spectrum.level)
            if absorption_calibration(level) is None:
                said.append(f"no absorption calibration for {level}: wavelengths will be empty")
            elif self.sampling is not None and weak_calibration(level) is None:
                said.append(f"no correction of weak bands for {level}: they are not sampled")
            second = self.spectrum.second_level
            if second is not None and absorption_calibration(level, Level.parse(second)) is None:
                said.append(f"{level} and {second} were not calibrated together: the second has no say")
        if self.spectrum is not None and self.response_settings.method != "tda":
            said.append("absorption is calibrated for tda: with another method its errors do not hold")
        if self.spectrum is not None and self.response_settings.tier != "full":
            said.append("absorption is calibrated for tier full: with another its errors do not hold")
        if film_calibration(Level.parse(self.ensemble.level)) is None:
            said.append(f"no film calibration for {self.ensemble.level}: film levels will be empty")
        return tuple(said)

    def exposure_for(self, target_nm: float | None) -> Exposure:
        """Exposure of a candidate; its own target line, when it has one, replaces the workflow's."""
        section = self.exposure
        return Exposure(
            lines_nm=tuple(sorted(section.lines_nm)),
            target_nm=section.target_nm if target_nm is None else target_nm,
            answers_l_mol_cm=section.answers_l_mol_cm,
            silent_l_mol_cm=section.silent_l_mol_cm,
        )

    @property
    def heat_conditions(self) -> HeatConditions:
        """The soft bake and the window, as analysis knows them."""
        return HeatConditions(**self.heat.model_dump())

    @property
    def local(self) -> LocalCalibration:
        """Corrections from own measurements, as analysis knows them."""
        section = self.local_calibration
        if section is None:
            return LocalCalibration()
        absorption, film = (
            None if part is None else LocalShift(**part.model_dump())
            for part in (section.absorption, section.film)
        )
        heat = None if section.heat is None else LocalBarrier(**section.heat.model_dump())
        return LocalCalibration(absorption, film, heat, section.source)

    @property
    def electron_names(self) -> tuple[str, ...]:
        """Names of the quantities that `[electrons]` brings."""
        asked = self.electrons or ElectronsSection()
        levels = {IONISATION: asked.ionisation_level, AFFINITY: asked.affinity_level}
        return tuple(name for name, level in levels.items() if level)

    def gate_objects(self) -> tuple[Gate, ...]:
        """The gates, as analysis knows them."""
        return tuple(Gate(**gate.model_dump()) for gate in self.gates)

    def criterion_objects(self) -> tuple[Criterion, ...]:
        """The criteria, as analysis knows them."""
        return tuple(Criterion(**criterion.model_dump()) for criterion in self.criteria)


def preset_names() -> list[str]:
    """Names of the workflows that come with the package."""
    folder = files("actinic").joinpath("presets", "workflows")
    return sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml"))


def _find(name_or_path: str | Path) -> Path:
    path = Path(name_or_path)
    if path.is_file():
        return path
    text = str(name_or_path)
    if text in preset_names():
        return Path(str(files("actinic").joinpath("presets", "workflows", f"{text}.toml")))
    raise InputError(f"workflow {text!r}: no such file; presets are {', '.join(preset_names())}")
