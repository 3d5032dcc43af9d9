"""Weak bands from sampled geometries against measured ones: `python benchmarks/sampling.py [NAME ...]`.

Per molecule the GFN2 minimum, a nuclear ensemble as a screen draws it, and molar absorptivities in L mol-1
cm-1: computed without the ensemble (one geometry, broadened sticks), computed with it (and the factor that
another draw changes it by, one standard error), and measured or asked for. Ends with one JSON line. Nothing
is fitted to these molecules. Seconds are core-seconds of the ensemble.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from benchmarks.geometries import minimum
from benchmarks.measurement import Record, Stopwatch

from actinic.analysis.absorption import Sticks, lowest_maximum_ev, molar_absorptivity_l_mol_cm
from actinic.analysis.calibrated_spectrum import CalibratedSpectrum, calibrated
from actinic.analysis.calibration import absorption_calibration
from actinic.analysis.ensemble_spectrum import WeakBands, bright_part, weak_bands
from actinic.analysis.merging import merged_sticks
from actinic.analysis.state_rules import state_rules
from actinic.calculations import spectrum
from actinic.calculations.sampling import SamplingRequest, SamplingResult, compute
from actinic.calculations.spectrum import SpectrumRequest, SpectrumResult
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.engines.dft import ScfSettings
from actinic.engines.optimisation import Stop, optimise
from actinic.engines.response import ResponseSettings
from actinic.engines.tight_binding import Theory
from actinic.level import Level
from actinic.units import ev_from_nm, nm_from_ev

GFN2 = Level.parse("gfn2-xtb")
DEFAULT_LEVEL = "cam-b3lyp/def2-svp"

MOLES_CM2 = 6.02214076e20 / np.log(10)
"""From an absorption cross-section in cm2 to a decadic molar absorptivity in L mol-1 cm-1."""


@dataclass(frozen=True)
class Measured:
    """An absorptivity at one wavelength.

    Attributes:
        nm: Wavelength.
        low: Lower end of what is measured or asked for, in L mol-1 cm-1.
        high: Upper end; equal to `low` for one measured value.
    """

    nm: float
    low: float
    high: float


@dataclass(frozen=True)
class Check:
    """A molecule with a weak band.

    Attributes:
        smiles: What it is.
        lines: What is known of its absorptivity.
        source: Of `lines`.
    """

    smiles: str
    lines: tuple[Measured, ...]
    source: str


def _cross_section(nm: float, cm2: float) -> Measured:
    return Measured(nm, cm2 * MOLES_CM2, cm2 * MOLES_CM2)


ASKED = "range to be reached, of textbooks and data sheets; no spectrum at hand"

CHECKS = {
    "phenyl-azide": Check("c1ccccc1N=[N+]=[N-]", (Measured(285, 1000, 4000), Measured(365, 0, 20)), ASKED),
    "trifluoromethyl-phenyl-diazirine": Check(
        "FC(F)(F)C1(c2ccccc2)N=N1",
        (Measured(365, 60, 400),),
        ASKED + "; photolysed near 350 nm (Brunner, Senn, Richards, J. Biol. Chem. 1980, 255, 3313)",
    ),
    "benzophenone": Check("O=C(c1ccccc1)c1ccccc1", (Measured(365, 20, 200),), ASKED),
    "acetone": Check(
        "CC(C)=O",
        (_cross_section(280, 4.91e-20), _cross_section(300, 2.67e-20), _cross_section(313, 1.06e-20)),
        "gas, 298 K: JPL 19-5, table 4D-27-1, from doi:10.1016/S0301-0104(98)00006-8",
    ),
    "acrolein": Check(
        "C=CC=O",
        (_cross_section(310, 3.59e-20), _cross_section(336, 6.24e-20), _cross_section(366, 3.74e-20)),
        "gas: NASA 2015 recommendation as in SAPRC-22, table B-3",
    ),
    "biacetyl": Check(
        "CC(=O)C(C)=O",
        (_cross_section(280, 4.71e-20), _cross_section(365, 1.41e-20), _cross_section(417.5, 7.57e-20)),
        "gas: IUPAC 2019 recommendation as in SAPRC-22, table B-3",
    ),
    "benzaldehyde": Check(
        "O=Cc1ccccc1",
        (_cross_section(313, 6.6e-20), _cross_section(334, 7.5e-20), _cross_section(365, 2.4e-20)),
        "gas: Calvert et al. 2011 as in SAPRC-22, table B-3",
    ),
}


def sampling_request(smiles: str, n_geometries: int, level: Level) -> SamplingRequest:
    """What a screen asks for, at the minimum next to the first embedded conformer."""
    theory = Theory(0, 1, GFN2, "tblite")
    tight = optimise(minimum(smiles), theory, Stop(fmax_ev_angstrom=0.004, max_steps=1000))
    return SamplingRequest(
        geometry=tight.geometry,
        charge=0,
        multiplicity=1,
        surface=GFN2,
        surface_program="tblite",
        n_geometries=n_geometries,
        temperature_k=298.15,
        lowest_cm=200.0,
        level=level,
        scf=ScfSettings(grid_level=0),
        response=ResponseSettings(),
        program="pyscf",
    )


def spectrum_at(geometry: Geometry, level: Level) -> SpectrumResult:
    """The spectrum of one geometry, as a screen computes it."""
    request = SpectrumRequest(geometry, 0, 1, level, ScfSettings(), ResponseSettings(), "pyscf")
    return spectrum.compute(request, 0)


def with_and_without(
    one: SpectrumResult, found: SamplingResult, species: Species, level: Level
) -> tuple[CalibratedSpectrum, Sticks, WeakBands | None]:
    """The calibrated spectrum of one geometry, its states that are not weak, and the weak bands."""
    calibration = absorption_calibration(level)
    assert calibration is not None
    rules = state_rules(level, species)
    raw, rest = (
        merged_sticks([some], [1.0], rules) for some in (one, bright_part(one, found, rules.lone_pairs))
    )
    alone = calibrated(raw, calibration, is_ion=False, npi_ev=rules.npi_ev)
    return alone, alone.placement(rest), weak_bands(found, level)


def _at(sticks: Sticks, spectrum: CalibratedSpectrum, nm: float) -> float:
    line = np.array([ev_from_nm(nm)])
    return float(spectrum.intensity * molar_absorptivity_l_mol_cm(sticks, line, spectrum.width_ev)[0])


def checked(name: str, n_geometries: int, seed: int, level: Level) -> Record:
    """One molecule: what comes out, and what it took."""
    check = CHECKS[name]
    request = sampling_request(check.smiles, n_geometries, level)
    watch = Stopwatch()
    with watch.running():
        found = compute(request, seed)
    species = Species.from_smiles(check.smiles, multiplicity=1)
    one = spectrum_at(request.geometry, level)
    alone, rest, weak = with_and_without(one, found, species, level)
    rows = []
    for line in check.lines:
        energy = np.array([ev_from_nm(line.nm)])
        sampled = 0.0 if weak is None else float(weak.absorptivity_l_mol_cm(energy)[0])
        factor = 1.0 if weak is None else float(np.exp(weak.log_error(energy))[0])
        rows.append(
            {
                "nm": line.nm,
                "one_geometry": _at(alone.sticks, alone, line.nm),
                "sampled": _at(rest, alone, line.nm) + sampled,
                "sampling_factor": factor,
                "low": line.low,
                "high": line.high,
            }
        )
    anchor_ev = lowest_maximum_ev(alone.sticks)
    return {
        "molecule": name,
        "source": check.source,
        "lines": rows,
        "band_max_nm": None if anchor_ev is None else nm_from_ev(anchor_ev),
        "weak_states": len(found.minimum),
        "geometries": len(found.geometries),
        "refused": found.n_refused,
        "failed": found.n_failed,
        "modes_left_out": found.n_modes_left_out,
        "core_s": watch.core_s,
    }


def main() -> None:
    """Compute the molecules named, or all, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *CHECKS], default=[])
    parser.add_argument("--geometries", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1, help="other draws: what is left of the sampling error")
    parser.add_argument("--level", type=Level.parse, default=Level.parse(DEFAULT_LEVEL))
    arguments = parser.parse_args()
    found = []
    for name in arguments.names or CHECKS:
        record = checked(name, arguments.geometries, arguments.seed, arguments.level)
        found.append(record)
        counts = ", ".join(
            f"{record[key]} {key.replace('_', ' ')}"
            for key in ("geometries", "refused", "failed", "modes_left_out", "weak_states")
        )
        print(f"{name}: {counts}, {record['core_s']:.0f} s")
        for line in record["lines"]:
            wanted = f"{line['low']:.3g}" + (f"-{line['high']:.3g}" if line["high"] > line["low"] else "")
            print(
                f"  {line['nm']:6g} nm  one geometry {line['one_geometry']:8.1f}"
                f"  sampled {line['sampled']:8.1f} */ {line['sampling_factor']:.2f}  wanted {wanted}"
            )
    print(json.dumps({"level": str(arguments.level), "molecules": found}))


if __name__ == "__main__":
    main()
