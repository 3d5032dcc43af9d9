"""What a candidate costs, by kind of calculation: `python benchmarks/cost.py [--molecule NAME ...]`.

Screens molecules of 20 and 30 heavy atoms with the preset `photo-ligand` and an empty store; one JSON line.
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.measurement import Record, machine, report

from actinic import Workflow, read_candidates, screen
from actinic.screening.folder import RunFolder

SMILES = {
    "nbc": "O=C(NC1CCCCC1)OCc1ccccc1[N+](=O)[O-]",
    "ethylene-bis-azidocinnamate": ("O=C(/C=C/c1ccc(N=[N+]=[N-])cc1)OCCOC(=O)/C=C/c1ccc(N=[N+]=[N-])cc1"),
}
"""A photobase generator of 20 and a cross-linker of 30 heavy atoms."""


def main() -> None:
    """Screen one molecule after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--molecule", nargs="*", choices=sorted(SMILES), default=sorted(SMILES))
    parser.add_argument("--workflow", default="photo-ligand", help="a preset or a file")
    arguments = parser.parse_args()
    flow = Workflow.load(arguments.workflow)
    costs = {name: _cost(name, flow) for name in arguments.molecule}
    report({"benchmark": "cost", "workflow": flow.title, "core_s": costs, "machine": machine()})


def _cost(name: str, flow: Workflow) -> Record:
    """Core-seconds of one molecule by kind, and their number."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        (here / "one.csv").write_text(f"id,smiles\n{name},{SMILES[name]}\n", encoding="utf-8")
        screen(read_candidates(here / "one.csv"), flow, out=here / "run", store=here / "store.sqlite")
        record = RunFolder(here / "run").read_record()
    seconds: dict[str, float] = record["seconds_by_kind"]["cpu_s"]
    return {**seconds, "all": round(sum(seconds.values()), 1), "calculations": record["calculations"]}


if __name__ == "__main__":
    main()
