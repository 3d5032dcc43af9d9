"""Molecules with a measured absorption, shipped with the package, and what their calculation asks for."""

from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import as_file, files
from typing import Literal, get_args

import msgspec

from actinic.chemistry.candidates import Candidate, read_candidates
from actinic.errors import InputError
from actinic.level import Level
from actinic.screening.lookup import Lookup
from actinic.screening.plan import progress
from actinic.screening.tiers import Progress
from actinic.screening.workflow import Workflow
from actinic.units import ev_from_nm

Collection = Literal["nonpolar", "least_polar", "azo", "spectra", "further_maxima", "further_spectra"]
"""Maxima in non-polar solution; in the least polar solvent on record; of E-azo compounds; whole spectra; and
further maxima in non-polar solution and further spectra, computed when line and width were fixed."""

_FILES: dict[Collection, str] = {
    "nonpolar": "nonpolar_maxima.csv",
    "least_polar": "least_polar_maxima.csv",
    "azo": "azo_maxima.csv",
    "spectra": "measured_spectra.csv",
    "further_maxima": "further_maxima.csv",
    "further_spectra": "further_spectra.csv",
}
_COVER_EV: dict[Collection, float] = {
    "nonpolar": 5.8,
    "least_polar": 5.8,
    "azo": 5.0,
    "spectra": 6.5,
    "further_maxima": 5.8,
    "further_spectra": 6.5,
}
"""How far the roots of each set reach: past its highest band; for the spectra past 220 nm."""

SPECTRA: tuple[Collection, ...] = ("spectra", "further_spectra")
"""Sets of whole spectra; which solvent they were measured in is not stated."""

_LOW_FUNCTIONAL = "b3lyp"
_FURTHER_EV = 0.8
"""As much further roots reach with any other functional than B3LYP, for which `_COVER_EV` was chosen: those
with more exact exchange put bands that much higher."""

SECOND_LEVEL = "b3lyp/def2-svp"
"""Shipped and calibrated beside the level of the presets, in the same solvent: what was theirs before."""

EDGE_END_NM = 385.0
"""The spectra were measured to 400 nm: an edge found beyond this is a lower bound of the wavelength."""

SPECTRUM_LINES_NM = (254, 313, 365)
"""Where the absorbance of a measured spectrum is tabulated, relative to its maximum in 220-400 nm."""

NONPOLAR = frozenset({"cyclohexane", "n-hexane", "n-heptane", "toluene", "benzene", "1,4-dioxane"})

_WORKFLOW = "photo-ligand"
_ONE_CONFORMER = {"embedded": 4, "keep": 1}


@dataclass(frozen=True, slots=True)
class AbsorptionReference:
    """One molecule with what was measured.

    Attributes:
        candidate: The molecule, with the further columns of its file.
        collection: The set it is from.
        band_max_ev: Energy of the measured maximum.
        log10_absorptivity: Decadic logarithm of the molar absorptivity there; None where not reported.
        band_edge_ev: Energy of the measured 10 % edge; None but for spectra.
        edge_is_bound: Whether that edge is only an upper bound of the energy.
        relative: Measured absorbance by wavelength (nm), relative to the maximum; empty but for spectra.
        solvent: As recorded; empty where the source does not say.
        npi_max_ev: Energy of the measured n-pi* maximum of azo compounds; None where not reported.
    """

    candidate: Candidate
    collection: Collection
    band_max_ev: float
    log10_absorptivity: float | None
    band_edge_ev: float | None
    edge_is_bound: bool
    relative: dict[int, float]
    solvent: str
    npi_max_ev: float | None

    @property
    def id(self) -> str:
        """Unique among all references."""
        return self.candidate.id


@cache
def absorption_references() -> tuple[AbsorptionReference, ...]:
    """All molecules that are calculated; rows marked otherwise (too large for it) are left out."""
    return tuple(
        _reference(candidate, collection)
        for collection in get_args(Collection)
        for candidate in _candidates(collection)
        if dict(candidate.extra).get("calculated", "yes") == "yes"
    )


def measured_spectra() -> tuple[AbsorptionReference, ...]:
    """Those of which the whole spectrum is known, not the lowest maximum alone."""
    return tuple(one for one in absorption_references() if one.collection in SPECTRA)


def absorption_workflow(
    collection: Collection, level: str | None = None, *, conformers: bool = False
) -> Workflow:
    """What is calculated for a set: one conformer, no sampling, no reactions.

    Args:
        collection: The set.
        level: Another level than that of the preset; maxima were measured in solvents of little polarity and
            are computed without its solvent.
        conformers: As many of them as in the preset, from as many starting geometries.

    Raises:
        InputError: The level does not exist.
    """
    wanted = Level.parse(level or absorption_level())
    if collection not in SPECTRA:
        wanted = wanted.in_gas_phase
    further_ev = 0.0 if wanted.method == _LOW_FUNCTIONAL else _FURTHER_EV
    return _workflow(_COVER_EV[collection] + further_ev, str(wanted), conformers)


def absorption_standing(
    reference: AbsorptionReference, workflow: Workflow, lookup: Lookup, *, conformers: bool = False
) -> Progress:
    """Where a reference stands; the level is that of `workflow`, the reach that of its set."""
    level = None if workflow.spectrum is None else workflow.spectrum.level
    own = absorption_workflow(reference.collection, level, conformers=conformers)
    return progress(reference.candidate, own, lookup)


@cache
def absorption_level() -> str:
    """Functional, basis and solvent of the presets.

    Raises:
        InputError: The preset computes no spectrum.
    """
    section = Workflow.load(_WORKFLOW).spectrum
    if section is None:
        raise InputError(f"the preset {_WORKFLOW} has no [spectrum]")
    return section.level


def level_beside(level: str) -> str | None:
    """`SECOND_LEVEL` in the solvent of `level`; None beside another functional than that of the presets."""
    first, second = Level.parse(level), Level.parse(SECOND_LEVEL)
    if first.in_gas_phase != Level.parse(absorption_level()).in_gas_phase:
        return None
    return str(msgspec.structs.replace(second, solvent_model=first.solvent_model, solvent=first.solvent))


@cache
def _workflow(cover_ev: float, level: str, conformers: bool) -> Workflow:
    flow = Workflow.load(_WORKFLOW)
    assert flow.spectrum is not None
    spectrum = flow.spectrum.model_copy(
        update={"cover_ev": cover_ev, "level": level, "second_level": None}
        | ({} if conformers else {"conformers": 1})
    )
    ensemble = flow.ensemble if conformers else flow.ensemble.model_copy(update=_ONE_CONFORMER)
    none = {"sampling": None, "reactions": None, "surface": None}
    return flow.model_copy(
        update={"ensemble": ensemble, "spectrum": spectrum, "gates": (), "criteria": (), **none}
    )


def _candidates(collection: Collection) -> list[Candidate]:
    file = files("actinic").joinpath("reference", "absorption", _FILES[collection])
    with as_file(file) as path:
        rows = [row for row in read_candidates(path) if isinstance(row, Candidate)]
    return [replace(row, id=f"{collection}-{row.row}") for row in rows]


def _reference(candidate: Candidate, collection: Collection) -> AbsorptionReference:
    cells = dict(candidate.extra)
    reported, edge_nm = cells.get("log10_absorptivity", ""), cells.get("band_edge_nm")
    npi_nm = cells.get("npi_max_nm", "")
    return AbsorptionReference(
        candidate=candidate,
        collection=collection,
        band_max_ev=ev_from_nm(float(cells["band_max_nm"])),
        log10_absorptivity=float(reported) if reported else None,
        band_edge_ev=None if edge_nm is None else ev_from_nm(min(float(edge_nm), EDGE_END_NM)),
        edge_is_bound=edge_nm is not None and float(edge_nm) > EDGE_END_NM,
        relative={nm: float(cells[f"relative_{nm}_nm"]) for nm in SPECTRUM_LINES_NM if edge_nm is not None},
        solvent=cells.get("solvent", cells.get("solvent_of_irradiation", "")),
        npi_max_ev=ev_from_nm(float(npi_nm)) if npi_nm else None,
    )
