"""`actinic tautomers LIST`: which tautomer each molecule is, and a list that says so."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from actinic import api
from actinic.chemistry.candidates import UnusableRow
from actinic.cli_stopping import EXIT_SOME_FAILED, stoppable
from actinic.errors import InputError
from actinic.screening.cluster import LAPTOP
from actinic.screening.workflow import Workflow
from actinic.tautomer_lists import Compared, compare_tautomers, write_chosen

out = Console()


def tautomers(  # noqa: PLR0913, PLR0917 - one parameter per option
    candidates: Annotated[Path, typer.Argument(help="Candidates: .csv, .tsv, .smi or .sdf", metavar="LIST")],
    out_file: Annotated[
        Path, typer.Option("--out", "-o", help="Where to write the list that is chosen (.csv)")
    ],
    workflow: Annotated[
        str, typer.Option("--workflow", "-w", help="Workflow file, or a preset by name")
    ] = "photo-ligand",
    store: Annotated[Path, typer.Option(help="Where calculations are remembered")] = api.DEFAULT_STORE,
    workers: Annotated[int | None, typer.Option(help="Calculations at a time; default one per core")] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Write every tautomer within 3 kcal/mol as a row of its own")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table")] = False,
) -> None:
    """Compare tautomers by energy and write the list with the lowest ones."""
    if out_file.suffix.lower() != ".csv":
        raise InputError(f"--out {out_file}: expected a .csv file")
    if out_file.resolve() == candidates.resolve():
        raise InputError(f"--out {out_file}: that is the list itself; expected another file")
    flow = Workflow.load(workflow)
    console = Console(stderr=True)
    with stoppable(console):
        found = compare_tautomers(candidates, flow, store, LAPTOP.changed(workers, None), console)
    write_chosen(found, out_file, every=every)
    if json:
        print(msgspec.json.encode([one.record() for one in found]).decode())  # noqa: T201 - one line, not wrapped
    else:
        _show(found)
        out.print(f"wrote {out_file}; `actinic screen {out_file}` screens it", soft_wrap=True)
    if any(isinstance(one.row, UnusableRow) or _is_failed(one) for one in found):
        sys.exit(EXIT_SOME_FAILED)


def _is_failed(one: Compared) -> bool:
    return one.where is not None and one.where.state == "failed"


def _show(found: Sequence[Compared]) -> None:
    shown = Table(header_style="bold", box=SIMPLE)
    for name in ("id", "drawn", "others"):
        shown.add_column(name, no_wrap=True)
    shown.add_column("difference (kcal/mol)", justify="right", no_wrap=True)
    for name in ("error", "verdict"):
        shown.add_column(name, no_wrap=True)
    several = [one for one in found if one.where is not None]
    for one in several:
        shown.add_row(*map(Text, _cells(one)))
    if several:
        if not out.is_terminal:
            out.width = max(out.width, Measurement.get(out, out.options.update(width=400), shown).maximum)
        out.print(shown)
        out.print(
            "Gibbs energy at 298 K minus that of the form drawn, in the gas phase / in a continuum as polar "
            "as an organic film; more polar media favour the more polar form. Ions: in acetonitrile.",
            soft_wrap=True,
        )
    broken = [one.row for one in found if isinstance(one.row, UnusableRow)]
    for row in broken:
        out.print(Text(f"cannot be used  {row.reason}", style="yellow"), soft_wrap=True)
    single = len(found) - len(several) - len(broken)
    out.print(f"{len(several)} with tautomers, {single} without, {len(broken)} that cannot be used")


def _cells(one: Compared) -> list[str]:
    decision = one.decision
    assert decision is not None
    differences = one.differences_kcal_mol()[1:]
    return [
        one.row.id,
        one.forms[0].smiles,
        "\n".join(form.smiles for form in one.forms[1:]),
        "\n".join(_pair(values) for values in differences),
        f"{one.error_kcal_mol:g}",
        decision.outcome.value,
    ]


def _pair(values: tuple[float, ...] | None) -> str:
    return "unknown" if values is None else " / ".join(f"{value:+.1f}" for value in values)
