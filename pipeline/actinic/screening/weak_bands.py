"""Which candidates have weak bands worth sampling, and what that still needs."""

from collections.abc import Sequence

import msgspec

from actinic.analysis.npi_states import lone_pair_atoms
from actinic.calculations.sampling import SamplingRequest, SamplingResult
from actinic.calculations.spectrum import SpectrumResult
from actinic.calculations.weak_states import n_weak
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.motifs import match
from actinic.chemistry.species import Species
from actinic.level import Level
from actinic.screening.lookup import Answer, Lookup, answer
from actinic.screening.participants import thermal_request, tight_minimum
from actinic.screening.sections import SamplingSection
from actinic.screening.workflow import Workflow

FAMILIES = frozenset(
    {
        "azide",
        "azo",
        "diazirine",
        "diazo",
        "dithiocarbamate",
        "dithiooxalate",
        "ketone",
        "nitrate and nitroso",
        "o-nitrobenzyl",
        "photoinitiator",
        "thiadiazole",
        "thiatriazole",
        "thiocarbonylthio",
        "trithiocarbonate",
        "xanthate",
    }
)
"""Families of motifs whose lowest state is n-pi* or the like: forbidden, yet where exposure works."""


def has_weak_bands(species: Species, spectra: Sequence[SpectrumResult]) -> bool:
    """Whether a motif promises weak bands and a lowest state is weak; bare charges have no correction."""
    pairs = lone_pair_atoms(species)
    return (
        not species.has_bare_charges
        and any(n_weak(spectrum.transitions, pairs) for spectrum in spectra)
        and any(site.motif.family in FAMILIES for site in match(species))
    )


def sampling_stand(
    species: Species, conformer: Geometry, workflow: Workflow, section: SamplingSection, lookup: Lookup
) -> Answer[SamplingResult]:
    """The minimum next to the lowest conformer first, then the ensemble around it."""
    request = thermal_request(species, conformer, workflow.ensemble, section.fmax_ev_angstrom)
    minimum = tight_minimum(species, request, lookup)
    if minimum.result is None:
        return Answer(minimum.missing, minimum.reason)
    wanted = _sampling_request(species, minimum.result.geometry, workflow, section)
    return answer(wanted, lookup, SamplingResult)


def _sampling_request(
    species: Species, minimum: Geometry, workflow: Workflow, section: SamplingSection
) -> SamplingRequest:
    """Coarse grids do for an ensemble: 5 meV on phenyl azide's lowest states, and a third of the time.

    Without the solvent of the spectrum: a continuum whose response is frozen moves n-pi* bands further up
    than solvents do (`docs/decisions.md`), and their correction is one of the gas phase.
    """
    assert workflow.spectrum is not None
    coarse = msgspec.structs.replace(workflow.scf_settings, grid_level=0, coarse_grid_level=0)
    full = msgspec.structs.replace(workflow.response_settings, tier="full")
    return SamplingRequest(
        geometry=minimum,
        charge=species.charge,
        multiplicity=species.multiplicity,
        surface=Level.parse(workflow.ensemble.level),
        surface_program=workflow.ensemble.program,
        n_geometries=section.geometries,
        temperature_k=section.temperature_k,
        lowest_cm=section.lowest_cm,
        level=Level.parse(workflow.spectrum.level).in_gas_phase,
        scf=coarse,
        response=full,
        program="pyscf",
    )
