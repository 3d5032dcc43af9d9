"""`actinic validate`: the comparisons with experiment behind the error bars."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from actinic import api
from actinic.analysis.bond_validation import BondTable, FamilyRow
from actinic.analysis.validation import Summary
from actinic.cli_barriers import barriers
from actinic.cli_stopping import stoppable
from actinic.screening.cluster import LAPTOP
from actinic.validation import BondValidation, recompute_bonds, validate_bonds

app = typer.Typer(no_args_is_help=True, help="Calculated against measured: where the error bars come from.")
out = Console()
app.command()(barriers)


@app.command()
def bonds(
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables")] = False,
    recompute: Annotated[
        bool, typer.Option(help="Compute what the store lacks, not the shipped set")
    ] = False,
    store: Annotated[Path, typer.Option(help="Where calculations are remembered")] = api.DEFAULT_STORE,
    workers: Annotated[int | None, typer.Option(help="Calculations at a time")] = None,
    fit: Annotated[Path | None, typer.Option(help="Write the calibration to this TOML file")] = None,
    ship: Annotated[Path | None, typer.Option(help="With --recompute: write the calculations here")] = None,
) -> None:
    """Bond enthalpies against 75 reference bonds: raw, calibrated, by family."""
    if recompute:
        console = Console(stderr=True)
        with stoppable(console):
            found = recompute_bonds(store, LAPTOP.changed(workers, None), console, ship)
    else:
        found = validate_bonds()
    if fit is not None:
        fit.write_text(_toml(found), encoding="utf-8")
    if json:
        print(msgspec.json.encode(found.record()).decode())  # noqa: T201 - one line, not wrapped
    else:
        _show(found)


def _show(found: BondValidation) -> None:
    for table in found.tables:
        out.print(_level_table(table))
    out.print(_family_table(found.families, found.tables[2].name))
    seconds = ", ".join(f"{kind} {value:.1f}" for kind, value in found.cpu_s.items())
    out.print(f"core-seconds per bond: {seconds}")
    for name, reason in found.without.items():
        out.print(f"without a value: {name}: {reason}", soft_wrap=True)


def _level_table(table: BondTable) -> Table:
    line, (one, two) = table.calibration, table.coverage
    title = f"{table.name}: {line.slope:.3f} x + {line.intercept_kcal_mol:.2f} (kcal/mol)"
    note = f"within 1 and 1.96 standard errors of {line.standard_error_kcal_mol:.2f}: {one:.0%}, {two:.0%}"
    shown = Table("", "n", "ME", "MAE", "RMSE", "90 %", title=title, caption=note, box=SIMPLE)
    for label, errors in (
        ("raw, all", table.raw),
        ("raw, experiment", table.raw_experiment),
        ("one left out, all", table.left_out),
        ("one left out, experiment", table.left_out_experiment),
        ("family left out, all", table.family_left_out),
        ("family left out, experiment", table.family_left_out_experiment),
    ):
        shown.add_row(label, *_cells(errors))
    return shown


def _family_table(rows: tuple[FamilyRow, ...], name: str) -> Table:
    shown = Table(
        "", "n", "raw ME", "raw RMSE", "left-out ME", "left-out RMSE", title=f"{name}, by family", box=SIMPLE
    )
    for row in rows:
        pair = (row.raw, row.left_out)
        numbers = [f"{v:.1f}" for errors in pair for v in (errors.mean, errors.root_mean_square)]
        shown.add_row(row.family, str(row.raw.n), *numbers)
    return shown


def _cells(errors: Summary) -> list[str]:
    values = (errors.mean, errors.mean_absolute, errors.root_mean_square)
    return [str(errors.n), *(f"{value:.2f}" for value in values), f"{errors.low:.1f} to {errors.high:.1f}"]


def _toml(found: BondValidation) -> str:
    parts = ["# Written by `actinic validate bonds --fit`; docs/method.md says what was fitted.\n"]
    for table in found.tables:
        values = asdict(table.calibration)
        lines = (f"{key} = {value if key == 'n' else round(value, 4)}\n" for key, value in values.items())
        parts.append(f'\n["{table.name}"]\n' + "".join(lines))
    return "".join(parts)
