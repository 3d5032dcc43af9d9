"""`actinic calibrate`: a workflow's own correction from a user's own measurements."""

from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from actinic.errors import InputError
from actinic.own_measurements import OwnCalibration, own_calibration, with_local_calibration
from actinic.screening.workflow import Workflow

out = Console()


def calibrate(
    measured: Annotated[
        Path,
        typer.Argument(help="CSV: id or smiles; band_max_nm, decomposition_c ...", metavar="MEASURED"),
    ],
    run: Annotated[Path, typer.Option(help="Folder of a run with these molecules")],
    workflow: Annotated[Path, typer.Option("--workflow", "-w", help="Workflow file to correct")],
    out_file: Annotated[
        Path | None, typer.Option("--out", "-o", help="Default: .local.toml beside it")
    ] = None,
    store: Annotated[Path | None, typer.Option(help="Another store than the run's own")] = None,
) -> None:
    """Fit a local correction to own measurements and write it into a copy of the workflow."""
    if not workflow.is_file():
        raise InputError(f"{workflow}: no such file; `actinic init` copies the presets out")
    found = own_calibration(measured, run, store)
    target = workflow.with_suffix(".local.toml") if out_file is None else out_file
    text = with_local_calibration(workflow.read_text(encoding="utf-8"), found.calibration)
    Workflow.parse(text, str(target))
    target.write_text(text, encoding="utf-8")
    _show(found)
    out.print(f"wrote {target}; `actinic report {run} --workflow {target}` ranks with it", soft_wrap=True)


def _show(found: OwnCalibration) -> None:
    shown = Table("", "", "measured", "predicted", "difference", "", box=SIMPLE)
    for one in found.comparisons:
        numbers = (one.measured, one.predicted, one.measured - one.predicted)
        unit = "kcal/mol" if one.quantity == "heat" else "eV"
        shown.add_row(one.id, one.quantity, *(f"{value:.3f}" for value in numbers), unit)
    out.print(shown)
    for one in found.comparisons:
        if one.said:
            out.print(f"{one.id}: {one.said}", soft_wrap=True)
    for name, shift in (("absorption", found.calibration.absorption), ("film", found.calibration.film)):
        if shift is not None:
            out.print(
                f"{name}: moved by {shift.shift_ev:+.3f} eV, standard error {shift.standard_error_ev:.3f} eV "
                f"({shift.n} molecules)",
                soft_wrap=True,
            )
    if (heat := found.calibration.heat) is not None:
        out.print(
            f"heat: barriers moved by {heat.shift_kcal_mol:+.2f} kcal/mol, standard errors times "
            f"{heat.error_ratio:.2f} ({heat.n} molecules)",
            soft_wrap=True,
        )
    for reason in found.unused:
        out.print(f"not used: {reason}", soft_wrap=True)
