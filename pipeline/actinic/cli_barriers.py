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
from actinic.validation_barriers import BarrierValidation, recompute_barriers, validate_barriers
from actinic.validation_text import outdated_note

out = Console()


def barriers(
    json: Json = False,
    recompute: Recompute = False,
    store: StorePath = api.DEFAULT_STORE,
    workers: Workers = None,
    fit: Annotated[Path | None, typer.Option(help="Write the fit of homolyses to this TOML file")] = None,
    ship: Ship = None,
) -> None:
    """Barriers against measured ones: homolyses, class values, by family, members left out."""
    found = recomputed(recompute_barriers, store, workers, ship) if recompute else validate_barriers()
    if fit is not None:
        fit.write_text(_toml(found), encoding="utf-8")
    if json:
        print_json(found.record())
    else:
        _show(found)


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
    if found.routes:
        out.print(_route_table(found.routes))
    seconds = ", ".join(f"{kind} {value:.1f}" for kind, value in found.cpu_s.items())
    out.print(f"core-seconds per reaction: {seconds}")
    for title, reasons in (("without an energy", found.without), ("left out", found.left_out)):
        for name, reason in reasons.items():
            out.print(f"{title}: {name}: {reason}", soft_wrap=True)
    if found.outdated:
        out.print(outdated_note(found.outdated), soft_wrap=True)


def _route_table(routes: tuple[RouteTable, ...]) -> Table:
    shown = Table("path search", "n", "accepted", "ME", "RMSE", "core-minutes", box=SIMPLE)
    for one in routes:
        errors = one.errors
        pair = ("", "") if errors is None else (f"{errors.mean:.1f}", f"{errors.root_mean_square:.1f}")
        shown.add_row(one.route, str(one.n), str(one.accepted), *pair, f"{one.core_min:.1f}")
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
