"""Relaxed lowest triplets against phosphorescence: ketones and arenes, as a workflow computes them."""

import math

import pytest

from actinic.analysis.reaction_report import relaxed_triplet
from actinic.calculations import kinds
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Outcome, Provenance
from actinic.chemistry.reaction_choice import to_triplet
from actinic.chemistry.species import Species
from actinic.screening.participants import Recipe, standing_of
from actinic.screening.workflow import Workflow

FLOW = Workflow.load("photo-ligand")
assert FLOW.reactions is not None
RECIPE = Recipe(FLOW.ensemble, FLOW.reactions)

T1_KCAL_MOL = {
    "O=C(c1ccccc1)c1ccccc1": 69.0,
    "c1ccc2ccccc2c1": 61.0,
    "c1ccc2cc3ccccc3cc2c1": 42.5,
    "CC(=O)c1ccccc1": 74.0,
    "c1ccc(-c2ccccc2)cc1": 65.5,
    "O=c1c2ccccc2oc2ccccc12": 74.0,
}
"""0-0 energies in glasses (S. L. Murov, I. Carmichael, G. L. Hug, Handbook of Photochemistry, 1993)."""


def t1_kcal_mol(smiles: str) -> float:
    known: dict[str, Outcome] = {}

    def lookup(request: Request) -> Outcome | None:
        return known.get(kinds.key(request))

    reaction = to_triplet(Species.from_smiles(smiles, multiplicity=1))
    while missing := standing_of(reaction, RECIPE, lookup, second=False)[0]:
        for request in missing:
            result = kinds.compute(request)
            known[kinds.key(request)] = Outcome(result, None, Provenance({}, "here", "", 1.0, 1.0, 1.0))
    t1 = relaxed_triplet(standing_of(reaction, RECIPE, lookup, second=False)[1])
    assert t1 is not None
    return t1.value


@pytest.mark.slow
def test_triplet_energies_are_those_of_phosphorescence() -> None:
    errors = {smiles: t1_kcal_mol(smiles) - measured for smiles, measured in T1_KCAL_MOL.items()}
    assert max(map(abs, errors.values())) < 6.0, errors
    assert abs(math.fsum(errors.values())) / len(errors) < 4.0, errors
