"""What follows from the molecule alone, without any calculation."""

from functools import lru_cache

from actinic.analysis.estimate import Estimate
from actinic.analysis.reaction_report import reactive_sites
from actinic.chemistry.motifs import match
from actinic.chemistry.species import KEPT, Species

SPECIES_QUANTITIES = ("heavy_atoms", "charge", "reactive_sites")


@lru_cache(maxsize=KEPT)  # gates ask each time something of a candidate was computed
def species_quantity(species: Species, name: str) -> Estimate:
    """One of `SPECIES_QUANTITIES`."""
    if name == "heavy_atoms":
        return Estimate.exact(sum(number for symbol, number in species.formula.items() if symbol != "H"))
    return Estimate.exact(species.charge if name == "charge" else reactive_sites(match(species)))
