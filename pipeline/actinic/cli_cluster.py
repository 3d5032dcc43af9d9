"""`actinic job-script`, `submit` and `credentials`: running on a cluster."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from actinic import api
from actinic.chemistry.listfile import refuse_no_file
from actinic.screening import batch
from actinic.screening.cluster import ClusterSettings
from actinic.screening.security import make_credentials
from actinic.screening.workflow import Workflow

out = Console()

ClusterOption = Annotated[Path, typer.Option(help="Cluster file of a batch system")]


def job_script(cluster: ClusterOption) -> None:
    """Print the script that a run would send to the batch system for each of its jobs."""
    print(batch.job_script(ClusterSettings.load(cluster)), end="")  # noqa: T201 - a script, not to be wrapped


def submit(
    candidates: Annotated[Path, typer.Argument(help="Candidates: .csv, .tsv, .smi or .sdf", metavar="LIST")],
    out_dir: Annotated[Path, typer.Option("--out", "-o", help="Folder of the run")],
    cluster: ClusterOption,
    workflow: Annotated[
        str, typer.Option("--workflow", "-w", help="Workflow file, or a preset by name")
    ] = "photo-ligand",
    store: Annotated[Path, typer.Option(help="Where calculations are remembered")] = api.DEFAULT_STORE,
) -> None:
    """Send `actinic screen` itself as a job, so that nothing depends on the login node; again to resume."""
    settings = ClusterSettings.load(cluster)
    refuse_no_file(candidates)
    Workflow.load(workflow)
    named = str(Path(workflow).resolve()) if Path(workflow).is_file() else workflow
    places = {"--out": out_dir, "--store": store, "--cluster": cluster}
    options = [part for name, path in places.items() for part in (name, str(path.resolve()))]
    command = ["screen", str(candidates.resolve()), "--workflow", named, *options]
    out_dir.mkdir(parents=True, exist_ok=True)
    script = out_dir / "driver.sh"
    script.write_text(batch.driver_script(settings, command, out_dir), encoding="utf-8")
    out.print(Text(f"{script}: {batch.submit(settings, script)}"), soft_wrap=True)
    out.print(Text(f"`actinic status {out_dir}` tells how it stands"), soft_wrap=True)


def credentials(
    folder: Annotated[Path, typer.Argument(help="A new folder that all machines of the cluster can read")],
) -> None:
    """Make a certificate and key for a Dask scheduler, its workers and actinic; only you can read them."""
    make_credentials(folder)
    out.print(Text(f'{folder}: made; `credentials = "{folder.resolve()}"` in a cluster file'), soft_wrap=True)
