"""Gradients against finite differences of the energy, against PySCF's own, and on a relaxation."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest
from ase import Atoms
from ase.optimize import BFGS
from numpy.typing import NDArray
from pyscf import dft

from actinic.chemistry.geometry import Geometry
from actinic.engines.calculator import SurfaceCalculator
from actinic.engines.composite import corrections_gradient_hartree_bohr, corrections_hartree
from actinic.engines.dft_gradient import GRADIENTS, DftEngine, DftTheory, energy_gradient
from actinic.engines.dft_molecule import molecule
from actinic.errors import InputError
from actinic.level import Level
from actinic.units import BOHR_ANGSTROM
from support.molecules import placed

GRID_RESPONSE_HARTREE_BOHR = 3e-4
"""What the derivative leaves out at grid level 3, and the noise of energies (1e-6 hartree) over the step."""


FORMALDEHYDE = placed(
    ["C", "O", "H", "H"], (0, 0, 0.02), (0, 0.03, 1.25), (0, 0.95, -0.55), (0.1, -0.93, -0.6)
)
HYDROXYMETHYL = placed(
    ["C", "O", "H", "H", "H"],
    (0, 0, 0),
    (0, 0, 1.36),
    (0, 0.95, -0.55),
    (0.25, -0.93, -0.5),
    (0.2, 0.9, 1.65),
)
STRETCHED_HYDROGEN = placed(["H", "H"], (0, 0, 0), (0, 0, 1.8))
IODOMETHANE = placed(
    ["C", "I", "H", "H", "H"],
    (0, 0, 0),
    (0, 0, 2.2),
    (1.03, 0, -0.35),
    (-0.51, 0.9, -0.35),
    (-0.5, -0.9, -0.36),
)


def theory(level: str, multiplicity: int = 1, *, broken_symmetry: bool = False) -> DftTheory:
    return DftTheory(0, multiplicity, Level.parse(level), broken_symmetry, GRADIENTS)


def difference(
    geometry: Geometry, direction: NDArray[np.float64], theory: DftTheory, step_angstrom: float
) -> tuple[float, float]:
    """Slope along a direction from two energies and from the gradient, in hartree/bohr."""
    here = energy_gradient(geometry, theory)
    ends = [
        Geometry.from_angstrom(
            geometry.symbols, geometry.positions_angstrom + sign * step_angstrom * direction
        )
        for sign in (1, -1)
    ]
    shift_bohr = (ends[0].positions_angstrom - ends[1].positions_angstrom) / BOHR_ANGSTROM
    above, below = (energy_gradient(end, theory, here.occupied).energy_hartree for end in ends)
    length = float(np.linalg.norm(shift_bohr))
    return (above - below) / length, float(np.sum(here.gradient_hartree_bohr * shift_bohr)) / length


@pytest.mark.parametrize(
    ("geometry", "level", "multiplicity", "broken"),
    [
        (FORMALDEHYDE, "wb97x-d3/def2-svp", 1, False),
        (FORMALDEHYDE, "b3lyp-d3bj/def2-svp", 1, False),
        (FORMALDEHYDE, "wb97x-d3/def2-svp+o(def2-tzvp)", 1, False),
        (HYDROXYMETHYL, "wb97x-d3/def2-svp", 2, False),
        (STRETCHED_HYDROGEN, "wb97x-d3/def2-svp", 1, True),
    ],
)
def test_the_gradient_is_the_slope_of_the_energy(
    geometry: Geometry, level: str, multiplicity: int, broken: bool
) -> None:
    way = np.random.default_rng(3).normal(size=(len(geometry.symbols), 3))
    way = (way - way.mean(axis=0)) / np.linalg.norm(way)
    wanted = theory(level, multiplicity, broken_symmetry=broken)
    numerical, analytic = difference(geometry, way, wanted, 0.01)
    assert analytic == pytest.approx(numerical, abs=GRID_RESPONSE_HARTREE_BOHR)
    assert abs(numerical) > 3 * GRID_RESPONSE_HARTREE_BOHR


@pytest.mark.slow
@pytest.mark.parametrize(
    ("geometry", "level", "grid_level"),
    [(IODOMETHANE, "wb97x-d3/def2-svp", 5), (FORMALDEHYDE, "r2scan-3c", GRADIENTS.grid_level)],
)
def test_core_potentials_and_meta_gradients_have_their_slope_too(
    geometry: Geometry, level: str, grid_level: int
) -> None:
    """Of iodine the derivative leaves out 3.6e-4 hartree/bohr at grid level 3, a tenth of it at level 5."""
    way = np.zeros((len(geometry.symbols), 3))
    way[0, 2], way[1, 2] = -1, 1
    wanted = replace(theory(level), settings=msgspec.structs.replace(GRADIENTS, grid_level=grid_level))
    coarse, _ = difference(geometry, way, wanted, 0.01)
    fine, analytic = difference(geometry, way, wanted, 0.005)
    numerical = (4 * fine - coarse) / 3  # a bond is anharmonic: its third derivative is 1e-3 over such a step
    assert analytic == pytest.approx(numerical, abs=GRID_RESPONSE_HARTREE_BOHR)
    assert abs(numerical) > 3 * GRID_RESPONSE_HARTREE_BOHR


@pytest.mark.parametrize(("geometry", "multiplicity"), [(FORMALDEHYDE, 1), (HYDROXYMETHYL, 2)])
def test_the_gradient_is_that_of_stock_pyscf(geometry: Geometry, multiplicity: int) -> None:
    mol = molecule(geometry, charge=0, multiplicity=multiplicity, basis="def2-svp")
    stock = (dft.RKS if multiplicity == 1 else dft.UKS)(mol, xc="wb97x").density_fit(
        auxbasis=GRADIENTS.auxbasis
    )
    stock.grids.level = GRADIENTS.grid_level
    stock.conv_tol, stock.conv_tol_grad = 1e-10, 1e-6
    stock.kernel()
    own = energy_gradient(geometry, theory("wb97x/def2-svp", multiplicity))
    assert own.gradient_hartree_bohr == pytest.approx(stock.nuc_grad_method().kernel(), abs=2e-5)
    assert own.energy_hartree == pytest.approx(stock.e_tot, abs=5e-6)


def test_two_electrons_that_part_keep_their_broken_symmetry_along_a_trajectory() -> None:
    engine = DftEngine(("H", "H"), theory("wb97x-d3/def2-svp", broken_symmetry=True))
    spins = [engine(np.array([[0, 0, 0], [0, 0, r]])).spin_square for r in (0.8, 1.9, 2.0, 0.8)]
    assert spins[0] < 0.01
    assert spins[1] > 0.5
    assert spins[2] > spins[1]
    assert spins[3] < 0.01


def test_a_start_from_the_neighbour_ends_where_a_start_from_atoms_does() -> None:
    wanted = theory("wb97x-d3/def2-svp", 2)
    moved = Geometry.from_angstrom(
        HYDROXYMETHYL.symbols,
        HYDROXYMETHYL.positions_angstrom + 0.05 * np.random.default_rng(1).normal(size=(5, 3)),
    )
    start = energy_gradient(moved, wanted).occupied
    cold, warm = energy_gradient(HYDROXYMETHYL, wanted), energy_gradient(HYDROXYMETHYL, wanted, start)
    assert warm.energy_hartree == pytest.approx(cold.energy_hartree, abs=3e-6)
    assert warm.gradient_hartree_bohr == pytest.approx(cold.gradient_hartree_bohr, abs=3e-5)


@pytest.mark.parametrize("level", ["wb97x-d3/def2-svp", "b3lyp-d3bj/def2-svp", "r2scan-3c"])
def test_corrections_fall_along_their_gradient(level: str) -> None:
    chosen = Level.parse(level)
    slope = corrections_gradient_hartree_bohr(chosen, HYDROXYMETHYL, charge=0)
    step = 0.02 * slope / np.linalg.norm(slope)
    ends = [
        Geometry.from_angstrom(HYDROXYMETHYL.symbols, HYDROXYMETHYL.positions_angstrom + sign * step)
        for sign in (1, -1)
    ]
    above, below = (corrections_hartree(chosen, end, charge=0) for end in ends)
    shift_bohr = (ends[0].positions_angstrom - ends[1].positions_angstrom) / BOHR_ANGSTROM
    assert above - below == pytest.approx(float(np.sum(slope * shift_bohr)), rel=0.02)


def test_an_optimiser_of_ase_relaxes_hydrogen() -> None:
    """The bond of H2 measures 0.741 angstrom (Huber and Herzberg 1979); def2-SVP makes it longer by 0.02."""
    atoms = Atoms(["H", "H"], positions=[[0, 0, 0], [0, 0, 0.85]])
    surface = SurfaceCalculator(DftEngine(("H", "H"), theory("wb97x-d3/def2-svp")))
    atoms.calc = surface
    assert BFGS(atoms, logfile=None).run(fmax=0.02, steps=20)
    assert atoms.get_distance(0, 1) == pytest.approx(0.741, abs=0.03)
    assert surface.n_gradients < 15


def test_a_solvent_has_no_gradient() -> None:
    with pytest.raises(InputError, match="gas phase only"):
        energy_gradient(STRETCHED_HYDROGEN, theory("wb97x-d3/def2-svp@cpcm(water)"))
