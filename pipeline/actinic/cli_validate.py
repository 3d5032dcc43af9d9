"""`actinic validate`: the comparisons with experiment behind the error bars."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from actinic import api
from actinic.analysis.bond_validation import BondTable, FamilyRow
from actinic.analysis.validation import Summary
from actinic.cli_barriers import barriers
from actinic.cli_recompute import Json, Recompute, Ship, StorePath, Workers, print_json, recomputed
from actinic.errors import InputError
from actinic.validation import BondValidation, recompute_bonds, validate_bonds
from actinic.validation_absorption import AbsorptionValidation, recompute_absorption, validate_absorption
from actinic.validation_barriers import validate_barriers
from actinic.validation_families import FamilyValidation, recompute_families, validate_families
from actinic.validation_family_table import families_table
from actinic.validation_figures import Validated, write_figures
from actinic.validation_level_tables import level_tables
from actinic.validation_levels import LevelValidation, recompute_levels, validate_levels
from actinic.validation_prices import price_list
from actinic.validation_tables import absorption_tables
from actinic.validation_text import TextTable, outdated_note, shares_text, without_notes

app = typer.Typer(no_args_is_help=True, help="Calculated against measured: where the error bars come from.")
out = Console()
app.command()(barriers)


@app.callback(invoke_without_command=True)
def figures(
    context: typer.Context,
    folder: Annotated[
        Path | None, typer.Option("--figures", help="Write parity plots, learning curve and reliability here")
    ] = None,
    families: Annotated[
        bool, typer.Option("--families", help="The ligand families of two reviews, as `validate families`")
    ] = False,
) -> None:
    """Calculated against measured: where the error bars come from."""
    if families:
        _show_families(validate_families(), json=False)
    elif folder is not None:
        for path in write_figures(folder, _shipped()):
            out.print(f"wrote {path}", soft_wrap=True)
    elif context.invoked_subcommand is None:
        out.print(context.get_help())


def _shipped() -> Validated:
    return Validated(validate_absorption(), validate_levels(), validate_bonds(), validate_barriers())


@app.command()
def bonds(
    json: Json = False,
    recompute: Recompute = False,
    store: StorePath = api.DEFAULT_STORE,
    workers: Workers = None,
    fit: Annotated[Path | None, typer.Option(help="Write the calibration to this TOML file")] = None,
    ship: Ship = None,
) -> None:
    """Bond enthalpies against 75 reference bonds: raw, calibrated, by family."""
    found = recomputed(recompute_bonds, store, workers, ship) if recompute else validate_bonds()
    if fit is not None:
        fit.write_text(_toml(found), encoding="utf-8")
    if json:
        print_json(found.record())
    else:
        _show(found)


@app.command()
def absorption(  # noqa: PLR0913, PLR0917 - one parameter per option
    json: Json = False,
    recompute: Recompute = False,
    store: StorePath = api.DEFAULT_STORE,
    workers: Workers = None,
    ship: Ship = None,
    level: Annotated[
        str | None,
        typer.Option(help="Another functional/basis than the preset's; b3lyp/def2-svp is shipped"),
    ] = None,
    second_level: Annotated[
        str | None, typer.Option(help="With --recompute: a functional/basis to compare with it")
    ] = None,
) -> None:
    """Maxima, red edges and absorption at 365 nm against measured ones, scaffolds left out."""
    if second_level is not None and not recompute:
        raise InputError("--second-level asks for --recompute")
    anew = partial(recompute_absorption, level=level, second=second_level)
    found = recomputed(anew, store, workers, ship) if recompute else validate_absorption(level)
    _print(found.record() if json else None, absorption_tables(found), _remarks(found))


@app.command()
def levels(
    json: Json = False,
    recompute: Recompute = False,
    store: StorePath = api.DEFAULT_STORE,
    workers: Workers = None,
    ship: Ship = None,
) -> None:
    """Film levels and vertical ionisation energies against measured ones, scaffolds left out."""
    found = recomputed(recompute_levels, store, workers, ship) if recompute else validate_levels()
    _print(found.record() if json else None, level_tables(found), _remarks(found))


@app.command(name="families")
def ligand_families(
    json: Json = False,
    recompute: Recompute = False,
    store: StorePath = api.DEFAULT_STORE,
    workers: Workers = None,
    ship: Ship = None,
) -> None:
    """Ligand families of two reviews against what they were published to answer to."""
    found = recomputed(recompute_families, store, workers, ship) if recompute else validate_families()
    _show_families(found, json=json)


def price_list_of_levels() -> None:
    """Accuracy of each level of theory on the reference sets, and what it costs."""
    table = price_list(validate_bonds(), validate_absorption(), validate_levels())
    _print(None, [table], [])


def _show_families(found: FamilyValidation, *, json: bool) -> None:
    remarks = [outdated_note(found.outdated)] if found.outdated else []
    _print(found.record() if json else None, [families_table(found)], remarks)


def _remarks(found: AbsorptionValidation | LevelValidation) -> list[str]:
    said = without_notes(found.without)
    return [*said, outdated_note(found.outdated)] if found.outdated else said


def _print(record: dict[str, Any] | None, tables: Sequence[TextTable], remarks: Sequence[str]) -> None:
    """The record as JSON where there is one, else the tables."""
    if record is not None:
        print_json(record)
        return
    for table in tables:
        shown = Table(*table.heads, title=table.title, box=SIMPLE, title_justify="left")
        for row in table.rows:
            shown.add_row(*row)
        if not out.is_terminal:
            out.width = max(out.width, Measurement.get(out, out.options.update(width=400), shown).maximum)
        out.print(shown)
        for note in table.notes:
            out.print(f" {note}", soft_wrap=True, highlight=False)
    for remark in remarks:
        out.print(remark, soft_wrap=True)


def _show(found: BondValidation) -> None:
    for table, families in zip(found.tables, found.families, strict=True):
        out.print(_level_table(table))
        out.print(_family_table(families, table.name))
    seconds = ", ".join(f"{kind} {value:.1f}" for kind, value in found.cpu_s.items())
    out.print(f"core-seconds per bond: {seconds}")
    for name, reason in found.without.items():
        out.print(f"without a value: {name}: {reason}", soft_wrap=True)
    if found.outdated:
        out.print(outdated_note(found.outdated), soft_wrap=True)


def _level_table(table: BondTable) -> Table:
    line = table.calibration
    title = f"{table.name}: {line.slope:.3f} x + {line.intercept_kcal_mol:.2f} (kcal/mol)"
    note = (
        f"within 1 and 1.96 standard errors: {shares_text(table.coverage)} by the error of the other kinds, "
        f"{shares_text(table.coverage_seen)} by that of the other bonds of all kinds; stated "
        f"{line.standard_error_kcal_mol:.2f}, wider for {len(line.wider_kcal_mol)} kinds"
    )
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
    heads = ("", "n", "raw ME", "raw RMSE", "left-out ME", "left-out RMSE", "stated error")
    shown = Table(*heads, title=f"{name}, by family", box=SIMPLE)
    for row in rows:
        pair = (row.raw, row.left_out)
        numbers = [f"{v:.1f}" for errors in pair for v in (errors.mean, errors.root_mean_square)]
        shown.add_row(row.family, str(row.raw.n), *numbers, f"{row.standard_error_kcal_mol:.1f}")
    return shown


def _cells(errors: Summary) -> list[str]:
    values = (errors.mean, errors.mean_absolute, errors.root_mean_square)
    return [str(errors.n), *(f"{value:.2f}" for value in values), f"{errors.low:.1f} to {errors.high:.1f}"]


def _toml(found: BondValidation) -> str:
    parts = ["# Written by `actinic validate bonds --fit`; docs/method.md says what was fitted.\n"]
    for table in found.tables:
        values = asdict(table.calibration)
        wider = values.pop("wider_kcal_mol")
        lines = [f"{key} = {value if key == 'n' else round(value, 4)}\n" for key, value in values.items()]
        lines.append(f'\n["{table.name}".wider_kcal_mol]\n')
        lines += [f'"{kind}" = {round(error, 4)}\n' for kind, error in wider.items()]
        parts.append(f'\n["{table.name}"]\n' + "".join(lines))
    return "".join(parts)
