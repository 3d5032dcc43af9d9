"""Fits the shipped calibration to experiment: `python workflows/fit_calibration.py [--out FOLDER]`.

Screens the reference molecules with the levels of `photo-ligand.toml`, fits a line from the raw energy of
the lowest band to the measured maximum, and a shift from the tight-binding HOMO to the film level; the
errors are those of molecules left out of the fit. Writes `calibration.toml` and the points behind it.
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
from actinic.reporting.standing import standing, store_of
from actinic.reporting.table import Entry
from actinic.screening.folder import RunFolder
from actinic.screening.store import Store
from actinic.units import ev_from_nm

Real = NDArray[np.float64]
TOP = Path(__file__).parents[1]
REFERENCE = TOP / "pipeline" / "actinic" / "reference"
THRESHOLDS_L_MOL_CM = (5.0, 20.0, BAND_ABSORPTIVITY_L_MOL_CM, 100.0, 200.0, 572.0)
TARGET = TOP / "pipeline" / "actinic" / "analysis" / "calibration.toml"


def main() -> None:
    """Screen, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=TOP / "results" / "calibration")
    folder = parser.parse_args().out
    flow = Workflow.load("photo-ligand")
    bands = _with_spectra(flow, conformers=1)
    ensemble = flow.ensemble.model_copy(update={"embedded": 2, "keep": 1})  # 60 heavy atoms: minutes each
    levels = flow.model_copy(update={"ensemble": ensemble, "spectrum": None, "criteria": (), "gates": ()})
    absorption = _absorption(folder / "absorption", bands)
    films = _films(folder / "films", levels)
    absorption.to_csv(folder / "absorption.csv", index=False)
    films.to_csv(folder / "films.csv", index=False)
    TARGET.write_text(_toml(bands, levels, absorption, films), encoding="utf-8")
    print(TARGET.read_text(encoding="utf-8"))


def _with_spectra(flow: Workflow, conformers: int) -> Workflow:
    assert flow.spectrum is not None
    spectrum = flow.spectrum.model_copy(update={"conformers": conformers})
    return flow.model_copy(update={"spectrum": spectrum, "criteria": (), "gates": ()})


def _absorption(folder: Path, flow: Workflow) -> pd.DataFrame:
    """Raw energy of the lowest band beside the measured one, one row per molecule."""
    entries = _screened(REFERENCE / "absorption" / "nonpolar_maxima.csv", folder, flow)
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


def _films(folder: Path, flow: Workflow) -> pd.DataFrame:
    """Tight-binding HOMO beside the measured film level, one row per molecule."""
    table = _table(_screened(REFERENCE / "film_ionisation" / "films.csv", folder, flow), _homo_ev)
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


def _screened(reference: Path, folder: Path, flow: Workflow) -> list[Entry]:
    """Screen a reference list; return where its molecules stand."""
    screen(read_candidates(reference), flow, out=folder)
    run = RunFolder(folder)
    with Store(store_of(run, None), read_only=True) as store:
        return [entry for entry in standing(run, flow, store.lookup) if entry.where is not None]


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


def _toml(bands: Workflow, levels: Workflow, absorption: pd.DataFrame, films: pd.DataFrame) -> str:
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
    homo, film = _points(films)
    film_left_out = _left_out_errors(_shift, homo, film)
    heavy = [Chem.MolFromSmiles(smiles).GetNumHeavyAtoms() for smiles in films["smiles"]]
    return f"""# Written by workflows/fit_calibration.py; docs/method.md says what was fitted.
[absorption."{bands.spectrum.level}"]
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

[film_homo."{levels.ensemble.level}"]
shift_ev = {np.mean(film - homo):.3f}
standard_error_ev = {np.sqrt(np.mean(film_left_out**2)):.3f}
mean_absolute_error_ev = {np.abs(film_left_out).mean():.3f}
baseline_error_ev = {np.abs(_left_out_errors(_mean, homo, film)).mean():.3f}
min_heavy_atoms = {min(heavy)}
n = {len(films)}
"""


if __name__ == "__main__":
    main()
