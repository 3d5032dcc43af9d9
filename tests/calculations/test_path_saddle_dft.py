"""A transition state on a surface of its own with a cheaper Hessian: hydrogen cyanide, minimal basis."""

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from actinic.calculations import path_saddle
from actinic.calculations.path_saddle import PathSaddleRequest, PathSaddleResult
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.engines.calculator import distance_angstrom
from actinic.engines.dft import ScfSettings
from actinic.engines.hessian import hessian_hartree_bohr2, vibrations
from actinic.engines.surface import SurfaceTheory, surface
from actinic.engines.tight_binding import Theory
from actinic.level import Level
from actinic.units import BOHR_ANGSTROM

Array = NDArray[np.float64]
GFN2 = Level.parse("gfn2-xtb")
DFT = SurfaceTheory(0, 1, Level.parse("hf/sto-3g"), "pyscf", False, ScfSettings())
GUESS = Geometry.from_angstrom(["C", "N", "H"], np.array([[0, 0, 0], [0, 0, 1.2], [1.07, 0, 0.45]]))
"""Near the transition state of GFN2, as in a search that goes from there to DFT gradients."""
CARBON_H, NITROGEN_H = (0, 2), (1, 2)


@cache
def searched() -> tuple[PathSaddleResult, int]:
    """The result, and how often a GFN2 Hessian was computed."""
    request = PathSaddleRequest(
        Species.from_smiles("C#N", multiplicity=1),
        GUESS,
        (CARBON_H,),
        (NITROGEN_H,),
        DFT,
        GFN2,
        "tblite",
        0.02,
        60,
    )
    asked = []

    def counted(geometry: Geometry, theory: Theory) -> Array:
        asked.append(geometry)
        return hessian_hartree_bohr2(geometry, theory)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(path_saddle, "hessian_hartree_bohr2", counted)
        return path_saddle.compute(request, 0), len(asked)


def own_hessian_hartree_bohr2(geometry: Geometry) -> Array:
    """Second derivatives of the surface, all of them, by central differences of its gradient."""
    engine, positions, step = surface(geometry.symbols, DFT), geometry.positions_angstrom, 0.01
    columns = []
    for unit in np.eye(positions.size):
        shift = step * BOHR_ANGSTROM * unit.reshape(-1, 3)
        up, down = (engine(positions + sign * shift).gradient_hartree_bohr.ravel() for sign in (1.0, -1.0))
        columns.append((up - down) / (2 * step))
    hessian = np.array(columns)
    return (hessian + hessian.T) / 2


def test_the_transition_state_of_the_dft_surface_passes_all_checks() -> None:
    found, _ = searched()
    assert all(check.passed for check in found.judged), found.judged
    assert found.force_ev_angstrom < 0.02
    assert sum(frequency < -50 for frequency in found.frequencies_cm) == 1
    assert found.hessian_level == GFN2


def test_the_cheap_hessian_is_not_computed_anew_in_every_few_steps() -> None:
    """Once to start with, once at the end: what is learnt of the dear surface between must not be lost."""
    _, n_hessians = searched()
    assert n_hessians == 2


def test_the_imaginary_mode_has_the_curvature_of_the_dft_surface_not_that_of_the_cheap_one() -> None:
    found, _ = searched()
    here = found.geometry
    own = vibrations(here, own_hessian_hartree_bohr2(here)).frequencies_cm[0]
    cheap = vibrations(here, hessian_hartree_bohr2(here, Theory(0, 1, GFN2, "tblite"))).frequencies_cm[0]
    assert found.frequencies_cm[0] == pytest.approx(own, rel=0.05)
    assert abs(cheap - own) > 2 * abs(found.frequencies_cm[0] - own)


def test_a_descent_ends_once_the_bond_that_breaks_has_grown_by_half_an_angstrom() -> None:
    """In hydrogen isocyanide C and H would be 2.2 angstrom apart; nothing is gained by going there."""
    found, _ = searched()
    at_top = distance_angstrom(found.geometry.positions_angstrom, CARBON_H)
    ((frame,), (other,)) = found.forward, found.backward
    grown = distance_angstrom(frame.geometry.positions_angstrom, CARBON_H) - at_top
    assert 0.5 < grown < 0.8
    assert distance_angstrom(other.geometry.positions_angstrom, CARBON_H) < at_top
