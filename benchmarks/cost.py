"""What a candidate costs, by kind of calculation: `python benchmarks/cost.py [--molecule NAME ...]`.

Screens molecules of 20 and 30 heavy atoms with the preset `photo-ligand` and an empty store; a JSON line
after each molecule, one with all last. With `--store FILE` what was computed before counts with the time it
took then, so that an interrupted run goes on; each molecule has a file of its own, named after it as well.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import msgspec
from benchmarks.measurement import Record, machine, report

from actinic import Workflow, read_candidates, screen
from actinic.calculations.outcome import Provenance
from actinic.screening.folder import RunFolder
from actinic.screening.store import Store

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
    parser.add_argument(
        "--store", type=Path, help="remember calculations here; a temporary file unless given"
    )
    arguments = parser.parse_args()
    flow = Workflow.load(arguments.workflow)
    costs = {}
    for name in arguments.molecule:
        costs[name] = cost(name, SMILES[name], flow, arguments.store)
        print(json.dumps({"molecule": name, "core_s": costs[name]}), flush=True)
    report({"benchmark": "cost", "workflow": flow.title, "core_s": costs, "machine": machine()})


def cost(name: str, smiles: str, flow: Workflow, store: Path | None) -> Record:
    """Core-seconds of one molecule by kind, and their number; results found in `store` count like new ones.

    Each molecule has a store of its own, named after it, so that none pays for what another has computed.
    """
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        file = here / "store.sqlite" if store is None else store.with_stem(f"{store.stem}-{name}")
        (here / "one.csv").write_text(f"id,smiles\n{name},{smiles}\n", encoding="utf-8")
        screen(read_candidates(here / "one.csv"), flow, out=here / "run", store=file)
        calculations = RunFolder(here / "run").read_record()["calculations"]
        seconds: dict[str, float] = {}
        with Store(file, read_only=True) as known:
            for record in known.records():
                spent = msgspec.json.decode(record.provenance, type=Provenance).cpu_s
                seconds[record.kind] = seconds.get(record.kind, 0.0) + spent
    rounded = {kind: round(spent, 1) for kind, spent in sorted(seconds.items())}
    return {**rounded, "all": round(sum(seconds.values()), 1), "calculations": calculations}


if __name__ == "__main__":
    main()
