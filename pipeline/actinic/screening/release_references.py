"""Carbamates whose release of CO2 is computed at the levels of a workflow: a check of the equilibrium."""

from dataclasses import dataclass

from actinic.analysis.estimate import Estimate
from actinic.analysis.reaction_energies import KnownReaction
from actinic.analysis.release_equilibrium import equilibrium_c
from actinic.calculations.kinds import Request
from actinic.chemistry.motifs import match
from actinic.chemistry.reactions import Reaction, reactions
from actinic.chemistry.species import Species
from actinic.screening.lookup import Lookup
from actinic.screening.participants import Recipe, standing_of
from actinic.screening.workflow import Workflow

RELEASES = ("CNC(=O)O", "C[NH3+].CNC(=O)[O-]", "CNC(=O)[O-]")
"""Methylamine and CO2 as carbamic acid, as ion pair, and as separate ions."""

PRESSURES_BAR = (1.0, 0.01)
RELEASE_EXPORT = "release.jsonl.gz"
RELEASE_WORKFLOW = "photo-ligand"


@dataclass(frozen=True, slots=True)
class Release:
    """One equilibrium with CO2.

    Attributes:
        missing: Calculations to run now.
        known: The reaction, with its energies once nothing is missing.
        temperatures_c: Where dG = 0, in C, at `PRESSURES_BAR`; None without energies.
    """

    missing: tuple[Request, ...]
    known: KnownReaction
    temperatures_c: tuple[Estimate | None, ...]


def releases(smiles: str) -> tuple[Reaction, ...]:
    """Equilibria with CO2 that the motifs of a molecule promise.

    Raises:
        InputError: No molecule.
    """
    species = Species.from_smiles(smiles, multiplicity=1)
    found = (one for site in match(species) for one in reactions(species, site))
    return tuple(one for one in found if one.step == "co2_equilibrium")


def release_standing(reaction: Reaction, lookup: Lookup) -> Release:
    """What an equilibrium misses, and where it lies."""
    flow = Workflow.load(RELEASE_WORKFLOW)
    assert flow.reactions is not None
    missing, known = standing_of(reaction, Recipe(flow.ensemble, flow.reactions), lookup, second=False)
    if missing or known.reason:
        return Release(missing, known, (None,) * len(PRESSURES_BAR))
    return Release((), known, tuple(equilibrium_c(known, bar) for bar in PRESSURES_BAR))
