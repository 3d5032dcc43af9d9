"""Triplets and full linear response: against PySCF's own and the full matrices; and what is refused."""

from functools import cache

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from pyscf import dft

from actinic.chemistry.geometry import Geometry
from actinic.engines.dft import GroundState, ScfSettings, ground_state
from actinic.engines.response import ResponseSettings, Roots, singlet_roots, triplet_roots
from actinic.engines.response_problem import orbital_windows, response_matrix
from actinic.errors import ConvergenceError, EngineError, InputError
from actinic.level import Level
from actinic.units import HARTREE_EV
from support.molecules import AZIDE, FORMALDEHYDE, IODONIUM, WATER

Real = NDArray[np.float64]
MOLECULES = {
    "water": WATER,
    "formaldehyde": FORMALDEHYDE,
    "hydrogen cyanide": Geometry.from_angstrom(
        ["H", "C", "N"], np.array([[0, 0, -1.064], [0, 0, 0], [0, 0, 1.156]])
    ),
    "diazene": Geometry.from_angstrom(
        ["N", "N", "H", "H"],
        np.array([[0, 0.626, 0], [0, -0.626, 0], [0.99, 0.92, 0], [-0.99, -0.92, 0]]),
    ),
    "azide anion": AZIDE,
    "iodonium": IODONIUM,
}
CHARGES = {"azide anion": -1, "iodonium": 1}
# The coarsest grid on both sides: what is compared is the response, and PySCF's is three times faster on it.
# r2SCAN needs a finer one: on this grid the two differ by 1.1 meV, on the next by 0.02.
TIGHT_SCF = ScfSettings(conv_tol_hartree=1e-7, grid_level=0)
FINER = {"r2scan": 1}
TIGHT = ResponseSettings(frozen_core=False, virtual_cutoff_ev=None, residual_hartree=5e-5)


@cache
def ground(name: str, functional: str, settings: ScfSettings = TIGHT_SCF) -> GroundState:
    finer = FINER.get(functional, settings.grid_level)
    settings = msgspec.structs.replace(settings, grid_level=finer, coarse_grid_level=min(finer, 1))
    level = Level.parse(f"{functional}/def2-svp")
    charge = CHARGES.get(name, 0)
    return ground_state(MOLECULES[name], charge=charge, multiplicity=1, level=level, settings=settings)


def roots(state: GroundState, spin: str, settings: ResponseSettings) -> Roots:
    return singlet_roots(state, settings) if spin == "singlet" else triplet_roots(state, settings)


def energies_ev(found: Roots) -> list[float]:
    return [root.energy_ev for root in found.roots]


@cache
def mean_field(name: str, functional: str) -> dft.rks.RKS:
    state = ground(name, functional)
    # By its bare name PySCF takes wb97x_d3 for a functional with a dispersion correction that it lacks.
    name_there = state.functional.name.replace("wb97x_d3", "hyb_gga_xc_wb97x_d3")
    found = dft.RKS(state.mol, xc=name_there).density_fit(auxbasis=TIGHT_SCF.auxbasis)
    found.grids.level = FINER.get(functional, TIGHT_SCF.grid_level)
    found.conv_tol = 1e-9
    found.kernel()
    return found


def stock(name: str, functional: str, method: str, spin: str, n_roots: int) -> tuple[Real, Real]:
    """Energies (eV) and oscillator strengths (0 for triplets) of PySCF's own roots."""
    excited = getattr(mean_field(name, functional), method.upper())()
    excited.singlet = spin == "singlet"
    excited.nstates = n_roots + 4  # its start vectors miss whole symmetries among the highest
    excited.kernel()
    strengths = excited.oscillator_strength()[:n_roots] if spin == "singlet" else np.zeros(n_roots)
    return excited.e[:n_roots] * HARTREE_EV, strengths


FAST = [
    ("water", "b3lyp", 13.0),
    ("water", "pbe", 13.0),
    ("water", "cam-b3lyp", 13.0),
    ("water", "r2scan", 13.0),
    ("formaldehyde", "svwn", 9.5),
    ("formaldehyde", "b3lyp", 9.5),
    ("hydrogen cyanide", "pbe", 10.0),
    ("hydrogen cyanide", "pbe0", 10.0),
    ("diazene", "b3lyp", 8.0),
    ("azide anion", "wb97x-d3", 8.0),
]
REACH_EV = {
    "water": 13.0,
    "formaldehyde": 9.5,
    "hydrogen cyanide": 10.0,
    "diazene": 8.0,
    "azide anion": 8.0,
    "iodonium": 8.0,
}
FUNCTIONALS = ("b3lyp", "pbe", "pbe0", "cam-b3lyp", "r2scan", "m06-2x", "hf", "svwn", "wb97x-d3")
UNSTABLE = (("diazene", "hf", "tddft", "triplet"), ("azide anion", "hf", "tddft", "triplet"))
THOROUGH = [
    case
    for name, reach_ev in REACH_EV.items()
    for case in ((name, functional, reach_ev) for functional in FUNCTIONALS)
    if case not in FAST
]


def check_against_pyscf(name: str, functional: str, cover_ev: float, method: str, spin: str) -> None:
    grid_level = FINER.get(functional, TIGHT.kernel_grid_level)
    settings = msgspec.structs.replace(TIGHT, cover_ev=cover_ev, method=method, kernel_grid_level=grid_level)
    found = roots(ground(name, functional), spin, settings)
    n = sum(energy < cover_ev for energy in energies_ev(found))
    assert n >= 1
    energies, strengths = stock(name, functional, method, spin, n)
    assert energies_ev(found)[:n] == pytest.approx(energies, abs=1e-3)
    own = np.array([root.oscillator_strength for root in found.roots[:n]])
    # Roots that all but coincide share their strengths in an arbitrary way: their sum is what counts.
    first = np.flatnonzero(np.diff(energies, prepend=-np.inf) > 3e-3)
    assert np.add.reduceat(own, first) == pytest.approx(np.add.reduceat(strengths, first), rel=0.02, abs=1e-4)


@pytest.mark.parametrize(("name", "functional", "cover_ev"), FAST)
def test_triplets_agree_with_pyscf(name: str, functional: str, cover_ev: float) -> None:
    check_against_pyscf(name, functional, cover_ev, "tda", "triplet")


@pytest.mark.parametrize(("name", "functional", "cover_ev"), FAST)
def test_full_response_agrees_with_pyscf(name: str, functional: str, cover_ev: float) -> None:
    check_against_pyscf(name, functional, cover_ev, "tddft", "singlet")


@pytest.mark.parametrize(("name", "functional", "cover_ev"), [FAST[0], FAST[6]])
def test_triplets_of_full_response_agree_with_pyscf(name: str, functional: str, cover_ev: float) -> None:
    check_against_pyscf(name, functional, cover_ev, "tddft", "triplet")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "spin"), [("tda", "singlet"), ("tda", "triplet"), ("tddft", "singlet"), ("tddft", "triplet")]
)
@pytest.mark.parametrize(("name", "functional", "cover_ev"), THOROUGH)
def test_six_molecules_and_nine_functionals_agree_with_pyscf(
    name: str, functional: str, cover_ev: float, method: str, spin: str
) -> None:
    if (name, functional, method, spin) in UNSTABLE:
        assert not mean_field(name, functional).stability(internal=False, external=True, return_status=True)[
            3
        ]
        with pytest.raises(EngineError, match="the closed shell is unstable"):
            roots(ground(name, functional), spin, msgspec.structs.replace(TIGHT, method=method))
        return
    check_against_pyscf(name, functional, cover_ev, method, spin)


@pytest.mark.parametrize("spin", ["singlet", "triplet"])
@pytest.mark.parametrize("functional", ["b3lyp", "pbe", "cam-b3lyp", "r2scan", "hf"])
@pytest.mark.parametrize("cover_ev", [6.5, 11.0])
def test_no_root_below_the_energy_asked_for_is_missed(spin: str, functional: str, cover_ev: float) -> None:
    state = ground("formaldehyde", functional, ScfSettings())
    for method in ("tda", "tddft"):
        found = roots(state, spin, ResponseSettings(cover_ev=cover_ev, method=method))
        expected = [e for e in full_spectrum_ev(state, spin, method) if e < cover_ev]
        assert [e for e in energies_ev(found) if e < cover_ev] == pytest.approx(expected, abs=2e-3)


@cache
def full_spectrum_ev(state: GroundState, spin: str, method: str) -> list[float]:
    """All eigenvalues, from the matrices written out."""
    settings = ResponseSettings(method="tddft")
    active, virtual = orbital_windows(state, settings)
    matrix = response_matrix(state, settings, active, virtual, triplet=spin == "triplet")
    size = matrix.gaps.size
    units = np.eye(size).reshape(size, *matrix.gaps.shape)
    total, difference = (part.reshape(size, size) for part in matrix.sum_difference(units))
    if method == "tddft":
        return list(np.sqrt(np.sort(np.linalg.eigvals(difference @ total).real)) * HARTREE_EV)
    straight = matrix.applied(units).reshape(size, size)
    assert np.abs(straight - 0.5 * (total + difference)).max() < 1e-5
    return list(np.linalg.eigvalsh(straight) * HARTREE_EV)


@pytest.mark.parametrize("functional", ["b3lyp", "cam-b3lyp", "pbe"])
def test_full_response_lies_below_tamm_dancoff(functional: str) -> None:
    state = ground("formaldehyde", functional)
    for spin in ("singlet", "triplet"):
        tda, full = (
            energies_ev(roots(state, spin, msgspec.structs.replace(TIGHT, cover_ev=9.0, method=method)))
            for method in ("tda", "tddft")
        )
        assert all(f <= t + 1e-4 for f, t in zip(full, tda, strict=False))


def test_the_lowest_triplet_lies_below_the_lowest_singlet_and_is_dark() -> None:
    state = ground("formaldehyde", "b3lyp")
    singlet, triplet = (roots(state, spin, TIGHT).roots[0] for spin in ("singlet", "triplet"))
    assert 0.3 < singlet.energy_ev - triplet.energy_ev < 1.2
    assert triplet.oscillator_strength == 0.0
    assert triplet.transition_dipole_au == (0.0, 0.0, 0.0)


def test_strengths_of_full_response_add_up_to_nearly_the_number_of_electrons() -> None:
    # Thomas-Reiche-Kuhn holds for full response in a complete basis; 58 functions give 8.76 of 10.
    level = Level.parse("hf/def2-tzvpd")
    state = ground_state(MOLECULES["water"], charge=0, multiplicity=1, level=level, settings=TIGHT_SCF)
    settings = msgspec.structs.replace(TIGHT, method="tddft")
    active, virtual = orbital_windows(state, settings)
    matrix = response_matrix(state, settings, active, virtual, triplet=False)
    size = matrix.gaps.size
    units = np.eye(size).reshape(size, *matrix.gaps.shape)
    difference = matrix.sum_difference(units)[1].reshape(size, size)
    integrals = np.einsum(
        "xmn,mi,na->xia", state.mol.intor("int1e_r"), active[1:], virtual[1:], optimize=True
    )
    dipoles = integrals.reshape(3, -1)
    # The sum over all roots of f is 4/3 of the expectation value of A - B over the dipole vectors.
    total = 4 / 3 * np.einsum("xp,pq,xq->", dipoles, difference, dipoles)
    assert total == pytest.approx(10, rel=0.15)


def test_an_unstable_closed_shell_has_no_triplets() -> None:
    stretched = Geometry.from_angstrom(["H", "H"], np.array([[0, 0, 0], [0, 0, 2.5]]))
    level = Level.parse("b3lyp/def2-svp")
    state = ground_state(stretched, charge=0, multiplicity=1, level=level, settings=TIGHT_SCF)
    with pytest.raises(EngineError, match=r"lowest excited triplet at -\d\.\d+ eV, expected 0\.5 to 15 eV"):
        triplet_roots(state, TIGHT)
    with pytest.raises(EngineError, match=r"the closed shell is unstable, use method tda"):
        triplet_roots(state, msgspec.structs.replace(TIGHT, method="tddft"))


def test_a_root_of_full_response_that_does_not_converge_is_an_error_that_names_it() -> None:
    settings = msgspec.structs.replace(TIGHT, max_iterations=1, method="tddft")
    with pytest.raises(ConvergenceError, match=r"root \d+ of \d+ has residual .* hartree after 1 rounds"):
        singlet_roots(ground("formaldehyde", "b3lyp"), settings)


def test_an_unknown_method_is_refused() -> None:
    settings = msgspec.structs.replace(TIGHT, method="cis(d)")
    with pytest.raises(InputError, match=r"method 'cis\(d\)'.*expected one of \('tda', 'tddft'\)"):
        singlet_roots(ground("water", "b3lyp"), settings)
