"""An electron taken and one added: signs, sizes, and what a film around the molecule does to them."""

from functools import cache

import pytest

from actinic.calculations.frontier import FrontierRequest, FrontierResult, compute
from actinic.chemistry.species import Species
from actinic.engines.embedding import embed
from actinic.errors import InputError
from actinic.level import Level

SHIFT_EV = 4.8455
"""What IPEA1-xTB is too high by, ionisations and affinities alike (doi:10.1039/C7SC00601B)."""

FILM = "gfn2-xtb@gbe(organic film)"


def request(smiles: str, level: str, multiplicity: int = 1) -> FrontierRequest:
    species = Species.from_smiles(smiles, multiplicity=1)
    geometry = embed(species, n_conformers=1, seed=1, rmsd_angstrom=0.1)[0]
    return FrontierRequest(geometry, species.charge, multiplicity, Level.parse(level), "tblite")


@cache
def found(smiles: str, level: str) -> FrontierResult:
    return compute(request(smiles, level), 1)


@pytest.mark.parametrize(
    ("smiles", "measured_ev"),
    # Vertical, photoelectron spectra as in reference/vertical_ionisation (doi:10.1063/1.4921037).
    [("c1ccccc1", 9.45), ("c1ccncc1", 9.6), ("CC(C)=O", 9.8), ("C=CC=O", 10.1)],
)
def test_ipea1_ionises_small_molecules_within_half_an_electronvolt(smiles: str, measured_ev: float) -> None:
    assert found(smiles, "ipea1-xtb").ionisation_ev - SHIFT_EV == pytest.approx(measured_ev, abs=0.5)


def test_tcnq_takes_an_electron_and_benzene_does_not() -> None:
    # Gas phase: 3.38 eV (adiabatic, doi:10.1063/1.4937761) and below 0.
    tcnq = found("N#CC(C#N)=c1ccc(=C(C#N)C#N)cc1", "ipea1-xtb").affinity_ev - SHIFT_EV
    assert tcnq == pytest.approx(3.38, abs=0.7)
    assert found("c1ccccc1", "ipea1-xtb").affinity_ev - SHIFT_EV < 0


def test_a_film_around_it_makes_both_ions_cheaper() -> None:
    gas, film = (found("c1ccc2ccccc2c1", level) for level in ("gfn2-xtb", FILM))
    assert film.ionisation_ev < gas.ionisation_ev - 0.5
    assert film.affinity_ev > gas.affinity_ev + 0.5
    # The orbital of a molecule without a dipole hardly notices: what it lacks is the ion.
    assert film.homo_ev == pytest.approx(gas.homo_ev, abs=0.1)


def test_an_anion_gives_its_electron_away_more_easily() -> None:
    assert found("[O-]c1ccccc1", "gfn2-xtb").ionisation_ev < found("Oc1ccccc1", "gfn2-xtb").ionisation_ev - 4


def test_open_shells_are_refused() -> None:
    with pytest.raises(InputError, match="multiplicity 3: electrons are taken from closed shells"):
        compute(request("O", "ipea1-xtb", multiplicity=3), 1)
