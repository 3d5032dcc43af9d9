"""The tier of electrons taken and added, beside the light and the reactions of a candidate."""

from dataclasses import replace

from actinic.analysis.electrons import Electrons
from actinic.calculations.energy import EnergyRequest, EnergyResult
from actinic.calculations.frontier import FrontierRequest, FrontierResult
from actinic.calculations.kinds import Request
from actinic.chemistry.candidates import Candidate
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.engines.dft import ENERGIES
from actinic.level import Level
from actinic.screening.lookup import Lookup, answer
from actinic.screening.sections import ElectronsSection
from actinic.screening.tiers import Progress, with_known
from actinic.screening.workflow import Workflow
from actinic.units import HARTREE_EV


def charged_requests(geometry: Geometry, charge: int, level: Level) -> tuple[EnergyRequest, EnergyRequest]:
    """Energies of a closed shell and of the doublet with an electron less, where the former stands."""
    neutral, ionised = (
        EnergyRequest(
            geometry=geometry,
            charge=charge + q,
            multiplicity=multiplicity,
            broken_symmetry=False,
            level=level,
            scf=ENERGIES,
            program="pyscf",
        )
        for q, multiplicity in ((0, 1), (1, 2))
    )
    return neutral, ionised


def electron_tier(here: Progress, candidate: Candidate, workflow: Workflow, lookup: Lookup) -> Progress:
    """What taking an electron costs and adding one yields; where that is not known it ends nothing."""
    section, ensemble = workflow.electrons, here.known.ensemble
    if section is None or ensemble is None:
        return here
    geometry = ensemble.conformers[0].geometry
    missing: list[Request] = []
    unknown: list[str] = []
    ionisation_ev = affinity_ev = None
    level, affinity_level = _levels(candidate.species, section)
    if level is not None:
        requests = charged_requests(geometry, candidate.species.charge, level)
        found = [answer(request, lookup, EnergyResult) for request in requests]
        missing += [request for one in found for request in one.missing]
        unknown += [f"no gas-phase ionisation: {one.reason}" for one in found if one.reason][:1]
        here_hartree, less_hartree = (
            None if one.result is None else one.result.energy_hartree for one in found
        )
        if here_hartree is not None and less_hartree is not None:
            ionisation_ev = (less_hartree - here_hartree) * HARTREE_EV
    if affinity_level is not None:
        request = FrontierRequest(geometry, 0, candidate.species.multiplicity, affinity_level, "tblite")
        added = answer(request, lookup, FrontierResult)
        missing += added.missing
        unknown += [f"no electron affinity: {added.reason}"] if added.reason else []
        affinity_ev = None if added.result is None else added.result.affinity_ev
    if missing:
        reason = "its electrons are not computed yet"
        return replace(here, state="waiting", missing=tuple(missing), reason=reason)
    electrons = Electrons(ionisation_ev, level, affinity_ev, affinity_level, tuple(unknown))
    return with_known(candidate, workflow, replace(here.known, electrons=electrons))


def _levels(species: Species, section: ElectronsSection) -> tuple[Level | None, Level | None]:
    """At which levels an electron is taken and added; cations and zwitterions are left alone."""
    texts: tuple[str | None, str | None] = (None, None)
    if species.charge < 0:
        texts = section.anion_level, None
    elif not species.has_bare_charges:
        texts = section.ionisation_level, section.affinity_level
    taken, added = (None if text is None else Level.parse(text) for text in texts)
    return taken, added
