"""`actinic validate barriers` follows from the calculations shipped, and what it fits is what is used."""

import json
import tomllib
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from actinic.analysis.path_searches import searched_barriers, shipped_searches
from actinic.calculations.kinds import kind_of
from actinic.cli import app
from actinic.screening.barrier_references import barrier_references
from actinic.screening.path_references import path_standing
from actinic.screening.shipped import Shipped
from actinic.screening.store import Store
from actinic.screening.workflow import Workflow
from actinic.validation_barriers import PATHS_EXPORT, PATHS_WORKFLOW, BarrierValidation, validate_barriers


@pytest.fixture(scope="module")
def found() -> BarrierValidation:
    return validate_barriers()


def test_every_reference_reaction_balances_and_is_counted_once(found: BarrierValidation) -> None:
    names = [reference.id for reference in barrier_references()]
    assert len(set(names)) == len(names)
    with_energy = {point.id for point in found.homolyses} | set(found.enthalpies)
    assert with_energy | set(found.without) == set(names)
    assert not with_energy & set(found.without)


def test_a_homolysis_of_the_table_breaks_into_the_radicals_it_is_listed_with() -> None:
    by_name = {reference.id: reference.reaction for reference in barrier_references()}
    products = [p.species.smiles for p in by_name["CC(C)(C)OO -> CC(C)(C)[O].[OH]"].products]
    assert sorted(products) == ["CC(C)(C)[O]", "[OH]"]


def test_the_shipped_fit_is_the_one_the_tables_give(found: BarrierValidation) -> None:
    shipped = tomllib.loads(files("actinic.analysis").joinpath("homolysis.toml").read_text(encoding="utf-8"))
    assert set(shipped) == set(found.rates)
    for kind, row in shipped.items():
        for name, value in row.items():
            assert getattr(found.rates[kind], name) == pytest.approx(value, abs=1e-4), (kind, name)


def test_dialkyl_peroxides_are_within_what_was_asked_and_all_homolyses_within_what_is_said(
    found: BarrierValidation,
) -> None:
    errors = {table.family: table.errors.root_mean_square for table in found.tables}
    assert errors["homolysis O-O"] <= 3.5
    assert errors["homolysis, up to 700 K"] <= 3.5


def test_prefactors_are_those_of_bonds_that_break(found: BarrierValidation) -> None:
    for kind, rate in found.rates.items():
        assert 14.0 < rate.log10_a < 17.5, kind
        assert -10.0 < rate.shift_kcal_mol < 0.0, kind


def test_the_command_prints_tables_and_json() -> None:
    tables = CliRunner().invoke(app, ["validate", "barriers"])
    assert tables.exit_code == 0, tables.output
    assert "diazirine" in tables.output
    assert "left out: AIBN: in the solid" in tables.output
    record = json.loads(CliRunner().invoke(app, ["validate", "barriers", "--json"]).output)
    assert {"homolyses", "rates", "tables", "without"} <= set(record)


def test_searches_on_record_follow_from_the_calculations_shipped(found: BarrierValidation) -> None:
    """Barriers, thermal terms and errors, recomputed from the stages; refused for the same reason, too."""
    lookup = Shipped.of("barriers", PATHS_EXPORT)
    flow = Workflow.load(PATHS_WORKFLOW)
    recorded = {row.id: row for row in shipped_searches()}
    accepted = {name for name, row in recorded.items() if not row.failure}
    assert accepted
    for barrier in searched_barriers():
        stand = path_standing(barrier, flow, lookup)
        if stand.row is None:  # not run, or a stage failed, which leaves nothing to ship
            assert barrier.id not in accepted
            continue
        numbers, kept = (
            {name: value for name, value in msgspec.to_builtins(row).items() if name != "core_s"}
            for row in (stand.row, recorded[barrier.id])
        )
        assert numbers == pytest.approx(kept, abs=0.011), barrier.id
        assert stand.path.is_accepted == (barrier.id in accepted)
    assert {row.id for row in found.searches} == {row.id for row in shipped_searches()}


def test_searched_paths_are_as_good_as_asked_for(found: BarrierValidation) -> None:
    """From the shipped calculations, not from the lines on record."""
    routes = {table.route: table for table in found.routes if not table.family}
    for name in ("retro-ene", "decarboxylation"):
        errors = routes[name].errors
        assert errors is not None
        assert errors.n >= 2
        assert errors.root_mean_square <= 3.5


def test_two_carbamates_differ_by_what_was_measured_within_twenty_degrees(found: BarrierValidation) -> None:
    """Isopropyl and tert-butyl dimethylcarbamate, half reacted in 30 min: 69 C apart, measured."""
    rows = {row.id: row for row in found.searches}
    later, sooner = rows["isopropyl-dimethylcarbamate"], rows["tert-butyl-dimethylcarbamate"]
    assert None not in (later.half_hour_c, sooner.half_hour_c)
    assert None not in (later.measured_half_hour_c, sooner.measured_half_hour_c)
    calculated = (later.half_hour_c or 0.0) - (sooner.half_hour_c or 0.0)
    measured = (later.measured_half_hour_c or 0.0) - (sooner.measured_half_hour_c or 0.0)
    assert measured == pytest.approx(69, abs=1)
    assert calculated == pytest.approx(measured, abs=20)


def test_the_command_says_how_many_of_the_table_were_searched(found: BarrierValidation) -> None:
    shown = CliRunner().invoke(app, ["validate", "barriers"]).output
    for table in found.routes:
        assert f"{table.n} of {table.asked}" in shown


def test_searches_are_computed_anew_where_they_are_asked_for(tmp_path: Path) -> None:
    """Planned like those of a candidate: what a store lacks is what would run."""
    flow = Workflow.load(PATHS_WORKFLOW)
    with Store(tmp_path / "s.sqlite") as store:
        stands = [path_standing(barrier, flow, store.lookup) for barrier in searched_barriers()]
    assert {stand.state for stand in stands} == {"waiting"}
    assert all(kind_of(request).name == "ensemble" for stand in stands for request in stand.missing)
    refused = CliRunner().invoke(app, ["validate", "barriers", "--paths"])
    assert refused.exit_code != 0
