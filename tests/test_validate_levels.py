"""Levels against measured ones: what is shipped, which predictor stands, what is apart."""

from dataclasses import asdict

import pytest

from actinic.analysis.calibration import affinity_calibration, ionisation_calibration
from actinic.analysis.electrons import WIDER
from actinic.analysis.level_validation import (
    AffinityPoint,
    LevelPoint,
    affinity_error_ev,
    affinity_fit,
    film_coverage,
)
from actinic.calculations.energy import EnergyRequest, EnergyResult
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Outcome, Provenance
from actinic.level import Level
from actinic.screening.affinity_references import AFFINITY_LEVELS, DETACHMENT_LEVEL
from actinic.screening.level_references import FILM_DFT, IONISATION_LEVEL, TIGHT_BINDING
from actinic.screening.shipped import Shipped
from actinic.validation_level_tables import level_tables
from actinic.validation_levels import EXPORT, LevelValidation, validate_levels, validated

NOW = Provenance({}, "", "", 1.0, 1.0, 1.0)


@pytest.fixture(scope="module")
def found() -> LevelValidation:
    return validate_levels()


@pytest.fixture(scope="module")
def with_dft() -> LevelValidation:
    """As if the orbitals of films of up to 50 heavy atoms were known, and all but alike."""
    shipped = Shipped.of("film_ionisation", EXPORT)

    def lookup(request: Request) -> Outcome | None:
        if isinstance(request, EnergyRequest) and str(request.level) in FILM_DFT:
            size = request.geometry.n_heavy_atoms
            made_up = EnergyResult(-1.0, 0.0, 0.0, -5.0 - 1e-4 * size, -1.0, "diis")
            return Outcome(made_up, None, NOW) if size <= 50 else None
        return shipped(request)

    return validated(lookup)


def test_nothing_is_better_beyond_chance_than_the_shift_that_is_shipped(found: LevelValidation) -> None:
    assert found.film_rows[0].predictor == TIGHT_BINDING[0]
    assert not [row.predictor for row in found.film_rows if row.against_shift.is_better]
    assert "No model is better than the first shift" in " ".join(level_tables(found)[0].notes)


def test_the_shifts_that_are_shipped_are_those_of_the_tables(found: LevelValidation) -> None:
    pairs = [(ionisation_calibration(Level.parse(level)), one) for level, one in found.ionisation.items()] + [
        (affinity_calibration(Level.parse(level)), one) for level, one in found.affinity.items()
    ]
    assert len(pairs) == 2
    for shipped, fitted in pairs:
        assert shipped is not None
        for name, value in asdict(shipped).items():
            assert getattr(fitted, name) == pytest.approx(value, abs=1e-4), name


def test_the_error_of_an_ionisation_energy_is_that_of_the_table(found: LevelValidation) -> None:
    row = next(r for r in found.gas_rows if r.predictor == IONISATION_LEVEL and r.fit == "shift")
    assert found.ionisation[IONISATION_LEVEL].standard_error_ev == row.scaffold_out.root_mean_square
    as_computed = next(r for r in found.gas_rows if r.predictor == IONISATION_LEVEL)
    assert found.ionisation[IONISATION_LEVEL].shift_ev == pytest.approx(as_computed.scaffold_out.mean)


def test_dft_beats_every_tight_binding_in_the_gas_phase(found: LevelValidation) -> None:
    errors = {(r.predictor, r.fit): r.scaffold_out.mean_absolute for r in found.gas_rows if r.predictor}
    best = min((value, key) for key, value in errors.items() if key[1] == "shift")
    assert best[1][0] == IONISATION_LEVEL


def test_films_small_enough_for_dft_have_a_table_of_their_own(with_dft: LevelValidation) -> None:
    assert {row.scaffold_out.n for row in with_dft.dft_rows} == {5}
    assert [row.predictor for row in with_dft.dft_rows[::2]] == [TIGHT_BINDING[0], *FILM_DFT, ""]
    assert len(with_dft.dft_without) == len(with_dft.films) - 5
    table = level_tables(with_dft)[1]
    assert "5 films" in table.title
    assert "sdtf" in table.notes[0]
    assert not any("too few for a table" in note for note in level_tables(with_dft)[0].notes)


def test_an_orbital_that_hardly_differs_between_films_is_no_better_than_their_mean(
    with_dft: LevelValidation,
) -> None:
    shift, mean = (
        next(r for r in with_dft.dft_rows if (r.predictor, r.fit) == pair)
        for pair in ((FILM_DFT[0], "shift"), ("", "mean of the others"))
    )
    assert shift.scaffold_out.mean_absolute == pytest.approx(mean.scaffold_out.mean_absolute, abs=0.01)


def test_an_acceptor_is_judged_by_the_others() -> None:
    points = [
        AffinityPoint(name, 4.0 + off, {"x": 9.0}, 16) for name, off in (("a", 0.0), ("b", 0.2), ("c", 1.0))
    ]
    assert affinity_fit(points, "x").shift_ev == pytest.approx(-4.6)
    assert affinity_error_ev(points, points[2], "x") == pytest.approx(-0.9)


def test_affinities_stand_apart_from_film_levels(found: LevelValidation) -> None:
    assert [point.id for point in found.acceptors] == ["TCNQ", "F4TCNQ", "F6TCNNQ"]
    assert set(found.affinity) == {AFFINITY_LEVELS[0]}
    assert not {point.id for point in found.films} & {point.id for point in found.acceptors}
    table = next(table for table in level_tables(found) if table.title.startswith("Electron affinity"))
    assert "by convention" in table.notes[0]


def test_the_anions_compared_lie_within_the_error_that_is_stated_for_anions(found: LevelValidation) -> None:
    stated_ev = WIDER * found.ionisation[IONISATION_LEVEL].standard_error_ev
    off = [abs(one.computed_ev[DETACHMENT_LEVEL] - one.measured_ev) for one in found.anions]
    assert len(off) == 10
    assert sum(value <= stated_ev for value in off) >= 7  # 68 % of them, as of any standard error
    table = next(table for table in level_tables(found) if table.title.startswith("Detachment"))
    assert len(table.rows) == 10


def test_a_difference_of_energies_beats_an_orbital_in_the_gas_phase(found: LevelValidation) -> None:
    best = {
        row.predictor: row.scaffold_out.mean_absolute for row in found.gas_rows if row.fit == "as computed"
    }
    assert best["wb97x-d3/def2-svp"] < 0.3
    assert best["wb97x-d3/def2-svp"] < best["gfn2-xtb"]


def test_film_levels_are_judged_by_the_errors_of_other_scaffolds() -> None:
    films = [
        LevelPoint(f"m{i}", f"s{i}", -5.0 - 0.1 * i, {"x": -9.0 - 0.1 * i + off}, 40, {"x": 1.0})
        for i, off in enumerate([0.01, -0.01, 0.02, 1.0])
    ]
    # Three times what others say; by a root mean square that holds its own error it would lie within 1.96.
    assert film_coverage(films, "x").found[1] == pytest.approx(3 / 4)
