"""Ground states against stock PySCF: `python benchmarks/ground_state.py [--molecule NAME --level LEVEL]`.

Prints one JSON line: for `levels` (the settings of a screen) and `energies` (fit and grid as in stock PySCF)
the ratio of core-seconds and the deviation of energy, <S^2>, HOMO and LUMO. Integrals, fit and grid count on
both sides. `ratio_to_gemm_ceiling` says how much longer it took than its matrix products alone would.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import msgspec
from benchmarks.measurement import Record, child, parser, provenance, report, request_from, stock_side

from actinic.engines.dft import ENERGIES, ScfSettings

SETTINGS = {"levels": ScfSettings(), "energies": ENERGIES}


def main() -> None:
    """Run stock PySCF and both settings."""
    options = parser(__doc__, "benzophenone")
    options.add_argument("--repeat", type=int, default=1, help="runs of each setting; the fastest counts")
    options.add_argument(
        "--settings", nargs="+", choices=SETTINGS, default=list(SETTINGS), help="default: both"
    )
    options.add_argument("--charge", type=int, default=0, help="default: %(default)s")
    options.add_argument("--multiplicity", type=int, default=1, help="2S + 1; default: %(default)s")
    arguments = options.parse_args()
    request = request_from(arguments)
    request |= {"charge": arguments.charge, "multiplicity": arguments.multiplicity}
    stock = stock_side(arguments, request)
    sides = {}
    for name in arguments.settings:
        settings = SETTINGS[name]
        wanted = request | {"scf": msgspec.to_builtins(settings), "scf_ceiling": True}
        runs = [child("own", wanted) for _ in range(arguments.repeat)]
        sides[name] = _compared(min(runs, key=_core_s), stock) | {
            "all_core_s": [_core_s(run) for run in runs]
        }
    shown = ("energy_hartree", "spin_square", "homo_ev", "lumo_ev", "scf_core_s", "scf_peak_mb", "converged")
    report(
        {
            "benchmark": "ground_state",
            **sides,
            "stock": {key: stock[key] for key in shown},
            "charge": arguments.charge,
            "multiplicity": arguments.multiplicity,
            **provenance(arguments, request, stock),
        }
    )


def _core_s(run: Record) -> float:
    return float(run["scf_core_s"])


def _compared(own: Record, stock: Record) -> Record:
    return {
        "speedup": stock["scf_core_s"] / own["scf_core_s"],
        "energy_deviation_hartree": own["energy_hartree"] - stock["energy_hartree"],
        "spin_square_deviation": own["spin_square"] - stock["spin_square"],
        "homo_deviation_mev": 1000 * (own["homo_ev"] - stock["homo_ev"]),
        "lumo_deviation_mev": 1000 * (own["lumo_ev"] - stock["lumo_ev"]),
        "core_s": own["scf_core_s"],
        "system_s": own["scf_system_s"],
        "ratio_to_gemm_ceiling": own["scf_ratio_to_gemm_ceiling"],
        "wall_s": own["scf_wall_s"],
        "peak_mb": own["scf_peak_mb"],
        "cycles": own["scf_cycles"],
        "settings": own["scf"],
    }


if __name__ == "__main__":
    main()
