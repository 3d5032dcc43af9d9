"""The page in a browser: nothing of a list is run, tables sort and filter, figures answer."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from actinic.analysis.calibration import absorption_calibration
from actinic.analysis.estimate import Estimate
from actinic.level import Level
from actinic.screening.workflow import Workflow
from actinic.units import ev_from_nm
from support.pages import FLOW, azide, broken, entry, page, spectrum

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
def test_on_paper_everything_is_there_but_what_wants_a_pointer(shown: Any) -> None:
    ink = "e => getComputedStyle(e).color"
    shown.emulate_media(color_scheme="dark", media="print")
    assert not shown.locator("#filter").is_visible()
    assert shown.locator("table.ranked").is_visible()
    cards = shown.locator("article.card")
    assert cards.count() == 4
    assert all(card.is_visible() for card in cards.all())
    background = shown.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background in {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}  # black ink on white in the dark, too
    assert max(int(part) for part in re.findall(r"\d+", shown.locator("h1").evaluate(ink))[:3]) < 128
    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
    assert shown.pdf().startswith(b"%PDF")


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
    for _ in range(20):
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
    first_ev = float(shown.inner_text("#width-said").split()[0])
    assert FLOW.spectrum is not None
    line = absorption_calibration(Level.parse(FLOW.spectrum.level))
    assert line is not None
    assert first_ev == round(line.width_ev, 2)
    shown.locator("#width").focus()
    for _ in range(5):
        shown.keyboard.press("ArrowLeft")
    assert shown.inner_text("#width-said") == f"{first_ev - 0.05:.2f} eV"
    assert curve.get_attribute("d") != written
    assert shown.locator("#c-red svg.spectrum .band").is_hidden()
    shown.click("#width-back")
    assert curve.get_attribute("d") == written
    assert shown.said == []


@pytest.mark.slow
def test_pairs_lead_to_their_cards_and_a_device_is_drawn(browser: Any, tmp_path: Path) -> None:
    given = FLOW.model_dump() | {"stack": {"hil": "PEDOT:PSS", "emitter": "InP/ZnS"}}
    red = entry("red", "CC(=O)OCc1ccccc1[N+](=O)[O-]", spectrum((3.5, 0.9), (5.4, 0.3)))
    blue = entry("blue", "CCO", spectrum((5.2, 0.9)))
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
