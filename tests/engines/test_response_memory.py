"""Memory is planned before it is taken: what was taken stays below the plan, and the search keeps to it."""

import json
import subprocess
import sys

import numpy as np
import pytest

from actinic.engines.response_casida import lowest_excitations
from actinic.engines.response_memory import LEAST_VECTORS, VECTORS_PER_ROOT, largest_space
from actinic.engines.response_roots import Search, lowest
from actinic.engines.response_settings import ResponseSettings

CHILD = """
import json, sys, tracemalloc
from actinic.chemistry.geometry import Geometry
from actinic.engines import response_problem
from actinic.engines.dft import ScfSettings, ground_state
from actinic.engines.response import ResponseSettings, singlet_roots, triplet_roots
from actinic.engines.response_memory import MemoryPlan
from actinic.level import Level

symbols = "CCOHHHH"
points = [[0, 0, 0], [1.34, 0, 0], [2.04, 1.16, 0], [-0.56, 0.93, 0], [-0.56, -0.93, 0], [1.9, -0.93, 0],
          [2.98, 0.96, 0]]
geometry = Geometry(tuple(symbols), tuple(round(1e5 * x) for point in points for x in point))
plans = []
plan_of = MemoryPlan.of
def noted(*arguments):
    plans.append(plan_of(*arguments))
    return plans[-1]
response_problem.MemoryPlan.of = noted
found = []
for level, method, roots, grid in json.load(sys.stdin):
    asked = {"charge": 0, "multiplicity": 1, "level": Level.parse(level), "settings": ScfSettings()}
    ground = ground_state(geometry, **asked)
    settings = ResponseSettings(
        cover_ev=30.0, max_roots=12, method=method, matrix_mb=0.0, residual_hartree=1e-6,
        kernel_grid_level=grid,
    )
    tracemalloc.start()
    {"singlet": singlet_roots, "triplet": triplet_roots}[roots](ground, settings)
    found.append([plans[-1].peak, 1e-6 * tracemalloc.get_traced_memory()[1]])
    tracemalloc.stop()
print(json.dumps(found))
"""

CASES = [
    ("b3lyp/def2-svp", "tda", "singlet", 0),
    ("b3lyp/def2-svp", "tddft", "singlet", 0),
    ("b3lyp/def2-svp", "tda", "triplet", 2),
    ("cam-b3lyp/def2-svp", "tddft", "singlet", 2),
    ("pbe/def2-svp", "tda", "singlet", 2),
]


def test_what_a_response_takes_stays_below_its_plan() -> None:
    """In a process of its own, on another grid than the ground state's; arrays alone are counted."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD], input=json.dumps(CASES), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    measured = json.loads(done.stdout.splitlines()[-1])
    for case, (planned_mb, peak_mb) in zip(CASES, measured, strict=True):
        assert peak_mb <= planned_mb, (case, measured)
        assert planned_mb <= 12 * peak_mb, (case, measured)


def test_a_search_keeps_as_many_vectors_as_the_plan_counts() -> None:
    assert largest_space(ResponseSettings()) == VECTORS_PER_ROOT * 60
    assert largest_space(ResponseSettings(max_roots=3)) == LEAST_VECTORS


def matrix(size: int = 400) -> np.ndarray:
    drawn = np.random.default_rng(5).normal(0.0, 0.003, (size, size))
    return np.asarray(np.diag(np.linspace(0.2, 4.0, size)) + drawn + drawn.T)


@pytest.mark.parametrize("limit", [20, 24])
def test_a_space_that_is_drawn_together_finds_the_same_roots(limit: int) -> None:
    full, sizes = matrix(), []

    def product(rows: np.ndarray) -> np.ndarray:
        sizes.append(len(rows))
        return np.asarray(rows @ full)

    start = np.eye(4, len(full))
    found = lowest(product, np.diag(full), start, Search(10.0, 4, 1e-6, 200, limit))
    assert sum(sizes) > limit  # it had to be drawn together
    np.testing.assert_allclose(found.values, np.linalg.eigvalsh(full)[:4], atol=1e-9)
    np.testing.assert_allclose(found.vectors @ found.vectors.T, np.eye(4), atol=1e-9)


def test_so_does_one_with_deexcitations() -> None:
    full, coupling = matrix(), 0.05 * matrix()
    sizes = []

    def products(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        sizes.append(len(rows))
        return rows @ (full + coupling), rows @ (full - coupling)

    start, diagonal = np.eye(4, len(full)), np.diag(full)
    limited = lowest_excitations(products, diagonal, start, Search(10.0, 4, 1e-6, 200, 24))
    assert sum(sizes) > 24
    free = lowest_excitations(products, diagonal, start, Search(10.0, 4, 1e-6, 200))
    np.testing.assert_allclose(limited.values, free.values, atol=1e-9)
    squares = np.linalg.eigvals((full - coupling) @ (full + coupling)).real
    np.testing.assert_allclose(limited.values, np.sqrt(np.sort(squares))[:4], atol=1e-8)
