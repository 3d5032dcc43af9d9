"""`actinic validate barriers` follows from the calculations shipped, and what it fits is what is used."""

import json
import tomllib
from importlib.resources import files

import pytest
from typer.testing import CliRunner

from actinic.cli import app
from actinic.screening.barrier_references import barrier_references
from actinic.validation_barriers import BarrierValidation, validate_barriers


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


def test_searched_paths_are_as_good_as_asked_for(found: BarrierValidation) -> None:
    routes = {table.route: table for table in found.routes}
    assert set(routes) >= {"retro-ene", "decarboxylation"}
    for name in ("retro-ene", "decarboxylation"):
        errors = routes[name].errors
        assert errors is not None
        assert errors.root_mean_square <= 3.5
