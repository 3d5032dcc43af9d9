"""Corrections against numbers other programs published, and levels that mean what they say."""

import numpy as np
import pytest
from numpy.typing import NDArray

from actinic.chemistry.geometry import Geometry
from actinic.engines.composite import composite, corrections_hartree
from actinic.engines.dft import ENERGIES, ground_state
from actinic.engines.dft_functional import functional
from actinic.engines.dispersion import CORRECTIONS, correction_hartree
from actinic.errors import EngineError, InputError
from actinic.level import Level
from actinic.units import BOHR_ANGSTROM

ROUNDING_HARTREE = 2e-7
"""What storing coordinates to 1e-5 angstrom may cost."""


def from_bohr(symbols: str, coordinates: str) -> Geometry:
    positions = np.array(coordinates.split(), dtype=float).reshape(-1, 3)
    return Geometry.from_angstrom(symbols.split(), positions * BOHR_ANGSTROM)


# Ethene and ethyne of S22, complex 16, as in psi4's tests/pytests/test_composite.py.
ETHENE = from_bohr(
    "C C H H H H",
    """0.0 -1.26153959 -4.01502362   0.0 1.26153959 -4.01502362
       1.74539073 -2.32862069 -4.01790734   -1.74539073 -2.32862069 -4.01790734
       -1.74539073 2.32862069 -4.01790734   1.74539073 2.32862069 -4.01790734""",
)
ETHYNE = from_bohr(
    "C C H H",
    "0.0 0.0 5.48115630   0.0 0.0 3.19975986   0.0 0.0 1.18552346   0.0 0.0 7.49074019",
)
PAIR = Geometry(ETHENE.symbols + ETHYNE.symbols, ETHENE.grid_points + ETHYNE.grid_points)

# "Mindless" molecules 01, 06 and 09 of MB16-43 (doi:10.1021/ct800511q), as in mstore.
MINDLESS_01 = from_bohr(
    "Na H O H F H H O N H H Cl B B N Al",
    """-1.85528263  3.58670515 -2.41763729   4.40178024  0.02338844 -4.95457749
       -2.98706033  4.76252065  1.27043302   0.79980886  1.41103456 -5.04655322
       -4.20647469  1.84275768  4.55038085  -3.54356122 -3.18835665  1.46240022
        2.70032160  1.06818453 -1.73234650   3.73114089 -2.07001543  2.23160938
       -1.75306819  0.35951417  1.05323406   5.41755789 -1.57881830  1.75394003
       -2.23462868 -2.13856505  4.10922286   1.01565866 -3.21952155 -3.36050963
        2.42119256  0.26626435 -3.91862474  -3.02526099  2.53667889  2.31664985
       -2.00438949 -2.29235137  2.19782807   1.12226554 -1.36942007  0.48455055""",
)
MINDLESS_06 = from_bohr(
    "B N H O B H Al H B Mg H H H H C H",
    """ 0.10912946  1.64180252  0.27838150  -2.30085164  0.87765138 -0.60457694
        2.78083551  4.95421364  0.40788635  -5.36229603 -7.29510946  0.06097106
        2.13846115 -0.99012126  0.93647190   0.09330151 -2.75648067 -3.70294676
       -1.52684105 -2.44981815 -1.02727326  -0.45240335  5.86105502  0.30815309
       -3.95419048 -5.52061944 -0.31702321   2.68706170 -0.13577305 -3.57041492
       -3.79914135  2.06429809 -0.77285246   0.89693752  4.58640301  3.09718012
        2.76317093 -0.62928000  3.08807601   1.00075543 -3.11885280  1.08659461
        0.86969980  4.43363816  1.02355777   4.05637090 -1.52300700 -0.29218486""",
)
MINDLESS_09 = from_bohr(
    "H H H H Li H C B H H Si H Cl F H B",
    """ 3.97360650  1.71723751 -0.51862929   0.16903666  1.73154352 -0.40099024
       -3.94463844 -1.24346370  0.09565842   2.21647168  4.10625979  2.61391340
       -0.04488993 -2.16288303  4.48488596   3.52287142 -0.90500889 -5.00916337
        1.95336082 -0.83849037 -3.65515971   2.05706982  1.70095589 -2.06303336
       -6.40097100 -1.71072936  3.14621771   2.04751538 -2.55691868 -2.49926722
        2.03251079  1.35094357  2.02150309   0.20477572 -0.93291693 -4.76431391
       -2.67673273  1.40764602  4.10347165  -2.75901985 -3.73954810  3.19373273
        1.96938103  3.74070925 -3.03185102  -4.32034786 -1.66533651  2.28302517""",
)


@pytest.mark.parametrize(
    ("name", "geometry", "published_hartree"),
    [
        # s-dftd3, test/unit/test_param.f90, two-body.
        ("d3zero(wb97x-d3)", MINDLESS_09, -4.6307006508886413e-3),
        ("d3bj(b3lyp)", MINDLESS_01, -3.3014429592265318e-2),
        ("d3bj(cam-b3lyp)", MINDLESS_01, -1.6566618761190383e-2),
        ("d3bj(pbe0)", MINDLESS_01, -1.6523309049788101e-2),
        # s-dftd3, test/unit/test_gcp.f90.
        ("gcp(r2scan-3c)", MINDLESS_06, 0.0113040952),
        # psi4, tests/pytests/test_composite.py: standalone dftd4 and mctc-gcp.
        ("d4(r2scan-3c)", PAIR, -1.4455457680017e-3),
        ("d4(r2scan-3c)", ETHENE, -6.2041477166e-4),
        ("d4(r2scan-3c)", ETHYNE, -3.3971225644558e-4),
        ("gcp(r2scan-3c)", PAIR, 0.0020969558),
        ("gcp(r2scan-3c)", ETHENE, 0.0016932666),
        ("gcp(r2scan-3c)", ETHYNE, 0.0003797674),
    ],
)
def test_every_correction_is_the_published_one(
    name: str, geometry: Geometry, published_hartree: float
) -> None:
    energy = correction_hartree(name, geometry, charge=0)
    assert energy == pytest.approx(published_hartree, abs=ROUNDING_HARTREE)


def test_the_assembled_r2scan_3c_is_that_of_orca() -> None:
    # psi4, tests/pytests/test_composite.py: r2SCAN/def2-mTZVPP from ORCA without fits, corrections as above.
    level = Level.parse("r2scan-3c")
    published_hartree = [
        -155.86137806 - 1.4455457680017e-3 + 0.0020969558,
        -78.55690019 - 6.2041477166e-4 + 0.0016932666,
        -77.30233380 - 3.3971225644558e-04 + 0.0003797674,
    ]
    pair, *alone = (
        ground_state(
            geometry, charge=0, multiplicity=1, level=composite(level).electronic, settings=ENERGIES
        ).energy_hartree
        + corrections_hartree(level, geometry, charge=0)
        for geometry in (PAIR, ETHENE, ETHYNE)
    )
    assert [pair, *alone] == pytest.approx(published_hartree, abs=1e-4)
    binding_hartree = published_hartree[0] - sum(published_hartree[1:])
    assert pair - sum(alone) == pytest.approx(binding_hartree, abs=2e-5)


@pytest.mark.parametrize("name", sorted(CORRECTIONS))
def test_a_lone_atom_has_no_correction(name: str) -> None:
    atom = Geometry.from_angstrom(["Br"], np.zeros((1, 3)))
    assert correction_hartree(name, atom, charge=0) == pytest.approx(0.0, abs=1e-12)


def apart(distance_angstrom: float) -> Geometry:
    shift: NDArray[np.float64] = np.array([0.0, 0.0, distance_angstrom])
    positions = np.concatenate([ETHENE.positions_angstrom, ETHENE.positions_angstrom + shift])
    return Geometry.from_angstrom(ETHENE.symbols * 2, positions)


@pytest.mark.parametrize("name", sorted(CORRECTIONS))
def test_two_molecules_far_apart_are_corrected_as_one_and_one(name: str) -> None:
    one = correction_hartree(name, ETHENE, charge=0)
    assert correction_hartree(name, apart(60.0), charge=0) == pytest.approx(2 * one, abs=1e-7)


@pytest.mark.parametrize("name", sorted(name for name in CORRECTIONS if name.startswith("d3")))
def test_dispersion_attracts_with_the_sixth_power_of_the_distance(name: str) -> None:
    # Not so D4, whose charges, and with them the C6 within each molecule, feel the other one at 12 angstrom.
    one = correction_hartree(name, ETHENE, charge=0)
    near, far = (correction_hartree(name, apart(r), charge=0) - 2 * one for r in (12.0, 24.0))
    assert near < far < 0
    assert near / far == pytest.approx(2**6, rel=0.15)


def test_counterpoise_repels_and_fades() -> None:
    one = correction_hartree("gcp(r2scan-3c)", ETHENE, charge=0)
    near, far = (correction_hartree("gcp(r2scan-3c)", apart(r), charge=0) - 2 * one for r in (3.5, 5.0))
    assert near > far > 0


def test_of_all_corrections_only_d4_knows_the_charge() -> None:
    moved = {
        name
        for name in CORRECTIONS
        if correction_hartree(name, ETHENE, charge=1) != correction_hartree(name, ETHENE, charge=0)
    }
    assert moved == {"d4(r2scan-3c)"}


def test_iodine_is_covered_and_what_lies_beyond_radon_is_named() -> None:
    iodine = Geometry.from_angstrom(["I", "I"], np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 2.67]]))
    francium = Geometry.from_angstrom(["H", "Fr"], np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 2.5]]))
    for name in CORRECTIONS:
        assert correction_hartree(name, iodine, charge=0) != 0.0
        with pytest.raises(InputError, match=r"element Fr: .* knows H to Rn"):
            correction_hartree(name, francium, charge=0)


def test_the_libraries_keep_silent(capfd: pytest.CaptureFixture[str]) -> None:
    for name in CORRECTIONS:
        correction_hartree(name, PAIR, charge=0)
    assert capfd.readouterr() == ("", "")


def test_an_unknown_correction_is_named() -> None:
    with pytest.raises(InputError, match=r"correction 'd5': expected one of d3zero\(wb97x-d3\)"):
        correction_hartree("d5", ETHENE, charge=0)


@pytest.mark.parametrize("name", sorted(CORRECTIONS))
def test_atoms_on_top_of_each_other_are_an_engine_error(name: str) -> None:
    twice = Geometry.from_angstrom(["C", "C"], np.zeros((2, 3)))
    with pytest.raises(EngineError, match=r"\): Too close interatomic distances"):
        correction_hartree(name, twice, charge=0)


@pytest.mark.parametrize(
    ("level", "electronic", "corrections"),
    [
        ("wB97X-D3/def2-SVP", "wb97x-d3/def2-svp", ("d3zero(wb97x-d3)",)),
        ("b3lyp-d3bj/def2-svp@cpcm(thf)", "b3lyp/def2-svp@cpcm(thf)", ("d3bj(b3lyp)",)),
        ("r2scan-3c", "r2scan/def2-mtzvpp", ("d4(r2scan-3c)", "gcp(r2scan-3c)")),
        ("r2scan-3c@cpcm(thf)", "r2scan/def2-mtzvpp@cpcm(thf)", ("d4(r2scan-3c)", "gcp(r2scan-3c)")),
        ("b3lyp/def2-svp", "b3lyp/def2-svp", ()),
    ],
)
def test_a_level_means_a_functional_and_its_corrections(
    level: str, electronic: str, corrections: tuple[str, ...]
) -> None:
    parts = composite(Level.parse(level))
    assert str(parts.electronic) == electronic
    assert parts.corrections == corrections
    assert functional(parts.electronic.method).exchange is not None
    total = sum(correction_hartree(name, ETHYNE, charge=0) for name in corrections)
    assert corrections_hartree(Level.parse(level), ETHYNE, charge=0) == pytest.approx(total, abs=1e-15)


@pytest.mark.parametrize(
    ("level", "message"),
    [
        ("r2scan-3c/def2-svp", "r2scan-3c brings its own basis"),
        ("wb97x-d3", "expected functional/basis or r2scan-3c"),
        ("gfn2-xtb", "expected functional/basis or r2scan-3c"),
        ("wb97x-d/def2-svp", "only wb97x-d3, b3lyp-d3bj, .* are available"),
        ("wb97xd/def2-svp", "only wb97x-d3"),
        ("wb97x-d3bj/def2-svp", "only wb97x-d3"),
        ("b3lyp-d3/def2-svp", "only wb97x-d3"),
        ("b97-3c/def2-svp", "only wb97x-d3"),
    ],
)
def test_a_correction_that_would_be_missing_is_refused(level: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        composite(Level.parse(level))
