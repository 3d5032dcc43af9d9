"""Fits the shipped calibration to experiment: `python workflows/fit_calibration.py [--out FOLDER]`.

Screens the reference molecules with the levels of `photo-ligand.toml`, fits a line from the raw energy of
the lowest band to the measured maximum, and a shift from the tight-binding HOMO to the film level; the
errors are those of molecules left out of the fit. Writes `calibration.toml` and the points behind it.

`--level` screens the absorption list at another level and prints its fit and its cost; what is shipped
stays as it is.
"""

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rdkit import Chem

from actinic import Workflow, read_candidates, screen
from actinic.analysis.absorption import (
    BAND_ABSORPTIVITY_L_MOL_CM,
    band_height_l_mol_cm,
    lowest_maximum_ev,
)
from actinic.analysis.assessment import merged_sticks
from actinic.api import DEFAULT_STORE
from actinic.calculations.kinds import Request, kind_of
from actinic.calculations.outcome import Outcome
from actinic.reporting.standing import standing, store_of
from actinic.reporting.table import Entry
from actinic.screening.folder import RunFolder
from actinic.screening.store import Store
from actinic.units import ev_from_nm

Real = NDArray[np.float64]
TOP = Path(__file__).parents[1]
REFERENCE = TOP / "pipeline" / "actinic" / "reference"
THRESHOLDS_L_MOL_CM = (5.0, 20.0, BAND_ABSORPTIVITY_L_MOL_CM, 100.0, 200.0, 572.0)
ABSORPTION = REFERENCE / "absorption" / "nonpolar_maxima.csv"
FILMS = REFERENCE / "film_ionisation" / "films.csv"
HEADER = "# Written by workflows/fit_calibration.py; docs/method.md says what was fitted."
TARGET = TOP / "pipeline" / "actinic" / "analysis" / "calibration.toml"


def main() -> None:
    """Screen, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=TOP / "results" / "calibration")
    parser.add_argument("--level", help="functional/basis to try; nothing shipped is changed")
    parser.add_argument("--cover-ev", type=float, help="of the level to try; default: that of the workflow")
    parser.add_argument("--store", type=Path, default=DEFAULT_STORE, help="default: %(default)s")
    arguments = parser.parse_args()
    folder, flow = arguments.out, Workflow.load("photo-ligand")
    if arguments.level is not None:
        _try(arguments, flow)
        return
    bands = _with_spectra(flow, conformers=1)
    ensemble = flow.ensemble.model_copy(update={"embedded": 2, "keep": 1})  # 60 heavy atoms: minutes each
    levels = flow.model_copy(update={"ensemble": ensemble, "spectrum": None, "criteria": (), "gates": ()})
    absorption = _absorption(_screened(ABSORPTION, folder / "absorption", bands, arguments.store))
    films = _films(_screened(FILMS, folder / "films", levels, arguments.store))
    absorption.to_csv(folder / "absorption.csv", index=False)
    films.to_csv(folder / "films.csv", index=False)
    text = f"{HEADER}\n{_absorption_toml(bands, absorption)}\n{_film_toml(levels, films)}"
    TARGET.write_text(text, encoding="utf-8")
    print(text)


def _try(arguments: argparse.Namespace, flow: Workflow) -> None:
    """Print the fit at another level, and what its spectra took."""
    bands = _with_spectra(flow, conformers=1)
    assert bands.spectrum is not None
    cover_ev = arguments.cover_ev or bands.spectrum.cover_ev
    spectrum = bands.spectrum.model_copy(update={"level": arguments.level, "cover_ev": cover_ev})
    # Neither moves a band of the list, and both would be computed.
    bands = bands.model_copy(update={"spectrum": spectrum, "sampling": None, "reactions": None})
    entries = _screened(ABSORPTION, arguments.out / "absorption", bands, arguments.store)
    absorption = _absorption(entries)
    absorption.to_csv(arguments.out / "absorption.csv", index=False)
    print(_absorption_toml(bands, absorption))
    spent = _core_s(RunFolder(arguments.out / "absorption"), bands)
    print("core-seconds: " + ", ".join(f"{kind} {seconds:.0f}" for kind, seconds in sorted(spent.items())))


def _with_spectra(flow: Workflow, conformers: int) -> Workflow:
    assert flow.spectrum is not None
    spectrum = flow.spectrum.model_copy(update={"conformers": conformers})
    return flow.model_copy(update={"spectrum": spectrum, "criteria": (), "gates": ()})


def _absorption(entries: list[Entry]) -> pd.DataFrame:
    """Raw energy of the lowest band beside the measured one, one row per molecule."""
    by_threshold = {}
    for threshold in THRESHOLDS_L_MOL_CM:
        table = _table(entries, partial(_raw_band_ev, threshold=threshold))
        table["measured"] = [ev_from_nm(float(nm)) for nm in table["band_max_nm"]]
        table["height"] = _table(entries, _height_l_mol_cm)["calculated"]
        errors = _left_out_errors(_line, *_points(table))
        print(f"bands from {threshold:g} L mol-1 cm-1: {len(table)} molecules, ", end="")
        print(f"left-out MAE {np.abs(errors).mean():.3f} eV")
        by_threshold[threshold] = table
    return by_threshold[BAND_ABSORPTIVITY_L_MOL_CM]


def _films(entries: list[Entry]) -> pd.DataFrame:
    """Tight-binding HOMO beside the measured film level, one row per molecule."""
    table = _table(entries, _homo_ev)
    table["measured"] = -table["film_ionisation_ev"].astype(float)
    return table


def _raw_band_ev(entry: Entry, threshold: float) -> float | None:
    assert entry.where is not None
    spectra = entry.where.known.spectra
    return lowest_maximum_ev(merged_sticks(spectra, [1.0]), threshold) if spectra else None


def _height_l_mol_cm(entry: Entry) -> float | None:
    assert entry.where is not None
    spectra = entry.where.known.spectra
    return band_height_l_mol_cm(merged_sticks(spectra, [1.0])) if spectra else None


def _homo_ev(entry: Entry) -> float | None:
    assert entry.where is not None
    ensemble = entry.where.known.ensemble
    if ensemble is None or not ensemble.conformers:
        return None
    return sum(c.weight * c.homo_ev for c in ensemble.conformers if c.homo_ev is not None)


def _screened(reference: Path, folder: Path, flow: Workflow, store_file: Path) -> list[Entry]:
    """Screen a reference list; return where its molecules stand."""
    screen(read_candidates(reference), flow, out=folder, store=store_file)
    run = RunFolder(folder)
    with Store(store_of(run, None), read_only=True) as store:
        return [entry for entry in standing(run, flow, store.lookup) if entry.where is not None]


def _core_s(run: RunFolder, flow: Workflow) -> dict[str, float]:
    """What the calculations behind a run took, whenever they were computed, by kind."""
    spent: dict[Request, float] = {}
    with Store(store_of(run, None), read_only=True) as store:

        def lookup(request: Request) -> Outcome | None:
            outcome = store.lookup(request)
            if outcome is not None:
                spent[request] = outcome.provenance.cpu_s
            return outcome

        standing(run, flow, lookup)
    kinds = {kind_of(request).name for request in spent}
    return {
        kind: sum(seconds for request, seconds in spent.items() if kind_of(request).name == kind)
        for kind in kinds
    }


def _table(entries: list[Entry], quantity: Callable[[Entry], float | None]) -> pd.DataFrame:
    """The columns of the list with the calculated quantity, molecules without it left out."""
    rows = [{**dict(e.row.extra), "smiles": e.row.smiles_given, "calculated": quantity(e)} for e in entries]
    table = pd.DataFrame(rows)
    return table[table["calculated"].notna()].reset_index(drop=True)


def _points(table: pd.DataFrame) -> tuple[Real, Real]:
    return table["calculated"].to_numpy(float), table["measured"].to_numpy(float)


def _left_out_errors(fit: Callable[[Real, Real], Callable[[Real], Real]], x: Real, y: Real) -> Real:
    """Error of each point when predicted from all the others."""
    errors = np.empty(len(x))
    for i in range(len(x)):
        others = np.arange(len(x)) != i
        errors[i] = fit(x[others], y[others])(x[i : i + 1])[0] - y[i]
    return errors


def _line(x: Real, y: Real) -> Callable[[Real], Real]:
    slope, intercept = np.polyfit(x, y, 1)
    return lambda new: slope * new + intercept


def _mean(_: Real, y: Real) -> Callable[[Real], Real]:
    return lambda new: np.full(len(new), y.mean())


def _shift(x: Real, y: Real) -> Callable[[Real], Real]:
    return lambda new: new + float(np.mean(y - x))


def _absorption_toml(bands: Workflow, absorption: pd.DataFrame) -> str:
    assert bands.spectrum is not None
    x, y = _points(absorption)
    slope, intercept = np.polyfit(x, y, 1)
    left_out = _left_out_errors(_line, x, y)
    bright = absorption[absorption["log10_absorptivity"] != ""]
    computed, reported = (
        np.log10(bright["height"].to_numpy(float)),
        bright["log10_absorptivity"].to_numpy(float),
    )
    intensity_left_out = _left_out_errors(_shift, computed, reported)
    return f"""[absorption."{bands.spectrum.level}"]
slope = {slope:.4f}
intercept_ev = {intercept:.4f}
standard_error_ev = {np.sqrt(np.mean(left_out**2)):.3f}
mean_absolute_error_ev = {np.abs(left_out).mean():.3f}
raw_error_ev = {np.abs(x - y).mean():.3f}
baseline_error_ev = {np.abs(_left_out_errors(_mean, x, y)).mean():.3f}
log10_intensity = {np.mean(reported - computed):.3f}
log10_intensity_error = {np.sqrt(np.mean(intensity_left_out**2)):.3f}
n_intensity = {len(bright)}
valid_from_ev = {x.min():.2f}
valid_to_ev = {x.max():.2f}
n = {len(x)}
"""


def _film_toml(levels: Workflow, films: pd.DataFrame) -> str:
    homo, film = _points(films)
    film_left_out = _left_out_errors(_shift, homo, film)
    heavy = [Chem.MolFromSmiles(smiles).GetNumHeavyAtoms() for smiles in films["smiles"]]
    return f"""[film_homo."{levels.ensemble.level}"]
shift_ev = {np.mean(film - homo):.3f}
standard_error_ev = {np.sqrt(np.mean(film_left_out**2)):.3f}
mean_absolute_error_ev = {np.abs(film_left_out).mean():.3f}
baseline_error_ev = {np.abs(_left_out_errors(_mean, homo, film)).mean():.3f}
min_heavy_atoms = {min(heavy)}
n = {len(films)}
"""


if __name__ == "__main__":
    main()
