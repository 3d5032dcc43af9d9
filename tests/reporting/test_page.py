"""The page says what is known, says unknown for the rest, and runs nothing that a list contains."""

import base64
import hashlib
import itertools
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from actinic.analysis import reaction_energies
from actinic.analysis.absorption import Sticks
from actinic.analysis.assessment import Assessment, Known
from actinic.analysis.best import Smallest
from actinic.analysis.bond_calibration import BondCalibration
from actinic.analysis.calibrated_spectrum import CalibratedSpectrum, calibrated
from actinic.analysis.calibration import absorption_calibration
from actinic.analysis.estimate import Estimate
from actinic.analysis.exposure import band_quantities, line_quantities
from actinic.analysis.reaction_energies import Computed, KnownReaction
from actinic.analysis.reaction_report import ExcitedStates
from actinic.calculations.energy import EnergyResult
from actinic.calculations.thermal import ThermalResult
from actinic.chemistry.candidates import Candidate, UnusableRow
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.motifs import match
from actinic.chemistry.reactions import Reaction, reactions
from actinic.chemistry.species import Species
from actinic.level import Level
from actinic.reporting.figures_levels import reaction_levels_figure
from actinic.reporting.page import SHOWN_LEFT_OUT, Overview, write_page
from actinic.reporting.page_run import LeftOut, by_status, left_out
from actinic.reporting.pairs import NamedPairs
from actinic.reporting.table import Entry, ranked_table
from actinic.screening.tiers import Progress
from actinic.screening.workflow import Workflow
from actinic.units import ev_from_nm

FLOW = Workflow.load("photo-ligand")
LEVEL = Level.parse("b3lyp/def2-svp")
RECORD: dict[str, Any] = {"started": "2026-05-04T03:02:01+00:00", "versions": {"rdkit": "1.2.3"}}
VOID = {"meta", "input", "br", "link", "img"}


class Seen(HTMLParser):
    """Elements, attributes, identifiers and text of a page; fails where tags do not nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text: list[str] = []
        self.scripts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        (self.scripts if self.open[-1:] == ["script"] else self.text).append(data)

    def values(self, attribute: str) -> list[str]:
        return [value for name, value in self.attributes if name == attribute]


def spectrum(*sticks: tuple[float, float], covered_ev: float = 6.5) -> CalibratedSpectrum:
    line = absorption_calibration(LEVEL)
    assert line is not None
    raw = Sticks(tuple(e for e, _ in sticks), tuple(f for _, f in sticks), covered_ev)
    return calibrated(raw, line, is_ion=False)


def computed(species: Species, hartree: float) -> Computed:
    symbols = tuple(atom.GetSymbol() for atom in species.molecule().GetAtoms())
    thermal = ThermalResult(
        geometry=Geometry(symbols, (0,) * 3 * len(symbols)), energy_hartree=-1.0, force_ev_angstrom=0.0,
        frequencies_cm=(1000.0,), rotational_constants_cm=(1.0, 1.0, 1.0), symmetry_number=1,
        mass_dalton=30.0, n_descents=0,
    )  # fmt: skip
    return Computed(species, thermal, (EnergyResult(hartree, 0.0, 0.0, -9.0, 1.0, "diis"),))


def with_energy(reaction: Reaction) -> KnownReaction:
    after = tuple(computed(p.species, -4.97) for p in reaction.products)
    return KnownReaction(reaction, (LEVEL,), (computed(reaction.reactants[0], -10.0),), after)


def entry(id_: str, smiles: str, absorbs: CalibratedSpectrum | None, **row: Any) -> Entry:
    species = Species.from_smiles(smiles, multiplicity=1)
    given: dict[str, Any] = {
        "id": id_, "name": "", "smiles_given": smiles, "species": species, "counter_ion": "",
        "role": "ligand", "target_nm": None, "extra": (), "row": 2, "notes": (),
    }  # fmt: skip
    candidate = Candidate(**(given | row))
    quantities: dict[str, Estimate] = {}
    if absorbs is not None:
        quantities = band_quantities(absorbs) | line_quantities(
            absorbs, FLOW.exposure_for(row.get("target_nm"))
        )
    found = [r for site in match(species) for r in reactions(species, site) if len(r.reactants) == 1]
    known = tuple(with_energy(r) for r in found)
    standing = Known(species, None, (), Level.parse("gfn2-xtb"), LEVEL, known)
    excited = ExcitedStates(Estimate.normal(80.0, 4.0), None)
    main = known[0] if known else None
    assessment = Assessment(quantities, absorbs, ("mind this",), main, excited)
    return Entry(candidate, Progress("done", (), "", standing, assessment))


def ended(name: str, state: Any, reason: str) -> Entry:
    one = entry(name, "CCO", None)
    assert one.where is not None
    return Entry(one.row, replace(one.where, state=state, reason=reason))


def broken(name: str, reason: str) -> Entry:
    row = UnusableRow(
        id=name, name="", smiles_given="C(", role="", target_nm=None, extra=(), row=9, reason=reason
    )
    return Entry(row, None)


def azide(id_: str = "azide", **row: Any) -> Entry:
    return entry(id_, "[N-]=[N+]=Nc1ccccc1", spectrum((3.6, 0.02), (5.0, 0.4)), **row)


def page(tmp_path: Path, *entries: Entry, shown: int = 200, flow: Workflow = FLOW) -> str:
    target = tmp_path / "report.html"
    write_page(overview(entries, flow, shown), flow, RECORD, target)
    return target.read_text(encoding="utf-8")


def overview(entries: tuple[Entry, ...], flow: Workflow, shown: int) -> Overview:
    """As `written.write_run` gathers it from the rows of a run."""
    table, known = ranked_table(entries, flow), {one.row.id: one for one in entries}
    best = table[table["status"] == "done"].head(shown)
    pairs = NamedPairs(flow)
    rest: Smallest[LeftOut] = Smallest(SHOWN_LEFT_OUT, key=by_status)
    for one in entries:
        chances, left = pairs.chances(one), left_out(one)
        if chances is not None:
            pairs.add((one.row.id, one.row.name), chances)
        if left is not None:
            rest.add(left)
    counts = Counter(one.status for one in entries)
    return Overview(counts, [known[name] for name in best["id"]], best, rest.ordered(), pairs.pairs())


def words(html: str) -> str:
    return " ".join(" ".join(Seen(html).text).split())


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
    line = absorption_calibration(Level.parse("b3lyp/def2-svp"))
    assert line is not None
    assert f"± {line.standard_error_ev:.2f} eV" in text
    assert f"± {line.edge_error_ev:.2f} eV for edges" in text
    assert "nm" in text
    assert "L mol⁻¹ cm⁻¹" in text
    assert "> 0.97" in text  # answers at 254 nm
    assert "< 0.03" in text  # does not at 532 nm


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


EVIL = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium of the system; needs the group `browser` of pyproject.toml."""
    sync_api = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    with sync_api.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def shown(browser: Any, tmp_path: Path) -> Iterator[Any]:
    page(
        tmp_path,
        azide("blue", target_nm=254.0),
        entry("red", "CC(=O)OCc1ccccc1[N+](=O)[O-]", spectrum((3.4, 0.05), (4.9, 0.3))),
        entry("bare", "CCO", None),
        azide("evil", name=EVIL),
        broken("z", EVIL),
    )
    tab = browser.new_page(viewport={"width": 1300, "height": 900})
    tab.said, tab.asked = [], []
    tab.on("console", lambda message: tab.said.append(message.text))
    tab.on("pageerror", lambda error: tab.said.append(str(error)))
    tab.on("request", lambda request: tab.asked.append(request.url))
    tab.goto((tmp_path / "report.html").as_uri())
    yield tab
    tab.close()


def names(tab: Any) -> list[str]:
    rows = tab.locator("table.ranked tbody tr:visible th a").all()
    return [row.inner_text() for row in rows]


@pytest.mark.slow
def test_it_opens_without_network_or_complaint_and_runs_nothing_of_the_list(shown: Any) -> None:
    assert shown.said == []
    assert len(shown.asked) == 1
    assert shown.title().startswith("Photo-labile ligand")
    assert EVIL in names(shown)


@pytest.mark.slow
def test_it_sorts_with_unknown_last_either_way(shown: Any) -> None:
    head = shown.locator("table.ranked thead button", has_text="Lowest maximum")
    orders = []
    for _ in range(2):
        head.click()
        orders.append(names(shown))
    assert orders[0][0] == orders[1][-2] == "red"
    assert orders[0][-1] == orders[1][-1] == "bare"


@pytest.mark.slow
def test_it_filters_table_and_cards_alike(shown: Any) -> None:
    shown.fill("#filter", "red iodide")
    assert names(shown) == []
    shown.fill("#filter", "[N+](=O)")
    assert names(shown) == ["red"]
    assert shown.locator("article.card:visible").count() == 1
    assert shown.inner_text("#found") == "1 of 4 shown"
    shown.fill("#filter", "")
    shown.check("#answering")
    assert "bare" not in names(shown)


@pytest.mark.slow
def test_the_pointer_reads_the_spectrum(shown: Any) -> None:
    figure = shown.locator("svg.spectrum").first
    figure.scroll_into_view_if_needed()
    box = figure.bounding_box()
    shown.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] / 2)
    text = figure.locator(".readout").text_content()
    assert "nm" in text
    assert "L mol⁻¹ cm⁻¹" in text


@pytest.mark.slow
def test_what_the_pointer_reads_is_broadened_from_the_excitations(shown: Any) -> None:
    figure = shown.locator("#c-red svg.spectrum")
    figure.focus()
    for _ in range(3):
        shown.keyboard.press("ArrowRight")
    said = figure.locator(".readout").text_content()
    assert shown.inner_text("#spoken") == said
    nm = float(said.split()[0])
    wanted = float(spectrum((3.4, 0.05), (4.9, 0.3)).absorptivity_l_mol_cm(np.array([ev_from_nm(nm)]))[0])
    assert float(said.replace("\u202f", "").split("·")[2].split()[0]) == pytest.approx(wanted, rel=0.06)
    shown.keyboard.press("Escape")
    assert figure.locator(".readout").text_content() == ""


@pytest.mark.slow
def test_bright_bands_can_be_drawn_narrower_and_back(shown: Any) -> None:
    curve = shown.locator("#c-red svg.spectrum .curve")
    written = curve.get_attribute("d")
    shown.locator("#width").focus()
    for _ in range(5):
        shown.keyboard.press("ArrowLeft")
    assert shown.inner_text("#width-said") == "0.10 eV"
    assert curve.get_attribute("d") != written
    assert shown.locator("#c-red svg.spectrum .band").is_hidden()
    shown.click("#width-back")
    assert curve.get_attribute("d") == written
    assert shown.said == []


@pytest.mark.slow
def test_pairs_lead_to_their_cards_and_a_device_is_drawn(browser: Any, tmp_path: Path) -> None:
    given = FLOW.model_dump() | {"stack": {"hil": "PEDOT:PSS", "emitter": "InP/ZnS"}}
    red = entry("red", "CC(=O)OCc1ccccc1[N+](=O)[O-]", spectrum((3.0, 0.9), (4.9, 0.3)))
    blue = entry("blue", "CCO", spectrum((4.9, 0.9)))
    for one in (red, blue):
        assert one.where is not None
        one.where.assessment.quantities["film_homo_ev"] = Estimate.normal(-5.5, 0.1)
    page(tmp_path, red, blue, flow=Workflow.model_validate(given))
    tab = browser.new_page(viewport={"width": 1300, "height": 900})
    tab.goto((tmp_path / "report.html").as_uri())
    (row,) = tab.locator("table.pairs tbody tr").all()
    assert row.inner_text().split()[0] == "red"
    row.locator("a").last.click()
    assert tab.url.endswith("#c-blue")
    assert tab.locator("svg.stack").count() == 2
    box = tab.locator("#c-blue svg.stack").bounding_box()
    assert box["width"] > 300
    tab.close()


@pytest.mark.slow
def test_it_is_worked_by_the_keyboard_alone(shown: Any) -> None:
    shown.keyboard.press("Tab")
    assert shown.evaluate("document.activeElement.className") == "skip"
    head = shown.locator("table.ranked thead button", has_text="Candidate")
    head.focus()
    shown.keyboard.press("Enter")
    assert shown.locator("table.ranked th[aria-sort]").inner_text().startswith("Candidate")


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1300])
def test_it_fits_its_window(shown: Any, width: int) -> None:
    shown.set_viewport_size({"width": width, "height": 800})
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
