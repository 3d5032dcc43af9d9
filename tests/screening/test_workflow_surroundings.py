"""Device, film and the list's own numbers, from the workflow file to quantities that can be criteria."""

import re
from pathlib import Path

import pytest

from actinic.analysis.assessment import Assessment
from actinic.analysis.estimate import Estimate
from actinic.analysis.surroundings import Surroundings, in_surroundings
from actinic.chemistry.species import Species
from actinic.errors import InputError
from actinic.screening.surroundings import listed_numbers
from actinic.screening.workflow import Workflow

TOP = Path(__file__).parents[2]
TEXT = (TOP / "workflows" / "photo-ligand.toml").read_text(encoding="utf-8")
OWN = """
[stack]
hil = "TAPC"
emitter = "CdSe/ZnS"
[[stack.materials]]
name = "TAPC"
homo_ev = -5.5
lumo_ev = -2.0
error_ev = 0.1
[host]
material = "my resist"
thickness_nm = 100
loading_wt_percent = 5
density_g_cm3 = 1.2
absorption = [[250, 1e4], [450, 1e3]]
t1_ev = 2.9
[list_columns]
tg_c = 5
"""
CRITERION = """
[[criteria]]
name = "mine"
title = "as I like it"
quantity = "{}"
points = [[0, 0], [1, 1]]
weight = 1.0
"""


def uncommented(name: str, *sections: str) -> str:
    text = (TOP / "workflows" / f"{name}.toml").read_text(encoding="utf-8")
    for section in sections:
        block = re.search(rf"^# \[{section}\]\n(?:# \w.*\n)+", text, re.MULTILINE)
        assert block is not None, section
        text = text.replace(block.group(), re.sub("^# ", "", block.group(), flags=re.MULTILINE))
    return text


@pytest.mark.parametrize("name", ["photo-ligand", "crosslinker"])
def test_the_examples_in_the_presets_work_once_the_hashes_are_gone(name: str) -> None:
    flow = Workflow.parse(uncommented(name, "host", "stack"), "test")
    assert flow.film is not None
    assert flow.device is not None
    assert flow.device.at("emitter") is not None


def test_materials_hosts_and_columns_of_ones_own_become_criteria() -> None:
    for quantity in ("tg_c", "electron_block_ev", "light_share_target", "t1_above_host_ev", "quantum_yield"):
        flow = Workflow.parse(TEXT + OWN + CRITERION.format(quantity), "test")
        assert Workflow.model_validate_json(flow.model_dump_json()) == flow
    assert flow.device is not None
    assert [layer.name for layer in flow.device.layers] == ["TAPC", "CdSe/ZnS"]
    assert flow.film is not None
    assert flow.film.material.absorption_per_cm(350.0) == pytest.approx(5500)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[stack]\nhil = "PEDOT"', "stack.hil: 'PEDOT': no such material; there are ITO"),
        ("[stack]\ntrap_depth_ev = 0.2", "stack: no layer"),
        ('[host]\nmaterial = "soup"\nthickness_nm = 30\nloading_wt_percent = 5', "host.material: 'soup'"),
        (
            '[host]\nmaterial = "x"\nthickness_nm = 30\nloading_wt_percent = 5\nabsorption = [[250, 1e4]]',
            "host.density_g_cm3: needed",
        ),
        ('[host]\nmaterial = "TFB"\nthickness_nm = 30\nloading_wt_percent = 100', "less than 100"),
        ("[list_columns]\nband_max_nm = 1", "list_columns.band_max_nm: is computed"),
        (CRITERION.format("electron_block_ev"), "quantity 'electron_block_ev' is not computed"),
    ],
)
def test_mistakes_are_named(text: str, said: str) -> None:
    with pytest.raises(InputError) as raised:
        Workflow.parse(f"{TEXT}\n{text}\n", "test")
    assert said in raised.value.message


def test_cells_that_are_no_numbers_are_said_and_empty_ones_are_unknown() -> None:
    extra = (("tg_c", "120"), ("mobility", "fast"), ("other", "7"), ("yield", ""), ("odd", "nan"))
    found, unread = listed_numbers(extra, {"tg_c": 5.0, "mobility": 0.0, "yield": 0.0, "odd": 0.0})
    assert set(found) == {"tg_c"}
    assert found["tg_c"].standard_error == pytest.approx(5.0)
    assert unread == ("mobility: 'fast' is no number", "odd: 'nan' is no number")


def around(text: str, **listed: float) -> Surroundings:
    flow = Workflow.parse(TEXT + text, "test")
    numbers = {name: Estimate.exact(value) for name, value in listed.items()}
    return Surroundings(flow.device, flow.film, numbers)


def assessed() -> Assessment:
    bright = Estimate(3000.0, tuple(3000.0 * 2**k for k in range(-16, 17)))
    return Assessment(
        {
            "film_homo_ev": Estimate.normal(-5.2, 0.1),
            "lumo_optical_ev": Estimate.normal(-2.1, 0.2),
            "absorptivity_365_nm_l_mol_cm": bright,
            "absorptivity_target_l_mol_cm": bright,
            "t1_ev": Estimate.normal(3.1, 0.17),
        },
        None,
    )


def test_a_candidate_gets_its_barriers_its_light_its_dose_and_a_warning_of_traps() -> None:
    ester = Species.from_smiles("CC(=O)OCc1ccccc1[N+](=O)[O-]", multiplicity=1)
    exposure = Workflow.load("photo-ligand").exposure_for(None)
    found = in_surroundings(assessed(), ester, exposure, around(OWN, tg_c=90.0))
    quantities = found.quantities
    assert quantities["hole_injection_barrier_ev"].value == pytest.approx(-0.3)
    assert quantities["t1_above_host_ev"].value == pytest.approx(0.2)
    assert quantities["t1_above_host_ev"].standard_error == pytest.approx(0.17)
    assert quantities["tg_c"].value == 90.0
    assert 0 < quantities["light_absorbed_365_nm"].value < quantities["light_share_365_nm"].value < 1
    assert "light_share_254_nm" not in quantities
    assert "would trap holes of CdSe/ZnS" in found.caveats[0]
    assert any("class value: o-nitrobenzyl" in said for said in found.caveats)
    measured = in_surroundings(assessed(), ester, exposure, around(OWN, quantum_yield=0.1))
    assert measured.quantities["dose_half_target_mj_cm2"].value == pytest.approx(98.6 / 0.3, rel=0.01)
    assert not any("class value" in said for said in measured.caveats)


def test_without_a_quantum_yield_there_is_no_dose() -> None:
    ethanol = Species.from_smiles("CCO", multiplicity=1)
    exposure = Workflow.load("photo-ligand").exposure_for(None)
    found = in_surroundings(assessed(), ethanol, exposure, Surroundings())
    assert found.quantities == assessed().quantities
    assert found.caveats == ()
