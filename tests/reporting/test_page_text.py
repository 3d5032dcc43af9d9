"""The page says what is known, says unknown for the rest, and runs nothing that a list contains."""

import base64
import hashlib
import itertools
from pathlib import Path

import pytest

from actinic.analysis import reaction_energies
from actinic.analysis.bond_calibration import BondCalibration
from actinic.analysis.calibration import absorption_calibration
from actinic.reporting.figures_levels import reaction_levels_figure
from actinic.screening.workflow import Workflow
from support.pages import LEVEL, Seen, azide, broken, ended, entry, page, spectrum, words


def test_a_name_that_is_markup_is_shown_as_text_and_never_run(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{ 7*7 }} </style>"
    html = page(
        tmp_path,
        azide(f"a{evil}", name=evil, role=evil, notes=(evil,), extra=((evil, evil),), counter_ion=evil),
        ended(f"s{evil}", "screened_out", evil),
        broken(f"b{evil}", evil),
    )
    seen = Seen(html)
    assert seen.tags.count("script") == len(seen.scripts) == 1
    assert "img" not in seen.tags
    assert not [name for name, _ in seen.attributes if name.startswith("on")]
    assert sum(evil in text for text in seen.text) >= 8


def test_only_the_script_of_the_page_may_run_and_nothing_is_fetched(tmp_path: Path) -> None:
    seen = Seen(page(tmp_path, azide()))
    digest = base64.b64encode(hashlib.sha256(seen.scripts[0].encode()).digest()).decode()
    (policy,) = [value for value in seen.values("content") if "default-src" in value]
    assert policy.startswith("default-src 'none';")
    assert f"script-src 'sha256-{digest}'" in policy
    assert "src" not in {name for name, _ in seen.attributes}
    assert {h for h in seen.values("href") if not h.startswith("#")} == {"ranked.csv"}


def test_identifiers_are_unique_and_every_link_leads_somewhere(tmp_path: Path) -> None:
    seen = Seen(page(tmp_path, azide("a"), azide("b"), broken("z", "no")))
    ids = seen.values("id")
    assert len(set(ids)) == len(ids)
    assert {h[1:] for h in seen.values("href") if h.startswith("#")} <= set(ids)


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    entries = [azide("a"), entry("b", "CCO", None), broken("z", "no")]
    assert page(tmp_path, *entries) == page(tmp_path, *entries)


def test_what_is_not_known_is_called_unknown_not_zero(tmp_path: Path) -> None:
    known, unknown = azide("known"), entry("bare", "CCO", None)
    text = words(page(tmp_path, unknown))
    assert "Spectrum unknown." in text
    assert text.count("unknown") > words(page(tmp_path, known)).count("unknown")
    assert "nan" not in text.lower().split()
    assert "None" not in text


def test_a_line_beyond_the_computed_roots_is_hatched_and_unknown(tmp_path: Path) -> None:
    short = entry("short", "CCO", spectrum((3.6, 0.02), covered_ev=4.6))
    assert 'fill="url(#hatch)"' in page(tmp_path, short)
    assert "heat hatched" in page(tmp_path, short)
    assert 'fill="url(#hatch)"' not in page(tmp_path, azide())


def test_numbers_come_with_error_unit_and_probability(tmp_path: Path) -> None:
    text = words(page(tmp_path, azide()))
    line = absorption_calibration(LEVEL)
    assert line is not None
    assert f"± {line.standard_error_ev:.2f} eV" in text
    assert f"± {line.edge_error_ev:.2f} eV for edges" in text
    assert "nm" in text
    assert "L mol⁻¹ cm⁻¹" in text
    assert "> 0.97" in text  # answers at 254 nm
    strong = entry("arene", "c1ccccc1", spectrum((4.9, 0.4)))
    assert "< 0.03" in words(page(tmp_path, strong))  # does not at 532 nm


def test_every_row_of_the_list_is_accounted_for(tmp_path: Path) -> None:
    text = words(
        page(
            tmp_path,
            azide(),
            ended("s", "screened_out", "too large"),
            ended("w", "waiting", "soon"),
            broken("z", "list.csv, line 9: no"),
        )
    )
    for wanted in ("1 done", "1 waiting", "1 screened out", "1 failed", "too large", "soon", "line 9: no"):
        assert wanted in text


def test_a_list_without_a_ranked_candidate_makes_a_page(tmp_path: Path) -> None:
    assert "No candidate is ranked yet." in words(page(tmp_path, broken("z", "no")))


def test_a_long_list_shows_the_best_and_points_to_the_table(tmp_path: Path) -> None:
    entries = [azide("dull", target_nm=532.0), azide("bright", target_nm=254.0), azide("middle")]
    html = page(tmp_path, *entries, shown=2)
    assert Seen(html).tags.count("article") == 2
    assert 'id="c-bright"' in html
    assert 'id="c-dull"' not in html
    assert "The best 2 of 3 ranked candidates are shown" in words(html)


def test_the_reaction_that_gives_way_first_is_named_drawn_and_costed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = page(tmp_path, azide())
    assert "uncalibrated, error unknown" in words(raw)
    line = BondCalibration(slope=1.0, intercept_kcal_mol=0.0, standard_error_kcal_mol=3.0, n=70)
    monkeypatch.setattr(reaction_energies, "bond_calibration", lambda _: line)
    text = words(page(tmp_path, azide()))
    assert "N3-N2 gives way first" in text
    assert "± 6.0 kcal/mol" in text  # no homolysis: twice the error of the line
    assert "from S1" in text
    assert "S1, relaxed: 80 ± 4" in text
    assert "photon, 365 nm: 78" in text
    assert 'class="hot"' in raw
    assert "N#N" in text


def test_reactions_stand_below_the_states_that_can_pay_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    line = BondCalibration(slope=1.0, intercept_kcal_mol=0.0, standard_error_kcal_mol=3.0, n=70)
    monkeypatch.setattr(reaction_energies, "bond_calibration", lambda _: line)
    where = azide().where
    assert where is not None
    figure = reaction_levels_figure(where, 365.0)
    assert figure is not None
    above = [level.kind for level in figure.levels]
    assert (above[0], above[1], above[-1]) == ("state", "photon", "ground")
    assert set(above[2:-1]) == {"reaction"}
    assert [level.pixel for level in figure.levels] == sorted(level.pixel for level in figure.levels)
    gaps = [b.label_pixel - a.label_pixel for a, b in itertools.pairwise(figure.levels)]
    assert min(gaps) >= 12.9
    nothing = entry("ethanol", "CCO", None).where
    assert nothing is not None
    assert reaction_levels_figure(nothing, 365.0) is None


@pytest.mark.parametrize("preset", ["photo-ligand", "heat-ligand", "crosslinker", "htm"])
def test_every_preset_makes_a_page(tmp_path: Path, preset: str) -> None:
    flow = Workflow.load(preset)
    html = page(tmp_path, azide(), broken("z", "no"), flow=flow)
    assert flow.title in words(html)


def test_ten_candidates_weigh_little(tmp_path: Path) -> None:
    few, more = (page(tmp_path, *(azide(f"a{i}") for i in range(n))) for n in (1, 11))
    assert len(more) - len(few) < 150_000
