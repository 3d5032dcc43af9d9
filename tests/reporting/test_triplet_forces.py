"""What T1 leaves over: with an error of its own, and shown although no calibration stands behind it."""

import math
from io import StringIO
from typing import Any

import pytest

from actinic.analysis import reaction_energies
from actinic.analysis.assessment import Assessment
from actinic.analysis.bond_calibration import BondCalibration
from actinic.analysis.estimate import Estimate
from actinic.analysis.known import Known
from actinic.analysis.reaction_energies import Computed, KnownReaction
from actinic.analysis.reaction_report import (
    KCAL_MOL_PER_EV,
    TRIPLET_ERROR_KCAL_MOL,
    ExcitedStates,
    relaxed_triplet,
)
from actinic.calculations.energy import EnergyResult
from actinic.calculations.thermal import ThermalResult
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.reaction_choice import considered, to_triplet
from actinic.chemistry.reactions import Reaction
from actinic.chemistry.species import Species
from actinic.level import Level
from actinic.reporting.page_reactions import reaction_rows as page_rows
from actinic.reporting.reactions import ReactionFile, reaction_rows
from actinic.screening.tiers import Progress

LEVEL = Level.parse("wb97x-d3/def2-svp")
ERROR_KCAL_MOL = 3.0
DIAZIRINE = Species.from_smiles("CC1(C)N=N1", multiplicity=1)


@pytest.fixture(autouse=True)
def _a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    line = BondCalibration(slope=1.0, intercept_kcal_mol=0.0, standard_error_kcal_mol=ERROR_KCAL_MOL, n=70)
    monkeypatch.setattr(reaction_energies, "bond_calibration", lambda *_: line)


def computed(species: Species, hartree: float) -> Computed:
    symbols = tuple(atom.GetSymbol() for atom in species.molecule().GetAtoms())
    geometry = Geometry(symbols, (0,) * 3 * len(symbols))
    thermal = ThermalResult(geometry, -1.0, 0.0, (1000.0,), (1.0, 1.0, 1.0), 1, 30.0, 0)
    return Computed(species, thermal, (EnergyResult(hartree, 0.0, 0.0, -9.0, 1.0, "diis"),))


def known(reaction: Reaction, after: float) -> KnownReaction:
    products = tuple(computed(product.species, after) for product in reaction.products)
    return KnownReaction(reaction, (LEVEL,), (computed(reaction.reactants[0], -10.0),), products)


def t1() -> Estimate:
    found = relaxed_triplet(known(to_triplet(DIAZIRINE), -9.9))
    assert found is not None
    return found


def from_t1() -> KnownReaction:
    reaction = next(r for r in considered(DIAZIRINE, 10) if r.multiplicity == 3 and len(r.reactants) == 1)
    return known(reaction, -4.99)


def progress(*reactions: KnownReaction) -> Progress:
    standing = Known(DIAZIRINE, None, (), Level.parse("gfn2-xtb"), LEVEL, reactions)
    excited = ExcitedStates(Estimate.normal(80.0, 4.0), t1())
    return Progress("done", (), "", standing, Assessment({}, None, (), None, excited))


def test_t1_has_an_error_by_convention_and_no_calibration() -> None:
    assert t1().standard_error == pytest.approx(TRIPLET_ERROR_KCAL_MOL)
    assert pytest.approx(0.17, abs=0.01) == TRIPLET_ERROR_KCAL_MOL / KCAL_MOL_PER_EV
    assert not t1().calibrated


def test_what_t1_leaves_over_carries_both_errors_and_counts_as_uncalibrated() -> None:
    left = ExcitedStates(None, t1()).driving_force_kcal_mol(from_t1())
    assert left is not None
    expected = math.hypot(TRIPLET_ERROR_KCAL_MOL, reaction_energies.OTHER_STEPS_ERROR * ERROR_KCAL_MOL)
    assert left.standard_error == pytest.approx(expected)
    assert not left.calibrated


def test_the_file_of_reactions_shows_it_with_its_error() -> None:
    written = StringIO()
    ReactionFile(written).add(reaction_rows("one", progress(from_t1())))
    heads, cells = (line.split(",") for line in written.getvalue().splitlines())
    row: dict[str, Any] = dict(zip(heads, cells, strict=True))
    assert float(row["driving_force_error_kcal_mol"]) == pytest.approx(7.2)  # 4 and 2 times 3
    assert row["surface"] == "triplet"


def test_the_page_shows_it_and_says_that_it_is_uncalibrated() -> None:
    (row,) = page_rows(progress(from_t1()))
    assert row.left_over.is_known
    assert row.left_over.text.endswith("± 7.2")
    assert row.left_over.note == "from T1, uncalibrated"
