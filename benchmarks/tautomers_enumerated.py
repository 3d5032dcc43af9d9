"""What looking for tautomers takes: `python benchmarks/tautomers_enumerated.py`.

Of the reference molecules of absorption: how many have another form, and the processor time of the quick
question and of the enumeration; one JSON line.
"""

import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.measurement import Record, machine, report

from actinic.chemistry.tautomers import may_tautomerise, tautomers
from actinic.screening.absorption_references import AbsorptionReference, absorption_references
from actinic.validation_absorption_otherwise import with_tautomers


def main() -> None:
    """Count and time."""
    references = absorption_references()
    times = _milliseconds(references)
    several = with_tautomers()
    report(
        {
            "benchmark": "tautomers_enumerated",
            "molecules": len(references),
            "with_tautomers": len(several),
            "by_set": dict(Counter(one.collection for one in several)),
            "milliseconds": times,
            "machine": machine(),
        }
    )


def _milliseconds(references: tuple[AbsorptionReference, ...]) -> Record:
    """Per molecule: of the quick question, and of the enumeration where that says yes."""
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


if __name__ == "__main__":
    main()
