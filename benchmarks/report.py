"""How long `actinic report` takes: `python benchmarks/report.py [--candidates 2000] [--all] [--folder F]`.

Prints one JSON line: seconds of the whole command in a process of its own (reading the store, assessing,
ranking, drawing, writing every file), processor time with that of its helpers, peak memory, and the sizes of
the page and the table. The results read are made up (`benchmarks/made_up.py`); molecules, motifs, reactions
and the number of calculations are those of a screen with the preset `photo-ligand`.
"""

import argparse
import importlib
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.made_up import make_run
from benchmarks.measurement import TOP, machine, report

from actinic.screening.workflow import Workflow

MEASURED = """
import resource, sys
from actinic.cli import main
try:
    main()
finally:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu_s = sum(one.ru_utime + one.ru_stime for one in used)
    print(used[0].ru_maxrss // 1024, cpu_s, file=sys.stderr)
"""


def main() -> None:
    """Measure."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--candidates", type=int, default=2000, help="default: %(default)s")
    options.add_argument("--all", action="store_true", help="a card for each of them on the page")
    options.add_argument(
        "--folder", type=Path, help="where the run is made, and kept; default: a temporary one"
    )
    options.add_argument(
        "--browser", action="store_true", help="open the page in Chromium, too (group browser, chromium)"
    )
    arguments = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        run = folder / "run"
        if not run.exists():
            folder.mkdir(parents=True, exist_ok=True)
            make_run(folder, arguments.candidates, Workflow.load("photo-ligand"))
        found = measured(run, ["--all"] if arguments.all else [])
        if arguments.browser:
            found |= opened(run / "report.html")
        report(found | {"machine": machine()})


def measured(run: Path, extra: list[str]) -> dict[str, object]:
    """One report."""
    command = [sys.executable, "-c", MEASURED, "report", str(run), *extra]
    start_s = time.perf_counter()
    done = subprocess.run(command, cwd=TOP, check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - start_s
    table = (run / "ranked.csv").read_text(encoding="utf-8").splitlines()
    return {
        "candidates": len(table) - 1,
        "done": sum(",done," in line for line in table),
        "cards": (run / "report.html").read_text(encoding="utf-8").count("<article"),
        "wall_s": round(seconds, 1),
        "cpu_s": round(float(done.stderr.split()[-1]), 1),
        "peak_memory_mb": int(done.stderr.split()[-2]),
        "page_mb": round((run / "report.html").stat().st_size / 1e6, 2),
        "table_mb": round((run / "ranked.csv").stat().st_size / 1e6, 2),
    }


def opened(page: Path) -> dict[str, object]:
    """How long a browser takes to open the page from the disk, and to sort its table by another column."""
    playwright = importlib.import_module("playwright.sync_api")  # of a group that is not installed by default
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        tab = browser.new_page()
        start_s = time.perf_counter()
        tab.goto(page.resolve().as_uri(), wait_until="load")
        loaded_s = time.perf_counter()
        tab.locator("thead button").first.click()
        tab.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        sorted_s = time.perf_counter()
        browser.close()
    return {"load_s": round(loaded_s - start_s, 2), "sort_s": round(sorted_s - loaded_s, 2)}


if __name__ == "__main__":
    main()
