"""Electrons taken and added: asked for where the workflow says so, apart from film levels, never the end."""

from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from actinic.analysis.calibration import affinity_calibration, ionisation_calibration
from actinic.analysis.estimate import Estimate
from actinic.calculations.energy import EnergyRequest, EnergyResult
from actinic.calculations.ensemble import Conformer, EnsembleRequest, EnsembleResult
from actinic.calculations.frontier import FrontierRequest, FrontierResult
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Failure, Outcome, Provenance
from actinic.chemistry.species import Species
from actinic.engines.embedding import embed
from actinic.errors import InputError
from actinic.level import Level
from actinic.reporting.columns import all_columns
from actinic.screening.plan import progress
from actinic.screening.sections import ElectronsSection
from actinic.screening.tiers import Progress
from actinic.screening.workflow import Workflow
from actinic.units import HARTREE_EV
from support.driving import candidate

TAKEN, DETACHED, ADDED = "wb97x-d3/def2-svp", "wb97x-d3/def2-svpd", "gfn2-xtb@gbe(organic film)"
SECTION = ElectronsSection(ionisation_level=TAKEN, anion_level=DETACHED, affinity_level=ADDED)
FLOW = Workflow.load("htm").model_copy(
    update={"spectrum": None, "hole": None, "criteria": (), "gates": (), "electrons": SECTION}
)
NOW = Provenance({}, "", "", 1.0, 1.0, 1.0)
ACETONE = candidate("c", "CC(C)=O")
TETRACENE = "c1ccc2cc3cc4ccccc4cc3cc2c1"
Answer = Callable[[Request], Outcome | None]


def plain(request: Request) -> Outcome | None:
    match request:
        case EnsembleRequest():
            geometry = embed(request.species, n_conformers=1, seed=1, rmsd_angstrom=0.1)[0]
            conformer = Conformer(geometry, -1.0, 1, 1.0, -9.0, 1.0, 1.0)
            return Outcome(EnsembleResult((conformer,), 1, 0, 0, None, None), None, NOW)
        case EnergyRequest():
            energy = -50.0 + (0.36 if request.multiplicity == 2 else 0.0)
            return Outcome(EnergyResult(energy, 0.0, 0.0, -9.0, 1.0, "diis"), None, NOW)
        case FrontierRequest():
            return Outcome(FrontierResult(-9.0, 1.0, 12.0, 6.0), None, NOW)
    return None


def found(smiles: str = "CC(C)=O", flow: Workflow = FLOW, lookup: Answer = plain) -> Progress:
    species = Species.from_smiles(smiles, multiplicity=1)
    return progress(replace(ACETONE, species=species), flow, lookup)


def quantity(where: Progress, name: str) -> Estimate:
    return where.assessment.quantities[name]


def test_both_are_reported_and_leave_film_levels_empty() -> None:
    where = found()
    taken, added = ionisation_calibration(Level.parse(TAKEN)), affinity_calibration(Level.parse(ADDED))
    assert taken is not None
    assert added is not None
    ionisation = quantity(where, "gas_ionisation_ev")
    assert ionisation.value == pytest.approx(0.36 * HARTREE_EV + taken.shift_ev)
    assert ionisation.standard_error == pytest.approx(taken.standard_error_ev, rel=0.01)
    acceptor = quantity(found(TETRACENE), "electron_affinity_film_ev")
    assert acceptor.value == pytest.approx(6.0 + added.shift_ev)
    assert acceptor.calibrated
    assert not quantity(where, "film_homo_ev").calibrated
    columns = {column.name for column in all_columns(FLOW, ())}
    assert {"gas_ionisation_error_ev", "electron_affinity_film_ev"} <= columns


@pytest.mark.parametrize(
    ("smiles", "raw_ev", "said"),
    [("CC(C)=O", 6.0, "compared for organics from 16 heavy atoms"), (TETRACENE, 3.0, "no electron is bound")],
)
def test_an_affinity_outside_its_domain_is_an_empty_cell(smiles: str, raw_ev: float, said: str) -> None:
    def lookup(request: Request) -> Outcome | None:
        if isinstance(request, FrontierRequest):
            return Outcome(FrontierResult(-9.0, 1.0, 12.0, raw_ev), None, NOW)
        return plain(request)

    where = found(smiles, lookup=lookup)
    assert not quantity(where, "electron_affinity_film_ev").calibrated
    assert any(said in caveat for caveat in where.assessment.caveats)


def test_a_molecule_larger_than_those_fitted_has_twice_the_error() -> None:
    small, large = (quantity(found(smiles), "gas_ionisation_ev") for smiles in ("CC(C)=O", "CC(=O)c1ccccc1"))
    assert small.standard_error is not None
    assert large.standard_error == pytest.approx(2 * small.standard_error, rel=0.01)
    assert any("doubled by convention" in one for one in found("CC(=O)c1ccccc1").assessment.caveats)


def test_an_anion_is_detached_with_diffuse_functions_unmoved_and_with_twice_the_error() -> None:
    asked: list[EnergyRequest] = []

    def noting(request: Request) -> Outcome | None:
        asked.extend([request] if isinstance(request, EnergyRequest) else [])
        return None if isinstance(request, FrontierRequest) else plain(request)

    where = found("CC(=O)[O-]", lookup=noting)
    assert where.state == "done"
    assert {(str(request.level), request.charge) for request in asked} == {(DETACHED, -1), (DETACHED, 0)}
    one = quantity(where, "gas_ionisation_ev")
    assert one.value == pytest.approx(0.36 * HARTREE_EV)
    assert one.standard_error == pytest.approx(
        2 * (quantity(found(), "gas_ionisation_ev").standard_error or 0), rel=0.01
    )
    assert any("that of a free anion" in caveat for caveat in where.assessment.caveats)


def test_an_electron_that_is_not_bound_is_said_to_be_unbound() -> None:
    def unbound(request: Request) -> Outcome | None:
        if not isinstance(request, EnergyRequest):
            return plain(request)
        energy = -50.0 - (0.1 if request.multiplicity == 2 else 0.0)
        return Outcome(EnergyResult(energy, 0.0, 0.0, 1.0, 2.0, "diis"), None, NOW)

    caveats = found("[O-]C(=O)C([O-])=O", lookup=unbound).assessment.caveats
    assert "unbound in the gas phase by 2.72 eV" in caveats


@pytest.mark.parametrize("smiles", ["C[N+](C)(C)C", "C[N+](C)(C)CC(=O)[O-]"])
def test_cations_and_zwitterions_are_left_alone(smiles: str) -> None:
    where = found(smiles, lookup=lambda r: plain(r) if isinstance(r, EnsembleRequest) else None)
    assert where.state == "done"
    assert "gas_ionisation_ev" not in where.assessment.quantities


def test_a_failure_is_a_caveat_and_no_end() -> None:
    def failing(request: Request) -> Outcome | None:
        failed = Outcome(None, Failure("ResourceError", "too large", ""), NOW)
        return plain(request) if isinstance(request, EnsembleRequest) else failed

    where = found(lookup=failing)
    assert where.state == "done"
    assert "gas_ionisation_ev" not in where.assessment.quantities
    said = [one for one in where.assessment.caveats if "too large" in one]
    assert len(said) == 2


def test_the_preset_for_hole_transport_adds_an_electron_and_no_preset_takes_one() -> None:
    presets = {name: Workflow.load(name) for name in ("htm", "photo-ligand", "heat-ligand", "crosslinker")}
    names = {name: flow.electron_names for name, flow in presets.items()}
    assert names == {"htm": ("electron_affinity_film_ev",)} | dict.fromkeys(set(presets) - {"htm"}, ())


@pytest.mark.parametrize(
    ("key", "level"), [("ionisation_level", "gfn2-xtb"), ("affinity_level", "b3lyp/def2-svp")]
)
def test_levels_that_are_none_are_refused_by_their_key(tmp_path: Path, key: str, level: str) -> None:
    text = files("actinic").joinpath("presets", "workflows", "photo-ligand.toml").read_text(encoding="utf-8")
    file = tmp_path / "mine.toml"
    file.write_text(f'{text}\n[electrons]\n{key} = "{level}"\n', encoding="utf-8")
    with pytest.raises(InputError, match=rf"electrons\.{key}: "):
        Workflow.load(file)


def test_a_level_without_calibration_says_so_in_place_of_a_number() -> None:
    section = ElectronsSection(ionisation_level="b3lyp/def2-svp", affinity_level="gfn2-xtb")
    where = found(flow=FLOW.model_copy(update={"electrons": section}))
    assert {"gas_ionisation_ev", "electron_affinity_film_ev"}.isdisjoint(where.assessment.quantities)
    assert sum("not reported" in one for one in where.assessment.caveats) >= 2
