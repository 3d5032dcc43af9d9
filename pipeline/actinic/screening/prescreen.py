"""The pre-screen of long lists: what a drawing and an orbital gap say before anything dearer is computed."""

from functools import lru_cache

from actinic.analysis.prescreen import edge_lines
from actinic.calculations.ensemble import EnsembleResult
from actinic.chemistry.candidates import Candidate
from actinic.chemistry.hueckel import hueckel_gap
from actinic.chemistry.motifs import match
from actinic.chemistry.species import KEPT, Species
from actinic.screening.sections import PrescreenSection
from actinic.screening.weak_bands import FAMILIES
from actinic.screening.workflow import Workflow
from actinic.units import nm_from_ev

HUECKEL = "hueckel"
"""Name of the line for gaps of simple Hueckel theory; others are named after their level."""

_hueckel_gap = lru_cache(maxsize=KEPT)(hueckel_gap)


def set_aside_by_drawing(candidate: Candidate, workflow: Workflow) -> str:
    """Why a candidate is not worth tight binding; empty where it is, or without `[prescreen]`."""
    section = workflow.prescreen
    if section is None:
        return ""
    return (
        _by_size(candidate.species, section)
        or _by_motif(candidate.species, section)
        or _by_gap(candidate, workflow, section, HUECKEL, _hueckel_gap(candidate.species))
    )


def set_aside_by_gap(candidate: Candidate, ensemble: EnsembleResult, workflow: Workflow) -> str:
    """Why a candidate is not worth a spectrum, from the orbital gap of its lowest conformer; likewise."""
    section = workflow.prescreen
    if section is None:
        return ""
    return _by_gap(candidate, workflow, section, workflow.ensemble.level, orbital_gap_ev(ensemble))


def orbital_gap_ev(ensemble: EnsembleResult) -> float | None:
    """Of the lowest conformer."""
    lowest = ensemble.conformers[0] if ensemble.conformers else None
    if lowest is None or lowest.homo_ev is None or lowest.lumo_ev is None:
        return None
    return lowest.lumo_ev - lowest.homo_ev


def _by_size(species: Species, section: PrescreenSection) -> str:
    if section.heavy_atoms is None:
        return ""
    heavy = sum(number for symbol, number in species.formula.items() if symbol != "H")
    low, high = section.heavy_atoms
    return "" if low <= heavy <= high else f"pre-screen: {heavy} heavy atoms, wanted {low} to {high}"


def _by_motif(species: Species, section: PrescreenSection) -> str:
    stimuli = {stimulus for site in match(species) for stimulus in site.motif.stimuli}
    if not section.stimuli or stimuli & set(section.stimuli):
        return ""
    return f"pre-screen: no motif that answers to {' or '.join(section.stimuli)}"


def _by_gap(
    candidate: Candidate, workflow: Workflow, section: PrescreenSection, name: str, gap: float | None
) -> str:
    """Judged are molecules of the kind the lines were fitted to; what is unknown passes."""
    line, target_nm = edge_lines().get(name), workflow.exposure_for(candidate.target_nm).target_nm
    if section.min_probability is None or workflow.spectrum is None:
        return ""
    if line is None or gap is None or target_nm is None or candidate.species.has_bare_charges:
        return ""
    if (name == HUECKEL or workflow.sampling is not None) and _has_weak_bands(candidate.species):
        return ""
    probability = line.probability(gap, target_nm)
    if probability >= section.min_probability:
        return ""
    how = "Hueckel" if name == HUECKEL else name
    return (
        f"pre-screen: by its {how} gap it absorbs from about {nm_from_ev(line.edge_ev(gap)):.0f} nm on, "
        f"at {target_nm:g} nm with a probability of {probability:.1g}"
    )


def _has_weak_bands(species: Species) -> bool:
    """Lone pairs absorb first, which pi orbitals do not tell; sampling finds more than one geometry does."""
    return any(site.motif.family in FAMILIES for site in match(species))
