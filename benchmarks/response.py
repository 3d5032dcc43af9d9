"""Tamm-Dancoff roots against stock PySCF: `python benchmarks/response.py [--molecule NAME]`.

Prints one JSON line. Both sides start from their converged ground state and are timed to the roots, integral
transformations included. `speedup` and its neighbours belong to the screening settings; `tight` holds the
same for settings that reproduce stock PySCF's roots, from a ground state on its grid with its fit.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.measurement import (
    AUXBASIS,
    N_ROOTS,
    Record,
    child,
    parser,
    provenance,
    report,
    request_from,
    stock_side,
)

_ALL = {"cover_ev": 1000.0, "max_roots": N_ROOTS}
SETTINGS: dict[str, Record] = {
    "tight": {
        "scf": {"auxbasis": AUXBASIS, "grid_level": 3, "conv_tol_hartree": 1e-7},
        "response": {**_ALL, "virtual_cutoff_ev": None},
    },
    "screening": {"scf": {}, "response": _ALL},
}


def main() -> None:
    """Run stock PySCF and both settings."""
    options = parser(__doc__, "phenyl-azide")
    options.add_argument(
        "--tight-kernel-grid", type=int, default=0, help="PySCF level for `tight`; default: %(default)s"
    )
    arguments = options.parse_args()
    request = request_from(arguments) | {"n_roots": N_ROOTS}
    stock = stock_side(arguments, request)
    SETTINGS["tight"]["response"]["kernel_grid_level"] = arguments.tight_kernel_grid
    sides = {name: _compared(child("own", request | chosen), stock) for name, chosen in SETTINGS.items()}
    report(
        {
            "benchmark": "response",
            **sides["screening"],
            "tight": sides["tight"],
            "stock": {
                key: stock[key]
                for key in ("roots_ev", "response_core_s", "peak_mb", "scf_core_s", "converged")
            },
            **provenance(arguments, request, stock),
        }
    )


def _compared(own: Record, stock: Record) -> Record:
    deviations = [1000 * abs(a - b) for a, b in zip(own["roots_ev"], stock["roots_ev"], strict=True)]
    return {
        "speedup": stock["response_core_s"] / own["response_core_s"],
        "max_deviation_mev": max(deviations),
        "deviations_mev": [round(d, 2) for d in deviations],
        "roots_ev": own["roots_ev"],
        "core_s": own["response_core_s"],
        "wall_s": own["response_wall_s"],
        "peak_mb": own["peak_mb"],
        "ratio_to_gemm_ceiling": own["ratio_to_gemm_ceiling"],
        "products": own["products"],
        "scf_core_s": own["scf_core_s"],
        "functions": own["functions"],
    }


if __name__ == "__main__":
    main()
