"""Fits the shipped calibration to experiment: `python workflows/fit_calibration.py [--recompute]`.

From the calculations shipped with the package, in minutes; with `--recompute` from those of a store: what it
lacks is computed (more than seven hours of one core; resumable) and shipped. Writes `calibration.toml` and
prints it.
"""

import argparse
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import numpy as np
from rich.console import Console

from actinic.analysis.absorption import BAND_ABSORPTIVITY_L_MOL_CM, anchor_band_ev
from actinic.analysis.absorption_validation import fitted_points
from actinic.analysis.validation import left_out_errors
from actinic.screening.cluster import LAPTOP
from actinic.validation_absorption import (
    EXPORT as ABSORPTION_EXPORT,
)
from actinic.validation_absorption import (
    AbsorptionValidation,
    recompute_absorption,
    validate_absorption,
)
from actinic.validation_levels import (
    EXPORT as LEVELS_EXPORT,
)
from actinic.validation_levels import (
    LevelValidation,
    recompute_levels,
    validate_levels,
)

TOP = Path(__file__).parents[1]
REFERENCE = TOP / "pipeline" / "actinic" / "reference"
TARGET = TOP / "pipeline" / "actinic" / "analysis" / "calibration.toml"
THRESHOLDS_L_MOL_CM = (5.0, 20.0, BAND_ABSORPTIVITY_L_MOL_CM, 100.0, 200.0, 572.0)


def main() -> None:
    """Compute what is asked for, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recompute", action="store_true")
    parser.add_argument("--store", type=Path, default=TOP / "results" / "actinic.sqlite")
    parser.add_argument("--workers", type=int)
    given = parser.parse_args()
    if given.recompute:
        cluster, console = LAPTOP.changed(given.workers, None), Console(stderr=True)
        ship = REFERENCE / "absorption" / ABSORPTION_EXPORT
        recompute_absorption(given.store, cluster, console, ship=ship)
        ship = REFERENCE / "film_ionisation" / LEVELS_EXPORT
        recompute_levels(given.store, cluster, console, ship)
    found = validate_absorption()
    assert found.beside is not None
    dry = validate_absorption(found.maxima_level)
    assert dry.beside is not None
    absorption = found, dry, found.beside, dry.beside
    _print_thresholds(found)
    TARGET.write_text(_toml(absorption, validate_levels()), encoding="utf-8")
    print(TARGET.read_text(encoding="utf-8"))


def _print_thresholds(found: AbsorptionValidation) -> None:
    """Which bands count, and what the line leaves then; scaffolds left out."""
    points = fitted_points(found.points)
    for threshold in THRESHOLDS_L_MOL_CM:
        raw = [anchor_band_ev(point.sticks, threshold) for point in points]
        kept = [(ev, point) for ev, point in zip(raw, points, strict=True) if ev is not None]
        errors = left_out_errors(
            np.array([ev for ev, _ in kept]),
            np.array([point.measured.band_max_ev for _, point in kept]),
            [point.scaffold for _, point in kept],
        )
        print(f"bands from {threshold:g} L mol-1 cm-1: {len(kept)} molecules, ", end="")
        print(f"left-out MAE {np.abs(errors).mean():.3f} eV")


def _toml(absorption: Iterable[AbsorptionValidation], levels: LevelValidation) -> str:
    parts = ["# Written by workflows/fit_calibration.py; docs/method.md says what was fitted.\n"]
    sections = [(f'absorption."{found.level}"', asdict(found.calibration)) for found in absorption]
    pairs = [found.pair for found in absorption if found.pair is not None]
    sections += [(f'absorption_pair."{one.level} and {one.second}"', dict(one.values)) for one in pairs]
    sections += [(f'film_homo."{level}"', asdict(one)) for level, one in levels.calibrations.items()]
    sections += [(f'gas_ionisation."{level}"', asdict(one)) for level, one in levels.ionisation.items()]
    sections += [(f'film_affinity."{level}"', asdict(one)) for level, one in levels.affinity.items()]
    for name, values in sections:
        lines = (f"{key} = {_value(value)}\n" for key, value in values.items() if value is not None)
        parts.append(f"[{name}]\n{''.join(lines)}")
    return "\n".join(parts)


def _value(value: float | dict[str, int]) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f'"{name}" = {n}' for name, n in value.items()) + " }"
    return str(value) if isinstance(value, int) else f"{value:.4f}"


if __name__ == "__main__":
    main()
