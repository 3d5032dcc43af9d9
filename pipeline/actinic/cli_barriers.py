"""`actinic validate barriers`: what heat is predicted to do against what was measured."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Column, Table

from actinic import api
from actinic.analysis.barrier_validation import FamilyTable
from actinic.analysis.path_validation import RouteTable
from actinic.analysis.validation import Summary
from actinic.cli_recompute import Json, Recompute, Ship, StorePath, Workers, print_json, recomputed
from actinic.errors import InputError
from actinic.screening.cluster_settings import ClusterSettings
from actinic.validation_barriers import (
    PATHS_EXPORT,
    BarrierValidation,
    recompute_barriers,
    recompute_paths,
    validate_barriers,
)
from actinic.validation_text import outdated_note

out = Console()


def barriers(  # noqa: PLR0913, PLR0917 - one parameter per option
    json: Json = False,
    recompute: Recompute = False,
    paths: Annotated[
        bool, typer.Option(help="With --recompute: search for reaction paths, too; hours of a core")
    ] = False,
    store: StorePath = api.DEFAULT_STORE,
    workers: Workers = None,
    fit: Annotated[Path | None, typer.Option(help="Write the fit of homolyses to this TOML file")] = None,
    ship: Ship = None,
) -> None:
    """Barriers against measured ones: homolyses, class values, by family, left out; searched paths."""
    if paths and not recompute:
        raise InputError("--paths computes: give --recompute, too")
    anew = _with_paths if paths else recompute_barriers
    found = recomputed(anew, store, workers, ship) if recompute else validate_barriers()
    if fit is not None:
        fit.write_text(_toml(found), encoding="utf-8")
    if json:
        print_json(found.record())
    else:
        _show(found)


def _with_paths(
    store: Path, cluster: ClusterSettings, console: Console, ship: Path | None
) -> BarrierValidation:
    """The calculations of the searches are shipped beside those of the bonds."""
    beside = None if ship is None else ship.with_name(PATHS_EXPORT)
    searches = recompute_paths(store, cluster, console, beside)
    return recompute_barriers(store, cluster, console, ship, searches)


def _show(found: BarrierValidation) -> None:
    shown = Table(
        Column(no_wrap=True),
        *("n", "ME", "MAE", "RMSE", "in C", "1 s.e.", "2 s.e."),
        title="Gibbs energy of activation, predicted minus measured (kcal/mol), left out",
        box=SIMPLE,
        padding=(0, 1, 0, 0),
    )
    for table in found.tables:
        shown.add_row(*_cells(table))
    out.print(shown)
    fitted = Table("bond", "n", "log10(A / s-1)", "shift", "standard error", box=SIMPLE)
    for kind, one in found.rates.items():
        numbers = (one.log10_a, one.shift_kcal_mol, one.error_kcal_mol)
        fitted.add_row(kind, str(one.n), *(f"{value:.2f}" for value in numbers))
    out.print(fitted)
    out.print(_route_table(found.routes))
    seconds = ", ".join(f"{kind} {value:.1f}" for kind, value in found.cpu_s.items())
    out.print(f"core-seconds per reaction: {seconds}")
    for title, reasons in (("without an energy", found.without), ("left out", found.left_out)):
        for name, reason in reasons.items():
            out.print(f"{title}: {name}: {reason}", soft_wrap=True)
    if found.outdated:
        out.print(outdated_note(found.outdated), soft_wrap=True)


def _route_table(routes: tuple[RouteTable, ...]) -> Table:
    heads = ("run", "accepted", "ME", "MAE", "RMSE", "1 s.e.", "2 s.e.", "core-minutes")
    shown = Table(Column("path search, kcal/mol", no_wrap=True), *heads, box=SIMPLE, padding=(0, 1, 0, 0))
    for one in routes:
        errors, shares = one.errors, one.coverage
        numbers = ("", "", "") if errors is None else tuple(_numbers(errors)[1:])
        covered = ("", "") if shares is None else tuple(f"{share:.0%}" for share in shares)
        minutes = "" if one.core_min is None else f"{one.core_min:.1f}"
        accepted = f"{one.accepted} of {one.n}" if one.n else ""
        name = f"  {one.family}" if one.family else one.route
        shown.add_row(name, f"{one.n} of {one.asked}", accepted, *numbers, *covered, minutes)
    return shown


def _cells(table: FamilyTable) -> list[str]:
    errors, shares = table.errors, [f"{share:.0%}" for share in table.coverage]
    in_c = "" if table.errors_c is None else f"{table.errors_c.root_mean_square:.0f}"
    return [table.family, *_numbers(errors), in_c, *shares]


def _numbers(errors: Summary) -> list[str]:
    values = (errors.mean, errors.mean_absolute, errors.root_mean_square)
    return [str(errors.n), *(f"{value:.1f}" for value in values)]


def _toml(found: BarrierValidation) -> str:
    parts = ["# Written by `actinic validate barriers --fit`; docs/method.md says what was fitted.\n"]
    for kind, one in found.rates.items():
        lines = (
            f"{key} = {value if key == 'n' else round(value, 4)}\n" for key, value in asdict(one).items()
        )
        parts.append(f'\n["{kind}"]\n' + "".join(lines))
    return "".join(parts)
