"""What films, small molecules and acceptors ask for, and what is left of one that fails."""

from collections.abc import Callable

import pytest

from actinic.calculations.energy import EnergyRequest, EnergyResult
from actinic.calculations.ensemble import Conformer, EnsembleRequest, EnsembleResult
from actinic.calculations.frontier import FrontierRequest, FrontierResult
from actinic.calculations.kinds import Request, Result
from actinic.calculations.outcome import Failure, Outcome, Provenance
from actinic.chemistry.geometry import Geometry
from actinic.screening.affinity_references import (
    AFFINITY_LEVELS,
    DETACHMENT_LEVEL,
    affinity_references,
    affinity_standing,
)
from actinic.screening.level_references import (
    CHARGED,
    FILM_DFT,
    IONISATION,
    TIGHT_BINDING,
    level_references,
    level_standing,
    levels_workflow,
)

FLOW = levels_workflow()
NOW = Provenance({}, "", "", 1.0, 2.0, 1.0)
WATER = Geometry(("O", "H", "H"), (0, 0, 0, 0, 76_000, 59_000, 0, -76_000, 59_000))
FILM = next(one for one in level_references() if one.collection == "films")
SMALL = next(one for one in level_references() if one.collection == "vertical")
Answer = Callable[[Request], Outcome | None]


def plain(request: Request) -> Outcome | None:
    match request:
        case EnsembleRequest():
            conformer = Conformer(WATER, -1.0, 1, 1.0, -9.0, 1.0, 1.0)
            result: Result = EnsembleResult((conformer,), 1, 0, 0, None, None)
        case FrontierRequest():
            result = FrontierResult(-10.0, 1.0, 12.0, 6.0)
        case EnergyRequest():
            result = EnergyResult(-50.0 + 0.4 * (request.multiplicity - 1), 0.0, 0.0, -6.0, 1.0, "diis")
        case _:
            return None
    return Outcome(result, None, NOW)


def unless(wanted: Callable[[Request], bool], instead: Outcome | None) -> Answer:
    return lambda request: instead if wanted(request) else plain(request)


def failed(error: str) -> Outcome:
    return Outcome(None, Failure(error, "it did", ""), NOW)


def test_a_film_has_the_orbitals_and_ionisations_of_every_level() -> None:
    stand = level_standing(FILM, FLOW, plain)
    assert stand.state == "done"
    charged = [name for level in CHARGED["films"] for name in (level, level + IONISATION)]
    assert list(stand.homo_ev) == [*TIGHT_BINDING, *charged, *FILM_DFT]
    # Levels of films are negative; what it costs to take an electron is not.
    assert stand.homo_ev["ipea1-xtb" + IONISATION] == pytest.approx(-12.0)
    # Tight binding makes the geometry of all that follows.
    assert stand.cpu_s[FILM_DFT[0]] == pytest.approx(4.0)


def test_a_film_too_large_for_dft_keeps_what_else_is_known() -> None:
    stand = level_standing(
        FILM, FLOW, unless(lambda r: isinstance(r, EnergyRequest), failed("ResourceError"))
    )
    assert stand.state == "done"
    assert set(stand.left_out) == set(FILM_DFT)
    assert stand.left_out[FILM_DFT[0]] == "ResourceError: it did"
    assert set(TIGHT_BINDING) < set(stand.homo_ev)
    assert not set(FILM_DFT) & set(stand.homo_ev)


def test_the_continuum_waits_for_the_gas_phase() -> None:
    stand = level_standing(FILM, FLOW, unless(lambda r: isinstance(r, EnergyRequest), None))
    assert [str(r.level) for r in stand.missing if isinstance(r, EnergyRequest)] == [FILM_DFT[0]]
    later = level_standing(
        FILM, FLOW, unless(lambda r: isinstance(r, EnergyRequest) and r.level.solvent is not None, None)
    )
    assert [str(r.level) for r in later.missing if isinstance(r, EnergyRequest)] == [FILM_DFT[1]]
    assert later.homo_ev[FILM_DFT[0]] == pytest.approx(-6.0)


def test_a_charged_point_that_fails_leaves_the_others() -> None:
    def ipea1(request: Request) -> bool:
        return isinstance(request, FrontierRequest) and request.level.method == "ipea1-xtb"

    stand = level_standing(SMALL, FLOW, unless(ipea1, failed("ConvergenceError")))
    assert stand.state == "done"
    assert set(stand.left_out) == {"ipea1-xtb"}
    assert stand.ionisation_ev is not None


def test_small_molecules_are_not_asked_for_orbitals_of_films() -> None:
    stand = level_standing(SMALL, FLOW, plain)
    assert not set(FILM_DFT) & set(stand.homo_ev)
    assert stand.ionisation_ev == pytest.approx(0.4 * 27.2114, abs=1e-3)


def test_an_anion_is_detached_where_it_stands_with_diffuse_functions() -> None:
    one = next(one for one in affinity_references() if one.collection == "anions")
    asked = affinity_standing(one, FLOW, unless(lambda r: isinstance(r, EnergyRequest), None)).missing
    assert {(str(r.level), r.charge) for r in asked if isinstance(r, EnergyRequest)} == {
        (DETACHMENT_LEVEL, -1),
        (DETACHMENT_LEVEL, 0),
    }
    done = affinity_standing(one, FLOW, plain)
    assert done.affinity_ev[DETACHMENT_LEVEL] == pytest.approx(0.4 * 27.2114, abs=1e-3)
    lost = affinity_standing(one, FLOW, unless(lambda r: isinstance(r, EnergyRequest), failed("EngineError")))
    assert (lost.state, lost.affinity_ev) == ("failed", {})


def test_an_acceptor_is_built_before_an_electron_is_added() -> None:
    one = affinity_references()[0]
    first = affinity_standing(one, FLOW, lambda _: None)
    assert [type(request) for request in first.missing] == [EnsembleRequest]
    then = affinity_standing(one, FLOW, unless(lambda r: isinstance(r, FrontierRequest), None))
    assert [type(request) for request in then.missing] == [FrontierRequest] * len(AFFINITY_LEVELS)
    done = affinity_standing(one, FLOW, plain)
    assert (done.state, done.affinity_ev) == ("done", dict.fromkeys(AFFINITY_LEVELS, 6.0))
    lost = affinity_standing(
        one, FLOW, unless(lambda r: isinstance(r, FrontierRequest), failed("EngineError"))
    )
    assert lost.state == "failed"
    assert "it did" in lost.reason
