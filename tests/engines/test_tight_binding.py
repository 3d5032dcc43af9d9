"""GFN single points: two programs, one answer, and the symmetries every energy has."""

import numpy as np
import pytest
from numpy.typing import NDArray
from tblite.exceptions import TBLiteRuntimeError
from tblite.interface import Calculator, Result

from actinic.chemistry.geometry import Geometry
from actinic.engines.gfn import ELECTRONIC_TEMPERATURE_K, SOLVENTS, gfn_point
from actinic.engines.tight_binding import Theory, centred_dipole_debye, gfn_engine, single_point
from actinic.errors import ConvergenceError, EngineError, InputError
from actinic.level import Level
from actinic.units import BOHR_ANGSTROM, BOLTZMANN_KCAL_MOL_K, HARTREE_EV, HARTREE_KCAL_MOL

WATER = Geometry.from_angstrom(
    ["O", "H", "H"], np.array([[0.0, 0.0, 0.0], [0.0, 0.757, 0.586], [0.0, -0.757, 0.586]])
)
METHYL_AZIDE = Geometry.from_angstrom(
    ["C", "N", "N", "N", "H", "H", "H"],
    np.array(
        [
            [-1.40, 0.45, 0.02],
            [-0.36, -0.58, -0.03],
            [0.80, -0.15, 0.01],
            [1.91, 0.09, 0.05],
            [-1.33, 1.10, -0.86],
            [-2.36, -0.08, 0.01],
            [-1.31, 1.05, 0.93],
        ]
    ),
)


def theory(
    level: str = "gfn2-xtb", charge: int = 0, multiplicity: int = 1, program: str = "tblite"
) -> Theory:
    return Theory(charge, multiplicity, Level.parse(level), program)


def lone(*symbols: str, spacing_angstrom: float = 1.2) -> Geometry:
    positions = np.array([[0.0, 0.0, spacing_angstrom * i] for i in range(len(symbols))])
    return Geometry.from_angstrom(symbols, positions)


def test_charges_of_the_point_before_that_lead_astray_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = Calculator.singlepoint
    starts = []

    def astray(calculator: Calculator, previous: Result | None = None) -> Result:
        starts.append(previous is not None)
        if previous is not None:
            raise TBLiteRuntimeError("SCF not converged in 250 cycles")
        return alone(calculator, previous)

    engine = gfn_engine(WATER.symbols, theory())
    first = engine(WATER.positions_angstrom)
    monkeypatch.setattr(Calculator, "singlepoint", astray)
    assert engine(WATER.positions_angstrom).energy_hartree == pytest.approx(first.energy_hartree, abs=1e-8)
    assert starts == [True, False]


def test_what_converges_from_no_start_is_refused_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(calculator: Calculator, previous: Result | None = None) -> Result:
        del calculator, previous
        raise TBLiteRuntimeError("SCF not converged in 250 cycles")

    engine = gfn_engine(WATER.symbols, theory())
    engine(WATER.positions_angstrom)
    monkeypatch.setattr(Calculator, "singlepoint", never)
    with pytest.raises(ConvergenceError, match="not converged in 250 cycles"):
        engine(WATER.positions_angstrom)


def moved(geometry: Geometry, matrix: NDArray[np.float64], shift: NDArray[np.float64]) -> NDArray[np.float64]:
    return geometry.positions_angstrom @ matrix.T + shift


@pytest.mark.parametrize("level", ["gfn1-xtb", "gfn2-xtb", "gfn1-xtb@gbsa(water)", "gfn2-xtb@gbsa(water)"])
@pytest.mark.parametrize(
    ("geometry", "charge"), [(METHYL_AZIDE, 0), (lone("S", "H", spacing_angstrom=1.36), -1)]
)
def test_tblite_and_xtb_python_agree(geometry: Geometry, charge: int, level: str) -> None:
    pytest.importorskip("xtb")
    ours = single_point(geometry, theory(level, charge))
    theirs = single_point(geometry, theory(level, charge, program="xtb-python"))
    assert ours.energy_hartree == pytest.approx(theirs.energy_hartree, abs=1e-6)
    assert ours.gradient_hartree_bohr == pytest.approx(theirs.gradient_hartree_bohr, abs=1e-4)
    assert ours.homo_ev == pytest.approx(theirs.homo_ev, abs=1e-3)
    assert ours.lumo_ev == pytest.approx(theirs.lumo_ev, abs=1e-3)
    assert ours.dipole_debye == pytest.approx(theirs.dipole_debye, abs=1e-3)


@pytest.mark.parametrize("solvent", ["dmf", "hexane", "thf", "ch2cl2"])
def test_the_solvents_of_both_programs_are_the_same(solvent: str) -> None:
    pytest.importorskip("xtb")
    level = f"gfn2-xtb@gbsa({solvent})"
    theirs = single_point(WATER, theory(level, program="xtb-python"))
    assert single_point(WATER, theory(level)).energy_hartree == pytest.approx(theirs.energy_hartree, abs=1e-6)


@pytest.mark.parametrize("level", ["gfn1-xtb", "gfn2-xtb", "gfn2-xtb@alpb(toluene)"])
def test_the_gradient_is_the_derivative_of_the_energy(level: str) -> None:
    gradient = single_point(METHYL_AZIDE, theory(level)).gradient_hartree_bohr
    step_angstrom = 2e-3
    for atom, axis in [(0, 1), (2, 0), (5, 2)]:
        shift = np.zeros((7, 3))
        shift[atom, axis] = step_angstrom
        above, below = (
            gfn_engine(METHYL_AZIDE.symbols, theory(level))(METHYL_AZIDE.positions_angstrom + sign * shift)
            for sign in (1, -1)
        )
        slope = (above.energy_hartree - below.energy_hartree) / (2 * step_angstrom / BOHR_ANGSTROM)
        assert gradient[atom, axis] == pytest.approx(slope, abs=1e-5)


def test_turning_the_molecule_changes_nothing_but_the_direction_of_its_dipole() -> None:
    angle = 0.7
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    there = gfn_engine(METHYL_AZIDE.symbols, theory())(moved(METHYL_AZIDE, turn, np.array([1.0, -2.0, 3.0])))
    here = single_point(METHYL_AZIDE, theory())
    assert there.energy_hartree == pytest.approx(here.energy_hartree, abs=1e-8)
    assert there.dipole_debye == pytest.approx(turn @ here.dipole_debye, abs=1e-4)
    assert there.gradient_hartree_bohr == pytest.approx(here.gradient_hartree_bohr @ turn.T, abs=1e-6)


def test_the_order_of_the_atoms_does_not_matter() -> None:
    order = [4, 2, 0, 6, 1, 5, 3]
    shuffled = Geometry.from_angstrom(
        [METHYL_AZIDE.symbols[i] for i in order], METHYL_AZIDE.positions_angstrom[order]
    )
    here, there = single_point(METHYL_AZIDE, theory()), single_point(shuffled, theory())
    assert there.energy_hartree == pytest.approx(here.energy_hartree, abs=1e-8)
    assert there.gradient_hartree_bohr == pytest.approx(here.gradient_hartree_bohr[order], abs=1e-6)


def test_two_molecules_far_apart_have_twice_the_energy_of_one() -> None:
    apart = np.concatenate([WATER.positions_angstrom, WATER.positions_angstrom + np.array([0.0, 0.0, 200.0])])
    pair = Geometry.from_angstrom(WATER.symbols * 2, apart)
    one = single_point(WATER, theory()).energy_hartree
    assert single_point(pair, theory()).energy_hartree == pytest.approx(2 * one, abs=1e-6)


@pytest.mark.parametrize("method", ["gfn1-xtb", "gfn2-xtb"])
def test_unpairing_electrons_costs_the_gap_between_their_orbitals(method: str) -> None:
    nitrogen = lone("N", "N", spacing_angstrom=1.10)
    triplet = single_point(nitrogen, theory(method, multiplicity=3))
    singlet = single_point(nitrogen, theory(method, multiplicity=1))
    assert singlet.homo_ev is not None
    assert singlet.lumo_ev is not None
    excitation_ev = (triplet.energy_hartree - singlet.energy_hartree) * HARTREE_EV
    assert excitation_ev == pytest.approx(singlet.lumo_ev - singlet.homo_ev, abs=0.6)
    assert excitation_ev > 4.0


def test_without_spin_polarisation_triplet_and_singlet_oxygen_differ_by_the_smearing_entropy_alone() -> None:
    # A limit of GFN, not of ours: the triplet lies 22.6 kcal/mol below in nature. Both spins fill the two pi*
    # orbitals alike; as a singlet, 4 spin orbitals are half full: T S = 4 k T ln 2.
    oxygen = lone("O", "O", spacing_angstrom=1.21)
    triplet, singlet = (single_point(oxygen, theory(multiplicity=m)).energy_hartree for m in (3, 1))
    entropy_kcal_mol = 4 * BOLTZMANN_KCAL_MOL_K * ELECTRONIC_TEMPERATURE_K * np.log(2)
    assert (triplet - singlet) * HARTREE_KCAL_MOL == pytest.approx(entropy_kcal_mol, abs=0.01)


def test_hydroxide_is_not_the_hydroxyl_radical() -> None:
    hydroxyl = lone("O", "H", spacing_angstrom=0.97)
    anion = single_point(hydroxyl, theory(charge=-1))
    radical = single_point(hydroxyl, theory(multiplicity=2))
    assert anion.energy_hartree < radical.energy_hartree
    assert anion.homo_ev is not None
    assert radical.homo_ev is not None
    assert anion.homo_ev > radical.homo_ev + 5.0


def test_the_singly_occupied_orbital_of_a_radical_is_its_highest_occupied_one() -> None:
    atom = single_point(lone("H"), theory(multiplicity=2))
    assert atom.homo_ev == pytest.approx(atom.energy_hartree * HARTREE_EV, abs=1e-6)
    assert atom.lumo_ev is None


def test_a_proton_has_no_occupied_and_a_hydride_no_empty_orbital() -> None:
    assert single_point(lone("H"), theory(charge=1)).homo_ev is None
    assert single_point(lone("H"), theory(charge=-1)).lumo_ev is None


def test_the_dipole_of_an_ion_does_not_depend_on_where_it_stands() -> None:
    here = lone("S", "H", spacing_angstrom=1.36)
    away = Geometry.from_angstrom(here.symbols, here.positions_angstrom + np.array([5.0, -3.0, 2.0]))
    dipoles = [
        centred_dipole_debye(place, single_point(place, theory(charge=-1)), charge=-1)
        for place in (here, away)
    ]
    assert dipoles[0] == pytest.approx(dipoles[1], abs=1e-4)
    assert 0.0 < dipoles[0] < 3.0


def test_water_stabilises_iodide_about_as_much_as_measured() -> None:
    # Marcus, doi:10.1039/FT9918702995: hydration Gibbs energy of I- is -275 kJ/mol = -66 kcal/mol.
    gas = single_point(lone("I"), theory(charge=-1)).energy_hartree
    for model in ("gbsa", "alpb"):
        solvated = single_point(lone("I"), theory(f"gfn2-xtb@{model}(water)", charge=-1)).energy_hartree
        assert (solvated - gas) * HARTREE_KCAL_MOL == pytest.approx(-66.0, abs=12.0)


@pytest.mark.parametrize("program", ["tblite", "xtb-python"])
def test_a_point_on_a_path_is_the_point_computed_alone(program: str) -> None:
    pytest.importorskip("xtb" if program == "xtb-python" else "tblite")
    engine = gfn_engine(METHYL_AZIDE.symbols, theory(program=program))
    for stretch in (0.9, 1.1, 1.0):
        last = engine(METHYL_AZIDE.positions_angstrom * stretch)
    alone = single_point(METHYL_AZIDE, theory(program=program))
    assert last.energy_hartree == pytest.approx(alone.energy_hartree, abs=1e-7)
    assert last.gradient_hartree_bohr == pytest.approx(alone.gradient_hartree_bohr, abs=1e-5)


@pytest.mark.parametrize("program", ["tblite", "xtb-python"])
def test_the_programs_keep_silent(program: str, capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("xtb" if program == "xtb-python" else "tblite")
    single_point(WATER, theory("gfn2-xtb@gbsa(water)", program=program))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("program", ["tblite", "xtb-python"])
def test_charges_that_do_not_converge_are_said(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = pytest.importorskip(f"actinic.engines.{program.replace('-', '_')}_engine")
    monkeypatch.setattr(module, "MAX_SCF_CYCLES", 2)
    with pytest.raises(ConvergenceError, match=rf"(?s){program}, gfn2-xtb: .*converge"):
        single_point(METHYL_AZIDE, theory(program=program))
    monkeypatch.undo()
    assert single_point(METHYL_AZIDE, theory(program=program)).energy_hartree < 0


@pytest.mark.parametrize("program", ["tblite", "xtb-python"])
def test_atoms_on_top_of_each_other_are_an_engine_error(program: str) -> None:
    pytest.importorskip("xtb" if program == "xtb-python" else "tblite")
    with pytest.raises(EngineError, match=f"{program}, gfn2-xtb: "):
        single_point(lone("O", "O", spacing_angstrom=0.0), theory(program=program, multiplicity=3))


def test_a_number_that_is_not_finite_is_an_engine_error() -> None:
    with pytest.raises(EngineError, match="not finite: nan"):
        gfn_point(
            float("nan"), np.zeros((1, 3)), np.zeros(3), orbitals_hartree=np.zeros(1), occupations=np.ones(1)
        )


def test_xtb_python_has_gbsa_alone_and_no_ipea1() -> None:
    pytest.importorskip("xtb")
    for model, solvent in (("alpb", "water"), ("gbe", "organic film")):
        with pytest.raises(InputError, match=rf"{model}: xtb-python has gbsa alone; use program 'tblite'"):
            single_point(WATER, theory(f"gfn2-xtb@{model}({solvent})", program="xtb-python"))
    with pytest.raises(InputError, match=r"ipea1-xtb: not in xtb-python; use program 'tblite'"):
        single_point(WATER, theory("ipea1-xtb", program="xtb-python"))


def test_the_larger_the_dielectric_constant_the_lower_a_polar_molecule() -> None:
    levels = ("gfn2-xtb", *(f"gfn2-xtb@gbe({name})" for name in ("hexane", "organic film", "water")))
    energies = [single_point(WATER, theory(level)).energy_hartree for level in levels]
    assert energies == sorted(energies, reverse=True)
    assert energies[0] - energies[-1] > 1e-3


def test_a_missing_xtb_python_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actinic.engines.tight_binding.find_spec", lambda _: None)
    with pytest.raises(InputError, match=r"pip install 'actinic\[xtb-python\]'"):
        single_point(WATER, theory(program="xtb-python"))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (theory("gfn3-xtb"), r"level gfn3-xtb: expected a tight-binding method out of gfn1-xtb, gfn2-xtb"),
        (theory("b3lyp/def2-svp"), r"level b3lyp/def2-svp: expected a tight-binding method"),
        (
            theory("gfn2-xtb@cpcm(water)"),
            r"cpcm\(water\): tight binding has the solvent models gbsa and alpb",
        ),
        (theory("gfn2-xtb@gbsa(beer)"), r"gbsa\(beer\): no gbsa parameters .* known: acetone, .*water"),
        (theory("gfn1-xtb@gbsa(dmf)"), r"gbsa\(dmf\): no gbsa parameters"),
        (theory(program="mopac"), r"program 'mopac': expected one of tblite, xtb-python"),
        (theory(multiplicity=2), r"multiplicity 2: impossible for 10 electrons, 8 of them outer ones"),
        (theory(multiplicity=11), r"multiplicity 11: impossible for 10 electrons, 8 of them outer ones"),
        (theory(multiplicity=0), r"multiplicity 0: impossible"),
        (theory(charge=1), r"charge 1, multiplicity 1: impossible for 9 electrons"),
    ],
)
def test_what_cannot_be_computed_is_named(wrong: Theory, message: str) -> None:
    with pytest.raises(InputError, match=message):
        single_point(WATER, wrong)


def test_an_element_beyond_radon_is_named() -> None:
    with pytest.raises(InputError, match="element U: gfn2-xtb knows H to Rn"):
        single_point(lone("U"), theory())


@pytest.mark.parametrize(("method", "model"), sorted(SOLVENTS))
def test_every_solvent_named_as_known_is_known(method: str, model: str) -> None:
    gas = single_point(WATER, theory(method)).energy_hartree
    for solvent in SOLVENTS[method, model]:
        assert single_point(WATER, theory(f"{method}@{model}({solvent})")).energy_hartree < gas + 1e-3
