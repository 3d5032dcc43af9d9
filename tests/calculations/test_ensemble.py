"""Conformers and their weights, and what happens to species that are no minimum."""

import dataclasses
import math
import re

import msgspec
import pytest
from ase import Atoms
from ase.optimize.optimize import Optimizer

from actinic.calculations.ensemble import FEWER_CONSTRAINTS, EnsembleRequest, EnsembleResult, compute
from actinic.calculations.minima import Settled, settle
from actinic.calculations.outcome import Outcome, Provenance
from actinic.chemistry.connectivity import change
from actinic.chemistry.species import Species
from actinic.engines import optimisation
from actinic.engines.embedding import embed
from actinic.engines.hessian import hessian_hartree_bohr2, vibrations
from actinic.engines.optimisation import Algorithm, Stop
from actinic.engines.tight_binding import Theory, single_point
from actinic.errors import ConvergenceError, InputError
from actinic.level import Level
from actinic.screening.retry import ladder
from actinic.units import BOLTZMANN_KCAL_MOL_K, HARTREE_KCAL_MOL

SEED = 20


def request(
    smiles: str, *, multiplicity: int = 1, level: str = "gfn2-xtb", **changes: object
) -> EnsembleRequest:
    plain = EnsembleRequest(
        species=Species.from_smiles(smiles, multiplicity=multiplicity),
        level=Level.parse(level),
        program="tblite",
        n_embedded=6,
        energy_window_kcal_mol=6.0,
        rmsd_angstrom=0.3,
        max_conformers=10,
        fmax_ev_angstrom=0.02,
        max_steps=200,
        temperature_k=298.15,
    )
    return msgspec.structs.replace(plain, **changes)


@pytest.fixture(scope="module")
def butane() -> EnsembleResult:
    return compute(request("CCCC", n_embedded=15), SEED)


@pytest.fixture(scope="module")
def aminoethanol() -> EnsembleResult:
    return compute(request("NCCO"), SEED)


def relative_kcal_mol(result: EnsembleResult) -> list[float]:
    lowest = result.conformers[0].energy_hartree
    return [(conformer.energy_hartree - lowest) * HARTREE_KCAL_MOL for conformer in result.conformers]


def test_butane_is_anti_or_gauche_and_anti_is_lower(butane: EnsembleResult) -> None:
    # Raman spectra put gauche 0.56 (liquid) to 0.97 kcal/mol (gas) above anti; it exists twice.
    lowest, higher = relative_kcal_mol(butane)
    assert lowest == 0.0
    assert 0.5 < higher < 1.0
    assert [conformer.degeneracy for conformer in butane.conformers] == [1, 2]
    anti, gauche = (conformer.geometry.positions_angstrom for conformer in butane.conformers)
    assert math.dist(anti[0], anti[3]) > math.dist(gauche[0], gauche[3]) + 0.5


def test_weights_sum_to_one_and_follow_boltzmann(
    butane: EnsembleResult, aminoethanol: EnsembleResult
) -> None:
    thermal_kcal_mol = BOLTZMANN_KCAL_MOL_K * 298.15
    for result in (butane, aminoethanol):
        first, *others = result.conformers
        assert others
        assert math.fsum(conformer.weight for conformer in result.conformers) == pytest.approx(1.0, abs=1e-12)
        for other, above in zip(others, relative_kcal_mol(result)[1:], strict=True):
            expected = other.degeneracy / first.degeneracy * math.exp(-above / thermal_kcal_mol)
            assert other.weight / first.weight == pytest.approx(expected, rel=1e-9)


def test_every_number_belongs_to_the_geometry_that_is_stored(aminoethanol: EnsembleResult) -> None:
    for conformer in aminoethanol.conformers:
        point = single_point(conformer.geometry, Theory(0, 1, Level.parse("gfn2-xtb"), "tblite"))
        assert conformer.energy_hartree == point.energy_hartree
        assert (conformer.homo_ev, conformer.lumo_ev) == (point.homo_ev, point.lumo_ev)


def test_fewer_conformers_and_a_narrower_window_keep_the_lowest(aminoethanol: EnsembleResult) -> None:
    lowest = aminoethanol.conformers[0].geometry
    for narrower in ({"max_conformers": 1}, {"energy_window_kcal_mol": 0.01}):
        (only,) = compute(request("NCCO", **narrower), SEED).conformers
        assert only.geometry == lowest
        assert only.weight == 1.0


def test_the_same_request_gives_the_same_bytes_whatever_was_computed_before(
    aminoethanol: EnsembleResult,
) -> None:
    compute(request("[S-]c1ccccc1"), SEED + 1)
    again = compute(request("NCCO"), SEED)
    assert msgspec.json.encode(again) == msgspec.json.encode(aminoethanol)


def test_the_way_the_smiles_is_written_does_not_matter(aminoethanol: EnsembleResult) -> None:
    assert compute(request("OCCN"), SEED) == aminoethanol


def test_request_and_result_survive_json(aminoethanol: EnsembleResult) -> None:
    asked = request("NCCO", level="gfn2-xtb@alpb(water)")
    assert msgspec.json.decode(msgspec.json.encode(asked), type=EnsembleRequest) == asked
    assert msgspec.json.decode(msgspec.json.encode(aminoethanol), type=EnsembleResult) == aminoethanol


@pytest.mark.parametrize(
    ("smiles", "multiplicity"),
    [
        ("[S-]c1ccccc1", 1),
        ("c1ccc([I+]c2ccccc2)cc1", 1),
        ("[N-]=[N+]=Nc1ccccc1", 1),
        ("CC1(C(F)(F)F)N=N1", 1),
        ("CC(C)(C)[N+]#N", 1),
        ("C[CH2]", 2),
        ("O=O", 3),
        ("[O-]C=O.[Na+]", 1),
    ],
)
def test_species_with_a_minimum_keep_their_bonds(smiles: str, multiplicity: int) -> None:
    asked = request(smiles, multiplicity=multiplicity, n_embedded=1)
    result = compute(asked, SEED)
    assert result.n_changed == 0
    assert result.fell_apart_into is None
    assert result.changed_bonds is None
    for conformer in result.conformers:
        assert change(asked.species, conformer.geometry).is_kept
        assert conformer.homo_ev is not None
        assert conformer.lumo_ev is not None
        assert conformer.homo_ev <= conformer.lumo_ev


def test_what_can_only_be_built_with_few_constraints_has_conformers_and_says_so() -> None:
    """trans-Bicyclo[3.1.0]hexane: no geometry with its chirality is drawn, half of those without have it."""
    asked = request("C1C[C@H]2C[C@@H]2C1", n_embedded=2)
    result = compute(asked, SEED)
    assert result.conformers
    assert result.embedding == FEWER_CONSTRAINTS
    assert all(change(asked.species, one.geometry).is_kept for one in result.conformers)
    outcome = Outcome(result, None, Provenance({}, "", "", 0.0, 0.0, 0.0))
    assert outcome.settings == "geometries by fewer constraints"
    assert "conformers may be missing" in outcome.doubt


def test_a_result_that_needed_nothing_special_has_the_bytes_it_always_had(butane: EnsembleResult) -> None:
    assert butane.embedding == ""
    assert b"embedding" not in msgspec.json.encode(butane)


def test_what_does_not_settle_by_the_usual_algorithm_does_so_by_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A fault in the optimiser of first choice: each rung is computed as the screening would ask for it."""
    usual = optimisation._optimiser

    def stuck(atoms: Atoms, algorithm: Algorithm | None) -> Optimizer:
        optimiser = usual(atoms, algorithm)
        if algorithm is None:
            monkeypatch.setattr(optimiser, "step", lambda *_: None)
        return optimiser

    monkeypatch.setattr(optimisation, "_optimiser", stuck)
    asked = request("CCO", n_embedded=1, max_steps=5)
    found = {}
    for name, changed in (("", asked), *ladder(asked)):
        assert isinstance(changed, EnsembleRequest)
        if changed.algorithm is None:
            with pytest.raises(ConvergenceError, match=r"none of \d starting geometries settled"):
                compute(changed, SEED)
        else:
            found[name] = compute(changed, SEED)
    assert set(found) == {"shorter steps", "line search"}
    lowest = [result.conformers[0].energy_hartree for result in found.values()]
    assert lowest[0] == pytest.approx(lowest[1], abs=2e-4)


@pytest.mark.parametrize("smiles", ["C[C@H](O)C#N", "C[C@@H](O)C#N"])
def test_named_handedness_survives(smiles: str) -> None:
    asked = request(smiles, n_embedded=3)
    for conformer in compute(asked, SEED).conformers:
        assert change(asked.species, conformer.geometry).inverted == ()
        assert conformer.degeneracy == 1


def test_a_lone_ion_is_one_point() -> None:
    result = compute(request("[I-]"), SEED)
    (only,) = result.conformers
    assert only.weight == 1.0
    assert only.dipole_debye == pytest.approx(0.0, abs=1e-6)
    assert only.geometry.grid_points == (0, 0, 0)


@pytest.mark.parametrize(
    ("smiles", "fragments", "broken"),
    [
        ("[O-]C(=O)[N+]#N", "CO2 + N2", r"broken (N\d-C\d|C\d-N\d)"),
        ("CN(C)c1ccc(C[OH2+])cc1", "C9H12N + H2O", r"broken C\d-O\d"),
        ("[NH3+]CC(=O)[O-]", "C2H5NO2", r"broken N\d-H\d; formed O\d-H\d"),
    ],
)
def test_a_molecule_that_falls_apart_is_a_finding(smiles: str, fragments: str, broken: str) -> None:
    result = compute(request(smiles, n_embedded=1), SEED)
    assert result.conformers == ()
    assert result.n_changed == result.n_embedded == 1
    assert result.fell_apart_into == fragments
    assert result.changed_bonds is not None
    assert re.fullmatch(broken, result.changed_bonds)


def test_water_keeps_the_zwitterion_that_loses_its_proton_in_the_gas_phase() -> None:
    result = compute(request("[NH3+]CC(=O)[O-]", level="gfn2-xtb@alpb(water)", n_embedded=1), SEED)
    assert len(result.conformers) == 1
    assert result.n_changed == 0


def test_an_optimisation_that_never_settles_is_an_error() -> None:
    message = r"^NCCO: none of \d+ starting geometries settled at gfn2-xtb to 0.02 eV/angstrom within 1 steps"
    with pytest.raises(ConvergenceError, match=message):
        compute(request("NCCO", max_steps=1), SEED)


def test_charges_that_never_converge_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actinic.engines.tblite_engine.MAX_SCF_CYCLES", 2)
    with pytest.raises(
        ConvergenceError, match=r"none of \d+ starting geometries settled.*SCF not converged in 2"
    ):
        compute(request("NCCO"), SEED)


@pytest.mark.parametrize(
    "name",
    [
        "n_embedded",
        "energy_window_kcal_mol",
        "rmsd_angstrom",
        "max_conformers",
        "fmax_ev_angstrom",
        "max_steps",
        "temperature_k",
    ],
)
def test_numbers_that_make_no_sense_are_named(name: str) -> None:
    with pytest.raises(InputError, match=f"NCCO: {name} = 0, expected more than 0"):
        compute(msgspec.structs.replace(request("NCCO"), **{name: 0}), SEED)


def test_an_unknown_program_is_named() -> None:
    with pytest.raises(InputError, match="program 'mopac'"):
        compute(request("NCCO", program="mopac"), SEED)


@pytest.mark.parametrize("level", ["gfn1-xtb", "gfn2-xtb"])
def test_both_programs_find_the_same_ensemble(level: str) -> None:
    pytest.importorskip("xtb")
    ours = compute(request("CCO", level=level, fmax_ev_angstrom=0.005), SEED)
    theirs = compute(request("CCO", level=level, fmax_ev_angstrom=0.005, program="xtb-python"), SEED)
    assert len(ours.conformers) == len(theirs.conformers)
    for one, other in zip(ours.conformers, theirs.conformers, strict=True):
        assert one.energy_hartree == pytest.approx(other.energy_hartree, abs=1e-5)
        assert one.weight == pytest.approx(other.weight, abs=0.01)


def test_conformers_are_minima_where_the_force_field_puts_them_on_a_ridge() -> None:
    # Both starts have a mirror plane; on it GFN2 has an imaginary mode (-25 and -91 cm-1).
    for smiles, gain_kcal_mol in (("FC(F)(F)C1(c2ccccc2)N=N1", 1.0), ("[N-]=[N+]=Nc1ccccc1", 0.0)):
        asked = request(smiles, n_embedded=1, fmax_ev_angstrom=0.01)
        theory = Theory(0, 1, asked.level, asked.program)
        (start,) = embed(asked.species, n_conformers=1, seed=SEED, rmsd_angstrom=asked.rmsd_angstrom)
        ridge = settle(asked.species, start, theory, Stop(asked.fmax_ev_angstrom, asked.max_steps))
        assert isinstance(ridge, Settled)
        lowest = compute(asked, SEED).conformers[0]
        gain = (ridge.point.energy_hartree - lowest.energy_hartree) * HARTREE_KCAL_MOL
        assert gain > gain_kcal_mol
        hessian = hessian_hartree_bohr2(lowest.geometry, theory)
        assert vibrations(lowest.geometry, hessian).frequencies_cm[0] > 0


def test_a_ridge_that_leads_to_another_molecule_is_no_conformer(monkeypatch: pytest.MonkeyPatch) -> None:
    def torn(species: Species, start: Settled, *_: object) -> Settled:
        return dataclasses.replace(start, change=dataclasses.replace(start.change, broken=((0, 1),)))

    monkeypatch.setattr("actinic.calculations.ensemble.downhill", torn)
    result = compute(request("CCO", n_embedded=2), SEED)
    assert result.conformers == ()
    assert result.n_changed == result.n_embedded
    assert result.changed_bonds == "broken C1-C2"
