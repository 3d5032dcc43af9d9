"""Calibrated spectra as tables, one file per candidate."""

import csv
import os
from pathlib import Path

import numpy as np

from actinic.analysis.calibrated_spectrum import CalibratedSpectrum
from actinic.reporting.figures_spectrum import absorptivity_band, known_from_nm
from actinic.reporting.rows import Entry
from actinic.units import ev_from_nm

SHORTEST_NM, LONGEST_NM = 200, 800
COLUMNS = ("wavelength_nm", "absorptivity_l_mol_cm", "low_l_mol_cm", "high_l_mol_cm")


def write_spectrum(entry: Entry, folder: Path) -> None:
    """Write `<id>.csv` for a candidate with a spectrum.

    One row per nanometre where no root can be missing: molar absorptivity in L mol-1 cm-1 with the ends of
    the 68 % interval.
    """
    spectrum = entry.where.assessment.spectrum if entry.where else None
    if spectrum is not None:
        _write(spectrum, folder / f"{entry.row.id}.csv")


def _write(spectrum: CalibratedSpectrum, path: Path) -> None:
    known = range(SHORTEST_NM, LONGEST_NM + 1)
    wavelengths = [nm for nm in known if nm >= known_from_nm(spectrum)]
    curves = absorptivity_band(spectrum, np.array([ev_from_nm(nm) for nm in wavelengths]))
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    with partial.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for nm, *values in zip(wavelengths, *curves, strict=True):
            writer.writerow((nm, *(f"{value:.1f}" for value in values)))
    partial.replace(path)
