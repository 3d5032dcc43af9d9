"""Stock PySCF in a process of its own: started by the benchmarks, never imports actinic or MKL.

Everything is PySCF's default but the density fitting: grid level 3, convergence 1e-9 hartree.
"""

import sys
from pathlib import Path

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


def answer(request: Record) -> Record:
    """Ground state and, if `n_roots` is not 0, that many Tamm-Dancoff singlets."""
    mol = gto.M(atom=str(Path(MOLECULES) / f"{request['molecule']}.xyz"), basis=request["basis"], verbose=0)
    scf, response = Stopwatch(), Stopwatch()
    with scf.running():
        mean_field = dft.RKS(mol, xc=request["method"]).density_fit(auxbasis=request["auxbasis"])
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
    n_occupied = mol.nelectron // 2
    homo_ev, lumo_ev = (
        float(e) * nist.HARTREE2EV for e in mean_field.mo_energy[n_occupied - 1 : n_occupied + 1]
    )
    return {
        "request": request,
        "energy_hartree": float(mean_field.e_tot),
        "homo_ev": homo_ev,
        "lumo_ev": lumo_ev,
        "scf_core_s": scf.core_s,
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
