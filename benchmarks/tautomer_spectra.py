"""Reference molecules as another tautomer: `python benchmarks/tautomer_spectra.py --store FILE`.

Counts those of absorption that have one and computes the lowest maximum of all forms of four small ones; one
JSON line. The store keeps what is computed.
"""

import argparse
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.measurement import Record, machine, report
from rich.console import Console

from actinic.analysis.absorption_points import AbsorptionPoint
from actinic.analysis.calibration import AbsorptionCalibration, absorption_calibration
from actinic.chemistry.tautomers import may_tautomerise, tautomers
from actinic.level import Level
from actinic.reporting.progress import Display
from actinic.screening.absorption_references import (
    AbsorptionReference,
    absorption_references,
    absorption_standing,
    absorption_workflow,
)
from actinic.screening.cluster import LAPTOP, Pool
from actinic.screening.run import Driver
from actinic.screening.store import Store
from actinic.validation_absorption_points import absorption_points

COMPUTED = ("least_polar-6", "spectra-22", "spectra-36", "spectra-42")
"""An aminoindazole, a mercaptotriazole, a pyridone and a thiadiazolone."""


def main() -> None:
    """Compute what the store lacks and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--molecules", nargs="*", default=COMPUTED)
    parser.add_argument("--workers", type=int, default=1)
    arguments = parser.parse_args()
    references = absorption_references()
    several = [one for one in references if len(tautomers(one.candidate.species).species) > 1]
    items = [form for one in several if one.id in arguments.molecules for form in _forms(one)]
    flow = absorption_workflow("spectra")
    assert flow.spectrum is not None
    calibration = absorption_calibration(Level.parse(flow.spectrum.level))
    assert calibration is not None
    display = Display(Console(stderr=True), len(items), lambda *_: None, "forms")
    with Store(arguments.store) as store:
        with Pool(LAPTOP.changed(arguments.workers, None)) as pool, display:
            Driver(absorption_standing, flow, store, pool, display, retry_failed=False).run(items)
        points, without = absorption_points(items, store.lookup)
    report(
        {
            "benchmark": "tautomer_spectra",
            "molecules": len(references),
            "with_tautomers": len(several),
            "by_set": dict(Counter(one.collection for one in several)),
            "milliseconds": _milliseconds(references),
            "rows": [_row(point, calibration) for point in points],
            "without": without,
            "machine": machine(),
        }
    )


def _milliseconds(references: tuple[AbsorptionReference, ...]) -> Record:
    """Processor time per molecule: of the quick question, and of the enumeration where that says yes."""
    asked = [(one.candidate.species, may_tautomerise(one.candidate.species)) for one in references]
    tautomers.cache_clear()
    start = time.process_time()
    for species, _ in asked:
        may_tautomerise(species)
    between = time.process_time()
    for species, may in asked:
        if may:
            tautomers(species)
    each = between - start, time.process_time() - between
    counts = len(asked), sum(may for _, may in asked)
    return {"quick": 1e3 * each[0] / counts[0], "enumeration": 1e3 * each[1] / counts[1]}


def _forms(reference: AbsorptionReference) -> list[AbsorptionReference]:
    """The molecule as drawn (`-t1`) and as each other tautomer."""
    drawn = reference.candidate
    return [
        replace(reference, candidate=replace(drawn, id=f"{drawn.id}-t{number}", species=form))
        for number, form in enumerate(tautomers(drawn.species).species, start=1)
    ]


def _row(point: AbsorptionPoint, calibration: AbsorptionCalibration) -> Record:
    predicted_ev = point.raw_ev + calibration.shift_ev(point.raw_ev)
    return {
        "id": point.measured.id,
        "smiles": point.smiles,
        "predicted_ev": predicted_ev,
        "measured_ev": point.measured.band_max_ev,
        "error_ev": predicted_ev - point.measured.band_max_ev,
    }


if __name__ == "__main__":
    main()
