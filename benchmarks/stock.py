"""Stock PySCF in a process of its own: started by the benchmarks, never imports actinic or MKL.

Everything is PySCF's default but the density fitting: grid level 3, convergence 1e-9 hartree. Open shells are
unrestricted.
"""

import sys
from pathlib import Path

import numpy as np
import pyscf
from benchmarks.measurement import (
    MOLECULES,
    Record,
    Stopwatch,
    loaded_mkl,
    machine,
    peak_mb,
    report,
    request_of_this_process,
)
from pyscf import dft, gto
from pyscf.data import nist

# PySCF refuses a name that ends in a dispersion correction; this is the functional alone.
LIBXC_NAMES = {"wb97x-d": "hyb_gga_xc_wb97x_d", "wb97x-d3": "hyb_gga_xc_wb97x_d3"}


def answer(request: Record) -> Record:
    """Ground state and, if `n_roots` is not 0, that many Tamm-Dancoff singlets."""
    defaults: Record = {"charge": 0, "multiplicity": 1}
    request = defaults | request
    method, basis = request["method"], request["basis"]
    mol = gto.M(
        atom=str(Path(MOLECULES) / f"{request['molecule']}.xyz"),
        basis=basis,
        ecp="def2-svp" if basis.startswith("def2") else {},
        charge=request["charge"],
        spin=request["multiplicity"] - 1,
        verbose=0,
    )
    scf, response = Stopwatch(), Stopwatch()
    with scf.running():
        mean_field = (dft.UKS if mol.spin else dft.RKS)(mol, xc=LIBXC_NAMES.get(method, method))
        mean_field = mean_field.density_fit(auxbasis=request["auxbasis"])
        mean_field.kernel()
    scf_peak_mb = peak_mb()
    roots_ev: list[float] = []
    converged = [bool(mean_field.converged)]
    if request["n_roots"]:
        with response.running():
            excited = mean_field.TDA()
            excited.nstates = request["n_roots"]
            excited.kernel()
        roots_ev = [float(e) * nist.HARTREE2EV for e in excited.e]
        converged += [bool(one) for one in excited.converged]
    energies, filled = np.asarray(mean_field.mo_energy), np.asarray(mean_field.mo_occ) > 0
    return {
        "request": request,
        "energy_hartree": float(mean_field.e_tot),
        "homo_ev": float(energies[filled].max()) * nist.HARTREE2EV,
        "lumo_ev": float(energies[~filled].min()) * nist.HARTREE2EV,
        "spin_square": float(mean_field.spin_square()[0]),
        "scf_core_s": scf.core_s,
        "scf_system_s": scf.system_s,
        "scf_wall_s": scf.wall_s,
        "scf_peak_mb": scf_peak_mb,
        "roots_ev": roots_ev,
        "response_core_s": response.core_s,
        "response_wall_s": response.wall_s,
        "peak_mb": peak_mb(),
        "converged": all(converged),
        "pyscf": pyscf.__version__,
        "loaded_mkl": loaded_mkl(),
        "imported_actinic": any(name.split(".")[0] == "actinic" for name in sys.modules),
        "machine": machine(),
    }


if __name__ == "__main__":
    report(answer(request_of_this_process()))
