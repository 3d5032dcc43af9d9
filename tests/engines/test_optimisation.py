"""Optimisations end where the forces vanish, and say so when they do not."""

import itertools
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from ase import Atoms
from ase.optimize import BFGS, BFGSLineSearch

from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.engines.calculator import SurfaceCalculator
from actinic.engines.embedding import embed
from actinic.engines.model_hessian import FLOOR_EV_ANGSTROM2, model_hessian_ev_angstrom2
from actinic.engines.optimisation import (
    SHORT_STEP_ANGSTROM,
    Algorithm,
    Optimised,
    Stop,
    optimise,
)
from actinic.engines.tight_binding import Theory, gfn_engine, single_point
from actinic.errors import InputError
from actinic.level import Level
from actinic.units import BOHR_ANGSTROM, HARTREE_EV

STOP = Stop(fmax_ev_angstrom=0.01, max_steps=200)


def theory(level: str = "gfn2-xtb", charge: int = 0, program: str = "tblite") -> Theory:
    return Theory(charge, 1, Level.parse(level), program)


def start(smiles: str) -> Geometry:
    return embed(Species.from_smiles(smiles, multiplicity=1), n_conformers=1, seed=7, rmsd_angstrom=0.1)[0]


@pytest.fixture(scope="module")
def butanol() -> Optimised:
    return optimise(start("CCCCO"), theory(), STOP)


@pytest.mark.parametrize("program", ["tblite", "xtb-python"])
@pytest.mark.parametrize("method", ["gfn1-xtb", "gfn2-xtb"])
def test_water_gets_the_shape_of_water(method: str, program: str) -> None:
    pytest.importorskip("xtb" if program == "xtb-python" else "tblite")
    stretched = Geometry.from_angstrom(
        ["O", "H", "H"], np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 1.2], [0.0, 1.2, 0.1]])
    )
    end = optimise(stretched, theory(method, program=program), STOP)
    assert end.is_converged
    oxygen, one, other = end.geometry.positions_angstrom
    lengths = np.linalg.norm(one - oxygen), np.linalg.norm(other - oxygen)
    angle_degree = np.degrees(np.arccos((one - oxygen) @ (other - oxygen) / np.prod(lengths)))
    # Experiment: 0.958 angstrom, 104.5 degrees.
    assert lengths == pytest.approx((0.958, 0.958), abs=0.02)
    assert angle_degree == pytest.approx(104.5, abs=4.0)


def test_no_force_is_left(butanol: Optimised) -> None:
    assert butanol.is_converged
    gradient = single_point(butanol.geometry, theory()).gradient_hartree_bohr * HARTREE_EV / BOHR_ANGSTROM
    assert np.linalg.norm(gradient, axis=1).max() < STOP.fmax_ev_angstrom + 1e-3


def test_too_few_steps_are_flagged_and_not_raised() -> None:
    end = optimise(start("CCCCO"), theory(), Stop(fmax_ev_angstrom=0.01, max_steps=2))
    assert not end.is_converged
    assert end.n_gradients == 3


@pytest.mark.parametrize("algorithm", get_args(Algorithm))
def test_every_way_downhill_ends_in_the_same_minimum(algorithm: Algorithm, butanol: Optimised) -> None:
    end = optimise(start("CCCCO"), theory(), replace(STOP, algorithm=algorithm))
    assert end.is_converged
    energies = [single_point(one.geometry, theory()).energy_hartree for one in (end, butanol)]
    assert energies[0] == pytest.approx(energies[1], abs=5e-5)


def test_short_steps_are_short(monkeypatch: pytest.MonkeyPatch) -> None:
    visited = []

    def noting(surface: SurfaceCalculator, atoms: Atoms, *arguments: object) -> None:
        visited.append(atoms.positions.copy())
        calculate(surface, atoms, *arguments)

    calculate = SurfaceCalculator.calculate
    monkeypatch.setattr(SurfaceCalculator, "calculate", noting)
    stretched = Geometry.from_angstrom(["H", "F"], np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 1.6]]))
    choices: tuple[Algorithm | None, ...] = (None, "shorter steps")
    for algorithm in choices:
        visited.clear()
        optimise(stretched, theory(), replace(STOP, algorithm=algorithm))
        steps = [np.linalg.norm(b - a, axis=1).max() for a, b in itertools.pairwise(visited)]
        assert bool(max(steps) < SHORT_STEP_ANGSTROM + 1e-9) is (algorithm is not None)


def test_a_line_search_that_finds_nothing_is_flagged_and_not_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object, **__: object) -> bool:
        raise RuntimeError("LineSearch failed!")

    monkeypatch.setattr(BFGSLineSearch, "run", lost)
    begin = start("CCCCO")
    end = optimise(begin, theory(), replace(STOP, algorithm="line search"))
    assert (end.geometry, end.is_converged) == (begin, False)


def test_the_end_does_not_depend_on_what_was_computed_before(butanol: Optimised) -> None:
    optimise(start("[S-]c1ccccc1"), theory(charge=-1), STOP)
    assert optimise(start("CCCCO"), theory(), STOP) == butanol


def test_the_model_hessian_saves_gradients(butanol: Optimised) -> None:
    begin = start("CCCCO")
    atoms = Atoms(begin.symbols, positions=begin.positions_angstrom)
    atoms.calc = SurfaceCalculator(gfn_engine(begin.symbols, theory()))
    BFGS(atoms, logfile=None).run(fmax=STOP.fmax_ev_angstrom, steps=STOP.max_steps)
    assert butanol.n_gradients < 0.7 * atoms.calc.n_gradients


def test_a_lone_atom_stays() -> None:
    atom = Geometry.from_angstrom(["I"], np.zeros((1, 3)))
    assert optimise(atom, theory(charge=-1), STOP) == Optimised(atom, is_converged=True, n_gradients=1)


def test_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    optimise(start("O"), theory(), STOP)
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr() == ("", "")


def test_a_wrong_name_passes_through() -> None:
    with pytest.raises(InputError, match="program 'mopac'"):
        optimise(start("O"), theory(program="mopac"), STOP)


@pytest.mark.parametrize("smiles", ["CCCCO", "CN=[N+]=[N-]", "C#CC", "II"])
def test_the_model_hessian_has_curvature_in_every_direction(smiles: str) -> None:
    geometry = start(smiles)
    numbers = Atoms(geometry.symbols).numbers.tolist()
    hessian = model_hessian_ev_angstrom2(numbers, geometry.positions_angstrom)
    assert hessian == pytest.approx(hessian.T)
    assert np.linalg.eigvalsh(hessian).min() == pytest.approx(FLOOR_EV_ANGSTROM2, abs=1e-6)


def test_moving_or_turning_everything_costs_the_model_hessian_its_floor_alone() -> None:
    geometry = start("CNO")
    positions = geometry.positions_angstrom
    hessian = model_hessian_ev_angstrom2(Atoms(geometry.symbols).numbers.tolist(), positions)
    rigid = [np.tile([0.0, 1.0, 0.0], (len(positions), 1)), np.cross(positions, [0.3, 0.5, -0.2])]
    for motion in (move.ravel() / np.linalg.norm(move) for move in rigid):
        assert motion @ hessian @ motion == pytest.approx(FLOOR_EV_ANGSTROM2, abs=1e-6)


def test_a_stretch_is_stiffer_than_a_bend_and_a_bend_than_a_torsion() -> None:
    geometry = start("CC")
    positions = geometry.positions_angstrom
    hessian = model_hessian_ev_angstrom2(Atoms(geometry.symbols).numbers.tolist(), positions)
    axis = (positions[1] - positions[0]) / np.linalg.norm(positions[1] - positions[0])
    stretch = np.zeros_like(positions)
    stretch[0], stretch[1] = -axis, axis
    twist = np.cross(positions - positions[0], axis)
    twist[[1, 5, 6, 7]] *= -1
    stiffness = [m.ravel() @ hessian @ m.ravel() / (m.ravel() @ m.ravel()) for m in (stretch, twist)]
    assert stiffness[0] > 20 * stiffness[1] > 20 * FLOOR_EV_ANGSTROM2
