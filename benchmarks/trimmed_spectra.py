"""What cutting chains off costs a spectrum: `benchmarks/trimmed_spectra.py [SMILES ...] [--store FILE]`.

The `photo-ligand` workflow for the molecule and for its trimmed model, one conformer out of four starting
geometries; one JSON line per molecule with the lowest maximum, its edge, absorptivities and the core-seconds
of each, conformers of the whole molecule included in both; the last line has the errors. `--sampled` has weak
bands sampled, too (some fifteen times the time of a spectrum); with `--known` nothing is computed.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.barriers import computed
from benchmarks.measurement import TOP, Record, report

from actinic import Workflow
from actinic.calculations import kinds
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Outcome
from actinic.chemistry.absorbing_part import absorbing_part
from actinic.chemistry.candidates import Candidate
from actinic.chemistry.species import Species
from actinic.screening.plan import progress
from actinic.screening.store import Store
from actinic.screening.tiers import Progress
from actinic.units import ev_from_nm

MOLECULES = (
    "CCCCCCN=[N+]=[N-]",
    "CCCCCCC1(C)N=N1",
    "CCCCCCC(C)=O",
    "CCCCCC/N=N/C",
    "CCCCCCSC(C)=S",
    "[N-]=[N+]=NCCCCCCCCN=[N+]=[N-]",
    "CCCCCCSC(=S)N(C)C",
    "CCCCCCC(=O)c1ccccc1",
    "CCCCCCc1ccc(N=[N+]=[N-])cc1",
    "CCCCCCN(CC)C(=S)[S-]",
    "COCCOCCOc1ccc(N=[N+]=[N-])cc1",
    "CCCCCCOc1ccc2ccc(=O)oc2c1",
    "CCCCCC(=O)OCc1ccccc1[N+](=O)[O-]",
    "CCCCCCc1ccc(C(=O)c2ccccc2)cc1",
    "CCCCCCc1ccc2c(c1)sc1ccccc1c2=O",
    "N#Cc1ccc(CCCCCc2ccc(C#N)cc2)cc1",
    "[N-]=[N+]=Nc1ccc(OCCCCCCOc2ccc(N=[N+]=[N-])cc2)cc1",
)
"""Chromophores of the field on chains of six atoms and more, three of them twice on one; cheap ones first."""

BANDS = ("band_max_nm", "band_edge_nm")
LOWEST = ("s1_raw_ev", "s1_oscillator_strength")
LINES = ("absorptivity_254_nm_l_mol_cm", "absorptivity_365_nm_l_mol_cm")
LEAST_L_MOL_CM = 10.0
"""Absorptivities below this, silent in every preset, are reported but not compared."""


def main() -> None:
    """Compute what the store lacks and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("smiles", nargs="*", default=MOLECULES)
    parser.add_argument("--reach", type=int, default=2)
    parser.add_argument("--sampled", action="store_true")
    parser.add_argument("--known", action="store_true", help="report what the store has, compute nothing")
    parser.add_argument("--store", type=Path, default=TOP / "results" / "trimmed.sqlite")
    options = parser.parse_args()
    rows = []
    with Store(options.store) as store:
        for smiles in options.smiles:
            row = compared(smiles, options.reach, options.sampled, store, compute=not options.known)
            if row is not None:
                report(row)
                rows.append(row)
    report({"reach": options.reach, "n": len(rows)} | errors(rows))


def workflow(reach: int | None, *, sampled: bool) -> Workflow:
    """Light alone, of one conformer."""
    flow = Workflow.load("photo-ligand")
    assert flow.spectrum is not None
    return flow.model_copy(
        update={
            "ensemble": flow.ensemble.model_copy(update={"embedded": 4, "keep": 1}),
            "spectrum": flow.spectrum.model_copy(update={"conformers": 1, "trim_reach": reach}),
            "sampling": flow.sampling if sampled else None,
            "reactions": None,
            "surface": None,
            "gates": (),
            "criteria": (),
        }
    )


def compared(smiles: str, reach: int, sampled: bool, store: Store, *, compute: bool) -> Record | None:
    """Whole molecule against trimmed model; None where something is missing, or nothing can be cut."""
    species = Species.from_smiles(smiles, multiplicity=1)
    part = absorbing_part(species, reach)
    if part is None:
        return None
    found: Record = {"smiles": smiles, "model": str(part)}
    for name, used in (("trimmed", reach), ("full", None)):
        stood = standing(species, workflow(used, sampled=sampled), store, compute=compute)
        if stood is None:
            return None
        where, core_s = stood
        quantities = where.assessment.quantities
        values = {key: quantities[key].value for key in (*BANDS, *LOWEST, *LINES) if key in quantities}
        found[name] = {key: round(value, 4) for key, value in values.items()} | {"core_s": round(core_s, 1)}
    return found


def standing(
    species: Species, flow: Workflow, store: Store, *, compute: bool
) -> tuple[Progress, float] | None:
    """A candidate at its end, with the processor seconds behind it; None where something is missing."""
    spent: dict[str, float] = {}

    def lookup(request: Request) -> Outcome | None:
        outcome = store.lookup(request)
        if outcome is not None:
            spent[kinds.key(request)] = outcome.provenance.cpu_s
        return outcome

    candidate = Candidate(
        id="x", name="", smiles_given=species.smiles, species=species, counter_ion="", role="",
        target_nm=None, extra=(), row=2, notes=(),
    )  # fmt: skip
    while (where := progress(candidate, flow, lookup)).missing:
        if not compute:
            return None
        for request in where.missing:
            store.add(request, computed(request))
    return where, sum(spent.values())


def errors(rows: Sequence[Record]) -> Record:
    """Trimmed minus whole: root mean square, median and largest, of energies in eV and decadic logarithms."""
    pairs = [(row["trimmed"], row["full"]) for row in rows]
    found: Record = {}
    for name in BANDS:
        moved = [ev_from_nm(a[name]) - ev_from_nm(b[name]) for a, b in pairs if name in a and name in b]
        found |= _summary(name.replace("_nm", "_shift_ev"), moved)
    lowest = [a[LOWEST[0]] - b[LOWEST[0]] for a, b in pairs if LOWEST[0] in a and LOWEST[0] in b]
    found |= _summary("s1_raw_shift_ev", lowest)
    for name in LINES:
        both = [(a[name], b[name]) for a, b in pairs if name in a and name in b]
        ratios = [float(np.log10(a / b)) for a, b in both if min(a, b) >= LEAST_L_MOL_CM]
        found |= _summary(name.replace("_l_mol_cm", "_log10_ratio"), ratios)
    spent = {name: round(sum(row[name]["core_s"] for row in rows), 1) for name in ("full", "trimmed")}
    return found | {"core_s": spent}


def _summary(name: str, values: Sequence[float]) -> Record:
    if not values:
        return {}
    rms, median = float(np.sqrt(np.mean(np.square(values)))), float(np.median(np.abs(values)))
    largest = max(values, key=abs)
    numbers = {"rms": rms, "median": median, "largest": largest}
    return {name: {"n": len(values)} | {key: round(value, 3) for key, value in numbers.items()}}


if __name__ == "__main__":
    main()
