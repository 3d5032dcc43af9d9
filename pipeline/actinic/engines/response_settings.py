"""Numerical settings of excited states."""

import msgspec

METHODS = ("tda", "tddft")
TIERS = ("full", "ris")


class ResponseSettings(msgspec.Struct, frozen=True):
    """Every number that moves an excitation.

    Attributes:
        cover_ev: Roots are added until the highest lies at or above this energy.
        max_roots: At most this many roots.
        frozen_core: Leave core orbitals out of the excitations.
        virtual_cutoff_ev: Virtual orbitals further than this above the LUMO are left out; None keeps all.
        cutoff_from_functions: Molecules with fewer basis functions keep all virtual orbitals (50 meV were
            lost on a Rydberg-like state of CH2O).
        kernel_grid_level: PySCF grid of the exchange-correlation kernel.
        residual_hartree: Largest residual norm of a root.
        max_iterations: Rounds of products.
        start_transitions: The start vectors solve the problem without kernel among this many lowest
            transitions.
        start_margin_ev: They reach this far above `cover_ev`.
        matrix_mb: The exchange matrix is written out if it takes less than this.
        memory_mb: Budget of the response, on top of what the ground state holds.
        method: `tda`, or `tddft` for linear response with de-excitations.
        tier: `full`, or `ris` for singlets without kernel from minimal fits (`response_ris`), for ranking.
    """

    cover_ev: float = 6.5
    max_roots: int = 60
    frozen_core: bool = True
    virtual_cutoff_ev: float | None = 50.0
    cutoff_from_functions: int = 150
    kernel_grid_level: int = 0
    residual_hartree: float = 1e-3
    max_iterations: int = 30
    start_transitions: int = 600
    start_margin_ev: float = 1.0
    matrix_mb: float = 1600.0
    memory_mb: int = 4000
    method: str = "tda"
    tier: str = "full"
