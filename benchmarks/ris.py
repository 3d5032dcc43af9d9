"""The cheap tier of excited states against the full one: `python benchmarks/ris.py`.

Takes the molecules of QUEST (`pipeline/actinic/reference/excitations_quest`), one ground state each; prints
their lowest broadened maximum in both tiers and one JSON line with the deviations. Both tiers share orbitals,
so states are matched by the overlap of their amplitudes; those below a squared overlap of 0.5 have no partner
and are counted. Seconds are core-seconds of the roots alone.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
import pandas as pd
import scipy.optimize
from benchmarks.measurement import Record, Stopwatch
from benchmarks.quest import CHARGED, REFERENCE, molecule
from numpy.typing import NDArray

from actinic.analysis.absorption import Sticks, lowest_maximum_ev
from actinic.engines.dft import GroundState, ScfSettings, ground_state
from actinic.engines.response import ResponseSettings, Roots, singlet_roots
from actinic.level import Level

Real = NDArray[np.float64]

BRIGHT = 0.01
"""Oscillator strength from which a state counts as bright."""


@dataclass(frozen=True)
class Comparison:
    """Both tiers of one molecule.

    Attributes:
        maxima_ev: Lowest broadened maximum of the full and of the cheap tier; NaN where none is covered.
        shifts_ev: Cheap minus full energy of each state below the reach; NaN without a partner.
        bright: Which of the states are bright in the full tier.
        core_s: What the roots took, full and cheap.
    """

    maxima_ev: tuple[float, float]
    shifts_ev: Real
    bright: NDArray[np.bool_]
    core_s: tuple[float, float]


def compared(ground: GroundState, settings: dict[str, ResponseSettings]) -> Comparison:
    """Roots of both tiers from one ground state."""
    found: dict[str, Roots] = {}
    seconds = {}
    for tier, chosen in settings.items():
        watch = Stopwatch()
        with watch.running():
            found[tier] = singlet_roots(ground, chosen)
        seconds[tier] = watch.core_s
    full, cheap = found["full"], found["ris"]
    below = np.array([root.energy_ev < full.covered_ev for root in full.roots])
    return Comparison(
        maxima_ev=(maximum_ev(full), maximum_ev(cheap)),
        shifts_ev=shifts_ev(full, cheap)[below],
        bright=np.array([root.oscillator_strength > BRIGHT for root in full.roots])[below],
        core_s=(seconds["full"], seconds["ris"]),
    )


def maximum_ev(found: Roots) -> float:
    """Lowest broadened maximum, NaN where none is covered."""
    energies = tuple(root.energy_ev for root in found.roots)
    strengths = tuple(root.oscillator_strength for root in found.roots)
    maximum = lowest_maximum_ev(Sticks(energies, strengths, found.covered_ev))
    return np.nan if maximum is None else maximum


def shifts_ev(full: Roots, cheap: Roots) -> Real:
    """Energy of each state's partner minus its own, NaN without a partner, shape (states,)."""
    left, right = (
        found.vectors.reshape(len(found.roots), -1) / np.linalg.norm(found.vectors, axis=(1, 2))[:, None]
        for found in (full, cheap)
    )
    shared = np.square(left @ right.T)
    rows, columns = scipy.optimize.linear_sum_assignment(shared, maximize=True)
    shifts = np.full(len(full.roots), np.nan)
    for row, column in zip(rows, columns, strict=True):
        if shared[row, column] > 0.5:
            shifts[row] = cheap.roots[column].energy_ev - full.roots[row].energy_ev
    return shifts


def statistics(shifts: Real) -> Record:
    """Number, mean, mean size and largest size of the deviations in eV; those without a partner apart."""
    known = shifts[np.isfinite(shifts)]
    mean, size, largest = known.mean(), np.abs(known).mean(), np.abs(known).max()
    return {
        "n": known.size,
        "without": int(shifts.size - known.size),
        "mean_ev": round(float(mean), 3),
        "mean_absolute_ev": round(float(size), 3),
        "largest_ev": round(float(largest), 3),
    }


def main() -> None:
    """Compute, match, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--functionals", nargs="+", default=["b3lyp", "cam-b3lyp", "pbe0"])
    parser.add_argument("--basis", default="def2-svp")
    parser.add_argument("--cover-ev", type=float, default=6.5)
    parser.add_argument("--molecules", nargs="+", help="only these, by their name in the table")
    arguments = parser.parse_args()
    geometries = pd.read_csv(REFERENCE / "excitations_quest.csv").groupby("molecule")["geometry"].first()
    names = arguments.molecules or list(geometries.index)
    settings = {tier: ResponseSettings(tier=tier, cover_ev=arguments.cover_ev) for tier in ("full", "ris")}
    record: Record = {"benchmark": "ris", "basis": arguments.basis, "cover_ev": arguments.cover_ev}
    for functional in arguments.functionals:
        level = Level.parse(f"{functional}/{arguments.basis}")
        record[functional] = _summary({name: str(geometries[name]) for name in names}, level, settings)
    print(json.dumps(record))


def _summary(files: dict[str, str], level: Level, settings: dict[str, ResponseSettings]) -> Record:
    found = []
    for name, file in files.items():
        ground = ground_state(
            molecule(REFERENCE / file).geometry,
            charge=CHARGED.get(name, 0),
            multiplicity=1,
            level=level,
            settings=ScfSettings(),
        )
        one = compared(ground, settings)
        found.append(one)
        full, cheap = one.maxima_ev
        print(
            f"{level} {name:28} maximum {full:6.3f} {cheap:6.3f} eV, "
            f"states {np.nanmean(one.shifts_ev):+.3f} eV, {one.core_s[0]:.2f} {one.core_s[1]:.2f} s",
            flush=True,
        )
    shifts = np.concatenate([one.shifts_ev for one in found])
    bright = np.concatenate([one.bright for one in found])
    maxima, seconds = (np.array([getattr(one, key) for one in found]) for key in ("maxima_ev", "core_s"))
    return {
        "molecules": len(found),
        "maximum": statistics((maxima[:, 1] - maxima[:, 0])[np.isfinite(maxima[:, 0])]),
        "states": statistics(shifts),
        "bright": statistics(shifts[bright]),
        "dark": statistics(shifts[~bright]),
        "core_s": [round(float(total), 2) for total in seconds.sum(axis=0)],
        "ratio": round(float(seconds[:, 0].sum() / seconds[:, 1].sum()), 1),
    }


if __name__ == "__main__":
    main()
