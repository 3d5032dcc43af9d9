"""What one calculation may use: the workflow's limits, or ones that grow with the molecule.

Where the file says nothing, time grows with the cube of the number of electrons and memory with its square
(docs/benchmarks.md measured exponents of 3.2 and 2.2). The limits are there to end hangs and runaways, not to
save: a spectrum of benzophenone has half an hour and 4000 MB, and takes 7 s and 900 MB.
"""

from dataclasses import dataclass

from rdkit import Chem

from actinic.calculations.ensemble import EnsembleRequest
from actinic.calculations.kinds import Request, kind_of
from actinic.screening.sections import LimitsSection

REFERENCE_ELECTRONS = 100
"""Molecules up to this size (benzophenone: 96) have the limits of the table."""

TIME_EXPONENT, MEMORY_EXPONENT = 3, 2

WALL_S = {
    "ensemble": 1800.0,
    "thermal": 1800.0,
    "spectrum": 1800.0,
    "energy": 1800.0,
    "sampling": 7200.0,
    "relaxation": 7200.0,
    "reorganisation": 1800.0,
    "frontier": 1800.0,
    "path_scan": 3600.0,
    "path_saddle": 14400.0,
    "path_energy": 14400.0,
}
MEMORY_MB = 4000.0
"""The same for all kinds: a warm process also holds what an earlier calculation left behind."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Where a calculation is killed.

    Attributes:
        wall_s: Elapsed time.
        memory_mb: Resident memory of its process.
    """

    wall_s: float
    memory_mb: float


def limit_of(request: Request, section: LimitsSection) -> Limit:
    """The limit of a calculation by its kind and size."""
    name = kind_of(request).name
    larger = max(1.0, n_electrons(request) / REFERENCE_ELECTRONS)
    wall_s, memory_mb = section.wall_s(name), section.memory_mb(name)
    return Limit(
        WALL_S[name] * larger**TIME_EXPONENT if wall_s is None else wall_s,
        MEMORY_MB * larger**MEMORY_EXPONENT if memory_mb is None else memory_mb,
    )


def n_electrons(request: Request) -> int:
    """Electrons of what is computed, core electrons included."""
    if isinstance(request, EnsembleRequest):
        return request.species.n_electrons
    protons = sum(map(Chem.GetPeriodicTable().GetAtomicNumber, request.geometry.symbols))
    return protons - request.charge
