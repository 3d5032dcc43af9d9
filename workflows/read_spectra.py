"""Reads peaks and edges off measured spectra: `python workflows/read_spectra.py SPECTRA.csv > ROWS.csv`.

SPECTRA.csv has no header; a line is a SMILES and absorbances from 220 nm on in steps of 1 nm, as in the
source of `reference/absorption/measured_spectra.csv`. The rows are those of that file. Spectra without a
peak are named on the error stream.
"""

import argparse
import csv
import sys
from pathlib import Path

import numpy as np

from actinic.analysis.measured_spectrum import read_spectrum
from actinic.screening.absorption_references import SPECTRUM_LINES_NM

FIRST_NM = 220


def main() -> None:
    """Read, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("spectra", type=Path)
    given = parser.parse_args()
    out = csv.writer(sys.stdout, lineterminator="\n")
    heads = [f"relative_{nm}_nm" for nm in SPECTRUM_LINES_NM]
    out.writerow(["smiles", "band_max_nm", "band_edge_nm", *heads])
    with given.spectra.open(encoding="utf-8", newline="") as file:
        for smiles, *cells in csv.reader(file):
            absorbance = np.array(cells, dtype=float)
            wavelengths_nm = FIRST_NM + np.arange(absorbance.size, dtype=float)
            found = read_spectrum(wavelengths_nm, absorbance, SPECTRUM_LINES_NM)
            if found is None:
                print(f"no peak: {smiles}", file=sys.stderr)
                continue
            shares = [f"{found.relative[nm]:.4f}" for nm in SPECTRUM_LINES_NM]
            out.writerow([smiles, f"{found.band_max_nm:.0f}", f"{found.band_edge_nm:.1f}", *shares])


if __name__ == "__main__":
    main()
