"""Workflow files: presets load, mistakes are named with what to do about them."""

import re
import tomllib
from pathlib import Path

import pytest

from actinic.errors import InputError
from actinic.screening.workflow import Workflow, preset_names

TOP = Path(__file__).parents[2]
TEXT = (TOP / "workflows" / "photo-ligand.toml").read_text(encoding="utf-8")
LEVEL = '"cam-b3lyp/def2-svp@cpcm(acetonitrile)"  #'


@pytest.mark.parametrize("name", ["photo-ligand", "heat-ligand", "crosslinker", "htm"])
def test_every_preset_loads_by_name_and_by_path(name: str) -> None:
    assert name in preset_names()
    assert Workflow.load(name) == Workflow.load(TOP / "workflows" / f"{name}.toml")


def test_every_key_of_the_presets_is_explained() -> None:
    for name in preset_names():
        text = (TOP / "workflows" / f"{name}.toml").read_text(encoding="utf-8")
        for section in ("ensemble", "spectrum"):
            body = text.split(f"\n[{section}]\n")[1].split("\n[")[0].split("\n# ----")[0]
            bare = [line for line in body.splitlines() if "=" in line and "#" not in line]
            keys = {line.split("=")[0].strip() for line in bare}
            assert keys <= {"cation_level"}, f"{name}: {keys} have no comment"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("embedded = 12", "embeded = 12", "ensemble.embeded: unknown key, did you mean 'embedded'?"),
        ("[exposure]", "[exposures]", "exposures: unknown key, did you mean 'exposure'?"),
        ("fmax_ev_angstrom = 0.01", "", "ensemble.fmax_ev_angstrom: missing"),
        ("keep = 3", "keep = 0", "ensemble.keep = 0: Input should be greater than or equal to 1"),
        (
            'level = "gfn2-xtb" ',
            'level = "b3lyp/def2-svp" ',
            "ensemble.level: level b3lyp/def2-svp: expected a tight-binding method out of gfn1-xtb",
        ),
        (LEVEL, '"b3lyp/"  #', "expected method[/basis][@model(solvent)]"),
        ('quantity = "p_selective_target"', 'quantity = "p_selectiv"', "did you mean 'p_selective_target'?"),
        ("[[10, 0], [1000, 1]]", "[[1000, 0], [10, 1]]", "values must ascend, got [1000.0, 10.0]"),
        ("[[10, 0], [1000, 1]]", "[[0, 0], [1000, 1]]", "a log scale needs values above 0"),
        ('name = "clear_532"', 'name = "answers"', "two have the same name"),
        ('program = "tblite"', 'program = "orca"', "Input should be 'tblite' or 'xtb-python'"),
        ("max_roots = 80", "max_roots = 80\nscf = {grid_levl = 2}", "did you mean 'grid_level'?"),
        ("max_roots = 80", 'max_roots = 80\nscf = {grid_level = "fine"}', "spectrum.scf: Expected `int`"),
        (LEVEL, '"b3lip/def2-svp"  #', "spectrum.level: "),
        (LEVEL, '"b3lyp"  #', "spectrum.level: 'b3lyp': expected functional/basis"),
        (LEVEL, '"b3lyp/def2-svq"  #', "spectrum.level: "),
        ('"cam-b3lyp/def2-svpd@cpcm(acetonitrile)"', '"b3lyp/def2-svpd@cpcm(aceton)"', "spectrum.anion_"),
        ("alpb(acetonitrile)", "alpb(acetonitril)", "ensemble.ion_level: "),
        ('program = "tblite"', 'program = "xtb-python"', "ensemble.ion_level: "),
        ("title = ", "title ", "not valid TOML"),
    ],
)
def test_a_mistake_is_named_with_its_key_and_the_file(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert old in TEXT
    path = tmp_path / "mine.toml"
    path.write_text(TEXT.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(expected)) as caught:
        Workflow.load(path)
    assert str(path) in caught.value.message


def test_an_unknown_preset_lists_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"'photo': no such file; presets are crosslinker, heat-ligand"):
        Workflow.load("photo")


def test_comments_and_spelling_of_levels_do_not_change_the_digest() -> None:
    plain = Workflow.parse(TEXT, "a")
    commented = Workflow.parse("# mine\n" + TEXT.replace('"gfn2-xtb" ', '"GFN2-xTB" '), "b")
    other = Workflow.parse(TEXT.replace("keep = 3", "keep = 4"), "c")
    assert plain.digest == commented.digest
    assert plain.digest != other.digest


def test_numerical_settings_reach_the_engines() -> None:
    workflow = Workflow.parse(TEXT.replace("max_roots = 80", "max_roots = 7\nscf = {grid_level = 2}"), "a")
    assert workflow.scf_settings.grid_level == 2
    assert workflow.response_settings.max_roots == 7
    assert workflow.response_settings.cover_ev == tomllib.loads(TEXT)["spectrum"]["cover_ev"]


def test_a_target_in_the_list_replaces_the_one_of_the_workflow() -> None:
    workflow = Workflow.load("photo-ligand")
    assert workflow.exposure_for(None).target_nm == 365
    assert workflow.exposure_for(405.0).target_nm == 405


def test_a_level_without_calibration_is_warned_of_before_anything_runs() -> None:
    assert Workflow.load("photo-ligand").warnings == ()
    other = Workflow.parse(TEXT.replace(LEVEL, '"pbe0/def2-svp"  #'), "a")
    assert other.warnings == ("no absorption calibration for pbe0/def2-svp: wavelengths will be empty",)
    full = Workflow.parse(
        TEXT.replace("max_roots = 80", 'max_roots = 80\nresponse = {method = "tddft"}'), "a"
    )
    assert full.warnings == ("absorption is calibrated for tda: with another method its errors do not hold",)


def test_a_workflow_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "binary.toml"
    path.write_bytes(b"title = '\xff\xfe'")
    with pytest.raises(InputError, match=r"binary\.toml: not UTF-8 text"):
        Workflow.load(path)


def test_a_changed_copy_forgets_what_was_worked_out_of_the_original() -> None:
    flow = Workflow.load("photo-ligand")
    assert flow.spectrum is not None
    before = flow.response_settings.cover_ev
    further = flow.spectrum.model_copy(update={"cover_ev": before + 1.0})
    assert flow.model_copy(update={"spectrum": further}).response_settings.cover_ev == before + 1.0
    assert flow.response_settings.cover_ev == before
