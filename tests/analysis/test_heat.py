"""What heat is said to do: each kind of candidate, its label, and what is not claimed."""

import pytest

from actinic.analysis.heat import Heat, HeatConditions, heat
from actinic.analysis.heat_classes import class_value, heat_classes, left_out, members
from actinic.analysis.heat_report import activation_label, heat_caveats, heat_quantities, shelf_life
from actinic.analysis.measured_barriers import measured_barriers
from actinic.chemistry.motif_table import motif_named
from actinic.chemistry.species import Species

BAKE = HeatConditions(80.0, 30.0, (100.0, 250.0), (1.0, 0.01))
PHENYL_AZIDE = "[N-]=[N+]=Nc1ccccc1"
BOC = "CNC(=O)OC(C)(C)C"
STYRENES = ("C=Cc1ccccc1", "C=Cc1ccc(N(c2ccccc2)c2ccccc2)cc1", "CC(=C)C(=O)OC")


def of(smiles: str) -> Heat:
    return heat(Species.from_smiles(smiles, multiplicity=1), (), (), BAKE)


def value(smiles: str, name: str) -> float:
    return heat_quantities(of(smiles), BAKE)[name].value


@pytest.mark.parametrize(
    ("smiles", "measured_c"),
    [
        (PHENYL_AZIDE, 147),  # class anchor, 2,4,6-triazidopyridine
        ("CC1(CCCO)N=N1", 121),  # dialkyl diazirines react at 111-132 C
        ("O=C1C(=[N+]=[N-])C=Cc2ccccc12", 140),  # diazonaphthoquinone in films
        (BOC, 228),  # gas-phase Boc amines 215-241 C
        ("C1Cc2ccccc21", 234),  # benzocyclobutene resins cure at 200-250 C
    ],
)
def test_classes_react_where_their_members_were_measured(smiles: str, measured_c: float) -> None:
    assert value(smiles, "activation_temperature_c") == pytest.approx(measured_c, abs=6)


def test_every_motif_of_a_class_exists_and_every_class_says_something() -> None:
    for one in heat_classes():
        for name in one.motifs:
            assert motif_named(name).name == name
        assert (class_value(one) is None) == (one.treatment in ("equilibrium", "range")), one.name


def test_what_is_left_out_is_on_record_and_no_member_of_a_class() -> None:
    known = {measured.id for measured in measured_barriers()}
    assert set(left_out()) <= known
    assert not {m.id for one in heat_classes() for m in members(one)} & set(left_out())


def test_class_values_with_three_members_or_more_hold_within_two_kilocalories() -> None:
    for one in heat_classes():
        found = class_value(one)
        if found is not None and found.n >= 3:
            assert found.error_kcal_mol <= 2.0, one.name


def test_a_gas_phase_barrier_that_films_undercut_is_called_an_upper_limit() -> None:
    found = of(BOC)
    assert activation_label(found) == "class value, unimolecular upper limit"
    assert any("acid, amine or water" in caveat for caveat in heat_caveats(found))
    assert activation_label(of(PHENYL_AZIDE)) == "class value"


def test_curing_groups_share_one_range_and_are_not_ranked_within_it() -> None:
    for smiles in STYRENES:
        found = of(smiles)
        assert activation_label(found) == "class range, Tg-limited"
        assert heat_quantities(found, BAKE) == heat_quantities(of(STYRENES[0]), BAKE)
        assert shelf_life(found) == ""
    assert value(STYRENES[0], "p_activates_in_window") == 1.0


def test_a_molecule_without_a_labile_group_lasts_and_its_temperature_is_capped() -> None:
    found = of("CC(=O)OCc1ccccc1[N+](=O)[O-]")
    assert activation_label(found) == "weakest bond by type; above 300 C"
    quantities = heat_quantities(found, BAKE)
    assert quantities["activation_temperature_c"].value == 300.0
    assert "activation_temperature_error_c" not in quantities
    assert quantities["p_survives"].value == 1.0
    assert shelf_life(found) == "stable"


@pytest.mark.parametrize(
    "smiles",
    [
        "CC(=O)N=[N+]=[N-]",
        "CCOC(=S)[S-]",
        "CCN(CC)C(=S)[S-]",
        "c1ccc([N+]#N)cc1",
        "COOC",  # a bond that breaks, not calculated
        "O=C1CCC(=O)N1OS(=O)(=O)C(F)(F)F",  # photolabile, with a weak bond that heat breaks too
        "[S-]C#N",  # nothing to judge by
    ],
)
def test_a_labile_group_without_a_barrier_makes_everything_unknown(smiles: str) -> None:
    found = of(smiles)
    assert found.unknown
    assert heat_quantities(found, BAKE) == {}
    assert activation_label(found) == "unknown"


def test_a_second_group_without_a_barrier_leaves_the_temperature_but_takes_the_shelf_life() -> None:
    found = of("[N-]=[N+]=Nc1ccc(C(=O)N=[N+]=[N-])cc1")
    quantities = heat_quantities(found, BAKE)
    assert "activation_temperature_c" in quantities
    assert "bake_survival" not in quantities
    assert shelf_life(found) == ""


def test_the_lowest_of_several_channels_counts_and_rates_add() -> None:
    both = of("[N-]=[N+]=Nc1ccc(CC2(C)N=N2)cc1")
    assert [channel.what for channel in both.channels] == ["loses N2 (carbene)", "loses N2 (nitrene)"]
    one = heat_quantities(of("CC1(Cc2ccccc2)N=N1"), BAKE)["bake_survival"].value
    assert heat_quantities(both, BAKE)["bake_survival"].value < one


def test_survival_of_the_bake_falls_with_its_temperature_and_its_length() -> None:
    found = of("CC1(CCCO)N=N1")
    left = [
        heat_quantities(found, HeatConditions(bake_c, minutes, (100.0, 250.0), (1.0,)))["bake_survival"].value
        for bake_c, minutes in ((60.0, 30.0), (80.0, 30.0), (80.0, 60.0), (120.0, 60.0))
    ]
    assert left == sorted(left, reverse=True)
    assert left[0] > 0.99
    assert left[-1] < 0.5


def test_the_window_is_that_of_the_conditions() -> None:
    narrow = HeatConditions(80.0, 30.0, (300.0, 400.0), (1.0,))
    assert heat_quantities(of(BOC), narrow)["p_activates_in_window"].value < 0.05
    assert value(BOC, "p_activates_in_window") > 0.8


@pytest.mark.parametrize(
    ("smiles", "what"),
    [
        ("C=Cn1c2ccccc2c2ccccc21", "cures"),  # N-vinylcarbazole
        ("C=COCCCCCC", "cures"),
        ("O=C1C=CC(=O)N1c1ccccc1", "cures"),
        ("C=CCCCCCCCS", "cures (thiol-ene)"),
        ("CCCC/C=C\\CCCCS", "cures (thiol-ene)"),  # an oleyl group cures only with the thiol
    ],
)
def test_vinyls_maleimides_and_thiol_enes_have_the_range_of_what_cures(smiles: str, what: str) -> None:
    found = of(smiles)
    assert [channel.what for channel in found.channels] == [what]
    assert activation_label(found) == "class range, Tg-limited"
    assert heat_quantities(found, BAKE) == heat_quantities(of(STYRENES[0]), BAKE)
    assert shelf_life(found) == ""


def test_a_thiol_or_an_internal_alkene_alone_does_not_cure() -> None:
    for smiles in ("CCCCCCCCS", "CCCC/C=C\\CCCC"):
        assert activation_label(of(smiles)) == "weakest bond by type; above 300 C"


def test_two_curing_groups_are_not_ranked_above_one() -> None:
    both = of("C=Cc1ccc(COC(=O)C(C)=C)cc1")
    assert len(both.channels) == 1
    assert heat_quantities(both, BAKE) == heat_quantities(of(STYRENES[0]), BAKE)
