"""Which error of a sampled band is true: `python benchmarks/sampling_error.py`.

Ensembles of 15 geometries are drawn from a Gaussian band of 0.25 eV with oscillator strengths between 0 and
twice their mean, and smoothed as weak bands are. Per distance from the middle of the band (in its standard
deviations): how much the logarithm of the absorptivity scatters, and the share of ensembles within one and
1.96 stated standard errors of a large ensemble, for a jackknife of the absorptivity, of its logarithm, and
for 50 bootstrap samples. One JSON line each.
"""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.measurement import report

from actinic.analysis.ensemble_spectrum import without_noise

Array = NDArray[np.float64]

N_GEOMETRIES, N_ENSEMBLES, N_REFERENCE, N_BOOTSTRAP = 15, 300, 30_000, 50
WIDTH_EV = 0.25
SIGMAS = np.array([-3.0, -2.0, -1.0, 0.0, 1.0, 2.0])


def main() -> None:
    """Draw, estimate, count."""
    generator = np.random.default_rng(5)
    reference = log_curve(*drawn(generator, N_REFERENCE))
    rows = [estimated(generator) for _ in range(N_ENSEMBLES)]
    off = np.array([curve - reference for curve, _ in rows])
    for name in ("jackknife", "jackknife of the logarithm", "bootstrap"):
        stated = np.array([errors[name] for _, errors in rows])
        for k, sigma in enumerate(SIGMAS):
            within = [round(float(np.mean(np.abs(off[:, k]) <= z * stated[:, k])), 2) for z in (1.0, 1.96)]
            report(
                {"error": name, "sigma": sigma, "scatter": round(float(off[:, k].std()), 2)}
                | {"within": within}
            )


def drawn(generator: np.random.Generator, n: int) -> tuple[Array, Array]:
    """Energies around 0 and strengths of `n` geometries."""
    return generator.normal(0, WIDTH_EV, n), generator.uniform(0, 2, n)


def log_curve(energies: Array, strengths: Array) -> Array:
    """Logarithm of the smoothed absorptivity at `SIGMAS`, in arbitrary units."""
    sticks, width_ev = without_noise(energies, strengths)
    offsets = (SIGMAS[:, None] * WIDTH_EV - sticks) / width_ev
    found: Array = np.log(np.exp(-0.5 * offsets**2) @ strengths / (width_ev * energies.size))
    return found


def estimated(generator: np.random.Generator) -> tuple[Array, dict[str, Array]]:
    """The curve of one small ensemble and its standard error in three ways."""
    energies, strengths = drawn(generator, N_GEOMETRIES)
    others = np.array(
        [log_curve(np.delete(energies, k), np.delete(strengths, k)) for k in range(N_GEOMETRIES)]
    )
    relative = np.sqrt((N_GEOMETRIES - 1) * np.exp(others).var(axis=0)) / np.exp(others).mean(axis=0)
    picks = generator.integers(0, N_GEOMETRIES, (N_BOOTSTRAP, N_GEOMETRIES))
    again = np.array([log_curve(energies[pick], strengths[pick]) for pick in picks])
    return log_curve(energies, strengths), {
        "jackknife": np.sqrt(np.log1p(relative**2)),
        "jackknife of the logarithm": np.sqrt((N_GEOMETRIES - 1) * others.var(axis=0)),
        "bootstrap": again.std(axis=0),
    }


if __name__ == "__main__":
    main()
