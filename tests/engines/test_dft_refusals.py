"""Ground states that are refused: unknown names, electrons that do not fit, budgets, unreadable files."""

import errno
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pyscf import gto

from actinic.engines.dft import ScfSettings
from actinic.engines.dft_molecule import molecule
from actinic.errors import EngineError, InputError, ResourceError
from support.ground_states import TIGHT, converged
from support.molecules import IODONIUM, WATER


@pytest.mark.parametrize(
    ("level", "message"),
    [
        ("b3lypp/def2-svp", "functional 'b3lypp' is not known"),
        ("b3lyp-d3/def2-svp", "name the functional alone"),
        ("r2scan-3c/def2-svp", "name the functional alone"),
        ("b2plyp/def2-svp", "functional 'b2plyp' is not known"),
        ("wb97x-v/def2-svp", "non-local correlation"),
        ("b3lyp/def2-svpp-x", "basis 'def2-svpp-x' does not cover"),
        ("b3lyp/def2-svp@cpcm(beer)", "solvent 'beer' is not known; expected one of .*water"),
        ("b3lyp/def2-svp@gbsa(water)", "solvent model 'gbsa' is not available"),
        ("gfn2-xtb", "expected functional/basis"),
        ("b3lyp", "expected functional/basis"),
    ],
)
def test_an_unknown_name_is_an_input_error_that_repeats_it(level: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        converged(WATER, level)


def test_an_element_that_the_basis_misses_is_named() -> None:
    with pytest.raises(InputError, match=r"basis 'cc-pvdz' does not cover I"):
        converged(IODONIUM, "b3lyp/cc-pvdz", charge=1)


@pytest.mark.parametrize(
    ("charge", "multiplicity", "message"),
    [
        (0, 2, "leaves 10 electrons, which multiplicity 2 does not fit"),
        (1, 1, "leaves 9 electrons, which multiplicity 1 does not fit"),
        (0, 0, "multiplicity 0 does not fit"),
        (8, 5, "leaves 2 electrons, which multiplicity 5 does not fit"),
        (10, 1, "leaves 0 electrons"),
    ],
)
def test_a_multiplicity_that_does_not_fit_is_refused(charge: int, multiplicity: int, message: str) -> None:
    with pytest.raises(InputError, match=message):
        converged(WATER, "b3lyp/def2-svp", charge=charge, multiplicity=multiplicity)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"auxbasis": "no-such-fit"}, "auxiliary basis 'no-such-fit'"),
        ({"grid_level": 0, "coarse_grid_level": 1}, "expected 0 <= coarse <= target <= 9"),
        ({"conv_tol_hartree": 1e-9}, "expected at least 1e-7"),
    ],
)
def test_a_setting_out_of_range_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        converged(WATER, "b3lyp/def2-svp", msgspec.structs.replace(TIGHT, **changes))


def test_a_budget_that_is_too_small_says_how_much_is_needed() -> None:
    with pytest.raises(ResourceError, match=r"need \d+ MB, the budget is 200 MB"):
        converged(WATER, "b3lyp/def2-svp", ScfSettings(memory_mb=200))


@pytest.mark.parametrize("loader", ["load", "load_ecp"])
def test_an_installation_that_cannot_be_read_is_no_wrong_input(
    loader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a row would fail for good, or iodine lose its core potential, because a disk had a bad moment."""

    def unreadable(*_: object) -> None:
        raise OSError(
            errno.EIO, "Input/output error", str(Path(gto.__file__).parent / "basis" / "def2-svp.dat")
        )

    monkeypatch.setattr(gto.basis, loader, unreadable)
    with pytest.raises(EngineError, match=r"PySCF's own files cannot be read: .*def2-svp\.dat"):
        molecule(IODONIUM, charge=1, multiplicity=1, basis="def2-svp")
