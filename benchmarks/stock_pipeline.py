"""One candidate as one would compute it today, without this package: started by `throughput.py`.

RDKit's ETKDGv3 and MMFF94, GFN2 in tblite through ASE's BFGS, then density-fitted Kohn-Sham and Tamm-Dancoff
roots in stock PySCF with its defaults. Never imports actinic or MKL.

What is handed over, always in favour of stock: how many conformers were worth optimising, the geometries
of the spectra, and how many roots lie below the energy wanted, which one cannot know beforehand. The solvent
does not respond to the excitation, as in this package; PySCF's default, which lets it, costs more.

What would take too long is predicted and marked so. A product of the response matrix with a block of k
vectors takes a + b k; a and b are measured with two blocks, and the blocks that Davidson's method asks for
are those of the same molecule in STO-3G on a coarse grid, run to the end. That is too few rather than too
many: 32 vectors instead of 112 for the first root of methacrylic acid, whose prediction was 23 core-seconds
and whose roots took 79. Further conformers are taken to cost what the first one costs, in proportion to
their roots.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyscf
from ase import Atoms
from ase.optimize import BFGS
from benchmarks.measurement import (
    Record,
    Stopwatch,
    loaded_mkl,
    machine,
    peak_mb,
    report,
    request_of_this_process,
)
from numpy.typing import NDArray
from pyscf import dft, gto
from pyscf.data import nist
from rdkit import Chem
from rdkit.Chem import rdDistGeom, rdForceFieldHelpers
from tblite.ase import TBLite

SEED = 1
PROBE_VECTORS = (1, 4)
COUNTING_BASIS, COUNTING_GRID = "sto-3g", 0


def answer(request: Record) -> Record:
    """Conformers, then spectra, in what is left of `budget_s` core-seconds."""
    whole = Stopwatch()
    with whole.running():
        conformers = ensemble(request, request["budget_s"] / 4)
    left_s = request["budget_s"] - whole.core_s
    return {
        "request": request,
        "ensemble": conformers,
        "spectrum": spectrum(request, left_s) if request["geometries"] else None,
        "peak_mb": peak_mb(),
        "pyscf": pyscf.__version__,
        "loaded_mkl": loaded_mkl(),
        "imported_actinic": any(name.split(".")[0] == "actinic" for name in sys.modules),
        "machine": machine(),
    }


def ensemble(request: Record, budget_s: float) -> Record:
    """Embed and optimise; starts that no longer fit the budget are taken to cost what the others did."""
    drawing, optimising = Stopwatch(), Stopwatch()
    with drawing.running():
        molecule = embedded(request["smiles"], request["n_embedded"])
    starts = list(molecule.GetConformers())[: request["n_starts"]]
    symbols = [atom.GetSymbol() for atom in molecule.GetAtoms()]
    core_s, n_gradients = [], 0
    for conformer in starts:
        with optimising.running():
            atoms = Atoms(symbols, conformer.GetPositions())
            atoms.calc = TBLite(
                method="GFN2-xTB",
                charge=request["charge"],
                multiplicity=request["multiplicity"],
                solvation=request["gfn_solvation"] and tuple(request["gfn_solvation"]),
                verbosity=0,
            )
            minimiser = BFGS(atoms, logfile=None)
            minimiser.run(fmax=request["fmax_ev_angstrom"], steps=request["max_steps"])
        core_s.append(optimising.core_s)
        n_gradients += minimiser.nsteps + 1
        if sum(core_s) > budget_s:
            break
    return {
        "core_s": drawing.core_s + sum(core_s) * len(starts) / len(core_s),
        "measured_core_s": drawing.core_s + sum(core_s),
        "n_starts": len(starts),
        "n_optimised": len(core_s),
        "n_gradients": n_gradients,
        "is_extrapolated": len(core_s) < len(starts),
    }


def embedded(smiles: str, n_conformers: int) -> Chem.Mol:
    """Conformers of ETKDGv3, relaxed with MMFF94 where that knows the atoms."""
    molecule = Chem.AddHs(Chem.MolFromSmiles(smiles))
    parameters: Any = rdDistGeom.ETKDGv3()
    parameters.randomSeed = SEED
    rdDistGeom.EmbedMultipleConfs(molecule, n_conformers, parameters)
    if rdForceFieldHelpers.MMFFHasAllMoleculeParams(molecule):
        rdForceFieldHelpers.MMFFOptimizeMoleculeConfs(molecule, maxIters=1000)
    return molecule


def spectrum(request: Record, budget_s: float) -> Record:
    """Ground state of the first geometry in full, then its roots: in full if they fit, else predicted."""
    n_roots: list[int] = request["n_roots"]
    scf, response = Stopwatch(), Stopwatch()
    with scf.running():
        mean_field = ground_state(request, request["basis"])
    blocks = counted_blocks(request, n_roots[0])
    cost = product_cost(mean_field)
    predicted_s = cost.setup_s + sum(cost.block_s + cost.vector_s * size for size in blocks)
    fits = scf.core_s + predicted_s <= budget_s
    found: Record = {}
    if fits:
        with response.running():
            excited, sizes = roots(mean_field, n_roots[0])
        found = {
            "roots_ev": [float(e) * nist.HARTREE2EV for e in excited.e],
            "converged": bool(mean_field.converged and np.all(excited.converged)),
            "response_core_s": response.core_s,
            "blocks": sizes,
        }
    response_s = response.core_s if fits else predicted_s
    return {
        "core_s": scf.core_s * len(n_roots) + response_s * sum(n_roots) / n_roots[0],
        "measured_core_s": scf.core_s + response.core_s,
        "scf_core_s": scf.core_s,
        "predicted_response_core_s": predicted_s,
        "predicted_blocks": blocks,
        "block_s": cost.block_s,
        "vector_s": cost.vector_s,
        "functions": int(mean_field.mol.nao),
        "n_roots": n_roots,
        "is_extrapolated": not fits or len(n_roots) > 1,
        **found,
    }


def ground_state(request: Record, basis: str, grid_level: int | None = None) -> dft.rks.RKS:
    """Density-fitted Kohn-Sham at the first geometry; None for the default grid."""
    symbols, positions = request["geometries"][0]
    mol = gto.M(
        atom=list(zip(symbols, positions, strict=True)),
        basis=basis,
        ecp="def2-svp" if basis.startswith("def2") else {},
        charge=request["charge"],
        spin=request["multiplicity"] - 1,
        verbose=0,
    )
    mean_field = dft.RKS(mol, xc=request["method"]).density_fit(auxbasis=request["auxbasis"])
    if grid_level is not None:
        mean_field.grids.level = grid_level
    elif request["dielectric_constant"] is not None:
        mean_field = mean_field.PCM()
        mean_field.with_solvent.method = "C-PCM"
        mean_field.with_solvent.eps = request["dielectric_constant"]
    mean_field.kernel()
    return mean_field


def tamm_dancoff(mean_field: dft.rks.RKS) -> "dft.rks.RKS":
    """Tamm-Dancoff singlets in the orbitals of `mean_field`, whose solvent stays as it is."""
    return (mean_field.undo_solvent() if hasattr(mean_field, "with_solvent") else mean_field).TDA()


def roots(mean_field: dft.rks.RKS, n_roots: int) -> tuple["dft.rks.RKS", list[int]]:
    """Roots, and the number of vectors in every block of products they took."""
    excited = tamm_dancoff(mean_field)
    excited.nstates = n_roots
    prepare, sizes = excited.gen_vind, []

    def counting(*arguments: object) -> tuple[object, object]:
        product, diagonal = prepare(*arguments)

        def counted(trials: NDArray[np.float64]) -> object:
            sizes.append(len(trials))
            return product(trials)

        return counted, diagonal

    excited.gen_vind = counting
    excited.kernel()
    return excited, sizes


def counted_blocks(request: Record, n_roots: int) -> list[int]:
    """Blocks of products that as many roots take in a small basis."""
    return roots(ground_state(request, COUNTING_BASIS, COUNTING_GRID), n_roots)[1]


@dataclass(frozen=True)
class Cost:
    """Core-seconds of the response.

    Attributes:
        setup_s: Once.
        block_s: For each block of products.
        vector_s: For each vector in it.
    """

    setup_s: float
    block_s: float
    vector_s: float


def product_cost(mean_field: dft.rks.RKS) -> Cost:
    """Time two blocks of products."""
    setup, clock = Stopwatch(), Stopwatch()
    with setup.running():
        product, diagonal = tamm_dancoff(mean_field).gen_vind()
    times = []
    for size in PROBE_VECTORS:
        with clock.running():
            product(np.eye(size, len(diagonal)))
        times.append(clock.core_s)
    few, many = PROBE_VECTORS
    vector_s = (times[1] - times[0]) / (many - few)
    return Cost(setup.core_s, times[0] - few * vector_s, vector_s)


if __name__ == "__main__":
    report(answer(request_of_this_process()))
