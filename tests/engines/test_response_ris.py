"""The cheap tier: against its matrix built in another way, against the full one; and what it refuses."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from pyscf import df, gto
from pyscf.data import elements

from actinic.chemistry.geometry import Geometry
from actinic.engines.dft import GroundState, ScfSettings, ground_state
from actinic.engines.response import ResponseSettings, Root, Roots, singlet_roots, triplet_roots
from actinic.engines.response_problem import orbital_windows
from actinic.engines.response_ris import RADII_ANGSTROM, THETA, minimal_functions
from actinic.engines.three_centre import COULOMB, Operator
from actinic.errors import InputError, ResourceError
from actinic.level import Level
from actinic.units import BOHR_ANGSTROM, HARTREE_EV
from support.molecules import AZIDE, FORMALDEHYDE, IODONIUM

Real = NDArray[np.float64]
BUTADIENE = Geometry.from_angstrom(
    ["C"] * 4 + ["H"] * 6,
    np.array(
        [
            [0.604, 1.746, 0], [0.604, 0.405, 0], [-0.604, -0.405, 0], [-0.604, -1.746, 0],
            [1.533, 2.304, 0], [-0.317, 2.316, 0], [1.558, -0.119, 0],
            [-1.558, 0.119, 0], [0.317, -2.316, 0], [-1.533, -2.304, 0],
        ]
    ),
)  # fmt: skip
BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "ris.py"
RIS = ResponseSettings(tier="ris", residual_hartree=1e-4)


@cache
def ground(geometry: Geometry, level: str, charge: int = 0) -> GroundState:
    return ground_state(
        geometry, charge=charge, multiplicity=1, level=Level.parse(level), settings=ScfSettings()
    )


def energies_ev(found: Roots) -> list[float]:
    return [root.energy_ev for root in found.roots]


# n*^2 / (Z - s) bohr with the quantum numbers 1, 2, 3, 3.7, 4 and the screening of Slater's rules
# (doi:10.1103/PhysRev.36.57), d shells filled before the p shell above them.
@pytest.mark.parametrize(
    ("symbol", "quantum_number", "charge_seen"),
    [
        ("H", 1, 1.0),
        ("C", 2, 6 - 3 * 0.35 - 2 * 0.85),
        ("S", 3, 16 - 5 * 0.35 - 8 * 0.85 - 2),
        ("Fe", 3.7, 26 - 0.35 - 14 * 0.85 - 10),
        ("Br", 3.7, 35 - 6 * 0.35 - 18 * 0.85 - 10),
        ("Pd", 4, 46 - 0.35 - 16 * 0.85 - 28),
        ("Sn", 4, 50 - 3 * 0.35 - 18 * 0.85 - 28),
        ("I", 4, 53 - 6 * 0.35 - 18 * 0.85 - 28),
    ],
)
def test_radii_are_where_slaters_outermost_orbital_is_densest(
    symbol: str, quantum_number: float, charge_seen: float
) -> None:
    expected = quantum_number**2 / charge_seen * BOHR_ANGSTROM
    assert RADII_ANGSTROM[symbol] == pytest.approx(expected, abs=2e-4)


def test_every_element_from_hydrogen_to_xenon_has_a_radius() -> None:
    assert list(RADII_ANGSTROM) == [elements.ELEMENTS[z] for z in range(1, 55)]


def written_out(state: GroundState) -> tuple[Real, Real]:
    """A and B from three- and two-centre integrals in the atomic basis, in double precision."""
    active, virtual = orbital_windows(state, RIS)

    def fitted(with_p: bool, left: Real, right: Real, terms: Operator) -> tuple[Real, Real]:
        aux = minimal_functions(state.mol, with_p=with_p)
        three, two = np.zeros((state.mol.nao, state.mol.nao, aux.nao)), np.zeros((aux.nao, aux.nao))
        for weight, omega in terms:
            with state.mol.with_range_coulomb(omega), aux.with_range_coulomb(omega):
                three += weight * df.incore.aux_e2(state.mol, aux, "int3c2e")
                two += weight * aux.intor("int2c2e")
        pairs: Real = np.einsum("mnP,mi,na->iaP", three, left, right, optimize=True)
        return pairs, np.linalg.inv(two).astype(np.float64)

    occupied, unoccupied = active[1:], virtual[1:]
    pairs, metric = fitted(True, occupied, unoccupied, COULOMB)
    direct = 2 * np.einsum("iaP,PQ,jbQ->iajb", pairs, metric, pairs, optimize=True)
    gaps = virtual[0] - active[0][:, None]
    a, b = direct + np.diag(gaps.ravel()).reshape(direct.shape), direct
    if terms := state.functional.exchange:
        inner, metric = fitted(False, occupied, occupied, terms)
        outer, _ = fitted(False, unoccupied, unoccupied, terms)
        mixed, _ = fitted(False, occupied, unoccupied, terms)
        a = a - np.einsum("ijP,PQ,abQ->iajb", inner, metric, outer, optimize=True)
        b = b - np.einsum("ibP,PQ,jaQ->iajb", mixed, metric, mixed, optimize=True)
    size = gaps.size
    return a.reshape(size, size), b.reshape(size, size)


@pytest.mark.parametrize("method", ["tda", "tddft"])
@pytest.mark.parametrize("name", ["b3lyp", "pbe", "cam-b3lyp", "r2scan"])
def test_roots_are_those_of_the_matrix_written_out_from_its_integrals(name: str, method: str) -> None:
    state = ground(FORMALDEHYDE, f"{name}/def2-svp")
    found = energies_ev(singlet_roots(state, msgspec.structs.replace(RIS, method=method, cover_ev=11.0)))
    a, b = written_out(state)
    squared = np.linalg.eigvals((a - b) @ (a + b)).real
    values = np.linalg.eigvalsh(a) if method == "tda" else np.sqrt(np.sort(squared))
    expected = [energy for energy in values * HARTREE_EV if energy < 11.0]
    assert len(expected) >= 3
    assert [energy for energy in found if energy < 11.0] == pytest.approx(expected, abs=1e-3)


def test_exponents_are_a_fifth_over_the_squared_radius_and_hydrogen_has_no_p_function() -> None:
    aux = minimal_functions(ground(FORMALDEHYDE, "b3lyp/def2-svp").mol, with_p=True)
    assert aux.nao == 4 + 2 * 3
    assert THETA == 0.2
    hydrogen = [shell for shell in range(aux.nbas) if aux.bas_atom(shell) == 2]
    # The radius of hydrogen is one bohr.
    assert [aux.bas_exp(shell)[0] for shell in hydrogen] == pytest.approx([0.2], rel=1e-3)


def brightest(state: GroundState, tier: str) -> Root:
    found = singlet_roots(state, ResponseSettings(tier=tier, cover_ev=7.0))
    return max(found.roots, key=lambda root: root.oscillator_strength)


@pytest.mark.parametrize("name", ["b3lyp", "cam-b3lyp", "pbe"])
def test_a_bright_state_lies_near_that_of_the_full_tier(name: str) -> None:
    # Published: 0.06 eV root mean square over the states of organic molecules.
    state = ground(BUTADIENE, f"{name}/def2-svp")
    cheap, full = (brightest(state, tier) for tier in ("ris", "full"))
    assert cheap.energy_ev == pytest.approx(full.energy_ev, abs=0.15)
    assert cheap.oscillator_strength == pytest.approx(full.oscillator_strength, rel=0.1)


@pytest.mark.parametrize("name", ["b3lyp", "cam-b3lyp", "pbe"])
def test_an_n_pi_state_lies_below_that_of_the_full_tier(name: str) -> None:
    state = ground(FORMALDEHYDE, f"{name}/def2-svp")
    cheap, full = (singlet_roots(state, ResponseSettings(tier=tier)).roots[0] for tier in ("ris", "full"))
    assert 0.1 < full.energy_ev - cheap.energy_ev < 0.35


@pytest.mark.parametrize(
    ("geometry", "charge", "level"),
    [
        (IODONIUM, 1, "b3lyp/def2-svp@cpcm(acetonitrile)"),
        (AZIDE, -1, "cam-b3lyp/def2-svpd@cpcm(acetonitrile)"),
    ],
    ids=["iodonium", "azide anion"],
)
def test_ions_in_solution_are_covered(geometry: Geometry, charge: int, level: str) -> None:
    state = ground(geometry, level, charge)
    cheap, full = (singlet_roots(state, ResponseSettings(tier=tier)) for tier in ("ris", "full"))
    assert cheap.covered_ev == full.covered_ev == 6.5
    assert cheap.roots[0].energy_ev == pytest.approx(full.roots[0].energy_ev, abs=0.5)


def test_a_triplet_needs_a_kernel() -> None:
    with pytest.raises(InputError, match="tier 'ris' has no kernel and therefore no triplets"):
        triplet_roots(ground(FORMALDEHYDE, "b3lyp/def2-svp"), RIS)


def test_an_unknown_tier_is_refused() -> None:
    with pytest.raises(InputError, match=r"tier 'stda'.*expected one of \('full', 'ris'\)"):
        singlet_roots(ground(FORMALDEHYDE, "b3lyp/def2-svp"), msgspec.structs.replace(RIS, tier="stda"))


def test_an_element_beyond_xenon_is_refused_by_name() -> None:
    mol = gto.M(atom="Hg 0 0 0; H 0 0 1.7; H 0 0 -1.7", basis="def2-svp", ecp="def2-svp")
    with pytest.raises(InputError, match="no radius for Hg, only for H to Xe: use tier 'full'"):
        minimal_functions(mol, with_p=True)


def test_the_cheap_tier_fits_into_a_budget_that_the_full_one_does_not() -> None:
    state = ground(BUTADIENE, "b3lyp/def2-svp")
    budget = ResponseSettings(memory_mb=30)
    with pytest.raises(ResourceError, match=r"need \d+ MB, the budget is 30 MB"):
        singlet_roots(state, budget)
    assert singlet_roots(state, msgspec.structs.replace(budget, tier="ris")).roots
    with pytest.raises(ResourceError, match=r"need \d+ MB, the budget is 2 MB"):
        singlet_roots(state, msgspec.structs.replace(budget, tier="ris", memory_mb=2))


def test_the_benchmark_matches_the_states_of_both_tiers() -> None:
    done = subprocess.run(
        [sys.executable, str(BENCHMARK), "--functionals", "b3lyp", "--molecules", "Pyridazine"],
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])["b3lyp"]
    assert found["states"]["n"] == found["bright"]["n"] + found["dark"]["n"] >= 4
    assert found["states"]["without"] == 0
    # The lowest band of an azine is n-pi*, the kind of state that the tier puts too low.
    assert -0.3 < found["maximum"]["mean_ev"] < -0.05
