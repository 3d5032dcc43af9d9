"""What a hole does to a geometry: four energies on one surface."""

from functools import cache

import msgspec
import pytest

from actinic.calculations.reorganisation import ReorganisationRequest, ReorganisationResult, compute
from actinic.chemistry.species import Species
from actinic.engines.embedding import embed
from actinic.errors import ConvergenceError, InputError
from actinic.level import Level


def request(smiles: str, **changes: object) -> ReorganisationRequest:
    species = Species.from_smiles(smiles, multiplicity=1)
    plain = ReorganisationRequest(
        geometry=embed(species, n_conformers=1, seed=1, rmsd_angstrom=0.1)[0],
        charge=0,
        multiplicity=1,
        level=Level.parse("gfn2-xtb"),
        program="tblite",
        fmax_ev_angstrom=0.004,
        max_steps=500,
    )
    return msgspec.structs.replace(plain, **changes)


@cache
def found(smiles: str) -> ReorganisationResult:
    return compute(request(smiles), 1)


def test_both_legs_of_a_rigid_molecule_are_alike_and_add_up() -> None:
    naphthalene = found("c1ccc2ccccc2c1")
    assert naphthalene.ion_ev > 0
    assert naphthalene.neutral_ev == pytest.approx(naphthalene.ion_ev, rel=0.1)
    assert naphthalene.reorganisation_ev == pytest.approx(naphthalene.ion_ev + naphthalene.neutral_ev)


def test_a_hole_spread_over_a_longer_acene_reorganises_it_less() -> None:
    # As in photoelectron spectra of the acenes (doi:10.1021/jp057462p).
    assert found("c1ccc2cc3ccccc3cc2c1").reorganisation_ev < found("c1ccc2ccccc2c1").reorganisation_ev


def test_a_biphenyl_that_turns_flat_reorganises_more_than_a_fused_arene() -> None:
    assert found("c1ccccc1-c1ccccc1").reorganisation_ev > found("c1ccc2ccccc2c1").reorganisation_ev


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(InputError, match="fmax_ev_angstrom 0"):
        compute(request("O", fmax_ev_angstrom=0.0), 1)
    with pytest.raises(InputError, match="multiplicity 3: a hole is made in a closed shell"):
        compute(request("O", multiplicity=3), 1)


def test_a_geometry_that_does_not_settle_says_which() -> None:
    with pytest.raises(ConvergenceError, match="charge 0: geometry not optimised to 1e-05"):
        compute(request("CCO", fmax_ev_angstrom=1e-5, max_steps=2), 1)
