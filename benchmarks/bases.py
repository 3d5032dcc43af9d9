"""What the basis does to reaction enthalpies: `python benchmarks/bases.py [--levels LEVEL ...]`.

Two reactions of small molecules with a known answer, where def2-SVP is farthest off; one JSON line.
"""

import argparse
import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.measurement import Record, machine, report

from actinic import Workflow
from actinic.analysis.reaction_energies import ROOM_K
from actinic.analysis.thermochemistry import ATMOSPHERE_PA, thermal_terms
from actinic.calculations import kinds
from actinic.calculations.energy import EnergyRequest, EnergyResult
from actinic.calculations.ensemble import EnsembleResult
from actinic.calculations.thermal import ThermalResult
from actinic.chemistry.species import Species
from actinic.engines.dft_settings import ENERGIES
from actinic.level import Level
from actinic.screening.participants import ensemble_request, thermal_request
from actinic.units import HARTREE_KCAL_MOL

LEVELS = (
    "wb97x-d3/def2-svp",
    "wb97x-d3/def2-svp+n(def2-tzvp)+s(def2-tzvp)",
    "wb97x-d3/def2-svpd+n(def2-tzvp)+s(def2-tzvp)",
    "wb97x-d3/def2-tzvp",
    "r2scan-3c",
)
REACTIONS = {"CC": ("[CH3]", "[CH3]"), "CN=[N+]=[N-]": ("C=N", "N#N")}
"""Ethane to methyl radicals (90.05 kcal/mol, Active Thermochemical Tables); methyl azide to methanimine."""


def main() -> None:
    """Compute both at every level."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--levels", nargs="*", default=LEVELS)
    minima = {smiles: _minimum(smiles) for parts in REACTIONS.items() for smiles in (parts[0], *parts[1])}
    found: Record = {}
    for level in parser.parse_args().levels:
        enthalpies = {smiles: _enthalpy_kcal_mol(*minimum, level) for smiles, minimum in minima.items()}
        found[level] = {
            parent: round(math.fsum(enthalpies[p] for p in products) - enthalpies[parent], 2)
            for parent, products in REACTIONS.items()
        }
    report({"benchmark": "bases", "enthalpy_298_k_kcal_mol": found, "machine": machine()})


def _minimum(smiles: str) -> tuple[Species, ThermalResult]:
    flow = Workflow.load("photo-ligand")
    species = Species.high_spin(smiles)
    ensemble = kinds.compute(ensemble_request(species, flow.ensemble))
    assert isinstance(ensemble, EnsembleResult)
    assert flow.reactions is not None
    request = thermal_request(
        species, ensemble.conformers[0].geometry, flow.ensemble, flow.reactions.fmax_ev_angstrom
    )
    thermal = kinds.compute(request)
    assert isinstance(thermal, ThermalResult)
    return species, thermal


def _enthalpy_kcal_mol(species: Species, minimum: ThermalResult, level: str) -> float:
    request = EnergyRequest(
        geometry=minimum.geometry,
        charge=species.charge,
        multiplicity=species.multiplicity,
        broken_symmetry=False,
        level=Level.parse(level),
        scf=ENERGIES,
        program="pyscf",
    )
    point = kinds.compute(request)
    terms = thermal_terms(
        minimum,
        multiplicity=species.multiplicity,
        temperature_k=ROOM_K,
        pressure_pa=ATMOSPHERE_PA,
        saddle_order=0,
    )
    assert isinstance(point, EnergyResult)
    assert terms is not None
    return point.energy_hartree * HARTREE_KCAL_MOL + terms.enthalpy_kcal_mol


if __name__ == "__main__":
    main()
