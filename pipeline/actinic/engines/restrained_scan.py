"""A reaction driven by hand: distances pulled from the reactant's to the products', all else relaxed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from ase import Atoms
from ase.optimize import BFGS
from numpy.typing import NDArray
from rdkit import Chem

from actinic.chemistry.geometry import Geometry
from actinic.engines.calculator import (
    Spring,
    Surface,
    SurfaceCalculator,
    distance_angstrom,
    stretch_direction,
)
from actinic.engines.model_hessian import model_hessian_ev_angstrom2
from actinic.engines.optimisation import Stop
from actinic.units import BOHR_ANGSTROM, HARTREE_EV

Array = NDArray[np.float64]
Pair = tuple[int, int]

SPRING_HARTREE_BOHR2 = 1.0
"""Twice a C-C bond: soft enough to optimise against, stiff enough to hold a distance within 0.05 angstrom."""

BROKEN_RADII = 1.9
"""A broken bond ends at this multiple of the covalent radii: C-O 2.7, N-N 2.7, C-H 2.0 angstrom."""

CONTACT_RADII = 1.7
"""Atoms that become bonded first come this near, all bonds whole: H-O 1.6, H-C 1.8 angstrom. Without it the
scan of but-3-enoic acid broke O-H before H reached carbon, and led to a saddle point 30 kcal/mol too high
that passed every check."""

_NOISE_ANGSTROM = 0.01
"""Kick of the first geometry, so that a symmetric molecule may leave its symmetry (conrotation)."""


@dataclass(frozen=True, slots=True)
class ScanPoint:
    """One relaxed geometry and its energy without the restraints."""

    geometry: Geometry
    energy_hartree: float


def restrained_scan(
    surface: Surface,
    start: Geometry,
    changes: tuple[Sequence[Pair], Sequence[Pair]],
    *,
    n_points: int,
    stop: Stop,
    seed: int,
) -> list[ScanPoint]:
    """Pull atoms into contact, then bonds apart and together in equal steps; each point starts from the last.

    Args:
        surface: Energy and gradient.
        start: Reactant.
        changes: Bonds that break, and atoms that become bonded.
        n_points: Geometries, that of the reactant's distances first; at least 3.
        stop: When a geometry counts as relaxed; running out of steps goes on with what there is, for the
            scan is a guess.
        seed: Of the kick that breaks symmetry.

    Raises:
        ConvergenceError: The surface has no energy at some geometry.
    """
    broken, formed = changes
    pairs = [*broken, *formed]
    lengths_angstrom = _stages(start, broken, formed, n_points)
    positions = start.positions_angstrom
    positions = positions + _NOISE_ANGSTROM * np.random.default_rng(seed).normal(size=positions.shape)
    atoms = Atoms(start.symbols, positions=positions)
    calculator = SurfaceCalculator(surface)
    atoms.calc = calculator
    points = []
    for lengths in lengths_angstrom:
        calculator.springs = tuple(
            Spring(pair, float(length), SPRING_HARTREE_BOHR2)
            for pair, length in zip(pairs, lengths, strict=True)
        )
        calculator.reset()
        optimiser = BFGS(atoms, logfile=None, maxstep=0.15)
        optimiser.H0 = _with_springs(atoms, pairs)
        optimiser.run(fmax=stop.fmax_ev_angstrom, steps=stop.max_steps)
        atoms.get_potential_energy()
        points.append(
            ScanPoint(Geometry.from_angstrom(start.symbols, atoms.positions), calculator.energy_hartree)
        )
    return points


def _stages(start: Geometry, broken: Sequence[Pair], formed: Sequence[Pair], n_points: int) -> Array:
    """Lengths of all pairs at each point, shape (points, pairs): first closer, then from bond to bond."""
    table = Chem.GetPeriodicTable()
    pairs, n_broken = [*broken, *formed], len(broken)
    radii = np.array([sum(table.GetRcovalent(start.symbols[atom]) for atom in pair) for pair in pairs])
    before = np.array([distance_angstrom(start.positions_angstrom, pair) for pair in pairs])
    near, after = before.copy(), before.copy()
    near[n_broken:] = np.minimum(before, CONTACT_RADII * radii)[n_broken:]
    # A ring may already hold two atoms further apart than that.
    after[:n_broken] = np.maximum(before, BROKEN_RADII * radii)[:n_broken]
    after[n_broken:] = np.minimum(before, radii)[n_broken:]
    n_closer = n_points // 4 if (near < before).any() else 0
    closer = before + np.linspace(0.0, 1.0, n_closer, endpoint=False)[:, None] * (near - before)
    across = near + np.linspace(0.0, 1.0, n_points - n_closer)[:, None] * (after - near)
    return np.concatenate([closer, across])


def _with_springs(atoms: Atoms, pairs: Sequence[Pair]) -> Array:
    hessian = model_hessian_ev_angstrom2(atoms.numbers.tolist(), atoms.positions)
    for pair in pairs:
        row = stretch_direction(atoms.positions, pair).ravel()
        hessian += SPRING_HARTREE_BOHR2 * HARTREE_EV / BOHR_ANGSTROM**2 * np.outer(row, row)
    return hessian
