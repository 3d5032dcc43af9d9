"""One run of this package's ground state and response, timed.

The request names the settings by field; what it leaves out is the default. The ceiling of the ground state is
measured where `scf_ceiling` asks for it.
"""

import msgspec
import numpy as np
from benchmarks.ceiling import ceiling_s, counted_trials, scf_ceiling_s
from benchmarks.measurement import (
    MOLECULES,
    Record,
    Stopwatch,
    machine,
    peak_mb,
)

from actinic.chemistry.geometry import Geometry
from actinic.engines.dft import GroundState, ScfSettings, ground_state
from actinic.engines.response import ResponseSettings, Roots, singlet_roots
from actinic.level import Level


def geometry(name: str) -> Geometry:
    """A molecule of `benchmarks/molecules`."""
    rows = (MOLECULES / f"{name}.xyz").read_text(encoding="utf-8").splitlines()[2:]
    cells = [row.split() for row in rows]
    return Geometry.from_angstrom(
        [c[0] for c in cells], np.array([[float(x) for x in c[1:4]] for c in cells])
    )


def answer(request: Record) -> Record:
    """Ground state and, if the request has `response`, the roots."""
    scf_settings = msgspec.convert(request["scf"], ScfSettings)
    where = geometry(request["molecule"])
    level = Level(request["method"], request["basis"])
    scf = Stopwatch()
    with scf.running():
        ground = ground_state(
            where,
            charge=request.get("charge", 0),
            multiplicity=request.get("multiplicity", 1),
            level=level,
            settings=scf_settings,
        )
    record = {
        "heavy_atoms": where.n_heavy_atoms,
        "functions": ground.mol.nao,
        "fitting_functions": ground.coulomb.aux.nao,
        "energy_hartree": ground.energy_hartree,
        "homo_ev": ground.homo_ev,
        "lumo_ev": ground.lumo_ev,
        "spin_square": ground.spin_square,
        "scf_cycles": ground.scf_cycles,
        "scf_core_s": scf.core_s,
        "scf_system_s": scf.system_s,
        "scf_wall_s": scf.wall_s,
        "scf_peak_mb": peak_mb(),
        "scf": request["scf"],
        "machine": machine(),
    }
    if "response" in request:
        record |= _response(ground, msgspec.convert(request["response"], ResponseSettings))
    if request.get("scf_ceiling"):
        ceiling = scf_ceiling_s(ground)
        record |= {"scf_gemm_ceiling_s": ceiling, "scf_ratio_to_gemm_ceiling": scf.core_s / ceiling}
    return record


def _response(ground: GroundState, settings: ResponseSettings) -> Record:
    watch = Stopwatch()
    with counted_trials() as trials, watch.running():
        found: Roots = singlet_roots(ground, settings)
    peak = peak_mb()  # before the ceiling is measured
    ceiling = ceiling_s(ground, settings, sum(trials))
    return {
        "roots_ev": [root.energy_ev for root in found.roots],
        "covered_ev": found.covered_ev,
        "capped": found.capped,
        "response_core_s": watch.core_s,
        "response_wall_s": watch.wall_s,
        "products": sum(trials),
        "gemm_ceiling_s": ceiling,
        "ratio_to_gemm_ceiling": watch.core_s / ceiling,
        "peak_mb": peak,
        "response": msgspec.to_builtins(settings),
    }
